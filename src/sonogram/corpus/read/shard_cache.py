# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Copies of remote shards on the local disk, for all processes of one user.

The name of a copy contains a hash of everything that the corpus records about the shard, checksums
included, and a copy gets its name only after its content was verified: equal names mean equal
content. The folder is private; if its name is taken by something that others can write to, the
process uses a folder of its own.
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

_ABANDONED = 86400  # seconds after which an unfinished copy counts as abandoned


def local_copy(
    store: RemoteStore, name: str, key: str, agrees: Callable[[str], bool], fresh: bool = False
) -> str:
    """Return the path of a local copy of a shard, which is made if it is missing or `fresh` is set.

    Raises
    ------
    ValueError
        If `agrees` rejects the content.
    """
    folder = os.path.join(_cache_folder(), _hash(store.root))
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
        _remove_stale(folder, stem, path)
    return path


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _replace(pending: str, path: str) -> None:
    if os.path.isdir(path):
        discard(path)
    try:
        os.replace(pending, path)
    except OSError:  # another process has put a shard that is a folder there
        if not os.path.isdir(path):
            raise
        discard(pending)


def _remove_stale(folder: str, stem: str, path: str) -> None:
    """Remove copies of earlier versions of this shard, and abandoned ones."""
    copy = re.compile(rf"{re.escape(stem)}-[0-9a-f]{{32}}(\.\w+)(.*)")
    for name in os.listdir(folder):
        other = os.path.join(folder, name)
        if (match := copy.fullmatch(name)) is None or other == path:
            continue
        with contextlib.suppress(OSError):
            if not match[2] or time.time() - os.lstat(other).st_mtime > _ABANDONED:
                discard(other)


def _cache_folder() -> str:
    """Return a folder that no other user can read or write."""
    path = os.path.join(tempfile.gettempdir(), f"sonogram-{os.getuid()}")
    with contextlib.suppress(FileExistsError):
        os.mkdir(path, 0o700)
    found = os.lstat(path)
    private = not found.st_mode & 0o077 and found.st_uid == os.getuid()
    return path if stat.S_ISDIR(found.st_mode) and private else _process_folder(os.getpid())


@functools.cache
def _process_folder(process: int) -> str:
    """Return a folder of this process, which is removed when the process ends."""
    path = tempfile.mkdtemp(prefix="sonogram-")

    def remove() -> None:
        if os.getpid() == process:  # not in a forked child
            shutil.rmtree(path, ignore_errors=True)

    atexit.register(remove)
    return path
