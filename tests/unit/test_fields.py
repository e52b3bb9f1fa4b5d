# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The core's table of fields, and what is written down beside it."""

import dataclasses
import re
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

import sonogram
from sonogram import _core
from sonogram._spec import record
from sonogram._spec.fields import FIELDS

HINTS = get_type_hints(sonogram.Spec, vars(record))
NUMBERS = [field for field in FIELDS if field.kind in ("integer", "number") and field.allowed]
# A field of a stage that the default Spec does not have.
BESIDE: dict[str, dict[str, Any]] = {
    "filterbank": {"filterbank": "mel"},
    "win_length": {"n_fft": 1 << 24},
}


def words_of(hint):
    """The words that an annotation allows."""
    if get_origin(hint) is Literal:
        return get_args(hint)
    return tuple(dict.fromkeys(word for part in get_args(hint) for word in words_of(part)))


def is_optional(hint):
    return type(None) in get_args(hint)


def test_the_record_has_the_fields_of_the_core_in_their_order():
    assert [f.name for f in dataclasses.fields(sonogram.Spec)] == [f.name for f in FIELDS]
    assert list(_core.default_fields()) == [f.name for f in FIELDS]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_the_record_is_annotated_with_the_words_of_the_core(field):
    hint = HINTS[field.name]
    if field.kind != "window":
        assert words_of(hint) == field.words
    assert is_optional(hint) == field.optional
    basic = {"integer": int, "number": float, "flag": bool}.get(field.kind)
    if basic is not None:
        assert hint in (basic, basic | None)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_the_docstring_of_the_record_names_the_words_of_the_core(field):
    lines = re.findall(r"^    (\w[\w, ]*) : (.*)$", sonogram.Spec.__doc__, flags=re.M)
    said = {name: text for names, text in lines for name in names.split(", ")}
    assert field.name in said
    if field.kind not in ("window", "word or pair"):
        quoted = re.findall(r'"(\w+)"', said[field.name])
        assert set(quoted) == set(field.words)


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_a_field_is_explained_in_one_sentence(field):
    assert re.fullmatch(r"[A-Z|][^\n]*\.", field.help)
    assert len(field.help) < 100
    assert bool(field.none) == field.optional


@pytest.mark.parametrize("field", NUMBERS, ids=lambda field: field.name)
def test_a_number_is_held_to_its_range(field):
    """The words of the table are those of the error, and the ends that they name are held."""
    beside = BESIDE.get(field.name, BESIDE.get(field.group, {}))
    ends = [float(x) for x in re.findall(r"-?\d+", field.allowed)]
    beyond = [float("nan"), float("inf")] if field.kind == "number" else []
    beyond += [ends[0] - 1] if ends else []
    beyond += [ends[0]] if " > " in field.allowed else []
    beyond += [ends[1] + 1] if len(ends) > 1 else []
    for value in beyond:
        given = value if field.kind == "number" else int(value)
        with pytest.raises(ValueError) as error:
            sonogram.Spec(**{**beside, field.name: given})
        assert f"{field.name} is " in str(error.value)
        assert f"it must be {field.allowed}" in str(error.value)
