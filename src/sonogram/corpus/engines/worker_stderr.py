# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What the native libraries of a worker print, such as libmpg123's notes on MP3 files.

A worker has this file for its stderr, and Python's own stderr goes where its stdout goes, to the
driver's stderr: tracebacks and what a decoder prints are seen, and what a library says is read only
when the worker has died of it.
"""

import contextlib
import fcntl
import os
import tempfile

_TAIL = 4096  # bytes of the end that are looked at
_SHOWN = 200  # characters of its last line


class LastWords:
    """A nameless file that a worker writes to and its driver reads."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 (close)
        # So that what follows `forget` does not lie behind a hole.
        flags = fcntl.fcntl(self.file, fcntl.F_GETFL)
        fcntl.fcntl(self.file, fcntl.F_SETFL, flags | os.O_APPEND)

    def forget(self) -> None:
        """Drop what was said: the worker has outlived it."""
        with contextlib.suppress(OSError):
            os.ftruncate(self.file.fileno(), 0)

    def take(self) -> str:
        """Close the file and return the end of what was said."""
        with self.file as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL))
            return file.read().decode(errors="backslashreplace").strip()


def last_line(said: str) -> str:
    """Return the last line of what was said, behind a colon, or nothing."""
    last = said.split("\n")[-1].strip()
    return f": {last[-_SHOWN:]}" if last else ""
