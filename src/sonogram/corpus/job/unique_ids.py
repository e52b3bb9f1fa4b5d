# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Unique ids.

An id that the source does not give is a file name without its suffix. Items that would share one
get their suffixes back and, where that is not enough, numbers in the order of their paths, so that
ids depend on the set of items and not on their order. A given id is never changed; giving one twice
is an error. Only hashes of the ids are kept in memory, except for those that clash.
"""

import os
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from ..._support.optional import require
from ..disk.store import Store, discard, discarded
from ..sources.items import Item, readable


class Listing(NamedTuple):
    """A summary of written items: their number, their checksum and whether ids were changed."""

    items: int
    digest: str
    renamed: bool


class _Clash:
    """An item whose id occurs more than once, and its new id."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.key = item.id
        self._name = item.id + readable(os.path.splitext(item.name or item.path)[1])
        self.number = 0  # 0: without its suffix, 1: with it, 2 and more: with that number

    def move(self, number: int) -> None:
        self.number = number
        self.key = self._name if number == 1 else f"{self._name}#{number}"

    def order(self) -> tuple[Any, ...]:
        item = self.item
        numbers = (item.offset, item.start, item.duration, item.channel)
        return (item.path, item.name or "", *(-1 if n is None else n for n in numbers))


def write_items(path: str, items: Iterable[Item]) -> Listing:
    """Write items to a file, one per line, with unique ids.

    Raises
    ------
    ValueError
        If an id was given twice.
    """
    keys = array("Q")
    listing = _write(path, items, keys)
    clashes = _new_ids(path, keys)
    if not clashes:
        return listing
    again = f"{path}.tmp"
    with discarded(again):
        listing = _write(again, _renamed(path, clashes), array("Q"))
        os.replace(again, path)
    return listing._replace(renamed=True)


def unique_items(store: Store, name: str, items: Iterable[Item]) -> Iterator[Item]:
    """Yield items with unique ids, by way of a temporary file."""
    temporary = store.temporary(name)
    try:
        write_items(temporary, items)
        yield from _read(temporary)
    finally:
        discard(temporary)


def _write(path: str, items: Iterable[Item], keys: "array[int]") -> Listing:
    hasher = require("xxhash", "corpus", "sonogram.corpus").xxh3_64()
    with open(path, "wb") as file:
        for item in items:
            line = f"{item.to_line()}\n".encode()
            file.write(line)
            hasher.update(line)
            keys.append(_hash(item.id))
    return Listing(len(keys), hasher.hexdigest(), False)


def _hash(key: str) -> int:
    xxhash = require("xxhash", "corpus", "sonogram.corpus")
    number: int = xxhash.xxh3_64_intdigest(key.encode("utf-8", "surrogatepass"))
    return number


def _read(path: str) -> Iterator[Item]:
    with open(path, encoding="utf-8") as file:
        for line in file:
            yield Item.from_line(line)


def _renamed(path: str, clashes: dict[int, _Clash]) -> Iterator[Item]:
    for index, item in enumerate(_read(path)):
        yield replace(item, id=clashes[index].key) if index in clashes else item


def _new_ids(path: str, keys: "array[int]") -> dict[int, _Clash]:
    """Return the items that get another id, by number; `keys` are updated to the new ids."""
    clashes: dict[int, _Clash] = {}
    while twice := _duplicates(keys):
        groups: dict[str, dict[int, _Clash]] = {}
        for index, item in enumerate(_read(path)):
            if keys[index] in twice:
                clash = clashes.get(index) or _Clash(item)
                groups.setdefault(clash.key, {})[index] = clash
        moved = {
            index: clash
            for key, group in groups.items()
            if len(group) > 1  # else only the hashes collide
            for index, clash in _renumbered(key, group)
        }
        if not moved:
            break
        clashes.update(moved)
        for index, clash in moved.items():
            keys[index] = _hash(clash.key)
    return clashes


def _duplicates(keys: "array[int]") -> set[int]:
    ordered = np.sort(np.frombuffer(keys, np.uint64))
    return set(ordered[1:][ordered[1:] == ordered[:-1]].tolist())


def _renumbered(key: str, group: dict[int, _Clash]) -> Iterator[tuple[int, _Clash]]:
    """Give new ids to those items of a group whose ids were not given: all, or all but one."""
    made = {index: clash for index, clash in group.items() if clash.item.made}
    if len(group) - len(made) > 1:
        raise ValueError(f"source names the id {key!r} twice; ids must be unique")
    short = {index: clash for index, clash in made.items() if clash.number == 0}
    if short:
        for index, clash in short.items():
            clash.move(1)
            yield index, clash
        return
    ordered = sorted(made, key=lambda index: (*made[index].order(), index))
    for place, index in enumerate(ordered if len(made) < len(group) else ordered[1:], 1):
        made[index].move(made[index].number + place)
        yield index, made[index]
