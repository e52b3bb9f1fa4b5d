# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Tables of what to read: CSV, TSV, JSON lines, Parquet, and plain lists of paths."""

import codecs
import io
import json
import math
import os
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from ..._support.optional import require
from ..disk.store import is_remote, local_path, remote_system
from .items import Item, channel, seconds
from .separated import csv_records, tsv_records

# The first of these columns that a table has is used; they include NeMo's and Hugging Face's names.
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


def rows_of(path: str) -> Iterator[tuple[str, Mapping[str, Any] | ValueError]]:
    """Yield the rows of a table, one at a time, with the position of each.

    A line that is not a row gives an error instead; the following lines are still read.

    Raises
    ------
    ValueError
        If the file is not a table of its kind.
    """
    suffix = os.path.splitext(path)[1].lower()
    if suffix == ".parquet":
        yield from _parquet_rows(path)
        return
    with opened_text(path) as file:
        if suffix in (".csv", ".tsv"):
            rows = tsv_records(file) if suffix == ".tsv" else csv_records(file)
            yield from _separated_rows(path, rows)
            return
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            yield f"line {number}", _json_row(line, f"{path!r}, line {number}")


def _json_row(line: str, where: str) -> Mapping[str, Any] | ValueError:
    try:
        row = json.loads(line)
    except RecursionError:
        return ValueError(f"{where}: not JSON that can be read: its brackets are nested too deep")
    except ValueError as error:
        return ValueError(f"{where}: not JSON: {error}")
    return row if isinstance(row, dict) else ValueError(f"{where}: not a JSON object")


def first_row(path: str) -> Mapping[str, Any] | None:
    """Return the first row of a table, or None if it has none.

    Raises
    ------
    ValueError
        If the file is not a table of its kind, or none of its lines of JSON is a row.
    """
    wrong = None
    for _, row in rows_of(path):
        if not isinstance(row, ValueError):
            return row
        wrong = wrong or row
    if wrong is not None:
        raise wrong
    return None


def _separated_rows(
    path: str, records: Iterator[tuple[int, list[str] | ValueError]]
) -> Iterator[tuple[str, Mapping[str, Any] | ValueError]]:
    header: list[str] | None = None
    for number, record in records:
        if isinstance(record, ValueError):
            wrong = ValueError(f"{path!r}, line {number}: {record}")
            if header is None:
                raise wrong
            yield f"line {number}", wrong
        elif header is None:
            header = record
        else:
            yield f"line {number}", dict(zip_longest(header, record[: len(header)]))


def opened_text(path: str) -> Any:
    """Open a local or remote text file for reading lines; names in it need not be UTF-8.

    Raises
    ------
    ValueError
        If it begins like UTF-16.
    """
    file = _opened(path)
    if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        file.close()
        raise ValueError(f"{path!r} is encoded in UTF-16; it must be UTF-8")
    file.seek(0)
    return io.TextIOWrapper(file, "utf-8-sig", "surrogateescape", newline="")


def _opened(path: str) -> Any:
    if is_remote(path):
        system, inner = remote_system(path)
        return system.open(inner, "rb")
    return open(path, "rb")


