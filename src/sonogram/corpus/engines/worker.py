# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The process that makes shards for the local engine.

A decoder that crashes takes this process down and no other. It ends when its driver does: the
connection then says so.
"""

import mmap
import os
import queue
import threading
from concurrent.futures import Future
from multiprocessing.connection import Connection
from typing import Any

from ..disk.errors import CorpusError
from ..disk.settings import Result, Task
from ..shards.maker import Maker
from .progress_cells import write


def main(connection: int, cells: int, slot: int) -> None:
    """Serve the driver at the other end of a connection, given by its file descriptor."""
    driver: Connection[Any, Any] = Connection(connection)
    memory = mmap.mmap(cells, 0)
    tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
    lock = threading.Lock()

    def tell(*message: Any) -> None:
        with lock:
            driver.send(message)

    def watch(shard: int, index: int, seconds: float) -> None:
        write(memory, slot, shard, index, seconds)

    def written(number: int, future: "Future[Result]") -> None:
        error = future.exception()
        if error is None:
            tell("done", number, future.result())
        else:
            tell("failed", number, *explained(error))

    try:
        maker = Maker(driver.recv(), watch)
    except EOFError:  # the driver is gone
        os._exit(1)
    except Exception as error:  # a decoder that cannot be imported here, for one
        kind, reason = explained(error)
        tell("failed", None, "start" if kind == "bug" else kind, reason)
        os._exit(1)
    threading.Thread(target=_receive, args=(driver, tasks), daemon=True).start()
    tell("ready", None)
    while (task := tasks.get()) is not None:
        try:
            future = maker.make(task)
        except Exception as error:
            tell("failed", task.number, *explained(error))
            continue
        tell("computed", task.number)
        future.add_done_callback(lambda done, number=task.number: written(number, done))  # type: ignore[misc]
    maker.close()
    # Nothing of importance is left, and interpreters with threads of other libraries may hang here.
    os._exit(0)


def _receive(driver: Any, tasks: "queue.SimpleQueue[Task | None]") -> None:
    while True:
        try:
            tasks.put(driver.recv())
        except (EOFError, OSError):
            os._exit(1)  # the driver is gone: whatever is under way, nobody waits for it


def explained(error: BaseException) -> tuple[str, str]:
    """Return a kind of error and its words, which any process can take in."""
    if isinstance(error, CorpusError):
        return "stop", str(error)
    if isinstance(error, OSError):
        return "output", str(error)
    return "bug", f"{type(error).__name__}: {error}"
