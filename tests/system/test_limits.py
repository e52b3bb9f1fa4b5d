# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Tests end: none waits without a limit, and none waits for a Ctrl-C that is ignored."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from support import TESTS

posix = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")

WAITS = """
import signal, subprocess, sys, time
import pytest

def child(code):
    command = [sys.executable, "-c", code]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

def test_that_waits():
    process = child("import time; time.sleep(60)")
    try:
        process.stdout.readline()
    finally:
        process.kill()
        process.communicate(timeout=60)

@pytest.fixture
def slow():
    time.sleep(60)

def test_whose_fixture_waits(slow):
    pass

def test_that_is_quick():
    pass

def test_that_catches_everything():
    try:
        time.sleep(60)
    except Exception:
        pass
"""
STUCK = """
import signal, time
def test_that_lets_no_signal_through():
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    time.sleep(60)
"""
INTERRUPTED = """
import signal, subprocess, sys
def test_a_child_has_the_usual_handler():
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    code = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    assert subprocess.check_output([sys.executable, "-c", code], timeout=60) == b"True\\n"
"""

PASSED = """
import os
import pytest

@pytest.mark.slow
@pytest.mark.parametrize("word", ["a", "b\\n[", "\\0"])
def test_slow(word):
    pass

@pytest.mark.slow
def test_slow_and_skipped_at_first():
    if os.environ["SONOGRAM_RECORD_PASSED"]:
        pytest.skip("later")

@pytest.fixture
def broken():
    yield
    assert not os.environ["SONOGRAM_RECORD_PASSED"]

@pytest.mark.slow
def test_slow_and_broken_afterwards(broken):
    pass

def test_quick():
    pass
"""


def session(folder, text, limit, record="", before="", **options):
    """Run pytest over these tests, with the conftest.py of ours."""
    (folder / "conftest.py").write_bytes((TESTS / "conftest.py").read_bytes())
    (folder / "test_it.py").write_text(text)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = slow\n")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", folder],
        cwd=folder,
        env={
            **os.environ,
            "SONOGRAM_TEST_LIMIT": str(limit),
            "PYTEST_ADDOPTS": "",
            "SONOGRAM_RECORD_PASSED": str(record),
            "SONOGRAM_PASSED_BEFORE": str(before),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **options,
    )


@pytest.mark.slow
def test_a_second_run_leaves_out_the_slow_tests_that_passed_in_the_first(tmp_path):
    passed = tmp_path / "passed"
    first = session(tmp_path, PASSED, 60, record=passed)
    assert "5 passed, 1 skipped, 1 error" in first.stdout
    second = session(tmp_path, PASSED, 60, before=passed)
    assert "3 passed, 3 deselected" in second.stdout
    assert second.returncode == 0


@pytest.mark.slow
@posix
def test_a_test_that_waits_fails_and_the_others_run(tmp_path):
    done = session(tmp_path, WAITS, 1.5)
    assert "2 failed, 1 passed, 1 error" in done.stdout
    assert done.stdout.count("TooLong: the test takes longer than 1.5 s") >= 3
    assert done.returncode == 1


@pytest.mark.slow
@posix
def test_a_test_that_cannot_be_interrupted_ends_the_run_and_is_named(tmp_path):
    done = session(tmp_path, STUCK, 1)
    assert done.returncode == 1
    assert "test_that_lets_no_signal_through" in done.stderr


@pytest.mark.slow
@posix
def test_ctrl_c_reaches_children_where_the_run_began_with_it_ignored(tmp_path):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        done = session(tmp_path, INTERRUPTED, 60)
    finally:
        signal.signal(signal.SIGINT, before)
    assert "1 passed" in done.stdout


# ------------------------------------------------------------------------------- by reading

STARTS = ("run", "call", "check_call", "check_output")
WAITING = ("wait", "join", "communicate", "result", "get", "acquire")


def endless(text: str) -> Iterator[str]:
    """Find calls that wait for another thread or process, and have no limit."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        of, name = node.func.value, node.func.attr
        limited = any(keyword.arg == "timeout" for keyword in node.keywords)
        starts = isinstance(of, ast.Name) and of.id == "subprocess" and name in STARTS
        if not limited and (starts or (name in WAITING and not node.args)):
            yield f"line {node.lineno}: {ast.unparse(node.func)}"


@pytest.mark.parametrize("path", sorted(TESTS.rglob("*.py")), ids=lambda path: path.name)
def test_waits_have_a_limit(path):
    assert list(endless(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("subprocess.run(['a'], check=True)", 1),
        ("subprocess.run(['a'], timeout=9)", 0),
        ("process.wait()", 1),
        ("process.wait(9)", 0),
        ("thread.join()", 1),
        ("','.join(words)", 0),
        ("future.result(timeout=9)", 0),
    ],
)
def test_a_wait_without_a_limit_is_found(line, found):
    assert len(list(endless(line))) == found
