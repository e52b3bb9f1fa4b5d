# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Filterbanks and what comes out of them."""

from __future__ import annotations

import numpy as np
import pytest
import reference
from support import signals
from support.checks import assert_matches, run

import sonogram

SCALES = ["htk", "slaney", "kaldi"]
BANKS = [  # sample_rate, n_fft, n_mels, f_min, f_max
    (16000, 400, 80, 0.0, None),
    (16000, 512, 40, 20.0, 7600.0),
    (22050, 1024, 80, 0.0, 8000.0),
    (44100, 2048, 128, 30.0, None),
    (11025, 401, 13, 64.0, 5000.0),
    (8000, 31, 1, 0.0, None),
    (48000, 4096, 256, 0.0, 24000.0),
]


@pytest.mark.parametrize("norm", [None, "slaney"])
@pytest.mark.parametrize("mel_scale", SCALES)
@pytest.mark.parametrize("bank", BANKS, ids=str)
@pytest.mark.filterwarnings("ignore:.*empty")
def test_mel_filterbank_equals_its_definition(bank, mel_scale, norm):
    rate, n_fft, n_mels, f_min, f_max = bank
    options = {"f_min": f_min, "f_max": f_max, "mel_scale": mel_scale, "norm": norm}
    got = sonogram.mel_filterbank(sample_rate=rate, n_fft=n_fft, n_mels=n_mels, **options)
    want = reference.mel_filterbank(rate, n_fft, n_mels, **options)
    assert got.shape == (n_mels, n_fft // 2 + 1)
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-13 * want.max())


@pytest.mark.parametrize("triangle", ["hz", "mel"])
@pytest.mark.parametrize("norm", [None, "slaney"])
@pytest.mark.parametrize("mel_scale", SCALES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_mel_matches_reference_for_any_bank(mel_scale, norm, triangle, dtype):
    x = signals.speech(4000).astype(dtype)
    spec = {"n_fft": 512, "hop_length": 160, "filterbank": "mel", "n_mels": 40, "f_min": 20.0}
    assert_matches({**spec, "mel_scale": mel_scale, "norm": norm, "triangle": triangle}, x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("n_fft", "n_mels"),
    [
        (5, 1),
        (31, 3),
        (97, 5),
        (320, 20),
        (400, 80),
        (600, 40),
        (1000, 64),
        (1009, 32),
        (2048, 128),
    ],
)
@pytest.mark.filterwarnings("ignore:.*empty")
def test_mel_matches_reference_for_any_n_fft(n_fft, n_mels, dtype):
    x = signals.speech(4 * n_fft + 3).astype(dtype)
    spec = {"n_fft": n_fft, "hop_length": max(1, n_fft // 3), "filterbank": "mel"}
    assert_matches({**spec, "n_mels": n_mels}, x)


@pytest.mark.parametrize("signal", signals.SIGNALS)
@pytest.mark.parametrize("power", [1.0, 2.0, 1.5])
@pytest.mark.parametrize("layout", ["freq_time", "time_freq"])
def test_mel_matches_reference_on_any_signal(signal, power, layout):
    x = signals.SIGNALS[signal](6000).astype(np.float32)
    spec = {"n_fft": 512, "hop_length": 128, "filterbank": "mel", "n_mels": 64, "layout": layout}
    assert_matches({**spec, "power": power, "mel_scale": "slaney", "norm": "slaney"}, x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("norm", [None, "slaney"])
def test_linear_filters_are_evenly_spaced_in_hz(norm, dtype):
    x = signals.speech(3000).astype(dtype)
    spec = {"filterbank": "linear", "n_mels": 30, "f_min": 100.0, "f_max": 7000.0, "norm": norm}
    assert_matches(spec, x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_any_matrix_is_a_filterbank(dtype):
    rng = np.random.default_rng(0)
    sparse = rng.uniform(0, 1, (7, 33)) * (rng.uniform(0, 1, (7, 33)) > 0.7)
    dense = rng.uniform(0, 1, (3, 33))
    one_bin = np.eye(33)[[32, 0, 5]]
    x = signals.speech(900).astype(dtype)
    for matrix in (sparse, dense, one_bin):
        bank = tuple(map(tuple, matrix.tolist()))
        assert_matches({"n_fft": 64, "hop_length": 10, "filterbank": bank}, x)


def test_a_zero_row_gives_zeros():
    bank = ((0.0,) * 9, (0.0, 1.0) + (0.0,) * 7)
    got = run({"n_fft": 16, "filterbank": bank}, signals.noise(200).astype(np.float32))
    assert np.array_equal(got[0], np.zeros_like(got[0]))
    assert (got[1] > 0).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_bank_may_be_built_for_another_rate(dtype):
    # StyleTTS 2: 24 kHz audio through filters made for 16 kHz
    spec = {"sample_rate": 24000, "n_fft": 2048, "win_length": 1200, "hop_length": 300}
    spec |= {"filterbank": "mel", "n_mels": 80, "filterbank_sample_rate": 16000}
    assert_matches(spec, signals.speech(6000, 24000).astype(dtype))


def test_the_extractor_shows_its_filterbank():
    spec = {"n_fft": 512, "filterbank": "mel", "n_mels": 40, "mel_scale": "slaney"}
    shown = sonogram.Extractor(sonogram.Spec(**spec)).filterbank
    assert shown.shape == (40, 257)
    want = reference.mel_filterbank(16000, 512, 40, mel_scale="slaney")
    np.testing.assert_allclose(shown, want, rtol=0, atol=1e-6)
    assert sonogram.Extractor(sonogram.Spec()).filterbank is None


def test_the_function_is_the_class_is_the_extractor():
    x = signals.speech(5000).astype(np.float32).reshape(2, -1)
    options = {"sample_rate": 22050, "n_fft": 512, "hop_length": 100, "n_mels": 30}
    want = run({**options, "filterbank": "mel"}, x)
    assert np.array_equal(sonogram.MelSpectrogram(**options)(x), want)
    assert np.array_equal(sonogram.mel_spectrogram(x, **options), want)
    assert want.shape == (2, 30, 1 + 2500 // 100)


def test_too_many_filters_warn_and_name_the_empty_ones_and_the_cure():
    with pytest.warns(UserWarning, match="n_fft") as caught:
        bank = sonogram.mel_filterbank(sample_rate=16000, n_fft=400, n_mels=128)
    empty = np.flatnonzero((bank == 0).all(axis=1))
    assert len(empty)
    message = str(caught[0].message)
    assert str(empty[0]) in message
    assert "n_mels" in message or "128" in message
    cures = [
        int(word)
        for word in message.replace(",", " ").replace(".", " ").split()
        if word.isdigit() and int(word) > 400
    ]
    assert any(
        reference.mel_filterbank(16000, n, 128).any(axis=1).all() for n in cures if n < 10**6
    ), f"no n_fft in {message!r} fills the filters"
