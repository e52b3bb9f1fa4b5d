# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Detection of changes in a source since a job was planned: other items, or other file sizes.

Sizes rather than modification times, because copying a corpus keeps only the sizes.
"""

import os
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from ..disk.errors import CorpusError
from ..disk.store import is_remote
from ..sources.items import Item

_NAMED = 3  # items named in a message


def with_sizes(items: Iterable[Item]) -> Iterator[Item]:
    """Yield items with the sizes of their local files; each file is looked at once."""
    path, size = "", None
    for item in items:
        if item.offset is None and item.error is None and not is_remote(item.path):
            if item.path != path:  # segments of one recording follow one another
                path, size = item.path, _size(item.path)
            item = item.sized(size)
        yield item


def _size(path: str) -> int | None:
    try:
        return os.stat(path).st_size
    except (OSError, ValueError):  # reported when the file is decoded
        return None


def require_unchanged(planned: Iterable[str], items: Iterable[Item], where: str) -> None:
    """Compare the items of a source with the lines of the plan.

    An item that could not be reached when the plan was made may be available by now.

    Raises
    ------
    CorpusError
        If items were added, removed, changed or reordered, or none is left.
    """
    difference = _Difference()
    for line, item in zip_longest(planned, with_sizes(items)):
        difference.add(line, item)
    if difference and not difference.reached:
        raise CorpusError(
            f"the source has disappeared: none of the {difference.planned} items that the job in "
            f"{where!r} was planned from is there"
        )
    if difference:
        raise CorpusError(
            f"the source has changed since the job in {where!r} began: {difference}; give another "
            "folder for what it holds now, or resume=False to begin anew"
        )


class _Difference:
    """The difference between two lists of items; keeps only items without a match so far."""

    def __init__(self) -> None:
        self.planned = 0
        self.reached = 0  # items that are available now
        self._old: dict[str, Item] = {}
        self._new: dict[str, Item] = {}
        self._gone: list[str] = []
        self._changed: list[str] = []
        self._moved = False

    def add(self, line: str | None, item: Item | None) -> None:
        """Add the next item of each list."""
        self.planned += line is not None
        self.reached += item is not None and _is_reachable(item)
        if line is not None and item is not None and line == item.to_line():
            return
        old = None if line is None else Item.from_line(line)
        if old is not None and item is not None and old.id == item.id:
            self._compare(old, item)
            return
        self._moved = True
        if old is not None:
            if (new := self._new.pop(old.id, None)) is None:
                self._old[old.id] = old
            else:
                self._compare(old, new)
        if item is not None:
            if (before := self._old.pop(item.id, None)) is None:
                self._new[item.id] = item
            else:
                self._compare(before, item)

    def _compare(self, old: Item, new: Item) -> None:
        if old.file_size is not None and new.file_size is None and not is_remote(new.path):
            self._gone.append(old.id)
        elif old != new and (old.file_size is not None or new.sized(None) != old):
            self._changed.append(old.id)

    def __bool__(self) -> bool:
        return bool(self._moved or self._gone or self._changed)

    def __str__(self) -> str:
        listed = (
            ("added", list(self._new)),
            ("gone", [*self._old, *self._gone]),
            ("changed", self._changed),
        )
        said = [_listed(names, what) for what, names in listed if names]
        return ", ".join(said) or "its items come in another order"


def _is_reachable(item: Item) -> bool:
    return item.file_size is not None or item.offset is not None or is_remote(item.path)


def _listed(names: list[str], what: str) -> str:
    shown = ", ".join(map(repr, names[:_NAMED]))
    rest = ", ..." if len(names) > _NAMED else ""
    return f"{len(names)} item{'s' if len(names) > 1 else ''} {what} ({shown}{rest})"
