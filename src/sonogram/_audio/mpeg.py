# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The frames of MPEG audio (MP3, MP2, MP1) and of AAC in ADTS, found by their headers.

An MP3 states its length only if its first frame is a Xing, Info or VBRI tag. libsndfile estimates
the length of all others from the bit rate of the first frame, and never reads beyond that. So the
frames are counted, and such a file is decoded with a Xing tag in front that has their number.
Frames: ISO/IEC 11172-3 and 13818-3; ADTS: 13818-7.
"""

import dataclasses
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .views import Part, Piece, UndecodableError, id3_size

# Bit rates in kbit/s by (version 1?, layer) and the four bits of the header.
_RATES = {
    (True, 1): (0, *range(32, 449, 32)),
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_SEARCHED = 1 << 20  # bytes that are searched for the first frame
_DECODER_DELAY = 529  # samples that mpg123 drops at the start of a file with a Xing tag
_TAGS = (b"Xing", b"Info", b"VBRI")


@dataclass(frozen=True)
class Frame:
    """The header of a frame; frames of one stream have the same `kind`."""

    length: int  # in bytes; 0 if the header does not say ("free format")
    samples: int
    kind: tuple[int, ...]
    tag: int = 0  # offset at which a Xing tag would be
    protected: bool = False  # whether a checksum follows the header

    def tagged(self, position: int, tags: set[int]) -> bool:
        """Tell whether a word in `tags` makes the frame at `position` a tag.

        Where there is a checksum, LAME writes its tag as if there were none, others behind it.
        """
        if not self.tag:
            return False
        place = position + self.tag
        return place in tags or position + 36 in tags or (self.protected and place + 2 in tags)


def mpeg_frame(head: bytes) -> Frame | None:
    """Read the four bytes of an MPEG audio header."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    rate, row = head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or layer == 4 or rate == 3 or row == 15 or head[3] & 3 == 2:
        return None
    first = version == 3
    hertz = _SAMPLE_RATES[version][rate]
    samples = 384 if layer == 1 else 1152 if first or layer == 2 else 576
    slot = 4 if layer == 1 else 1
    bits = _RATES[first, layer][row] * 1000 * samples // 8
    length = (bits // (hertz * slot) + (head[2] >> 1 & 1)) * slot if row else 0
    mono = head[3] >> 6 == 3
    side = (17 if mono else 32) if first else (9 if mono else 17)
    tag = 4 + side if layer == 3 else 0
    return Frame(length, samples, (version, layer, rate, mono), tag, not head[1] & 1)


def adts_frame(head: bytes) -> Frame | None:
    """Read the first six bytes of an ADTS header."""
    if len(head) < 6 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return None
    rate, channels = head[2] >> 2 & 15, (head[2] & 1) << 2 | head[3] >> 6
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    if rate > 12 or length < 7:
        return None
    return Frame(length, 1024, (head[1] & 8, head[2] >> 6, rate, channels))


@dataclass
class Run:
    """The frames of one recording: their position, their number and the tag before them."""

    first: Frame
    extents: list[tuple[int, int]] = field(default_factory=list)
    count: int = 0
    tag: tuple[int, int] | None = None  # the frame with a Xing, Info or VBRI tag
    announced: int | None = None  # the number of frames in the tag

    def add(self, start: int, stop: int) -> None:
        if self.extents and self.extents[-1][1] == start:
            self.extents[-1] = (self.extents[-1][0], stop)
        else:
            self.extents.append((start, stop))


class _Walk:
    """Steps from frame to frame, over tags and anything else between them."""

    def __init__(self, data: Any, stop: int, parse: Callable[[bytes], Frame | None]) -> None:
        self.data, self.stop = data, stop
        self._parse = parse
        self._head = 6 if parse is adts_frame else 4  # bytes of a header
        self._known: dict[bytes, Frame | None] = {}
        self._free: dict[tuple[int, ...], int] = {}

    def frame(self, position: int) -> Frame | None:
        head = self.data[position : position + self._head]
        if head in self._known:
            return self._known[head]
        frame = self._parse(head)
        if frame is not None and not frame.length:
            frame = self._sized(position, head, frame)
        if len(self._known) < 4096:
            self._known[head] = frame
        return frame

    def _sized(self, position: int, head: bytes, frame: Frame) -> Frame | None:
        """Measure a frame of free format: all have one size, except for the padding slot."""
        slot = 4 if frame.kind[1] == 1 else 1
        padding = (head[2] >> 1 & 1) * slot
        if frame.kind not in self._free:
            limit = min(self.stop, position + 16384)
            place = position + 24
            while (place := self.data.find(head[:2], place, limit)) >= 0:
                other = self._parse(self.data[place : place + 6])
                if other is not None and other.kind == frame.kind and not other.length:
                    self._free[frame.kind] = place - position - padding
                    break
                place += 1
            else:
                return None
        return dataclasses.replace(frame, length=self._free[frame.kind] + padding)

    def chained(self, position: int, frames: int) -> bool:
        """Tell whether this many frames of one kind follow here, or as many as the data holds."""
        kind = None
        for _ in range(frames):
            frame = self.frame(position)
            if frame is None or kind not in (None, frame.kind):
                return False
            kind = frame.kind
            position += frame.length
            if position == self.stop:
                return True
        return True

    def sync(self, position: int, limit: int) -> int:
        """Return the next position at which consecutive frames begin; -1 if there is none."""
        if self.chained(position, 2) and self.frame_end(position) <= self.stop:
            return position
        while (position := self.data.find(b"\xff", position + 1, limit)) >= 0:
            if self.chained(position, 3) and self.frame_end(position) <= self.stop:
                return position
        return -1

    def frame_end(self, position: int) -> int:
        frame = self.frame(position)
        return position + (frame.length if frame else 0)

    def steady(self, run: Run, position: int, tags: set[int]) -> int:
        """Count the frames that continue a run; return where they end."""
        data, known, stop, kind = self.data, self._known, self.stop, run.first.kind
        head, begin, count = self._head, position, run.count
        while count != run.announced:
            frame = known.get(data[position : position + head])
            if frame is None or frame.kind != kind or position + frame.length > stop:
                break
            if tags and frame.tagged(position, tags):
                break
            position += frame.length
            count += 1
        if position > begin:
            run.add(begin, position)
            run.count = count
        return position

    def next(self, position: int) -> int:
        """Return where the frames continue if there is none at `position`."""
        if skipped := id3_size(bytes(self.data[position : position + 10])):
            return self.sync(position + skipped, self.stop)
        return self.sync(position, self.stop)


def runs(
    data: Any, start: int, stop: int, parse: Callable[[bytes], Frame | None] = mpeg_frame
) -> list[Run]:
    """Return the recordings from `start` to `stop`; a truncated last frame does not count."""
    walk = _Walk(data, stop, parse)
    position = walk.sync(start, min(stop, start + _SEARCHED))
    tags = _tags(data, position, stop) if parse is mpeg_frame and position >= 0 else set()
    found: list[Run] = []
    run = None
    while 0 <= position < stop:
        if run is not None:
            position = walk.steady(run, position, tags)
        frame = walk.frame(position)
        other = run is not None and frame is not None and frame.kind != run.first.kind
        if frame is None or (other and not walk.chained(position, 3)):
            old_tag = run is not None and data[position : position + 3] == b"TAG"  # ID3v1
            position = position + 128 if old_tag else walk.next(position)
            continue
        after = position + frame.length
        if after > stop:
            break
        tagged = frame.tagged(position, tags)
        if run is None or tagged or other or run.count == run.announced:
            run = Run(frame, tag=(position, after) if tagged else None)
            run.announced = _fields(data, run)[0] or None
            found.append(run)
        if not tagged:
            run.add(position, after)
            run.count += 1
        position = after
    return _merged([run for run in found if run.count or run.tag])


def _tags(data: Any, start: int, stop: int) -> set[int]:
    """Return the offsets of the words that identify a tag, if a frame has one."""
    places = set()
    for word in _TAGS:
        place = start
        while (place := data.find(word, place, stop)) >= 0:
            places.add(place)
            place += 4
    return places


def _merged(found: list[Run]) -> list[Run]:
    """Join one or two frames beyond the number in a tag to its recording: the tag is wrong."""
    merged: list[Run] = []
    for run in found:
        last = merged[-1] if merged else None
        if (
            last
            and last.tag
            and not run.tag
            and run.count <= 2
            and run.first.kind == last.first.kind
        ):
            for extent in run.extents:
                last.add(*extent)
            last.count += run.count
        else:
            merged.append(run)
    return merged


def _fields(data: Any, run: Run) -> tuple[int | None, int | None, int | None]:
    """Return the numbers of frames and bytes in a run's tag, and the position of the former."""
    if run.tag is None:
        return None, None, None
    position = run.tag[0]
    place = position + run.first.tag
    if run.first.protected and data[place : place + 4] not in _TAGS[:2]:
        place += 2
    if data[place : place + 4] not in _TAGS[:2]:
        size, frames = struct.unpack(">II", data[position + 46 : position + 54])
        return frames, size, None
    flags, first, second = struct.unpack(">III", data[place + 4 : place + 16])
    frames = first if flags & 1 else None
    size = (second if flags & 1 else first) if flags & 2 else None
    return frames, size, place + 8 if flags & 1 else None


def mpeg_parts(data: Any, start: int, stop: int, family: str | None = None) -> list[Part]:
    """Return the parts of MPEG audio from `start` to `stop` to decode; empty if there are none."""
    found = runs(data, start, stop)
    parts = [_part(data, run, start, stop, family) for run in found]
    if len(parts) == 1 and family is None and _as_it_is(data, found[0], stop):
        return [Part()]
    return parts


def _as_it_is(data: Any, run: Run, stop: int) -> bool:
    """Tell whether libsndfile finds the length itself: the tag is at the start and correct."""
    frames, size, place = _fields(data, run)
    if run.tag is None or place is None or _is_behind_checksum(run, place):
        return False
    if frames != run.count or run.tag[0] != 0:  # mpg123 prints what it finds odd in ID3v2
        return False
    near = size is None or abs(size - stop) * 200 < stop  # else mpg123 prints a warning
    return near and run.extents == [(run.tag[1], run.extents[-1][1])]


def _is_behind_checksum(run: Run, place: int) -> bool:
    return run.tag is not None and place - 8 != run.tag[0] + run.first.tag


def _part(data: Any, run: Run, start: int, stop: int, family: str | None) -> Part:
    frames, size, place = _fields(data, run)
    begin = run.tag[0] if run.tag else start
    short = size is not None and size > stop - begin
    if frames is not None and run.count < frames - (0 if short else 1):
        raise UndecodableError(
            f"truncated: the header announces {frames} frames of MPEG audio, the file has "
            f"{run.count}"
        )
    if frames is None and short:
        raise UndecodableError(
            f"truncated: the header announces {size} bytes of audio, the file has {stop - begin}"
        )
    samples = run.count * run.first.samples
    pieces: list[Piece] = list(run.extents)
    length = sum(stop - start for start, stop in run.extents)
    if run.tag and place is not None:
        counts = struct.pack(">I", run.count)
        if size is not None:
            counts += struct.pack(">I", length + run.tag[1] - run.tag[0])
        tag: list[Piece] = [
            (run.tag[0], place),
            counts,
            (place + len(counts), run.tag[1]),
        ]
        if _is_behind_checksum(run, place):  # where mpg123 does not look: take the checksum out
            head = bytearray(data[run.tag[0] : run.tag[0] + 4])
            head[1] |= 1
            tag = [bytes(head), (run.tag[0] + 6, place), *tag[1:], bytes(2)]
        return Part([*tag, *pieces], family=family)
    if run.first.kind[1] != 3:
        return Part(pieces, samples, exact=False, family=family)
    first = data[run.extents[0][0] : run.extents[0][0] + 4]
    lead = _lead(first, run.count, run.first.samples, length)
    return Part([lead, *pieces], samples, family=family)


def _lead(first: bytes, count: int, samples: int, length: int) -> bytes:
    """Return a Xing frame for this many frames, and a frame of silence.

    mpg123 then drops the silent frame at the start: its own delay plus the delay in the tag.
    """
    head = bytearray(first)
    head[1] |= 1  # no checksum
    head[2] = head[2] & 0x0C | 0x90
    frame = mpeg_frame(bytes(head))
    assert frame is not None
    delay = samples - _DECODER_DELAY
    tag = struct.pack(">4sIII", b"Xing", 3, count + 1, length + 2 * frame.length)
    lame = b"LAME3.100" + bytes(12) + bytes([delay >> 4, (delay & 15) << 4, 0])
    xing = bytes(head) + bytes(frame.tag - 4) + tag + lame
    return xing + bytes(frame.length - len(xing)) + bytes(head) + bytes(frame.length - 4)
