# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Audio in tar archives, as webdataset packs it, read in place without unpacking."""

import os
import re
import tarfile
from collections.abc import Iterator, Sequence
from typing import Any

from ..disk.errors import source_is_gone
from ..disk.store import is_remote, local_path, remote_system
from .folders import SUFFIXES
from .items import Item
from .tar_links import Links, name_in

_COMPRESSED = re.compile(r"\.(tar\.\w+|tgz|tbz2?|txz|tzst)$", re.IGNORECASE)
_RANGE = re.compile(r"\{(\d+)\.\.(\d+)\}")
_REST = 1 << 20  # bytes read at a time behind the end, where there are zeros
# The exceptions of tarfile for invalid headers, including an invalid number of bytes.
_NONSENSE = (tarfile.TarError, ValueError, OverflowError, EOFError, MemoryError)


def expand(name: str) -> list[str]:
    """Expand ``{000..012}``, webdataset's notation for many archives."""
    match = _RANGE.search(name)
    if match is None:
        return [name]
    first, last = match.groups()
    width = len(first)
    numbers = range(int(first), int(last) + 1)
    names = (f"{name[: match.start()]}{n:0{width}d}{name[match.end() :]}" for n in numbers)
    return [full for one in names for full in expand(one)]


def refuse_compressed(name: str) -> None:
    """Raise ValueError for an archive that cannot be read in place."""
    if _COMPRESSED.search(name):
        raise ValueError(
            f"source is {name!r}; a compressed archive cannot be read where it lies: decompress it "
            "to a .tar first"
        )


def archives_items(names: Sequence[str]) -> Iterator[Item]:
    """Yield the audio members of archives; ids begin with an archive's name if there are several.

    Links come after their targets, and are items with the same audio.

    Raises
    ------
    ValueError, OSError
        If the only archive is invalid; an invalid one among several is an item with its error.
    """
    for name in names:
        refuse_compressed(name)
    stems = [os.path.basename(name).split(".")[0] for name in names]
    if len(set(stems)) < len(stems):
        stems = [os.path.splitext(name)[0].lstrip("/") for name in names]
    for name, stem in zip(names, stems, strict=True):
        yield from _members(name, f"{stem}/" if len(names) > 1 else "")


def _members(name: str, prefix: str) -> Iterator[Item]:
    try:
        file = _opened(name)
    except OSError as error:
        if not prefix or source_is_gone(error):
            raise
        yield _rest(name, error.strerror or str(error))
        return
    links = Links()
    with file:
        try:
            for member in headers(file):
                if member.issym() or member.islnk():
                    links.add(member)
                elif _is_audio(member.name) and not member.isdir():
                    yield _item(name, prefix, member.name, member, _objection(member))
        except _NONSENSE as error:
            if not prefix and file.tell() <= tarfile.BLOCKSIZE:
                raise ValueError(f"{name!r} is no plain tar archive: {error}") from error
            yield _rest(name, str(error))
        for link in filter(lambda one: _is_audio(one.name), links):
            try:
                target = links.target(link, lambda: headers(file))
            except ValueError as error:
                yield _item(name, prefix, link.name, None, str(error))
                continue
            if target is not None:
                yield _item(name, prefix, link.name, target, _objection(target))


def headers(file: Any) -> Iterator[tarfile.TarInfo]:
    """Yield the members of an archive, from its beginning.

    Raises
    ------
    tarfile.ReadError
        If it is not an archive, is truncated, or loops.
    """
    file.seek(0)
    with tarfile.open(fileobj=file, mode="r:") as archive:
        before = -1
        for member in archive:
            archive.members = []  # type: ignore[attr-defined]  # tarfile keeps what it has seen
            if archive.offset <= before:
                raise tarfile.ReadError("a member has a negative size")
            before = archive.offset
            yield member
        # tarfile takes a truncated or damaged header for the end.
        file.seek(archive.offset)
        if file.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):
            raise tarfile.ReadError("its end is missing or damaged")
        while rest := file.read(_REST):
            if any(rest):
                raise tarfile.ReadError(
                    "something follows its end; archives joined by cat must be given one by one"
                )


def _is_audio(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in SUFFIXES


def _objection(member: tarfile.TarInfo) -> str | None:
    """Return why a member is not stored as the plain bytes of a file, or None."""
    if not member.isfile():
        return "is not a regular file in the archive"
    if member.issparse():
        return "is stored with holes (a sparse file): pack it without --sparse"
    return None


def _item(
    archive: str, prefix: str, name: str, member: tarfile.TarInfo | None, error: str | None
) -> Item:
    key = prefix + os.path.splitext(name_in(name))[0]
    if member is None or error is not None:
        return Item(key, archive, name=name, error=error, made=True)
    begin, size = member.offset_data, member.size
    return Item(key, archive, name=name, offset=begin, size=size, made=True)


def _rest(name: str, reason: str) -> Item:
    key = f"{os.path.basename(name)}::rest"
    return Item(key, name, error=f"the archive: {reason}", made=True)


def _opened(name: str) -> Any:
    if is_remote(name):
        system, inner = remote_system(name)
        return system.open(inner, "rb")
    return open(local_path(name), "rb")
