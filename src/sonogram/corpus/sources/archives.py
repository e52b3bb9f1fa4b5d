# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Audio in tar archives, as webdataset packs it: read where it lies, nothing is unpacked."""

import os
import re
import tarfile
from collections.abc import Iterator, Sequence
from typing import Any

from ..disk.store import is_remote, local_path, remote_system
from .folders import SUFFIXES
from .items import Item

_COMPRESSED = re.compile(r"\.(tar\.\w+|tgz|tbz2?|txz|tzst)$", re.IGNORECASE)
_RANGE = re.compile(r"\{(\d+)\.\.(\d+)\}")


def expand(name: str) -> list[str]:
    """Expand ``{000..012}``, webdataset's way to name many archives."""
    match = _RANGE.search(name)
    if match is None:
        return [name]
    first, last = match.groups()
    width = len(first)
    numbers = range(int(first), int(last) + 1)
    names = (f"{name[: match.start()]}{n:0{width}d}{name[match.end() :]}" for n in numbers)
    return [full for one in names for full in expand(one)]


def refuse_compressed(name: str) -> None:
    """Raise ValueError for an archive that cannot be read where it lies."""
    if _COMPRESSED.search(name):
        raise ValueError(
            f"source is {name!r}; a compressed archive cannot be read where it lies: decompress it "
            "to a .tar first"
        )


def archives_items(names: Sequence[str]) -> Iterator[Item]:
    """Yield the audio members of archives; ids begin with an archive's name if there are several.

    Raises
    ------
    ValueError
        Where the only archive is none; among several, one that is none is an item with its error.
    """
    for name in names:
        refuse_compressed(name)
    stems = [os.path.basename(name).split(".")[0] for name in names]
    if len(set(stems)) < len(stems):
        stems = [os.path.splitext(name)[0].lstrip("/") for name in names]
    for name, stem in zip(names, stems, strict=True):
        yield from _members(name, f"{stem}/" if len(names) > 1 else "")


def _members(name: str, prefix: str) -> Iterator[Item]:
    with _opened(name) as file:
        try:
            with tarfile.open(fileobj=file, mode="r:") as archive:
                for member in archive:
                    archive.members = []  # type: ignore[attr-defined]  # tarfile keeps what it has seen
                    stem, suffix = os.path.splitext(member.name)
                    if member.isfile() and suffix.lower() in SUFFIXES:
                        yield Item(
                            f"{prefix}{stem}",
                            name,
                            offset=member.offset_data,
                            size=member.size,
                            name=member.name,
                        )
                # tarfile takes a header that is cut off or damaged for the end
                file.seek(archive.offset)
                if file.read(512) != bytes(512):
                    raise tarfile.ReadError("its end is missing or damaged")
        except tarfile.ReadError as error:
            if not prefix and file.tell() <= 512:
                raise ValueError(f"{name!r} is no plain tar archive: {error}") from error
            yield Item(f"{os.path.basename(name)}::rest", name, error=f"the archive: {error}")


def _opened(name: str) -> Any:
    if is_remote(name):
        system, inner = remote_system(name)
        return system.open(inner, "rb")
    return open(local_path(name), "rb")
