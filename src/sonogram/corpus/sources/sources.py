# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The interpretation of `source`: a folder, a list, a table, Kaldi's files or archives."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from ..disk.store import is_remote, local_path, remote_system
from .archives import archives_items, expand, refuse_compressed
from .folders import folder_items
from .items import FIELDS, Item, checked
from .kaldi_lists import find_segments, is_listing, kaldi_items
from .tables import LISTS, TABLES, list_items, table_items

KINDS = ("auto", "folder", "audiofolder", "list", "table", "kaldi", "webdataset")


def items_of(
    source: Any, kind: str = "auto", pattern: Any = None, apart: str | None = None
) -> Iterator[Item]:
    """Yield the items of a source in its order, by which items are assigned to shards.

    `apart` is a local folder to leave out of a folder that contains it: the output of the job.

    Raises
    ------
    ValueError
        For a source of an unknown kind.
    FileNotFoundError
        If the source does not exist.
    """
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}; it must be one of {', '.join(KINDS)}")
    patterns = [pattern] if isinstance(pattern, str) else pattern
    return map(checked, _items(source, kind, patterns, apart))


def _items(
    source: Any, kind: str, patterns: Sequence[str] | None, apart: str | None
) -> Iterator[Item]:
    if isinstance(source, (str, os.PathLike)):
        name = local_path(os.fspath(source))
        if kind != "auto":
            return _named(name, kind, patterns, apart)
        kind = _kind(name)
        return chain(_no_listing(name, kind), _named(name, kind, patterns, apart))
    if kind == "kaldi" and isinstance(source, Sequence) and len(source) == 2:
        return map(_anchored, kaldi_items(*map(os.fspath, source)))
    if not isinstance(source, Iterable):
        raise TypeError(f"source is a {type(source).__name__}; it must be a path or a list of them")
    if kind == "webdataset":
        names = [_absolute(_path(entry)) for entry in source]
        return archives_items([archive for name in names for archive in expand(name)])
    if kind not in ("auto", "list"):
        raise ValueError(
            f"kind is {kind!r}, and source a list; of a list it must be auto, list, webdataset, or "
            "kaldi for a wav.scp and its segments"
        )
    return _listed(source)


def describe(source: Any) -> str | None:
    """Return the location of a source in a canonical form; None for an iterable."""
    if not isinstance(source, (str, os.PathLike)):
        return None
    name = os.fspath(source)
    return name.rstrip("/") if is_remote(name) else _absolute(name)


def named(*places: Any) -> list[str]:
    """Return the paths and addresses among places, which may include a list."""
    return [os.fspath(place) for place in places if isinstance(place, (str, os.PathLike))]


def root_of(source: Any) -> str | None:
    """Return the local folder that contains the whole source, if there is one."""
    if isinstance(source, (str, os.PathLike)):
        name = os.fspath(source)
        if not is_remote(name) and os.path.isdir(local_path(name)):
            return os.path.abspath(local_path(name))
    return None


def _kind(name: str) -> str:
    if not is_remote(name) and os.path.isdir(local_path(name)):  # whatever its name is
        scp = os.path.join(local_path(name), "wav.scp")
        return "kaldi" if os.path.isfile(scp) and is_listing(scp) else "folder"
    suffix = os.path.splitext(name)[1].lower()
    if suffix == ".tar":
        return "webdataset"
    if os.path.basename(name) == "wav.scp" or suffix == ".scp":
        return "kaldi"
    if suffix in TABLES:
        return "table"
    if suffix in LISTS:
        return "list"
    refuse_compressed(name)
    if is_remote(name):
        system, inner = remote_system(name)
        if system.isdir(inner):
            return "folder"
    elif not os.path.exists(local_path(name)):
        raise FileNotFoundError(f"source is {name!r}; there is no such file or folder")
    return "file"


def _no_listing(name: str, kind: str) -> Iterator[Item]:
    """Yield an item that explains why a folder's wav.scp is ignored, unless the file is empty."""
    if kind == "folder" and not is_remote(name):
        scp = os.path.join(os.path.abspath(local_path(name)), "wav.scp")
        if os.path.isfile(scp) and os.path.getsize(scp):
            wrong = "is no list of its folder: no line of it is an id and a path"
            yield Item("wav.scp", scp, error=wrong, made=True)


def _named(
    name: str, kind: str, patterns: Sequence[str] | None, apart: str | None
) -> Iterator[Item]:
    if kind in ("folder", "audiofolder"):
        if not is_remote(name) and not os.path.isdir(local_path(name)):
            raise FileNotFoundError(f"source is {name!r}; there is no such folder")
        metadata = True if kind == "audiofolder" else None
        root = name if is_remote(name) else os.path.abspath(local_path(name))
        return folder_items(root, patterns, metadata, apart)
    if kind == "webdataset":
        return archives_items([_absolute(archive) for archive in expand(name)])
    if kind == "table":
        return table_items(_absolute(name))
    if kind == "list":
        return list_items(_absolute(name))
    if kind == "kaldi":
        scp = os.path.join(name, "wav.scp") if os.path.isdir(name) else name
        return (_anchored(item) for item in kaldi_items(scp, find_segments(scp)))
    return iter([Item(os.path.splitext(os.path.basename(name))[0], _absolute(name), made=True)])


def _listed(source: Iterable[Any]) -> Iterator[Item]:
    """Yield the items of a Python list: paths, Items, or mappings with an Item's fields."""
    for number, entry in enumerate(source):
        if isinstance(entry, Item):
            yield entry
        elif isinstance(entry, dict):
            yield _of_dict(entry, number)
        else:
            path = _path(entry)
            key = os.path.splitext(path)[0].lstrip("/")
            archive = "it is a tar archive: kind='webdataset' reads what is in it"
            error = archive if path.lower().endswith(".tar") else None
            yield Item(key, _absolute(path), error=error, made=True)


def _path(entry: Any) -> str:
    if not isinstance(entry, (str, os.PathLike)):
        raise TypeError(
            f"source holds a {type(entry).__name__}; it must hold paths, dicts or Items"
        )
    return os.fspath(entry)


def _of_dict(entry: dict[str, Any], number: int) -> Item:
    """Return an item from its fields; invalid numbers become its error."""
    unknown = [name for name in entry if name not in FIELDS]
    if unknown or "path" not in entry:
        wrong = f"has the key {unknown[0]!r}" if unknown else "has no path"
        raise ValueError(
            f"source[{number}] is a dict that {wrong}; its keys must be path and optionally "
            f"{', '.join(name for name in FIELDS if name != 'path')}"
        )
    path = _path(entry["path"])
    given = {**entry, "path": path if entry.get("error") else _absolute(path)}
    if "id" not in entry:
        given.update(id=os.path.splitext(path)[0], made=True)
    return Item(**given)


def _anchored(item: Item) -> Item:
    return item if item.error else replace(item, path=_absolute(item.path))


def _absolute(path: str) -> str:
    return path if is_remote(path) else os.path.abspath(local_path(path))
