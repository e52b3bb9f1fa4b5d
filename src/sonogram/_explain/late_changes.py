# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Changes of the stages after the filterbank, with parameters read off the features if possible.

Where the signal is loud, the features are ``slope * ln(bands) + offset``. The slope identifies the
logarithm (ln 1, log10 1/ln 10, dB 10/ln 10, each times a later scale); the offset is a gain, a
scale of the samples or an addition; the smallest value shows the floor, and quiet values show the
epsilon.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .._spec.finish_stages import Stage, read_finish, stage_table, write_finish
from .affine_view import View
from .evidence import Array, Evidence
from .recipe import Fields

Change = dict[str, Any]
_LN10 = float(np.log(10.0))


def slope_of(log: str, power: float | None) -> float:
    """Return the slope of a logarithm relative to the natural one."""
    decibel = 20 / _LN10 if power == 1 else 10 / _LN10
    return {"log10": 1 / _LN10, "db": decibel}.get(log, 1.0)


def late_changes(fields: Fields, evidence: Evidence, view: View | None) -> Iterator[Change]:
    """Yield changes of the logarithm and the stages after it."""
    target = evidence.target(fields)
    for log in ("ln", "log10", "db", "log1p", "piecewise", None):
        yield {"log": log}
    yield from _floors_swapped(fields)
    yield from finish_changes(fields, target)
    for valid in ("all", "floor", "ceil", "last"):
        yield {"valid_frames": valid}
    if view is not None and view.usable and not view.by_row:
        yield from fitted_changes(fields, evidence, view)


def _floors_swapped(fields: Fields) -> Iterator[Change]:
    floor, eps = fields["floor"], fields["eps"]
    yield {"floor": eps, "eps": floor}
    yield {"floor": 0.0}
    yield {"eps": 0.0}
    before = dict.fromkeys(("floor", "eps", "power_eps", "power_floor"), 0.0)
    for name in before:
        for value in dict.fromkeys(fields[k] for k in before):
            if value:
                yield {**before, name: value}


def finish_changes(fields: Fields, target: Any) -> Iterator[Change]:
    """Yield the finish with one stage removed, added, or changed in a word or a count."""
    stages = read_finish(fields["finish"])
    for at in range(len(stages)):
        yield {"finish": write_finish(stages[:at] + stages[at + 1 :])}
        if at:
            swapped = [*stages[: at - 1], stages[at], stages[at - 1], *stages[at + 1 :]]
            yield {"finish": write_finish(swapped)}
        for stage in _variants(stages[at]):
            yield {"finish": write_finish([*stages[:at], stage, *stages[at + 1 :]])}
    if np.iscomplexobj(target):
        return
    for stage in _usual_stages(stages, target):
        for place in dict.fromkeys((0, len(stages))):
            yield {"finish": write_finish([*stages[:place], stage, *stages[place:]])}
        others = [s for s in stages if s[0] not in ("affine", "normalize", "statistics", stage[0])]
        yield {"finish": write_finish([*others, stage])}


def _variants(stage: Stage) -> Iterator[Stage]:
    name, values = stage
    for parameter, kind, _, _, words in stage_table()[name]:
        for word in words:
            yield name, {**values, parameter: word}
        if kind == "flag":
            yield name, {**values, parameter: not values[parameter]}
        if kind == "integer":
            for step in (-1, 1):
                yield name, {**values, parameter: values[parameter] + step}
        if parameter == "eps":
            for eps in (0.0, 1e-8, 1e-7, 1e-5):
                yield name, {**values, parameter: eps}


def _usual_stages(stages: list[Stage], target: Array) -> Iterator[Stage]:
    for axis in ("time", "all", "freq"):
        for std, ddof in ((True, 0), (True, 1), (False, 0)):
            for mean in (True, False) if std else (True,):
                yield (
                    "normalize",
                    {"axis": axis, "mean": mean, "std": std, "ddof": ddof, "eps": 0.0},
                )
    for value in ("max", "mean"):
        yield "reference", {"value": value}
    finite = target[np.isfinite(target)]
    scale = float(np.prod([v["scale"] for n, v in stages if n == "affine"] or [1.0]))
    if finite.size and scale and np.ptp(finite) > 0:
        yield "dynamic_range", {"range": abs(float(np.ptp(finite)) / scale)}
        yield "clip", {"low": float(finite.min()), "high": float(finite.max())}
    yield "energy", {"place": "last"}
    yield "mask", {}


