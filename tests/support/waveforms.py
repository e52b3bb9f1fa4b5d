# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Waveforms for tests of audio files: ``[channels, samples]`` of noise, and tones."""

import numpy as np

RATE = 16000


def noise(channels=2, samples=20000, seed=0, peak=0.9):
    values = np.random.default_rng(seed).uniform(-peak, peak, (channels, samples))
    return values.astype(np.float32)


def tone(frequency, rate, seconds=1.0):
    return np.sin(2 * np.pi * frequency * np.arange(int(rate * seconds)) / rate)
