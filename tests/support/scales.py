# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Frequency scales and triangular filterbanks, from their definitions, in plain NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

# M. Slaney, Auditory Toolbox (1998), mfcc.m: 13 linear filters 66.67 Hz apart, then a factor of
# 1.0711703 per step. As a scale: 3 mel per 200 Hz below 1 kHz, above it 27 mel per factor of 6.4.
SLANEY_BREAK_HZ = 1000.0
SLANEY_BREAK_MEL = 15.0
SLANEY_STEPS, SLANEY_FACTOR = 27, 6.4


def hz_to_mel(f: Any, mel_scale: str = "htk") -> Any:
    """Mel of f: "htk" 2595 log10(1 + f/700), "kaldi" 1127 ln(1 + f/700), "slaney", "linear"."""
    f = np.asarray(f, np.float64)
    if mel_scale == "htk":  # The HTK Book, 5.6
        return 2595 * np.log10(1 + f / 700)
    if mel_scale == "kaldi":  # mel-computations.h, MelScale
        return 1127 * np.log(1 + f / 700)
    if mel_scale == "linear":
        return f
    step = np.log(SLANEY_FACTOR) / SLANEY_STEPS
    above = SLANEY_BREAK_MEL + np.log(np.maximum(f, SLANEY_BREAK_HZ) / SLANEY_BREAK_HZ) / step
    return np.where(f < SLANEY_BREAK_HZ, 3 * f / 200, above)


def mel_to_hz(m: Any, mel_scale: str = "htk") -> Any:
    """Return the frequency of m mel, the inverse of hz_to_mel."""
    m = np.asarray(m, np.float64)
    if mel_scale == "htk":
        return 700 * (10 ** (m / 2595) - 1)
    if mel_scale == "kaldi":
        return 700 * (np.exp(m / 1127) - 1)
    if mel_scale == "linear":
        return m
    step = np.log(SLANEY_FACTOR) / SLANEY_STEPS
    above = SLANEY_BREAK_HZ * np.exp(step * (np.maximum(m, SLANEY_BREAK_MEL) - SLANEY_BREAK_MEL))
    return np.where(m < SLANEY_BREAK_MEL, m * 200 / 3, above)


def mel_filterbank(
    sample_rate: float,
    n_fft: int,
    n_mels: int = 128,
    *,
    f_min: float = 0.0,
    f_max: float | None = None,
    mel_scale: str = "htk",
    norm: str | None = None,
    triangle: str = "hz",
) -> np.ndarray:
    """Triangles `[n_mels, n_freqs]` between n_mels + 2 points evenly spaced in mel.

    Bin k lies at k sample_rate / n_fft. A triangle is straight in Hz (Slaney, librosa, torchaudio)
    or straight in mel (Kaldi: mel-computations.cc). norm="slaney" makes its area in Hz one:
    2 / (right - left).
    """
    f_max = sample_rate / 2 if f_max is None else f_max
    lowest, highest = (hz_to_mel(f, mel_scale) for f in (f_min, f_max))
    points_mel = lowest + (highest - lowest) * np.arange(n_mels + 2) / (n_mels + 1)
    points_hz = mel_to_hz(points_mel, mel_scale)
    bins_hz = np.arange(n_fft // 2 + 1) * sample_rate / n_fft
    if triangle == "mel":
        points, bins = points_mel, hz_to_mel(bins_hz, mel_scale)
    else:
        points, bins = points_hz, bins_hz
    left, mid, right = points[:-2, None], points[1:-1, None], points[2:, None]
    bank = np.minimum((bins - left) / (mid - left), (right - bins) / (right - mid))
    bank = np.maximum(bank, 0)
    if norm == "slaney":
        bank = bank * (2 / (points_hz[2:] - points_hz[:-2]))[:, None]
    return bank
