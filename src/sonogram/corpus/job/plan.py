# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The plan: one item per line, in the order that assigns items to shards.

The plan is written once, when a job begins, and read from disk after that, so that the memory of a
job does not grow with its source. Its lines hold the sizes of the files, and its head holds a
checksum of the lines; a resumed job compares its source with both.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ..._support.optional import require
from ..disk.names import WORK
from ..disk.sealed_json import damaged, read_sealed, write_sealed
from ..disk.settings import Task
from ..disk.store import Store, discarded
from ..sources.items import Item
from .source_changes import with_sizes
from .unique_ids import write_items

LINES = f"{WORK}/plan.jsonl"
HEAD = f"{WORK}/plan.json"
_SMALLEST, _LARGEST, _AIM = 16, 256, 64  # items per shard, and shards of a small corpus
_BLOCK = 1 << 20  # bytes read at a time


@dataclass(frozen=True)
class Plan:
    """The items of a job, on disk."""

    store: Store
    items: int
    shard_items: int
    renamed: bool  # whether duplicate ids were made unique

    @property
    def shards(self) -> int:
        """Number of shards."""
        return -(-self.items // self.shard_items)

    def lines(self) -> Iterator[str]:
        """Yield the items as lines of JSON."""
        with self.store.open(LINES) as file:
            for line in file:
                yield line.decode().rstrip("\n")

    def tasks(self) -> Iterator[Task]:
        """Yield the tasks of the shards in order, reading the plan on demand."""
        lines = self.lines()
        for number in range(self.shards):
            yield Task(number, list(islice(lines, self.shard_items)))


def load_plan(store: Store) -> Plan | None:
    """Return the plan of the job in a folder, or None if there is no complete one.

    Raises
    ------
    CorpusError
        If the plan is damaged.
    """
    head = read_sealed(store, HEAD)
    if head is None:
        return None
    hasher = require("xxhash", "corpus", "sonogram.corpus").xxh3_64()
    try:
        with store.open(LINES) as file:
            while block := file.read(_BLOCK):
                hasher.update(block)
    except FileNotFoundError:
        raise damaged(store, LINES, "is gone") from None
    if hasher.hexdigest() != head["digest"]:
        raise damaged(store, LINES)
    return Plan(store, head["items"], head["shard_items"], head.get("renamed", False))


def make_plan(
    store: Store,
    items: Iterator[Item],
    shard_items: int | None,
    before: Callable[[], Any] = lambda: None,
) -> Plan:
    """Write the plan; `before` is called once the plan is known to be valid, before the commit.

    Raises
    ------
    ValueError
        If there is no item, or an id was given twice.
    """
    temporary = store.temporary(LINES)
    with discarded(temporary):
        listing = write_items(temporary, with_sizes(items))
        if not listing.items:
            raise ValueError("source holds no audio files")
        before()
        store.commit(temporary, LINES)
    count = listing.items
    size = shard_items or min(_LARGEST, max(_SMALLEST, -(-count // _AIM)))
    write_sealed(store, HEAD, {"shard_items": size, **listing._asdict()})
    return Plan(store, count, size, listing.renamed)


def remove_plan(store: Store) -> None:
    """Remove the plan."""
    for name in (HEAD, LINES):
        store.remove(name)
