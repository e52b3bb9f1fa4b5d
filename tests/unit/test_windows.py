# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Windows: names, parameters, arrays, callables, periodic and symmetric."""

from __future__ import annotations

import numpy as np
import pytest
import reference
import scipy.signal
from support import signals
from support.checks import assert_matches, run
from support.peers import peer
from support.windows import NAMES

import sonogram

PARAMETERS = {
    "kaiser": [(12.0,), (0.0,)],
    "gaussian": [(7.5,)],
    "tukey": [(0.0,), (0.3,), (1.0,)],
    "general_hamming": [(0.7,), (0.5,)],
    "general_cosine": [(1.0,), (0.6, 0.4), (0.3, -0.2, 0.5, 0.1)],
}
KINDS = [name for name in NAMES if name not in PARAMETERS]
KINDS += [("blackman", 0.42), ("blackman", 0.3)]
KINDS += [(name, *values) for name, given in PARAMETERS.items() for values in given]


@pytest.mark.parametrize("n", [1, 2, 3, 16, 25, 400, 401])
@pytest.mark.parametrize("periodic", [True, False])
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_window_equals_its_definition(kind, periodic, n):
    got = sonogram.window(kind, n, periodic=periodic)
    want = reference.window(kind, n, periodic)
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-14)


@pytest.mark.parametrize("n", [2, 3, 16, 25, 400, 401])
@pytest.mark.parametrize("periodic", [True, False])
@pytest.mark.parametrize(
    ("kind", "scipys"),
    [
        ("hann", "hann"),
        ("hamming", "hamming"),
        ("blackman", "blackman"),
        ("bartlett", "bartlett"),
        ("cosine", "cosine"),
        ("rectangular", "boxcar"),
        ("blackmanharris", "blackmanharris"),
        ("nuttall", "nuttall"),
        ("flattop", "flattop"),
        (("kaiser", 8.6), ("kaiser", 8.6)),
        (("gaussian", 20.0), ("gaussian", 20.0)),
        (("tukey", 0.0), ("tukey", 0.0)),
        (("tukey", 0.25), ("tukey", 0.25)),
        (("tukey", 1.0), ("tukey", 1.0)),
        (("general_hamming", 0.7), ("general_hamming", 0.7)),
        (("general_cosine", 0.3, -0.2, 0.5), ("general_cosine", [0.3, -0.2, 0.5])),
    ],
    ids=str,
)
def test_window_equals_scipys(kind, scipys, periodic, n):
    want = scipy.signal.get_window(scipys, n, fftbins=periodic)
    got = sonogram.window(kind, n, periodic=periodic)
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-14)  # scipy's angles err by some ulp


@pytest.mark.parametrize("kind", ["hanning", "sine", "hamming", "povey", "rectangular", "blackman"])
@pytest.mark.parametrize("n", [25, 200, 400, 401])
def test_window_equals_kaldis(kind, n):
    a, i = 2 * np.pi / (n - 1), np.arange(n)
    want = {  # feature-window.cc, FeatureWindowFunction
        "hanning": 0.5 - 0.5 * np.cos(a * i),
        "sine": np.sin(0.5 * a * i),
        "hamming": 0.54 - 0.46 * np.cos(a * i),
        "povey": (0.5 - 0.5 * np.cos(a * i)) ** 0.85,
        "rectangular": np.ones(n),
        "blackman": 0.37 - 0.5 * np.cos(a * i) + (0.5 - 0.37) * np.cos(2 * a * i),
    }[kind]
    name = {"hanning": "hann", "blackman": ("blackman", 0.37)}.get(kind, kind)
    np.testing.assert_allclose(sonogram.window(name, n, periodic=False), want, rtol=0, atol=1e-14)


@pytest.mark.parametrize("periodic", [True, False])
@pytest.mark.parametrize("alpha", [0.54, 0.5, 0.8])
def test_general_hamming_equals_torchs(alpha, periodic):
    torch = peer("torch")
    for n in (2, 25, 400):
        want = torch.hamming_window(n, periodic, alpha, 1 - alpha, dtype=torch.float64).numpy()
        got = sonogram.window(("general_hamming", alpha), n, periodic=periodic)
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-14)


def test_every_known_window_is_tested():
    assert {*NAMES} == {*sonogram._core.window_names()}


@pytest.mark.parametrize(
    ("window", "allowed"),
    [
        (("tukey", 1.5), "from 0 to 1"),
        (("tukey", -0.1), "from 0 to 1"),
        (("tukey",), "given with 1"),
        (("general_cosine",), "given with 1 to"),
        (("general_hamming", float("nan")), "finite"),
        (("general_hamming", 0.5, 0.5), "given with 1"),
        (("blackman", 0.4, 0.1), "given with 0 to 1"),
        (("blackman", float("inf")), "finite"),
        (("gaussian", 0.0), "> 0"),
        (("kaiser", -1.0), ">= 0"),
        (("sine", 1.0), "given with 0"),
    ],
    ids=str,
)
def test_wrong_parameters_are_refused_with_the_allowed_values(window, allowed):
    with pytest.raises(ValueError, match=f"window is '{window[0]}'.*{allowed}"):
        sonogram.window(window, 16)


@pytest.mark.slow
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
