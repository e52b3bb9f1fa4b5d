# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Prefetching from remote stores and slow disks."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from ..disk.store import is_remote
from ..sources.items import Item
from .decode import fetch

_AHEAD = 8  # items fetched ahead; a remote store answers late, but many requests at once

_Waiting = deque[tuple[Item, "Future[bytes] | None"]]


def with_bytes(items: Iterable[Item]) -> Iterator[tuple[Item, bytes | None]]:
    """Yield items in order, with their bytes if they are remote."""
    waiting: _Waiting = deque()
    pool: ThreadPoolExecutor | None = None
    asked = ""
    try:
        for item in items:
            under_way = None
            if item.error is None and is_remote(item.path):
                pool = pool or ThreadPoolExecutor(_AHEAD, thread_name_prefix="sonogram-fetch")
                under_way = pool.submit(fetch, item)
            elif item.path != asked:
                asked = item.path
                _read_ahead(asked)
            waiting.append((item, under_way))
            if len(waiting) > _AHEAD:
                yield _with_result(*waiting.popleft())
        while waiting:
            yield _with_result(*waiting.popleft())
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)


def _read_ahead(path: str) -> None:
    """Ask the system to read a local file ahead; errors are reported by the decoder."""
    if not hasattr(os, "posix_fadvise"):
        return
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except (OSError, ValueError):
        return
    try:
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_WILLNEED)
    except OSError:
        pass
    finally:
        os.close(handle)


def _with_result(item: Item, under_way: "Future[bytes] | None") -> tuple[Item, bytes | None]:
    if under_way is None or under_way.exception() is not None:
        return item, None  # the reader tries again, and reports what is wrong with this item
    return item, under_way.result()
