# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""``-`` on the command line: audio from standard input, features to standard output."""

import contextlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence

from .messages import UsageError

STANDARD = "-"
INPUT_NAME = "stdin"  # stands for the name of the file in outputs


def check_standard(files: Sequence[str], output: str | None = None) -> None:
    """Refuse ``-`` if it cannot be read as audio, or cannot receive features."""
    if files.count(STANDARD) > 1:
        raise UsageError("- is given twice as FILE; standard input can be read once")
    if STANDARD in files and (sys.stdin is None or sys.stdin.isatty()):
        raise UsageError("FILE is -, and standard input is a terminal; audio must be piped into it")
    if output != STANDARD:
        return
    if len(files) > 1:
        raise UsageError("-o - holds one result; it must be a folder where there are several FILEs")
    if sys.stdout is None or sys.stdout.isatty():
        raise UsageError("-o is -, and standard output is a terminal; it must be a file or a pipe")


@contextlib.contextmanager
def readable(file: str) -> Iterator[str]:
    """Yield the path to read: for ``-`` or a named pipe, that of a copy, as decoders seek."""
    if file != STANDARD and not _is_pipe(file):
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="sonogram-") as folder:
        path = os.path.join(folder, INPUT_NAME)
        with contextlib.ExitStack() as stack, open(path, "wb") as copy:
            piped = sys.stdin.buffer if file == STANDARD else stack.enter_context(open(file, "rb"))
            shutil.copyfileobj(piped, copy)
        try:
            yield path
        except OSError as error:
            if repr(path) not in str(error):
                raise
            raise OSError(str(error).replace(repr(path), "").lstrip(": ")) from error


def _is_pipe(file: str) -> bool:
    """Tell whether a file can be read once, as ``<(...)`` of a shell and ``/dev/stdin`` can."""
    try:
        mode = os.stat(file).st_mode
    except (OSError, ValueError):  # reported where it is opened
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def write_standard(data: memoryview) -> None:
    """Write all data to standard output; BrokenPipeError if the reader has gone."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
