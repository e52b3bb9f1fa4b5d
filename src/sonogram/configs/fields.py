# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Fields that several families of configs share."""

from __future__ import annotations

import math
from typing import Any

from .._banks.filterbanks import mel_filterbank

FLOAT_EPSILON = 1.1920928955078125e-07  # what Kaldi floors energies and bands at
Fields = dict[str, Any]


def power_of_two(length: int) -> int:
    """Return the smallest power of two that is at least ``length``."""
    return 1 << max(0, length - 1).bit_length()


def mel(
    rate: float,
    n_fft: int,
    n_mels: int,
    f_min: float,
    f_max: float,
    mel_scale: str,
    norm: str | None = None,
    triangle: str = "hz",
    *,
    stretched: bool = True,
) -> Fields:
    """Mel bands over bins at ``k * rate / (2 * (n_fft // 2))`` Hz.

    That is where ``linspace(0, rate / 2, n_fft // 2 + 1)`` puts them in torchaudio and
    transformers: stretched where `n_fft` is odd. Librosa, not `stretched`, has them where they are.

    A Spec's bands end at the Nyquist frequency. Where an original lets them go on above it (Whisper
    for a rate under 16 kHz), they are built over twice the bins and the upper ones left out.
    """
    bands: Fields = {"n_mels": n_mels, "f_min": f_min, "f_max": f_max, "mel_scale": mel_scale,
                     "norm": norm, "triangle": triangle}  # fmt: skip
    stretch = n_fft / (2 * (n_fft // 2)) if stretched else 1.0
    if f_max <= rate * stretch / 2:
        if stretch != 1:
            bands["filterbank_sample_rate"] = rate * stretch
        return {"filterbank": "mel", **bands}
    times = math.ceil(2 * f_max / (rate * stretch))
    wide = mel_filterbank(sample_rate=times * rate * stretch, n_fft=times * n_fft, **bands)
    return {"filterbank": wide[:, : n_fft // 2 + 1], "n_mels": n_mels}


def whisper_log(dynamic_range: float = 8.0) -> Fields:
    """Log10 down to ``dynamic_range`` below the item's maximum, then ``x / 4 + 1``."""
    finish = (("dynamic_range", dynamic_range), ("affine", 0.25, 1.0))
    return {"log": "log10", "floor": 1e-10, "finish": finish}


def kaldi_frames(
    rate: float, win_length: int, hop_length: int, n_fft: int, n_mels: int, f_max: float
) -> Fields:
    """Kaldi's filterbank as speech models use it: fbank's defaults, no dither, no energy."""
    return {
        "sample_rate": rate,
        "n_fft": n_fft,
        "win_length": win_length,
        "hop_length": hop_length,
        "snip_edges": True,
        "remove_dc": True,
        "frame_preemphasis": 0.97,
        "window": "povey",
        "periodic": False,
        "window_align": "left",
        **mel(rate, n_fft, n_mels, 20.0, f_max, "kaldi", triangle="mel"),
        "log": "ln",
        "floor": FLOAT_EPSILON,
        "layout": "time_freq",
    }
