# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A worker's stderr, where native libraries print, such as libmpg123's notes on MP3 files.

This file is the worker's stderr. Python's own stderr goes to the driver's stderr, as its stdout
does, so tracebacks and the output of Python decoders are visible, and the output of native
libraries is read only when the worker has died.
"""

import contextlib
import fcntl
import os
import tempfile

_TAIL = 4096  # bytes read from the end of the file
_SHOWN = 200  # characters of its last line


class WorkerStderr:
    """An unnamed file that a worker writes to and its driver reads."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 (close)
        # Appending keeps output after `clear` from starting at the old position, behind a hole.
        flags = fcntl.fcntl(self.file, fcntl.F_GETFL)
        fcntl.fcntl(self.file, fcntl.F_SETFL, flags | os.O_APPEND)

    def clear(self) -> None:
        """Drop the output so far, which the worker has survived."""
        with contextlib.suppress(OSError):
            os.ftruncate(self.file.fileno(), 0)

    def close(self) -> str:
        """Close the file and return the end of the output."""
        with self.file as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
            return file.read().decode(errors="backslashreplace").strip()


def last_line(output: str) -> str:
    """Return the last line of the output after a colon, or an empty string."""
    last = output.split("\n")[-1].strip()
    return f": {last[-_SHOWN:]}" if last else ""
