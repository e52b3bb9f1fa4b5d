# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The complex spectrum: any n_fft, win_length, hop and length, in both precisions."""

from __future__ import annotations

import numpy as np
import pytest
import reference
from support import signals
from support.checks import assert_matches, run

import sonogram

SMOOTH = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 16, 20, 25, 32, 60, 64, 100, 128, 200, 240, 256]
LARGER = [320, 400, 441, 480, 512, 600, 640, 882, 960, 1000, 1024, 1200, 1536, 1920, 2048, 4096]
AWKWARD = [11, 13, 17, 31, 33, 62, 97, 121, 127, 202, 254, 331, 509, 1009, 1018, 2018, 2039]
HUGE = [6000, 8192, 10007, 16384, 65536]


def complex_spec(**fields):
    return {"power": None, **fields}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("n_fft", SMOOTH + LARGER + AWKWARD)
def test_stft_matches_reference_for_any_n_fft(n_fft, dtype):
    hop = max(1, n_fft // 3)
    x = signals.speech(n_fft + 3 * hop + 1).astype(dtype)
    assert_matches(complex_spec(n_fft=n_fft, hop_length=hop, center=False), x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_no_n_fft_up_to_300_is_left_out(dtype):
    for n_fft in range(1, 301):
        x = signals.noise(2 * n_fft).astype(dtype)
        assert_matches({"n_fft": n_fft, "hop_length": n_fft, "center": False, "power": 2}, x)


@pytest.mark.parametrize("n_fft", HUGE)
def test_stft_matches_reference_for_huge_n_fft(n_fft):
    x = signals.noise(n_fft + 500).astype(np.float32)
    assert_matches(complex_spec(n_fft=n_fft, hop_length=499, center=False), x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("n_fft", [2, 3, 5, 16, 31, 400, 512])
@pytest.mark.parametrize("part", ["one", "two", "third", "half", "but one", "all"])
def test_stft_matches_reference_for_any_win_length(n_fft, part, dtype):
    lengths = {"one": 1, "two": 2, "third": n_fft // 3, "half": n_fft // 2, "but one": n_fft - 1}
    win = max(1, lengths.get(part, n_fft))
    x = signals.speech(4 * n_fft + 1).astype(dtype)
    spec = complex_spec(n_fft=n_fft, win_length=win, hop_length=max(1, n_fft // 4))
    assert_matches(spec, x)
    assert_matches({**spec, "window_align": "left"}, x)


@pytest.mark.parametrize("n_fft", [1, 8, 31, 400, 1024])
@pytest.mark.parametrize("hop", [1, 3, 7, 64, 399, 1024, 5000])
def test_stft_matches_reference_for_any_hop(n_fft, hop):
    x = signals.chirp(min(6000, n_fft + 21 * hop)).astype(np.float32)
    assert_matches(complex_spec(n_fft=n_fft, hop_length=hop), x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("frames", [*range(1, 36), 47, 48, 49, 63, 64, 65, 127, 128, 129, 500])
def test_stft_matches_reference_for_any_number_of_frames(frames, dtype):
    x = signals.speech(64 + 10 * (frames - 1)).astype(dtype)
    spec = complex_spec(n_fft=64, hop_length=10, center=False)
    assert run(spec, x).shape == (33, frames)
    assert_matches(spec, x)


@pytest.mark.parametrize("pad_mode", ["constant", "replicate", "symmetric"])
@pytest.mark.parametrize("n", [1, 2, 3, 30, 31, 32, 33, 63, 64, 65])
def test_stft_matches_reference_for_signals_shorter_than_the_window(n, pad_mode):
    x = signals.noise(n).astype(np.float32)
    assert_matches(complex_spec(n_fft=64, hop_length=16, pad_mode=pad_mode), x)


@pytest.mark.parametrize("normalized", [False, True, "window", "frame_length"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_normalized_divides_by_the_windows_or_the_frames_size(normalized, dtype):
    x = signals.speech(3000).astype(dtype)
    spec = complex_spec(n_fft=400, win_length=300, hop_length=100, normalized=normalized)
    assert_matches(spec, x)
    got = sonogram.stft(x, 400, win_length=300, hop_length=100, normalized=normalized)
    assert np.array_equal(got, run(spec, x))


@pytest.mark.parametrize("n_fft", [5, 400])
def test_time_freq_layout_is_the_transpose(n_fft):
    x = signals.speech(3000).astype(np.float32).reshape(2, 1500)
    rows = sonogram.stft(x, n_fft, layout="time_freq")
    assert rows.flags.c_contiguous
    assert np.array_equal(rows, np.swapaxes(sonogram.stft(x, n_fft), -1, -2))


def test_the_function_has_the_documented_defaults():
    x = signals.speech(4000).astype(np.float32)
    spec = complex_spec(n_fft=400, win_length=400, hop_length=200, window="hann", periodic=True)
    assert np.array_equal(sonogram.stft(x), run({**spec, "center": True}, x))
    assert np.array_equal(sonogram.stft(x, 512), run(complex_spec(n_fft=512), x))
    assert np.array_equal(
        sonogram.stft(x, 512, win_length=301), run(complex_spec(n_fft=512, win_length=301), x)
    )


def test_dtype_overrides_the_inputs_precision():
    x = signals.speech(2000)
    assert sonogram.stft(x).dtype == np.complex128
    assert sonogram.stft(x.astype(np.float32)).dtype == np.complex64
    assert sonogram.stft(x, dtype="float32").dtype == np.complex64
    assert sonogram.stft(x.astype(np.float32), dtype="float64").dtype == np.complex128
    assert_matches(complex_spec(dtype="float64"), x.astype(np.float32))
    assert_matches(complex_spec(dtype="float32"), x)


@pytest.mark.parametrize("n_fft", [2, 8, 400, 1000])
def test_the_edges_of_the_spectrum_are_real(n_fft):
    x = signals.noise(3000).astype(np.float32)
    got = sonogram.stft(x, n_fft)
    assert np.array_equal(got[0].imag, np.zeros(got.shape[1]))
    assert np.array_equal(got[-1].imag, np.zeros(got.shape[1]))


def test_a_unit_impulse_has_a_flat_spectrum_of_the_windows_value():
    x = np.zeros(400)
    x[123] = 1.0
    got = sonogram.stft(x, 400, center=False)
    np.testing.assert_allclose(np.abs(got[:, 0]), reference.window("hann", 400)[123], rtol=1e-14)
