# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The plan: every item on a line, in the order that decides what lies in which shard.

It is made once, when a job begins, and read from the disk after that: neither a job's memory nor
what a resumed job does depends on how much the source holds or has changed.
"""

import json
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from .._extras import require
from ._items import Item
from ._settings import WORK, Task
from ._store import Store, discarded

_NAME = f"{WORK}/plan.jsonl"
_HEAD = f"{WORK}/plan.json"
_SMALLEST, _LARGEST, _AIM = 16, 256, 64  # items of a shard, and shards of a small corpus


@dataclass(frozen=True)
class Plan:
    """The items of a job, on disk."""

    store: Store
    items: int
    shard_items: int
    digest: str

    @property
    def shards(self) -> int:
        """Number of shards."""
        return -(-self.items // self.shard_items)

    def tasks(self) -> Iterator[Task]:
        """Yield the shards in order; the plan is read as they are wanted."""
        with self.store.open(_NAME) as file:
            for number in range(self.shards):
                lines = [line.decode().rstrip("\n") for line in islice(file, self.shard_items)]
                yield Task(number, lines)

    def same_items(self, items: Iterator[Item]) -> bool:
        """Tell whether these are the items of the plan."""
        hasher = require("xxhash", "corpus", "sonogram.corpus").xxh3_64()
        for item in items:
            hasher.update(f"{item.to_line()}\n".encode())
        return bool(hasher.hexdigest() == self.digest)


def load_plan(store: Store) -> Plan | None:
    """Return the plan that a job has made before, if it came so far."""
    if not store.exists(_HEAD):
        return None
    head: dict[str, Any] = json.loads(store.read(_HEAD))
    return Plan(store, head["items"], head["shard_items"], head["digest"])


def make_plan(store: Store, items: Iterator[Item], shard_items: int | None) -> Plan:
    """Write the plan.

    Raises
    ------
    ValueError
        Where there is no item, or an id twice.
    """
    xxhash = require("xxhash", "corpus", "sonogram.corpus")
    hasher, keys = xxhash.xxh3_64(), array("Q")
    temporary = store.temporary(_NAME)
    with discarded(temporary):
        with open(temporary, "wb") as file:
            for item in items:
                line = f"{item.to_line()}\n".encode()
                file.write(line)
                hasher.update(line)
                keys.append(xxhash.xxh3_64_intdigest(item.id.encode("utf-8", "surrogatepass")))
        if not keys:
            raise ValueError("source holds no audio files")
        _refuse_duplicates(temporary, keys)
        store.commit(temporary, _NAME)
    count = len(keys)
    size = shard_items or min(_LARGEST, max(_SMALLEST, -(-count // _AIM)))
    head = {"items": count, "shard_items": size, "digest": hasher.hexdigest()}
    store.write(_HEAD, json.dumps(head).encode())
    return Plan(store, count, size, head["digest"])


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
    for name in (_HEAD, _NAME):
        store.remove(name)
