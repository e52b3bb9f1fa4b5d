# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The fields of a Spec as the core's table has them, ``csrc/core/spec/fields.hpp``."""

from __future__ import annotations

from typing import NamedTuple

from .. import _core


class Field(NamedTuple):
    """What is known of a field, besides its default."""

    name: str
    group: str  # stage of the recipe
    help: str  # one sentence
    kind: str  # integer, number, flag, word, pair, word or pair, flag or word, window, ...
    optional: bool  # whether None is a value
    words: tuple[str, ...]
    allowed: str  # range of a number, in words
    none: str  # what None means


FIELDS = tuple(Field(*row) for row in _core.field_table())
NAMES = tuple(field.name for field in FIELDS)
WORDS = {field.name: field.words for field in FIELDS}


def group(name: str) -> tuple[str, ...]:
    """Return the names of the fields of a group, in order."""
    return tuple(field.name for field in FIELDS if field.group == name)
