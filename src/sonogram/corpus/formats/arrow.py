# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Parquet and Arrow: a row for each item, features as a list of lists of fixed size.

Features are ``[time][bands]``, whatever the layout, because only the number of bands is fixed.
"""

import functools
import os
from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from ..._support.optional import require
from ..disk.errors import CorpusError
from .base import Array, Entry, PlainWriter, ShardInfo, time_first

_GROUP = 1 << 23  # bytes of features in a row group, all of which are read to get one item
_COLUMNS = ("id", "frames", "duration", "source", "start", "channel", "checksum")


class _RowWriter(PlainWriter, ABC):
    """Collects rows and writes them in groups."""

    def __init__(self, path: str, info: ShardInfo) -> None:
        self._pa = pa = require("pyarrow", "arrow", "the formats parquet and arrow")
        dtype = np.dtype(info.dtype)
        if info.bands is None or dtype.kind not in "fu":
            raise CorpusError(f"the formats parquet and arrow hold real matrices, not {dtype}")
        self._bands_last = info.bands_last
        self._bands = info.bands
        self._features = pa.list_(pa.list_(pa.from_numpy_dtype(dtype), info.bands))
        kinds = (
            pa.string(),
            pa.int64(),
            pa.float64(),
            pa.string(),
            pa.float64(),
            pa.int64(),
            pa.string(),
        )
        self._schema = pa.schema(
            [*zip(_COLUMNS, kinds, strict=True), ("features", self._features)],
            metadata=dict(info.metadata),
        )
        self._rows: list[Entry] = []
        self._arrays: list[Array] = []
        self._size = self._group = 0
        self._open(path, info.compress)

    @abstractmethod
    def _open(self, path: str, compress: str | None) -> None:
        """Create the file and the object that writes record batches into it."""

    @abstractmethod
    def _write(self, batch: Any) -> None:
        """Append a group of rows."""

    def add(self, entry: Entry, features: Array) -> None:
        """Append a row; its entry records the group and the row's place in it."""
        entry["group"], entry["row"] = self._group, len(self._rows)
        self._rows.append(dict(entry))
        self._arrays.append(time_first(features, self._bands_last))
        self._size += features.nbytes
        if self._size >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        if not self._rows:
            return
        pa = self._pa
        columns = [
            pa.array([row.get(name) for row in self._rows], self._schema.field(name).type)
            for name in _COLUMNS
        ]
        flat = np.concatenate(self._arrays).reshape(-1)
        ends = np.cumsum([0, *(len(array) for array in self._arrays)])
        frames = pa.FixedSizeListArray.from_arrays(pa.array(flat), self._bands)
        lists = pa.ListArray.from_arrays(pa.array(ends, pa.int32()), frames)
        self._write(pa.record_batch([*columns, lists.cast(self._features)], schema=self._schema))
        self._rows, self._arrays, self._size = [], [], 0
        self._group += 1

    def close(self) -> None:
        """Write the last group and the end of the file."""
        self._flush()
        self._writer.close()
        self._sink.close()

    def abort(self) -> None:
        """Close the unfinished file."""
        self._sink.close()

    _writer: Any
    _sink: Any


class ParquetWriter(_RowWriter):
    """A Parquet file with a row group for every few items."""

    def _open(self, path: str, compress: str | None) -> None:
        parquet = require("pyarrow.parquet", "arrow", "the format parquet")
        self._sink = self._pa.OSFile(path, "wb")
        self._writer = parquet.ParquetWriter(
            self._sink, self._schema, compression=compress or "none", use_dictionary=False
        )

    def _write(self, batch: Any) -> None:
        self._writer.write_table(self._pa.Table.from_batches([batch]))


class ArrowWriter(_RowWriter):
    """An Arrow IPC file (Feather 2), which can be mapped."""

    def _open(self, path: str, compress: str | None) -> None:
        self._sink = self._pa.OSFile(path, "wb")
        options = self._pa.ipc.IpcWriteOptions(compression=compress)
        self._writer = self._pa.ipc.new_file(self._sink, self._schema, options=options)

    def _write(self, batch: Any) -> None:
        self._writer.write_batch(batch)


def read(path: str, entry: Entry, dtype: str) -> Array:
    """Return an item in the layout of the corpus."""
    column = _group(path, os.stat(path).st_mtime_ns, entry["group"])
    frames = column[entry["row"]].values
    bands_last = entry["shape"][0] == entry["frames"]
    rows, columns = entry["shape"] if bands_last else entry["shape"][::-1]
    flat = frames.flatten().to_numpy(zero_copy_only=False)
    matrix: Array = flat.reshape(rows, columns)
    return matrix if bands_last else matrix.T


@functools.lru_cache(maxsize=4)
def _group(path: str, changed: int, group: int) -> Any:
    pa = require("pyarrow", "arrow", "the formats parquet and arrow")
    if path.endswith(".parquet"):
        parquet = require("pyarrow.parquet", "arrow", "the format parquet")
        with parquet.ParquetFile(path, memory_map=True) as file:
            return file.read_row_group(group, columns=["features"]).column(0).combine_chunks()
    with pa.memory_map(path) as file:
        return pa.ipc.open_file(file).get_batch(group).column("features")
