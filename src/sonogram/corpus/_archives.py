# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Audio in tar archives, as webdataset packs it: read where it lies, nothing is unpacked."""

import os
import re
import tarfile
from collections.abc import Iterator

from ._folders import SUFFIXES
from ._items import Item
from ._store import is_remote, local_path, remote_system

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


def archive_items(name: str, prefixed: bool) -> Iterator[Item]:
    """Yield the audio members of an archive; `prefixed`: ids begin with the archive's name."""
    if is_remote(name):
        system, inner = remote_system(name)
        opened = system.open(inner, "rb")
    else:
        opened = open(local_path(name), "rb")  # noqa: SIM115 (closed below)
    prefix = f"{os.path.basename(name).split('.')[0]}/" if prefixed else ""
    with opened as file:
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
        except tarfile.ReadError as error:
            raise ValueError(f"{name!r} is no plain tar archive: {error}") from error
