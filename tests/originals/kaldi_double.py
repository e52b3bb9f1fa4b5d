# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Kaldi's features in float64 NumPy, from Kaldi's own definitions (feat/, HEAD f40076610).

Written apart from reference.py, as a second opinion on it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Post = Callable[[np.ndarray], np.ndarray]
EPSILON = 1.1920928955078125e-07
WIN, HOP, FFT, RATE = 400, 160, 512, 16000


def _window(kind: str) -> np.ndarray:
    turn = np.cos(2 * np.pi * np.arange(WIN) / (WIN - 1))
    if kind == "hamming":
        return 0.54 - 0.46 * turn
    hann = 0.5 - 0.5 * turn
    return hann if kind == "hanning" else hann**0.85


def _mel(f: np.ndarray | float) -> np.ndarray:
    return 1127.0 * np.log1p(np.asarray(f, np.float64) / 700.0)


def bands(n_mels: int, low: float = 20.0, high: float = 0.0) -> np.ndarray:
    """Mel banks `[n_mels, 257]`; a `high` of 0 or less counts from the Nyquist frequency."""
    top = high if high > 0 else RATE / 2 + high
    edges = np.linspace(_mel(low), _mel(top), n_mels + 2)
    at = _mel(np.arange(FFT // 2) * RATE / FFT)
    rise = (at - edges[:-2, None]) / np.diff(edges)[:-1, None]
    fall = (edges[2:, None] - at) / np.diff(edges)[1:, None]
    return np.pad(np.maximum(0, np.minimum(rise, fall)), ((0, 0), (0, 1)))


def _frames(x: np.ndarray, dc: bool) -> np.ndarray:
    count = 1 + (len(x) - WIN) // HOP if len(x) >= WIN else 0
    frames = np.stack([x[HOP * i : HOP * i + WIN] for i in range(count)])
    return frames - frames.mean(1, keepdims=True) if dc else frames


def _power(frames: np.ndarray, window: str) -> np.ndarray:
    last = np.roll(frames, 1, axis=1)
    last[:, 0] = frames[:, 0]
    spectrum = np.fft.rfft((frames - 0.97 * last) * _window(window), FFT)
    return spectrum.real**2 + spectrum.imag**2


def fbank(
    x: np.ndarray,
    n_mels: int,
    window: str = "povey",
    low: float = 20.0,
    high: float = 0.0,
    dc: bool = True,
    floor: float = EPSILON,
) -> np.ndarray:
    """Log mel energies `[frames, n_mels]` of samples as Kaldi's scale has them."""
    power = _power(_frames(x, dc), window)
    return np.log(np.maximum(power @ bands(n_mels, low, high).T, floor))


def spectrogram(x: np.ndarray) -> np.ndarray:
    """Log power `[frames, 257]`, the first bin replaced by the raw log energy."""
    frames = _frames(x, True)
    out = np.log(np.maximum(_power(frames, "povey"), EPSILON))
    out[:, 0] = _log_energy(frames)
    return out


def _log_energy(frames: np.ndarray) -> np.ndarray:
    return np.log(np.maximum((frames**2).sum(1), EPSILON))


def cepstra(
    x: np.ndarray,
    energy: bool,
    num_mel_bins: int = 23,
    num_ceps: int = 13,
    high_freq: float = 0.0,
) -> np.ndarray:
    """MFCC `[frames, num_ceps]`: orthonormal DCT-II, lifter 22, C0 or the raw log energy."""
    logs = fbank(x, num_mel_bins, high=high_freq)
    n = np.arange(num_mel_bins)
    basis = np.cos(np.pi / num_mel_bins * (n + 0.5)[:, None] * np.arange(num_ceps))
    basis *= np.where(np.arange(num_ceps) == 0, np.sqrt(0.5), 1.0) * np.sqrt(2 / num_mel_bins)
    out = logs @ basis * (1 + 11.0 * np.sin(np.pi * np.arange(num_ceps) / 22.0))
    if energy:
        out[:, 0] = _log_energy(_frames(x, True))
    return out


def normalized(y: np.ndarray, ddof: int) -> np.ndarray:
    """(y - mean) / standard deviation over time, with no epsilon: 0/0 where a row is constant."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return (y - y.mean(0)) / y.std(0, ddof=ddof)


def stacked(y: np.ndarray, m: int, n: int) -> np.ndarray:
    """FunASR's low frame rate: m frames joined every n frames, both ends repeated."""
    starts = n * np.arange(-(-len(y) // n)) - (m - 1) // 2
    at = np.clip(starts[:, None] + np.arange(m), 0, len(y) - 1)
    return y[at].reshape(len(starts), -1)
