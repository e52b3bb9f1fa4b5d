# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Folders of audio, walked in the order of names, including Hugging Face's audio folders.

Each real folder is walked once, however many links lead to it, and under its own name if it has one
below the root. A folder that cannot be listed, or a table that cannot be read, is an item with an
error and affects nothing else.
"""

import fnmatch
import os
import stat
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from typing import NamedTuple

from ..disk.errors import source_is_gone
from ..disk.store import is_remote, local_path, remote_system
from .items import Item
from .tables import first_row, table_items

SUFFIXES = frozenset(
    [
        ".wav",
        ".flac",
        ".ogg",
        ".oga",
        ".opus",
        ".mp3",
        ".aif",
        ".aiff",
        ".aifc",
        ".au",
        ".snd",
        ".caf",
        ".w64",
        ".rf64",
        ".m4a",
        ".mp4",
        ".aac",
        ".webm",
        ".mkv",
        ".wma",
        ".ac3",
        ".amr",
    ]
)
_METADATA = ("metadata.csv", "metadata.jsonl", "metadata.parquet")


def folder_items(
    root: str, patterns: Sequence[str] | None, metadata: bool | None, apart: str | None = None
) -> Iterator[Item]:
    """Yield the audio below a folder.

    `metadata` None: folders with a table that has a column ``file_name`` are read by that table;
    True: there must be one; False: tables are ignored. `apart` is a folder to leave out.
    """
    if is_remote(root):
        yield from _remote(root, patterns)
        return
    walk = _Walk(local_path(root), patterns, metadata is not False, apart)
    yield from walk.items()
    if metadata and not walk.found_table:
        raise ValueError(f"source is {root!r}; there is no {', '.join(_METADATA)} in it")


class _Folder(NamedTuple):
    """A folder below the root: its path from there, and its real path."""

    inside: str
    real: str


class _Entry(NamedTuple):
    name: str
    is_folder: bool
    is_link: bool


class _Walk:
    """One walk through a folder; not recursive, because folders may be nested very deeply."""

    def __init__(
        self, root: str, patterns: Sequence[str] | None, tables: bool, apart: str | None
    ) -> None:
        self._root = root
        self._patterns = patterns
        self._tables = tables
        self._apart = None if apart is None else os.path.realpath(apart)
        self._tops = [os.path.realpath(root)]  # folders below these are reached without links
        self.found_table = False

    def items(self) -> Iterator[Item]:
        """Yield the items, in the order of names."""
        under_way = [self._listed(_Folder("", self._tops[0]))]
        while under_way:
            found = next(under_way[-1], None)
            if found is None:
                under_way.pop()
            elif isinstance(found, Item):
                yield found
            else:
                under_way.append(self._listed(found))

    def _listed(self, folder: _Folder) -> Iterator[Item | _Folder]:
        """Yield the items of a folder, and the subfolders to walk."""
        inside = folder.inside
        path = os.path.join(self._root, inside)
        try:
            with os.scandir(path) as entries:
                found = sorted(_Entry(e.name, _is_folder(e), e.is_symlink()) for e in entries)
        except OSError as error:
            if not inside or source_is_gone(error):
                raise
            wrong = f"the folder cannot be listed: {error.strerror or error}"
            yield Item(f"{inside}::folder", path, error=wrong, made=True)
            return
        if self._tables and (yield from self._by_table(path, inside, found)):
            return
        keys = distinct_keys(
            [e.name for e in found if not e.is_folder and _wanted(inside, e.name, self._patterns)]
        )
        for entry in found:
            name = f"{inside}/{entry.name}" if inside else entry.name
            if entry.is_folder:
                real = self._own(os.path.join(self._root, name), folder.real, entry)
                if real is not None:
                    yield _Folder(name, real)
            elif entry.name in keys:
                key = keys[entry.name]
                key = f"{inside}/{key}" if inside else key
                yield Item(key, os.path.join(self._root, name), made=True)

    def _own(self, path: str, above: str, entry: _Entry) -> str | None:
        """Return the real path of a folder, or None if it is not to be walked under this name."""
        if entry.name.startswith("."):
            return None
        if not entry.is_link:
            real = os.path.join(above, entry.name)
            return None if real in self._tops or real == self._apart else real
        real = os.path.realpath(path)
        if self._apart is not None and _parts_below(self._apart, real) is not None:
            return None
        if any(self._is_walked_from(top, real) for top in self._tops):
            return None
        self._tops.append(real)
        return real

    def _is_walked_from(self, top: str, real: str) -> bool:
        """Tell whether a folder is reached from another without links, hidden folders or tables."""
        parts = _parts_below(top, real)
        if parts is None or any(part.startswith(".") for part in parts):
            return False
        return not self._tables or not any(
            _has_table(os.path.join(top, *parts[:depth])) for depth in range(len(parts))
        )

    def _by_table(
        self, folder: str, inside: str, found: Sequence[_Entry]
    ) -> Generator[Item, None, bool]:
        """Yield the items of Hugging Face's metadata; return whether there is such a table."""
        names = {entry.name for entry in found if not entry.is_folder}
        for name in (name for name in _METADATA if name in names):
            path = os.path.join(folder, name)
            key = f"{inside}/{name}" if inside else name
            try:
                if not _is_listing(path):
                    continue
            except (ValueError, OSError) as error:
                yield Item(key, path, error=f"is no table of its folder: {error}", made=True)
                self.found_table = True
                continue
            self.found_table = True
            try:
                yield from table_items(path, prefix=inside)
            except (ValueError, OSError) as error:
                yield Item(f"{key}::rest", path, error=f"the table: {error}", made=True)
            return True
        return False


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # circular links: treated like the name of a missing file
        return False


