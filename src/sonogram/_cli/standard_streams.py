# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""``-`` on the command line: audio from standard input, features to standard output."""

import contextlib
import os
import shutil
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
    """Yield the path to read; for ``-``, that of a copy of standard input, as decoders seek."""
    if file != STANDARD:
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="sonogram-") as folder:
        path = os.path.join(folder, INPUT_NAME)
        with open(path, "wb") as copy:
            shutil.copyfileobj(sys.stdin.buffer, copy)
        try:
            yield path
        except OSError as error:
            if repr(path) not in str(error):
                raise
            raise OSError(str(error).replace(repr(path), "").lstrip(": ")) from error


def write_standard(data: memoryview) -> None:
    """Write all data to standard output; BrokenPipeError if the reader has gone."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
