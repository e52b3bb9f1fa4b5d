# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The journal: one record for each finished shard, written after the shard itself.

A shard counts as finished only if its record agrees with its own checksum, the job, the items of
the plan and the bytes of the shard.
"""

import json
from typing import Any

from ..disk.checksum import digest
from ..disk.settings import Settings, Task, done_name, shard_name
from ..disk.store import Store
from ..formats import suffix_of
from ..formats.integrity import has_size, is_whole


def plan_digest(task: Task) -> str:
    """Return the checksum of the lines of the plan that a shard is made from."""
    return digest("\n".join(task.lines).encode("utf-8", "surrogatepass"))


def write_record(store: Store, number: int, record: dict[str, Any]) -> None:
    """Write a record atomically."""
    text = json.dumps(record, separators=(",", ":")) + "\n"
    store.write(done_name(number), f"{digest(text.encode())}\n{text}".encode())


def read_record(store: Store, number: int) -> dict[str, Any] | None:
    """Return a record, or None if it is missing or damaged."""
    try:
        head, _, text = store.read(done_name(number)).decode().partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    if digest(text.encode()) != head:
        return None
    record: dict[str, Any] = json.loads(text)
    return record


def valid_record(store: Store, settings: Settings, task: Task) -> dict[str, Any] | None:
    """Return the record of a shard that need not be made again."""
    record = read_record(store, task.number)
    if record is None or record["job"] != settings.digest or record["plan"] != plan_digest(task):
        return None
    again = None if settings.retry_failed else ("unavailable", "killed")
    if any(again is None or failure["kind"] in again for failure in record["failures"]):
        return None
    skipped = {failure["id"] for failure in record["failures"]}
    if any(json.loads(task.lines[index])["id"] not in skipped for index in task.skip):
        return None
    return record if intact(store, settings, record) else None


def intact(store: Store, settings: Settings, record: dict[str, Any]) -> bool:
    """Tell whether a shard's file has the size and, with `verify`, the checksum of its record."""
    name = shard_name(record["shard"], suffix_of(settings.format))
    if not record["items"]:
        return not store.exists(name)
    if store.remote:
        return store.exists(name)  # object stores verify their own checksums
    path = store.path(name)
    if not has_size(path, record["bytes"]):
        return False
    if settings.verify == "size":
        return True
    return is_whole(path, settings.format, settings.dtype, record["checksum"], record["items"])
