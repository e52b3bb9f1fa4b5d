# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A process that is told to be serial: the threads it says it has, and those that it started."""

import os

import numpy as np

import sonogram
from sonogram import _core


def threads():
    return len(os.listdir("/proc/self/task")) if os.path.exists("/proc/self/task") else 1


x = np.random.default_rng(0).standard_normal(60000).astype(np.float32)
extract = sonogram.Extractor(sonogram.Spec(n_fft=512, hop_length=16))
before = threads()
_core.force_serial()
sonogram.set_num_threads(4)
extract(x)
extract(x, num_threads=4)
print(sonogram.get_num_threads(), threads() - before)
