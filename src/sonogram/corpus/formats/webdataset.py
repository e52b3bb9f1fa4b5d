# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""webdataset: a tar archive with ``KEY.npy`` and ``KEY.json`` for each item.

A key is the item's id. Dots would end it, so they are written as %2E (and % as %25), and a slash at
its beginning as %2F. The spec and its fingerprint are JSON in the member ``__sonogram__``: readers
of webdataset skip members with such a name and no suffix.
"""

import io
import json
import tarfile

import numpy as np

from .base import Array, Entry, PlainWriter, ShardInfo, mapped

_BLOCK = 512
_RECORD = 20 * _BLOCK


def key_of(name: str) -> str:
    """Return an id in the form that webdataset reads: it would skip ``__NAME__/`` at the beginning.

    The result is never an absolute path either, which programs that unpack archives refuse.
    """
    quoted = name.replace("%", "%25").replace(".", "%2E")
    if quoted.startswith("/"):
        return f"%2F{quoted[1:]}"
    return f"%5F{quoted[1:]}" if quoted.startswith("__") else quoted


class TarWriter(PlainWriter):
    """A tar archive without times, owner or host."""

    def __init__(self, path: str, info: ShardInfo) -> None:
        self._file = open(path, "xb")  # noqa: SIM115 (close and abort)
        self._position = 0
        self._add("__sonogram__", json.dumps(dict(info.metadata)).encode())

    def _add(self, name: str, data: bytes) -> int:
        """Append a member; return the offset of its data."""
        member = tarfile.TarInfo(name)
        member.size = len(data)
        head = member.tobuf(tarfile.PAX_FORMAT)
        padding = b"\0" * (-len(data) % _BLOCK)
        begin = self._position + len(head)
        self._file.write(head + data + padding)
        self._position = begin + len(data) + len(padding)
        return begin

    def add(self, entry: Entry, features: Array) -> None:
        """Append an array and its metadata."""
        made = io.BytesIO()
        np.lib.format.write_array(made, np.ascontiguousarray(features), allow_pickle=False)
        key = key_of(entry["id"])
        said = {name: value for name, value in entry.items() if name != "shape"}
        begin = self._add(f"{key}.npy", made.getvalue())
        self._add(f"{key}.json", json.dumps(said).encode())
        entry["offset"] = begin + made.tell() - features.nbytes

    def close(self) -> None:
        """Write the two empty blocks at the end, and fill the record."""
        end = 2 * _BLOCK
        end += -(self._position + end) % _RECORD
        self._file.write(b"\0" * end)
        self._file.close()

    def abort(self) -> None:
        """Close the file."""
        self._file.close()


def read(path: str, entry: Entry, dtype: str) -> Array:
    """Return an item, memory-mapped."""
    return mapped(path, dtype, entry, tuple(entry["shape"]))
