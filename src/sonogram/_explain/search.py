# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The search for a recipe: a beam search over the stages that an affine fit reveals, then all."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .affine_view import View, is_affine_after_bands, transforms
from .early_changes import Change, early_changes
from .evidence import Evidence
from .late_changes import late_changes
from .parameters import Line, along, early_lines, late_lines
from .recipe import Fields
from .simplify import State, cost, moved, refine, retune, settle

EXACT = 5e-7  # standard deviations: the features are fully explained
_WIDTH = 5
_DEPTH = 6
_RETUNED = 10
_HOPELESS = 0.15  # residual of the best affine fit: other audio, or none of our stages
_FAR = 0.05  # residual of a recipe that is not worth simplifying


def search(evidence: Evidence, start: Fields, budget: int) -> State:
    """Return the best recipe that changes of `start` reach within about `budget` tries."""
    evidence.budget = evidence.tries + budget
    first = State(evidence.residual(start), start)
    if first.score < EXACT:
        return first
    view = best_view(evidence, start)
    near = _nearby(evidence, view, start)
    if near.score < EXACT:
        return _simplified(evidence, view, start, near)
    fronts = [first]
    if view is not None:
        fronts = early_beam(evidence, view, start)
        if view.residual(fronts[0].fields) > _HOPELESS:
            return near
    best = near
    for front in fronts[:3]:
        found = late_beam(evidence, view, start, front.fields)
        best = min(best, found, key=lambda s: s.score)
        if best.score < EXACT or evidence.tries > evidence.budget:
            break
    if best.score > _FAR:
        return best
    return _simplified(evidence, view, start, best)


def _nearby(evidence: Evidence, view: View | None, start: Fields) -> State:
    """Return the best recipe that differs by one usual value."""
    changes = _every(evidence, view)
    first = State(evidence.residual(start), start)
    return beam(
        evidence, [first], evidence.residual, changes, lambda _: (), start, width=3, depth=1
    )[0]


def _every(evidence: Evidence, view: View | None) -> Callable[[Fields], Iterable[Change]]:
    def every(fields: Fields) -> Iterable[Change]:
        yield from late_changes(fields, evidence, view)
        yield from early_changes(fields, evidence.waveform.size, evidence.target(fields).shape[1])

    return every


def _all_lines(fields: Fields) -> Iterable[Line]:
    yield from late_lines(fields)
    yield from early_lines(fields)


def _simplified(evidence: Evidence, view: View | None, start: Fields, best: State) -> State:
    """Return the simplest recipe, and one that fits bit for bit if there is one."""

    def lines(fields: Fields) -> Iterable[Line]:
        yield from early_lines(fields)
        yield from late_lines(fields)

    def late(fields: Fields) -> Iterable[Change]:
        return late_changes(fields, evidence, view)

    if EXACT > best.score > 1e-9:
        for change in _every(evidence, view)(best.fields):
            fields = {**best.fields, **change}
            if evidence.residual(fields) < 1e-9:
                best = State(evidence.residual(fields), fields)
                break
    return settle(best, start, evidence.residual, lines, late)


def best_view(evidence: Evidence, fields: Fields) -> View | None:
    """Return the view in which a recipe fits best, or None."""
    if not is_affine_after_bands(fields):
        return None
    views = [View(evidence, fields, transform) for transform in transforms(evidence, fields)]
    usable = [view for view in views if view.usable]
    return min(usable, key=lambda v: v.residual(fields)) if usable else None


def early_beam(evidence: Evidence, view: View, start: Fields) -> list[State]:
    """Return the best recipes up to the filterbank, ignoring the stages after it."""
    samples, frames = evidence.waveform.size, evidence.target(start).shape[1]

    def changes(fields: Fields) -> Iterable[Change]:
        return early_changes(fields, samples, frames)

    first = State(view.residual(start), start)
    found = beam(evidence, [first], view.residual, changes, early_lines, start, exact=1e-6)
    refined = refine(found[0], start, view.residual, early_lines)
    return [refined, *found[1:]]


