# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A signal handler runs, and may end what is at work, within a push and within a making."""

from __future__ import annotations

import signal as unix_signal
import subprocess
import sys

import numpy as np
import pytest
from support import PROGRAMS, signals
from test_reentry import alarms

import sonogram
from sonogram import _core

pytestmark = pytest.mark.skipif(
    not hasattr(unix_signal, "setitimer"), reason="this system has no timers"
)

# Seconds of work, of which the first fraction is done before the alarm.
SLOW = sonogram.Spec(n_fft=2039, hop_length=16, center=False)
LONG = signals.noise(1_500_000).astype(np.float32)


class Alarm(Exception):  # noqa: N818
    pass


def ring_within(stream):
    """Return a handler that raises once, and only within a call of `stream`."""
    rung = []

    def handler(*_):
        try:
            _ = stream.num_frames
        except RuntimeError:
            if not rung:
                rung.append(None)
                raise Alarm from None

    return handler


@pytest.mark.parametrize("channels", [1, 2])
def test_a_push_that_is_ended_leaves_a_stream_that_wants_a_reset(channels):
    stream = sonogram.Stream(SLOW)
    x = np.stack([LONG] * channels) if channels > 1 else LONG
    stream.push(x[..., :5000])
    before = stream.num_frames
    with pytest.raises(Alarm), alarms(ring_within(stream)):
        stream.push(x)
    assert stream.num_frames == before  # the push has not come to its end
    for call in (lambda: stream.push(x[..., :100]), lambda: stream.push(x), stream.flush):
        with pytest.raises(ValueError, match="reset the stream before the next push"):
            call()
    stream.reset()
    want = sonogram.Extractor(SLOW)(x[..., :9000])
    np.testing.assert_array_equal(stream.push(x[..., :9000], last=True), want)


def test_a_handler_cannot_push_into_the_stream_that_it_interrupts():
    stream = sonogram.Stream(SLOW)
    stream.push(LONG[:5000])
    said = []
    ring = ring_within(stream)

    def push(*_):
        for call in (lambda: stream.push(LONG[:100]), stream.reset):
            try:
                if len(said) < 2:
                    call()
            except RuntimeError as error:
                said.append(str(error))
        ring()

    with pytest.raises(Alarm), alarms(push):
        stream.push(LONG)
    assert len(said) >= 2
    assert all("by the call that this one interrupts" in words for words in said)


@pytest.mark.parametrize("kind", [sonogram.Extractor, sonogram.Stream])
@pytest.mark.slow
@pytest.mark.parametrize(
    "fields",
    [
        {"n_fft": 1 << 21, "window": ("kaiser", 14.0)},
        {"n_fft": 1 << 19, "filterbank": "mel", "n_mels": 512, "norm": "l2"},
    ],
    ids=["window", "bank"],
)
def test_handlers_run_while_an_extractor_is_made(kind, fields):
    spec = sonogram.Spec(hop_length=1000, sample_rate=48000, **fields)
    rung = []
    with alarms(lambda *_: rung.append(None)):
        kind(spec)
        seen = len(rung)
    # What comes during a call that asks nobody is one alarm, once it is over.
    assert seen >= 2


@pytest.mark.skipif(sys.platform != "linux", reason="memory in use is asked of /proc")
def test_a_call_of_many_rows_ends_before_it_has_filled_fresh_memory():
    """The first block of frames alone would wait for a huge page of each of 1020 rows: 2 GiB."""
    command = [sys.executable, PROGRAMS / "fresh_memory.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    assert int(done.stdout) < 2**30


@pytest.mark.parametrize("layout", ["freq_time", "time_freq"])
def test_handlers_run_within_a_stage_of_one_long_item(layout):
    """Recursive stages, numbers of all frames and turned layouts: each is done piece by piece."""
    shape = (4, 4_000_000) if layout == "freq_time" else (4_000_000, 4)
    features = np.full(shape, 1e-3, np.float32)
    fields = sonogram.Spec(layout=layout, finish=(("normalize",), ("pcen",)))._fields()
    rung = []
    with alarms(lambda *_: rung.append(None)):
        _core.apply_finish(features, fields, 1)
        seen = len(rung)
    assert seen >= 2
