# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Simplification of a recipe that fits: refine parameters, round them, undo needless changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .._spec.finish_stages import read_finish, write_finish
from .parameters import Line, near, polish
from .recipe import STAGES, Fields, differing

_FAMILIAR = {2.0**-24, 2.0**-23, 2.0**-52, 32767.0, 32768.0, 32767.0**2, 1.1920929e-07}
_TINY = 3e-7  # standard deviations: the rounding of float32
_MARGIN = 1.02
_OTHERS = 6
# Groups of fields that can replace one another.
_EXCHANGED = ("scale", "normalized", "log", "gain", "floor", "eps", "finish")


@dataclass
class State:
    """A recipe and its residual."""

    score: float
    fields: Fields


def cost(start: Fields, fields: Fields) -> float:
    """Return the cost of the changes: fields and stages, and the digits of their numbers."""
    total = 0.0
    for field in differing(start, fields):
        if field == "finish":
            before, after = read_finish(start["finish"]), read_finish(fields["finish"])
            total += sum(stage not in before for stage in after) * 1.0
            total += sum(stage not in after for stage in before) * 0.5
            total += sum(_digits(v) for s in after if s not in before for v in s[1].values())
            total += 0.25
        else:
            total += 1.0 + _digits(fields[field])
    return total


def _digits(value: Any) -> float:
    if not isinstance(value, float) or value in _FAMILIAR:
        return 0.1
    return 0.15 * next((d for d in range(1, 9) if float(f"{value:.{d}g}") == value), 12)


def refine(
    state: State,
    start: Fields,
    score: Callable[[Fields], float],
    lines: Callable[[Fields], Iterable[Line]],
) -> State:
    """Refine the parameters that were changed, and round them if the fit is as good."""
    best = state
    for _ in range(2):
        before = best.score
        for name in [line.name for line in lines(best.fields)]:
            # Each parameter is taken from the best recipe so far, which has just changed.
            line = next((x for x in lines(best.fields) if x.name == name), None)
            if line is None or line.value is None or not moved(line, start, lines):
                continue
            found, value = polish(best.fields, line, line.value, score)
            if found <= best.score:
                best = State(found, {**best.fields, **line.change(value)})
            else:
                value = line.value
            best = _rounded(best, line, value, score)
        if best.score < _TINY or best.score > 0.9 * before:
            break
    return best


def retune(
    state: State,
    numbers: list[str],
    score: Callable[[Fields], float],
    lines: Callable[[Fields], Iterable[Line]],
) -> State:
    """Search some parameters again, coarsely, near their present values."""
    best = state
    for name in numbers:
        line = next((x for x in lines(best.fields) if x.name == name), None)
        if line is not None and line.value:
            found, value = near(best.fields, line, line.value, score)
            if found < best.score:
                best = State(found, {**best.fields, **line.change(value)})
    return best


def moved(line: Line, start: Fields, lines: Callable[[Fields], Iterable[Line]]) -> bool:
    """Tell whether a parameter differs from that of the start."""
    return all(x.value != line.value for x in lines(start) if x.name == line.name)


def _rounded(state: State, line: Line, value: float, score: Callable[[Fields], float]) -> State:
    if line.whole:
        return state
    allowed = max(_MARGIN * state.score, _TINY)
    familiar = [f for f in _FAMILIAR if abs(value / f - 1) < 1e-4]
    for plain in [*familiar, *(float(f"{value:.{digits}g}") for digits in range(1, 9))]:
        if abs(plain - value) > 0.05 * abs(value):
            continue
        fields = {**state.fields, **line.change(plain)}
        rounded = score(fields)
        if rounded <= allowed:
            return State(rounded, fields)
    return state


def undo(state: State, start: Fields, score: Callable[[Fields], float]) -> State:
    """Undo every change without which the recipe fits as well."""
    best = state
    again = True
    while again:
        again = False
        for fields in _less_changed(best.fields, start):
            if cost(start, fields) >= cost(start, best.fields):
                continue
            found = score(fields)
            if found <= allowed(best):
                best, again = State(found, fields), True
                break
    return best


def settle(
    state: State,
    start: Fields,
    score: Callable[[Fields], float],
    lines: Callable[[Fields], Iterable[Line]],
    others: Callable[[Fields], Iterable[dict[str, Any]]],
) -> State:
    """Return the simplest recipe that fits as well as this one.

    Among equivalent recipes (a gain, a scale or an addition; a floor or a range), the one with the
    fewest changes and digits is chosen.
    """
    best = undo(refine(state, start, score, lines), start, score)
    base = {**best.fields, **{f: start[f] for f in _EXCHANGED}}
    tried: dict[tuple[str, ...], State] = {}
    for change in others(base):
        fields = {**base, **change}
        kind = (*sorted(change), *(name for name, *_ in fields["finish"]))
        found = State(score(fields), fields)
        if found.score <= allowed(best) * 10 and (
            kind not in tried or found.score < tried[kind].score
        ):
            tried[kind] = found
    for other in sorted(tried.values(), key=lambda s: s.score)[:_OTHERS]:
        found = undo(refine(other, start, score, lines), start, score)
        cheaper = cost(start, found.fields) < cost(start, best.fields)
        if found.score <= allowed(best) and (cheaper or found.score < 1e-9 < best.score):
            best = found
    return best


def allowed(state: State) -> float:
    """Return the residual that a simpler recipe may have: none if this one has none."""
    return 0.0 if state.score < 1e-9 else max(_MARGIN * state.score, _TINY)


def _less_changed(fields: Fields, start: Fields) -> Iterator[Fields]:
    changed = differing(start, fields)
    for names in STAGES.values():
        back = [name for name in names if name in changed]
        if len(back) > 1:
            yield {**fields, **{name: start[name] for name in back}}
    for name in changed:
        yield {**fields, name: start[name]}
    # With a window that begins with zero, the two are equivalent.
    waveform, frame = fields["preemphasis"], fields["frame_preemphasis"]
    yield {**fields, "preemphasis": frame, "frame_preemphasis": waveform}
    for i, one in enumerate(changed):
        for other in changed[i + 1 :]:
            yield {**fields, one: start[one], other: start[other]}
    stages, before = read_finish(fields["finish"]), read_finish(start["finish"])
    for at, stage in enumerate(stages):
        if stage not in before:
            yield {**fields, "finish": write_finish(stages[:at] + stages[at + 1 :])}
            for old in before:
                if old[0] == stage[0]:
                    swapped = [*stages[:at], old, *stages[at + 1 :]]
                    yield {**fields, "finish": write_finish(swapped)}
