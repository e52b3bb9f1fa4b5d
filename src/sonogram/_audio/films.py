# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Containers that PyAV alone reads, and that FFmpeg takes for whole where they are cut or joined.

Matroska and WebM (EBML, RFC 8794), AVI (RIFF, with the further pieces of OpenDML), ASF (WMA).
"""

from collections.abc import Iterator
from typing import Any

from .chunks import bounded, is_unknown, unpack
from .views import Part, UndecodableError, contents, end_without_tags

_EBML, _SEGMENT = b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
# Bit rates of AC-3 in kbit/s, by half the code of the frame size (ATSC A/52, table 5.18).
_AC3_RATES = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576,
              640)  # fmt: skip
_TS = 188  # bytes of a packet of MPEG-TS


def _checked(name: str, size: int, pieces: Iterator[tuple[int, bool]]) -> list[Part]:
    """Compare the ends of top-level elements with the file; count those that begin a recording."""
    count = 0
    for end, begins in pieces:
        if end > size:
            raise UndecodableError(
                f"truncated: the header announces {end} bytes, the file has {size}"
            )
        count += begins
    if count > 1:
        raise UndecodableError(
            f"cannot be read as audio: it is {count} {name} files joined, of which decoders give "
            "the first"
        )
    return [Part(known=False, other=f"{name} is not read by libsndfile")]


def matroska(file: Any, size: int) -> list[Part]:
    """Examine Matroska or WebM, whose segment states its length unless it was a live stream."""

    def elements() -> Iterator[tuple[int, bool]]:
        position = 0
        for _ in bounded():
            file.seek(position)
            head = file.read(12)
            if head[:4] not in (_EBML, _SEGMENT) or len(head) < 5 or not head[4]:
                return
            width = 9 - head[4].bit_length()
            length = int.from_bytes(head[4 : 4 + width], "big") & ((1 << 7 * width) - 1)
            if length == (1 << 7 * width) - 1:  # unknown
                return
            position += 4 + width + length
            yield position, head[:4] == _EBML

    return _checked("Matroska", size, elements())


def avi(file: Any, size: int) -> list[Part]:
    """Examine AVI."""

    def riffs() -> Iterator[tuple[int, bool]]:
        position = 0
        for _ in bounded():
            if position + 12 > size:
                return
            name, length, form = unpack("<4sI4s", file, position)
            if name != b"RIFF" or form not in (b"AVI ", b"AVIX") or not length:
                return
            if is_unknown(length) and position + 8 + length > size:
                return
            yield position + 8 + length, form == b"AVI "
            position += 8 + length + length % 2

    return _checked("AVI", size, riffs())


def asf(file: Any, size: int) -> list[Part]:
    """Examine ASF, as WMA and WMV are; a live stream has an object without a length."""

    def objects() -> Iterator[tuple[int, bool]]:
        position = 0
        for _ in bounded():
            if position + 24 > size:
                return
            name, length = unpack("<16sQ", file, position)
            if length < 24 or length >= 1 << 62:
                return
            if name[8:] != _ASF[8:] and position + length > size:  # no object, but tags behind
                return
            position += length
            yield position, name == _ASF

    return _checked("ASF", size, objects())


def _trimmed(name: str, data: Any, size: int, end: int) -> list[Part]:
    """Return the frames up to `end` alone if only tags and zeros follow, which decoders misread."""
    if 0 < end < size and end_without_tags(data, end, size) <= end:
        return [Part([(0, end)], known=False, other=f"{name} is not read by libsndfile")]
    return [Part(known=False)]


def ac3(file: Any, size: int) -> list[Part]:
    """Examine the frames of AC-3 and E-AC-3."""
    data = contents(file)
    position = 0
    while data[position : position + 2] == b"\x0b\x77" and position + 6 <= size:
        head = data[position : position + 6]
        rate, code = head[4] >> 6, head[4] & 63
        if head[5] >> 3 > 10:
            words = ((head[2] & 7) << 8 | head[3]) + 1
        elif rate == 3 or code >= 2 * len(_AC3_RATES):
            break
        else:
            kilo = _AC3_RATES[code // 2]
            words = (2 * kilo, kilo * 320 // 147 + code % 2, 3 * kilo)[rate]
        if position + 2 * words > size:
            break
        position += 2 * words
    return _trimmed("AC-3", data, size, position)


def wavpack(file: Any, size: int) -> list[Part]:
    """Examine the blocks of WavPack."""
    position = 0
    while position + 8 <= size:
        name, length = unpack("<4sI", file, position)
        if name != b"wvpk" or position + 8 + length > size:
            break
        position += 8 + length
    return _trimmed("WavPack", contents(file), size, position)


def transport(file: Any, size: int) -> list[Part]:
    """Examine the packets of MPEG-TS."""
    data = contents(file)
    position = 0
    while position + _TS <= size and data[position] == 0x47:
        position += _TS
    return _trimmed("MPEG-TS", data, size, position)


def is_transport(file: Any) -> bool:
    """Tell whether the file begins with packets of MPEG-TS."""
    file.seek(0)
    head = file.read(5 * _TS)
    return len(head) == 5 * _TS and all(head[place] == 0x47 for place in range(0, len(head), _TS))
