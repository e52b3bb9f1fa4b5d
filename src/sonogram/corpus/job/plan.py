# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The plan: every item on a line, in the order that decides what lies in which shard.

It is made once, when a job begins, and read from the disk after that: neither a job's memory nor
what a resumed job does depends on how much the source holds. Its lines say how large the files
were, and its head has their checksum: what a resumed job finds is held against both.
"""

import json
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from ..._support.optional import require
from ..disk.names import WORK
from ..disk.sealed_json import damaged, read_sealed, write_sealed
from ..disk.settings import Task
from ..disk.store import Store, discarded
from ..sources.items import Item
from .source_changes import measured

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
    return Plan(store, head["items"], head["shard_items"])


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
        Where there is no item, or an id twice.
    """
    xxhash = require("xxhash", "corpus", "sonogram.corpus")
    hasher, keys = xxhash.xxh3_64(), array("Q")
    temporary = store.temporary(LINES)
    with discarded(temporary):
        with open(temporary, "wb") as file:
            for item in measured(items):
                line = f"{item.to_line()}\n".encode()
                file.write(line)
                hasher.update(line)
                keys.append(xxhash.xxh3_64_intdigest(item.id.encode("utf-8", "surrogatepass")))
        if not keys:
            raise ValueError("source holds no audio files")
        _refuse_duplicates(temporary, keys)
        before()
        store.commit(temporary, LINES)
    count = len(keys)
    size = shard_items or min(_LARGEST, max(_SMALLEST, -(-count // _AIM)))
    head = {"items": count, "shard_items": size, "digest": hasher.hexdigest()}
    write_sealed(store, HEAD, head)
    return Plan(store, count, size)


def _refuse_duplicates(path: str, keys: "array[int]") -> None:
    """Find ids that occur twice by hashes of eight bytes, and look only at those that agree."""
    ordered = np.sort(np.frombuffer(keys, np.uint64))
    twice = set(ordered[1:][ordered[1:] == ordered[:-1]].tolist())
    if not twice:
        return
    seen: set[str] = set()
    with open(path, encoding="utf-8") as file:
        for key, line in zip(keys, file, strict=True):
            if key in twice:
                name = json.loads(line)["id"]
                if name in seen:
                    raise ValueError(f"source names the id {name!r} twice; ids must be unique")
                seen.add(name)


def forget(store: Store) -> None:
    """Remove the plan."""
    for name in (HEAD, LINES):
        store.remove(name)
