# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Hard and symbolic links in a tar archive, and the members that hold their bytes.

Links are kept in memory, but members are not, because there may be millions. Once all links are
known, another pass over the headers finds their targets.
"""

import tarfile
from collections.abc import Callable, Iterable, Iterator

_LONGEST = 40  # links that may be followed in a row, as in Linux

Headers = Callable[[], Iterable[tarfile.TarInfo]]


class Links:
    """The links of an archive, in its order."""

    def __init__(self) -> None:
        self._links: list[tarfile.TarInfo] = []
        self._by_name: dict[str, tarfile.TarInfo] = {}
        self._files: dict[str, list[tarfile.TarInfo]] | None = None

    def __iter__(self) -> Iterator[tarfile.TarInfo]:
        return iter(self._links)

    def add(self, link: tarfile.TarInfo) -> None:
        """Add a link."""
        self._links.append(link)
        self._by_name[name_in(link.name)] = link

    def target(self, link: tarfile.TarInfo, headers: Headers) -> tarfile.TarInfo | None:
        """Return the target member of a link; None if that is the link itself, stored twice.

        Raises
        ------
        ValueError
            If the link leads to no member.
        """
        names = self._way(link)
        if link.islnk() and names[0] == name_in(link.name):
            return None
        if self._files is None:
            self._files = self._found(headers)
        for name in names:
            files = self._files.get(name, [])
            # A hard link refers to the member of that name so far, a symbolic one to the last one.
            earlier = [file for file in files if file.offset < link.offset]
            if link.islnk() and earlier:
                return earlier[-1]
            if files:
                return files[-1]
        raise ValueError(f"links to {link.linkname!r}, which is no file in the archive")

    def _way(self, link: tarfile.TarInfo) -> list[str]:
        """Return the names that a link leads to, from link to link."""
        name = _leads_to(link)
        names = [name]
        while len(names) < _LONGEST:
            further = self._further(name)
            if further is None or further in names:
                break
            names.append(name := further)
        return names

    def _further(self, name: str) -> str | None:
        """Follow the first link among a name and its parent folders."""
        parts = name.split("/")
        for depth in range(1, len(parts) + 1):
            link = self._by_name.get("/".join(parts[:depth]))
            if link is not None:
                return "/".join([_leads_to(link), *parts[depth:]]).rstrip("/")
        return None

    def _found(self, headers: Headers) -> dict[str, list[tarfile.TarInfo]]:
        """Return the possible targets of links by name, in their order."""
        wanted = {name for link in self._links for name in self._way(link)}
        files: dict[str, list[tarfile.TarInfo]] = {}
        try:
            for member in headers():
                name = name_in(member.name)
                if name in wanted and not (member.isdir() or member.issym() or member.islnk()):
                    files.setdefault(name, []).append(member)
        except (tarfile.TarError, ValueError, OverflowError, EOFError, MemoryError):
            pass  # the rest was reported before
        return files


def name_in(name: str) -> str:
    """Return a name relative to the archive: without ``./``, and never absolute."""
    return "/".join(part for part in name.split("/") if part not in ("", "."))


def _leads_to(link: tarfile.TarInfo) -> str:
    """Return the name in the archive that a link refers to."""
    target = name_in(link.linkname)
    if link.islnk() or link.linkname.startswith("/"):  # names lose their slash when packed
        return target
    parts = name_in(link.name).split("/")[:-1]
    for part in target.split("/"):
        if part != "..":
            parts.append(part)
        elif not parts or parts.pop() == "..":
            return f"../{target}"  # outside the archive, where no member is
    return "/".join(parts)
