# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The choice of an engine, and the two that need no supervision: this process and executors.

Every engine gets the same tasks and calls the same function, so the bytes are the same. No array
passes through a scheduler: a task holds paths, and its worker writes the shard.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from typing import Any, Protocol

from ..._support.runtime import get_num_threads
from ..disk.errors import CorpusError
from ..disk.settings import Result, Settings, Task
from ..disk.store import PRIVATE, is_private
from ..shards.maker import Maker, make_shard
from ..sources.items import Item
from .local import LocalEngine
from .worker import describe_error

_PRIVATE = "is in the memory of this process, which no other can see: workers must be 0"
AHEAD = 2  # tasks submitted for each worker, so that none waits for the driver


class Engine(Protocol):
    """Makes shards."""

    def seconds(self) -> float | None:
        """Return the seconds of audio done so far; None where only finished shards are known."""

    def run(self, tasks: Iterator[Task]) -> Iterator[Result | None]:
        """Yield results as shards are finished, and None from time to time while waiting."""


class SerialEngine:
    """Makes shards in this process, which a crash in a decoder ends."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seconds = 0.0

    def seconds(self) -> float:
        """Return the seconds of audio done so far."""
        return self._seconds

    def run(self, tasks: Iterator[Task]) -> Iterator[Result | None]:
        """Yield results; one shard is written while the next is computed."""
        maker = Maker(self._settings, self._watch)
        waiting: list[Future[Result]] = []
        try:
            for task in tasks:
                waiting.append(maker.make(task))
                if len(waiting) > 1:
                    yield waiting.pop(0).result()
            while waiting:
                yield waiting.pop(0).result()
        except OSError as error:
            raise CorpusError(f"the output cannot be written: {error}") from error
        finally:
            maker.close()

    def _watch(self, shard: int, index: int, seconds: float) -> None:
        self._seconds = seconds


class ExecutorEngine:
    """Makes shards through anything whose ``submit(function, *arguments)`` returns a future."""

    def __init__(self, settings: Settings, executor: Any, workers: int) -> None:
        self._settings = settings
        self._executor = executor
        self._limit = AHEAD * workers
        self.elsewhere = isinstance(executor, ProcessPoolExecutor)

    def seconds(self) -> None:
        """Only finished shards are known."""

    def run(self, tasks: Iterator[Task]) -> Iterator[Result | None]:
        """Yield results as shards are finished.

        Raises
        ------
        CorpusError
            If the executor itself breaks, as it does when a decoder ends one of its processes.
        """
        under_way: dict[Future[Result], int] = {}
        try:
            for task in tasks:
                under_way[self._executor.submit(make_shard, self._settings, task)] = task.number
                while len(under_way) >= self._limit:
                    yield from self._finished(under_way)
            while under_way:
                yield from self._finished(under_way)
        except BrokenExecutor as error:
            numbers = ", ".join(map(str, sorted(under_way.values()))) or task.number
            raise CorpusError(
                f"the executor broke while it made shard {numbers}: {error} (if decoding an item "
                "ends its process, engine='local' finds which, and goes on without it)"
            ) from error
        finally:
            for future in under_way:
                future.cancel()

    def _finished(self, under_way: dict["Future[Result]", int]) -> Iterator[Result | None]:
        for future in wait(under_way, 0.1, FIRST_COMPLETED).done:
            result = result_of(future.result)
            del under_way[future]
            yield result
        yield None


def result_of(result: Callable[[], Result]) -> Result:
    """Return the result of a future; any exception becomes a CorpusError."""
    try:
        return result()
    except (CorpusError, BrokenExecutor):
        raise
    except Exception as error:
        kind, reason = describe_error(error)
        words = {"output": f"the output cannot be written: {reason}", "stop": reason}
        raise CorpusError(words.get(kind, f"a worker failed: {reason}")) from error


def engine_of(engine: Any, settings: Settings, workers: int | None, item_timeout: float) -> Engine:
    """Return the engine for a name or an executor that `check` has accepted."""
    count = workers if workers is not None else _cpus()
    if engine == "local":
        return SerialEngine(settings) if count == 0 else LocalEngine(settings, count, item_timeout)
    if isinstance(engine, str) and engine.split(":")[0] in ("dask", "ray"):
        name, _, address = engine.partition(":")
        if name == "dask":
            from .dask import DaskEngine

            return DaskEngine(settings, address or None, workers)
        from .ray import RayEngine

        return RayEngine(settings, address or None, workers)
    if type(engine).__module__.split(".")[0] == "distributed":
        from .dask import DaskEngine

        return DaskEngine(settings, engine, workers)
    width = getattr(engine, "_max_workers", None)
    return ExecutorEngine(settings, engine, workers or width or count)


def workers_for(engine: Any, workers: int | None, places: Iterable[str]) -> int | None:
    """Return the number of workers: 0 where a job uses storage that only this process can see.

    Raises
    ------
    ValueError
        If `workers` or `engine` asks for other processes in that case.
    """
    private = next((place for place in places if is_private(place)), None)
    if private is None:
        return workers
    if engine == "local":
        if workers:
            raise ValueError(f"workers is {workers}; {private!r} {_PRIVATE}")
        return 0
    if isinstance(engine, (str, ProcessPoolExecutor)):
        raise ValueError(f"engine is {engine!r}; {private!r} {_PRIVATE}")
    return workers


def refuse_private(engine: Engine, tasks: Iterator[Task]) -> Iterator[Task]:
    """Yield tasks; raise at one whose file the processes of the engine could not find."""
    if isinstance(engine, SerialEngine) or (
        isinstance(engine, ExecutorEngine) and not engine.elsewhere
    ):
        return tasks
    return map(_refuse_if_private, tasks)


def _refuse_if_private(task: Task) -> Task:
    for line in task.lines:
        if PRIVATE in line and is_private(path := Item.from_line(line).path):
            raise CorpusError(f"{path!r} {_PRIVATE}")
    return task


def _cpus() -> int:
    """Return the number of CPUs that this process may use, regardless of OMP_NUM_THREADS."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or get_num_threads()
