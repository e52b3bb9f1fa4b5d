# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Print how far memory has grown when an alarm ends a call of 1020 rows early."""

import signal

import numpy as np

import sonogram


class Alarm(Exception):  # noqa: N818
    """What the handler raises."""


def used():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


def handler(*_):
    raise Alarm


extract = sonogram.Extractor(sonogram.Spec(n_fft=2039, hop_length=1, center=False))
x = np.zeros(1_002_038, np.float32)
extract(x[:5000])
signal.signal(signal.SIGALRM, handler)
before, out = used(), np.empty((1020, 1_000_000), np.float32)
try:
    signal.setitimer(signal.ITIMER_REAL, 0.002)
    extract(x, out=out, num_threads=1)
except Alarm:
    print(used() - before)
