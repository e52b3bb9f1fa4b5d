# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""safetensors: eight bytes with the length of a JSON header, the header, the tensors.

Written here rather than by the library, which needs all tensors of a file in memory at once.
(https://github.com/huggingface/safetensors, the section on the format.)
"""

import json
import os
import shutil
from typing import Any

import numpy as np

from ..disk.errors import CorpusError
from .base import Array, Entry, PlainWriter, ShardInfo, mapped

_NAMES = {"f2": "F16", "f4": "F32", "f8": "F64", "c8": "C64", "u1": "U8", "u2": "BF16"}


def objection(key: str) -> str | None:
    """Return why an id cannot be the name of a tensor, or None."""
    return "that name is the format's own" if key == "__metadata__" else None


class SafetensorsWriter(PlainWriter):
    """Writes tensors to a side file, and appends that to the header once it is known."""

    def __init__(self, path: str, info: ShardInfo) -> None:
        if info.dtype[1:] not in _NAMES:
            raise CorpusError(f"safetensors has no type for {np.dtype(info.dtype)}")
        self._path = path
        self._dtype = _NAMES[info.dtype[1:]]
        self._body_path = path.removesuffix(".tmp") + ".body.tmp"
        self._body = open(self._body_path, "xb")  # noqa: SIM115 (close and abort)
        self._header: dict[str, Any] = {"__metadata__": dict(info.metadata)}
        self._entries: list[Entry] = []
        self._size = 0

    def add(self, entry: Entry, features: Array) -> None:
        """Append a tensor."""
        end = self._size + features.nbytes
        self._header[entry["id"]] = {
            "dtype": self._dtype,
            "shape": list(features.shape),
            "data_offsets": [self._size, end],
        }
        entry["offset"] = self._size
        self._entries.append(entry)
        self._body.write(np.ascontiguousarray(features).data)
        self._size = end

    def close(self) -> None:
        """Write the header, then the tensors."""
        self._body.close()
        header = json.dumps(self._header, separators=(",", ":")).encode()
        header += b" " * (-(len(header) + 8) % 64)  # aligns the data to a cache line
        with open(self._path, "xb") as file, open(self._body_path, "rb") as body:
            file.write(len(header).to_bytes(8, "little") + header)
            for entry in self._entries:
                entry["offset"] += 8 + len(header)
            shutil.copyfileobj(body, file, 1 << 22)
        os.unlink(self._body_path)

    def abort(self) -> None:
        """Discard the tensors."""
        self._body.close()
        os.unlink(self._body_path)


def read(path: str, entry: Entry, dtype: str) -> Array:
    """Return an item, memory-mapped."""
    return mapped(path, dtype, entry, tuple(entry["shape"]))
