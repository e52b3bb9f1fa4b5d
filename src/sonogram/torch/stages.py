# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Finish stages in torch operations, over features ``[items, frames, rows]``, all of one length.

What a stage computes is said at `sonogram.Spec`. Matrices of linear stages are read off the core,
which is given the identity.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

from .. import _core
from .._spec.finish_stages import Stage
from .._spec.record import Spec
from .spectra import safe_sqrt, wide

Parameters = dict[str, Any]


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def of_core(stage: str, parameters: tuple[tuple[str, Any], ...], rows: int) -> Tensor:
    """What the core makes of the identity's rows as frames, in float64."""
    spec = Spec(finish=((stage, *parameters),), layout="time_freq")
    return torch.from_numpy(_core.apply_finish(np.eye(rows), spec._fields()))


def constant(y: Tensor, values: npt.ArrayLike) -> Tensor:
    """Numbers in the dtype and on the device of features."""
    return torch.as_tensor(np.asarray(values, np.float64)).to(y.device, y.dtype)


# ------------------------------------------------------------------- what keeps frames and rows


def dynamic_range(y: Tensor, p: Parameters, valid: int) -> Tensor:
    return torch.maximum(y, y.amax((1, 2), keepdim=True) - p["range"])


def affine(y: Tensor, p: Parameters, valid: int) -> Tensor:
    return y.mul(p["scale"]).add(p["offset"])


def reference(y: Tensor, p: Parameters, valid: int) -> Tensor:
    if p["value"] == "max":
        return y - y.amax((1, 2), keepdim=True)
    if p["value"] == "mean":
        return y - wide(y[:, :valid]).mean((1, 2), keepdim=True).to(y.dtype)
    return y.sub(p["value"])


def clip(y: Tensor, p: Parameters, valid: int) -> Tensor:
    return y.clamp(p["low"], p["high"])


def normalize(y: Tensor, p: Parameters, valid: int) -> Tensor:
    true = y if p["axis"] == "freq" else y[:, :valid]
    dims = {"freq": (2,), "time": (1,), "all": (1, 2)}[p["axis"]]
    count = math.prod([true.shape[d] for d in dims])
    least = 1 + (p["ddof"] if p["std"] else 0)
    if count < least:
        raise ValueError(
            f"finish stage 'normalize' has {count} values of {valid} valid frames; it needs {least}"
        )
    numbers = wide(true)
    mean = numbers.mean(dims, keepdim=True)
    centred = y - mean.to(y.dtype) if p["mean"] else y
    if not p["std"]:
        return centred
    variance = (numbers - mean).square().sum(dims, keepdim=True) / (count - p["ddof"])
    if p["eps_in"] == "var":
        deviation = safe_sqrt(variance + p["eps"])
    elif p["eps_in"] == "floor":
        deviation = safe_sqrt(variance).clamp(min=p["eps"])
    else:
        deviation = safe_sqrt(variance) + p["eps"]
    return centred / deviation.to(y.dtype)


def statistics(y: Tensor, p: Parameters, valid: int) -> Tensor:
    return (y - constant(y, p["mean"])) * constant(y, p["scale"])


def sliding_cmn(y: Tensor, p: Parameters, valid: int) -> Tensor:
    """Kaldi's SlidingWindowCmnOptions, by differences of running sums."""
    windows: Tensor = _windows(y.shape[1], p["window"], p["min_window"], p["center"])
    begin, end = windows.to(y.device).unbind()
    shift = wide(y).mean(1, keepdim=True).detach()  # keeps the sums small
    numbers = wide(y) - shift
    size = (end - begin)[None, :, None].to(numbers.dtype)

    def mean(values: Tensor) -> Tensor:
        sums = F.pad(values.cumsum(1), (0, 0, 1, 0))
        return (sums[:, end] - sums[:, begin]) / size

    middle = mean(numbers)
    out = numbers - middle
    if p["std"]:
        variance = (mean(numbers.square()) - middle.square()).clamp(min=1e-10)
        out = torch.where(size == 1, 0.0, out / variance.sqrt())
    return out.to(y.dtype)


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def _windows(total: int, window: int, least: int, center: bool) -> Tensor:
    """The first frame of each frame's window and the one after its last, ``[2, frames]``."""
    t = torch.arange(total)
    begin, end = (t - window, t + 1)
    if center:
        begin = t - window // 2
        end = begin + window
    end = torch.where(begin < 0, end - begin, end)
    begin = begin.clamp(min=0)
    if not center:
        end = torch.where(end > t, (t + 1).clamp(min=least), end)
    begin = torch.where(end > total, (begin - (end - total)).clamp(min=0), begin)
    return torch.stack([begin, end.clamp(max=total)])


