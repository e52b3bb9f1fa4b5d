# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Verification of shards and of the items in them."""

import os
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..disk.checksum import digest, digest_file
from . import module_of
from .base import Entry, file_size


def has_size(path: str, size: int) -> bool:
    """Tell whether a shard exists and has this many bytes."""
    return os.path.exists(path) and file_size(path) == size


def is_sound(path: str, format: str, dtype: str, checksum: str | None) -> bool:
    """Tell whether a shard's checksum is right or, if only its items have one, its header."""
    if checksum is not None:
        return digest_file(path) == checksum
    return bool(module_of(format).has_header(path, dtype))


def is_right(path: str, format: str, dtype: str, entry: Entry) -> bool:
    """Tell whether the checksum of an item is right."""
    try:
        features: Any = module_of(format).read(path, entry, dtype)
    except (OSError, ValueError, KeyError):
        return False
    return bool(digest(np.ascontiguousarray(features)) == entry["checksum"])


def is_whole(
    path: str, format: str, dtype: str, checksum: str | None, entries: Iterable[Entry]
) -> bool:
    """Tell whether a shard and all of its items are intact."""
    return is_sound(path, format, dtype, checksum) and (
        checksum is not None or all(is_right(path, format, dtype, entry) for entry in entries)
    )
