# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The worker process of the local engine.

A crash in a decoder ends this process and no other. It ends itself when its connection to the
driver closes.
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
    """Serve the driver at the other end of the connection with this file descriptor."""
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
            tell("failed", number, *describe_error(error))

    try:
        maker = Maker(driver.recv(), watch)
    except EOFError:  # the driver is gone
        os._exit(1)
    except Exception as error:  # for example, a decoder that cannot be imported here
        kind, reason = describe_error(error)
        tell("failed", None, "start" if kind == "bug" else kind, reason)
        os._exit(1)
    threading.Thread(target=_receive, args=(driver, tasks), daemon=True).start()
    tell("ready", None)
    while (task := tasks.get()) is not None:
        try:
            future = maker.make(task)
        except Exception as error:
            tell("failed", task.number, *describe_error(error))
            continue
        tell("computed", task.number)
        future.add_done_callback(lambda done, number=task.number: written(number, done))  # type: ignore[misc]
    maker.close()
    # Nothing is left to do, and an interpreter with threads of other libraries may hang at exit.
    os._exit(0)


def _receive(driver: Any, tasks: "queue.SimpleQueue[Task | None]") -> None:
    while True:
        try:
            tasks.put(driver.recv())
        except (EOFError, OSError):
            os._exit(1)  # the driver is gone, so nobody waits for the results


def describe_error(error: BaseException) -> tuple[str, str]:
    """Return the kind and the message of an error, which can be sent to any process."""
    if isinstance(error, CorpusError):
        return "stop", str(error)
    if isinstance(error, OSError):
        return "output", str(error)
    return "bug", f"{type(error).__name__}: {error}"
