# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The interface of a format: a writer for one shard, and a reader for one item."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..disk.async_writer import AsyncWriter

Array = npt.NDArray[Any]
Entry = dict[str, Any]


@dataclass(frozen=True)
class ShardInfo:
    """The facts about a corpus that a writer needs.

    Attributes
    ----------
    dtype : str
        Dtype of the features.
    bands_last : bool
        Whether features are ``[time, bands]`` rather than ``[bands, time]``.
    bands : int or None
        Number of bands, if items are matrices.
    metadata : mapping of str to str
        Spec, fingerprint and versions, stored in the shard if the format has room for them.
    compress : str or None
        Name of a compression of the format.
    async_writer : AsyncWriter
        The thread and buffers of this worker.
    """

    dtype: str
    bands_last: bool
    bands: int | None
    metadata: Mapping[str, str]
    compress: str | None
    async_writer: AsyncWriter = field(compare=False)


class Writer(Protocol):
    """Writes one shard, item by item."""

    def space(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array | None:
        """Return memory to compute the next item into, or None if any memory will do."""

    def add(self, entry: Entry, features: Array) -> None:
        """Write an item, and record its location in its entry."""

    def close(self) -> None:
        """Finish the file; called in the thread of the async_writer."""

    def abort(self) -> None:
        """Release everything and leave the file unfinished."""


class PlainWriter:
    """Base of the writers that use other libraries, which accept any memory."""

    def space(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array | None:
        """Return None: any memory will do."""
        return None


def time_first(features: Array, bands_last: bool) -> Array:
    """Return ``[time, bands]``, C-contiguous, for formats that store frames."""
    if features.ndim != 2:
        raise ValueError(f"features have {features.ndim} dimensions; this format holds matrices")
    return np.ascontiguousarray(features if bands_last else features.T)


def mapped(path: str, dtype: str, entry: Entry, shape: tuple[int, ...]) -> Array:
    """Return a memory map of an item that is stored as a plain array at its offset."""
    if 0 in shape:
        return np.empty(shape, dtype)
    return np.memmap(path, dtype, "r", entry["offset"], shape)


def file_size(path: str) -> int:
    """Return the size of a file, or of all files of a folder, in bytes."""
    if not os.path.isdir(path):
        return os.path.getsize(path)
    return sum(
        os.path.getsize(os.path.join(where, name))
        for where, _, names in os.walk(path)
        for name in names
    )
