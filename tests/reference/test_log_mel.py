# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Logs of bands, their floors, and the finish that Whisper wants."""

from __future__ import annotations

import numpy as np
import pytest
from support import signals
from support.checks import assert_matches, run
from support.lanes import but_slow
from support.recipes import RECIPES, WHISPER

import sonogram

MEL = {"n_fft": 512, "hop_length": 160, "filterbank": "mel", "n_mels": 40, "power": 2.0}
LOGS = ["ln", "log10", "db", "log1p"]


@pytest.mark.parametrize("dtype", but_slow(["float32", "float64"], "float64"))
@pytest.mark.parametrize("signal", signals.SIGNALS)
@pytest.mark.parametrize("recipe", RECIPES)
def test_whole_recipes_match_reference_on_any_signal(recipe, signal, dtype):
    x = signals.SIGNALS[signal](12007).astype(dtype)
    assert_matches(RECIPES[recipe], x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("power", [1.0, 2.0])
@pytest.mark.parametrize("log", LOGS)
def test_every_log_matches_reference(log, power, dtype):
    x = signals.speech(5000).astype(dtype)
    assert_matches({**MEL, "power": power, "log": log}, x)
    assert_matches({**MEL, "power": power, "log": log, "gain": 32768.0}, x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("bottom", [{"floor": 1e-3}, {"floor": 0.0, "eps": 1e-5}, {"eps": 0.01}])
@pytest.mark.parametrize("log", ["ln", "log10", "db"])
def test_floor_and_epsilon_match_reference(log, bottom, dtype):
    x = signals.click(5000).astype(dtype)
    assert_matches({**MEL, "log": log, **bottom}, x)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("floor", [1e-10, 1e-5, 1.1920928955078125e-07, 1e-12, 1.0, 2.0**-24])
@pytest.mark.parametrize("log", ["ln", "log10", "db"])
@pytest.mark.parametrize("bank", [None, "mel"])
def test_silence_gives_the_correctly_rounded_log_of_the_floor(bank, log, floor, dtype):
    recipe = {**MEL, "log": log, "floor": floor}
    if bank is None:
        del recipe["filterbank"], recipe["n_mels"]
    got = run(recipe, np.zeros(3000, dtype))
    exact = np.log(np.longdouble(floor))
    if log != "ln":
        exact = np.log10(np.longdouble(floor)) * (10 if log == "db" else 1)
    assert got.dtype == dtype
    assert np.unique(got).tolist() == [dtype(exact)]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("n", [400, 6400, 16000])
def test_silence_is_minus_ten_in_log10_and_minus_one_and_a_half_for_whisper(n, dtype):
    silence = np.zeros(n, dtype)
    log10 = {key: value for key, value in WHISPER.items() if key != "finish"}
    assert np.unique(run(log10, silence)).tolist() == [-10.0]
    assert np.unique(run(WHISPER, silence)).tolist() == [-1.5]


def test_silence_without_a_floor_is_minus_infinity():
    got = run({**MEL, "log": "ln", "floor": 0.0}, np.zeros(2000, np.float32))
    assert np.unique(got).tolist() == [-np.inf]


def test_log1p_of_silence_is_zero():
    assert not run({**MEL, "log": "log1p"}, np.zeros(2000, np.float32)).any()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "finish",
    [
        (("dynamic_range", 8.0),),
        (("affine", 0.25, 1.0),),
        (("affine", -2.0, 3.0),),
        (("reference", "max"),),
        (("reference", -3.5),),
        (("reference", "max"), ("dynamic_range", 3.0), ("affine", 0.5, 1.5)),
        (("affine", 0.5, 0.0), ("dynamic_range", 1.0)),
    ],
    ids=str,
)
def test_finish_stages_run_in_their_order(finish, dtype):
    x = signals.speech(6000).astype(dtype)
    assert_matches({**MEL, "log": "log10", "finish": finish}, x)
    assert_matches({**MEL, "log": "log10", "finish": finish, "layout": "time_freq"}, x)


def test_each_item_has_its_own_maximum():
    loud = signals.speech(8000).astype(np.float32)
    pair = np.stack([loud, 0.01 * loud])
    together = run(WHISPER, pair)
    assert np.array_equal(together[0], run(WHISPER, pair[0]))
    assert np.array_equal(together[1], run(WHISPER, pair[1]))
    assert together[1].max() < together[0].max() - 0.5


def test_the_clamp_reaches_exactly_its_range():
    got = run(WHISPER, signals.click(16000).astype(np.float32))
    assert got.max() - got.min() == pytest.approx(2.0, abs=1e-6)


def test_log_mel_function_and_class_are_the_extractor():
    x = signals.speech(5000).astype(np.float32)
    options = {"sample_rate": 16000, "n_fft": 512, "hop_length": 160, "n_mels": 40}
    for log in LOGS:
        want = run({**MEL, "log": log}, x)
        assert np.array_equal(sonogram.log_mel_spectrogram(x, log=log, **options), want)
        assert np.array_equal(sonogram.LogMelSpectrogram(log=log, **options)(x), want)
    natural = run({**MEL, "log": "ln", "floor": 1e-10, "eps": 0.0}, x)
    assert np.array_equal(sonogram.log_mel_spectrogram(x, **options), natural)


def test_whisper_is_spelled_as_documented():
    x = signals.speech(8000).astype(np.float32)
    options = {"sample_rate": 16000, "n_fft": 400, "hop_length": 160, "n_mels": 80}
    options |= {"mel_scale": "slaney", "norm": "slaney", "log": "log10", "drop_last": True}
    whisper = sonogram.LogMelSpectrogram(**options, dynamic_range=8, affine=(0.25, 1.0))
    assert np.array_equal(whisper(x), run(WHISPER, x))
    assert whisper(x).shape == (80, 50)
    want = sonogram.log_mel_spectrogram(x, **options, dynamic_range=8, affine=(0.25, 1.0))
    assert np.array_equal(whisper(x), want)


def test_db_of_magnitude_is_db_of_power():
    x = signals.speech(4000)
    floors = {"power": 2.0, "floor": 1e-10}, {"power": 1.0, "floor": 1e-5}
    a, b = (run({"n_fft": 400, "log": "db", **f}, x) for f in floors)
    np.testing.assert_allclose(a, b, rtol=0, atol=1e-10)
