# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""One library at one workload, in a process of its own: started and asked by speed.py.

It says a line of JSON when it is ready, then one for every number of seconds that it reads: the
durations of the calls that it made in that time, and how much of it the process was on a CPU.
Between the questions it is blocked, and speed.py stops it besides: no pool of threads can spin.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
import warnings
from typing import Any

import numpy as np
from entries import ENTRIES, Job
from workloads import WORKLOADS


def first_array(result: Any) -> Any:
    while isinstance(result, (list, tuple)):
        result = result[0]
    return result


def timed(call: Any, seconds: float) -> dict[str, Any]:
    """Call for so many seconds, each call timed with the release of its result."""
    call()
    durations: list[float] = []
    on_cpu, begin = time.process_time(), time.perf_counter()
    now = begin
    while now < begin + seconds or len(durations) < 3:
        result = call()
        del result
        then, now = now, time.perf_counter()
        durations.append(now - then)
    return {"durations": durations, "on_cpu": (time.process_time() - on_cpu) / (now - begin)}


def main() -> None:
    """Serve one entry: worker.py WORKLOAD NAME THREADS SIGNAL."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the libraries print must not be taken for an answer
    workload, name, threads, path = sys.argv[1:]
    warnings.simplefilter("ignore")
    try:
        job = Job(workload, np.load(path), WORKLOADS[workload].sample_rate, int(threads))
        call = ENTRIES[workload][name](job)
        result = first_array(call())
        ready = {"shape": list(result.shape), "dtype": str(result.dtype)}
    except Exception as error:
        print(json.dumps({"absent": f"{type(error).__name__}: {error}"}), file=answers, flush=True)
        return
    del result
    gc.collect()
    gc.disable()
    print(json.dumps(ready), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(timed(call, float(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
