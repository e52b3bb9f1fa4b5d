# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Steps that several originals share, as calls of torch and librosa, in a dtype of choice."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from support.peers import peer


def tensor(x: np.ndarray, dtype: Any) -> Any:
    """Return the samples as a torch tensor of one dimension."""
    return peer("torch").from_numpy(np.ascontiguousarray(x)).to(dtype)


@cache
def _bank(
    rate: int, n_fft: int, n_mels: int, f_min: float, f_max: float | None, htk: bool, kind: str
) -> np.ndarray:
    norm = None if htk else "slaney"
    bank = peer("librosa").filters.mel(
        sr=rate, n_fft=n_fft, n_mels=n_mels, fmin=f_min, fmax=f_max, htk=htk, norm=norm, dtype=kind
    )
    return bank


def mel_bank(
    dtype: Any,
    rate: int,
    n_fft: int,
    n_mels: int,
    f_min: float = 0.0,
    f_max: float | None = None,
    htk: bool = False,
) -> Any:
    """Return librosa's bank: Slaney's scale and areas, or HTK's scale and no norm."""
    torch = peer("torch")
    kind = "float32" if dtype == torch.float32 else "float64"
    return torch.from_numpy(_bank(rate, n_fft, n_mels, f_min, f_max, htk, kind))


def reflected(x: Any, left: int, right: int) -> Any:
    """Pad by reflection."""
    return peer("torch").nn.functional.pad(x[None], (left, right), mode="reflect")[0]


def stft(
    x: Any,
    n_fft: int,
    hop: int,
    win: int | None = None,
    *,
    window: str = "hann",
    periodic: bool = True,
    center: bool = True,
    pad_mode: str = "reflect",
) -> Any:
    """Return torch's complex spectrogram `[bins, frames]`."""
    torch = peer("torch")
    win = n_fft if win is None else win
    make = {"hann": torch.hann_window, "hamming": torch.hamming_window}[window]
    return torch.stft(
        x,
        n_fft,
        hop_length=hop,
        win_length=win,
        window=make(win, periodic=periodic, dtype=x.dtype),
        center=center,
        pad_mode=pad_mode,
        return_complex=True,
    )


def tensorflow_mel(n_mels: int) -> np.ndarray:
    """Return tf.signal's mel rows `[n_mels, 257]`, 125 to 7500 Hz of 16 kHz, none for bin 0.

    Straight in mel; tf.signal.linear_to_mel_weight_matrix and VGGish's mel_features.py.
    """

    def mel(f: Any) -> Any:
        return 1127.0 * np.log(1.0 + f / 700.0)

    edges = np.linspace(mel(125.0), mel(7500.0), n_mels + 2)
    at = mel(np.linspace(0.0, 8000.0, 257))
    rise = (at - edges[:-2, None]) / np.diff(edges)[:-1, None]
    fall = (edges[2:, None] - at) / np.diff(edges)[1:, None]
    bank = np.maximum(0.0, np.minimum(rise, fall))
    bank[:, 0] = 0.0
    return bank
