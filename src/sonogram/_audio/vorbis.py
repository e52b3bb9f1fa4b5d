# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Whether an Ogg Vorbis file begins before its sample 0, as ``ffmpeg -ss ... -c copy`` cuts it.

The position at the end of the first page of audio is then less than the samples in it. libsndfile
drops the difference at the wrong end. Pages, packets and modes: Vorbis I, sections 4 and A.2.
"""

import struct
from collections.abc import Iterator
from typing import Any

_MODE_BITS = 41  # block flag, window type (16), transform type (16) and mapping (8)


def begins_early(data: Any, start: int, stop: int) -> bool:
    """Tell whether the recording in Ogg from `start` to `stop` is Vorbis that begins so."""
    packets: list[bytes] = []
    flags: list[bool] = []
    samples, before = 0, 0
    first = data[start : start + 65307]
    if len(first) < 58 or first[28:35] != b"\x01vorbis":
        return False
    serial, sizes = first[14:18], (1 << (first[56] & 15), 1 << (first[56] >> 4))
    for page_serial, position, last, whole in _pages(data, start, stop):
        if page_serial != serial:
            continue
        for packet in whole:
            if len(packets) < 3:
                packets.append(packet)
                continue
            flags = flags or _block_flags(packets[2])
            if not flags or not packet or packet[0] & 1:
                continue
            mode = packet[0] >> 1 & ((1 << (len(flags) - 1).bit_length()) - 1)
            if mode >= len(flags):
                return False
            size = sizes[flags[mode]]
            samples += (before + size) // 4 if before else 0
            before = size
        if position > 0 and len(packets) == 3 and before:
            return bool(flags) and position < samples and not last
    return False


def _pages(data: Any, start: int, stop: int) -> Iterator[tuple[bytes, int, bool, list[bytes]]]:
    """Yield the serial number, position and last mark of each page, and the packets it ends."""
    rest: dict[bytes, bytes] = {}
    while start + 27 <= stop and data[start : start + 4] == b"OggS":
        kind, position, serial = struct.unpack("<xBq4s", data[start + 4 : start + 18])
        table = data[start + 27 : start + 27 + data[start + 26]]
        place = start + 27 + len(table)
        packet, whole = rest.pop(serial, b""), []
        for length in table:
            packet += data[place : place + length]
            place += length
            if length < 255:
                whole.append(packet)
                packet = b""
        if packet:
            rest[serial] = packet
        yield serial, position, bool(kind & 4), whole
        start = place


def _block_flags(setup: bytes) -> list[bool]:
    """Return the block flag of each mode; they end the setup header, and are read from its end."""
    bits = int.from_bytes(setup, "little")
    end = bits.bit_length() - 1  # the framing bit is the last one that is set
    flags: list[bool] = []
    found: list[bool] = []
    while end >= _MODE_BITS + 6 and len(flags) < 64:
        mode = bits >> (end - _MODE_BITS)
        if mode >> 1 & 0xFFFFFFFF:  # window and transform types are zero
            break
        end -= _MODE_BITS
        flags.insert(0, bool(mode & 1))
        if (bits >> (end - 6) & 63) + 1 == len(flags):
            found = list(flags)
    return found
