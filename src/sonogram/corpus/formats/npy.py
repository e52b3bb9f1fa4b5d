# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""NumPy shards: one flat array that holds the items end to end, each in its own layout.

``numpy.load(shard, mmap_mode="r")`` opens it; the index has the offset of each item.
"""

import io
import math
import mmap
import os
from concurrent.futures import Future
from typing import Any

import numpy as np

from ..disk.async_writer import PAGE, DirectFile
from .base import Array, Entry, ShardInfo, mapped

SUFFIX = ".npy"
_HEADER = 128


class NpyWriter:
    """Writes features that were computed directly into its pages."""

    def __init__(self, path: str, info: ShardInfo) -> None:
        self._async_writer = info.async_writer
        self._dtype = np.dtype(info.dtype)
        self._file = DirectFile(path)
        self._buffer: mmap.mmap | None = info.async_writer.acquire(0)
        self._fill = _HEADER  # bytes used in the buffer
        self._begin = 0  # offset of the buffer in the file
        self._writes: list[Future[None]] = []
        self._space: Array | None = None  # memory that the next item may be computed into

    def space(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array | None:
        """Return the next bytes of the buffer."""
        buffer = self._room(math.prod(shape) * dtype.itemsize)
        self._space = np.ndarray(shape, dtype, buffer, self._fill)
        return self._space

    def add(self, entry: Entry, features: Array) -> None:
        """Add an item; copy it only if it was not computed in place."""
        if features is not self._space:
            buffer = self._room(features.nbytes)
            np.ndarray(features.shape, features.dtype, buffer, self._fill)[...] = features
        self._space = None
        entry["offset"] = self._begin + self._fill
        self._fill += features.nbytes

    def _room(self, size: int) -> mmap.mmap:
        """Return a buffer with room for an item; full pages of the last one are being written."""
        buffer = self._buffer
        assert buffer is not None
        if self._fill + size <= len(buffer):
            return buffer
        whole = self._fill // PAGE * PAGE
        rest = self._fill - whole
        following = self._async_writer.acquire(rest + size)
        following[:rest] = buffer[whole : self._fill]
        self._submit(buffer, whole)
        self._buffer, self._fill, self._begin = following, rest, self._begin + whole
        return following

    def _submit(self, buffer: mmap.mmap, size: int) -> None:
        for done in [write for write in self._writes if write.done()]:
            done.result()  # so that a full disk ends the shard now
            self._writes.remove(done)
        self._writes.append(self._async_writer.submit(self._write, buffer, size, self._begin))

    def _write(self, buffer: mmap.mmap, size: int, position: int) -> None:
        try:
            with memoryview(buffer) as view, view[:size] as part:
                self._file.write(part, position)
        finally:
            self._async_writer.release(buffer)

    def close(self) -> None:
        """Write the rest, and the header, which holds the length."""
        try:
            for write in self._writes:
                write.result()
            buffer, self._buffer = self._buffer, None
            assert buffer is not None
            end = self._begin + self._fill
            self._write(buffer, self._fill, self._begin)
            count = (end - _HEADER) // self._dtype.itemsize
            self._file.write(memoryview(header(self._dtype, count)), 0)
        finally:
            self._file.close()

    def abort(self) -> None:
        """Release the buffer, and close the file after all pending writes."""
        if self._buffer is not None:
            self._async_writer.release(self._buffer)
            self._buffer = None
        self._async_writer.submit(self._file.close)


def header(dtype: np.dtype[Any], count: int) -> bytes:
    """Return the header of a flat array; its length is fixed."""
    out = io.BytesIO()
    fields = {
        "descr": np.lib.format.dtype_to_descr(dtype),
        "fortran_order": False,
        "shape": (count,),
    }
    np.lib.format.write_array_header_1_0(out, fields)
    if len(made := out.getvalue()) != _HEADER:
        raise AssertionError(f"an npy header of {len(made)} bytes")
    return made


def has_header(path: str, dtype: str) -> bool:
    """Tell whether a shard begins with the right header for its length and dtype."""
    kind = np.dtype(dtype)
    with open(path, "rb") as file:
        begin = file.read(_HEADER)
        rest = os.fstat(file.fileno()).st_size - _HEADER
    return rest >= 0 and begin == header(kind, rest // kind.itemsize)


def read(path: str, entry: Entry, dtype: str) -> Array:
    """Return an item, memory-mapped."""
    return mapped(path, dtype, entry, tuple(entry["shape"]))
