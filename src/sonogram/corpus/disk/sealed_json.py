# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Small JSON files that carry their own checksum: the description of a job and its plan."""

import json
from typing import Any

from .checksum import digest
from .errors import CorpusError
from .store import Store


def write_sealed(store: Store, name: str, fields: dict[str, Any]) -> None:
    """Write fields with their checksum, atomically."""
    sealed = {"checksum": _checksum(fields), **fields}
    store.write(name, (json.dumps(sealed) + "\n").encode())


def read_sealed(store: Store, name: str) -> dict[str, Any] | None:
    """Return the fields that `write_sealed` wrote, or None if there is no such file.

    Raises
    ------
    CorpusError
        If the file does not match its checksum.
    """
    try:
        data = store.read(name)
    except FileNotFoundError:
        return None
    try:
        fields: dict[str, Any] = dict(json.loads(data))
    except (ValueError, TypeError):
        raise damaged(store, name) from None
    if fields.pop("checksum", None) != _checksum(fields):
        raise damaged(store, name)
    return fields


def damaged(store: Store, name: str, what: str = "is damaged") -> CorpusError:
    """Return the error for a file without which a job cannot go on."""
    return CorpusError(
        f"{store.path(name)!r} {what}: the job cannot go on, and nothing of it was touched; put "
        "that file back, give another folder, or resume=False to begin anew"
    )


def _checksum(fields: dict[str, Any]) -> str:
    return digest(json.dumps(fields, separators=(",", ":")).encode())
