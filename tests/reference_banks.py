# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Every filterbank of a Spec from its definition, in slow, obvious float64 NumPy.

A spec is a dict with all fields of the Spec record (`reference.complete`). Nothing here imports
sonogram.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from support.scales import hz_to_mel, mel_to_hz

DEFAULTS: dict[str, Any] = {
    "bark_scale": "traunmuller",
    "filter_shape": "triangle",
    "vtln_warp": 1.0,
    "vtln_low": 100.0,
    "vtln_high": -500.0,
    "bins_per_octave": 12.0,
    "tuning": 0.0,
    "chroma_octave": 5.0,
    "chroma_width": 2.0,
}


def hz_to_bark(f: Any, bark_scale: str = "traunmuller") -> np.ndarray:
    """Bark of f: Traunmueller (1990) with both corrections, Schroeder (1979), Wang (1992)."""
    f = np.asarray(f, np.float64)
    if bark_scale == "schroeder":
        return 7 * np.arcsinh(f / 650)
    if bark_scale == "wang":
        return 6 * np.arcsinh(f / 600)
    z = 26.81 / (1 + 1960 / np.maximum(f, 1e-300)) - 0.53
    return z + 0.15 * np.maximum(2 - z, 0) + 0.22 * np.maximum(z - 20.1, 0)


def bark_to_hz(z: Any, bark_scale: str = "traunmuller") -> np.ndarray:
    """Return the frequency of z bark, the inverse of hz_to_bark."""
    z = np.asarray(z, np.float64)
    if bark_scale == "schroeder":
        return 650 * np.sinh(z / 7)
    if bark_scale == "wang":
        return 600 * np.sinh(z / 6)
    z = np.where(z < 2, (z - 0.3) / 0.85, np.where(z > 20.1, (z + 4.422) / 1.22, z))
    return 1960 / (26.81 / (z + 0.53) - 1)


def hz_to_erb(f: Any) -> np.ndarray:
    """Return the ERB number of f: 21.4 log10(4.37 F + 1), F in kHz (Glasberg and Moore 1990)."""
    return 21.4 * np.log10(4.37 * np.asarray(f, np.float64) / 1000 + 1)


def erb_to_hz(e: Any) -> np.ndarray:
    """Return the frequency below which e equivalent rectangular bandwidths lie."""
    return 1000 * (10 ** (np.asarray(e, np.float64) / 21.4) - 1) / 4.37


