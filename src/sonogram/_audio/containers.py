# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""How much audio the containers of plain samples hold: WAV, RF64, AIFF, Wave64, CAF, AU, SPHERE.

libsndfile reads a file that was cut off as a shorter one, and one whose header was never finished
as an empty one, without a word. Here the header is compared with the file: what was cut off is
refused, and a length that nobody filled in is mended with the one that the file has.
"""

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .justified import justified
from .mpeg import mpeg_parts
from .views import Part, UndecodableError, contents, patched

_MAX_CHUNKS = 10000  # of a container; damaged files may hold millions of empty ones
_PCM, _FLOAT, _MPEG, _MP3, _EXTENSIBLE = 1, 3, 0x50, 0x55, 0xFFFE
_BYTES = {_FLOAT: (4, 8), 6: (1,), 7: (1,)}  # of a sample: float, A-law, mu-law
_W64_RIFF = bytes.fromhex("726966662e91cf11a5d628db04c10000")
_AIFF_PLAIN = (b"NONE", b"twos", b"sowt", b"raw ", b"in24", b"in32", b"fl32", b"FL32", b"fl64")
_AU_BYTES = {1: 1, 2: 1, 3: 2, 4: 3, 5: 4, 6: 4, 7: 8, 27: 1}


@dataclass
class _Chunk:
    """Where the contents of a chunk begin, and how many bytes its header announces."""

    name: bytes
    start: int
    length: int


def _unpack(layout: str, file: Any, position: int) -> tuple[Any, ...]:
    file.seek(position)
    values: tuple[Any, ...] = struct.unpack(layout, file.read(struct.calcsize(layout)))
    return values


def is_unknown(length: int) -> bool:
    """Whether a program that writes to a pipe announces this, for want of the length.

    Near 2 or 4 GiB, less the header and what does not fill a sample; SoX writes 0x7f000000 into
    AIFF, and ffmpeg 2**63 - 1 into Wave64.
    """
    near = any(abs(length - full) < 1 << 16 for full in (1 << 31, 1 << 32))
    return near or 0x7F000000 - 4096 <= length < 0x7F001000 or length >= 1 << 62 or length < 0


def _present(announced: int, present: int, block: int, empty: bool) -> int:
    """Return how many bytes of audio there are, of which `announced` should be."""
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
    # 32 bits are too few for some recordings: what is left of their length is known from the file.
    return announced + ((present - announced) >> 32 << 32)


def _bounded() -> Iterator[None]:
    """Count the chunks of a container: where there is no end of them, no decoder finds one."""
    for _ in range(_MAX_CHUNKS):
        yield None
    raise UndecodableError(
        f"cannot be read as audio: its first {_MAX_CHUNKS} chunks hold none, it is damaged"
    )


def _chunks(file: Any, size: int, order: str) -> Iterator[_Chunk]:
    position = 12
    for _ in _bounded():
        if position + 8 > size:
            return
        name, length = _unpack(order + "4sI", file, position)
        yield _Chunk(name, position + 8, length)
        position += 8 + length + length % 2


def _only_chunks(file: Any, start: int, size: int, order: str) -> bool:
    """Whether chunks follow up to the end of the file, rather than audio that was never counted."""
    for _ in range(_MAX_CHUNKS):
        if start >= size - 1:
            return True
        if start + 8 > size:
            return False
        name, length = _unpack(order + "4sI", file, start)
        if not re.fullmatch(rb"[A-Za-z0-9 _\-]{4}", name) or start + 8 + length > size:
            return False
        start += 8 + length + length % 2
    return False


def riff(file: Any, size: int, order: str = "<") -> list[Part]:
    """Look at a WAV or RF64 file."""
    layout = None
    long = None
    for chunk in _chunks(file, size, order):
        if chunk.name == b"ds64":
            long = chunk.start
        elif chunk.name == b"fmt ":
            layout = _Layout.read(file, chunk, order)
        elif chunk.name == b"data":
            return _wav(file, size, order, layout, chunk, long)
    return [Part()]


@dataclass
class _Layout:
    """The "fmt " chunk of a WAV file."""

    start: int
    tag: int
    channels: int
    block: int
    bits: int
    valid: int
    extensible: bool

    @classmethod
    def read(cls, file: Any, chunk: _Chunk, order: str) -> "_Layout":
        tag, channels, _, _, block, bits = _unpack(order + "HHIIHH", file, chunk.start)
        valid, extensible = bits, tag == _EXTENSIBLE
        if extensible and chunk.length >= 40:
            valid, _, tag = _unpack(order + "HIH", file, chunk.start + 18)
        return cls(chunk.start, tag, channels, block, bits, valid or bits, extensible)

    def container(self) -> int:
        """Return the bytes of a sample; 0 where they are not samples but a code."""
        if self.tag != _PCM and self.tag not in _BYTES:
            return 0
        width, rest = divmod(self.block, max(1, self.channels))
        if rest or not width or (self.tag != _PCM and width not in _BYTES[self.tag]):
            raise self.strange()
        return width

    def strange(self) -> UndecodableError:
        return UndecodableError(
            f"cannot be read as audio: it has {self.channels} channel(s) of {self.bits} bits in "
            f"blocks of {self.block} bytes, and nothing says how they lie there"
        )


def _wav(
    file: Any, size: int, order: str, layout: _Layout | None, data: _Chunk, long: int | None
) -> list[Part]:
    announced = data.length
    if long is not None and announced == 0xFFFFFFFF:
        (announced,) = _unpack(order + "Q", file, long + 8)
        announced = announced or -1
    block = layout.block if layout and layout.block else 1
    present = size - data.start
    empty = announced == 0 and _only_chunks(file, data.start, size, order)
    length = _present(announced, present, block, empty)
    if layout is None:
        return [Part()]
    if layout.tag in (_MPEG, _MP3):
        stream = mpeg_parts(contents(file), data.start, data.start + length, "WAV")
        return stream or [Part()]
    width = layout.container()
    if not width:
        return [Part()]
    length -= length % block
    patches: dict[int, bytes] = {}
    gain = 1.0
    if layout.tag == _PCM and width != (min(layout.valid, layout.bits) + 7) // 8:
        gain = _mend_bits(file, data.start, length, order, layout, width, patches)
    elif layout.tag == _PCM and layout.bits > 8 * width:
        raise layout.strange()
    if length != announced - announced % block or announced > present:
        _mend_length(size, order, data, long, length, length // block, patches)
    return [Part(patched(size, patches) if patches else None, length // block, gain=gain)]


def _mend_bits(
    file: Any,
    start: int,
    length: int,
    order: str,
    layout: _Layout,
    width: int,
    patches: dict[int, bytes],
) -> float:
    """Tell libsndfile of samples as wide as their containers; return what they are then worth."""
    valid = min(layout.valid, layout.bits)
    if valid <= 8 or width not in (2, 3, 4) or valid > 8 * width:
        if layout.bits == 8 * width and valid <= layout.bits:
            return 1.0  # as the format wants it: at the upper end of the container
        raise layout.strange()
    side = justified(file, start, length, width, order, valid)
    if side is None:
        if layout.bits != 8 * width:
            raise layout.strange()
        side = "left"
    if layout.bits != 8 * width:
        patches[layout.start + 14] = struct.pack(order + "H", 8 * width)
        if layout.extensible:
            patches[layout.start + 18] = struct.pack(order + "H", 8 * width)
    return 1.0 if side == "left" else 2.0 ** (8 * width - valid)


def _mend_length(
    size: int,
    order: str,
    data: _Chunk,
    long: int | None,
    length: int,
    samples: int,
    patches: dict[int, bytes],
) -> None:
    if long is not None:
        patches[long] = struct.pack(order + "QQQ", size - 8, length, samples)
        patches[data.start - 4] = b"\xff\xff\xff\xff"
        return
    patches[4] = struct.pack(order + "I", min(size - 8, 0xFFFFFFFF))
    patches[data.start - 4] = struct.pack(order + "I", min(length, 0xFFFFFFFF))


def rifx(file: Any, size: int) -> list[Part]:
    """Look at a WAV file of big-endian samples."""
    return riff(file, size, ">")


def aiff(file: Any, size: int) -> list[Part]:
    """Look at an AIFF or AIFF-C file."""
    common = None
    for chunk in _chunks(file, size, ">"):
        if chunk.name == b"COMM":
            common = chunk
        elif chunk.name == b"SSND" and common is not None:
            return _aiff(file, size, common, chunk)
    return [Part()]


def _aiff(file: Any, size: int, common: _Chunk, sound: _Chunk) -> list[Part]:
    channels, frames, bits = _unpack(">HIH", file, common.start)
    coding = _unpack(">4s", file, common.start + 18)[0] if common.length >= 22 else b"NONE"
    offset, _ = _unpack(">II", file, sound.start)
    block = max(1, channels * ((bits + 7) // 8)) if coding in _AIFF_PLAIN else 1
    start = sound.start + 8 + offset
    announced = sound.length - 8 - offset if sound.length > 8 else 0
    empty = frames == 0 and announced == 0 and _only_chunks(file, start, size, ">")
    length = _present(announced, size - start, block, empty)
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


def w64(file: Any, size: int, base: int = 0) -> list[Part]:
    """Look at Sony Wave64: names of 16 bytes, lengths that count their own header of 24."""
    position = base + 40
    layout = None
    for _ in _bounded():
        if position + 24 > size:
            break
        name, length = _unpack("<16sQ", file, position)
        if name[:4] == b"fmt ":
            layout = _Layout.read(file, _Chunk(b"fmt ", position + 24, length - 24), "<")
        if name[:4] == b"data":
            start = position + 24
            file.seek(start)
            if length <= 24 and file.read(16) == _W64_RIFF:  # a header written a second time
                return w64(file, size, start)
            if base:  # and a third time at the end
                end = contents(file).find(_W64_RIFF, start)
                size = end if end >= 0 else size
            return _w64(size, base, layout, start, length - 24)
        position += max(24, (length + 7) // 8 * 8)
    return [Part()]


def _w64(size: int, base: int, layout: _Layout | None, start: int, announced: int) -> list[Part]:
    block = layout.block if layout and layout.block else 1
    never = announced <= 0
    length = _present(0 if never else announced, size - start, block, empty=False)
    width = layout.container() if layout else 0
    if layout and width and width != (layout.bits + 7) // 8:
        raise layout.strange()
    if width:
        length -= length % block
    samples = length // block if width else None
    if not base and length == announced - (announced % block if width else 0):
        return [Part(None, samples)]
    patches = {
        base + 16: struct.pack("<Q", size - base),
        start - 8: struct.pack("<Q", length + 24),
    }
    return [Part(patched(size, patches, base), samples)]


def caf(file: Any, size: int, base: int = 0) -> list[Part]:
    """Look at Apple's Core Audio Format: lengths of 64 bits, -1 for a file from a pipe."""
    position = base + 8
    block = 0
    for _ in _bounded():
        if position + 12 > size:
            break
        name, length = _unpack(">4sq", file, position)
        start = position + 12
        if name == b"desc":
            coding, _, block, _, channels, bits = _unpack(">4sIIIII", file, start + 8)
            if coding != b"lpcm":
                block = 0
            elif block * 8 != channels * bits:
                raise UndecodableError(
                    f"cannot be read as audio: it has {channels} channel(s) of {bits} bits in "
                    f"blocks of {block} bytes, and nothing says how they lie there"
                )
        if name == b"data":
            file.seek(start + 4)
            if 0 <= length <= 4 and file.read(8) == b"caff\0\1\0\0":  # a header a second time
                return caf(file, size, start + 4)
            return _caf(file, size, base, block, start, length)
        if length < 0:
            break
        position += 12 + length
    return [Part()]