def pcen(y: Tensor, p: Parameters, valid: int) -> Tensor:
    """(E / (eps + M)^gain + bias)^power - bias^power, M[t] = (1 - s) M[t-1] + s E[t]."""
    s, smoothed = p["smooth"], []
    m = y[:, 0] if p["start"] == "first" else torch.ones_like(y[:, 0])
    for frame in y.unbind(1):
        m = (1 - s) * m + s * frame
        smoothed.append(m)
    x: Tensor = y / (p["eps"] + torch.stack(smoothed, 1)).pow(p["gain"])
    if p["power"] == 0:
        return torch.log1p(x)
    return x.add(p["bias"]).pow(p["power"]).sub(p["bias"] ** p["power"])


def dct(y: Tensor, p: Parameters, valid: int) -> Tensor:
    given = (("n", p["n"]), ("type", p["type"]), ("norm", p["norm"]))
    matrix: Tensor = of_core("dct", given, y.shape[2])
    matrix = matrix.to(y.device, y.dtype)
    return y @ matrix


def lifter(y: Tensor, p: Parameters, valid: int) -> Tensor:
    i = torch.arange(y.shape[2], device=y.device, dtype=y.dtype) + p["first"]
    weights: Tensor = 1 + p["length"] / 2 * torch.sin(math.pi / p["length"] * i)
    return y * weights


def rotate(y: Tensor, p: Parameters, valid: int) -> Tensor:
    return y.roll(-p["rows"], 2)


def mask(y: Tensor, p: Parameters, valid: int) -> Tensor:
    return torch.cat([y[:, :valid], torch.full_like(y[:, valid:], p["value"])], 1)


def frame_norm(y: Tensor, p: Parameters, valid: int) -> Tensor:
    if p["order"] == "max":
        norm = y.abs().amax(2, keepdim=True)
    elif p["order"] == "l1":
        norm = y.abs().sum(2, keepdim=True)
    else:
        norm = safe_sqrt(y.square().sum(2, keepdim=True))
    return y / norm.clamp(min=p["eps"])


def argmax(y: Tensor, p: Parameters, valid: int) -> Tensor:
    return F.one_hot(y.argmax(2), y.shape[2]).to(y.dtype)


# ----------------------------------------------------------------- what changes frames or rows


def _slope(y: Tensor, weights: Sequence[float]) -> Tensor:
    """Weigh neighbours, the first and last frame repeated."""
    n = len(weights) // 2
    padded = torch.cat([y[:, :1]] * n + [y] + [y[:, -1:]] * n, 1)
    return sum((w * padded[:, j : j + y.shape[1]] for j, w in enumerate(weights)), y.new_zeros(()))


def _interp(y: Tensor, order: int, p: Parameters) -> Tensor:
    """The derivative of polynomials fitted to `win_length` frames; at the ends, of the last fit."""
    win = p["win_length"]
    n = win // 2
    given = (("order", order), ("win_length", win), ("mode", "interp"))
    # the last block of columns is the derivative sought
    fits = of_core("deltas", given, win)[:, -win:].to(y.device, y.dtype)
    left = torch.einsum("tj,ijr->itr", fits[:n], y[:, :win])
    right = torch.einsum("tj,ijr->itr", fits[n + 1 :], y[:, -win:])
    middle = [w * y[:, j : y.shape[1] - win + 1 + j] for j, w in enumerate(fits[n])]
    return torch.cat([left, sum(middle, y.new_zeros(())), right], 1)


