# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""WAV, RF64 and Wave64: the amount of audio in a file, and the layout of its samples."""

import struct
from dataclasses import dataclass
from typing import Any

from .chunks import (
    Chunk,
    bounded,
    chunks_behind,
    chunks_of,
    only_chunks,
    present_bytes,
    unknown_layout,
    unpack,
)
from .justified import justified
from .mpeg import mpeg_parts
from .views import Part, Piece, Tail, UndecodableError, contents, patched, shifted

_PCM, _FLOAT, _MPEG, _MP3, _EXTENSIBLE = 1, 3, 0x50, 0x55, 0xFFFE
_SUBTYPES = {_PCM: ("PCM_",), _FLOAT: ("FLOAT", "DOUBLE"), 6: ("ALAW",), 7: ("ULAW",)}
_BYTES = {_FLOAT: (4, 8), 6: (1,), 7: (1,)}  # bytes per sample: float, A-law, mu-law
_W64_RIFF = bytes.fromhex("726966662e91cf11a5d628db04c10000")


def riff(file: Any, size: int, order: str = "<") -> list[Part]:
    """Examine a WAV or RF64 file, or several joined."""
    parts, end = _recording(file, size, order)
    start = 0
    while end is not None:
        if not start:
            parts = [shifted(part, 0, end) for part in parts]
        start += end
        more, end = _recording(Tail(file, start), size - start, order)
        stop = size if end is None else start + end
        parts += [shifted(part, start, stop) for part in more]
    return parts


def _recording(file: Any, size: int, order: str) -> tuple[list[Part], int | None]:
    """Examine the first WAV file; return also where another one follows it, if one does."""
    layout = None
    ds64 = None
    patches: dict[int, bytes] = {}
    for chunk in chunks_of(file, size, order):
        if chunk.name == b"ds64":
            ds64 = chunk.start
        elif chunk.name == b"fmt ":
            if layout is not None and patches:
                patches[layout.start - 8] = b"JUNK"
            layout = Layout.read(file, chunk, order)
        elif chunk.name == b"data":
            more, end = _behind(file, size, order, chunk) if ds64 is None else (False, None)
            if more and not chunk.length:  # begun anew behind an empty chunk
                patches[chunk.start - 8] = b"JUNK"
                continue
            if more:
                raise UndecodableError(
                    "cannot be read as audio: it has several data chunks, of which decoders give "
                    "the first"
                )
            stop = size if end is None else end
            return _wav(file, stop, order, layout, chunk, ds64, patches), end
    return [Part()], None


def _behind(file: Any, size: int, order: str, data: Chunk) -> tuple[bool, int | None]:
    """Return whether another data chunk follows, or where another WAV file does."""
    for chunk in chunks_behind(file, data, size, order):
        if chunk.name == b"data":
            return True, None
        if chunk.name in (b"RIFF", b"RIFX") and chunk.start + 4 <= size:
            same = unpack("<4s", file, chunk.start) == (b"WAVE",)
            return False, chunk.start - 8 if same else None
    return False, None


