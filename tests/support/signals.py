# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Deterministic test signals: the kinds of sound that find different faults."""

from __future__ import annotations

import numpy as np


def speech(n: int, rate: int = 16000) -> np.ndarray:
    """A voice of sorts: a gliding harmonic source through vowel formants, hisses and pauses."""
    rng = np.random.default_rng(1)
    t = np.arange(n) / rate
    pitch = 120 + 25 * np.sin(2 * np.pi * 0.7 * t) + 10 * np.sin(2 * np.pi * 2.3 * t)
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    vowels = [(730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480)]
    vowel = (t * 4).astype(int) % len(vowels)
    voiced = np.zeros(n)
    for h in range(1, int(0.45 * rate / 160)):
        f = h * pitch
        gain = np.zeros(n)
        for v, formants in enumerate(vowels):
            peaks = sum(1 / (1 + ((f - c) / (60 + 0.05 * c)) ** 2) for c in formants)
            gain += (vowel == v) * peaks
        voiced += gain / h**0.5 * np.sin(h * phase)
    hiss = np.diff(rng.standard_normal(n + 1))
    syllable = np.sin(np.pi * 4 * t) ** 2
    loud = (t * 2).astype(int) % 5 != 4  # every fifth half second is a pause
    x = loud * (voiced * syllable + 0.15 * hiss * (1 - syllable)) + 1e-4 * rng.standard_normal(n)
    return 0.7 * x / np.abs(x).max()


def tone(n: int, rate: int = 16000) -> np.ndarray:
    """A loud tone between two bins: its skirt is far below its peak."""
    return 0.9 * np.sin(2 * np.pi * 0.06283 * np.arange(n) + 0.3)


def chirp(n: int, rate: int = 16000) -> np.ndarray:
    """A sweep from 0.004 to 0.35 of the rate: the band that every recipe's filters hear."""
    t = np.arange(n) / max(1, n)
    return 0.8 * np.sin(2 * np.pi * n * (0.004 * t + 0.173 * t * t))


def click(n: int, rate: int = 16000) -> np.ndarray:
    """One full-scale sample in silence: every bin the same, every other frame zero."""
    x = np.zeros(n)
    x[n // 3 : n // 3 + 1] = 1.0
    return x


def quiet(n: int, rate: int = 16000) -> np.ndarray:
    """A 12-bit recording at a low level: a few steps of 1/2048."""
    t = np.arange(n) / rate
    x = 0.002 * np.sin(2 * np.pi * 440 * t) + 0.0005 * np.random.default_rng(2).standard_normal(n)
    return np.round(x * 2048) / 2048


def noise(n: int, rate: int = 16000) -> np.ndarray:
    """White noise."""
    return 0.2 * np.random.default_rng(3).standard_normal(n)


def telephone(n: int, rate: int = 16000) -> np.ndarray:
    """Speech from 8 kHz at a higher rate: nothing but rounding above 4 kHz."""
    x = speech(n * 8000 // rate + 1, 8000)
    spectrum = np.zeros(n // 2 + 1, complex)
    kept = min(len(x) // 2, n // 2)
    spectrum[:kept] = np.fft.rfft(x)[:kept]
    y = np.fft.irfft(spectrum, n)
    return 0.7 * y / np.abs(y).max()


def offset(n: int, rate: int = 16000) -> np.ndarray:
    """A quiet voice on a large constant, which some recipes remove and others hear."""
    return 0.5 + 0.003 * speech(n, rate)


def clipped(n: int, rate: int = 16000) -> np.ndarray:
    """A voice at four times full scale, cut off."""
    return np.clip(4 * speech(n, rate), -1, 1)


def gaps(n: int, rate: int = 16000) -> np.ndarray:
    """Speech between exact zeros: frames that begin or end in silence."""
    return speech(n, rate) * ((np.arange(n) * 7 // n) % 2 == 0)


def silence(n: int, rate: int = 16000) -> np.ndarray:
    """Digital silence."""
    return np.zeros(n)


SIGNALS = {f.__name__: f for f in (speech, tone, chirp, click, quiet, noise, silence)}
# What a float32 FFT finds hard, besides.
DIFFICULT = {f.__name__: f for f in (telephone, offset, clipped, gaps, tone, chirp, noise)}
