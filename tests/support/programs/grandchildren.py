# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A child forked after two threads, and a child of that child."""

import os
import sys
import warnings

import numpy as np
from support import signals
from support.checks import run

warnings.simplefilter("ignore", DeprecationWarning)  # fork beside threads, as is the point
x = signals.noise(100000).astype(np.float32)
want = run({}, x, num_threads=2)
child = os.fork()
if child == 0:
    same = np.array_equal(run({}, x, num_threads=2), want)
    grandchild = os.fork()
    if grandchild == 0:
        os._exit(0 if same and np.array_equal(run({}, x, num_threads=2), want) else 3)
    os._exit(os.waitstatus_to_exitcode(os.waitpid(grandchild, 0)[1]))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
