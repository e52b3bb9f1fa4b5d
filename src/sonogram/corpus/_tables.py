# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Tables of what to read: CSV, TSV, JSON lines, Parquet, and plain lists of paths."""

import csv
import io
import json
import math
import os
from collections.abc import Iterator, Mapping
from typing import Any

from .._extras import require
from ._items import Item
from ._store import is_remote, local_path, remote_system

# The first of these that a table has is used; NeMo's and Hugging Face's names among them.
_COLUMNS = {
    "path": (
        "path",
        "audio_filepath",
        "audio_path",
        "file_name",
        "filename",
        "file",
        "wav",
        "audio",
    ),
    "id": ("id", "utt_id", "utterance_id", "key", "segment_id"),
    "start": ("start", "offset", "begin"),
    "duration": ("duration", "dur"),
    "channel": ("channel",),
}
TABLES = (".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".parquet")
LISTS = (".txt", ".lst", ".list")


def rows_of(path: str) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a table, one at a time."""
    suffix = os.path.splitext(path)[1].lower()
    if suffix == ".parquet":
        yield from _parquet_rows(path)
        return
    with opened_text(path) as file:
        if suffix in (".csv", ".tsv"):
            yield from csv.DictReader(file, delimiter="\t" if suffix == ".tsv" else ",")
            return
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise ValueError(f"{path!r}, line {number}: not JSON: {error}") from None
            if not isinstance(row, dict):
                raise ValueError(f"{path!r}, line {number}: not a JSON object")
            yield row


def opened_text(path: str) -> Any:
    """Open a local or remote text file for reading lines."""
    return io.TextIOWrapper(_opened(path), encoding="utf-8-sig", newline="")


def _opened(path: str) -> Any:
    if is_remote(path):
        system, inner = remote_system(path)
        return system.open(inner, "rb")
    return open(path, "rb")


def _parquet_rows(path: str) -> Iterator[Mapping[str, Any]]:
    parquet = require("pyarrow.parquet", "arrow", "reading a Parquet manifest")
    with _opened(path) as raw, parquet.ParquetFile(raw) as file:
        known = [name for names in _COLUMNS.values() for name in names]
        columns = [name for name in file.schema_arrow.names if name in known]
        for batch in file.iter_batches(batch_size=4096, columns=columns):
            yield from batch.to_pylist()


def table_items(path: str, prefix: str = "") -> Iterator[Item]:
    """Yield the items of a table; relative paths are relative to its folder."""
    base = os.path.dirname(path)
    chosen: dict[str, str] | None = None
    for number, row in enumerate(rows_of(path)):
        if chosen is None:
            chosen = _choose(path, row)
        try:
            yield _item(row, chosen, base, prefix)
        except ValueError as error:
            raise ValueError(f"{path!r}, row {number}: {error}") from None


def _choose(path: str, row: Mapping[str, Any]) -> dict[str, str]:
    chosen = {
        field: name for field, names in _COLUMNS.items() for name in reversed(names) if name in row
    }
    if "path" not in chosen:
        raise ValueError(
            f"{path!r} has the columns {', '.join(map(str, row))}; one must be named "
            f"{', '.join(_COLUMNS['path'])}"
        )
    return chosen


def _item(row: Mapping[str, Any], chosen: Mapping[str, str], base: str, prefix: str) -> Item:
    given = {field: row.get(name) for field, name in chosen.items()}
    name = given["path"]
    if isinstance(name, dict):  # Hugging Face's {"path": ..., "bytes": ...}
        name = name.get("path")
    if not isinstance(name, str) or not name:
        raise ValueError(f"the path is {name!r}; it must be a string")
    start, duration = (
        _seconds("start", given.get("start")),
        _seconds("duration", given["duration"]) if "duration" in given else None,
    )
    key = given.get("id")
    if key in (None, ""):
        key = _default_id(name, base, start, duration)
        key = f"{prefix}/{key}" if prefix else key
    return Item(
        id=str(key),
        path=resolve(name, base),
        start=start,
        duration=duration,
        channel=_channel(given.get("channel")),
    )


def _default_id(name: str, base: str, start: float | None, duration: float | None) -> str:
    key = os.path.splitext(name)[0]
    if os.path.isabs(name) and base:
        key = os.path.relpath(key, base) if key.startswith(base + os.sep) else key.lstrip("/")
    if start is not None:
        key += f"-{start:.3f}" + ("" if duration is None else f"-{start + duration:.3f}")
    return key


def resolve(name: str, base: str) -> str:
    """Return the path of a name in a table that lies in the folder `base`."""
    if is_remote(name):
        return name
    name = local_path(name)
    if os.path.isabs(name):
        return name
    return f"{base}/{name}" if is_remote(base) else os.path.join(base, name)


def _seconds(field: str, value: Any) -> float | None:
    if value in (None, ""):
        return None
    try:
        seconds = float(value)
    except (TypeError, ValueError):
        seconds = math.nan
    if math.isnan(seconds) and isinstance(value, float):  # an absent value in a column of floats
        return None
    if not 0 <= seconds < 1e9 or (field == "duration" and seconds == 0):
        raise ValueError(f"{field} is {value!r}; it must be a number of seconds")
    return seconds


def _channel(value: Any) -> int | None:
    if value in (None, "") or (isinstance(value, float) and math.isnan(value)):
        return None
    try:
        channel = int(value)
    except (TypeError, ValueError):
        channel = -1
    if channel < 0 or channel != float(value):
        raise ValueError(f"channel is {value!r}; it must be a whole number from 0")
    return channel


def list_items(path: str) -> Iterator[Item]:
    """Yield the items of a text file with one path a line, relative to its folder."""
    base = os.path.dirname(path)
    with opened_text(path) as file:
        for line in file:
            if name := line.strip():
                yield Item(_default_id(name, base, None, None), resolve(name, base))
