# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Numbers that have no usual values: searched along a line, coarsely and then between neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._stages import Fields, read_finish, resolved, stage_table, write_finish

Score = Callable[[Fields], float]
Point = tuple[float, float]  # score and value
_GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class Line:
    """One number of a recipe: how to set it, and where to look."""

    name: str
    change: Callable[[float], dict[str, Any]]
    grid: tuple[float, ...]
    value: float | None  # what it is now
    log: bool = False  # the grid is even in the logarithm
    whole: bool = False


def early_lines(fields: Fields) -> Iterator[Line]:
    """Yield the numbers from the waveform to the filterbank."""
    for field in ("preemphasis", "frame_preemphasis"):
        grid = tuple(
            np.round(np.concatenate([np.arange(0.1, 0.85, 0.15), np.arange(0.85, 1.0, 0.03)]), 3)
        )
        other = "frame_preemphasis" if field == "preemphasis" else "preemphasis"
        yield Line(field, lambda c, f=field, o=other: {f: c, o: 0.0}, grid, fields[field])
    if isinstance(fields["filterbank"], str) and fields["filterbank"] not in ("log", "chroma"):
        nyquist = (fields["filterbank_sample_rate"] or fields["sample_rate"]) / 2
        top = fields["f_max"] or nyquist
        low = np.concatenate([np.arange(0, 200, 12.5), np.arange(200, 0.3 * top, 50)])
        yield Line("f_min", lambda f: {"f_min": f}, tuple(low), fields["f_min"])
        high = np.linspace(max(0.3 * nyquist, fields["f_min"] * 1.2), nyquist, 45)
        yield Line("f_max", lambda f: {"f_max": f}, tuple(high), fields["f_max"])
    n_fft, win, hop = resolved(fields)
    around = tuple(float(v) for v in np.unique(np.linspace(hop, n_fft, 12).astype(int)))
    if len(around) > 2:
        yield Line(
            "win_length",
            lambda w: {"win_length": int(w), "hop_length": hop},
            around,
            fields["win_length"],
            whole=True,
        )
    shifts = tuple(float(v) for v in np.unique(np.linspace(-n_fft, n_fft, 17).astype(int)))
    yield Line(
        "frame_offset",
        lambda k: {"frame_offset": int(k)},
        shifts,
        fields["frame_offset"],
        whole=True,
    )
    if fields["power"] is not None:
        yield Line(
            "power", lambda p: {"power": p}, (0.5, 0.75, 1.25, 1.5, 1.75, 2.5, 3.0), fields["power"]
        )
    if isinstance(fields["window"], tuple) and isinstance(fields["window"][0], str):
        name, value = fields["window"]
        yield Line(
            "window",
            lambda b: {"window": (name, b)},
            tuple(value * np.logspace(-0.5, 0.5, 9)),
            value,
            log=True,
        )


def late_lines(fields: Fields, units: float) -> Iterator[Line]:
    """Yield the numbers from the spectrum on; `units` is the size of a band's loud values."""
    decades = tuple(10.0 ** np.arange(-12.0, 1.5, 1.0) * units)
    if fields["log"] is not None:
        for field in ("floor", "eps"):
            other = "eps" if field == "floor" else "floor"
            yield Line(field, lambda v, f=field: {f: v}, decades, fields[field], log=True)
            yield Line(
                field, lambda v, f=field, o=other: {f: v, o: 0.0}, decades, fields[field], log=True
            )
    for field in ("power_eps", "power_floor"):
        yield Line(field, lambda v, f=field: {f: v}, decades, fields[field], log=True)
        other = "power_floor" if field == "power_eps" else "power_eps"
        if fields[other]:
            yield Line(
                field, lambda v, f=field, o=other: {f: v, o: 0.0}, decades, fields[field], log=True
            )
    if fields["log"] == "power":
        yield Line(
            "exponent",
            lambda v: {"exponent": v},
            tuple(np.linspace(0.1, 1.0, 10)),
            fields["exponent"],
        )
    for field in ("gain", "scale"):
        yield Line(
            field,
            lambda v, f=field: {f: v},
            tuple(fields[field] * np.logspace(-0.3, 0.3, 9)),
            fields[field],
            log=True,
        )
    if fields["clip"] is not None:
        yield Line(
            "clip", lambda v: {"clip": v}, tuple(np.logspace(-2, 0, 9)), fields["clip"], log=True
        )
    if fields["level"] is not None:
        yield Line(
            "level", lambda v: {"level": v}, tuple(np.logspace(-2, 0, 9)), fields["level"], log=True
        )
        yield Line(
            "level_eps",
            lambda v: {"level_eps": v},
            tuple(10.0 ** np.arange(-9.0, 0)),
            fields["level_eps"],
            log=True,
        )
    yield from _finish_lines(fields)