def _caf(file: Any, size: int, base: int, block: int, start: int, announced: int) -> list[Part]:
    audio = start + 4  # behind the number of edits
    if base:  # and a third time at the end, where the length is
        end = contents(file).find(b"caff\0\1\0\0", audio)
        size = end if end >= 0 else size
    announced = announced if announced < 0 else max(0, announced - 4)
    length = _present(announced, size - audio, block or 1, empty=False)
    if block:
        length -= length % block
    samples = length // block if block else None
    if not base and length == announced:
        return [Part(None, samples)]
    patches = {start - 8: struct.pack(">q", length + 4)}
    return [Part(patched(size, patches, base), samples)]


def au(file: Any, size: int, order: str = ">") -> list[Part]:
    """Look at Sun's AU."""
    start, announced, coding, _, channels = _unpack(order + "IIIII", file, 4)
    block = _AU_BYTES.get(coding, 0) * channels
    length = _present(announced, size - start, block or 1, empty=False)
    if not block:
        return [Part()]
    length -= length % block
    if length == announced - announced % block:
        return [Part(None, length // block)]
    patches = {8: struct.pack(order + "I", min(length, 0xFFFFFFFF))}
    return [Part(patched(size, patches), length // block)]


def au_little(file: Any, size: int) -> list[Part]:
    """Look at an AU file of little-endian samples."""
    return au(file, size, "<")


def sphere(file: Any, size: int) -> list[Part]:
    """Look at NIST SPHERE: a text of names, types and values."""
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
        _present(samples * channels * width, size - start, channels * width, empty=True)
    return [Part()]