def late_beam(evidence: Evidence, view: View | None, start: Fields, front: Fields) -> State:
    """Return the best complete recipe: first changes after the filterbank, then all changes."""

    def late(fields: Fields) -> Iterable[Change]:
        return late_changes(fields, evidence, view)

    def lines(fields: Fields) -> Iterable[Line]:
        return late_lines(fields)

    first = State(evidence.residual(front), front)
    best = first
    states = [first]
    for changes, numbers, width in ((late, lines, 3), (_every(evidence, view), _all_lines, 2)):
        states = beam(
            evidence, states[:width], evidence.residual, changes, numbers, start, width=width
        )
        best = refine(states[0], start, evidence.residual, _all_lines)
        if best.score < EXACT:
            break
        states = [best, *states]
    return best


def beam(
    evidence: Evidence,
    states: list[State],
    score: Callable[[Fields], float],
    changes: Callable[[Fields], Iterable[Change]],
    lines: Callable[[Fields], Iterable[Line]],
    start: Fields,
    *,
    width: int = _WIDTH,
    depth: int = _DEPTH,
    exact: float = EXACT,
) -> list[State]:
    """Return the best states that the changes reach, best first."""
    order = _Order(start, exact)
    expanded: set[tuple[object, ...]] = set()
    for _ in range(depth):
        if states[0].score < exact or evidence.tries > evidence.budget:
            break
        before = states[0].score
        found = list(states)
        for rank, state in enumerate(states):
            key = tuple(state.fields.values())
            if key not in expanded:
                expanded.add(key)
                found += _children(state, score, changes(state.fields), order)
                if rank < 2:
                    found += _on_lines(state, score, lines(state.fields))
        states = _best(found, width, order)
        if states[0].score > 0.98 * before:
            found = _retuned(states[0], score, changes, lines, start)
            states = _best([*states, *found], width, order)
            if states[0].score > 0.98 * before:
                break
    return states


def _retuned(
    state: State,
    score: Callable[[Fields], float],
    changes: Callable[[Fields], Iterable[Change]],
    lines: Callable[[Fields], Iterable[Line]],
    start: Fields,
) -> list[State]:
    """Return children that are better after the continuous parameters are searched again.

    A parameter that was fitted beside a wrong value partly compensates for it, and so hides the
    right one.
    """
    numbers = [line.name for line in lines(state.fields) if moved(line, start, lines)]
    if not numbers:
        return []
    children = [State(score(f), f) for c in changes(state.fields) for f in [{**state.fields, **c}]]
    other = [c for c in children if abs(c.score - state.score) > 1e-4 * state.score]
    nearest = sorted(other, key=lambda s: s.score)[:_RETUNED]
    return [retune(child, numbers, score, lines) for child in nearest]


class _Order:
    """Sorts by the residual, and recipes without residual by the number of changes."""

    def __init__(self, start: Fields, exact: float) -> None:
        self._start = start
        self._exact = exact

    def __call__(self, state: State) -> tuple[float, float]:
        if state.score > self._exact:
            return state.score, 0.0
        if state.score < 1e-9:  # bit for bit
            return 0.0, cost(self._start, state.fields)
        return self._exact, cost(self._start, state.fields)


def _children(
    state: State,
    score: Callable[[Fields], float],
    changes: Iterable[Change],
    order: _Order,
) -> list[State]:
    """Return the best child of each kind of change, if it is better than its parent."""
    best: dict[tuple[str, ...], State] = {}
    for change in changes:
        fields = {**state.fields, **change}
        child = State(score(fields), fields)
        kind = tuple(sorted(change))
        if child.score < state.score and (kind not in best or order(child) < order(best[kind])):
            best[kind] = child
    return list(best.values())


def _on_lines(state: State, score: Callable[[Fields], float], lines: Iterable[Line]) -> list[State]:
    found = [along(state.fields, line, score) for line in lines]
    return [State(s, fields) for s, fields in found if s < state.score]


def _best(states: list[State], width: int, order: _Order) -> list[State]:
    """Return the best states, each recipe once."""
    kept: dict[tuple[object, ...], State] = {}
    for state in sorted(states, key=order):
        kept.setdefault(tuple(state.fields.values()), state)
        if len(kept) == width:
            break
    return list(kept.values())
