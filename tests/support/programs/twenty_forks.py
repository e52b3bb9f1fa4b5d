# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Children forked after two threads have computed, some while others still compute."""

import os
import time
import warnings

import numpy as np
from support import signals
from support.checks import run
from support.recipes import WHISPER

warnings.simplefilter("ignore", DeprecationWarning)  # fork beside threads, as is the point
x = signals.speech(160000).astype(np.float32)
want = run(WHISPER, x, num_threads=2)
children = []
for i in range(20):
    pid = os.fork()
    if pid == 0:
        same = np.array_equal(run(WHISPER, x, num_threads=2 if i % 2 else None), want)
        os._exit(0 if same else 3)
    children.append(pid)
    if i % 5 == 0:
        assert np.array_equal(run(WHISPER, x, num_threads=2), want)
deadline = time.monotonic() + 40
codes = {}
while len(codes) < 20 and time.monotonic() < deadline:
    pid, status = os.waitpid(-1, os.WNOHANG)
    if pid:
        codes[pid] = os.waitstatus_to_exitcode(status)
    else:
        time.sleep(0.01)
for pid in set(children) - set(codes):
    os.kill(pid, 9)
print(sorted(codes.values()))
