# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Checksums: 64-bit XXH3 in hexadecimal, as ``xxhsum -H3`` prints it."""

import functools
import mmap
import os
from typing import Any

from ..._support.optional import require
from .store import tree_files


def digest(data: Any) -> str:
    """Return the checksum of bytes or of a contiguous array."""
    text: str = _xxhash().xxh3_64_hexdigest(data)
    return text


@functools.cache
def _xxhash() -> Any:
    return require("xxhash", "corpus", "sonogram.corpus")


def digest_file(path: str) -> str:
    """Return the checksum of a file; that of a folder covers its files' names and checksums."""
    if os.path.isdir(path):
        lines = [f"{name} {digest_file(os.path.join(path, name))}\n" for name in tree_files(path)]
        return digest("".join(lines).encode())
    with open(path, "rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            return digest(b"")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
            return digest(view)
