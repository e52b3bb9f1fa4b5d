# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The classes take the arguments of torchaudio's transforms and carry their spec."""

from __future__ import annotations

import inspect
import pickle

import numpy as np
import pytest
from support import signals
from support.checks import assert_matches, run

import sonogram

X = signals.speech(6000).astype(np.float32).reshape(2, 3000)
CLASSES = [sonogram.Spectrogram, sonogram.MelSpectrogram, sonogram.LogMelSpectrogram]

# torchaudio 2.x: name -> default
SPECTROGRAM = {
    "n_fft": 400,
    "win_length": None,
    "hop_length": None,
    "pad": 0,
    "power": 2.0,
    "normalized": False,
    "wkwargs": None,
    "center": True,
    "pad_mode": "reflect",
}
MEL = {
    **SPECTROGRAM,
    "sample_rate": 16000,
    "f_min": 0.0,
    "f_max": None,
    "n_mels": 128,
    "norm": None,
    "mel_scale": "htk",
}


@pytest.mark.parametrize(
    ("cls", "names"),
    [
        (sonogram.Spectrogram, SPECTROGRAM),
        (sonogram.MelSpectrogram, MEL),
        (sonogram.LogMelSpectrogram, MEL),
    ],
)
def test_defaults_are_torchaudios(cls, names):
    parameters = inspect.signature(cls).parameters
    for name, default in names.items():
        assert parameters[name].default == default, name
    assert {"window_fn", "onesided"} <= set(parameters)


def test_log_mel_has_the_documented_extra_defaults():
    parameters = inspect.signature(sonogram.LogMelSpectrogram).parameters
    extra = {"log": "ln", "floor": 1e-10, "eps": 0.0, "drop_last": False}
    extra |= {"dynamic_range": None, "affine": None}
    assert {name: parameters[name].default for name in extra} == extra


@pytest.mark.parametrize("cls", CLASSES)
def test_the_spec_a_class_carries_computes_the_same(cls):
    options = {} if cls is sonogram.Spectrogram else {"n_mels": 20}
    transform = cls(n_fft=512, hop_length=100, pad=10, power=1.0, **options)
    assert isinstance(transform.spec, sonogram.Spec)
    assert transform.spec.pad == (10, 10)
    assert np.array_equal(transform(X), sonogram.Extractor(transform.spec)(X))
    assert np.array_equal(pickle.loads(pickle.dumps(transform))(X), transform(X))
    assert "512" in repr(transform)


@pytest.mark.parametrize("normalized", [False, True, "window", "frame_length"])
@pytest.mark.parametrize("center", [True, False])
@pytest.mark.parametrize("power", [None, 1.0, 2.0, 3.0])
def test_spectrogram_matches_reference(power, center, normalized):
    got = sonogram.Spectrogram(
        n_fft=200,
        win_length=150,
        hop_length=60,
        pad=21,
        power=power,
        normalized=normalized,
        center=center,
        pad_mode="replicate",
    )(X)
    spec = {"n_fft": 200, "win_length": 150, "hop_length": 60, "pad": (21, 21), "power": power}
    spec |= {"normalized": normalized, "center": center, "pad_mode": "replicate"}
    assert_matches(spec, X, got)


def test_positional_arguments_are_torchaudios():
    by_place = sonogram.Spectrogram(256, 200, 64, 5)
    by_name = sonogram.Spectrogram(n_fft=256, win_length=200, hop_length=64, pad=5)
    assert by_place.spec == by_name.spec
    by_place = sonogram.MelSpectrogram(22050, 256, 200, 64, 20.0, 9000.0, 5, 30)
    by_name = sonogram.MelSpectrogram(
        sample_rate=22050,
        n_fft=256,
        win_length=200,
        hop_length=64,
        f_min=20.0,
        f_max=9000.0,
        pad=5,
        n_mels=30,
    )
    assert by_place.spec == by_name.spec


def test_window_fn_is_a_callable_of_the_length():
    seen = []

    def window_fn(n, scale=1.0):
        seen.append(n)
        return scale * np.hanning(n)

    got = sonogram.Spectrogram(64, win_length=50, window_fn=window_fn, wkwargs={"scale": 3.0})(X)
    assert seen == [50]
    assert_matches({"n_fft": 64, "win_length": 50, "window": tuple(3 * np.hanning(50))}, X, got)


def test_onesided_false_is_refused_where_it_means_something():
    assert np.array_equal(sonogram.Spectrogram(onesided=True)(X), sonogram.Spectrogram()(X))
    with pytest.raises(ValueError, match="onesided"):
        sonogram.Spectrogram(onesided=False)


def test_mel_gives_channels_by_mels_by_time():
    mel = sonogram.MelSpectrogram(sample_rate=22050, n_fft=1024, hop_length=256, n_mels=80)
    got = mel(X)
    assert got.shape == (2, 80, 1 + 3000 // 256)
    spec = {"sample_rate": 22050, "n_fft": 1024, "hop_length": 256, "filterbank": "mel"}
    assert_matches({**spec, "n_mels": 80}, X, got)


@pytest.mark.parametrize("cls", [sonogram.MelSpectrogram, sonogram.LogMelSpectrogram])
def test_complex_with_a_filterbank_is_an_error(cls):
    with pytest.raises(ValueError, match="power"):
        cls(n_mels=20, power=None)


def test_the_default_mel_warns_of_its_empty_filters_as_torchaudio_does():
    with pytest.warns(UserWarning, match="n_mels"):
        default = sonogram.MelSpectrogram()
    assert default(X).shape == (2, 128, 16)


def test_classes_take_layout_dtype_and_threads():
    transform = sonogram.MelSpectrogram(n_mels=20, layout="time_freq", dtype="float64")
    got = transform(X, num_threads=2)
    assert got.shape == (2, 16, 20)
    assert got.dtype == np.float64
    want = run({"filterbank": "mel", "n_mels": 20, "dtype": "float64"}, X)
    assert np.array_equal(got, np.swapaxes(want, -1, -2))
