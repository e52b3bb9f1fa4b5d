# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The engine that makes shards with Ray tasks.

Plain tasks rather than actors: a task holds a CPU while it makes one shard and then releases it, so
nothing else on the cluster (Ray Data's own readers included) is starved by a pool that holds all
CPUs and waits.
"""

import functools
from collections.abc import Iterator
from typing import Any

from ..._support.optional import require
from ..disk.errors import CorpusError
from ..disk.settings import Result, Settings, Task
from .choose import AHEAD, result_of
from .supervised import make_guarded

_MAX_RETRIES = 3  # of a shard whose worker or node died, by Ray itself


class RayEngine:
    """Makes shards on a Ray cluster: that of this process, one at an address, or a local one."""

    def __init__(self, settings: Settings, address: str | None, workers: int | None) -> None:
        self._settings = settings
        self._ray = ray = require("ray", "ray", "engine='ray'")
        self._own = not ray.is_initialized()
        if self._own:
            ray.init(
                address=address,
                num_cpus=workers if address is None else None,
                include_dashboard=False if address is None else None,
                log_to_driver=False,
            )
        remote = ray.remote(max_retries=_MAX_RETRIES, num_cpus=1, scheduling_strategy="SPREAD")
        self._make = remote(make_guarded)

    def seconds(self) -> None:
        """Only finished shards are known."""

    def run(self, tasks: Iterator[Task]) -> Iterator[Result | None]:
        """Yield results as shards are finished."""
        ray = self._ray
        settings = ray.put(self._settings)
        under_way: dict[Any, Task] = {}
        try:
            for task in tasks:
                under_way[self._make.remote(settings, task, False)] = task
                while len(under_way) >= self._limit():
                    yield from self._some(settings, under_way)
            while under_way:
                yield from self._some(settings, under_way)
        finally:
            for reference in under_way:
                ray.cancel(reference, force=True)
            if self._own:
                ray.shutdown()

    def _limit(self) -> int:
        return AHEAD * max(1, int(self._ray.cluster_resources().get("CPU", 1)))

    def _some(self, settings: Any, under_way: dict[Any, Task]) -> Iterator[Result | None]:
        ray = self._ray
        ready, _ = ray.wait(list(under_way), timeout=0.2)
        errors = ray.exceptions
        for reference in ready:
            task = under_way.pop(reference)
            try:
                yield result_of(functools.partial(self._get, reference))
            except CorpusError as error:
                if not isinstance(
                    error.__cause__, (errors.WorkerCrashedError, errors.NodeDiedError)
                ):
                    raise
                under_way[self._make.remote(settings, task, True)] = task
        yield None

    def _get(self, reference: Any) -> Result:
        """Return a result, or raise the task's own exception instead of Ray's remote traceback."""
        try:
            result: Result = self._ray.get(reference)
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause from error
        return result
