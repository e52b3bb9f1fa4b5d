# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Deltas, sliding CMN and PCEN of given features: torchaudio's, librosa's and Kaldi's numbers."""

from __future__ import annotations

import numpy as np
import pytest
from support.peers import peer

import sonogram

RNG = np.random.default_rng(5)
FEATURES = RNG.normal(0, 3, (2, 7, 61))


@pytest.mark.parametrize("win_length", [3, 5, 9])
def test_compute_deltas_equals_torchaudios(win_length):
    torch = peer("torch")
    reference = peer("torchaudio").functional.compute_deltas
    want = reference(torch.from_numpy(FEATURES), win_length)
    got = sonogram.compute_deltas(torch.from_numpy(FEATURES), win_length)
    assert got.dtype == want.dtype
    np.testing.assert_allclose(got.numpy(), want.numpy(), rtol=0, atol=1e-13)
    np.testing.assert_array_equal(sonogram.compute_deltas(FEATURES, win_length), got.numpy())


def test_compute_deltas_equals_librosas():
    want = peer("librosa").feature.delta(FEATURES, width=9)
    got = sonogram.compute_deltas(FEATURES, 9, mode="interp")
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-12)


def test_add_deltas_appends_them_row_by_row():
    once = sonogram.compute_deltas(FEATURES)
    twice = sonogram.compute_deltas(once)
    got = sonogram.add_deltas(FEATURES)
    np.testing.assert_allclose(got, np.concatenate([FEATURES, once, twice], -2), rtol=0, atol=1e-13)
    time_freq = sonogram.add_deltas(np.swapaxes(FEATURES, -1, -2), layout="time_freq")
    np.testing.assert_array_equal(np.swapaxes(time_freq, -1, -2), got)


def test_add_deltas_equals_kaldis():
    knf = peer("kaldi_native_fbank")
    x = FEATURES[0].T.astype(np.float32)
    want = knf.compute_deltas(knf.DeltaOptions(), x)
    got = sonogram.add_deltas(x, mode="kaldi", layout="time_freq")
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-5)


@pytest.mark.parametrize("center", [False, True])
@pytest.mark.parametrize("norm_vars", [False, True])
def test_sliding_window_cmn_equals_torchaudios(center, norm_vars):
    torch = peer("torch")
    reference = peer("torchaudio").functional.sliding_window_cmn
    x = np.swapaxes(FEATURES, -1, -2)
    want = reference(torch.from_numpy(x), 20, 8, center, norm_vars).numpy()
    got = sonogram.sliding_window_cmn(x, 20, 8, center, norm_vars)
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-10)


@pytest.mark.parametrize(
    "options", [{}, {"gain": 0.8, "bias": 10, "power": 0.25}, {"b": 0.1}, {"sr": 16000}], ids=str
)
def test_pcen_equals_librosas(options):
    magnitudes = np.abs(FEATURES) * 2**20
    want = np.stack([peer("librosa").pcen(item, **options) for item in magnitudes])
    np.testing.assert_allclose(sonogram.pcen(magnitudes, **options), want, rtol=1e-9, atol=1e-12)


def test_features_keep_their_dtype_and_may_lie_anyhow():
    single = FEATURES.astype(np.float32)
    assert sonogram.compute_deltas(single).dtype == np.float32
    np.testing.assert_array_equal(
        sonogram.compute_deltas(np.asfortranarray(single)), sonogram.compute_deltas(single)
    )
    np.testing.assert_array_equal(
        sonogram.compute_deltas(single.astype(">f4")), sonogram.compute_deltas(single)
    )


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: sonogram.compute_deltas(FEATURES, 4), ValueError, ["win_length", "4"]),
        (lambda: sonogram.compute_deltas(FEATURES, mode="kaldi"), ValueError, ["mode", "kaldi"]),
        (lambda: sonogram.compute_deltas(FEATURES[0, 0]), ValueError, ["specgram", "(61,)"]),
        (lambda: sonogram.compute_deltas(FEATURES > 0), TypeError, ["specgram", "bool"]),
        (lambda: sonogram.add_deltas(FEATURES, 0), ValueError, ["order", "0"]),
        (lambda: sonogram.add_deltas(FEATURES, layout="ft"), ValueError, ["layout", "ft"]),
        (lambda: sonogram.sliding_window_cmn(FEATURES, 0), ValueError, ["cmn_window", "0"]),
        (lambda: sonogram.sliding_window_cmn(FEATURES, center=1), TypeError, ["center", "1"]),
        (lambda: sonogram.pcen(FEATURES, time_constant=0), ValueError, ["time_constant", "0"]),
        (lambda: sonogram.pcen(FEATURES, b=2.0), ValueError, ["2"]),
    ],
)
def test_functions_of_features_name_what_they_refuse(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert all(word in str(caught.value) for word in words)
