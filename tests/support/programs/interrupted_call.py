# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""``interrupted_call.py THREADS SAMPLES``: calls one after the other until a Ctrl-C."""

import sys

import numpy as np

import sonogram

x = np.zeros(int(sys.argv[2]), np.float32)
spec = sonogram.Spec(n_fft=2039, hop_length=16, center=False, filterbank="mel", n_mels=80)
extractor = sonogram.Extractor(spec)
extractor(x[:5000])
out = np.empty((80, extractor.num_frames(len(x))), np.float32)
print("ready", flush=True)
try:
    while True:
        out[:, -1] = -1  # what a call writes last
        extractor(x, out=out, num_threads=int(sys.argv[1]))
except KeyboardInterrupt:
    print("interrupted", "before the end" if (out[:, -1] == -1).all() else "too late", flush=True)
    got = extractor(x[:5000])
    assert got.shape == (80, extractor.num_frames(5000))
    print("works", flush=True)
