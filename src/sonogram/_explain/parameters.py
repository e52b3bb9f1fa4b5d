# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Continuous parameters, which are searched on a coarse grid and then between neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .._spec.finish_stages import read_finish, stage_table, write_finish
from .recipe import Fields, resolved

Score = Callable[[Fields], float]
Point = tuple[float, float]  # score and value
_GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class Line:
    """One continuous parameter of a recipe: how to set it, and its range."""

    name: str
    change: Callable[[float], dict[str, Any]]
    grid: tuple[float, ...]
    value: float | None  # its present value
    log: bool = False  # whether the grid is logarithmic
    whole: bool = False


def _field(
    fields: Fields,
    name: str,
    grid: Iterable[float],
    *,
    log: bool = False,
    whole: bool = False,
    beside: Mapping[str, Any] | None = None,
) -> Line:
    """Return the parameter for one field, with the fields that are set along with it."""

    def change(value: float) -> dict[str, Any]:
        return {name: int(value) if whole else value, **(beside or {})}

    return Line(name, change, tuple(float(v) for v in grid), fields[name], log, whole)


def early_lines(fields: Fields) -> Iterator[Line]:
    """Yield the parameters from the waveform to the filterbank."""
    emphasis = (0.1, 0.25, 0.4, 0.55, 0.7, 0.8, 0.86, 0.9, 0.93, 0.96, 0.98, 0.99)
    yield _field(fields, "preemphasis", emphasis, beside={"frame_preemphasis": 0.0})
    yield _field(fields, "frame_preemphasis", emphasis, beside={"preemphasis": 0.0})
    if isinstance(fields["filterbank"], str) and fields["filterbank"] not in ("log", "chroma"):
        nyquist = (fields["filterbank_sample_rate"] or fields["sample_rate"]) / 2
        top = fields["f_max"] or nyquist
        low = np.concatenate([np.arange(0, 200, 12.5), np.arange(200, 0.3 * top, 50)])
        yield _field(fields, "f_min", low)
        least = max(0.3 * nyquist, fields["f_min"] * 1.2)
        yield _field(fields, "f_max", np.linspace(least, nyquist, 45))
    n_fft, _, hop = resolved(fields)
    around = np.unique(np.linspace(hop, n_fft, 12).astype(int))
    if len(around) > 2:
        yield _field(fields, "win_length", around, whole=True, beside={"hop_length": hop})
    shifts = np.unique(np.linspace(-n_fft, n_fft, 17).astype(int))
    yield _field(fields, "frame_offset", shifts, whole=True)
    if fields["power"] is not None:
        yield _field(fields, "power", (0.5, 0.75, 1.25, 1.5, 1.75, 2.5, 3.0))
    if isinstance(fields["window"], tuple) and isinstance(fields["window"][0], str):
        yield _shaped_window(*fields["window"])


def _shaped_window(name: str, value: float) -> Line:
    grid = tuple(float(v) for v in value * np.logspace(-0.5, 0.5, 9))
    return Line("window", lambda shape: {"window": (name, shape)}, grid, value, log=True)


def late_lines(fields: Fields) -> Iterator[Line]:
    """Yield the parameters of the spectrum and later stages, and those of the level."""
    decades = 10.0 ** np.arange(-12.0, 1.5)
    if fields["log"] is not None:
        for name, other in (("floor", "eps"), ("eps", "floor")):
            yield _field(fields, name, decades, log=True)
            yield _field(fields, name, decades, log=True, beside={other: 0.0})
    for name, other in (("power_eps", "power_floor"), ("power_floor", "power_eps")):
        yield _field(fields, name, decades, log=True)
        if fields[other]:
            yield _field(fields, name, decades, log=True, beside={other: 0.0})
    if fields["log"] == "power":
        yield _field(fields, "exponent", np.linspace(0.1, 1.0, 10))
    for name in ("gain", "scale"):
        yield _field(fields, name, fields[name] * np.logspace(-0.3, 0.3, 9), log=True)
    if fields["clip"] is not None:
        yield _field(fields, "clip", np.logspace(-2, 0, 9), log=True)
    if fields["level"] is not None:
        yield _field(fields, "level", np.logspace(-2, 0, 9), log=True)
        yield _field(fields, "level_eps", 10.0 ** np.arange(-9.0, 0), log=True)
    yield from _finish_lines(fields)


def _finish_lines(fields: Fields) -> Iterator[Line]:
    stages = read_finish(fields["finish"])
    for at, (name, values) in enumerate(stages):
        for parameter, kind, *_ in stage_table()[name]:
            value = values.get(parameter)
            if kind not in ("number", "number or word") or isinstance(value, str):
                continue
            small = parameter == "eps"
            if small:
                grid = 10.0 ** np.arange(-9.0, 1.0)
            else:
                grid = value * np.linspace(0.4, 1.6, 13) if value else np.linspace(-1.0, 1.0, 9)
            change = _setter(stages, at, parameter)
            yield Line(f"{name} {parameter}", change, tuple(map(float, grid)), value, log=small)


def _setter(stages: list[Any], at: int, parameter: str) -> Callable[[float], dict[str, Any]]:
    def change(value: float) -> dict[str, Any]:
        name, values = stages[at]
        changed = [*stages[:at], (name, {**values, parameter: value}), *stages[at + 1 :]]
        return {"finish": write_finish(changed)}

    return change


def along(fields: Fields, line: Line, score: Score, steps: int = 8) -> tuple[float, Fields]:
    """Return the best score over the range of a parameter, and its recipe."""

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
    """Return the best score near a value that is nearly right, and the refined value."""

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
    """Return the best score within two percent of a value, and its value."""

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
    """Search by golden section between two values, logarithmically if `log` is set."""
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
