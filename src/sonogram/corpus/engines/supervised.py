# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A shard made on a cluster, where a decoder that crashes takes a worker of the cluster with it.

A mark in the output folder says that a shard is being made. A worker that finds one of this run has
been given a shard whose last worker died, and makes it in a process of its own, under the
supervision that finds the item to blame: a crash costs the cluster one worker, not several.
"""

from ..disk.errors import CorpusError
from ..disk.names import WORK
from ..disk.settings import Result, Settings, Task
from ..disk.store import store
from ..shards.maker import make_shard
from .local import LocalEngine

_TIMEOUT = 600.0
_TRIED = f"{WORK}/tried"


def make_guarded(settings: Settings, task: Task, guarded: bool) -> Result:
    """Make a shard; `guarded`: in a process of its own, mark or no mark."""
    where, mark = store(settings.out), f"{_TRIED}/{task.number:06d}"
    where.make(_TRIED)
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