def _finish_lines(fields: Fields) -> Iterator[Line]:
    stages = read_finish(fields["finish"])
    for at, (name, values) in enumerate(stages):
        for parameter, kind, *_ in stage_table()[name]:
            value = values.get(parameter)
            if kind not in ("number", "number or word") or isinstance(value, str):
                continue
            set_to = _setter(stages, at, parameter)
            if parameter in ("eps",):
                yield Line(
                    f"{name} {parameter}",
                    set_to,
                    tuple(10.0 ** np.arange(-9.0, 1.0)),
                    value,
                    log=True,
                )
            elif value:
                near = value * np.concatenate([np.linspace(0.4, 1.6, 13)])
                yield Line(f"{name} {parameter}", set_to, tuple(near), value)
            else:
                yield Line(f"{name} {parameter}", set_to, tuple(np.linspace(-1.0, 1.0, 9)), value)


def _setter(stages: list[Any], at: int, parameter: str) -> Callable[[float], dict[str, Any]]:
    def change(value: float) -> dict[str, Any]:
        name, values = stages[at]
        changed = [*stages[:at], (name, {**values, parameter: value}), *stages[at + 1 :]]
        return {"finish": write_finish(changed)}

    return change


def along(fields: Fields, line: Line, score: Score, steps: int = 8) -> tuple[float, Fields]:
    """Return the best score on a line and the recipe that has it."""

    def at(value: float) -> Point:
        return score({**fields, **line.change(value)}), value

    tried = [at(float(value)) for value in line.grid]
    best = min(range(len(tried)), key=lambda i: tried[i])
    point = tried[best]
    if np.isfinite(point[0]):
        low = float(line.grid[max(0, best - 1)])
        high = float(line.grid[min(len(tried) - 1, best + 1)])
        point = min(point, _narrow(at, low, high, line, steps))
    return point[0], {**fields, **line.change(point[1])}


def polish(fields: Fields, line: Line, value: float, score: Score) -> tuple[float, float]:
    """Return the best score near a value that is nearly right, and that value to many digits."""

    def at(v: float) -> Point:
        return score({**fields, **line.change(v)}), v

    best = at(value)
    reach = 0.02 * abs(value) or 1e-3
    while reach > 1e-9 * abs(value) and best[0] > 1e-8:
        middle = best[1]
        best = min(best, _narrow(at, middle - reach, middle + reach, line, 9))
        reach = reach / 20 if abs(best[1] - middle) < reach / 4 else reach / 2
        if line.whole:
            break
    return best


def near(fields: Fields, line: Line, value: float, score: Score) -> Point:
    """Return the best score within two percent of a value, and where it is."""

    def at(v: float) -> Point:
        return score({**fields, **line.change(v)}), v

    return _narrow(at, 0.98 * value, 1.02 * value, line, 8)


def _narrow(at: Callable[[float], Point], low: float, high: float, line: Line, steps: int) -> Point:
    if line.whole:
        return _narrow_whole(at, int(low), int(high))
    return _golden(at, low, high, line.log and low > 0, steps)


def _narrow_whole(at: Callable[[float], Point], low: int, high: int) -> Point:
    inside = np.unique(np.linspace(low, high, min(9, high - low + 1)).astype(int))
    best = min(at(float(v)) for v in inside)
    gap = (high - low) // 8
    return min(best, _narrow_whole(at, int(best[1]) - gap, int(best[1]) + gap)) if gap > 1 else best


def _golden(at: Callable[[float], Point], low: float, high: float, log: bool, steps: int) -> Point:
    """Golden section between two values, in the logarithm where the line says so."""
    a, d = (np.log(low), np.log(high)) if log else (low, high)

    def there(v: float) -> Point:
        return at(float(np.exp(v) if log else v))

    b, c = d - _GOLDEN * (d - a), a + _GOLDEN * (d - a)
    fb, fc = there(b), there(c)
    for _ in range(steps):
        if fb <= fc:
            d, c, fc = c, b, fb
            b = d - _GOLDEN * (d - a)
            fb = there(b)
        else:
            a, b, fb = b, c, fc
            c = a + _GOLDEN * (d - a)
            fc = there(c)
    return min(fb, fc)
