# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The engine that makes shards on dask.distributed."""

from collections.abc import Iterator
from typing import Any

from ..._support.optional import require
from ..disk.settings import Result, Settings, Task
from .choose import AHEAD, result_of
from .supervised import make_guarded


class DaskEngine:
    """Makes shards on a dask cluster: the given one, one at an address, or a local one.

    A shard whose worker died is made again. A shard that kills its workers is made under the
    supervision of the local engine, on any worker, to find the item that is to blame.
    """

    def __init__(self, settings: Settings, client: Any, workers: int | None) -> None:
        self._settings = settings
        self._distributed = distributed = require("distributed", "dask", "engine='dask'")
        self._own: Any = None
        if client is None:
            try:
                client = distributed.get_client()
            except ValueError:
                client = self._own = distributed.Client(
                    n_workers=workers, threads_per_worker=1, dashboard_address=None
                )
        elif isinstance(client, str):
            client = self._own = distributed.Client(client)
        self._client = client

    def seconds(self) -> None:
        """Only finished shards are known."""

    def run(self, tasks: Iterator[Task]) -> Iterator[Result | None]:
        """Yield results as shards are finished."""
        under_way: dict[Any, Task] = {}
        try:
            queue = self._distributed.as_completed()
            for task in tasks:
                self._submit(queue, under_way, task, False)
                while len(under_way) >= self._limit():
                    yield from self._next(queue, under_way)
            while under_way:
                yield from self._next(queue, under_way)
        finally:
            for future in under_way:
                future.cancel()
            if self._own is not None:
                self._own.close()

    def _limit(self) -> int:
        threads = sum(self._client.nthreads().values())
        return AHEAD * max(1, int(threads))

    def _submit(self, queue: Any, under_way: dict[Any, Task], task: Task, guarded: bool) -> None:
        future = self._client.submit(make_guarded, self._settings, task, guarded, pure=False)
        under_way[future] = task
        queue.add(future)

    def _next(self, queue: Any, under_way: dict[Any, Task]) -> Iterator[Result]:
        future = next(queue)
        task = under_way.pop(future)
        if future.status == "error" and isinstance(
            future.exception(), self._distributed.scheduler.KilledWorker
        ):
            self._submit(queue, under_way, task, True)
            return
        yield result_of(future.result)
