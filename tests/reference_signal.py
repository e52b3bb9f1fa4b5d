# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The reference from samples to frames: the conditioned signal, and what each frame reads of it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def to_real(x: Any, real: type[np.floating[Any]] = np.float64) -> np.ndarray:
    """Samples as `real`: floats as they are, integers of b bits divided by 2**(b - 1)."""
    x = np.asarray(x)
    if x.dtype.kind == "i":
        return x.astype(real) / real(2.0 ** (8 * x.dtype.itemsize - 1))
    return x.astype(real)


def condition(s: dict[str, Any], x: np.ndarray) -> np.ndarray:
    """Scale, clip, quantise, remove the mean, level, pre-emphasise, set the length, pad."""
    x = x * s["scale"]
    if s["clip"] is not None:
        x = np.clip(x, -s["clip"], s["clip"])
    if s["quantize"] == "int16":
        x = np.trunc(x * 32767) / 32767
    if s["remove_mean"] and len(x):
        x = x - x.mean()
    if s["level"] is not None and len(x):
        x = x * level_factor(s, x)
    c = s["preemphasis"]
    if c and len(x):
        first = x[:1] if s["preemphasis_kind"] == "keep" else x[:1] - c * x[:1]
        x = np.concatenate([first, x[1:] - c * x[:-1]])
    left, right = s["pad"]
    return zeros_around(set_length(s, x), left, right)


def level_factor(s: dict[str, Any], x: np.ndarray) -> Any:
    """level / sqrt(mean(x^2) + eps), or level / (max|x| + eps).

    1 for silence, and NaN where a sample is NaN or Inf.
    """
    if not np.isfinite(x).all():
        return np.nan
    if s["level_kind"] == "peak":
        size = np.abs(x).max() + s["level_eps"]
    else:
        size = np.sqrt(np.mean(x * x) + s["level_eps"])
    factor = s["level"] / size if size else 1.0
    return max(factor, 1.0) if s["level_when"] == "quieter" else factor


def zeros_around(x: np.ndarray, left: int, right: int) -> np.ndarray:
    """Add zeros at both ends."""
    return np.concatenate([np.zeros(left, x.dtype), x, np.zeros(right, x.dtype)])


def lengths(s: dict[str, Any], n: int) -> tuple[int, int]:
    """How many of n samples are kept, and to how many they are extended."""
    least = s["length"] or s["min_length"] or 0
    most = s["length"] or s["max_length"] or n
    kept = min(n, most)
    wanted = max(kept, least)
    if s["length_step"]:
        wanted = least + math.ceil((wanted - least) / s["length_step"]) * s["length_step"]
    return kept, wanted


