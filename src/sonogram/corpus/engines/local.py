# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The local engine: worker processes under supervision.

Each worker is a fresh interpreter, so neither fork nor the caller's ``__main__`` matters, and runs
every native library on one thread. A worker that dies is replaced and its shards are made again.

The cause of a death may be the worker's item or the other workers: a system that is short of memory
may kill any process. So a shard at which a worker died waits until all others are done, and is then
made by a worker that has the machine to itself. An item at which that worker dies twice is the
cause, and is left out.
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
from .worker_stderr import WorkerStderr, last_line

_MAX_DEATHS = 2  # of a worker on its own at one item, before the item is left out
_MAX_UNEXPLAINED = 8  # deaths at no item without a finished shard between, before the job stops
_MAX_FAILED_STARTS = 3  # deaths before a worker is ready, in a row, before the job stops
_START_TIMEOUT = 120.0  # seconds, or `item_timeout` where that is longer
# Signals that a process causes itself; any other comes from outside.
_OWN_FAULTS = (
    signal.SIGSEGV,
    signal.SIGABRT,
    signal.SIGBUS,
    signal.SIGILL,
    signal.SIGFPE,
    signal.SIGTRAP,
    signal.SIGSYS,
)
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
_START = (
    "import sys; sys.path[:] = {path!r}; from sonogram.corpus.engines.worker import main; "
    "sys.stdout.reconfigure(line_buffering=True, errors='backslashreplace'); "
    "sys.stderr = sys.stdout; main({fds})"
)


