# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The fields of a Spec by stage, and finish stages as records that can be edited."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from .. import _core
from .._spec.fields import FIELDS, group

Fields = dict[str, Any]
Stage = tuple[str, dict[str, Any]]

# In the order in which a signal meets them.
STAGES: dict[str, tuple[str, ...]] = {field.group: group(field.group) for field in FIELDS}
_STAGE_OF = {field: stage for stage, fields in STAGES.items() for field in fields}


def stage_of(field: str) -> str:
    """Return the stage that a field belongs to."""
    return _STAGE_OF[field]


def differing(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[str]:
    """Return the fields that differ, in the order of the stages."""
    return [field for field in _STAGE_OF if not _same(a[field], b[field])]


def _same(x: Any, y: Any) -> bool:
    return bool(x == y) and isinstance(x, str) == isinstance(y, str)


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


def resolved(fields: Fields) -> tuple[int, int, int]:
    """Return n_fft, win_length and hop_length with their defaults filled in."""
    n_fft = fields["n_fft"]
    win = fields["win_length"] or n_fft
    return n_fft, win, fields["hop_length"] or max(1, win // 2)
