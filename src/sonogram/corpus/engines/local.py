# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The local engine: worker processes under supervision.

Each worker is a fresh interpreter, so neither fork nor the caller's ``__main__`` matters, and runs
every native library on one thread. A worker that dies is replaced and its shards are made again; an
item at which workers die twice is what kills them, and is left out.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any

from ..disk.errors import CorpusError
from ..disk.settings import Result, Settings, Task
from .progress_cells import Cells
from .worker_stderr import LastWords

_ENDS = 2  # workers that have to die at an item before it is left out
_UNEXPLAINED = 8  # deaths at no item in particular before the job stops
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
_START = (
    "import sys; sys.stdout.reconfigure(line_buffering=True, errors='backslashreplace'); "
    "sys.stderr = sys.stdout; sys.path[:] = {path!r}; "
    "from sonogram.corpus.engines.worker import main; main({fds})"
)


class _Worker:
    """One process, what it is making, and whether it could take more."""

    def __init__(self, settings: Settings, cells: Cells, slot: int) -> None:
        self.slot = slot
        self.tasks: dict[int, Task] = {}
        self.hungry = False
        self.seen: tuple[int, int] = (-1, -1)
        self.since = time.monotonic()
        self.driver: Connection[Any, Any]
        self.driver, there = Pipe()
        self.words = LastWords()
        self.said = ""
        fds = f"{there.fileno()}, {cells.handle}, {slot}"
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START.format(path=sys.path, fds=fds)],
            stdin=subprocess.DEVNULL,
            stdout=2,  # stdout is the caller's, and may be read by programs
            stderr=self.words.file,
            env={**os.environ, **dict.fromkeys(_THREADS, "1")},
            pass_fds=(there.fileno(), cells.handle),
            start_new_session=True,  # Ctrl-C is the driver's business
        )
        there.close()
        with contextlib.suppress(OSError):  # it is dead already, and will be found so
            self.driver.send(settings)

    def kill(self) -> None:
        with contextlib.suppress(OSError):
            self.process.kill()
        self.process.wait()
        self.driver.close()
        self.said = self.words.take()

    def dismiss(self) -> None:
        with contextlib.suppress(OSError):
            self.driver.send(None)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.kill()


class LocalEngine:
    """Makes shards on this machine.

    Parameters
    ----------
    settings : Settings
        The job.
    workers : int
        Number of processes.
    item_timeout : float
        Seconds after which a worker at one item counts as hanging.
    """

    def __init__(self, settings: Settings, workers: int, item_timeout: float) -> None:
        self._settings = settings
        self._count = workers
        self._timeout = item_timeout
        self._cells = Cells(workers)
        self._workers: list[_Worker] = []
        self._again: deque[Task] = deque()
        self._ends: Counter[tuple[int, int]] = Counter()
        self._unexplained = 0
        self._gone_seconds = 0.0

    def seconds(self) -> float:
        """Return the audio done by now, unfinished shards included."""
        return self._gone_seconds + sum(self._cells.read(w.slot)[2] for w in self._workers)

    def run(self, tasks: Iterator[Task]) -> Iterator[Result | None]:
        """Yield results as shards are finished, and None now and then while waiting.

        Raises
        ------
        CorpusError
            Where the job cannot go on; finished shards stay.
        """
        done = False
        try:
            upcoming = next(tasks, None)
            while upcoming is not None or self._again or any(w.tasks for w in self._workers):
                upcoming = self._feed(tasks, upcoming)
                yield from self._listen()
                yield None
            done = True
        finally:
            for worker in self._workers:
                worker.dismiss() if done else worker.kill()
            self._cells.close()

    def _feed(self, tasks: Iterator[Task], upcoming: Task | None) -> Task | None:
        if len(self._workers) < self._count and (upcoming is not None or self._again):
            self._workers.append(_Worker(self._settings, self._cells, len(self._workers)))
        # Those with least to do first: near the end every worker should have something.
        for worker in sorted(self._workers, key=lambda w: len(w.tasks)):
            if not worker.hungry:
                continue
            if self._again:
                task = self._again.popleft()
            elif upcoming is not None:
                task, upcoming = upcoming, next(tasks, None)
            else:
                break
            worker.tasks[task.number] = task
            worker.hungry = False
            worker.since = time.monotonic()
            with contextlib.suppress(OSError):  # found dead by the next to listen
                worker.driver.send(task)
        return upcoming

    def _listen(self) -> Iterator[Result]:
        by_driver = {worker.driver: worker for worker in self._workers}
        starting = len(self._workers) < self._count
        for driver in wait(list(by_driver), timeout=0 if starting else 0.1):
            worker = by_driver[driver]  # type: ignore[index]
            try:
                message = worker.driver.recv()
            except (EOFError, OSError):
                self._bury(worker, None)
                continue
            yield from self._heed(worker, *message)
        self._look_for_hanging()

    def _heed(self, worker: _Worker, what: str, number: int, *rest: Any) -> Iterator[Result]:
        if what in ("ready", "computed"):
            worker.hungry = True
        elif what == "done":
            del worker.tasks[number]
            worker.words.forget()
            yield rest[0]
        else:
            raise CorpusError(_because(*rest))

    def _look_for_hanging(self) -> None:
        now = time.monotonic()
        for worker in list(self._workers):
            at = self._cells.read(worker.slot)[:2]
            if at != worker.seen or at[0] not in worker.tasks:
                worker.seen, worker.since = at, now
            elif at[1] < len(worker.tasks[at[0]].lines) and now - worker.since > self._timeout:
                worker.process.kill()
                self._bury(worker, f"nothing came of it in {self._timeout:g} s")

    def _bury(self, worker: _Worker, hung: str | None) -> None:
        """Put a new worker into the place of a dead one, and its shards back into the queue."""
        worker.kill()
        shard, index, _ = self._cells.read(worker.slot)
        self._cells.reset(worker.slot)
        task = worker.tasks.get(shard)
        if task is not None and 0 <= index < len(task.lines) and not worker.hungry:
            self._ends[shard, index] += 1
            if hung or self._ends[shard, index] >= _ENDS:
                kind, reason = (
                    ("timeout", hung)
                    if hung
                    else ("crash", f"decoding it ended the process ({_end(worker)})")
                )
                task.skip[index] = (kind, reason)
        else:
            self._unexplained += 1
            if self._unexplained >= _UNEXPLAINED:
                raise CorpusError(f"workers keep dying ({_end(worker)})")
        self._again.extend(worker.tasks.values())
        place = self._workers.index(worker)
        self._workers[place] = _Worker(self._settings, self._cells, worker.slot)


def _end(worker: _Worker) -> str:
    code = worker.process.returncode
    name = f"exit code {code}"
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            name = signal.Signals(-code).name
    return name + worker.said


def _because(kind: str, reason: str) -> str:
    if kind == "output":
        return f"the output cannot be written: {reason}"
    return reason if kind == "stop" else f"a worker failed: {reason}"
