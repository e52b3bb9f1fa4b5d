# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The fields and finish stages of a Spec, as a program that writes docs/spec.md.

From the tables of the installed package: install it again first.
"""

from __future__ import annotations

from pathlib import Path

from sonogram import _core
from sonogram._spec.fields import FIELDS, Field

PAGE = Path(__file__).parents[2] / "docs" / "spec.md"
HEAD = """\
# The fields of a Spec

A `Spec` is one flat record: a signal goes through its fields in the order of this page.
`help(sonogram.Spec)` says more of each. This page is made by `tests/packaging/spec_page.py`.
"""
STAGES = """
## Finish stages

Entries of `finish`: a name and its values, by position, as `(name, value)` pairs or in a dict at
the end. A parameter without a default has to be given.
"""
KINDS = {
    "integer": "an integer",
    "flag": "`True` or `False`",
    "pair": "two integers",
    "window": "a name of `sonogram.window`, a tuple of one and its parameters, or numbers",
    "stages": "a tuple of stages",
    "numbers": "a number, or one for every row",
    "number or word": "a number",
}


def joined(parts: list[str]) -> str:
    return " or ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def values(field: Field) -> str:
    """What a field may be, in words."""
    said = [f"`{word!r}`" for word in field.words]
    if field.kind == "flag or word":
        said = ["`True`", "`False`", *said]
    if field.kind.endswith("matrix"):
        said.append("a matrix")
    text = KINDS.get(field.kind, "") if not said else joined(said)
    if field.kind == "word or pair":
        text += ", or a pair (left, right)"
    text = ", ".join(part for part in (text, field.allowed) if part)
    return text + (f"; `None`: {field.none}" if field.optional else "")


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    lines = [head, ("---",) * len(head), *rows]
    return ["", *("| " + " | ".join(map(cell, line)) + " |" for line in lines)]


def fields() -> list[str]:
    defaults = _core.default_fields()
    lines = []
    for group in dict.fromkeys(field.group for field in FIELDS):
        rows = [
            (f"`{f.name}`", f"`{defaults[f.name]!r}`", values(f), f.help)
            for f in FIELDS
            if f.group == group
        ]
        lines += ["", f"## {group.capitalize()}"]
        lines += table(("field", "default", "values", "meaning"), rows)
    return lines


def stages() -> list[str]:
    rows = []
    for name, parameters in _core.stage_table():
        for parameter, kind, required, default, words in parameters or [("", "", True, None, ())]:
            said = [f"`{word!r}`" for word in words]
            said[:0] = ["a number"] if kind == "number or word" else []
            text = joined(said) if said else KINDS.get(kind, f"a {kind}" if kind else "")
            shown = "" if required else f"`{default!r}`"
            rows.append((f"`{name}`", f"`{parameter}`" if parameter else "", shown, text))
    return table(("stage", "parameter", "default", "values"), rows)


def text() -> str:
    return HEAD + "\n".join(fields()) + "\n" + STAGES + "\n".join(stages()) + "\n"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
