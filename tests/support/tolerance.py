# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What float32 leaves open in the features of any signal: a bound carried through a recipe.

A float32 FFT of a frame x errs by some units of 2**-24 of |x|, its Euclidean norm, in every bin
alike (Higham, Accuracy and Stability of Numerical Algorithms, 24.1: the error is relative to the
norm, not to the bin), and so does what comes before it: |x| is taken without the window, which in
float32 is off by units of its peak, also where it is near 0. With d = NOISE 2**-24 |x|

    |X| comes out between |X| - d and |X| + d, in every bin of the frame,

so that two results differ by the width of that interval at most. All that follows is monotone in
|X| or has a slope that is known: epsilons, floors, exponents, bands (no weight is negative),
logarithms, and the finish stages one by one. |x| is taken before remove_mean, remove_dc and
pre-emphasis as well as after, and the larger one counts: what they cancel has been rounded before.
Everything else in the chain rounds by a few units of the value itself.

A value is *weak* where |X|, or the mean |X| under its band, is more than RANGE_DB below the largest
bin of the frame's spectrum (before the bank, the mean of the frame included), where it is made of
such values (normalised over time, transformed, stacked), or where there is no logarithm. The
promise: a difference of at most the tolerance, and for weak values of at most the tolerance and the
bound. It is worst-case arithmetic: a mean over time is allowed the mean of its bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import reference
import reference_finish
import reference_signal

UNIT = 2.0**-24
RANGE_DB = 50.0
# Of one float32 FFT, its samples and its window. The largest seen is 13, of 257 bins in some 3000
# frames of kaldi-spectrogram, where nothing averages it.
NOISE = 16.0
ROUNDING = 8.0  # units of the value itself


@dataclass(frozen=True)
class Bounded:
    """Features `[frames, rows]`, how far each may be off, and which of them are weak."""

    y: np.ndarray
    free: np.ndarray
    weak: np.ndarray

    def like(self, change: Any) -> Bounded:
        """Return the values moved about by `change`."""
        moved = change(self.weak.astype(np.float64)) > 0
        return Bounded(change(self.y), change(self.free), moved)


def bound(spec: Mapping[str, Any], x: np.ndarray, noise: float = NOISE) -> Bounded:
    """Return the features of one signal in float64, in the spec's layout, and their bounds."""
    s = reference.complete({**spec, "finish": _tuples(spec.get("finish", ()))})
    with np.errstate(all="ignore"):
        if s["quantize"]:  # which step a sample falls to is decided in float32
            x = np.clip(x.astype(np.float32) * np.float32(s["scale"]), -1, 1) * np.float32(32767)
            x, s = np.trunc(x) / np.float32(32767), {**s, "quantize": None, "scale": 1.0}
        x = x.astype(np.float64)
        if s["output"] == "waveform":
            return _waveform(s, x, noise)
        return _finished(s, x, *_compressed(s, x, noise))


