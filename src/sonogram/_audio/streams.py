# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""FLAC, Ogg and MP4: the beginnings of recordings that were joined, and their completeness."""

import re
import struct
from typing import Any

from .views import Part, Piece, UndecodableError, contents, end_without_tags
from .vorbis import begins_early

# The marker and a STREAMINFO block of 34 bytes; a pattern is found faster than bytes.
_FLAC = re.compile(rb"fLaC\0\0\0\x22")
_FIRST_PAGE = b"OggS\0\x02"
_EARLY = "Vorbis begins before its sample 0, which libsndfile does not read"
_MP4 = "MP4 is not read by libsndfile"
_OGG_TAIL = 1 << 17  # a page is at most 65307 bytes


def flac(file: Any, size: int) -> list[Part]:
    """Examine native FLAC."""
    data = contents(file)
    starts = [0]
    while match := _FLAC.search(data, _behind_metadata(data, starts[-1], size)):
        starts.append(match.start())
    parts = []
    for start, stop in zip(starts, [*starts[1:], size], strict=True):
        total = int.from_bytes(data[start + 21 : start + 26], "big") & 0xFFFFFFFFF
        # libFLAC takes anything after the audio for more of it, unless it is out of reach.
        end = stop if total else end_without_tags(data, start, stop)
        whole = start == 0 and end == size
        parts.append(Part(None if whole else [(start, end)], total or None))
    return parts


def _behind_metadata(data: Any, start: int, size: int) -> int:
    """Return where the frames begin: cover art in the metadata may contain anything."""
    position = start + 4
    while position + 4 <= size:
        head = data[position : position + 4]
        position += 4 + int.from_bytes(head[1:4], "big")
        if head[0] & 0x80:
            break
    return position if position < size else size


def ogg(file: Any, size: int) -> list[Part]:
    """Examine Ogg, in which each recording begins with the first pages of its streams."""
    data = contents(file)
    starts = [0]
    expected = _page_end(data, 0)
    while (place := data.find(_FIRST_PAGE, expected)) >= 0:
        if place != expected:  # else another stream of the same recording
            starts.append(place)
        expected = max(place + 6, _page_end(data, place))
    stops = [*starts[1:], size]
    for start, stop in zip(starts, stops, strict=True):
        if not _last_page_is_whole(data, start, stop):
            raise UndecodableError("truncated: the last Ogg page is cut off")
    early = [begins_early(data, *extent) for extent in zip(starts, stops, strict=True)]
    if any(early):
        if len(starts) > 1:
            raise UndecodableError(f"cannot be read as audio: joined files, and in one {_EARLY}")
        return [Part(other=_EARLY)]
    if len(starts) == 1:
        return [Part()]
    return [Part([(start, stop)]) for start, stop in zip(starts, stops, strict=True)]


def _page_end(data: Any, start: int) -> int:
    """Return the end of a page: 27 bytes, a table of segment lengths, and the segments."""
    head = data[start : start + 27]
    if len(head) < 27:
        return start + len(head)
    segments = data[start + 27 : start + 27 + head[26]]
    end: int = start + 27 + head[26] + sum(segments)
    return end


def _last_page_is_whole(data: Any, start: int, stop: int) -> bool:
    tail = max(start, stop - _OGG_TAIL)
    place = data.rfind(b"OggS\0", tail, stop)
    return place >= 0 and place + 27 <= stop and _page_end(data, place) <= stop


def mp4(file: Any, size: int) -> list[Part]:
    """Examine the boxes of MP4, which hold one recording; refuse a truncated one."""
    position, films = 0, 0
    pieces: list[Piece] | None = None
    while position + 8 <= size:
        file.seek(position)
        head = file.read(16)
        length, name = struct.unpack(">I4s", head[:8])
        if length == 1 and len(head) == 16:
            (length,) = struct.unpack(">Q", head[8:])
        if not length or length < 8 or not name.isalnum():
            break
        films += name == b"moov"
        if position + length > size:
            end = end_without_tags(contents(file), position, size)
            if end <= position:  # ID3v1 or APE, which are no box
                pieces = [(0, position)]
                break
            raise UndecodableError(
                f"truncated: the header announces {position + length} bytes, the file has {size}"
            )
        position += length
    if films > 1:
        raise UndecodableError(
            f"cannot be read as audio: it is {films} MP4 files joined, of which decoders give the "
            "first"
        )
    return [Part(pieces, other=_MP4)]