def fitted_changes(fields: Fields, evidence: Evidence, view: View) -> Iterator[Change]:
    """Yield the logarithm, gain, floor and affine stage that the features indicate."""
    line = view.line(fields)
    if line is None:
        return
    slope, offset, bands, target = line
    if view.transform == "ln":
        yield from _without_logarithm(fields, slope, offset)
        return
    if view.transform == "log1p":
        yield {"log": "log1p", "gain": float(np.exp(offset)), "finish": ()}
        return
    stages = read_finish(fields["finish"])
    bare = [s for s in stages if s[0] != "affine"]
    for log in ("ln", "log10", "db", "piecewise"):
        natural = slope_of(log, fields["power"])
        for finish in (stages, bare, []):
            yield from _at_slope(fields, log, natural, finish, (slope, offset), bands, target)
        ratio = slope / natural
        if abs(ratio - 1) > 1e-3 or log == fields["log"]:
            for finish in (bare, []):
                affine = ("affine", {"scale": ratio, "offset": offset})
                changed = {"log": log, "gain": 1.0, "finish": write_finish([*finish, affine])}
                yield changed
                yield from _with_floor(
                    {**fields, **changed}, changed, natural, ratio, offset, bands, target
                )


def _without_logarithm(fields: Fields, slope: float, offset: float) -> Iterator[Change]:
    if np.isclose(slope, 1.0, atol=0.02):
        factor = float(np.exp(offset))
        power = 2.0 if fields["power"] is None else fields["power"]
        yield {"log": None, "finish": ()}
        yield {"log": None, "gain": factor, "finish": ()}
        yield {"log": None, "scale": fields["scale"] * factor ** (1 / power), "finish": ()}
    elif slope > 0:
        gain = float(np.exp(offset / slope))
        yield {"log": "power", "exponent": slope, "gain": gain, "finish": ()}
        yield {"log": "power", "exponent": slope, "gain": 1.0, "finish": ()}
        if fields["power"] is not None:
            yield {"log": None, "power": fields["power"] * slope, "finish": ()}


def _at_slope(
    fields: Fields,
    log: str,
    natural: float,
    finish: list[Stage],
    line: tuple[float, float],
    bands: Array,
    target: Array,
) -> Iterator[Change]:
    """Yield the parameters with which a logarithm fits without another affine stage."""
    ratio, added = 1.0, 0.0
    for name, values in finish:
        if name == "affine":
            ratio, added = ratio * values["scale"], added * values["scale"] + values["offset"]
    slope, offset = line
    if not ratio or abs(slope / (natural * ratio) - 1) > 0.03:
        return
    factor = float(np.exp(np.clip((offset - added) / (natural * ratio), -60, 60)))
    power = 2.0 if fields["power"] is None else fields["power"]
    written = {"log": log, "finish": write_finish(finish)}
    ways: list[Change] = [
        {**written, "gain": 1.0},
        {**written, "gain": factor},
        {**written, "gain": 1.0, "scale": fields["scale"] * factor ** (1 / power)},
    ]
    for way in ways:
        yield way
        yield from _with_floor({**fields, **way}, way, natural, ratio, added, bands, target)


def _with_floor(
    changed: Fields,
    change: Change,
    natural: float,
    ratio: float,
    added: float,
    bands: Array,
    target: Array,
) -> Iterator[Change]:
    """Yield the floor of the smallest feature, and the epsilon of the quiet ones."""
    inside = (target - added) / (natural * ratio)
    floor = float(np.exp(np.clip(inside.min(), -80, 80)))
    quiet = bands <= np.quantile(bands, 0.1)
    with np.errstate(over="ignore"):
        left = np.exp(np.clip(inside[quiet], -80, 80)) - changed["gain"] * np.exp(bands[quiet])
    eps = float(np.median(left))
    yield {**change, "floor": floor, "eps": 0.0}
    if eps > 0:
        yield {**change, "floor": 0.0, "eps": eps}
        if changed["floor"]:
            yield {**change, "eps": eps}
