# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Mel scales, decibels, and bin frequencies."""

from __future__ import annotations

import numpy as np
import pytest
import reference
import reference_banks

import sonogram


@pytest.mark.parametrize("scale", ["htk", "slaney", "kaldi"])
def test_mel_scales_equal_their_definitions_and_invert(scale):
    f = np.concatenate([[0.0, 999.999, 1000.0, 1000.001], np.geomspace(0.1, 96000, 500)])
    mel = sonogram.hz_to_mel(f, mel_scale=scale)
    np.testing.assert_allclose(mel, reference.hz_to_mel(f, scale), rtol=1e-14, atol=1e-12)
    np.testing.assert_allclose(sonogram.mel_to_hz(mel, mel_scale=scale), f, rtol=1e-12, atol=1e-11)


def test_mel_scales_take_one_number_and_default_to_htk():
    assert sonogram.hz_to_mel(1000.0) == pytest.approx(999.98554, abs=1e-4)
    assert sonogram.hz_to_mel(1000, mel_scale="slaney") == pytest.approx(15.0, abs=1e-14)
    assert sonogram.mel_to_hz(15.0, mel_scale="slaney") == pytest.approx(1000.0, abs=1e-11)


@pytest.mark.parametrize("scale", ["traunmuller", "schroeder", "wang"])
def test_bark_scales_equal_their_definitions_and_invert(scale):
    f = np.concatenate([[0.0, 199.0, 200.0, 6500.0, 6800.0], np.geomspace(0.1, 24000, 500)])
    bark = sonogram.hz_to_bark(f, bark_scale=scale)
    want = reference_banks.hz_to_bark(f, scale)
    np.testing.assert_allclose(bark, want, rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(
        sonogram.bark_to_hz(bark, bark_scale=scale), f, rtol=1e-12, atol=1e-11
    )


def test_bark_scales_equal_torchaudios():
    # _hz_to_bark of torchaudio 2.8's prototype at these frequencies
    f = [0.0, 150.0, 1000.0, 7000.0, 12000.0]
    for scale, want in {
        "traunmuller": [-0.1505, 1.469535545, 8.527432432, 20.48468125, 23.047331232],
        "schroeder": [0.0, 1.601379967, 8.511371488, 21.503922448, 25.266986134],
        "wang": [0.0, 1.484798769, 7.702773976, 18.910287889, 22.137023214],
    }.items():
        np.testing.assert_allclose(sonogram.hz_to_bark(f, scale), want, rtol=0, atol=1e-9)


def test_the_erb_scale_equals_its_definition_and_inverts():
    f = np.concatenate([[0.0], np.geomspace(0.1, 24000, 500)])
    erb = sonogram.hz_to_erb(f)
    np.testing.assert_allclose(erb, reference_banks.hz_to_erb(f), rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(sonogram.erb_to_hz(erb), f, rtol=1e-12, atol=1e-11)
    # one more of it is one bandwidth, 24.7 (4.37 F + 1) Hz, to the rounding of 21.4
    width = (sonogram.erb_to_hz(erb + 1e-6) - sonogram.erb_to_hz(erb)) / 1e-6
    np.testing.assert_allclose(width, 24.7 * (0.00437 * f + 1), rtol=4e-3)


def test_scales_take_numbers_alone():
    for name in ("hz_to_bark", "bark_to_hz", "hz_to_erb", "erb_to_hz"):
        with pytest.raises(TypeError, match="must be numbers"):
            getattr(sonogram, name)(["a"])
    for function in (sonogram.hz_to_bark, sonogram.bark_to_hz):
        with pytest.raises(ValueError, match=r"bark_scale.*zwicker.*traunmuller.*wang"):
            function(1000.0, bark_scale="zwicker")


def test_an_unknown_scale_names_the_known_ones():
    for function in (sonogram.hz_to_mel, sonogram.mel_to_hz):
        with pytest.raises(ValueError, match=r"mel_scale.*bark.*htk.*slaney"):
            function(1000.0, mel_scale="bark")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_power_to_db_is_ten_log10_over_amin(dtype):
    x = np.array([[1.0, 0.1, 1e-10], [1e-12, 0.0, 100.0]], dtype)
    want = 10 * np.log10(np.maximum(x, 1e-10).astype(float))
    got = sonogram.power_to_db(x)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, want, atol=1e-4 if dtype is np.float32 else 1e-12)
    np.testing.assert_allclose(sonogram.power_to_db(x, ref=10.0), want - 10, atol=1e-4)
    np.testing.assert_allclose(sonogram.power_to_db(x, amin=1e-3), np.maximum(want, -30), atol=1e-4)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_amplitude_to_db_is_twenty_log10_over_amin(dtype):
    x = np.array([[1.0, 0.1, 1e-5], [1e-7, 0.0, 10.0]], dtype)
    want = 20 * np.log10(np.maximum(x, 1e-5).astype(float))
    got = sonogram.amplitude_to_db(x)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, want, atol=1e-4 if dtype is np.float32 else 1e-12)
    np.testing.assert_allclose(sonogram.amplitude_to_db(x, ref=10.0), want - 20, atol=1e-4)


