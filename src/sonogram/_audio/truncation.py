# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Whether an audio file holds the bytes that its own header announces.

libsndfile reads a file that was cut off as a shorter one, without a word. These few lines look at
the container alone and decode nothing.
"""

import struct
from collections.abc import Callable
from typing import BinaryIO

# Written by programs that cannot go back to fill the length in (pipes); larger than any honest
# 32-bit length but for files of more than 2 GB, which are then not checked.
_UNKNOWN_LENGTH = 0x7FFFF000
_MAX_CHUNKS = 10000  # of a container; damaged files may hold millions of empty ones
_OGG_TAIL = 1 << 17  # a page is at most 65307 bytes


def truncation(file: BinaryIO, size: int) -> str | None:
    """Return why a file of ``size`` bytes must be cut off, or None where nothing says so."""
    file.seek(0)
    head = file.read(12)
    check = _CHECKS.get(head[:4])
    if head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] and head[1] & 0xE6 == 0xE2):
        check = _mpeg  # eleven bits of synchronisation, then layer III
    try:
        return None if check is None else check(file, size)
    except struct.error:
        return "the header is cut off"


def _shortfall(announced: int, present: int) -> str | None:
    if announced <= present + 1:  # + 1: the pad byte of an odd chunk is often left out
        return None
    return f"the header announces {announced} bytes of audio, the file has {max(present, 0)}"


def _unpack(layout: str, file: BinaryIO) -> tuple[int, ...]:
    values: tuple[int, ...] = struct.unpack(layout, file.read(struct.calcsize(layout)))
    return values


def _chunks(file: BinaryIO, size: int, order: str, wanted: bytes) -> str | None:
    """Walk the chunks of a RIFF or IFF file to the audio; ``order`` is struct's byte order."""
    long_size = None
    position = 12
    for _ in range(_MAX_CHUNKS):
        if position + 8 > size:
            break
        file.seek(position)
        name = file.read(4)
        (length,) = _unpack(order + "I", file)
        if name == b"ds64":
            _riff_size, long_size = _unpack("<QQ", file)
        if name == wanted:
            if length == 0xFFFFFFFF and long_size is not None:
                length = long_size
            elif length >= _UNKNOWN_LENGTH:
                return None
            return _shortfall(length, size - position - 8)
        position += 8 + length + length % 2
    return None


def _riff(file: BinaryIO, size: int) -> str | None:
    return _chunks(file, size, "<", b"data")


def _rifx(file: BinaryIO, size: int) -> str | None:
    return _chunks(file, size, ">", b"data")


def _form(file: BinaryIO, size: int) -> str | None:
    file.seek(8)
    return _chunks(file, size, ">", b"SSND") if file.read(4) in (b"AIFF", b"AIFC") else None


def _w64(file: BinaryIO, size: int) -> str | None:
    """Walk Sony Wave64: names of 16 bytes, lengths that count their own header of 24."""
    position = 40
    for _ in range(_MAX_CHUNKS):
        if position + 24 > size:
            break
        file.seek(position)
        name = file.read(16)
        (length,) = _unpack("<Q", file)
        if name[:4] == b"data":
            return _shortfall(length - 24, size - position - 24)
        position += max(24, (length + 7) // 8 * 8)
    return None


def _caf(file: BinaryIO, size: int) -> str | None:
    """Walk Apple's Core Audio Format: lengths of 64 bits, -1 for a file from a pipe."""
    position = 8
    for _ in range(_MAX_CHUNKS):
        if position + 12 > size:
            break
        file.seek(position)
        name = file.read(4)
        (length,) = _unpack(">q", file)
        if name == b"data" or length < 0:
            return _shortfall(length, size - position - 12)
        position += 12 + length
    return None


def _au(file: BinaryIO, size: int, order: str = ">") -> str | None:
    file.seek(4)
    offset, length = _unpack(order + "II", file)
    return None if length >= _UNKNOWN_LENGTH else _shortfall(length, size - offset)


def _au_little(file: BinaryIO, size: int) -> str | None:
    return _au(file, size, "<")


def _ogg(file: BinaryIO, size: int) -> str | None:
    """Look whether the last page is whole (27 bytes, a table of segment lengths, the segments)."""
    file.seek(max(0, size - _OGG_TAIL))
    tail = file.read(_OGG_TAIL)
    page = tail[max(0, tail.rfind(b"OggS\0")) :]
    if len(page) >= 27:
        segments = page[27 : 27 + page[26]]
        if len(segments) == page[26] and len(page) >= 27 + len(segments) + sum(segments):
            return None
    return "the last Ogg page is cut off"


def _mpeg(file: BinaryIO, size: int) -> str | None:
    """Compare the length in the Xing/Info frame of an MP3, where there is one."""
    file.seek(0)
    head = file.read(10)
    start = 0
    if head[:3] == b"ID3":
        sizes = struct.unpack("4B", head[6:10])
        start = 10 + sum(
            (byte & 0x7F) << shift for byte, shift in zip(sizes, (21, 14, 7, 0), strict=True)
        )
    file.seek(start)
    frame = file.read(256)
    found = max(frame.find(b"Xing"), frame.find(b"Info"))
    if found < 0:
        return None
    flags, first, second = struct.unpack(">III", frame[found + 4 : found + 16])
    if not flags & 2:
        return None
    return _shortfall(second if flags & 1 else first, size)


_CHECKS: dict[bytes, Callable[[BinaryIO, int], str | None]] = {
    b"RIFF": _riff,
    b"RF64": _riff,
    b"BW64": _riff,
    b"RIFX": _rifx,
    b"FORM": _form,
    b"riff": _w64,
    b"caff": _caf,
    b".snd": _au,
    b"dns.": _au_little,
    b"OggS": _ogg,
}