def _convolved(a: Sequence[float], b: Sequence[float]) -> list[float]:
    out = [0.0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            out[i + j] += x * y
    return out


def deltas(y: Tensor, p: Parameters) -> Tensor:
    n = p["win_length"] // 2
    w = [j / (2 * sum(i * i for i in range(1, n + 1))) for j in range(-n, n + 1)]
    parts, composed = [y], [1.0]
    for order in range(1, p["order"] + 1):
        if p["mode"] == "replicate":
            parts.append(_slope(parts[-1], w))
        elif p["mode"] == "kaldi":
            composed = _convolved(composed, w)
            parts.append(_slope(y, composed))
        else:
            parts.append(_interp(y, order, p))
    return torch.cat(parts, 2)


def stack(y: Tensor, p: Parameters) -> Tensor:
    size, stride, left, total = p["size"], p["stride"], p["left"], y.shape[1]
    if total == 0:
        return y.new_zeros(len(y), 0, size * y.shape[2])
    at: Tensor = _stacked(total, size, stride, left, p["tail"])
    source = F.pad(y, (0, 0, 0, 1))  # the zeros are the last frame
    picked = source[:, at.reshape(-1).to(y.device)]
    return picked.reshape(len(y), len(at), size * y.shape[2])


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def _stacked(total: int, size: int, stride: int, left: int, tail: str) -> Tensor:
    """Which frames each stacked frame joins, ``[frames, size]``; `total` is a frame of zeros."""
    count = -(-total // stride)
    if tail == "drop":
        count = max(0, (total + left - size) // stride + 1)
    at = torch.arange(count)[:, None] * stride - left + torch.arange(size)
    inside = at.clamp(0, total - 1)
    return torch.where(at >= total, total, inside) if tail == "zero" else inside


def _placed(y: Tensor, left: int, total: int, value: float) -> Tensor:
    """Frames from `left` on among `total` frames of a value."""
    kept = y[:, : max(0, total - left)]
    return F.pad(kept, (0, 0, min(left, total), max(0, total - left - y.shape[1])), value=value)


def pad(y: Tensor, p: Parameters) -> Tensor:
    return _placed(y, p["left"], p["left"] + y.shape[1] + p["right"], p["value"])


def multiple(y: Tensor, p: Parameters) -> Tensor:
    return _placed(y, 0, -(-y.shape[1] // p["of"]) * p["of"], p["value"])


def frames(y: Tensor, p: Parameters) -> Tensor:
    now, count = y.shape[1], p["count"]
    total = {"fixed": count, "pad": max(now, count), "cut": min(now, count)}[p["mode"]]
    return _placed(y, 0, total, p["value"])


def patches(picture: Tensor, p: Parameters) -> Tensor:
    """Pieces of pictures ``[items, height, width]``, row by row."""
    cut = picture.unfold(1, p["height"], p["stride_height"])
    cut = cut.unfold(2, p["width"], p["stride_width"])
    return cut.reshape(len(picture), -1, p["height"], p["width"])


_KEEPING: dict[str, Callable[[Tensor, Parameters, int], Tensor]] = {
    f.__name__: f
    for f in (
        dynamic_range, affine, reference, clip, normalize, statistics, sliding_cmn, pcen, dct,
        lifter, rotate, mask, frame_norm, argmax,
    )
}  # fmt: skip
_CHANGING = {f.__name__: f for f in (deltas, stack, pad, multiple, frames)}


def valid_after(name: str, p: Parameters, valid: int, total: int) -> int:
    """How many of a stage's `total` frames are valid, of `valid` before it."""
    if name == "pad":
        valid += p["left"]
    elif name == "stack":
        decides = p["valid"]
        if decides < 0:
            decides = max(p["size"] - 1 - p["left"], 0) if p["tail"] == "drop" else 0
        valid = max(0, -(-(valid - decides) // p["stride"]))
    return min(valid, total)


def finish(
    stages: Sequence[Stage], layout: str, y: Tensor, energy: Tensor | None, valid: int
) -> Tensor:
    """Run all stages, and put the axes in the order of the layout."""
    if energy is not None and not any(name == "energy" for name, _ in stages):
        y = torch.cat([energy, y], 2)
    cut = stages[-1][1] if stages and stages[-1][0] == "patches" else None
    for name, p in stages if cut is None else stages[:-1]:
        if name == "energy":
            assert energy is not None
            rest = y[:, :, 1:] if p["place"] == "replace" else y
            y = torch.cat([rest, energy] if p["place"] == "last" else [energy, rest], 2)
        elif name in _CHANGING:
            y = _CHANGING[name](y, p)
            valid = valid_after(name, p, valid, y.shape[1])
        elif y.numel():
            y = _KEEPING[name](y, p, valid)
    picture = y.transpose(1, 2) if layout == "freq_time" else y
    return picture if cut is None else patches(picture, cut)
