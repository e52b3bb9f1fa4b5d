# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Whole specs that several tests run: as data, so that reference and core take the same dict."""

from __future__ import annotations

from typing import Any

WHISPER: dict[str, Any] = {
    "n_fft": 400,
    "hop_length": 160,
    "drop_last": True,
    "filterbank": "mel",
    "n_mels": 80,
    "mel_scale": "slaney",
    "norm": "slaney",
    "log": "log10",
    "finish": (("dynamic_range", 8.0), ("affine", 0.25, 1.0)),
}

KALDI: dict[str, Any] = {
    "scale": 32768.0,
    "n_fft": 512,
    "win_length": 400,
    "hop_length": 160,
    "snip_edges": True,
    "remove_dc": True,
    "frame_preemphasis": 0.97,
    "window": "povey",
    "periodic": False,
    "window_align": "left",
    "filterbank": "mel",
    "n_mels": 80,
    "f_min": 20.0,
    "mel_scale": "kaldi",
    "triangle": "mel",
    "log": "ln",
    "floor": 1.1920928955078125e-07,
    "layout": "time_freq",
}

VOCODER: dict[str, Any] = {
    "sample_rate": 22050,
    "n_fft": 1024,
    "hop_length": 256,
    "frame_pad": (384, 384),
    "power": 1.0,
    "power_eps": 1e-9,
    "filterbank": "mel",
    "n_mels": 80,
    "f_max": 8000.0,
    "mel_scale": "slaney",
    "norm": "slaney",
    "log": "ln",
    "floor": 1e-5,
}

CONFORMER: dict[str, Any] = {
    "preemphasis": 0.97,
    "n_fft": 512,
    "win_length": 400,
    "hop_length": 160,
    "pad_mode": "constant",
    "periodic": False,
    "filterbank": "mel",
    "n_mels": 80,
    "mel_scale": "slaney",
    "norm": "slaney",
    "log": "ln",
    "floor": 0.0,
    "eps": 2.0**-24,
}

TAGGING: dict[str, Any] = {
    "sample_rate": 32000,
    "n_fft": 1024,
    "hop_length": 320,
    "filterbank": "mel",
    "n_mels": 64,
    "f_min": 50.0,
    "f_max": 14000.0,
    "mel_scale": "slaney",
    "norm": "slaney",
    "log": "db",
    "layout": "time_freq",
}

RECIPES = {
    "whisper": WHISPER,
    "kaldi": KALDI,
    "vocoder": VOCODER,
    "conformer": CONFORMER,
    "tagging": TAGGING,
}
