# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Print how far memory grows in a stream over 25 minutes before its first frame."""

import json
import sys

import numpy as np

import sonogram


def used():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


stream = sonogram.Stream(sonogram.Spec(n_fft=400, hop_length=160, **json.loads(sys.argv[1])))
second = np.ones(16000, np.float32)
stream.push(second)
before = used()
for _ in range(1500):
    assert stream.push(second).shape[1] == 0
print(used() - before)
