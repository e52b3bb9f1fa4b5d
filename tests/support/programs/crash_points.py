# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Kill a job at every step that it takes in the file system, and resume it each time.

``crash_points.py SOURCE OUT FORMAT``: the n-th job is killed before its n-th step, killed again
before the n-th of its resumption, and then finished; it must be what an undisturbed one is. Prints
how many steps of which kind there were.

A step is a file opened to be written, a rename, a removal, a folder made, a file made durable, or
one write, of which half is done. The jobs are forked from a process that has no thread, and end by
SIGKILL, so that nothing of theirs is tidied up.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from support import corpora

import sonogram.corpus

AUDITED = ("os.rename", "os.remove", "os.rmdir", "os.mkdir")
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
LIMIT = 60  # seconds of one job


class Steps:
    """Counts steps, and kills the process before number `last`; names it in `said`."""

    def __init__(self, last: int, said: Path) -> None:
        self.left = last
        self.said = said

    def take(self, kind: str) -> bool:
        """Return whether this is the step to die at."""
        self.left -= 1
        if self.left:
            return False
        self.said.write_text(kind)
        return True

    def watch(self) -> None:
        sys.addaudithook(self.audit)
        for name in ("fsync", "pwrite"):
            setattr(os, name, self.watched(name, getattr(os, name)))

    def audit(self, event: str, given: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = given
            written = flags & WRITING if isinstance(flags, int) else set(mode or "r") & set("wax+")
            if not written or str(path) == str(self.said):
                return
        elif event not in AUDITED:
            return
        if self.take(event):
            die()

    def watched(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def watching(handle: int, *given: Any) -> Any:
            if self.take(name):
                if name == "pwrite":
                    data, position = given
                    function(handle, data[: len(data) // 2], position)
                die()
            return function(handle, *given)

        return watching


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def job(source: str, out: Path, format: str, last: int = 0) -> str | None:
    """Run a job in a process of its own; return the kind of step that it died at, or None."""
    said = out.with_suffix(".said")
    said.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if last:
                Steps(last, said).watch()
            sonogram.corpus.extract(
                source, out, corpora.SPEC, workers=0, shard_items=2, format=format
            )
            code = 0
        except BaseException:
            traceback.print_exc()
        os._exit(code)
    deadline = time.monotonic() + LIMIT
    while (ended := os.waitpid(child, os.WNOHANG))[0] == 0:
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            sys.exit(f"a job that dies at step {last} hangs")
        time.sleep(0.002)
    code = os.waitstatus_to_exitcode(ended[1])
    if code == 0:
        return None
    if code != -signal.SIGKILL:
        sys.exit(f"a job that dies at step {last} ended with {code}")
    return said.read_text()


def main() -> None:
    source, folder, format = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    folder.mkdir()
    job(source, folder / "whole", format)
    want = corpora.contents(folder / "whole")
    kinds: Counter[str] = Counter()
    while True:
        step = kinds.total() + 1
        out = folder / f"out{step}"
        kind = job(source, out, format, step)
        again = kind and job(source, out, format, step)
        if job(source, out, format) is not None or corpora.contents(out) != want:
            sys.exit(f"killed at step {step} ({kind}; then {again}), resumed: not the same bytes")
        if left := list(out.rglob("*.tmp")):
            sys.exit(f"killed at step {step} ({kind}; then {again}), resumed: {left} is left")
        shutil.rmtree(out)
        if kind is None:
            break
        kinds[kind] += 1
    print(*(f"{kind}={count}" for kind, count in sorted(kinds.items())))


if __name__ == "__main__":
    main()
