# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The records of CSV and TSV, of which one with a stray quotation mark loses no other.

The first line of a record with an open quote is an error, and the next line begins a new one.
"""

import csv
from collections.abc import Iterable, Iterator

Record = tuple[int, list[str] | ValueError]

_OPEN = "a quotation mark opens a field that does not end (inside a field it is written twice)"


def tsv_records(lines: Iterable[str]) -> Iterator[Record]:
    """Yield the number and the fields of each line, in which quotation marks are ordinary.

    So Common Voice and others write TSV. A field that is quoted as in CSV is taken out of its
    quotes; one with a line break cannot be told from two lines.
    """
    for number, line in enumerate(lines, 1):
        text = line.rstrip("\r\n")
        if text:
            yield number, [_unquoted(field) for field in text.split("\t")]


def _unquoted(field: str) -> str:
    if len(field) < 2 or field[0] != '"' or field[-1] != '"':
        return field
    inner = field[1:-1].replace('""', "")
    return field if '"' in inner else field[1:-1].replace('""', '"')


def csv_records(lines: Iterable[str]) -> Iterator[Record]:
    """Yield the number of the last line and the fields of each record; an error where it begins."""
    source = _Lines(lines)
    width = None
    while True:
        record = _record(source)
        if record is None:
            return
        taken = len(source.taken)
        if taken > 1 and isinstance(record, list) and width not in (None, len(record)):
            record = ValueError(_OPEN)  # it ended at a quote of another record
        if isinstance(record, ValueError):
            if taken > 1:
                source.give_back(1)
            yield source.number, record
        elif record:
            width = width or len(record)
            yield source.number, record
        source.taken.clear()


class _Lines:
    """Lines, of which those of the current record can be given back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._waiting: list[str] = []  # the next one last
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._waiting.pop() if self._waiting else next(self._lines)
        self.taken.append(line)
        self.number += 1
        return line

    def give_back(self, kept: int) -> None:
        """Give back all but the first `kept` lines of the record."""
        given = self.taken[kept:]
        self._waiting += reversed(given)
        self.number -= len(given)
        del self.taken[kept:]


def _record(source: _Lines) -> list[str] | ValueError | None:
    """Read one record; None at the end."""
    try:
        return next(csv.reader(source, strict=True), None)
    except csv.Error as error:
        wrong = error
    if "field larger" in str(wrong) or "NUL" in str(wrong):
        return ValueError(str(wrong))
    if len(source.taken) <= 1:
        loose = list(csv.reader([*source.taken, "\n", "end\n"]))
        if loose[1:] == [[], ["end"]]:  # text behind a closing quote: the field ends all the same
            return loose[0]
    return ValueError(_OPEN)