def used(
    spec: Mapping[str, Any],
    x: np.ndarray,
    a: np.ndarray,
    b: np.ndarray,
    tolerance: float,
    noise: float = NOISE,
) -> float:
    """Return how much of what is allowed two float32 results use: they agree where it is <= 1.

    A recipe in float64 is allowed no noise, only the rounding of its result.
    """
    allowed = bound(spec, x, 0.0 if spec.get("compute_dtype") == "float64" else noise)
    error = np.abs(np.asarray(a, np.float64) - np.asarray(b, np.float64))
    limit = tolerance + np.where(allowed.weak, allowed.free, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(error > 0, error / limit, 0.0)
    return float(np.max(np.where(np.isnan(error), np.inf, share), initial=0.0))


def _tuples(value: Any) -> Any:
    """Finish stages as tuples, which JSON has as lists."""
    return tuple(map(_tuples, value)) if isinstance(value, (list, tuple)) else value


def _waveform(s: dict[str, Any], x: np.ndarray, noise: float) -> Bounded:
    y, loud = reference.condition(s, x), _before_differences(s, x)
    free = np.full_like(y, noise * UNIT * np.abs(loud).max(initial=0.0))
    return Bounded(y, free, np.ones(y.shape, bool))


def _before_differences(s: dict[str, Any], x: np.ndarray) -> np.ndarray:
    """The conditioned signal, but for the mean and the pre-emphasis that are subtracted."""
    plain = {**s, "preemphasis": 0.0, "level": None}
    gain = 1.0
    if s["level"] is not None and len(x):
        whole = {**plain, "pad": (0, 0), "length": None, "min_length": None, "max_length": None}
        gain = reference_signal.level_factor(
            s, reference.condition({**whole, "length_step": None}, x)
        )
    return reference.condition({**plain, "remove_mean": False}, x) * gain


def _norms(frames: np.ndarray) -> np.ndarray:
    return np.sqrt(np.sum(frames**2, axis=1, keepdims=True))


def _compressed(s: dict[str, Any], x: np.ndarray, noise: float) -> tuple[Bounded, Any]:
    """Bands or bins after the logarithm, and the log energy."""
    w = reference.spec_window(s)
    cut = reference.frame(s, reference.condition(s, x))
    before = reference.frame(s, _before_differences(s, x))
    frames = reference.apply_window(s, reference.per_frame(s, cut), w)
    loud = reference.apply_window(s, before, w)
    size = reference.spectrum({**s, "power": 1, "power_eps": 0, "power_floor": 0}, np.eye(1), w)
    size = size[0, 0]  # what `normalized` divides by
    x_k = np.abs(reference.rfft(frames)) * size
    peak = np.maximum(x_k, np.abs(reference.rfft(loud)) * size).max(axis=1, keepdims=True)
    d = noise * UNIT * size * np.maximum(_norms(before), _norms(reference.per_frame(s, cut)))
    power = s["power"]
    plain = {**s, "normalized": False}
    values = [reference.spectrum(plain, a, w) for a in (x_k, np.maximum(x_k - d, 0), x_k + d)]
    bank = reference.filterbank_matrix(s)
    level = peak**power * 10 ** (-RANGE_DB * power / 20)
    if bank is not None:
        values = [v @ bank.T for v in values]
        level = level * bank.sum(axis=1)
    weak = values[0] < level
    if s["log"] is None:  # the error is of the frame's size, and an absolute tolerance of none
        weak = np.ones_like(weak)
    y, low, high = values
    low, high = low * (1 - ROUNDING * UNIT), high * (1 + ROUNDING * UNIT)
    y, low, high = (reference.compress(s, v) for v in (y, low, high))
    free = high - low + ROUNDING * UNIT * np.abs(y)
    return Bounded(y, np.where(high == low, 0.0, free), weak), _energy(s, cut, before, frames)


def _energy(s: dict[str, Any], cut: np.ndarray, before: np.ndarray, frames: np.ndarray) -> Any:
    if s["energy"] is None:
        return None
    dc_free = reference.per_frame({**s, "frame_preemphasis": 0}, cut)
    e = reference.log_energy(s, dc_free, frames)
    own = np.sum((dc_free if s["energy"] == "raw" else frames) ** 2, axis=1, keepdims=True)
    off = NOISE * UNIT * np.sum(before**2, axis=1, keepdims=True)
    floor = s["energy_floor"]
    low, high = (np.log(np.maximum(v, floor)) for v in (own - off, own + off))
    return Bounded(e, high - low + ROUNDING * UNIT * np.abs(e), off > 1e-5 * own)


def _finished(s: dict[str, Any], x: np.ndarray, now: Bounded, energy: Any) -> Bounded:
    valid = reference.valid_frames(s, len(x), len(now.y))
    stages = list(s["finish"])
    if energy is not None and not any(stage[0] == "energy" for stage in stages):
        now = _beside(energy, now)
    cut = stages.pop() if stages and stages[-1][0] == "patches" else None
    for stage in stages:
        p = reference_finish.parameters(stage)
        if stage[0] == "energy":
            first = replace(now, **{k: getattr(now, k)[:, 1:] for k in ("y", "free", "weak")})
            now = _beside(energy, first if p["place"] == "replace" else now)
            continue
        done = reference_finish.run_stage(stage, now.y, None, valid)
        now, valid = _stage(stage, p, now, valid, done[0]), done[2]
    if s["layout"] == "freq_time":
        now = now.like(np.transpose)
    if cut is None:
        return now
    parameters = reference_finish.parameters(cut)
    return now.like(lambda v: reference_finish.patches(v, parameters))


def _beside(left: Bounded, right: Bounded) -> Bounded:
    both = [(getattr(left, k), getattr(right, k)) for k in ("y", "free", "weak")]
    return Bounded(*(np.concatenate(pair, axis=1) for pair in both))


def _stage(stage: Any, p: dict[str, Any], a: Bounded, valid: int, y: np.ndarray) -> Bounded:
    """What a stage makes of the bounds; `y` is what it makes of the values."""
    name = stage[0]
    if name in ("stack", "frames", "pad", "multiple"):
        moved = a.like(lambda v: reference_finish.change_frames(name, v, {**p, "value": 0.0}))
        return replace(moved, y=y)
    if name == "mask":
        true = np.arange(len(y))[:, None] < valid
        return Bounded(y, np.where(true, a.free, 0.0), a.weak & true)
    if name == "dynamic_range":
        return _clamped(p, a, y)
    if name in ("affine", "statistics", "lifter"):
        slope = np.abs(
            reference_finish.same_frames(name, np.ones_like(y), p, valid)
            - reference_finish.same_frames(name, np.zeros_like(y), p, valid)
        )
        return Bounded(y, a.free * slope, a.weak)
    if name == "normalize":
        return _normalized(p, a, valid, y)
    if name == "dct":
        basis = np.abs(reference_finish.dct(np.eye(a.y.shape[1]), p))
        return Bounded(y, a.free @ basis, np.repeat(a.weak.any(1, keepdims=True), y.shape[1], 1))
    if name == "deltas" and p["order"] == 1 and p["mode"] == "replicate":
        n = p["win_length"] // 2
        w = np.abs(np.arange(-n, n + 1)) / (2 * sum(j * j for j in range(1, n + 1)))
        turned = a.like(lambda v: reference_finish.slope(v, w))
        return replace(_beside(a, turned), y=y)
    if name == "frame_norm" and p["order"] == "max":
        size = np.abs(a.y).max(1, keepdims=True)
        low = np.maximum(size - a.free.max(1, keepdims=True), p["eps"])
        return Bounded(y, 2 * a.free.max(1, keepdims=True) / low + 0 * y, a.weak)
    if name == "argmax":
        near = a.y + a.free >= (a.y - a.free).max(1, keepdims=True)
        open_ = near & (near.sum(1, keepdims=True) > 1)
        return Bounded(y, open_.astype(np.float64), open_)
    # others are in no preset
    raise NotImplementedError(f"no bound is known for the finish stage {stage}")


def _clamped(p: dict[str, Any], a: Bounded, y: np.ndarray) -> Bounded:
    low, high = a.y - a.free, a.y + a.free
    low_end, high_end = low.max() - p["range"], high.max() - p["range"]
    free = np.maximum(np.maximum(high, high_end) - y, y - np.maximum(low, low_end))
    return Bounded(y, free, a.weak & (high > low_end))


def _normalized(p: dict[str, Any], a: Bounded, valid: int, y: np.ndarray) -> Bounded:
    """(y - m) / S: m moves by the mean of the bounds at most, the deviation by their norm."""
    axis = {"time": 0, "freq": 1, "all": None}[p["axis"]]
    true = slice(None) if p["axis"] == "freq" else slice(valid)
    n = a.y[true].size if axis is None else a.y[true].shape[axis]
    if n == 0:
        return replace(a, y=y)
    free = a.free
    if p["mean"]:  # its own rounding counts where all values are the same
        size = np.abs(a.y[true]).max(axis=axis, keepdims=True)
        free = free + a.free[true].mean(axis=axis, keepdims=True) + ROUNDING * UNIT * size
    if p["std"]:
        spread = np.sqrt((a.free[true] ** 2).sum(axis=axis, keepdims=True) / max(n - p["ddof"], 1))
        std = a.y[true].std(axis=axis, ddof=p["ddof"], keepdims=True)
        by = _divisor(p, std)
        least = _divisor(p, np.maximum(std - spread, 0.0))
        free = free / least + np.abs(y) * (by / least - 1)
        return Bounded(y, free, np.ones_like(a.weak))  # a small deviation lifts any error
    return Bounded(y, free, a.weak | a.weak[true].any(axis=axis, keepdims=True))


def _divisor(p: dict[str, Any], std: np.ndarray) -> np.ndarray:
    if p["eps_in"] == "var":
        return np.sqrt(std**2 + p["eps"])
    return np.maximum(std, p["eps"]) if p["eps_in"] == "floor" else std + p["eps"]
