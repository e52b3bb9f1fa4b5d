# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Which sample of an item each window position reads: the length, the padding and the framing.

Padding, cutting and repeating move samples and compute nothing, so they are one table of indices.
Where the conditioned signal has its samples from is read off the core, which is given their numbers
as a waveform.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .._features.extractor import Extractor
from .._spec.record import Spec

Indices = npt.NDArray[np.int64]
_MOVING = ("length", "min_length", "max_length", "length_step", "length_mode", "pad")


@dataclass(frozen=True)
class Reads:
    """Where windows read: ``indices[k]`` is a sample of the item, or -1 for a zero."""

    indices: Indices  # of everything from the first window's start to the last one's end
    frames: int


def conditioned(spec: Spec, samples: int) -> Indices:
    """Return the sample that each sample of the conditioned signal is, -1 for a zero."""
    moves = {name: getattr(spec, name) for name in _MOVING}
    numbers = np.arange(1.0, samples + 1)
    moved = Extractor(Spec(output="waveform", dtype="float64", **moves))(numbers)
    return np.asarray(moved).astype(np.int64) - 1


def reads(spec: Spec, samples: int, frames: int) -> Reads:
    """Return what `frames` frames of an item read, before any finish stage.

    As torch.stft frames a signal, or Kaldi (feature-window.cc) where `snip_edges` is given.
    """
    source = conditioned(spec, samples)
    win, hop = spec.win_length or spec.n_fft, _hop(spec)
    if frames == 0:
        return Reads(np.zeros(0, np.int64), 0)
    length = max(len(source), _extended(spec, samples, frames))
    source = np.concatenate([source, np.full(length - len(source), -1)])
    at = _first(spec, win, hop) + np.arange((frames - 1) * hop + win)
    left, right, modes = _pads(spec)
    at = np.where(at < 0, _fold(at, length, left, modes[0]), at)
    at = np.where(at >= length, _fold(at, length, right, modes[1]), at)
    return Reads(np.where(at < 0, -1, source[np.maximum(at, 0)]), frames)


def _hop(spec: Spec) -> int:
    return spec.hop_length or (spec.win_length or spec.n_fft) // 2


def _extended(spec: Spec, samples: int, frames: int) -> int:
    """Samples that frames added by `frame_multiple` ask for: the last one's middle must be one."""
    own = spec.replace(finish=(), frame_multiple=1, pad_mode="constant")
    if spec.frame_multiple == 1 or Extractor(own).num_frames(samples) == frames:
        return 0
    return (frames - 1) * _hop(spec) + 1


def _first(spec: Spec, win: int, hop: int) -> int:
    """Position of the first window's first sample in the conditioned signal."""
    if spec.snip_edges is False:
        return hop // 2 - win // 2 + spec.frame_offset
    centred = spec.snip_edges is None and spec.window_align == "center"
    return spec.frame_offset + ((spec.n_fft - win) // 2 if centred else 0) - _pads(spec)[0]


def _pads(spec: Spec) -> tuple[int, int, tuple[str, str]]:
    """Samples of padding left and right, and how each is filled."""
    if spec.snip_edges is False:
        return 1 << 62, 1 << 62, ("symmetric", "symmetric")
    modes = (spec.pad_mode,) * 2 if isinstance(spec.pad_mode, str) else tuple(spec.pad_mode)
    if spec.snip_edges is not None:
        return 0, 0, (modes[0], modes[1])
    left, right = spec.frame_pad or ((spec.n_fft // 2,) * 2 if spec.center else (0, 0))
    return left, right, (modes[0], modes[1])


def _fold(at: Indices, length: int, amount: int, mode: str) -> Indices:
    """Return the positions inside the signal that positions outside of it show, -1 for zeros."""
    if mode == "reflect":
        inside = np.where(at < 0, -at, 2 * (length - 1) - at)
    elif mode == "replicate":
        inside = np.clip(at, 0, length - 1)
    elif mode == "circular":
        inside = at % max(length, 1)
    elif mode == "symmetric":
        folded = at % max(2 * length, 1)
        inside = np.where(folded < length, folded, 2 * length - 1 - folded)
    else:
        return np.full_like(at, -1)
    return np.where((at >= -amount) & (at < length + amount), inside, -1)