@dataclass
class Layout:
    """The "fmt " chunk of a WAV file."""

    start: int
    tag: int
    channels: int
    block: int
    bits: int
    valid: int
    extensible: bool
    mended: bool  # whether the header has other bytes per block, too few

    @classmethod
    def read(cls, file: Any, chunk: Chunk, order: str) -> "Layout":
        tag, channels, _, _, block, bits = unpack(order + "HHIIHH", file, chunk.start)
        valid, extensible = bits, tag == _EXTENSIBLE
        if extensible and chunk.length >= 40:
            valid, _, tag = unpack(order + "HIH", file, chunk.start + 18)
        least = channels * ((bits + 7) // 8) if tag == _PCM or tag in _BYTES else 0
        mended = block < least < 1 << 16
        block = least if mended else block
        return cls(chunk.start, tag, channels, block, bits, valid or bits, extensible, mended)

    def container(self) -> int:
        """Return the bytes per sample; 0 for compressed audio."""
        if self.tag != _PCM and self.tag not in _BYTES:
            return 0
        width, rest = divmod(self.block, max(1, self.channels))
        if rest or not width or (self.tag != _PCM and width not in _BYTES[self.tag]):
            raise self.unknown()
        return width

    def unknown(self) -> UndecodableError:
        return unknown_layout(self.channels, self.bits, self.block)


def _wav(
    file: Any,
    size: int,
    order: str,
    layout: Layout | None,
    data: Chunk,
    ds64: int | None,  # where the chunk of lengths of 64 bits lies
    patches: dict[int, bytes],
) -> list[Part]:
    announced = data.length
    if ds64 is not None and announced == 0xFFFFFFFF:
        (announced,) = unpack(order + "Q", file, ds64 + 8)
        announced = announced or -1
    block = layout.block if layout and layout.block else 1
    present = size - data.start
    empty = announced == 0 and only_chunks(file, data.start, size, order)
    length = present_bytes(announced, present, block, empty)
    if layout is None:
        return [Part()]
    if layout.tag in (_MPEG, _MP3):
        stream = mpeg_parts(contents(file), data.start, data.start + length, "WAV")
        return stream or [Part()]
    width = layout.container()
    if not width:
        return [Part(patched(size, patches) if patches else None)]
    length -= length % block
    gain = 1.0
    if layout.mended:
        patches[layout.start + 12] = struct.pack(order + "H", block)
    if layout.tag == _PCM and width != (min(layout.valid, layout.bits) + 7) // 8:
        gain = _patch_bits(file, data.start, length, order, layout, width, patches)
    elif layout.tag == _PCM and layout.bits > 8 * width:
        raise layout.unknown()
    if length > 0xFFFFFFFF and ds64 is None and order == "<":
        pieces: list[Piece] = [
            _long_header(file, layout, width, length),
            (data.start, data.start + length),
        ]
        subtypes = _SUBTYPES[layout.tag]
        return [Part(pieces, length // block, gain=gain, family="WAV", subtypes=subtypes)]
    if length != announced - announced % block or announced > present:
        _patch_length(size, order, data, ds64, length, length // block, patches)
    samples, subtypes = length // block, _SUBTYPES[layout.tag]
    return [
        Part(patched(size, patches) if patches else None, samples, gain=gain, subtypes=subtypes)
    ]


def _patch_bits(
    file: Any,
    start: int,
    length: int,
    order: str,
    layout: Layout,
    width: int,
    patches: dict[int, bytes],
) -> float:
    """Patch the header to samples as wide as their containers; return the factor to undo that."""
    valid = min(layout.valid, layout.bits)
    if valid <= 8 or width not in (2, 3, 4) or valid > 8 * width:
        if layout.bits == 8 * width and valid <= layout.bits:
            return 1.0  # at the upper end of the container, as the format requires
        raise layout.unknown()
    side = justified(file, start, length, width, order, valid)
    if side is None:
        if layout.bits != 8 * width:
            raise layout.unknown()
        side = "left"
    if layout.bits != 8 * width:
        patches[layout.start + 14] = struct.pack(order + "H", 8 * width)
        if layout.extensible:
            patches[layout.start + 18] = struct.pack(order + "H", 8 * width)
    return 1.0 if side == "left" else 2.0 ** (8 * width - valid)


def _long_header(file: Any, layout: Layout, width: int, length: int) -> bytes:
    """Return the RF64 header of a WAV file whose length needs more than 32 bits."""
    file.seek(layout.start + 2)
    fmt = struct.pack("<H", layout.tag) + file.read(12) + struct.pack("<H", 8 * width)
    sizes = struct.pack("<QQQI", length + 72, length, length // layout.block, 0)
    unknown = b"\xff\xff\xff\xff"
    head = b"RF64" + unknown + b"WAVEds64" + struct.pack("<I", len(sizes)) + sizes
    return b"".join((head, b"fmt ", struct.pack("<I", len(fmt)), fmt, b"data", unknown))


def _patch_length(
    size: int,
    order: str,
    data: Chunk,
    ds64: int | None,  # where the chunk of lengths of 64 bits lies
    length: int,
    samples: int,
    patches: dict[int, bytes],
) -> None:
    if ds64 is not None:
        patches[ds64] = struct.pack(order + "QQQ", size - 8, length, samples)
        patches[data.start - 4] = b"\xff\xff\xff\xff"
        return
    patches[4] = struct.pack(order + "I", min(size - 8, 0xFFFFFFFF))
    patches[data.start - 4] = struct.pack(order + "I", min(length, 0xFFFFFFFF))


def rifx(file: Any, size: int) -> list[Part]:
    """Examine a WAV file of big-endian samples."""
    return riff(file, size, ">")


def w64(file: Any, size: int, base: int = 0) -> list[Part]:
    """Examine Sony Wave64: names of 16 bytes, lengths that include their own header of 24."""
    position = base + 40
    layout = None
    for _ in bounded():
        if position + 24 > size:
            break
        name, length = unpack("<16sQ", file, position)
        if name[:4] == b"fmt ":
            layout = Layout.read(file, Chunk(b"fmt ", position + 24, length - 24), "<")
        if name[:4] == b"data":
            start = position + 24
            file.seek(start)
            if length <= 24 and file.read(16) == _W64_RIFF:  # a second copy of the header
                return w64(file, size, start)
            if base:  # a third copy is at the end
                end = contents(file).find(_W64_RIFF, start)
                size = end if end >= 0 else size
            return _w64(size, base, layout, start, length - 24)
        position += max(24, (length + 7) // 8 * 8)
    return [Part()]


def _w64(size: int, base: int, layout: Layout | None, start: int, announced: int) -> list[Part]:
    block = layout.block if layout and layout.block else 1
    never = announced <= 0
    length = present_bytes(0 if never else announced, size - start, block, empty=False)
    width = layout.container() if layout else 0
    if layout and width and width != (layout.bits + 7) // 8:
        raise layout.unknown()
    if width:
        length -= length % block
    samples = length // block if width else None
    subtypes = _SUBTYPES[layout.tag] if layout and width else ()
    patches: dict[int, bytes] = {}
    if base or length != announced - (announced % block if width else 0):
        patches[base + 16] = struct.pack("<Q", size - base)
        patches[start - 8] = struct.pack("<Q", length + 24)
    if layout and width and layout.extensible and layout.tag != _PCM:
        # libsndfile takes every extensible layout in Wave64 for PCM.
        patches[layout.start] = struct.pack("<H", layout.tag)
    return [Part(patched(size, patches, base) if patches else None, samples, subtypes=subtypes)]