def _parts_below(top: str, real: str) -> list[str] | None:
    """Return the path components from one folder down to another, or None if it is not below."""
    if real == top:
        return []
    top = top.rstrip("/") + "/"
    return real[len(top) :].split("/") if real.startswith(top) else None


def _is_listing(path: str) -> bool:
    """Tell whether a table names files.

    Raises
    ------
    ValueError, OSError
        If it is not a table, cannot be read, or names no existing file; the audio in its folder is
        then read without it.
    """
    if not stat.S_ISREG(os.stat(path).st_mode):  # opening a pipe waits for its writer
        raise ValueError("is not a regular file")
    first = first_row(path)
    if first is None or "file_name" not in first:
        return False
    if not any(item.error is None and _is_there(item.path) for item in table_items(path)):
        raise ValueError("it names no file that is there")
    return True


def _is_there(path: str) -> bool:
    return is_remote(path) or os.path.isfile(path)


def _has_table(folder: str) -> bool:
    for name in _METADATA:
        try:
            if _is_listing(os.path.join(folder, name)):
                return True
        except (ValueError, OSError):
            continue
    return False


def distinct_keys(names: Sequence[str]) -> dict[str, str]:
    """Return an id for each name: without its suffix, or with it if another name would share it.

    The ids do not depend on the order of the names.
    """
    keys = {name: os.path.splitext(name)[0] for name in names}
    while len(counted := Counter(keys.values())) < len(keys):
        for name, key in keys.items():
            if counted[key] > 1:
                keys[name] = name
    return keys


def _wanted(inside: str, name: str, patterns: Sequence[str] | None) -> bool:
    if patterns is None:
        return not name.startswith(".") and os.path.splitext(name)[1].lower() in SUFFIXES
    path = f"{inside}/{name}" if inside else name
    return any(fnmatch.fnmatch(path, p) or fnmatch.fnmatch(name, p) for p in patterns)


def _remote(root: str, patterns: Sequence[str] | None) -> Iterator[Item]:
    system, inner = remote_system(root)
    scheme = root.split("://")[0]
    base = inner.rstrip("/") + "/"
    system.invalidate_cache()  # list anew rather than from the cache
    sizes = system.find(inner, detail=True)
    found = sorted(sizes)
    if not found and not system.isdir(inner):
        raise FileNotFoundError(f"source is {root!r}; there is nothing")
    names = [path.removeprefix(base) for path in found]
    audio = [name for name in names if _wanted(*os.path.split(name), patterns)]
    for name, key in distinct_keys(audio).items():
        size = sizes[base + name].get("size")
        yield Item(key, f"{scheme}://{base}{name}", file_size=size, made=True)
