# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Shared memory in which each worker records the item it is working on, readable after it died."""

import mmap
import os
import struct
import tempfile

_LAYOUT = struct.Struct("<qqd")  # shard, index of the current item, seconds of audio so far
SLOT = 64  # a cache line, so that workers do not slow each other down


class Cells:
    """The cells of all workers, shared through an unnamed file."""

    def __init__(self, count: int) -> None:
        if hasattr(os, "memfd_create"):
            self.handle = os.memfd_create("sonogram")
        else:
            with tempfile.TemporaryFile() as file:
                self.handle = os.dup(file.fileno())
        os.ftruncate(self.handle, count * SLOT)
        self._memory = mmap.mmap(self.handle, count * SLOT)
        for slot in range(count):
            write(self._memory, slot, -1, -1, 0.0)

    def read(self, slot: int) -> tuple[int, int, float]:
        """Return shard, index and seconds of a worker; -1 before its first item."""
        shard, index, seconds = _LAYOUT.unpack_from(self._memory, slot * SLOT)
        return shard, index, seconds

    def reset(self, slot: int) -> float:
        """Clear the cell of a dead worker; return the seconds of audio that it had done."""
        seconds = self.read(slot)[2]
        write(self._memory, slot, -1, -1, 0.0)
        return seconds

    def close(self) -> None:
        """Release the memory."""
        self._memory.close()
        os.close(self.handle)


def write(memory: mmap.mmap, slot: int, shard: int, index: int, seconds: float) -> None:
    """Record the current item of a worker."""
    _LAYOUT.pack_into(memory, slot * SLOT, shard, index, seconds)
