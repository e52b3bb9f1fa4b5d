# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A shard made on a cluster, where a decoder that crashes takes a worker of the cluster with it."""

from ._errors import CorpusError
from ._local import LocalEngine
from ._settings import Result, Settings, Task
from ._task import make_shard

_TIMEOUT = 600.0


def make_guarded(settings: Settings, task: Task, guarded: bool) -> Result:
    """Make a shard; `guarded`: in a process of its own, since it has killed workers before."""
    if not guarded:
        return make_shard(settings, task)
    for result in LocalEngine(settings, 1, _TIMEOUT).run(iter([task])):
        if result is not None:
            return result
    raise CorpusError(f"shard {task.number} was not made")
