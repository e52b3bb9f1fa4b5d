# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A test signal on which every stage has an effect."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_FORMANTS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480))


def probe(sample_rate: float, least: int = 0) -> npt.NDArray[np.float32]:
    """Return three seconds (at least `least` samples) of voice, noise, quiet and silence.

    The voice is a gliding pulse train through two-pole resonators, one vowel per quarter of a
    second. The signal is deterministic.
    """
    second = max(int(sample_rate), -(-least // 3), 512)
    rng = np.random.default_rng(20240607)
    voice = _voice(2 * second, sample_rate)
    hiss = rng.standard_normal(second // 2) * np.hanning(second // 2) * 0.1
    faint = voice[: second // 4] * 1e-3 + rng.standard_normal(second // 4) * 1e-5
    silence = np.zeros(3 * second - voice.size - hiss.size - faint.size)
    whole = np.concatenate([voice, hiss, silence, faint]) + 0.003  # the DC offset of a recorder
    whole[voice.size + hiss.size : -faint.size] = 0.0
    return whole.astype(np.float32)


def _voice(count: int, sample_rate: float) -> npt.NDArray[np.float64]:
    t = np.arange(count) / sample_rate
    phase = np.cumsum(120 + 30 * np.sin(2 * np.pi * 0.9 * t)) / sample_rate
    harmonics = np.arange(1, max(2, int(0.45 * sample_rate / 160)))[:, None]
    voice = np.zeros(count)
    quarter = max(1, int(sample_rate / 4))
    for k, first in enumerate(range(0, count, quarter)):
        part = slice(first, min(count, first + quarter))
        pitch = 120 + 30 * np.sin(2 * np.pi * 0.9 * t[first])
        gains = sum(
            1 / (1 + ((harmonics * pitch - f) / (60 + 0.05 * f)) ** 2)
            for f in _FORMANTS[k % len(_FORMANTS)]
        )
        waves = np.sin(2 * np.pi * harmonics * phase[None, part])
        shape = np.hanning(part.stop - part.start) ** 0.5
        voice[part] = shape * ((gains / harmonics**0.5) * waves).sum(axis=0)
    loudest = float(np.abs(voice).max(initial=0.0)) or 1.0
    return np.asarray(0.6 * voice / loudest)
