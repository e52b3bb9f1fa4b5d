# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""``peak_memory.py SPEC THREADS WAVEFORM``: by how much a call lets memory grow, and its result.

SPEC is JSON. WAVEFORM is "float32", or "strided int16": every second sample of integers.
"""

import json
import resource
import sys

import numpy as np

import sonogram


def peak():
    # ru_maxrss starts from the parent's on Linux, VmHWM from nothing
    if sys.platform == "linux":
        with open("/proc/self/status") as file:
            return 1024 * int(file.read().split("VmHWM:")[1].split()[0])
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


spec, threads, kind = sys.argv[1:]
extractor = sonogram.Extractor(sonogram.Spec(**json.loads(spec)))
x = np.random.default_rng(0).standard_normal((2, 16000 * 60), np.float32)
if kind == "strided int16":
    x = np.repeat((1000 * x).astype("int16"), 8, axis=1)[:, ::2]
extractor(x[:, :20000])
before = peak()
got = extractor(x, num_threads=int(threads))
print(peak() - before, got.nbytes)
