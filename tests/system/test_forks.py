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
from support import PROGRAMS
from support.lanes import but_slow
from support.peers import peer

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

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


def run(program, *arguments):
    return subprocess.run(
        [sys.executable, PROGRAMS / program, *arguments],
        env={**os.environ, "OMP_NUM_THREADS": "2"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_a_serial_process_uses_one_thread_whatever_is_asked():
    done = run("serial_process.py")
    assert done.stdout.split() == ["1", "0"], done.stderr


CASES = but_slow(
    [(user, parent) for user, parent in product(["openmp", "torch"], PARENTS)
     if user == "openmp" or "use" in parent],
    *product(["torch"], [parent for parent in PARENTS if "use" in parent]),
    *product(["openmp"], [("import",), ("use",), ("import", "use"), ("use", "compute")]),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join((case[0], *case[1])))
def test_a_forked_child_computes_on_one_thread(case):
    user, parent = case
    openmp = ""
    if user == "torch":
        peer("torch")
    elif (openmp := openmp_path()) is None:
        pytest.skip("sonogram does not use libgomp here, or /proc is not there to tell")
    steps = [f"use {user}" if step == "use" else step for step in parent]
    done = run("forked_child.py", openmp, *steps)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "serial True, threads 1"
