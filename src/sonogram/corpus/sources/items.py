# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""One line of the plan: what to read."""

import json
import math
import os
from dataclasses import dataclass, fields, replace
from typing import Any

from ..._support.spellings import names_arguments

_encode = json.JSONEncoder(separators=(",", ":")).encode  # made once: a plan has many lines


@names_arguments
@dataclass(frozen=True)
class Item:
    """What one feature array is computed from.

    Attributes
    ----------
    id : str
        Unique in the corpus.
    path : str
        Local path or fsspec address.
    start, duration : float or None
        Segment in seconds; None: from the beginning, to the end.
    channel : int or None
        This channel, counted from 0; None: as the job says.
    offset, size, name : int, int, str, or None
        Where the bytes of the file lie inside `path` (a tar archive), and its name there.
    error : str or None
        Why it cannot be read at all, found while listing.
    file_size : int or None
        Bytes of the file at `path` when it was looked at: a job finds by it what has changed.
    made : bool or None
        True: nobody gave the id, it is made of a name, and gets its suffix or a number where a plan
        would hold it twice.
    """

    id: str
    path: str
    start: float | None = None
    duration: float | None = None
    channel: int | None = None
    offset: int | None = None
    size: int | None = None
    name: str | None = None
    error: str | None = None
    file_size: int | None = None
    made: bool | None = None

    def to_line(self) -> str:
        """Return it as one line of JSON, the fields that are None left out."""
        return _encode({key: value for key, value in vars(self).items() if value is not None})

    def sized(self, file_size: int | None) -> "Item":
        """Return it with another `file_size` (`dataclasses.replace` takes seven times as long)."""
        item = object.__new__(Item)
        vars(item).update(vars(self), file_size=file_size)
        return item

    @classmethod
    def from_line(cls, line: str) -> "Item":
        """Make it from what `to_line` returned."""
        fields: dict[str, Any] = json.loads(line)
        return cls(**fields)

    @property
    def source(self) -> str:
        """Path, and for a member of an archive its name there, `readable`."""
        return readable(self.path if self.name is None else f"{self.path}::{self.name}")


# What a mapping in a list may say of an item; the size is looked up.
FIELDS = tuple(field.name for field in fields(Item) if field.name not in ("file_size", "made"))


def readable(text: str) -> str:
    """Return a text that every format can hold: bytes that are no UTF-8 are spelled out.

    Python keeps such bytes of file names as lone surrogates, which nothing can encode.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        try:
            return os.fsencode(text).decode("utf-8", "backslashreplace")
        except UnicodeEncodeError:  # a surrogate that stands for no byte
            return text.encode("utf-8", "backslashreplace").decode()
    return text


def seconds(field: str, value: Any) -> float | None:
    """Return the start or duration that a row gives; None where it gives none.

    Raises
    ------
    ValueError
        For anything but a number of seconds, NaN and booleans among them.
    """
    if value in (None, ""):
        return None
    number = _number(value)
    if not 0 <= number < 1e9 or (field == "duration" and number == 0):
        least = "above 0" if field == "duration" else "from 0"
        raise ValueError(f"{field} is {value!r}; it must be a number of seconds {least} to 1e9")
    return number


def channel(value: Any) -> int | None:
    """Return the channel that a row gives, as ``1``, ``1.0`` or a text; None where it gives none.

    Raises
    ------
    ValueError
        For anything but a whole number from 0.
    """
    if value in (None, ""):
        return None
    number = _number(value)
    if not 0 <= number < 1e9 or number != int(number):
        raise ValueError(f"channel is {value!r}; it must be a whole number from 0")
    return int(number)


def _number(value: Any) -> float:
    if isinstance(value, bool):
        return math.nan
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def checked(item: Item) -> Item:
    """Return an item as a plan can hold it, with the reason if it cannot be read at all.

    Raises
    ------
    TypeError
        Where its id or path is no string.
    """
    for field in ("id", "path"):
        if not isinstance(value := getattr(item, field), str):
            raise TypeError(f"source has an item whose {field} is {value!r}; it must be a string")
    error = item.error
    if error is None:
        try:
            _refuse(item)
        except ValueError as found:
            error = str(found)
    key = readable(item.id)
    if key is item.id and error is item.error:
        return item
    if error is item.error:
        return replace(item, id=key)
    return replace(item, id=key, error=error, start=None, duration=None, channel=None)


def _refuse(item: Item) -> None:
    """Raise ValueError for what no reader and no format can do."""
    if not item.id:
        raise ValueError("its id is empty")
    for field in ("id", "path"):
        if "\0" in getattr(item, field):
            raise ValueError(f"its {field} holds a NUL character")
    seconds("start", item.start)
    seconds("duration", item.duration)
    channel(item.channel)
