# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Kaldi's wav.scp and segments."""

import os
from collections.abc import Iterator
from dataclasses import replace

from ..disk.store import is_remote
from .items import Item, channel


def kaldi_items(scp: str, segments: str | None) -> Iterator[Item]:
    """Yield the recordings of a wav.scp, or their segments.

    Paths are relative to the current folder. Commands (lines that end in ``|``) are never run:
    their items fail, as do those of invalid lines.
    """
    if segments is None:
        yield from _recordings(scp)
        return
    recordings = {item.id: item for item in _recordings(scp)}
    with open(segments, encoding="utf-8", errors="surrogateescape") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                fields = line.split()
                try:
                    yield _segment(fields, recordings)
                except ValueError as error:
                    wrong = f"{segments!r}, line {number}: {error}"
                    yield Item(fields[0], "".join(fields[1:2]), error=wrong)


def _recordings(scp: str) -> Iterator[Item]:
    with open(scp, encoding="utf-8", errors="surrogateescape") as file:
        for number, line in enumerate(file, 1):
            parts = line.split(maxsplit=1)
            if not parts:
                continue
            if len(parts) == 1:
                wrong = f"{scp!r}, line {number}: it must be an id and a path"
                yield Item(parts[0], "", error=wrong)
                continue
            path = parts[1].strip()
            if path[-1] == "|":
                wrong = "wav.scp gives a command, and commands are not run"
                yield Item(parts[0], path, error=wrong)
            elif len(path.split()) > 1 and not is_remote(path) and not os.path.exists(path):
                wrong = f"{scp!r}, line {number}: it must be an id and a path; {path!r} is no file"
                yield Item(parts[0], "", error=wrong)
            else:
                yield Item(parts[0], path)


def _segment(fields: list[str], recordings: dict[str, Item]) -> Item:
    """Read ``<id> <recording> <start> <end> [<channel>]``; an end of -1 means the end."""
    if len(fields) not in (4, 5):
        raise ValueError("it must be <id> <recording> <start> <end> [<channel>]")
    key, recording = fields[:2]
    try:
        start, end = float(fields[2]), float(fields[3])
    except ValueError:
        raise ValueError(
            f"start and end are {fields[2]} and {fields[3]}; both must be numbers"
        ) from None
    number = channel(fields[4]) if len(fields) == 5 else None
    whole = recordings.get(recording)
    if whole is None:
        return Item(key, recording, error=f"wav.scp does not list the recording {recording!r}")
    if not (0 <= start < 1e9 and (end == -1 or start < end < 1e9)):
        return replace(whole, id=key, error=f"the segment goes from {start} to {end} s")
    return replace(
        whole, id=key, start=start, duration=None if end == -1 else end - start, channel=number
    )


def is_listing(scp: str) -> bool:
    """Tell whether any line of a wav.scp is an id and a path, or a command.

    A path with blanks in it must be that of a file: other lines of several words are prose.
    """
    return any(item.path and "\0" not in item.id + item.path for item in _recordings(scp))


def find_segments(scp: str) -> str | None:
    """Return the path of the segments beside a wav.scp, or None."""
    beside = os.path.join(os.path.dirname(scp), "segments")
    return beside if os.path.isfile(beside) else None
