# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Bytes on their way before the decoder asks: from remote stores, and from slow disks."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from ..disk.store import is_remote
from ..sources.items import Item
from .decode import fetch

_AHEAD = 8  # items whose bytes are under way; a remote store answers late but many at once

_Waiting = deque[tuple[Item, "Future[bytes] | None"]]


def with_bytes(items: Iterable[Item]) -> Iterator[tuple[Item, bytes | None]]:
    """Yield items in order, with their bytes where these are remote."""
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
                _ask_for(asked)
            waiting.append((item, under_way))
            if len(waiting) > _AHEAD:
                yield _arrived(*waiting.popleft())
        while waiting:
            yield _arrived(*waiting.popleft())
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)


def _ask_for(path: str) -> None:
    """Have the system read a local file ahead; whatever is wrong with it is found later."""
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


def _arrived(item: Item, under_way: "Future[bytes] | None") -> tuple[Item, bytes | None]:
    if under_way is None or under_way.exception() is not None:
        return item, None  # the reader tries again, and says what is wrong with this item alone
    return item, under_way.result()
