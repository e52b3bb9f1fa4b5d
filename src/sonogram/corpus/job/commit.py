# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Turning finished shards into a corpus: index, statistics, and last of all corpus.json."""

import contextlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..disk.errors import CorpusError
from ..disk.names import CMVN, CORPUS, FAILURES, INDEX, SCHEMA
from ..disk.settings import Settings, shard_name
from ..disk.store import Store, discarded
from ..formats import module_of, suffix_of
from ..shards.journal import read_record
from ..shards.stats import Moments


def commit(store: Store, settings: Settings, shards: int, index: str) -> dict[str, Any]:
    """Write the index, the statistics and the report of failures, in the order of the plan."""
    moments = Moments()
    totals: dict[str, Any] = {"items": 0, "frames": 0, "seconds": 0.0}
    listed: list[dict[str, Any]] = []
    with contextlib.ExitStack() as stack:
        write = stack.enter_context(_file(store, INDEX))
        report = stack.enter_context(_file(store, FAILURES))
        extra = _extra(stack, store, settings, index)
        position = 0
        for record in _records(store, shards):
            moments.add(Moments.from_dict(record["moments"]))
            for failure in (*record["failures"], *record["filtered"]):
                report(json.dumps(failure))
            entries = record["items"]
            if not entries:
                continue
            listed.append(_shard(record, settings, position))
            for entry in entries:
                position += write(json.dumps(entry, separators=(",", ":")))
                totals["frames"] += entry["frames"]
            extra(entries)
            totals["items"] += len(entries)
            totals["seconds"] += record["seconds"]
    _write_cmvn(store, moments)
    head = {
        "sonogram": "corpus",
        "schema": SCHEMA,
        **{k.removeprefix("sonogram."): v for k, v in settings.metadata().items()},
        "spec": settings.spec.to_dict(),
        "format": settings.format,
        "compress": settings.compress,
        "isa": sorted({entry["isa"] for entry in listed}),
        **totals,
        "index": INDEX if index == "jsonl" else f"index.{index}",
        "shards": listed,
    }
    store.write(CORPUS, (json.dumps(head, indent=1) + "\n").encode())
    return head


def _shard(record: dict[str, Any], settings: Settings, position: int) -> dict[str, Any]:
    return {
        "file": shard_name(record["shard"], suffix_of(settings.format)),
        "number": record["shard"],
        "items": len(record["items"]),
        "seconds": record["seconds"],
        "bytes": record["bytes"],
        "checksum": record["checksum"],
        "isa": record["isa"],
        "index": position,
    }


def _records(store: Store, shards: int) -> Iterator[dict[str, Any]]:
    for number in range(shards):
        record = read_record(store, number)
        if record is None:
            raise CorpusError(f"the record of shard {number} is gone; run the job again")
        yield record


@contextlib.contextmanager
def _file(store: Store, name: str) -> Iterator[Callable[[str], int]]:
    """Yield a function that writes a line and returns its size; the file appears at the end."""
    temporary = store.temporary(name)
    with discarded(temporary):
        with open(temporary, "wb") as file:
            yield lambda line: file.write(f"{line}\n".encode())
        store.commit(temporary, name)


def _extra(
    stack: contextlib.ExitStack, store: Store, settings: Settings, index: str
) -> Callable[[list[dict[str, Any]]], None]:
    """Return a function that writes a shard's entries to a Parquet index and a format's lists."""
    takers = []
    if index == "parquet":
        from .parquet_index import parquet_index

        takers.append(stack.enter_context(parquet_index(store)))
    for name, line in getattr(module_of(settings.format), "LISTS", {}).items():
        write = stack.enter_context(_file(store, name))

        def take(entries: list[dict[str, Any]], write: Any = write, line: Any = line) -> None:
            for entry in entries:
                file = shard_name(entry["shard"], suffix_of(settings.format))
                write(line(entry, file))

        takers.append(take)

    def all_of_them(entries: list[dict[str, Any]]) -> None:
        for taker in takers:
            taker(entries)

    return all_of_them


def _write_cmvn(store: Store, moments: Moments) -> None:
    if not moments.count:
        store.remove(CMVN)
        return
    variance = moments.squares / moments.count
    values = {
        "frames": moments.count,
        "mean": moments.mean.tolist(),
        "variance": variance.tolist(),
        "std": np.sqrt(variance).tolist(),
    }
    store.write(CMVN, (json.dumps(values, indent=1) + "\n").encode())
