# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""``forked_child.py OPENMP STEP...``: the steps, then a fork whose child computes.

OPENMP is the path of the OpenMP library that sonogram is linked with. The steps: "use torch" or
"use openmp" runs two threads of it, "import" imports sonogram, "compute" computes with two threads.
The child prints whether it is serial, and how many threads it has when it has computed.
"""

import ctypes
import os
import signal
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore", DeprecationWarning)  # fork beside threads, as is the point


def features(threads):
    import sonogram

    x = np.random.default_rng(0).standard_normal(60000).astype(np.float32)
    spec = sonogram.Spec(n_fft=512, hop_length=16, filterbank="mel", n_mels=80, log="ln")
    sonogram.Extractor(spec)(x, num_threads=threads)


def use_torch():
    import torch

    torch.set_num_threads(2)
    torch.randn(1000, 1000).exp()


def use_openmp():
    # the function that compilers call
    body = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(lambda _: None)
    ctypes.CDLL(sys.argv[1]).GOMP_parallel(body, None, 2, 0)


def import_sonogram():
    import sonogram  # noqa: F401


STEPS = {
    "use torch": use_torch,
    "use openmp": use_openmp,
    "import": import_sonogram,
    "compute": lambda: features(2),
}


def child():
    signal.alarm(50)
    import sonogram

    serial = sonogram.get_num_threads() == 1
    features(2)
    threads = len(os.listdir("/proc/self/task")) if os.path.exists("/proc/self/task") else 1
    sys.stdout.write(f"serial {serial}, threads {threads}")
    sys.stdout.flush()


for step in sys.argv[2:]:
    STEPS[step]()
pid = os.fork()
if pid == 0:
    try:
        child()
    finally:
        os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
