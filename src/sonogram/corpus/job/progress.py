# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The display of a job's progress: a bar, lines of JSON, or nothing."""

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, TextIO

from ..._support.optional import require
from .extract import Progress

Show = Callable[[Progress], None]
_EVERY = 5.0  # seconds between lines of a log


@contextlib.contextmanager
def progress_display(mode: str, stream: TextIO | None = None) -> Iterator[Show | None]:
    """Yield a callable for the argument `progress` of `extract`.

    Parameters
    ----------
    mode : {"auto", "bar", "json", "quiet"}
        "auto" is a bar on a terminal, and nothing elsewhere.
    stream : file, optional
        The file to write to; None: stderr.
    """
    stream = sys.stderr if stream is None else stream
    if mode == "auto":
        mode = "bar" if stream.isatty() else "quiet"
    if mode == "bar":
        with _bar(stream) as show:
            yield show
    else:
        yield _lines(stream) if mode == "json" else None


@contextlib.contextmanager
def _bar(stream: TextIO) -> Iterator[Show]:
    progress = require("rich.progress", "corpus", "the progress bar")
    console = require("rich.console", "corpus", "the progress bar").Console(file=stream)
    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.TextColumn("{task.fields[hours]:.2f} h  {task.fields[speed]:.0f}x real time"),
        progress.TimeRemainingColumn(),
        progress.TextColumn("{task.fields[failed]}"),
    )
    with progress.Progress(*columns, console=console) as bar:
        task = bar.add_task("listing files", total=None, hours=0.0, speed=0.0, failed="")

        def show(state: Progress) -> None:
            bar.update(
                task,
                description=f"{state.items}/{state.total} files",
                total=state.total,
                completed=state.items,
                hours=state.seconds / 3600,
                speed=speed(state),
                failed=f"[red]{state.failed} failed[/red]" if state.failed else "",
            )

        yield show


def _lines(stream: TextIO) -> Show:
    """Return a function that writes a line every few seconds, and a last one at the end."""
    last = -_EVERY

    def show(state: Progress) -> None:
        nonlocal last
        finished = state.shards == state.shards_total
        if state.elapsed - last >= _EVERY or finished:
            last = state.elapsed
            print(json.dumps(as_dict(state)), file=stream, flush=True)

    return show


def speed(state: Progress) -> float:
    """Return the seconds of audio computed per second, without shards that existed before."""
    return max(0.0, state.seconds - state.kept_seconds) / state.elapsed if state.elapsed else 0.0


def as_dict(state: Progress) -> dict[str, Any]:
    """Return the fields of one line of the log."""
    rate = (state.items - state.kept_items) / state.elapsed if state.elapsed else 0.0
    return {
        "files": state.items,
        "of": state.total,
        "hours": round(state.seconds / 3600, 4),
        "speed": round(speed(state), 1),
        "eta": round((state.total - state.items) / rate, 1) if rate else None,
        "failed": state.failed,
        "shards": state.shards,
        "kept": state.kept,
        "elapsed": round(state.elapsed, 2),
    }
