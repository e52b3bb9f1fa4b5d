# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A stream as an object of Python: threads, copies, what it takes and how it shows."""

from __future__ import annotations

import copy
import itertools
import pickle
import sys
import threading
import weakref
from typing import Any

import numpy as np
import pytest
from support import streams
from support.peers import peer
from support.together import together

import sonogram
from sonogram import Extractor, Spec, Stream

SPEC = Spec(filterbank="mel", n_mels=40, log="ln", hop_length=160)


@pytest.mark.parametrize("samples", [16000, 160])
def test_a_second_thread_gets_an_error_and_corrupts_nothing(samples: int) -> None:
    stream = Stream(SPEC)
    long = np.zeros((1, 16000), np.float32)  # long enough for the lock to be let go
    stream.push(long[:, :400])
    refused: list[str] = []
    pushed: list[int] = []

    over = threading.Event()

    def push(chunk: Any) -> None:
        try:
            pushed.append(stream.push(chunk).shape[-1])
        except RuntimeError as error:
            refused.append(str(error))

    def push_long() -> None:
        for _ in range(20000):
            push(long)
            if refused:
                break
        over.set()

    def push_meanwhile() -> None:
        while not over.is_set():
            push(long[:, :samples])

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        together(push_long, push_meanwhile)
    finally:
        sys.setswitchinterval(interval)
    assert set(refused) == {
        "the stream is being used, by another thread or by the call that this one interrupts"
    }
    assert pushed
    assert stream.num_frames == sum(pushed) + 2
    stream.reset()
    x = streams.signal(np.random.default_rng(1), 3000, "float32")
    streams.assert_same(streams.joined(stream, x, [100] * 30), Extractor(SPEC)(x))


@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_stream_is_not_copied(how: Any) -> None:
    with pytest.raises(TypeError, match="a Stream cannot be copied or pickled"):
        how(Stream(SPEC))


def test_a_stream_may_be_referred_to_weakly() -> None:
    stream = Stream(SPEC)
    reference = weakref.ref(stream)
    assert reference() is stream
    stream.push(np.zeros(500, np.float32))
    del stream
    assert reference() is None


def test_a_subclass_that_forgot_the_constructor_is_told_so() -> None:
    class Forgetful(Stream):
        def __init__(self) -> None:
            pass

    with pytest.raises(RuntimeError, match=r"Stream.__init__ of this Forgetful has not been"):
        Forgetful().push(np.zeros(100, np.float32))
    with pytest.raises(AttributeError, match="'Stream' object has no attribute 'frames'"):
        _ = Stream(SPEC).frames  # type: ignore[attr-defined]


def test_repr_has_what_stands_in() -> None:
    spec = SPEC.replace(finish=(("dynamic_range", 8), ("normalize",)))
    stream = Stream(spec, maximum=2.5, mean="running", std="running", window=7)
    assert repr(stream) == (
        f"Stream({spec!r}, maximum=2.5, mean='running', std='running', window=7)"
    )
    assert repr(Stream(SPEC)) == f"Stream({SPEC!r})"


@pytest.mark.parametrize("dtype", [">f4", ">f8", ">i2", ">i4"])
def test_foreign_byte_order_is_refused_as_by_the_extractor(dtype: str) -> None:
    x = np.zeros(800, dtype)
    for take in (Extractor(SPEC), Stream(SPEC).push):
        with pytest.raises(TypeError, match="native byte order"):
            take(x)


@pytest.mark.parametrize("window", [1 << 25, 2**70])
def test_a_window_beyond_the_longest_is_named(window: int) -> None:
    spec = SPEC.replace(finish=(("dynamic_range", 8),))
    with pytest.raises(ValueError, match=rf"window is {window}; it must be from 1 to 16777216"):
        Stream(spec, maximum="running", window=window)


@pytest.mark.parametrize("dtype", [None, "float64", "float16", "bfloat16", "uint8"])
def test_tensors_come_back_in_the_dtype_of_the_extractors(dtype: str | None) -> None:
    torch = peer("torch")
    spec = SPEC.replace(dtype=dtype, finish=(("affine", 10, 100),))
    x = torch.from_numpy(streams.signal(np.random.default_rng(2), 2000, "float32"))
    stream = Stream(spec)
    got = torch.cat([stream.push(x[:900]), stream.push(x[900:]), stream.flush()], -1)
    want = Extractor(spec)(x)
    assert got.dtype == want.dtype
    assert torch.equal(got, want)


def test_a_nonfinite_frame_affects_running_statistics_only_with_a_window() -> None:
    spec = Spec(center=False, n_fft=100, hop_length=100, finish=(("dynamic_range", 1e9),))
    normal = spec.replace(finish=(("normalize", ("eps", 1.0)),))
    x = streams.signal(np.random.default_rng(3), 2000, "float32")
    x[550] = np.nan
    for window, affected in ((None, 1), (4, 4)):
        for stream in (
            Stream(spec, maximum="running", window=window),
            Stream(normal, mean="running", std="running", window=window),
        ):
            frames = np.isnan(stream.push(x, last=True)).any(axis=0)
            assert np.flatnonzero(frames).tolist() == list(range(5, 5 + affected))


def test_streaming_says_which_stage_does_not_fit() -> None:
    spec = SPEC.replace(
        finish=(("dct", 41), ("patches", 4, 10, 4, 10)), layout="time_freq", n_mels=40
    )
    with pytest.raises(ValueError, match="dct: n is 41"):
        sonogram.streaming(spec)


@pytest.mark.parametrize("dtype", ["float32", "float64", "int16"])
@pytest.mark.parametrize("leading", [(), (2,), (2, 3)])
def test_a_stream_resamples_where_asked_with_the_frames_of_the_whole(leading, dtype):
    x = np.random.default_rng(0).uniform(-0.5, 0.5, (*leading, 30001))
    x = (x * 32768).astype(dtype) if dtype == "int16" else x.astype(dtype)
    spec = sonogram.Spec(hop_length=160, filterbank="mel", n_mels=40, log="ln", layout="time_freq")
    want = sonogram.Extractor(spec)(sonogram.resample(x, 44100, 16000))
    stream = sonogram.Stream(spec, sample_rate=44100, resample=True)
    for _ in range(2):
        ends = [0, 1, 500, 500, 7000, 30001]
        got = [stream.push(x[..., a:b]) for a, b in itertools.pairwise(ends)]
        got = np.concatenate([*got, stream.flush()], axis=-2)
        assert got.dtype == want.dtype
        np.testing.assert_array_equal(got, want)
        with pytest.raises(ValueError, match=r"end|flush|reset"):
            stream.push(x[..., :10])
        stream.reset()


def test_a_stream_names_both_rates_and_how_to_resample():
    with pytest.raises(ValueError, match=r"44100 Hz.*16000 Hz.*resample=True"):
        sonogram.Stream("kaldi-fbank-80", sample_rate=44100)
    with pytest.raises(ValueError, match="sample_rate is None"):
        sonogram.Stream("kaldi-fbank-80", resample=True)
    same = sonogram.Stream("kaldi-fbank-80", sample_rate=16000, resample=True)
    x = np.random.default_rng(0).standard_normal(8000).astype(np.float32)
    np.testing.assert_array_equal(same.push(x, last=True), sonogram.Extractor("kaldi-fbank-80")(x))
