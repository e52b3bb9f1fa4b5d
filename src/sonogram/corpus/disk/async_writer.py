# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The thread that writes shards, and the buffers that features are computed into.

Shards are written past the page cache where the system allows it: copying into fresh pages would
cost a third of the time that computing the features takes, and nothing reads them back soon.
"""

import contextlib
import errno
import mmap
import os
import queue
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

PAGE = 4096
_SIZE = 1 << 21  # bytes of a buffer: a few items, and small enough to stay in the caches
_COUNT = 3  # buffers: one being filled, one being written, one between

T = TypeVar("T")
_DIRECT = getattr(os, "O_DIRECT", 0)


class AsyncWriter:
    """One thread that writes in order, and a few page-aligned buffers that are reused."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sonogram-async_writer")
        self._free: queue.SimpleQueue[mmap.mmap] = queue.SimpleQueue()
        self._made = 0

    def submit(self, work: Callable[..., T], *arguments: Any) -> "Future[T]":
        """Schedule work after everything that was submitted before."""
        return self._thread.submit(work, *arguments)

    def acquire(self, size: int) -> mmap.mmap:
        """Return a buffer of at least this size; wait while all of the usual ones are in use."""
        if size > _SIZE:
            return mmap.mmap(-1, -(-size // PAGE) * PAGE)
        if self._made < _COUNT and self._free.empty():
            self._made += 1
            return mmap.mmap(-1, _SIZE)
        return self._free.get()

    def release(self, buffer: mmap.mmap) -> None:
        """Return a buffer to the pool; oversized ones are dropped."""
        if len(buffer) == _SIZE:
            self._free.put(buffer)

    def close(self) -> None:
        """Finish all submitted work and stop."""
        self._thread.shutdown()


class DirectFile:
    """A new file written page by page, past the page cache where that is possible."""

    def __init__(self, path: str) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
        try:
            self._handle = os.open(path, flags | _DIRECT, 0o666)
            self._direct = bool(_DIRECT)
        except OSError as error:
            if error.errno != errno.EINVAL or not _DIRECT:
                raise
            with contextlib.suppress(OSError):
                os.unlink(path)
            self._handle = os.open(path, flags, 0o666)
            self._direct = False

    def write(self, data: memoryview, position: int) -> None:
        """Write all of ``data``, through the page cache unless it is a multiple of a page."""
        if self._direct and len(data) % PAGE:
            self._go_through_cache()
        while data:
            try:
                count = os.pwrite(self._handle, data, position)
            except OSError as error:
                if not self._direct or error.errno != errno.EINVAL:
                    raise
                self._go_through_cache()  # opened directly, but this file system wants more
                continue
            data, position = data[count:], position + count
            if data and self._direct and count % PAGE:
                self._go_through_cache()

    def _go_through_cache(self) -> None:
        import fcntl

        flags = fcntl.fcntl(self._handle, fcntl.F_GETFL)
        fcntl.fcntl(self._handle, fcntl.F_SETFL, flags & ~_DIRECT)
        self._direct = False

    def close(self) -> None:
        """Close the file without syncing it: the caller that renames it does that."""
        os.close(self._handle)
