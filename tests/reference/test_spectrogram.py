# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Power, magnitude and other exponents of the spectrum."""

from __future__ import annotations

import numpy as np
import pytest
from support import signals
from support.checks import assert_matches, run

import sonogram

BASE = {"n_fft": 400, "hop_length": 160}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("power", [2.0, 1.0, 0.5, 1.5, 3.0])
@pytest.mark.parametrize("signal", signals.SIGNALS)
def test_any_power_of_any_signal_matches_reference(signal, power, dtype):
    x = signals.SIGNALS[signal](4000).astype(dtype)
    assert_matches({**BASE, "power": power}, x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "n_fft", [1, 2, 3, 5, 16, 31, 97, 127, 320, 480, 512, 600, 882, 1000, 1009, 1024, 1920, 2048]
)
def test_power_matches_reference_for_any_n_fft(n_fft, dtype):
    x = signals.speech(3 * n_fft + 5).astype(dtype)
    assert_matches({"n_fft": n_fft, "hop_length": max(1, n_fft // 4)}, x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("power", [2.0, 1.0])
@pytest.mark.parametrize(
    "under_the_root",
    [{"power_eps": 1e-6}, {"power_floor": 1e-3}, {"power_eps": 0.5, "power_floor": 1.0}],
)
def test_epsilon_and_floor_apply_under_the_root(under_the_root, power, dtype):
    x = signals.click(3000).astype(dtype)
    assert_matches({**BASE, "power": power, **under_the_root}, x)


@pytest.mark.parametrize("normalized", [True, "window", "frame_length"])
@pytest.mark.parametrize("power", [1.0, 2.0])
def test_normalisation_comes_before_power_and_epsilon(normalized, power):
    x = signals.speech(3000).astype(np.float32)
    assert_matches({**BASE, "normalized": normalized, "power": power, "power_eps": 1e-7}, x)


@pytest.mark.parametrize("power", [None, 1.0, 2.0, 0.7])
@pytest.mark.parametrize("layout", ["freq_time", "time_freq"])
@pytest.mark.parametrize("n_fft", [16, 31])
def test_the_function_is_the_extractor(n_fft, layout, power):
    x = signals.speech(900).astype(np.float32)
    got = sonogram.spectrogram(x, n_fft=n_fft, hop_length=5, power=power, layout=layout)
    want = run({"n_fft": n_fft, "hop_length": 5, "power": power, "layout": layout}, x)
    assert np.array_equal(got, want)


def test_power_is_the_squared_magnitude_of_the_stft():
    x = signals.speech(3000)
    np.testing.assert_allclose(
        sonogram.spectrogram(x), np.abs(sonogram.stft(x)) ** 2, rtol=1e-14, atol=1e-25
    )


@pytest.mark.parametrize("log", ["ln", "log10", "db", "log1p"])
@pytest.mark.parametrize("power", [1.0, 2.0])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_log_of_a_spectrogram_needs_no_filterbank(log, power, dtype):
    x = signals.speech(2000).astype(dtype)
    assert_matches({**BASE, "power": power, "log": log}, x)
