# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Every instruction set that this machine runs keeps the promises; others are refused by name."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from support import TESTS

import sonogram

pytestmark = pytest.mark.slow


CHECK = """
import sys
from support import signals
import numpy as np, sonogram
from support.checks import assert_matches, run
from support.recipes import RECIPES
assert sonogram.isa() == sys.argv[1], (sonogram.isa(), sys.argv[1])
for dtype in ("float32", "float64"):
    for n_fft in (1, 2, 3, 5, 16, 31, 97, 320, 400, 480, 512, 600, 882, 1000, 1024, 2048):
        hop = max(1, n_fft // 3)
        x = signals.speech(n_fft + 5 * hop).astype(dtype)
        for power in (None, 2.0):
            assert_matches({"n_fft": n_fft, "hop_length": hop, "power": power}, x)
    for name, recipe in RECIPES.items():
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
"""


def python(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        env={**os.environ, "PYTHONPATH": str(TESTS), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_fastest_available_set_is_in_use_unless_forced():
    available = sonogram.available_isas()
    assert len(available) == len(set(available)) >= 1
    assert sonogram.isa() in available
    if not os.environ.get("SONOGRAM_ISA"):
        assert sonogram.isa() == available[-1]  # best last


@pytest.mark.parametrize("isa", sonogram.available_isas())
def test_each_instruction_set_keeps_the_promises(isa):
    done = python("-c", CHECK, isa, SONOGRAM_ISA=isa)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "checked\n"


@pytest.mark.parametrize("isa", ["avx9000", "AVX 2", " ", "sse2,avx2"])
def test_an_unsupported_instruction_set_is_an_error_that_lists_the_supported(isa):
    done = python("-c", "import sonogram; sonogram.stft([0.0] * 500)", SONOGRAM_ISA=isa)
    assert done.returncode == 1, (done.returncode, done.stderr)
    last = done.stderr.strip().splitlines()[-1]
    assert "SONOGRAM_ISA" in last
    assert isa in last
    assert all(name in last for name in sonogram.available_isas())


def test_an_empty_variable_forces_nothing():
    done = python("-c", "import sonogram; print(sonogram.isa())", SONOGRAM_ISA="")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in sonogram.available_isas()


def test_show_config_names_what_runs(capsys):
    shown = sonogram.show_config()
    text = capsys.readouterr().out or str(shown)
    assert sonogram.isa() in text
    assert sonogram.__version__ in text
    assert str(sonogram.get_num_threads()) in text
