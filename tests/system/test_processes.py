# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Forked children, worker pools and Ctrl-C: nothing hangs, and every child has the same bits."""

from __future__ import annotations

import multiprocessing
import os
import signal as unix_signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from support import PROGRAMS, TESTS, signals
from support.checks import run
from support.recipes import WHISPER

import sonogram

posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


def environment():
    return {**os.environ, "PYTHONPATH": str(TESTS)}


@posix
def test_twenty_children_forked_after_two_threads_give_the_same_bits():
    done = subprocess.run(
        [sys.executable, PROGRAMS / "twenty_forks.py"],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str([0] * 20)


@posix
def test_children_of_children_compute():
    done = subprocess.run(
        [sys.executable, PROGRAMS / "grandchildren.py"], env=environment(), timeout=30, check=False
    )
    assert done.returncode == 0


def clip_features(seed):
    x = np.random.default_rng(seed).standard_normal(20000).astype(np.float32)
    return run(WHISPER, x).tobytes()


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # fork beside threads, as is the point
def test_worker_pools_give_the_same_bits(method):
    want = [clip_features(seed) for seed in range(6)]
    run(WHISPER, signals.noise(100000), num_threads=2)
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map_async(clip_features, range(6)).get(timeout=60) == want


@posix
@pytest.mark.parametrize("threads", [1, 2])
def test_ctrl_c_ends_a_call_before_its_end(threads):
    # One call takes many seconds: 300 s of 16 kHz at a hop of 16 and a prime n_fft.
    child = subprocess.Popen(
        [sys.executable, PROGRAMS / "interrupted_call.py", str(threads), str(300 * 16000)],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout.readline() == "ready\n"
        time.sleep(0.3)
        child.send_signal(unix_signal.SIGINT)
        assert child.stdout.readline() == "interrupted before the end\n"
        assert child.stdout.readline() == "works\n"
        assert child.wait(timeout=20) == 0
    finally:
        child.kill()
        child.stdout.close()
        child.wait(timeout=60)


@pytest.mark.skipif(not hasattr(unix_signal, "setitimer"), reason="this system has no timers")
@pytest.mark.parametrize("raises", [True, False])
def test_any_signal_handler_runs_during_a_call_and_may_end_it(raises):
    class Alarm(Exception):  # noqa: N818
        pass

    rung = []

    def handler(number, frame):
        rung.append((out[:, -1] == -1).all())  # what the call writes last is not there
        if raises:
            raise Alarm

    extractor = sonogram.Extractor(sonogram.Spec(n_fft=2039, hop_length=16, center=False))
    x = signals.noise(16000 * 10).astype(np.float32)
    out = np.empty((1020, extractor.num_frames(len(x))), np.float32)
    before = unix_signal.signal(unix_signal.SIGALRM, handler)
    start = time.monotonic()
    unix_signal.setitimer(unix_signal.ITIMER_REAL, 0.02)

    def work():
        while not rung and time.monotonic() < start + 10:
            out[:, -1] = -1
            extractor(x, out=out, num_threads=1)

    try:
        if raises:
            with pytest.raises(Alarm):
                work()
        else:
            work()
            assert np.array_equal(out[:, :50], extractor(x[: 2039 + 49 * 16]))
    finally:
        unix_signal.setitimer(unix_signal.ITIMER_REAL, 0)
        unix_signal.signal(unix_signal.SIGALRM, before)
    assert rung == [True]


def test_the_interpreter_lock_is_released():
    ticks = []
    stop = threading.Event()

    def tick():
        while not stop.wait(0.002):
            ticks.append(time.monotonic())

    x = signals.noise(16000 * 60).astype(np.float32)
    extractor = sonogram.Extractor(sonogram.Spec(n_fft=2039, hop_length=100, center=False))
    other = threading.Thread(target=tick)
    other.start()
    try:
        extractor(x, num_threads=1)
    finally:
        stop.set()
        other.join(timeout=60)
    assert len(ticks) >= 5


def test_threads_default_to_the_cpus_of_the_process():
    code = "import sonogram; print(sonogram.get_num_threads())"

    def threads(**variables):
        clean = {k: v for k, v in environment().items() if k != "OMP_NUM_THREADS"}
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**clean, **variables},
            capture_output=True,
            check=True,
            timeout=60,
        )
        return int(done.stdout)

    assert 1 <= threads() <= (os.cpu_count() or 1)
    assert threads(OMP_NUM_THREADS="1") == 1
    assert threads(OMP_NUM_THREADS="3") == 3
