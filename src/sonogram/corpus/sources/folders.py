# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Folders of audio, walked in the order of names; Hugging Face's audio folders among them."""

import fnmatch
import os
from collections import Counter
from collections.abc import Iterator, Sequence

from ..disk.store import is_remote, local_path, remote_system
from .items import Item
from .tables import rows_of, table_items

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
    root: str, patterns: Sequence[str] | None, metadata: bool | None
) -> Iterator[Item]:
    """Yield the audio below a folder.

    `metadata`: None reads a folder that holds a table with a column ``file_name`` by that table,
    True insists on finding one, False never does.
    """
    if is_remote(root):
        yield from _remote(root, patterns)
        return
    found = False
    for item in _walk(local_path(root), "", patterns, metadata is not False, ()):
        if isinstance(item, Item):
            yield item
        else:
            found = True
    if metadata and not found:
        raise ValueError(f"source is {root!r}; there is no {', '.join(_METADATA)} in it")


def _walk(
    root: str, inside: str, patterns: Sequence[str] | None, metadata: bool, above: tuple[str, ...]
) -> Iterator[Item | None]:
    """Yield items, and None for each table that stood for a folder's listing."""
    folder = os.path.join(root, inside)
    real = os.path.realpath(folder)
    if real in above:  # a link to a folder that holds it
        return
    with os.scandir(folder) as entries:
        found = sorted((entry.name, entry.is_dir()) for entry in entries)
    if metadata:
        table = next((name for name, is_dir in found if name in _METADATA and not is_dir), None)
        if table is not None and (listed := _listed(folder, inside, table)) is not None:
            yield None
            yield from listed
            return
    files = [name for name, is_dir in found if not is_dir and _wanted(inside, name, patterns)]
    stems = [os.path.splitext(name)[0] for name in files]
    twice = (
        {stem for stem in stems if stems.count(stem) > 1} if len(set(stems)) < len(stems) else ()
    )
    audio = dict(zip(files, stems, strict=True))
    for name, is_dir in found:
        path = f"{inside}/{name}" if inside else name
        if is_dir and not name.startswith("."):
            yield from _walk(root, path, patterns, metadata, (*above, real))
        elif name in audio:
            key = name if audio[name] in twice else audio[name]
            yield Item(f"{inside}/{key}" if inside else key, os.path.join(root, path))


def _listed(folder: str, inside: str, table: str) -> Iterator[Item] | None:
    """Return the items of Hugging Face's metadata, or None where the file is something else."""
    path = os.path.join(folder, table)
    first = next(rows_of(path), None)
    if first is None or "file_name" not in first[1]:
        return None
    return table_items(path, prefix=inside)


def _wanted(inside: str, name: str, patterns: Sequence[str] | None) -> bool:
    if patterns is None:
        return not name.startswith(".") and os.path.splitext(name)[1].lower() in SUFFIXES
    path = f"{inside}/{name}" if inside else name
    return any(fnmatch.fnmatch(path, p) or fnmatch.fnmatch(name, p) for p in patterns)


def _remote(root: str, patterns: Sequence[str] | None) -> Iterator[Item]:
    system, inner = remote_system(root)
    scheme = root.split("://")[0]
    base = inner.rstrip("/") + "/"
    system.invalidate_cache()  # another look must not see what an earlier one saw
    sizes = system.find(inner, detail=True)
    found = sorted(sizes)
    if not found and not system.isdir(inner):
        raise FileNotFoundError(f"source is {root!r}; there is nothing")
    names = [path.removeprefix(base) for path in found]
    audio = [name for name in names if _wanted(*os.path.split(name), patterns)]
    stems = Counter(os.path.splitext(name)[0] for name in audio)
    for name in audio:
        stem = os.path.splitext(name)[0]
        key = name if stems[stem] > 1 else stem
        size = sizes[base + name].get("size")
        yield Item(key, f"{scheme}://{base}{name}", file_size=size)
