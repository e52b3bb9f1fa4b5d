# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The output of a job: a local folder, or any file system that fsspec knows."""

import contextlib
import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from ..._support.optional import require

PRIVATE = "memory://"
_SUFFIX = ".tmp"
_TEMPORARY = re.compile(r"\..+\.[0-9a-f]{12}(\.\w+)?\.tmp")  # or a format's side file


def is_remote(path: str) -> bool:
    """Tell whether a path is an address, ``scheme://``; ``file://`` is local."""
    return "://" in path and not path.startswith("file://")


def is_temporary(name: str) -> bool:
    """Tell whether `Store.temporary` made this name."""
    return _TEMPORARY.fullmatch(name) is not None


def is_private(path: str) -> bool:
    """Tell whether a path lies in the memory of this process, which no other can see."""
    return any(part.startswith(PRIVATE) for part in path.split("::"))


def local_path(path: str) -> str:
    return path.removeprefix("file://")


def remote_system(path: str) -> tuple[Any, str]:
    """Return the fsspec file system of an address and the path within it."""
    fsspec = require("fsspec", "fsspec", f"reading or writing {path.split('://')[0]}://")
    system, inner = fsspec.core.url_to_fs(path)
    return system, inner


def store(root: str) -> "Store":
    """Return the store of a folder or an address."""
    return RemoteStore(root) if is_remote(root) else Store(local_path(root))


def sync_folder(folder: str) -> None:
    """Make renames in a folder durable, if the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class Store:
    """A local folder whose files are written atomically."""

    remote = False

    def __init__(self, root: str) -> None:
        self.root = root

    def path(self, name: str) -> str:
        return os.path.join(self.root, name)

    def make(self, folder: str) -> None:
        os.makedirs(self.path(folder), exist_ok=True)

    def exists(self, name: str) -> bool:
        return os.path.exists(self.path(name))

    def names(self, folder: str) -> list[str]:
        try:
            return sorted(os.listdir(self.path(folder)))
        except FileNotFoundError:
            return []

    def open(self, name: str) -> BinaryIO:
        return open(self.path(name), "rb")

    def read(self, name: str) -> bytes:
        with self.open(name) as file:
            return file.read()

    def temporary(self, name: str) -> str:
        """Return a new path that `commit` can turn into ``name``."""
        folder, base = os.path.split(self.path(name))
        return os.path.join(folder, f".{base}.{os.urandom(6).hex()}{_SUFFIX}")

    def commit(self, temporary: str, name: str) -> None:
        """Make the file or folder at ``temporary`` durable, then rename it to ``name``."""
        target = self.path(name)
        if os.path.isdir(temporary):
            for file in tree_files(temporary):
                _sync(os.path.join(temporary, file))
            if os.path.isdir(target):
                shutil.rmtree(target)
        else:
            _sync(temporary)
        os.replace(temporary, target)
        sync_folder(os.path.dirname(target))

    def write(self, name: str, data: bytes) -> None:
        """Write a small file atomically."""
        temporary = self.temporary(name)
        with discarded(temporary):
            with open(temporary, "wb") as file:
                file.write(data)
            self.commit(temporary, name)

    def remove(self, name: str) -> None:
        discard(self.path(name))

    def sweep(self, *folders: str) -> None:
        """Remove the leftovers of interrupted writes from these folders."""
        for folder in folders:
            for name in self.names(folder):
                if is_temporary(name):
                    discard(self.path(os.path.join(folder, name)))


class RemoteStore(Store):
    """A folder behind fsspec: files are written locally and uploaded in one piece."""

    remote = True

    def __init__(self, root: str) -> None:
        super().__init__(root)
        self._system, self._inner = remote_system(root)
        self._folder = tempfile.mkdtemp(prefix="sonogram-")
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)

    def path(self, name: str) -> str:
        return f"{self._inner.rstrip('/')}/{name}" if name else self._inner

    def make(self, folder: str) -> None:
        self._system.makedirs(self.path(folder), exist_ok=True)

    def exists(self, name: str) -> bool:
        return bool(self._system.exists(self.path(name)))

    def names(self, folder: str) -> list[str]:
        self._system.invalidate_cache()
        try:
            found = self._system.ls(self.path(folder), detail=False)
        except FileNotFoundError:
            return []
        names = {name.rstrip("/") for name in found} - {self.path(folder).rstrip("/")}  # S3's marks
        return sorted(name.rsplit("/", 1)[-1] for name in names)

    def open(self, name: str) -> BinaryIO:
        file: BinaryIO = self._system.open(self.path(name), "rb")
        return file

    def fetch(self, name: str, path: str) -> None:
        """Copy the file or folder of this name to a local path."""
        temporary = f"{path}.{os.urandom(6).hex()}{_SUFFIX}"
        with discarded(temporary):
            self._system.get(
                self.path(name), temporary, recursive=self._system.isdir(self.path(name))
            )
            os.replace(temporary, path)

    def temporary(self, name: str) -> str:
        return os.path.join(self._folder, f"{os.urandom(6).hex()}.{name.rsplit('/', 1)[-1]}")

    def commit(self, temporary: str, name: str) -> None:
        target = self.path(name)
        if os.path.isdir(temporary):
            for file in tree_files(temporary):
                self._system.put_file(os.path.join(temporary, file), f"{target}/{file}")
        else:
            self._system.put_file(temporary, target)
        discard(temporary)

    def remove(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._system.rm(self.path(name), recursive=True)

    def sweep(self, *folders: str) -> None:
        """Do nothing: an interrupted upload leaves nothing behind."""


def tree_files(folder: str) -> list[str]:
    """Return the files below a folder, sorted, relative to it."""
    return sorted(
        os.path.relpath(os.path.join(where, name), folder)
        for where, _, names in os.walk(folder)
        for name in names
    )


def discard(path: str) -> None:
    """Remove a file or folder if it exists."""
    with contextlib.suppress(OSError):
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            Path(path).unlink(missing_ok=True)


@contextlib.contextmanager
def discarded(temporary: str) -> Iterator[None]:
    """Remove a temporary file if the block raises."""
    try:
        yield
    except BaseException:
        discard(temporary)
        raise


def _sync(path: str) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