def set_length(s: dict[str, Any], x: np.ndarray) -> np.ndarray:
    """Cut, then extend by zeros, by zeros on both sides, or by repeats of the item."""
    kept, wanted = lengths(s, len(x))
    x = x[:kept]
    missing, mode = wanted - kept, s["length_mode"]
    if mode == "zeros_both":
        return zeros_around(x, missing // 2, missing - missing // 2)
    if mode == "repeat" and kept:
        return np.tile(x, wanted // kept + 1)[:wanted]
    if mode == "repeat_zeros" and kept:
        x = np.tile(x, wanted // kept)
    return zeros_around(x, 0, wanted - len(x))


NUMPY_PAD = {
    "constant": "constant",
    "reflect": "reflect",
    "replicate": "edge",
    "circular": "wrap",
    "symmetric": "symmetric",
}


def pad_signal(x: np.ndarray, left: int, right: int, pad_mode: Any) -> np.ndarray:
    """Extend x at both ends, by one mode or by a pair of them; both read x alone.

    As torch does, reflect and circular refuse what one pass over x cannot fill.
    """
    modes = (pad_mode, pad_mode) if isinstance(pad_mode, str) else tuple(pad_mode)
    for mode, amount in zip(modes, (left, right), strict=True):
        if mode == "reflect" and amount and amount >= len(x):
            raise ValueError(f"a reflect pad of {amount} needs more than {len(x)} samples")
        if mode == "circular" and amount > len(x):
            raise ValueError(f"a circular pad of {amount} needs as many samples, not {len(x)}")
        if mode != "constant" and amount and not len(x):
            raise ValueError(f"nothing to pad from by {mode}")
    both = [np.pad(x, (left, right), NUMPY_PAD[mode]) for mode in modes]
    return np.concatenate([both[0][: left + len(x)], both[1][left + len(x) :]])


def frame_pads(s: dict[str, Any]) -> tuple[int, int]:
    """Samples of padding left and right of the signal, where there is a pad_mode to fill them."""
    if s["snip_edges"] is not None:
        return 0, 0
    if s["frame_pad"] is not None:
        return s["frame_pad"]
    return (s["n_fft"] // 2,) * 2 if s["center"] else (0, 0)


def count_frames(s: dict[str, Any], n: int) -> tuple[int, int]:
    """How many frames a conditioned signal of n samples has, and its samples with those added.

    Frame t counts when its span, from `t * hop_length` of the padded signal on, lies in it. Torch's
    is n_fft: `1 + (n + left + right - n_fft) // hop` frames. Kaldi's (feature-window.cc) is the
    window with snip_edges, else the first half of the hop: `(n + hop // 2) // hop` frames.
    """
    hop, left_right = s["hop_length"], sum(frame_pads(s))
    own = {None: s["n_fft"], True: s["win_length"], False: hop - hop // 2}[s["snip_edges"]]
    span = own if s["frame_span"] is None else s["frame_span"]
    rest = n + left_right - s["frame_offset"] - span
    if rest >= 0:
        count = 1 + (-(-rest // hop) if s["round_up"] else rest // hop)
    elif s["round_up"]:
        count = 1
    elif s["snip_edges"] is None:
        raise ValueError(f"{n} + {left_right} samples are too few for one frame of {span}")
    else:
        count = 0
    if s["drop_last"]:
        count = max(0, count - 1)
    rounded = -(-count // s["frame_multiple"]) * s["frame_multiple"]
    if rounded > count:  # the sample on which the last frame is centred must exist
        n = max(n, (rounded - 1) * hop + 1)
    return rounded, n


def num_frames(s: dict[str, Any], samples: int) -> int:
    """Count the frames before any finish stage."""
    return count_frames(s, lengths(s, samples)[1] + sum(s["pad"]))[0]


def frame(s: dict[str, Any], x: np.ndarray) -> np.ndarray:
    """Cut x into `[frames, win_length]`: just the samples that each frame's window reads.

    Torch centres the window in n_fft (`(n_fft - win) // 2`, so the odd sample is on the right).
    With snip_edges False, Kaldi's frame t begins at `t * hop + hop // 2 - win // 2` and mirrors the
    signal at its ends. Beyond all padding there are zeros.
    """
    win, hop = s["win_length"], s["hop_length"]
    count, total = count_frames(s, len(x))
    x = zeros_around(x, 0, total - len(x))
    if count == 0 and s["snip_edges"] is not None:
        return np.zeros((0, win), x.dtype)
    if s["snip_edges"] is False:
        first = hop // 2 - win // 2 + s["frame_offset"]
        left = max(0, -first)
        right = max(0, first + (count - 1) * hop + win - len(x))
        x = pad_signal(x, left, right, "symmetric") if len(x) else np.zeros(left + right, x.dtype)
        first += left
    else:
        x = pad_signal(x, *frame_pads(s), s["pad_mode"])
        centred = s["snip_edges"] is None and s["window_align"] == "center"
        first = s["frame_offset"] + ((s["n_fft"] - win) // 2 if centred else 0)
    if count == 0:
        return np.zeros((0, win), x.dtype)
    starts = first + hop * np.arange(count)
    x = zeros_around(x, 0, max(0, starts[-1] + win - len(x)))
    return np.stack([x[at : at + win] for at in starts])
