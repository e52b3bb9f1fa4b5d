# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""zarr: a group for each shard, an array for each item, named by its id as in HDF5."""

from typing import Any

import numpy as np

from ..._support.optional import require
from .base import Array, Entry, PlainWriter, ShardInfo
from .hdf5 import name_of

_FRAMES = 4096  # frames per chunk, at most
_NAME = 255  # bytes of a name in most file systems


def objection(key: str) -> str | None:
    """Return why an id cannot be the name of a folder, or None."""
    size = len(name_of(key).encode())
    return None if size <= _NAME else f"it takes {size} bytes, and {_NAME} are the most"


class ZarrWriter(PlainWriter):
    """A folder that holds a zarr group (version 3 of the format)."""

    def __init__(self, path: str, info: ShardInfo) -> None:
        zarr = require("zarr", "zarr", "the format zarr")
        self._time = -2 if info.bands_last else -1
        self._compressors: Any = None
        if info.compress is not None:
            codecs = require("zarr.codecs", "zarr", "the format zarr")
            self._compressors = [codecs.ZstdCodec()]
        self._group: Any = zarr.create_group(path, zarr_format=3, attributes=dict(info.metadata))

    def add(self, entry: Entry, features: Array) -> None:
        """Append an array."""
        entry["name"] = name_of(entry["id"])
        chunks = [max(1, length) for length in features.shape]
        chunks[self._time] = min(_FRAMES, chunks[self._time])
        said = {name: value for name, value in entry.items() if name not in ("shape", "name")}
        self._group.create_array(
            entry["name"],
            data=np.ascontiguousarray(features),
            chunks=tuple(chunks),
            compressors=self._compressors,
            attributes=said,
        )

    def close(self) -> None:
        """Do nothing: everything is written."""

    def abort(self) -> None:
        """Do nothing: no file is open."""


def read(path: str, entry: Entry, dtype: str) -> Array:
    """Return an item, read from its chunks."""
    zarr = require("zarr", "zarr", "the format zarr")
    features: Array = np.asarray(zarr.open_group(path, mode="r")[entry["name"]][...])
    return features