def scale_of(s: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return the functions from Hz to the band scale of a spec and back."""
    kind = s["filterbank"]
    if kind == "bark":
        return (
            lambda f: hz_to_bark(f, s["bark_scale"]),
            lambda z: bark_to_hz(z, s["bark_scale"]),
        )
    if kind == "erb":
        return hz_to_erb, erb_to_hz
    if kind == "log":
        return np.log2, np.exp2
    scale = "linear" if kind == "linear" else s["mel_scale"]
    return lambda f: hz_to_mel(f, scale), lambda m: mel_to_hz(m, scale)


def warp(s: Mapping[str, Any], f: np.ndarray, f_max: float, nyquist: float) -> np.ndarray:
    """Kaldi's vocal tract length warp: f / warp between two knees, the ends stay (VtlnWarpFreq)."""
    factor = s["vtln_warp"]
    cutoff = s["vtln_high"] + (nyquist if s["vtln_high"] < 0 else 0)
    low_knee, high_knee = s["vtln_low"] * max(1, factor), cutoff * min(1, factor)
    knots = [s["f_min"], low_knee, high_knee, f_max]
    moved = np.interp(f, knots, [s["f_min"], low_knee / factor, high_knee / factor, f_max])
    return np.where((f < s["f_min"]) | (f > f_max), f, moved)


def points(s: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Return the n_mels + 2 points that the bands lie between: along the scale, and in Hz."""
    to_scale, from_scale = scale_of(s)
    nyquist = s["filterbank_sample_rate"] / 2
    f_max = nyquist if s["f_max"] is None else s["f_max"]
    m = np.arange(s["n_mels"] + 2)
    if s["filterbank"] == "log":
        x = np.log2(s["f_min"]) + (m - 1) / s["bins_per_octave"]
    else:
        lowest, highest = float(to_scale(s["f_min"])), float(to_scale(f_max))
        x = lowest + (highest - lowest) * m / (s["n_mels"] + 1)
    hz = from_scale(x)
    if s["vtln_warp"] != 1:
        hz = warp(s, hz, f_max, nyquist)
        x = to_scale(hz)
    return x, hz


def shape(kind: str, x: np.ndarray, left: float, centre: float, right: float) -> np.ndarray:
    """A filter at x: triangle, rectangle (edges included) or Gaussian of half the bandwidth."""
    if kind == "rectangle":
        hair = 1e-9 * (right - left)
        return ((x >= left - hair) & (x <= right + hair)).astype(np.float64)
    t = np.where(x <= centre, (x - centre) / (centre - left), (x - centre) / (right - centre))
    if kind == "gaussian":
        return np.exp(-0.5 * (t / 0.5) ** 2)
    return np.maximum(np.minimum((x - left) / (centre - left), (right - x) / (right - centre)), 0)


def bands(s: Mapping[str, Any]) -> np.ndarray:
    """Return filters between neighbouring points, `[n_mels, n_freqs]`."""
    x, hz = points(s)
    n = s["n_fft"] // 2 + 1
    bins = np.arange(n) * s["filterbank_sample_rate"] / s["n_fft"]
    along = s["triangle"] == "mel"
    with np.errstate(divide="ignore"):  # log2(0)
        at = scale_of(s)[0](bins) if along else bins
    bank = np.zeros((s["n_mels"], n))
    for m in range(s["n_mels"]):
        left, centre, right = (x if along else hz)[m : m + 3]
        low, high = hz[m], hz[m + 2]
        if s["triangle"] == "isosceles":
            right = high = centre + (centre - left)
        with np.errstate(invalid="ignore"):
            bank[m] = shape(s["filter_shape"], at, left, centre, right)
        if s["norm"] == "slaney":
            bank[m] *= 2 / (high - low)
    if along and s["n_fft"] % 2 == 0:
        bank[:, -1] = 0
    return bank


def chroma(s: Mapping[str, Any]) -> np.ndarray:
    """D. Ellis's chroma map as librosa has it: Gaussian bumps a bin wide, columns normalised."""
    n, n_fft = s["n_mels"], s["n_fft"]
    f = np.arange(1, max(n_fft, 2)) * s["filterbank_sample_rate"] / n_fft
    place = n * np.log2(f / (440 * 2 ** (s["tuning"] / n) / 16))
    place = np.concatenate([place[:1] - 1.5 * n, place])[:n_fft]
    width = np.append(np.maximum(np.diff(place), 1), 1)
    half = np.round(n / 2)
    away = np.mod(place - np.arange(n)[:, None] + half, n) - half
    bank = np.exp(-0.5 * (2 * away / width) ** 2)
    order = {"l1": 1, "max": np.inf}.get(s["norm"], 2)
    bank /= np.linalg.norm(bank, order, axis=0)
    if s["chroma_width"] is not None:
        bank *= np.exp(-0.5 * ((place / n - s["chroma_octave"]) / s["chroma_width"]) ** 2)
    return np.roll(bank, -3 * (n // 12), axis=0)[:, : n_fft // 2 + 1]


def filterbank(s: Mapping[str, Any]) -> np.ndarray:
    """Return the filters of a spec, `[n_mels, n_freqs]`, rows of norm 1 where it says so."""
    if s["filterbank"] == "chroma":
        return chroma(s)
    bank = bands(s) if isinstance(s["filterbank"], str) else np.asarray(s["filterbank"], float)
    if s["norm"] in ("l1", "l2", "max"):
        order = {"l1": 1, "l2": 2, "max": np.inf}[s["norm"]]
        size = np.linalg.norm(bank, order, axis=1, keepdims=True)
        bank = bank / np.where(size > 0, size, 1)
    return bank
