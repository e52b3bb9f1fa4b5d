# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Chunks of RIFF and IFF files, and the check of announced against actual bytes of audio."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .views import UndecodableError

MAX_CHUNKS = 10000  # in a container; damaged files may hold millions of empty ones
_NAME = re.compile(rb"[A-Za-z0-9 _\-]{4}")


@dataclass
class Chunk:
    """The position of a chunk's contents, and the number of bytes that its header announces."""

    name: bytes
    start: int
    length: int


def unpack(layout: str, file: Any, position: int) -> tuple[Any, ...]:
    file.seek(position)
    values: tuple[Any, ...] = struct.unpack(layout, file.read(struct.calcsize(layout)))
    return values


def is_unknown(length: int) -> bool:
    """Tell whether this is a placeholder for the length, as programs write it to a pipe.

    Close to 2 or 4 GiB, less the header and a remainder that does not fill a sample; SoX writes
    0x7f000000 into AIFF, and ffmpeg 2**63 - 1 into Wave64.
    """
    near = any(abs(length - full) <= 1 << 16 for full in (1 << 31, 1 << 32))
    return near or 0x7F000000 - 4096 <= length < 0x7F001000 or length >= 1 << 62 or length < 0


def present_bytes(announced: int, present: int, block: int, empty: bool) -> int:
    """Return the actual number of bytes of audio; refuse a file with fewer than `announced`."""
    present = max(0, present)
    if announced > present or announced < 0:
        if is_unknown(announced):
            return present
        if announced // block > present // block:
            raise UndecodableError(
                f"truncated: the header announces {announced} bytes of audio, the file has "
                f"{present}"
            )
        return present
    if announced == 0:
        return 0 if empty else present
    # 32 bits are too few for some lengths, whose upper bits follow from the size of the file.
    return announced + ((present - announced) >> 32 << 32)


def unknown_layout(channels: int, bits: int, block: int) -> UndecodableError:
    """Return the error to raise where samples do not fill their block."""
    return UndecodableError(
        f"cannot be read as audio: it has {channels} channel(s) of {bits} bits in blocks of "
        f"{block} bytes, and nothing says how they lie there"
    )


def bounded() -> Iterator[None]:
    """Refuse a container with too many chunks, in which no decoder would find the end."""
    for _ in range(MAX_CHUNKS):
        yield None
    raise UndecodableError(
        f"cannot be read as audio: its first {MAX_CHUNKS} chunks hold none, it is damaged"
    )


def chunks_of(file: Any, size: int, order: str) -> Iterator[Chunk]:
    position = 12
    for _ in bounded():
        if position + 8 > size:
            return
        name, length = unpack(order + "4sI", file, position)
        yield Chunk(name, position + 8, length)
        position += 8 + length + length % 2


def chunks_behind(file: Any, data: Chunk, size: int, order: str) -> Iterator[Chunk]:
    """Yield the chunks behind one with audio, until something follows that is none."""
    position = data.start + data.length + data.length % 2
    for _ in range(MAX_CHUNKS):
        if position + 8 > size:
            return
        name, length = unpack(order + "4sI", file, position)
        if not _NAME.fullmatch(name):
            return
        yield Chunk(name, position + 8, length)
        position += 8 + length + length % 2


def only_chunks(file: Any, start: int, size: int, order: str) -> bool:
    """Tell whether the rest of the file is chunks, rather than audio that was never counted."""
    for _ in range(MAX_CHUNKS):
        if start >= size - 1:
            return True
        if start + 8 > size:
            return False
        name, length = unpack(order + "4sI", file, start)
        if not _NAME.fullmatch(name) or start + 8 + length > size:
            return False
        start += 8 + length + length % 2
    return False
