# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The contents of an audio file, found from its bytes without decoding, whatever its name is."""

import struct
from collections.abc import Callable
from typing import Any

from . import containers, films, streams, wav
from .mpeg import adts_frame, mpeg_parts, runs
from .views import Part, Tail, UndecodableError, contents, id3_size, shifted

_MPEG_SUFFIXES = (".mp3", ".mp2", ".mp1", ".mpga", ".mpa")
_OTHER = "AAC is not read by libsndfile"


def examine(file: Any, size: int, name: str = "") -> list[Part]:
    """Return the recordings in a file of `size` bytes, one after the other.

    Raises
    ------
    UndecodableError
        If the file is cut off, or holds something that no decoder reads correctly.
    """
    try:
        return _parts(file, size, name)
    except struct.error:
        raise UndecodableError("truncated: the header is cut off") from None


def _parts(file: Any, size: int, name: str) -> list[Part]:
    base = 0
    while skipped := id3_size(_head(file, base)):
        base += skipped
    head = _head(file, base)
    check = _check(head)
    if check is not None:
        found = check(Tail(file, base), size - base)
        return [shifted(part, base, size) for part in found] if base else found
    if head[:1] == b"\xff" and head[1:2] and head[1] & 0xF6 == 0xF0:
        return _adts(file, base, size)
    synchronised = head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xE0 == 0xE0
    if base or synchronised or name.lower().endswith(_MPEG_SUFFIXES):
        found = mpeg_parts(contents(file), base, size)
        if found:
            return found
        if base or synchronised:
            raise UndecodableError("cannot be read as audio: it has no frames of MPEG audio")
    if films.is_transport(file):
        return films.transport(file, size)
    return [Part(known=False)]


def _head(file: Any, position: int) -> bytes:
    file.seek(position)
    head: bytes = file.read(16)
    return head


def _check(head: bytes) -> Callable[[Any, int], list[Part]] | None:
    if head[4:8] == b"ftyp" or head[4:8] in (b"moov", b"mdat"):
        return streams.mp4
    if head[:4] in (b"RIFF", b"RF64", b"BW64", b"RIFX") and head[8:12] not in (b"WAVE", b""):
        return films.avi if head[:4] == b"RIFF" and head[8:12] == b"AVI " else None
    if head[:4] == b"FORM" and head[8:12] not in (b"AIFF", b"AIFC"):
        return None
    return films.ac3 if head[:2] == b"\x0b\x77" else _CHECKS.get(head[:4])


def _adts(file: Any, start: int, size: int) -> list[Part]:
    """Return the complete frames of AAC, each of which has its own length."""
    found = runs(contents(file), start, size, adts_frame)
    if len({run.first.kind for run in found}) > 1:
        raise UndecodableError(
            "cannot be read as audio: it has frames of several sample rates or channels"
        )
    if not found:
        return [Part(known=False)]
    return [Part([extent for run in found for extent in run.extents], other=_OTHER)]


_CHECKS: dict[bytes, Callable[[Any, int], list[Part]]] = {
    b"RIFF": wav.riff,
    b"RF64": wav.riff,
    b"BW64": wav.riff,
    b"RIFX": wav.rifx,
    b"FORM": containers.aiff,
    b"riff": wav.w64,
    b"caff": containers.caf,
    b".snd": containers.au,
    b"dns.": containers.au_little,
    b"NIST": containers.sphere,
    b"fLaC": streams.flac,
    b"OggS": streams.ogg,
    b"wvpk": films.wavpack,
    b"\x1a\x45\xdf\xa3": films.matroska,
    b"\x30\x26\xb2\x75": films.asf,
}
