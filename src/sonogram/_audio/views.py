# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A virtual file for a decoder: ranges of the real file, with bytes that correct its header."""

import bisect
import dataclasses
import io
import itertools
import mmap
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Piece = bytes | tuple[int, int]  # our own bytes, or the beginning and end of a range of the file
_BUFFER = 1 << 16
_MAPPED = 1 << 26  # bytes above which a file is mapped, although searching it is then slower


class UndecodableError(Exception):
    """A file without audio, with less than it states, or that no decoder reads correctly."""


@dataclass(frozen=True)
class Part:
    """One recording in a file. Most files have one; those joined by ``cat`` have several.

    Parameters
    ----------
    pieces : sequence of Piece or None
        The input of libsndfile; None for the whole file.
    samples : int or None
        Samples per channel, if the file states them.
    exact : bool
        Whether libsndfile must report this number too, or may report more.
    gain : float
        Factor by which the samples are multiplied.
    family : str or None
        Name of the container, if libsndfile does not get the container.
    known : bool
        Whether the content was recognised; if not, no decoder may rely on the name of the file.
    subtypes : tuple of str
        How the encoding that the header states begins in libsndfile's names, if that is checked.
    other : str or None
        Why libsndfile is not used; the pieces are then for PyAV.
    """

    pieces: Sequence[Piece] | None = None
    samples: int | None = None
    exact: bool = True
    gain: float = 1.0
    family: str | None = None
    known: bool = True
    subtypes: tuple[str, ...] = ()
    other: str | None = None


class Tail:
    """The part of a file after some position, for reading and searching."""

    def __init__(self, file: Any, base: int) -> None:
        self._file, self._base = file, base

    def seek(self, position: int, whence: int = os.SEEK_SET) -> int:
        start = self._base if whence == os.SEEK_SET else 0
        place: int = self._file.seek(start + position, whence)
        return place - self._base

    def read(self, count: int = -1) -> bytes:
        data: bytes = self._file.read(count)
        return data

    def fileno(self) -> int:
        if self._base:
            raise OSError("its bytes are not those of the file")
        number: int = self._file.fileno()
        return number


def shifted(part: Part, base: int, size: int) -> Part:
    """Return the part from `base` to `size` of a file, with positions relative to the whole."""
    pieces = [(0, size - base)] if part.pieces is None else part.pieces
    return dataclasses.replace(
        part, pieces=[p if isinstance(p, bytes) else (p[0] + base, p[1] + base) for p in pieces]
    )


class View(io.RawIOBase):
    """A read-only file composed of pieces of another."""

    def __init__(self, file: Any, pieces: Sequence[Piece]) -> None:
        super().__init__()
        self._file, self._pieces = file, pieces
        lengths = [len(p) if isinstance(p, bytes) else p[1] - p[0] for p in pieces]
        self._ends = list(itertools.accumulate(lengths))
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        size = self._ends[-1] if self._ends else 0
        start = (0, self._position, size)[whence]
        self._position = max(0, start + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:
        out = memoryview(buffer).cast("B")
        index = bisect.bisect_right(self._ends, self._position)
        if index == len(self._ends) or not len(out):
            return 0
        piece = self._pieces[index]
        left = self._ends[index] - self._position
        out = out[:left]
        if isinstance(piece, bytes):
            count = len(out)
            out[:] = piece[len(piece) - left :][:count]
        else:
            self._file.seek(piece[1] - left)
            count = self._file.readinto(out)
        self._position += count
        return count


def view(file: Any, pieces: Sequence[Piece]) -> io.BufferedReader:
    """Return a buffered `View`, because decoders read a few bytes at a time."""
    return io.BufferedReader(View(file, pieces), _BUFFER)


def patched(stop: int, patches: Mapping[int, bytes], start: int = 0) -> list[Piece]:
    """Return the pieces of a range of a file in which bytes at some positions are replaced."""
    pieces: list[Piece] = []
    for position in sorted(patches):
        pieces += [(start, position), patches[position]]
        start = position + len(patches[position])
    pieces.append((start, stop))
    return [p for p in pieces if isinstance(p, bytes) or p[0] < p[1]]


def contents(file: Any) -> Any:
    """Return the bytes of a file for searching; large files are memory-mapped if possible."""
    if file.seek(0, os.SEEK_END) > _MAPPED:
        try:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError, AttributeError):  # not a real file
            pass
    file.seek(0)
    return file.read()


def end_without_tags(data: Any, start: int, stop: int) -> int:
    """Return the end of the audio, before the tags and zeros that other programs append."""
    while True:
        end = stop
        if stop - start >= 128 and data[stop - 128 : stop - 125] == b"TAG":
            stop -= 128
        if stop - start >= 32 and data[stop - 32 : stop - 24] == b"APETAGEX":
            size = int.from_bytes(data[stop - 20 : stop - 16], "little")
            header = data[stop - 9] & 0x80  # the size in the footer excludes the header
            stop = max(start, stop - size - (32 if header else 0))
        if stop - start >= 15 and data[stop - 9 : stop] == b"LYRICS200":
            digits = bytes(data[stop - 15 : stop - 9])
            stop = max(start, stop - 15 - int(digits)) if digits.isdigit() else stop
        while stop > start and not any(block := data[max(start, stop - 4096) : stop]):
            stop -= len(block)
        if stop > start:
            stop -= len(block) - len(block.rstrip(b"\0"))
        for word, size in ((b"TAG", 128), (b"APETAGEX", 32)):  # tags that end in zeros themselves
            place = data.rfind(word, max(start, stop - size), stop)
            if 0 <= place <= end - size and data[place - 3 : place] != b"APE":
                stop = place + size
                break
        if stop == end:
            return stop


def id3_size(head: bytes) -> int:
    """Return the size of the ID3v2 tag that begins with these ten bytes, or 0 if none does."""
    if len(head) < 10 or head[:3] != b"ID3" or max(head[6:10]) > 0x7F or 0xFF in head[3:5]:
        return 0
    size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    return size + (20 if head[5] & 0x10 else 10)  # a footer may follow
