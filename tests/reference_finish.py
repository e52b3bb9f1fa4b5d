# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The finish stages in plain NumPy: slow, obvious, over features `[frames, rows]` of one item."""

import math
from typing import Any

import numpy as np

DEFAULTS: dict[str, dict[str, Any]] = {
    "dynamic_range": {"range": None},
    "affine": {"scale": None, "offset": None},
    "reference": {"value": None},
    "clip": {"low": None, "high": None},
    "normalize": {
        "axis": "time",
        "mean": True,
        "std": True,
        "ddof": 0,
        "eps": 0.0,
        "eps_in": "std",
    },
    "statistics": {"mean": None, "scale": None},
    "sliding_cmn": {"window": 600, "min_window": 100, "center": False, "std": False},
    "pcen": {
        "gain": 0.98,
        "bias": 2.0,
        "power": 0.5,
        "smooth": 0.025,
        "eps": 1e-6,
        "start": "unit",
    },
    "dct": {"n": None, "type": 2, "norm": "ortho"},
    "lifter": {"length": None, "first": 0},
    "energy": {"place": "first"},
    "rotate": {"rows": None},
    "deltas": {"order": 1, "win_length": 5, "mode": "replicate"},
    "stack": {"size": None, "stride": None, "left": 0, "tail": "drop", "valid": -1},
    "frames": {"count": None, "value": 0.0, "mode": "fixed"},
    "pad": {"left": None, "right": None, "value": 0.0},
    "multiple": {"of": None, "value": 0.0},
    "mask": {"value": 0.0},
    "frame_norm": {"order": "max", "eps": 0.0},
    "argmax": {},
    "patches": {"height": None, "width": None, "stride_height": None, "stride_width": None},
}


def parameters(stage: tuple[Any, ...]) -> dict[str, Any]:
    """Values by position, then pairs or a dict by name."""
    name, *given = stage
    values = dict(DEFAULTS[name])
    for key, value in zip(values, given, strict=False):
        if isinstance(value, dict) or (
            isinstance(value, tuple) and len(value) == 2 and value[0] in values
        ):
            break
        values[key] = value
    for value in given:
        if isinstance(value, dict):
            values.update(value)
        elif isinstance(value, tuple) and len(value) == 2 and value[0] in values:
            values[value[0]] = value[1]
    return values


def deviation(y: np.ndarray, axis: int | None, p: dict[str, Any]) -> np.ndarray:
    variance = y.var(axis=axis, ddof=p["ddof"], keepdims=True)
    if p["eps_in"] == "var":
        return np.sqrt(variance + p["eps"])
    if p["eps_in"] == "floor":
        return np.maximum(np.sqrt(variance), p["eps"])
    return np.sqrt(variance) + p["eps"]


def normalize(y: np.ndarray, valid: int, p: dict[str, Any]) -> np.ndarray:
    if p["axis"] == "freq":
        true, axis = y, 1
    else:
        true, axis = y[:valid], 0 if p["axis"] == "time" else None
        if not len(true):
            raise ValueError("no valid frame: a mean of nothing")
    mean = true.mean(axis=axis, keepdims=True) if p["mean"] else 0
    return (y - mean) / (deviation(true, axis, p) if p["std"] else 1)


def sliding_cmn(y: np.ndarray, p: dict[str, Any]) -> np.ndarray:
    """Kaldi's SlidingWindowCmnOptions, every window by itself."""
    total, out = len(y), np.empty_like(y)
    for t in range(total):
        if p["center"]:
            begin = t - p["window"] // 2
            end = begin + p["window"]
        else:
            begin, end = t - p["window"], t + 1
        if begin < 0:
            begin, end = 0, end - begin
        if not p["center"] and end > t:
            end = max(t + 1, p["min_window"])
        if end > total:
            begin, end = max(0, begin - (end - total)), total
        window = y[begin:end]
        out[t] = y[t] - window.mean(axis=0)
        if p["std"]:
            floor = np.maximum(window.var(axis=0), 1e-10)
            out[t] = 0 if len(window) == 1 else out[t] / np.sqrt(floor)
    return out


