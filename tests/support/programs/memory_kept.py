# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""How much memory is kept when results of many sizes have died, and their size."""

import numpy as np

import sonogram


def used():
    return int(open("/proc/self/statm").read().split()[1]) * 4096


x = np.ones(16000 * 10, np.float32)


def call(n):
    return sonogram.stft(x[: n * 16000], 1024, hop_length=256)


call(1)
before = used()
died = 0
for n in (2, 3, 5, 7, 10):
    held = [call(n) for _ in range(40)]
    died += sum(a.nbytes for a in held)
    del held
print(used() - before, died)
