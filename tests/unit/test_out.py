# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""`out=`: the caller's memory is filled and returned, or refused with a reason."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from support import signals
from support.checks import run
from support.together import together

import sonogram

STFT = {"n_fft": 64, "hop_length": 20, "power": None}
MEL = {"n_fft": 256, "hop_length": 80, "filterbank": "mel", "n_mels": 20, "log": "ln"}
X = signals.speech(1200).astype(np.float32).reshape(2, 600)


@pytest.mark.parametrize("layout", ["freq_time", "time_freq"])
@pytest.mark.parametrize("spec", [STFT, MEL, {"n_fft": 31}], ids=["stft", "mel", "power"])
@pytest.mark.parametrize("x", [X, X[0], X.astype(np.float64)], ids=["two", "one", "float64"])
def test_out_is_filled_and_returned(x, spec, layout):
    spec = {**spec, "layout": layout}
    want = run(spec, x)
    out = np.full_like(want, np.nan)
    assert run(spec, x, out=out) is out
    assert np.array_equal(out, want)


def test_every_function_and_class_takes_out():
    for function in (
        sonogram.stft,
        sonogram.spectrogram,
        lambda x, out=None: sonogram.mel_spectrogram(x, n_mels=10, out=out),
        lambda x, out=None: sonogram.log_mel_spectrogram(x, n_mels=10, out=out),
        sonogram.Spectrogram(),
        sonogram.MelSpectrogram(n_mels=10),
        sonogram.LogMelSpectrogram(n_mels=10),
    ):
        want = function(X)
        out = np.empty_like(want)
        assert function(X, out=out) is out
        assert np.array_equal(out, want)


def test_out_may_be_a_slice_of_a_larger_array():
    want = run(STFT, X)
    store = np.full((4, *want.shape), 7, want.dtype)
    run(STFT, X, out=store[2])
    assert np.array_equal(store[2], want)
    assert (store[[0, 1, 3]] == 7).all()


def wrong_outputs(want):
    """Arrays that are not what `want` needs: [how, array, what the message must say]."""
    read_only = want.copy()
    read_only.flags.writeable = False
    yield "one frame more", np.empty((2, 33, want.shape[-1] + 1), want.dtype), "shape"
    yield "one item less", np.empty(want.shape[1:], want.dtype), "shape"
    yield "transposed", np.empty((2, want.shape[-1], 33), want.dtype), "shape"
    yield "read-only", read_only, "writ|read-only"
    yield "other precision", np.empty(want.shape, np.complex128), "dtype|complex64"
    yield "real", np.empty(want.shape, np.float32), "dtype|complex64"
    yield "integer", np.empty(want.shape, np.int32), "dtype|complex64"
    yield "byte swapped", np.empty(want.shape, ">c8"), "dtype|complex64|byte"
    yield "a list", want.tolist(), "array"
    yield "a string", "out.npy", "array"


@pytest.mark.parametrize("case", range(10))
def test_a_wrong_out_is_refused_by_name(case):
    how, out, said = list(wrong_outputs(run(STFT, X)))[case]
    with pytest.raises((TypeError, ValueError), match=rf"(?s)out.*({said})") as caught:
        run(STFT, X, out=out)
    wrong_type = how in ("a list", "a string", "other precision", "real", "integer", "byte swapped")
    assert isinstance(caught.value, TypeError if wrong_type else ValueError), how


@pytest.mark.parametrize("step", [(1, 1, 2), (1, 2, 1), (2, 1, 1), (1, 1, -1)])
def test_a_strided_out_is_refused(step):
    want = run(STFT, X)
    store = np.zeros([n * abs(k) for n, k in zip(want.shape, step, strict=True)], want.dtype)
    with pytest.raises(ValueError, match=r"out.*contiguous"):
        run(STFT, X, out=store[tuple(slice(None, None, k) for k in step)])
    assert not store.any()


def test_out_that_overlaps_the_waveform_is_refused():
    spec = {"n_fft": 4, "hop_length": 4, "center": False}
    memory = np.zeros(6000, np.float32)
    memory[:2000] = signals.noise(2000)
    for start in (0, 100, 1999):
        with pytest.raises(ValueError, match=r"out.*memory"):
            run(spec, memory[:2000], out=memory[start : start + 1500].reshape(3, 500))
    beside = memory[2000:3500].reshape(3, 500)
    assert np.array_equal(run(spec, memory[:2000], out=beside), run(spec, memory[:2000]))


def test_results_do_not_share_memory():
    a = run(STFT, X)
    kept = a.copy()
    b = run(STFT, -X)
    assert not np.shares_memory(a, b)
    assert np.array_equal(a, kept)


def test_a_view_keeps_its_result_alive():
    rows = [run(MEL, X)[0, 3] for _ in range(20)]
    for _ in range(20):
        run(MEL, -X)
    assert all(np.array_equal(row, rows[0]) for row in rows)


def test_memory_in_use_is_never_handed_out_again():
    extractor = sonogram.Extractor(sonogram.Spec(n_fft=512, hop_length=128))
    wrong = []

    def work(seed):
        rng = np.random.default_rng(seed)
        held = []
        for _ in range(60):
            x = rng.standard_normal(int(rng.integers(5000, 60000))).astype(np.float32)
            got = extractor(x, num_threads=1)
            held.append((got.copy(), got if rng.random() < 0.5 else got[3:9]))
            if len(held) > 5:
                copy, kept = held.pop(int(rng.integers(len(held))))
                if not np.array_equal(kept, copy if kept.shape == copy.shape else copy[3:9]):
                    wrong.append(seed)

    together(*(partial(work, seed) for seed in range(4)))
    assert not wrong


def test_out_works_with_no_items_and_no_frames():
    out = np.empty((0, 33, 31), np.complex64)
    assert run(STFT, np.zeros((0, 600), np.float32), out=out) is out
    none = {"n_fft": 64, "snip_edges": True}
    out = np.empty((33, 0), np.float32)
    assert run(none, np.zeros(5, np.float32), out=out) is out
