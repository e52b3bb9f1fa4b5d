# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Windows: names, parameters, arrays, callables, periodic and symmetric."""

from __future__ import annotations

import numpy as np
import pytest
import reference
import signals
from checks import assert_matches, run
from windows import NAMES

import sonogram

KINDS = [name for name in NAMES if name not in ("kaiser", "gaussian")]
KINDS += [("kaiser", 12.0), ("kaiser", 0.0), ("gaussian", 7.5)]


@pytest.mark.parametrize("n", [1, 2, 3, 16, 25, 400, 401])
@pytest.mark.parametrize("periodic", [True, False])
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_window_equals_its_definition(kind, periodic, n):
    got = sonogram.window(kind, n, periodic=periodic)
    want = reference.window(kind, n, periodic)
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-14)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("periodic", [True, False])
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_stft_uses_the_named_window(kind, periodic, dtype):
    x = signals.speech(1500).astype(dtype)
    spec = {"n_fft": 128, "win_length": 101, "hop_length": 40, "power": None}
    assert_matches({**spec, "window": kind, "periodic": periodic}, x)
    got = sonogram.stft(x, 128, win_length=101, hop_length=40, window=kind, periodic=periodic)
    assert np.array_equal(got, run({**spec, "window": kind, "periodic": periodic}, x))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_an_array_is_the_window(dtype):
    x = signals.speech(1500).astype(dtype)
    w = np.random.default_rng(0).uniform(-1, 1, 90)
    spec = {"n_fft": 100, "win_length": 90, "hop_length": 33, "power": None}
    assert_matches({**spec, "window": tuple(w)}, x)
    want = run({**spec, "window": tuple(w)}, x)
    for given in (w, list(w), tuple(w), np.repeat(w, 2)[::2]):
        assert np.array_equal(
            sonogram.stft(x, 100, win_length=90, hop_length=33, window=given), want
        )


def test_a_callable_makes_the_window():
    x = signals.speech(1500)
    got = sonogram.stft(x, 100, win_length=80, window=np.hanning)
    assert np.array_equal(got, sonogram.stft(x, 100, win_length=80, window=np.hanning(80)))
    made = sonogram.Spectrogram(100, win_length=80, window_fn=np.kaiser, wkwargs={"beta": 8.0})
    want = sonogram.spectrogram(x, n_fft=100, win_length=80, window=np.kaiser(80, 8.0))
    assert np.array_equal(made(x), want)


def test_windows_are_periodic_unless_asked():
    assert np.array_equal(sonogram.window("hann", 16), sonogram.window("hann", 16, periodic=True))
    assert sonogram.window("hann", 16)[8] == 1.0
    assert sonogram.window("hann", 17, periodic=False)[8] == 1.0


def test_the_extractor_shows_its_window():
    extractor = sonogram.Extractor(sonogram.Spec(n_fft=64, win_length=50, window="hamming"))
    np.testing.assert_allclose(extractor.window, reference.window("hamming", 50), atol=1e-7)
    assert extractor.window.shape == (50,)
