# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""``promises.py ISA``: the instruction set in use is that one, and keeps what all promise."""

import sys

import numpy as np
from support import signals
from support.checks import assert_matches, run
from support.recipes import RECIPES

import sonogram

assert sonogram.isa() == sys.argv[1], (sonogram.isa(), sys.argv[1])
for dtype in ("float32", "float64"):
    for n_fft in (1, 2, 3, 5, 16, 31, 97, 320, 400, 480, 512, 600, 882, 1000, 1024, 2048):
        hop = max(1, n_fft // 3)
        x = signals.speech(n_fft + 5 * hop).astype(dtype)
        for power in (None, 2.0):
            assert_matches({"n_fft": n_fft, "hop_length": hop, "power": power}, x)
    for recipe in RECIPES.values():
        for signal in ("speech", "click", "quiet", "silence"):
            x = signals.SIGNALS[signal](5001).astype(dtype)
            assert_matches(recipe, x)
        assert np.array_equal(run(recipe, x, num_threads=1), run(recipe, x, num_threads=2))
    spec = {"n_fft": 400, "hop_length": 100, "center": False, "log": "ln"}
    x = signals.speech(400 + 70 * 100).astype(dtype)
    long = run(spec, x)
    for k in range(1, 71):
        assert np.array_equal(run(spec, x[: 400 + (k - 1) * 100]), long[:, :k]), k
    x[3500] = np.nan
    bad = np.isnan(run(spec, x))
    assert np.array_equal(np.flatnonzero(bad.any(0)), np.arange(32, 36))
    assert np.array_equal(bad.any(0), bad.all(0))
for spec, want in (({"log": "log10"}, -10.0), (RECIPES["whisper"], -1.5)):
    assert np.unique(run(spec, np.zeros(8000, np.float32))).tolist() == [want]
print("checked")
