# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A file as a decoder should see it: ranges of the real one, and bytes that mend its header."""

import bisect
import io
import itertools
import mmap
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Piece = bytes | tuple[int, int]  # bytes of our own, or where they begin and end in the file
_BUFFER = 1 << 16
_MAPPED = 1 << 26  # bytes above which a file is mapped: searching it is slower then


class UndecodableError(Exception):
    """A file that holds no audio, or less than it says, or audio that no decoder gives right."""


@dataclass(frozen=True)
class Part:
    """One recording in a file: most files have one, those joined by ``cat`` several.

    Parameters
    ----------
    pieces : sequence of Piece or None
        What libsndfile is given; None for the whole file as it is.
    samples : int or None
        Samples of each channel, where the file tells without being decoded.
    exact : bool
        Whether libsndfile must announce this number too, or may announce more.
    gain : float
        What the samples are multiplied by.
    family : str or None
        The container's name, where libsndfile is not given the container.
    known : bool
        Whether the content was recognised: else no decoder shall go by the name of the file.
    other : str or None
        Why libsndfile is not asked: then the pieces are for PyAV.
    """

    pieces: Sequence[Piece] | None = None
    samples: int | None = None
    exact: bool = True
    gain: float = 1.0
    family: str | None = None
    known: bool = True
    other: str | None = None


class View(io.RawIOBase):
    """A read-only file made of pieces of another."""

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
    """Return a buffered `View`: decoders ask for few bytes at a time."""
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
    """Return the bytes of a file for searching; mapped, where they are many and it can be."""
    if file.seek(0, os.SEEK_END) > _MAPPED:
        try:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError, AttributeError):  # of no real file
            pass
    file.seek(0)
    return file.read()


def end_without_tags(data: Any, start: int, stop: int) -> int:
    """Return where what taggers and file systems leave behind the audio begins: tags and zeros."""
    while True:
        end = stop
        if stop - start >= 128 and data[stop - 128 : stop - 125] == b"TAG":
            stop -= 128
        if stop - start >= 32 and data[stop - 32 : stop - 24] == b"APETAGEX":
            size = int.from_bytes(data[stop - 20 : stop - 16], "little")
            header = data[stop - 9] & 0x80  # the footer does not count the header
            stop = max(start, stop - size - (32 if header else 0))
        if stop - start >= 15 and data[stop - 9 : stop] == b"LYRICS200":
            digits = bytes(data[stop - 15 : stop - 9])
            stop = max(start, stop - 15 - int(digits)) if digits.isdigit() else stop
        while stop > start and not any(block := data[max(start, stop - 4096) : stop]):
            stop -= len(block)
        if stop > start:
            stop -= len(block) - len(block.rstrip(b"\0"))
        if stop == end:
            return stop


def id3_size(head: bytes) -> int:
    """Return the bytes of the ID3v2 tag that begins with these ten, 0 where none does."""
    if len(head) < 10 or head[:3] != b"ID3" or max(head[6:10]) > 0x7F or 0xFF in head[3:5]:
        return 0
    size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    return size + (20 if head[5] & 0x10 else 10)  # a footer may follow
