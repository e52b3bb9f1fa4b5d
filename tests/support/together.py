# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Functions run by threads at once, which no test waits for without a limit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

LIMIT = 120.0


def together(*functions: Callable[[], Any]) -> list[Any]:
    """Run each function in a thread of its own; return what they return, or raise what one raised.

    A thread that does not end is an error; a daemon, so that the process can end all the same.
    """
    futures: list[Future[Any]] = [Future() for _ in functions]

    def run(function: Callable[[], Any], future: Future[Any]) -> None:
        try:
            future.set_result(function())
        except BaseException as error:
            future.set_exception(error)

    for pair in zip(functions, futures, strict=True):
        threading.Thread(target=run, args=pair, daemon=True).start()
    return [future.result(timeout=LIMIT) for future in futures]
