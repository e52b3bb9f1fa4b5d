# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Where shards are made: here, or by any executor, dask or Ray.

Every engine is given the same tasks and calls the same function, so the bytes are the same. No
array passes through a scheduler: a task holds paths, and its worker writes the shard.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any, Protocol

from .._runtime import get_num_threads
from ._errors import CorpusError
from ._local import LocalEngine
from ._settings import Result, Settings, Task
from ._task import Maker, make_shard
from ._worker import explained

AHEAD = 2  # tasks under way for each worker, so that none waits for the driver


class Engine(Protocol):
    """Makes shards."""

    def seconds(self) -> float | None:
        """Return the audio done by now, or None where only finished shards are known."""

    def run(self, tasks: Iterator[Task]) -> Iterator[Result | None]:
        """Yield results as shards are finished, and None now and then while waiting."""


class SerialEngine:
    """Makes shards in this very process: nothing protects it from a decoder that crashes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seconds = 0.0

    def seconds(self) -> float:
        """Return the audio done by now."""
        return self._seconds

    def run(self, tasks: Iterator[Task]) -> Iterator[Result | None]:
        """Yield results, one shard written while the next is computed."""
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
    """Makes shards through anything with ``submit(function, *arguments)`` that gives futures."""

    def __init__(self, settings: Settings, executor: Any, workers: int) -> None:
        self._settings = settings
        self._executor = executor
        self._limit = AHEAD * workers

    def seconds(self) -> None:
        """Only finished shards are known."""

    def run(self, tasks: Iterator[Task]) -> Iterator[Result | None]:
        """Yield results as shards are finished."""
        under_way: set[Future[Result]] = set()
        try:
            for task in tasks:
                under_way.add(self._executor.submit(make_shard, self._settings, task))
                while len(under_way) >= self._limit:
                    finished, under_way = wait(under_way, 0.1, FIRST_COMPLETED)
                    yield from (outcome(future.result) for future in finished)
                    yield None
            while under_way:
                finished, under_way = wait(under_way, 0.1, FIRST_COMPLETED)
                yield from (outcome(future.result) for future in finished)
                yield None
        finally:
            for future in under_way:
                future.cancel()


def outcome(result: Callable[[], Result]) -> Result:
    """Return what a future gives; whatever it raises becomes a CorpusError."""
    try:
        return result()
    except CorpusError:
        raise
    except Exception as error:
        kind, reason = explained(error)
        words = {"output": f"the output cannot be written: {reason}", "stop": reason}
        raise CorpusError(words.get(kind, f"a worker failed: {reason}")) from error


def engine_of(engine: Any, settings: Settings, workers: int | None, item_timeout: float) -> Engine:
    """Return the engine of a name or of an executor.

    Raises
    ------
    ValueError, TypeError
        For something that is neither.
    """
    count = workers if workers is not None else _cpus()
    if engine == "local":
        return SerialEngine(settings) if count == 0 else LocalEngine(settings, count, item_timeout)
    if isinstance(engine, str) and engine.split(":")[0] in ("dask", "ray"):
        name, _, address = engine.partition(":")
        if name == "dask":
            from ._dask import DaskEngine

            return DaskEngine(settings, address or None, workers)
        from ._ray import RayEngine

        return RayEngine(settings, address or None, workers)
    if isinstance(engine, str):
        raise ValueError(
            f"engine is {engine!r}; it must be local, dask, dask:ADDRESS, ray, ray:ADDRESS or an "
            "executor"
        )
    if type(engine).__module__.split(".")[0] == "distributed":
        from ._dask import DaskEngine

        return DaskEngine(settings, engine, workers)
    if not callable(getattr(engine, "submit", None)):
        raise TypeError(f"engine is a {type(engine).__name__}; it must have a method submit")
    width = getattr(engine, "_max_workers", None)
    return ExecutorEngine(settings, engine, workers or width or count)


def _cpus() -> int:
    """Return the CPUs that this process may use, whatever OMP_NUM_THREADS says of one's threads."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or get_num_threads()