def pcen(y: np.ndarray, p: dict[str, Any]) -> np.ndarray:
    """(E / (eps + M)^gain + bias)^power - bias^power, M[t] = (1 - s) M[t-1] + s E[t]."""
    m = y[0] if p["start"] == "first" else np.ones_like(y[0])
    out = np.empty_like(y)
    for t, frame in enumerate(y):
        m = (1 - p["smooth"]) * m + p["smooth"] * frame
        x = frame / (p["eps"] + m) ** p["gain"]
        if p["power"] == 0:
            out[t] = np.log1p(x)
        else:
            out[t] = (x + p["bias"]) ** p["power"] - p["bias"] ** p["power"]
    return out


def dct(y: np.ndarray, p: dict[str, Any]) -> np.ndarray:
    import scipy.fft

    norm = "ortho" if p["norm"] == "ortho" else None
    return scipy.fft.dct(y, type=p["type"], axis=1, norm=norm)[:, : p["n"]]


def slope(y: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weigh neighbours, the first and last frame repeated."""
    n = len(weights) // 2
    padded = np.concatenate([y[:1]] * n + [y] + [y[-1:]] * n)
    return sum(w * padded[j : j + len(y)] for j, w in enumerate(weights))


def deltas(y: np.ndarray, p: dict[str, Any]) -> np.ndarray:
    n = p["win_length"] // 2
    w = np.arange(-n, n + 1) / (2 * sum(j * j for j in range(1, n + 1)))
    parts, composed = [y], np.ones(1)
    for k in range(1, p["order"] + 1):
        if p["mode"] == "replicate":
            parts.append(slope(parts[-1], w))
        elif p["mode"] == "kaldi":
            composed = np.convolve(composed, w)
            parts.append(slope(y, composed))
        else:
            import scipy.signal

            parts.append(
                scipy.signal.savgol_filter(
                    y, p["win_length"], deriv=k, polyorder=k, axis=0, mode="interp"
                )
            )
    return np.concatenate(parts, axis=1)


def stack(y: np.ndarray, p: dict[str, Any]) -> np.ndarray:
    size, stride, left = p["size"], p["stride"], p["left"]
    total = len(y)
    if total == 0:
        return np.zeros((0, y.shape[1] * size), y.dtype)
    if p["tail"] == "drop":
        count = max(0, (total + left - size) // stride + 1)
    else:
        count = -(-total // stride)
    out = []
    for t in range(count):
        row = []
        for j in range(t * stride - left, t * stride - left + size):
            if j >= total and p["tail"] == "zero":
                row.append(np.zeros_like(y[0]))
            else:
                row.append(y[min(max(j, 0), total - 1)])
        out.append(np.concatenate(row))
    return np.array(out).reshape(count, y.shape[1] * size)


def stacked_valid(valid: int, p: dict[str, Any]) -> int:
    """How many stacked frames are true: those whose frame `valid` is one of the first `valid`."""
    decides = p["valid"]
    if decides < 0:
        decides = max(p["size"] - 1 - p["left"], 0) if p["tail"] == "drop" else 0
    return sum(t * p["stride"] + decides < valid for t in range(valid))


def framed(y: np.ndarray, left: int, total: int, value: float) -> np.ndarray:
    """The frames from `left` on in a picture of `total` frames of a value."""
    out = np.full((total, y.shape[1]), value, y.dtype)
    kept = y[: max(0, total - left)]
    out[left : left + len(kept)] = kept
    return out


def patches(y: np.ndarray, p: dict[str, Any]) -> np.ndarray:
    """Pieces of the picture [height, width], row by row."""
    h, w = p["height"], p["width"]
    tops = range(0, y.shape[0] - h + 1, p["stride_height"])
    lefts = range(0, y.shape[1] - w + 1, p["stride_width"])
    return np.array([y[a : a + h, b : b + w] for a in tops for b in lefts])


def count_frames(stages: Any, frames: int) -> int:
    """Frames after these stages."""
    probe = np.zeros((frames, 1))
    for stage in stages:
        if stage[0] in ("stack", "frames", "pad", "multiple"):
            probe, _, _ = run_stage(stage, probe[:, :1], None, len(probe))
    return len(probe)


def run_stage(
    stage: tuple[Any, ...], y: np.ndarray, energy: np.ndarray | None, valid: int
) -> tuple[np.ndarray, np.ndarray | None, int]:
    """One stage: the features, the log energy that is not placed yet, and the valid frames."""
    name, p = stage[0], parameters(stage)
    if name == "energy":
        assert energy is not None
        if p["place"] == "replace":
            return np.concatenate([energy, y[:, 1:]], axis=1), None, valid
        both = [energy, y] if p["place"] == "first" else [y, energy]
        return np.concatenate(both, axis=1), None, valid
    before = len(y)
    if name in ("stack", "frames", "pad", "multiple"):
        y = change_frames(name, y, p)
        if name == "pad":
            valid += p["left"]
        elif name == "stack":
            valid = stacked_valid(valid, p)
        return y, energy, min(valid, len(y))
    assert len(y) == before
    if not y.size:
        return y, energy, valid
    return same_frames(name, y, p, valid), energy, valid


def change_frames(name: str, y: np.ndarray, p: dict[str, Any]) -> np.ndarray:
    if name == "stack":
        return stack(y, p)
    if name == "pad":
        return framed(y, p["left"], p["left"] + len(y) + p["right"], p["value"])
    if name == "multiple":
        return framed(y, 0, -(-len(y) // p["of"]) * p["of"], p["value"])
    total = {
        "fixed": p["count"],
        "pad": max(len(y), p["count"]),
        "cut": min(len(y), p["count"]),
    }[p["mode"]]
    return framed(y, 0, total, p["value"])


def same_frames(name: str, y: np.ndarray, p: dict[str, Any], valid: int) -> np.ndarray:
    rows = y.shape[1]
    if name == "dynamic_range":
        return np.maximum(y, y.max() - p["range"])
    if name == "affine":
        return y * p["scale"] + p["offset"]
    if name == "reference":
        if isinstance(p["value"], str):
            return y - (y.max() if p["value"] == "max" else y[:valid].mean())
        return y - p["value"]
    if name == "clip":
        return np.minimum(np.maximum(y, p["low"]), p["high"])
    if name == "normalize":
        return normalize(y, valid, p)
    if name == "statistics":
        return (y - np.asarray(p["mean"], y.dtype)) * np.asarray(p["scale"], y.dtype)
    if name == "sliding_cmn":
        return sliding_cmn(y, p)
    if name == "pcen":
        return pcen(y, p)
    if name == "dct":
        return dct(y, p)
    if name == "lifter":
        i = np.arange(rows) + p["first"]
        return y * (1 + p["length"] / 2 * np.sin(math.pi * i / p["length"]))
    if name == "rotate":
        return np.roll(y, -p["rows"], axis=1)
    if name == "deltas":
        return deltas(y, p)
    if name == "mask":
        return np.where(np.arange(len(y))[:, None] < valid, y, p["value"])
    if name == "frame_norm":
        order = {"max": np.inf, "l1": 1, "l2": 2}[p["order"]]
        return y / np.maximum(np.linalg.norm(y, order, axis=1, keepdims=True), p["eps"])
    if name == "argmax":
        return np.eye(rows)[y.argmax(axis=1)]
    raise ValueError(f"the reference has no finish stage {name!r}")


def finish(
    stages: Any, y: np.ndarray, energy: np.ndarray | None, valid: int, layout: str
) -> np.ndarray:
    """All stages over `[frames, rows]`, and the layout; the energy comes first where no stage
    places it.
    """
    stages = list(stages)
    if energy is not None and not any(stage[0] == "energy" for stage in stages):
        y, energy = np.concatenate([energy, y], axis=1), None
    cut = stages.pop() if stages and stages[-1][0] == "patches" else None
    for stage in stages:
        y, energy, valid = run_stage(stage, y, energy, valid)
    picture = y.T if layout == "freq_time" else y
    return picture if cut is None else patches(picture, parameters(cut))
