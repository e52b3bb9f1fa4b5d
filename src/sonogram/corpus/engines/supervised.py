# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Supervision of a shard on a cluster, where a crash in a decoder ends a worker of the cluster.

A mark in the output folder says that a shard is being made. A worker that finds a mark of the same
run has been given a shard whose last worker died. It makes that shard in a separate process, under
the supervision that finds the item to blame: a crash costs the cluster one worker, not several.
"""

from ..disk.errors import CorpusError
from ..disk.names import WORK
from ..disk.settings import Result, Settings, Task
from ..disk.store import store
from ..shards.maker import make_shard
from .local import LocalEngine

_TIMEOUT = 600.0
_MARKS = f"{WORK}/tried"


def make_guarded(settings: Settings, task: Task, guarded: bool) -> Result:
    """Make a shard; with `guarded`, in a separate process whether or not there is a mark."""
    where, mark = store(settings.out), f"{_MARKS}/{task.number:06d}"
    where.make(_MARKS)
    try:
        died_here = where.read(mark) == settings.run.encode()
    except OSError:
        died_here = False
    where.write(mark, settings.run.encode())
    try:
        if not (guarded or died_here):
            return make_shard(settings, task)
        for result in LocalEngine(settings, 1, _TIMEOUT).run(iter([task])):
            if result is not None:
                return result
        raise CorpusError(f"shard {task.number} was not made")
    finally:
        where.remove(mark)
