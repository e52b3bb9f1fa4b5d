# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""No test waits for ever, Ctrl-C reaches the programs that tests start, and two runs share work.

SONOGRAM_TEST_LIMIT is how long a test may take, in seconds. One that takes longer fails where it
is; one that cannot be interrupted there ends the whole run a minute later, with what every thread
was doing.

SONOGRAM_RECORD_PASSED names a file that gets the names of the tests that pass.
SONOGRAM_PASSED_BEFORE names such a file of an earlier run: slow tests in it are not run again.
"""

from __future__ import annotations

import faulthandler
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

RECORD = os.environ.get("SONOGRAM_RECORD_PASSED", "")
BEFORE = os.environ.get("SONOGRAM_PASSED_BEFORE", "")
LIMIT = float(os.environ.get("SONOGRAM_TEST_LIMIT", "600"))
LAST = LIMIT + min(60.0, LIMIT)
_stderr = -1
_called: set[str] = set()  # tests that passed, before their teardown


def pytest_configure() -> None:
    """Let SIGINT interrupt again.

    It is ignored in what a shell starts with `&`, and then also in every program that a test
    starts, which would wait in vain for the Ctrl-C that it is sent.
    """
    global _stderr
    _stderr = os.dup(2)  # the one that pytest does not catch
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the slow tests that have passed before: not those that were skipped there."""
    if not BEFORE:
        return
    passed = set(Path(BEFORE).read_text(encoding="utf-8").splitlines())
    again = [
        item for item in items if item.get_closest_marker("slow") and repr(item.nodeid) in passed
    ]
    config.hook.pytest_deselected(items=again)
    left_out = set(map(id, again))
    items[:] = [item for item in items if id(item) not in left_out]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Record what passed, once it is over with its fixtures."""
    if not RECORD:
        return
    if report.when == "call" and report.passed:
        _called.add(report.nodeid)
    elif report.when == "teardown" and report.passed and report.nodeid in _called:
        with open(RECORD, "a", encoding="utf-8") as file:
            file.write(f"{report.nodeid!r}\n")


class TooLong(BaseException):
    """Not an Exception: the code under test must not catch it."""


def _too_long(number: int, frame: Any) -> None:
    raise TooLong(f"the test takes longer than {LIMIT:g} s (SONOGRAM_TEST_LIMIT)")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Iterator[None]:
    yield from _limited()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    yield from _limited()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Iterator[None]:
    yield from _limited()


def _limited() -> Iterator[None]:
    faulthandler.dump_traceback_later(LAST, exit=True, file=_stderr)
    timers = hasattr(signal, "setitimer")
    if timers:
        before = signal.signal(signal.SIGALRM, _too_long)
        signal.setitimer(signal.ITIMER_REAL, LIMIT)
    try:
        yield
    finally:
        if timers:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        faulthandler.cancel_dump_traceback_later()
