# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Threads, instruction sets, and facts about this build."""

from __future__ import annotations

import platform
import sys
from typing import Any

import numpy as np

from .. import _core
from .spellings import names_arguments


def isa() -> str:
    """Return the name of the instruction set in use.

    It is the best one of this processor, or the one that the environment variable SONOGRAM_ISA
    names when the first extractor is made.

    Raises
    ------
    ValueError
        If SONOGRAM_ISA is not one of `available_isas`.
    """
    return _core.isa()


def available_isas() -> list[str]:
    """Return the instruction sets of this build that this processor supports, best last."""
    return _core.available_isas()


def get_num_threads() -> int:
    """Return the default number of threads of a call.

    The number given to `set_num_threads`, else OMP_NUM_THREADS, else the number of CPUs that this
    process may use (affinity and control-group quota). 1 in a forked child.
    """
    return _core.get_num_threads()


@names_arguments
def set_num_threads(n: int) -> None:
    """Set the default number of threads of a call.

    Raises
    ------
    TypeError, ValueError
        If `n` is not an integer of at least 1.
    """
    if isinstance(n, bool) or not hasattr(n, "__index__"):
        raise TypeError(f"n is {n!r}; it must be an integer of at least 1")
    value = n.__index__()
    if not 1 <= value <= 4096:
        raise ValueError(f"n is {n!r}; it must be from 1 to 4096")
    _core.set_num_threads(value)


def show_config() -> dict[str, Any]:
    """Print and return the facts about this build and machine that a bug report needs."""
    facts = {
        "sonogram": _core.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "platform": platform.platform(),
        "isa": isa(),
        "available_isas": available_isas(),
        "openmp": _core.has_openmp(),
        "num_threads": get_num_threads(),
    }
    for name, value in facts.items():
        print(f"{name:16}{value}")
    return facts


def go_serial_in_forked_workers() -> None:
    """Use one thread in a process that was forked after another library may have used OpenMP.

    libgomp's threads do not survive a fork, and the first parallel region of the child would wait
    for them forever. Our own fork handler does not know of regions that ran before this import.
    """
    multiprocessing = sys.modules.get("multiprocessing.process")
    if multiprocessing is None or multiprocessing.parent_process() is None:
        return
    if "--multiprocessing-fork" not in sys.orig_argv:  # that is how spawned children are started
        _core.force_serial()