@pytest.mark.parametrize("function", ["power_to_db", "amplitude_to_db"])
def test_top_db_is_taken_item_by_item(function):
    to_db = getattr(sonogram, function)
    rng = np.random.default_rng(0)
    items = (
        10.0 ** rng.uniform(-4, 0, (3, 2, 20, 30)) * np.array([1, 1e-2, 1e2])[:, None, None, None]
    )
    together = to_db(items, top_db=30.0)
    for i in range(3):
        for j in range(2):
            plain = to_db(items[i, j])
            assert np.array_equal(together[i, j], np.maximum(plain, plain.max() - 30.0))


def test_bin_frequencies_are_in_hz():
    np.testing.assert_allclose(
        sonogram.fft_frequencies(22050, 1024), np.fft.rfftfreq(1024, 1 / 22050), rtol=1e-15
    )
    np.testing.assert_allclose(
        sonogram.fft_frequencies(16000, 401), np.fft.rfftfreq(401, 1 / 16000), rtol=1e-15
    )


def test_band_centres_are_the_banks():
    centres = sonogram.mel_frequencies(40, f_min=20.0, f_max=8000.0, mel_scale="slaney")
    bank = reference.mel_filterbank(16000, 1 << 16, 40, f_min=20.0, mel_scale="slaney")
    np.testing.assert_allclose(centres, bank.argmax(axis=1) * 16000 / (1 << 16), atol=0.25)


@pytest.mark.parametrize("digits", [400, 5000])
@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("freq", lambda n: sonogram.hz_to_mel(n)),
        ("freq", lambda n: sonogram.hz_to_bark([1.0, -n])),
        ("freq", lambda n: sonogram.hz_to_erb(n)),
        ("mels", lambda n: sonogram.mel_to_hz([n])),
        ("barks", lambda n: sonogram.bark_to_hz(n)),
        ("erbs", lambda n: sonogram.erb_to_hz(n)),
        ("x", lambda n: sonogram.power_to_db([[n]])),
        ("amin", lambda n: sonogram.power_to_db([[1.0]], amin=n)),
        ("top_db", lambda n: sonogram.amplitude_to_db([[1.0]], top_db=n)),
        ("win_length", lambda n: sonogram.window("hann", n)),
        ("num_frames", lambda n: sonogram.Extractor("whisper-80").frame_times(n)),
        ("num_samples", lambda n: sonogram.Extractor("whisper-80").frame_times(1, n)),
        ("num_samples", lambda n: sonogram.Extractor("whisper-80").num_frames(n)),
        ("frames", lambda n: sonogram.Stream("kaldi-fbank-80").samples_for(n)),
    ],
)
def test_an_integer_beyond_every_type_is_a_value_error_that_names_it(name, call, digits):
    with pytest.raises(ValueError, match=rf"^{name} is .{{0,80}}; it must be"):
        call(10**digits)


def test_integers_beyond_64_bits_are_numbers():
    assert sonogram.hz_to_mel(10**20) == sonogram.hz_to_mel(1e20)
    np.testing.assert_array_equal(sonogram.hz_to_erb([1, 10**20]), sonogram.hz_to_erb([1, 1e20]))
