# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The fields of a Spec by stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._spec.fields import FIELDS, group

Fields = dict[str, Any]

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


def resolved(fields: Fields) -> tuple[int, int, int]:
    """Return n_fft, win_length and hop_length with their defaults filled in."""
    n_fft = fields["n_fft"]
    win = fields["win_length"] or n_fft
    return n_fft, win, fields["hop_length"] or max(1, win // 2)
