# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The plan: every item on a line, in the order that decides what lies in which shard.

It is made once, when a job begins, and read from the disk after that: neither a job's memory nor
what a resumed job does depends on how much the source holds. Its lines say how large the files
were, and its head has their checksum: what a resumed job finds is held against both.
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
from .source_changes import measured
from .unique_ids import write_items

LINES = f"{WORK}/plan.jsonl"
HEAD = f"{WORK}/plan.json"
_SMALLEST, _LARGEST, _AIM = 16, 256, 64  # items of a shard, and shards of a small corpus
_BLOCK = 1 << 20  # bytes that are read at a time


@dataclass(frozen=True)
class Plan:
    """The items of a job, on disk."""

    store: Store
    items: int
    shard_items: int
    renamed: bool  # ids that were found twice have been told apart

    @property
    def shards(self) -> int:
        """Number of shards."""
        return -(-self.items // self.shard_items)

    def lines(self) -> Iterator[str]:
        """Yield the items as they are written down."""
        with self.store.open(LINES) as file:
            for line in file:
                yield line.decode().rstrip("\n")

    def tasks(self) -> Iterator[Task]:
        """Yield the shards in order; the plan is read as they are wanted."""
        lines = self.lines()
        for number in range(self.shards):
            yield Task(number, list(islice(lines, self.shard_items)))


def load_plan(store: Store) -> Plan | None:
    """Return the plan that a job has made before, if it came so far.

    Raises
    ------
    CorpusError
        Where it is not what was written.
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
    """Write the plan; `before` is called when it is known to be a good one, and not yet there.

    Raises
    ------
    ValueError
        Where there is no item, or an id was given twice.
    """
    temporary = store.temporary(LINES)
    with discarded(temporary):
        listing = write_items(temporary, measured(items))
        if not listing.items:
            raise ValueError("source holds no audio files")
        before()
        store.commit(temporary, LINES)
    count = listing.items
    size = shard_items or min(_LARGEST, max(_SMALLEST, -(-count // _AIM)))
    write_sealed(store, HEAD, {"shard_items": size, **listing._asdict()})
    return Plan(store, count, size, listing.renamed)


def forget(store: Store) -> None:
    """Remove the plan."""
    for name in (HEAD, LINES):
        store.remove(name)
