# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Bytes that are not in local files of their own, read ahead of the decoding."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from ._decode import fetch
from ._items import Item
from ._store import is_remote

_AHEAD = 8  # items whose bytes are under way; a remote store answers late but many at once


def with_bytes(items: Iterable[Item]) -> Iterator[tuple[Item, bytes | None]]:
    """Yield items with their bytes where these are remote, in order."""
    waiting: deque[tuple[Item, Future[bytes] | None]] = deque()
    pool: ThreadPoolExecutor | None = None
    try:
        for item in items:
            under_way = None
            if item.error is None and is_remote(item.path):
                pool = pool or ThreadPoolExecutor(_AHEAD, thread_name_prefix="sonogram-fetch")
                under_way = pool.submit(fetch, item)
            waiting.append((item, under_way))
            while waiting and (len(waiting) > _AHEAD or waiting[0][1] is None):
                yield _arrived(*waiting.popleft())
        while waiting:
            yield _arrived(*waiting.popleft())
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)


def _arrived(item: Item, under_way: "Future[bytes] | None") -> tuple[Item, bytes | None]:
    if under_way is None or under_way.exception() is not None:
        return item, None  # the reader tries again, and says what is wrong with this item alone
    return item, under_way.result()
