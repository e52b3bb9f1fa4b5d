# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""HDF5: a dataset for each item, named by its id (``/`` written as %2F, % as %25).

No object carries a time stamp. Facts about an item are attributes of its dataset; facts about the
corpus are attributes of the file.
"""

import os
from typing import Any

import numpy as np

from ..._support.optional import require
from .base import Array, Entry, PlainWriter, ShardInfo

_NAME = 32768  # bytes of a name; attributes, of which the id is one, may have 64 KiB
_ATTRIBUTES = ("id", "duration", "source", "start", "channel", "checksum")


def name_of(key: str) -> str:
    """Return an id as a name in a group; a single dot would be the group itself."""
    quoted = key.replace("%", "%25").replace("/", "%2F")
    return quoted if quoted.strip(".") else quoted.replace(".", "%2E")


def objection(key: str) -> str | None:
    """Return why an id cannot be a name, or None; it must fit into an attribute too."""
    size = len(name_of(key).encode())
    return None if size <= _NAME else f"it takes {size} bytes, and {_NAME} are the most"


class HDF5Writer(PlainWriter):
    """An HDF5 file."""

    def __init__(self, path: str, info: ShardInfo) -> None:
        h5py = require("h5py", "hdf5", "the format hdf5")
        self._compress = info.compress
        self._file: Any = h5py.File(path, "x", track_order=False)
        for name, value in info.metadata.items():
            self._file.attrs[name] = value

    def add(self, entry: Entry, features: Array) -> None:
        """Append a dataset."""
        compress = {"compression": self._compress} if self._compress and features.size else {}
        entry["name"] = name_of(entry["id"])
        made = self._file.create_dataset(
            entry["name"], data=np.ascontiguousarray(features), track_times=False, **compress
        )
        for name in _ATTRIBUTES:
            if name in entry:
                made.attrs[name] = entry[name]

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def abort(self) -> None:
        """Close the unfinished file."""
        self._file.close()


def read(path: str, entry: Entry, dtype: str) -> Array:
    """Return an item, read from its file."""
    h5py = require("h5py", "hdf5", "the format hdf5")
    with h5py.File(os.fspath(path), "r") as file:
        features: Array = file[entry["name"]][...]
    return features
