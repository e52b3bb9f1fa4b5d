# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The lock that allows one job at a time in a folder, and leaves nothing if none was started."""

import contextlib
import os
from collections.abc import Iterator
from typing import IO, Any

from ..disk.errors import CorpusError
from ..disk.names import WORK
from ..disk.store import Store
from .claim_folder import JOB, LOCK


@contextlib.contextmanager
def exclusive(where: Store) -> Iterator[None]:
    """Keep a second job out of a folder; the system releases the lock when the process dies."""
    if where.remote:
        yield
        return
    made = _missing(where.path(WORK))
    try:
        with _locked(where):
            try:
                yield
            finally:
                if not where.exists(JOB):
                    where.remove(LOCK)
    finally:
        if not where.exists(JOB):
            for folder in made:
                with contextlib.suppress(OSError):  # something else was put there meanwhile
                    os.rmdir(folder)


def _missing(folder: str) -> list[str]:
    """Return a folder and its parents, innermost first, as far as they do not exist."""
    found = []
    while not os.path.isdir(folder):
        found.append(folder)
        folder = os.path.dirname(os.path.abspath(folder))
    return found


def _locked(where: Store) -> IO[Any]:
    """Return the open, locked file, and never one that the previous job has just removed."""
    import fcntl

    while True:
        where.make(WORK)
        file = open(where.path(LOCK), "w")  # noqa: SIM115 (the caller closes it)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise CorpusError(f"another job is writing to {where.root!r}") from None
        except OSError:  # a file system without locks
            return file
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(file.fileno()), os.stat(where.path(LOCK))):
                return file
        file.close()
