# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Containers of uncompressed audio: AIFF, CAF, AU and SPHERE.

libsndfile silently reads a truncated file as a shorter one, and a file whose header was never
finished as an empty one. Here, and in wav.py, the header is compared with the file: a truncated
file is refused, and a length that was never filled in is replaced by the actual one.
"""

import re
import struct
from collections.abc import Mapping
from typing import Any

from .chunks import (
    Chunk,
    bounded,
    chunks_of,
    is_unknown,
    only_chunks,
    present_bytes,
    unknown_layout,
    unpack,
)
from .views import Part, UndecodableError, contents, patched

_AIFF_PLAIN = (b"NONE", b"twos", b"sowt", b"raw ", b"in24", b"in32", b"fl32", b"FL32", b"fl64")
_AU_BYTES = {1: 1, 2: 1, 3: 2, 4: 3, 5: 4, 6: 4, 7: 8, 27: 1}


def aiff(file: Any, size: int) -> list[Part]:
    """Examine an AIFF or AIFF-C file."""
    common = None
    for chunk in chunks_of(file, size, ">"):
        if chunk.name == b"COMM":
            common = chunk
        elif chunk.name == b"SSND" and common is not None:
            return _aiff(file, size, common, chunk)
    return [Part()]


def _aiff(file: Any, size: int, common: Chunk, sound: Chunk) -> list[Part]:
    channels, frames, bits = unpack(">HIH", file, common.start)
    coding = unpack(">4s", file, common.start + 18)[0] if common.length >= 22 else b"NONE"
    offset, _ = unpack(">II", file, sound.start)
    block = max(1, channels * ((bits + 7) // 8)) if coding in _AIFF_PLAIN else 1
    start = sound.start + 8 + offset
    announced = sound.length - 8 - offset if sound.length > 8 else 0
    empty = frames == 0 and announced == 0 and only_chunks(file, start, size, ">")
    length = present_bytes(announced, size - start, block, empty)
    samples = length // block
    unknown = frames == 0 or is_unknown(frames) or is_unknown(frames * block)
    if coding not in _AIFF_PLAIN or (length == announced and not (unknown and samples != frames)):
        if coding in _AIFF_PLAIN and frames > samples:
            raise UndecodableError(
                f"truncated: the header announces {frames} samples, the file has {samples}"
            )
        return [Part()]
    patches = {
        4: struct.pack(">I", min(size - 8, 0xFFFFFFFF)),
        common.start + 2: struct.pack(">I", samples),
        sound.start - 4: struct.pack(">I", min(samples * block + 8 + offset, 0xFFFFFFFF)),
    }
    return [Part(patched(size, patches), samples)]


def caf(file: Any, size: int, base: int = 0) -> list[Part]:
    """Examine Apple's Core Audio Format: 64-bit lengths, -1 for a file from a pipe."""
    position = base + 8
    block = 0
    for _ in bounded():
        if position + 12 > size:
            break
        name, length = unpack(">4sq", file, position)
        start = position + 12
        if name == b"desc":
            coding, _, block, _, channels, bits = unpack(">4sIIIII", file, start + 8)
            if coding != b"lpcm":
                block = 0
            elif block * 8 != channels * bits:
                raise unknown_layout(channels, bits, block)
        if name == b"data":
            file.seek(start + 4)
            if 0 <= length <= 4 and file.read(8) == b"caff\0\1\0\0":  # a second copy of the header
                return caf(file, size, start + 4)
            return _caf(file, size, base, block, start, length)
        if length < 0:
            break
        position += 12 + length
    return [Part()]


def _caf(file: Any, size: int, base: int, block: int, start: int, announced: int) -> list[Part]:
    audio = start + 4  # after the number of edits
    if base:  # a third copy, with the length, is at the end
        end = contents(file).find(b"caff\0\1\0\0", audio)
        size = end if end >= 0 else size
    announced = announced if announced < 0 else max(0, announced - 4)
    length = present_bytes(announced, size - audio, block or 1, empty=False)
    if block:
        length -= length % block
    samples = length // block if block else None
    if not base and length == announced:
        return [Part(None, samples)]
    patches = {start - 8: struct.pack(">q", length + 4)}
    return [Part(patched(size, patches, base), samples)]


def au(file: Any, size: int, order: str = ">") -> list[Part]:
    """Examine Sun's AU."""
    start, announced, coding, _, channels = unpack(order + "IIIII", file, 4)
    block = _AU_BYTES.get(coding, 0) * channels
    length = present_bytes(announced, size - start, block or 1, empty=False)
    if not block:
        return [Part()]
    length -= length % block
    if length == announced - announced % block:
        return [Part(None, length // block)]
    patches = {8: struct.pack(order + "I", min(length, 0xFFFFFFFF))}
    return [Part(patched(size, patches), length // block)]


def au_little(file: Any, size: int) -> list[Part]:
    """Examine an AU file of little-endian samples."""
    return au(file, size, "<")


def sphere(file: Any, size: int) -> list[Part]:
    """Examine NIST SPHERE, whose header is text: names, types and values."""
    file.seek(0)
    text = file.read(65536)
    if not text[8:16].strip().isdigit():
        return [Part()]
    start = int(text[8:16])
    fields: Mapping[bytes, bytes] = dict(re.findall(rb"(?m)^(\w+) -\w+ (\S+)", text[16:start]))
    keys = (b"sample_count", b"channel_count", b"sample_n_bytes")
    coding = fields.get(b"sample_coding", b"pcm")
    if coding in (b"pcm", b"ulaw", b"alaw", b"mu-law") and all(key in fields for key in keys):
        samples, channels, width = (int(fields[key]) for key in keys)
        present_bytes(samples * channels * width, size - start, channels * width, empty=True)
    return [Part()]
