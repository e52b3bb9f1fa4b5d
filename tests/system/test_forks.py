# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Forked children compute, whoever has used OpenMP before the fork, and whoever imports when.

Each case is a process of its own, ended after a minute: the children of a process whose OpenMP
threads are gone would wait for them for ever.
"""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from support import TESTS
from support.peers import peer

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

BEGIN = """
import ctypes, os, sys, warnings
import numpy as np
warnings.simplefilter("ignore", DeprecationWarning)  # fork beside threads, as is the point

def make():
    import sonogram
    spec = sonogram.Spec(n_fft=512, hop_length=16, filterbank="mel", n_mels=80, log="ln")
    return sonogram.Extractor(spec)

def features(threads):
    x = np.random.default_rng(0).standard_normal(60000).astype(np.float32)
    return make()(x, num_threads=threads).tobytes()

def use_torch():
    import torch
    torch.set_num_threads(2)
    torch.randn(1000, 1000).exp()

def use_openmp():
    # the OpenMP library that sonogram itself is linked with, by the function that compilers call
    body = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(lambda _: None)
    ctypes.CDLL(OPENMP).GOMP_parallel(body, None, 2, 0)

def child():
    import signal
    signal.alarm(50)
    import sonogram
    serial = sonogram.get_num_threads() == 1
    features(2)
    threads = len(os.listdir("/proc/self/task")) if os.path.exists("/proc/self/task") else 1
    sys.stdout.write(f"serial {serial}, threads {threads}")
    sys.stdout.flush()

def fork():
    pid = os.fork()
    if pid == 0:
        try:
            child()
        finally:
            os._exit(0)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""
STEPS = {
    "use": "use_{user}()\n",
    "import": "import sonogram\n",
    "compute": "features(2)\n",
}
# What the parent does before it forks; where it imports nothing, the child is the first to.
PARENTS = [
    ("import",),
    ("compute",),
    ("use",),
    ("use", "import"),
    ("import", "use"),
    ("use", "compute"),
    ("compute", "use"),
]


def openmp_path():
    """Find libgomp as the library of this installation has loaded it."""
    code = "import sonogram; print(open('/proc/self/maps').read())"
    if not Path("/proc/self/maps").exists():
        return None
    maps = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    paths = {line.split()[-1] for line in maps.splitlines() if "libgomp" in line}
    return paths.pop() if len(paths) == 1 else None


def forked(code, openmp=""):
    return subprocess.run(
        [sys.executable, "-c", f"OPENMP = {openmp!r}\n{BEGIN}{code}fork()\n"],
        env={**os.environ, "PYTHONPATH": str(TESTS), "OMP_NUM_THREADS": "2"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_a_serial_process_uses_one_thread_whatever_is_asked():
    code = (
        BEGIN
        + """
import sonogram
from sonogram import _core
def threads():
    return len(os.listdir("/proc/self/task")) if os.path.exists("/proc/self/task") else 1
before = threads()
_core.force_serial()
sonogram.set_num_threads(4)
features(None)
features(4)
print(sonogram.get_num_threads(), threads() - before)
"""
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["1", "0"]


CASES = [(user, parent) for user, parent in product(["openmp", "torch"], PARENTS)
         if user == "openmp" or "use" in parent]  # fmt: skip


@pytest.mark.parametrize(("user", "parent"), CASES)
def test_a_forked_child_computes_on_one_thread(user, parent):
    openmp = ""
    if user == "torch":
        peer("torch")
    elif (openmp := openmp_path()) is None:
        pytest.skip("sonogram does not use libgomp here, or /proc is not there to tell")
    code = "".join(STEPS[step].format(user=user) for step in parent)
    done = forked(code, openmp)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "serial True, threads 1"
