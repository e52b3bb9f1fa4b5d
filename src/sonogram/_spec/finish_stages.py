# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Finish stages as records: every parameter by its name."""

from __future__ import annotations

from functools import cache
from typing import Any

from .. import _core

Stage = tuple[str, dict[str, Any]]


def stage_effect(name: str) -> str:
    """Return "affine", "linear" or "nonlinear": how a stage's output depends on its input."""
    return _core.stage_traits()[name][0]


@cache
def stage_table() -> dict[str, list[tuple[str, str, bool, Any, tuple[str, ...]]]]:
    """Return the parameters of every finish stage: name, type, required, default, words."""
    return dict(_core.stage_table())


def read_finish(finish: tuple[tuple[Any, ...], ...]) -> list[Stage]:
    """Return finish stages with all their parameters by name."""
    stages = []
    for name, *given in finish:
        table = stage_table()[name]
        values = {p: standard for p, _, required, standard, _ in table if not required}
        needed = [p for p, _, required, _, _ in table if required]
        values.update(zip(needed, given, strict=False))
        values.update(given[len(needed) :])
        stages.append((name, values))
    return stages


def write_finish(stages: list[Stage]) -> tuple[tuple[Any, ...], ...]:
    """Return stages in the form of a Spec: required parameters by position, others by name."""
    finish = []
    for name, values in stages:
        table = stage_table()[name]
        needed = [values[p] for p, _, required, _, _ in table if required]
        others = [
            (p, values[p])
            for p, _, required, standard, _ in table
            if not required and values.get(p, standard) != standard
        ]
        finish.append((name, *needed, *others))
    return tuple(finish)
