# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Copies of remote shards on the local disk, for all processes of one user.

A copy's name holds a key of all that the corpus says of the shard, checksums included, and it gets
that name only once its content agrees: whatever has that name has that content. The folder is
private; where its name is taken by anything that others can write to, the process has its own.
"""

import atexit
import contextlib
import functools
import hashlib
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable

from ..disk.store import RemoteStore, discard, discarded

_ABANDONED = 86400  # seconds after which an unfinished copy is nobody's


def local_copy(
    store: RemoteStore, name: str, key: str, agrees: Callable[[str], bool], fresh: bool = False
) -> str:
    """Return the path of a copy of a shard, made when it is first asked for, or if `fresh`.

    Raises
    ------
    ValueError
        What is there is not what `agrees` knows.
    """
    folder = os.path.join(_root(), _hash(store.root))
    stem, suffix = os.path.splitext(os.path.basename(name))
    path = os.path.join(folder, f"{stem}-{_hash(key)}{suffix}")
    if fresh or not os.path.exists(path):
        os.makedirs(folder, exist_ok=True)
        pending = f"{path}.{os.urandom(6).hex()}.new"
        with discarded(pending):
            store.fetch(name, pending)
            if not agrees(pending):
                raise ValueError(
                    f"{store.path(name)!r} is not what the index of {store.root!r} says: it is "
                    "damaged, or the corpus was computed anew (then open it again)"
                )
            _replace(pending, path)
        _tidy(folder, stem, path)
    return path


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _replace(pending: str, path: str) -> None:
    if os.path.isdir(path):
        discard(path)
    try:
        os.replace(pending, path)
    except OSError:  # another process was faster with a shard that is a folder
        if not os.path.isdir(path):
            raise
        discard(pending)


def _tidy(folder: str, stem: str, path: str) -> None:
    """Remove copies of what this shard was before, and what was never finished."""
    copy = re.compile(rf"{re.escape(stem)}-[0-9a-f]{{32}}(\.\w+)(.*)")
    for name in os.listdir(folder):
        other = os.path.join(folder, name)
        if (match := copy.fullmatch(name)) is None or other == path:
            continue
        with contextlib.suppress(OSError):
            if not match[2] or time.time() - os.lstat(other).st_mtime > _ABANDONED:
                discard(other)


def _root() -> str:
    """Return a folder that nobody else can read or write."""
    path = os.path.join(tempfile.gettempdir(), f"sonogram-{os.getuid()}")
    with contextlib.suppress(FileExistsError):
        os.mkdir(path, 0o700)
    found = os.lstat(path)
    private = not found.st_mode & 0o077 and found.st_uid == os.getuid()
    return path if stat.S_ISDIR(found.st_mode) and private else _own(os.getpid())


@functools.cache
def _own(process: int) -> str:
    """Return a folder of this process, which goes when it ends."""
    path = tempfile.mkdtemp(prefix="sonogram-")

    def remove() -> None:
        if os.getpid() == process:  # and not in a child that has forked from it
            shutil.rmtree(path, ignore_errors=True)

    atexit.register(remove)
    return path
