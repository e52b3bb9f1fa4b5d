# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What a format is: a writer of one shard, and how an item of it is read back."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..disk.async_writer import Scribe

Array = npt.NDArray[Any]
Entry = dict[str, Any]


@dataclass(frozen=True)
class ShardInfo:
    """What a writer has to know of the corpus.

    Attributes
    ----------
    dtype : str
        Of the features.
    bands_last : bool
        Features are ``[time, bands]`` rather than ``[bands, time]``.
    bands : int or None
        Number of bands, where items are matrices.
    metadata : mapping of str to str
        Spec, fingerprint and versions, to be put into the shard where it has a place for them.
    compress : str or None
        The format's name of a compression.
    scribe : Scribe
        The thread and buffers of this worker.
    """

    dtype: str
    bands_last: bool
    bands: int | None
    metadata: Mapping[str, str]
    compress: str | None
    scribe: Scribe = field(compare=False)


class Writer(Protocol):
    """Writes one shard, item by item."""

    def space(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array | None:
        """Return memory to compute the next item into, or None: any will do."""

    def add(self, entry: Entry, features: Array) -> None:
        """Write an item, and say in its entry where it lies."""

    def close(self) -> None:
        """Finish the file; called in the thread of the scribe."""

    def abort(self) -> None:
        """Let go of everything, the file unfinished."""


class PlainWriter:
    """What the writers over other libraries share: they take any memory."""

    def space(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array | None:
        """Return None: any memory will do."""
        return None


def time_first(features: Array, bands_last: bool) -> Array:
    """Return ``[time, bands]``, C-contiguous, for the formats that are made of frames."""
    if features.ndim != 2:
        raise ValueError(f"features have {features.ndim} dimensions; this format holds matrices")
    return np.ascontiguousarray(features if bands_last else features.T)


def mapped(path: str, dtype: str, entry: Entry, shape: tuple[int, ...]) -> Array:
    """Return an item whose bytes lie as they are at its offset, mapped and not read."""
    if 0 in shape:
        return np.empty(shape, dtype)
    return np.memmap(path, dtype, "r", entry["offset"], shape)


def file_size(path: str) -> int:
    """Return the bytes of a file, or of all files of a folder."""
    if not os.path.isdir(path):
        return os.path.getsize(path)
    return sum(
        os.path.getsize(os.path.join(where, name))
        for where, _, names in os.walk(path)
        for name in names
    )
