# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""From samples to compressed bands in torch operations: the first half of a Spec.

Batches are ``[items, samples]``, then ``[items, frames, ...]``. Formulas and their sources are
those of the fields of `sonogram.Spec`.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from .._spec.record import Spec


def wide(x: Tensor) -> Tensor:
    """Return x in float64, for sums, where the device has it."""
    return x if x.device.type == "mps" else x.double()


def safe_sqrt(x: Tensor) -> Tensor:
    """The square root, with a gradient of 0 at 0."""
    zero = x == 0
    return torch.where(zero, 0.0, torch.sqrt(torch.where(zero, 1.0, x)))


def condition(spec: Spec, x: Tensor) -> Tensor:
    """Change the values of samples; their number and order stay."""
    if spec.scale != 1:
        x = x * spec.scale
    if spec.clip is not None:
        x = x.clamp(-spec.clip, spec.clip)
    if spec.quantize == "int16":  # the gradient passes as if nothing had been rounded
        x = (torch.trunc(x.detach() * 32767) / 32767) + (x - x.detach())
    if x.shape[-1] == 0:
        return x
    if spec.remove_mean:
        x = x - wide(x).mean(-1, keepdim=True).to(x.dtype)
    if spec.level is not None:
        x = x * _level_factor(spec, x)
    c = spec.preemphasis
    if c:
        before = F.pad(x[..., :-1], (1, 0))
        if spec.preemphasis_kind == "replicate":
            before = torch.cat([x[..., :1], x[..., :-1]], -1)
        x = x - c * before
    return x


def _level_factor(spec: Spec, x: Tensor) -> Tensor:
    """level / sqrt(mean(x^2) + eps), or level / (max|x| + eps); 1 for silence."""
    assert spec.level is not None
    if spec.level_kind == "peak":
        size = x.abs().amax(-1, keepdim=True) + spec.level_eps
    else:
        size = safe_sqrt(wide(x).square().mean(-1, keepdim=True) + spec.level_eps).to(x.dtype)
    silent = size == 0
    factor = torch.where(silent, 1.0, spec.level / torch.where(silent, 1.0, size))
    if spec.level_when == "quieter":
        factor = factor.clamp(min=1.0)
    finite = torch.isfinite(x).all(-1, keepdim=True)
    return torch.where(finite, factor, torch.nan)


def frame(x: Tensor, indices: Tensor, win_length: int, hop_length: int) -> Tensor:
    """Cut ``[items, samples]`` into ``[items, frames, win_length]``; index -1 reads a zero."""
    if not len(indices):
        return x.new_zeros(len(x), 0, win_length)
    extended = F.pad(x, (0, 1))  # the zero is the last
    return extended[:, indices].unfold(-1, win_length, hop_length)


def per_frame(spec: Spec, frames: Tensor, emphasised: bool = True) -> Tensor:
    """Kaldi's ProcessWindow: subtract the frame's mean, then x[i] -= c x[i-1], x[0] -= c x[0]."""
    if spec.remove_dc:
        frames = frames - wide(frames).mean(-1, keepdim=True).to(frames.dtype)
    c = spec.frame_preemphasis
    if c and emphasised:
        frames = frames - c * torch.cat([frames[..., :1], frames[..., :-1]], -1)
    return frames


def spectrum(spec: Spec, windowed: Tensor, window: Tensor) -> Tensor:
    """Transform frames ``[..., win_length]`` in n_fft points: complex, or |X| to some power."""
    missing = spec.n_fft - windowed.shape[-1]
    at = missing // 2 if spec.window_align == "center" else 0
    padded = F.pad(windowed, (at, missing - at))
    if not padded.numel():  # no frame: FFT libraries refuse it
        x: Tensor = torch.complex(padded, padded)[..., : spec.n_fft // 2 + 1]
    else:
        x = torch.fft.rfft(padded)
    if spec.normalized == "frame_length":
        x = x / math.sqrt(spec.n_fft)
    elif spec.normalized:
        x = x / window.square().sum().sqrt()
    if spec.power is None:
        return x
    magnitude: Tensor = x.abs()
    if spec.power == 1 and spec.power_eps == 0 and spec.power_floor == 0:
        return magnitude
    square: Tensor = x.real.square() + x.imag.square()
    if spec.power_eps:
        square = square + spec.power_eps
    if spec.power_floor:
        square = square.clamp(min=spec.power_floor)
    if spec.power == 2:
        return square
    return safe_sqrt(square) if spec.power == 1 else square ** (spec.power / 2)


def log_energy(spec: Spec, raw: Tensor, windowed: Tensor) -> Tensor | None:
    """ln(max(sum x^2, energy_floor)) of each frame, ``[items, frames, 1]``."""
    if spec.energy is None:
        return None
    frames = raw if spec.energy == "raw" else windowed
    return frames.square().sum(-1, keepdim=True).clamp(min=spec.energy_floor).log()


def compress(spec: Spec, y: Tensor) -> Tensor:
    """log(max(gain y, floor) + eps), or log1p(gain y); dB is of power unless power is 1."""
    if spec.log is None:
        return y
    if spec.gain != 1:
        y = y * spec.gain
    if spec.log == "log1p":
        return torch.log1p(y)
    y = y.clamp(min=spec.floor) + spec.eps
    if spec.log == "ln":
        return y.log()
    if spec.log == "power":
        return y**spec.exponent
    if spec.log == "piecewise":
        return torch.where(y > math.e, y.clamp(min=math.e).log(), y / math.e)
    factor = {"log10": 1.0, "db": 20.0 if spec.power == 1 else 10.0}[spec.log]
    return factor * y.log10()