class _Worker:
    """One process, its tasks, and whether it wants another."""

    def __init__(self, settings: Settings, cells: Cells, slot: int) -> None:
        self.slot = slot
        self.tasks: dict[int, Task] = {}
        self.ready = False
        self.idle = False
        self.seen: tuple[int, int] = (-1, -1)
        self.begun = self.since = time.monotonic()
        self.driver: Connection[Any, Any]
        self.driver, there = Pipe()
        self.stderr = WorkerStderr()
        self.last_output: str | None = None  # set once it is dead
        try:
            self.process = self._started(there.fileno(), cells.handle)
        except CorpusError:
            self.driver.close()
            self.stderr.close()
            raise
        finally:
            there.close()
        with contextlib.suppress(OSError):  # already dead, which `_listen` will notice
            self.driver.send(settings)

    def _started(self, connection: int, cells: int) -> "subprocess.Popen[bytes]":
        if not sys.executable:
            raise CorpusError(
                "workers cannot be started: Python does not know its own executable "
                f"(sys.executable is {sys.executable!r}); set it, or give workers=0"
            )
        program = _START.format(path=sys.path, fds=f"{connection}, {cells}, {self.slot}")
        try:
            return subprocess.Popen(
                [sys.executable, "-c", program],
                stdin=subprocess.DEVNULL,
                stdout=2,  # stdout is the caller's, and may be read by programs
                stderr=self.stderr.file,
                env={**os.environ, **dict.fromkeys(_THREADS, "1")},
                pass_fds=(connection, cells),
                start_new_session=True,  # the driver alone handles Ctrl-C
            )
        except OSError as error:
            raise CorpusError(
                f"workers cannot be started: {sys.executable!r}: {error.strerror or error}"
            ) from error

    def kill(self) -> None:
        if self.last_output is not None:
            return
        with contextlib.suppress(OSError):
            self.process.kill()
        self.process.wait()
        self.driver.close()
        self.last_output = self.stderr.close()

    def stop(self) -> None:
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
        self._requeued: deque[Task] = deque()
        self._suspects: deque[Task] = deque()  # at which a worker died while others were running
        self._deaths: Counter[tuple[int, int]] = Counter()
        self._unexplained = 0
        self._failed_starts = 0
        self._stopped_seconds = 0.0

    def seconds(self) -> float:
        """Return the seconds of audio done so far, including those of unfinished shards."""
        return self._stopped_seconds + sum(self._cells.read(w.slot)[2] for w in self._workers)

    def run(self, tasks: Iterator[Task]) -> Iterator[Result | None]:
        """Yield results as shards are finished, and None from time to time while waiting.

        Raises
        ------
        CorpusError
            If the job cannot go on; finished shards are kept.
        """
        done = False
        try:
            yield from self._results(tasks)
            if self._suspects:
                self._stop_all_but_one()
            while self._suspects:
                yield from self._results(iter([self._suspects.popleft()]))
            done = True
        finally:
            for worker in self._workers:
                worker.stop() if done else worker.kill()
            self._cells.close()

    def _results(self, tasks: Iterator[Task]) -> Iterator[Result | None]:
        upcoming = next(tasks, None)
        while upcoming is not None or self._requeued or any(w.tasks for w in self._workers):
            upcoming = self._assign(tasks, upcoming)
            yield from self._listen()
            yield None

    def _stop_all_but_one(self) -> None:
        """Leave the machine and its memory to one worker."""
        for worker in self._workers[1:]:
            worker.stop()
            self._stopped_seconds += self._cells.reset(worker.slot)
        del self._workers[1:]
        self._count = 1

    def _assign(self, tasks: Iterator[Task], upcoming: Task | None) -> Task | None:
        if len(self._workers) < self._count and (upcoming is not None or self._requeued):
            self._workers.append(_Worker(self._settings, self._cells, len(self._workers)))
        # Workers with the fewest tasks first, so that near the end every worker has one.
        for worker in sorted(self._workers, key=lambda w: len(w.tasks)):
            if not worker.idle:
                continue
            if self._requeued:
                task = self._requeued.popleft()
            elif upcoming is not None:
                task, upcoming = upcoming, next(tasks, None)
            else:
                break
            worker.tasks[task.number] = task
            worker.idle = False
            worker.since = time.monotonic()
            with contextlib.suppress(OSError):  # dead, which `_listen` will notice
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
                self._replace(worker, None)
                continue
            yield from self._on_message(worker, *message)
        self._kill_hanging()

    def _on_message(self, worker: _Worker, what: str, number: int, *rest: Any) -> Iterator[Result]:
        if what in ("ready", "computed"):
            worker.ready = worker.idle = True
            self._failed_starts = 0
        elif what == "done":
            del worker.tasks[number]
            worker.stderr.clear()
            self._unexplained = 0
            yield rest[0]
        else:
            raise CorpusError(_reason_of(*rest))

    def _kill_hanging(self) -> None:
        now = time.monotonic()
        for worker in list(self._workers):
            longest = max(_START_TIMEOUT, self._timeout)
            if not worker.ready and now - worker.begun > longest:
                worker.kill()
                raise CorpusError(_not_started(f"was not ready after {longest:g} s", worker))
            at = self._cells.read(worker.slot)[:2]
            if at != worker.seen or at[0] not in worker.tasks:
                worker.seen, worker.since = at, now
            elif at[1] < len(worker.tasks[at[0]].lines) and now - worker.since > self._timeout:
                worker.process.kill()
                self._replace(worker, f"no result within {self._timeout:g} s")

    def _replace(self, worker: _Worker, hung: str | None) -> None:
        """Replace a dead worker, and put its shards back into the queue."""
        worker.kill()
        shard, index, _ = self._cells.read(worker.slot)
        self._cells.reset(worker.slot)
        task = worker.tasks.get(shard)
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= _MAX_FAILED_STARTS:
                raise CorpusError(_not_started(f"ended with {_status(worker)}", worker))
        elif task is not None and 0 <= index < len(task.lines) and not worker.idle:
            self._blame(worker, task, index, hung)
        else:
            self._unexplained += 1
            if self._unexplained >= _MAX_UNEXPLAINED:
                raise CorpusError(f"workers keep dying ({_how_it_ended(worker)})")
        self._requeued.extend(worker.tasks.values())
        place = self._workers.index(worker)
        self._workers[place] = _Worker(self._settings, self._cells, worker.slot)

    def _blame(self, worker: _Worker, task: Task, index: int, hung: str | None) -> None:
        """Count a death against an item, if nothing else can have caused it."""
        if hung:
            task.skip[index] = ("timeout", hung)
        elif self._count > 1:
            self._suspects.append(worker.tasks.pop(task.number))
        else:
            self._deaths[task.number, index] += 1
            if self._deaths[task.number, index] >= _MAX_DEATHS:
                task.skip[index] = _failure_of(worker)


def _failure_of(worker: _Worker) -> tuple[str, str]:
    """Return the kind and the reason of failure for an item at which workers died."""
    code = worker.process.returncode
    if code < 0 and -code not in _OWN_FAULTS:
        short = ", as where memory is short" if -code == signal.SIGKILL else ""
        return "killed", f"the process was ended from outside{short} ({_how_it_ended(worker)})"
    return "crash", f"decoding it ended the process ({_how_it_ended(worker)})"


def _how_it_ended(worker: _Worker) -> str:
    return _status(worker) + last_line(worker.last_output or "")


def _status(worker: _Worker) -> str:
    code = worker.process.returncode
    name = f"exit code {code}"
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            name = signal.Signals(-code).name
    return name


def _not_started(what: str, worker: _Worker) -> str:
    said = f"; it said: {worker.last_output}" if worker.last_output else ""
    return f"workers cannot be started: {sys.executable!r} {what}{said}"


def _reason_of(kind: str, reason: str) -> str:
    if kind == "output":
        return f"the output cannot be written: {reason}"
    if kind == "start":
        return f"workers cannot be started: {reason}"
    return reason if kind == "stop" else f"a worker failed: {reason}"
