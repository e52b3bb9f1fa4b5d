# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""One line of the plan: what to read."""

import json
from dataclasses import dataclass
from typing import Any

_encode = json.JSONEncoder(separators=(",", ":")).encode  # made once: a plan has many lines


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
        """Path, and for a member of an archive its name there."""
        return self.path if self.name is None else f"{self.path}::{self.name}"
