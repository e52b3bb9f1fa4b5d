# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A signal handler that computes features while features are computed changes neither."""

from __future__ import annotations

import contextlib
import signal as unix_signal
import time

import numpy as np
import pytest
from support import AUDIO, signals
from support.lanes import slow_but

import sonogram
from sonogram import _core

pytestmark = pytest.mark.skipif(
    not hasattr(unix_signal, "setitimer"), reason="this system has no timers"
)

SPEECH = str(AUDIO / "speech.flac")
MEL = {"n_fft": 400, "hop_length": 8, "filterbank": "mel", "n_mels": 80, "log": "ln"}
NORMALIZE, DELTAS = ("normalize",), ("deltas", 1)
# Asked for features during a call: more than the 20 ms between two questions whether to go on.
LONG, SHORT = signals.noise(400_000).astype(np.float32), signals.noise(9_000).astype(np.float32)
CLIPS = [SHORT[: 4000 + 500 * i] for i in range(8)]

SPECS = {
    "plain": sonogram.Spec(**MEL),
    "states": sonogram.Spec(**MEL, finish=(NORMALIZE,)),
    "moving": sonogram.Spec(**MEL, finish=(NORMALIZE, DELTAS)),
    "frames first": sonogram.Spec(**MEL, finish=(NORMALIZE, DELTAS), layout="time_freq"),
    "float16": sonogram.Spec(**MEL, dtype="float16"),
    "float16, moving": sonogram.Spec(**MEL, finish=(NORMALIZE, DELTAS), dtype="float16"),
    "levelled": sonogram.Spec(**MEL, level=0.1, remove_mean=True, finish=(NORMALIZE, DELTAS)),
}
EXTRACTORS = {name: sonogram.Extractor(spec) for name, spec in SPECS.items()}
STREAMED = sonogram.Spec(**MEL, finish=(DELTAS,))


def moments():
    features = np.ascontiguousarray(SHORT[:8000].reshape(80, 100))
    return _core.sum_moments(features, False, None)


def finished():
    features = np.ascontiguousarray(LONG.reshape(50, 80, 100))
    return _core.apply_finish(features, SPECS["moving"]._fields(), 1)


# What runs, by name: each gives an array.
OUTER = {
    **{
        f"{name}, {threads}": lambda e=extractor, n=threads: e(LONG, num_threads=n)
        for name, extractor in EXTRACTORS.items()
        for threads in (1, 2)
    },
    "batch": lambda: sonogram.batch([LONG, *CLIPS, LONG[:99_999]], SPECS["moving"]).input_features,
    "stream": lambda: sonogram.Stream(STREAMED).push(LONG, last=True),
    "file": lambda: sonogram.extract_file(SPEECH, SPECS["moving"]),
    "finish": finished,
}
INNER = {
    **{name: lambda e=extractor: e(SHORT) for name, extractor in EXTRACTORS.items()},
    "batch": lambda: sonogram.batch(CLIPS, SPECS["moving"]).input_features,
    "stream": lambda: sonogram.Stream(STREAMED).push(SHORT, last=True),
    "file": lambda: sonogram.extract_file(SPEECH, SPECS["states"]),
    "moments": moments,
}


@contextlib.contextmanager
def alarms(handler):
    before = unix_signal.signal(unix_signal.SIGALRM, handler)
    unix_signal.setitimer(unix_signal.ITIMER_REAL, 0.005, 0.005)
    try:
        yield
    finally:
        unix_signal.setitimer(unix_signal.ITIMER_REAL, 0)
        unix_signal.signal(unix_signal.SIGALRM, before)


class Interrupter:
    """A handler that runs everything of `INNER`, in turn, the innermost of `depth`.

    `during(call)` is a call that it may interrupt: what comes between calls is left alone.
    """

    def __init__(self, depth=1):
        self.want = {name: call() for name, call in INNER.items()}
        self.names = list(INNER)
        self.most, self.depth = depth, 0
        self.calls = [0] * depth
        self.wrong, self.inside = [], False
        self.outer = OUTER["moving, 1"]
        self.outer_want = self.outer()

    def during(self, call):
        self.inside = True
        result = call()
        self.inside = False
        return result

    def __call__(self, *_):
        if self.depth == self.most or not self.inside:
            return
        self.depth += 1
        self.calls[self.depth - 1] += 1
        try:
            if self.depth < self.most:
                if not np.array_equal(self.outer(), self.outer_want):
                    self.wrong.append(f"depth {self.depth}")
            else:
                name = self.names[self.calls[-1] % len(self.names)]
                if not np.array_equal(INNER[name](), self.want[name]):
                    self.wrong.append(name)
        finally:
            self.depth -= 1


def until(done, call):
    """Repeat `call` until `done()`, or for a minute, in which a test has failed."""
    end = time.monotonic() + 60
    while not done() and time.monotonic() < end:
        call()
    assert done()


@pytest.mark.parametrize("name", slow_but(OUTER, "states, 2", "batch", "stream", "file"))
def test_a_handler_that_computes_changes_neither(name):
    want = OUTER[name]()
    handler = Interrupter()
    wrong = []

    def call():
        if not np.array_equal(handler.during(OUTER[name]), want):
            wrong.append(name)

    with alarms(handler):
        until(lambda: handler.calls[0] >= len(INNER), call)
    assert wrong == []
    assert handler.wrong == []


@pytest.mark.slow
def test_handlers_may_interrupt_each_other():
    handler = Interrupter(depth=3)
    wrong = []

    def call():
        if not np.array_equal(handler.during(handler.outer), handler.outer_want):
            wrong.append("outermost")

    with alarms(handler):
        until(lambda: handler.calls[2] >= 4, call)
    assert wrong == []
    assert handler.wrong == []
