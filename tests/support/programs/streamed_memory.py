# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""``streamed_memory.py SECONDS PRESET...``: by how much streams grow after their first 45 s."""

import sys
import warnings

import numpy as np

import sonogram


def used():
    return int(open("/proc/self/statm").read().split()[1]) * 4096


warnings.simplefilter("ignore")
for name in sys.argv[2:]:
    spec = sonogram.preset(name)
    stream = sonogram.Stream(spec)
    second = np.zeros(int(spec.sample_rate), np.float32)
    for _ in range(45):
        stream.push(second)
    before = used()
    for _ in range(int(sys.argv[1]) - 45):
        stream.push(second)
    print(name, used() - before)