def _parquet_rows(path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    pa = require("pyarrow", "arrow", "reading a Parquet manifest")
    parquet = require("pyarrow.parquet", "arrow", "reading a Parquet manifest")
    number = 0
    try:
        with _opened(path) as raw, parquet.ParquetFile(raw) as file:
            known = [name for names in _COLUMNS.values() for name in names]
            columns = [name for name in file.schema_arrow.names if name in known]
            if not columns:
                yield "row 1", dict.fromkeys(file.schema_arrow.names)
                return
            for batch in file.iter_batches(batch_size=4096, columns=columns):
                for row in batch.to_pylist():
                    number += 1
                    yield f"row {number}", {key: _present(value) for key, value in row.items()}
    except pa.ArrowInvalid as error:
        raise ValueError(f"{path!r}: not a Parquet file: {error}") from None


def _present(value: Any) -> Any:
    """Return None for NaN, which marks a missing value in a column of floats."""
    return None if isinstance(value, float) and math.isnan(value) else value


def table_items(path: str, prefix: str = "") -> Iterator[Item]:
    """Yield the items of a table; relative paths are relative to its folder.

    An invalid row is an item with an error and affects nothing else.

    Raises
    ------
    ValueError
        If the file is not a table of its kind, or its first row has no column of paths.
    """
    base = os.path.dirname(path)
    chosen: dict[str, str] = {}
    columns: Any = None
    wrong = None
    for where, row in rows_of(path):
        if isinstance(row, ValueError):
            wrong = wrong or row
            yield _refused({}, {}, where, prefix, str(row))
            continue
        if row.keys() != columns:  # lines of JSON may differ
            chosen = _choose(row)
            if columns is None and "path" not in chosen:
                raise ValueError(
                    f"{path!r} has the columns {', '.join(map(str, row))}; one must be named "
                    f"{', '.join(_COLUMNS['path'])}"
                )
            columns = row.keys()
        try:
            yield _item(row, chosen, base, prefix)
        except ValueError as error:
            yield _refused(row, chosen, where, prefix, f"{path!r}, {where}: {error}")
        except RecursionError:  # JSON may be nested too deeply to be printed, yet be readable
            yield _refused({}, {}, where, prefix, f"{path!r}, {where}: it is nested too deep")
    if columns is None and wrong is not None:
        raise wrong


def _refused(
    row: Mapping[str, Any], chosen: Mapping[str, str], where: str, prefix: str, error: str
) -> Item:
    """Return the item of an invalid row, with a unique id."""
    key, name = (row.get(chosen.get(field, "")) for field in ("id", "path"))
    name = name if isinstance(name, str) else ""
    made = key in (None, "")
    if made:
        key = f"{os.path.splitext(name)[0]} ({where})".lstrip()
        key = f"{prefix}/{key}" if prefix else key
    return Item(str(key), name, error=error, made=made or None)


def _choose(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the name of the column for each field that a row has."""
    return {
        field: name for field, names in _COLUMNS.items() for name in reversed(names) if name in row
    }


def _item(row: Mapping[str, Any], chosen: Mapping[str, str], base: str, prefix: str) -> Item:
    given = {field: row.get(name) for field, name in chosen.items()}
    name = given.get("path")
    if isinstance(name, dict):  # Hugging Face's {"path": ..., "bytes": ...}
        name = name.get("path")
    if not isinstance(name, str) or not name:
        raise ValueError(f"the path is {name!r}; it must be a string")
    start = seconds("start", given.get("start"))
    duration = seconds("duration", given.get("duration"))
    key = given.get("id")
    made = key in (None, "")
    if made:
        key = _default_id(name, base, start, duration)
        key = f"{prefix}/{key}" if prefix else key
    return Item(
        id=str(key),
        path=resolve(name, base),
        start=start,
        duration=duration,
        channel=channel(given.get("channel")),
        made=made or None,
    )


def _default_id(name: str, base: str, start: float | None, duration: float | None) -> str:
    key = os.path.splitext(name)[0]
    if os.path.isabs(name) and base:
        key = os.path.relpath(key, base) if key.startswith(base + os.sep) else key.lstrip("/")
    if start is not None:
        key += f"-{start:.3f}" + ("" if duration is None else f"-{start + duration:.3f}")
    return key


def resolve(name: str, base: str) -> str:
    """Return the path of a name in a table in the folder `base`."""
    if is_remote(name):
        return name
    name = local_path(name)
    if os.path.isabs(name):
        return name
    return f"{base}/{name}" if is_remote(base) else os.path.join(base, name)


def list_items(path: str) -> Iterator[Item]:
    """Yield the items of a text file with one path per line, relative to its folder."""
    base = os.path.dirname(path)
    with opened_text(path) as file:
        for line in file:
            if name := line.strip():
                yield Item(_default_id(name, base, None, None), resolve(name, base), made=True)
