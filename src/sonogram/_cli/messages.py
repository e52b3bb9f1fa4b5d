# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Messages of the command line, one line each, and its exit codes."""

import os
import sys
from typing import TextIO


class UsageError(Exception):
    """Wrong usage of the command line: exit code 2."""

    exit_code = 2

    def format_message(self) -> str:
        """Return the text; the parser's own errors have a method of this name."""
        return str(self)


def complain(message: str, *, code: int = 1) -> int:
    """Print one line to stderr and return the exit code."""
    print(f"sonogram: {one_line(message)}", file=sys.stderr)
    return code


def complain_of(path: str, error: BaseException, *, code: int = 1) -> int:
    """Print an error that concerns a file, with its name once and first."""
    if isinstance(error, MemoryError):
        text = "not enough memory"
    elif isinstance(error, OSError) and error.strerror:
        text = error.strerror
        if error.filename is not None and os.fspath(error.filename) != path:
            text = f"{error.filename}: {text}"
    else:
        text = str(error) or type(error).__name__
    for name in (repr(path), repr(os.path.normpath(path))):
        text = text.removeprefix(name).lstrip(": ")
    return complain(f"{path}: {text}", code=code)


def warn(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Print a warning of the library as one line (the signature is `warnings.showwarning`'s)."""
    complain(f"warning: {message}")


def one_line(text: str) -> str:
    """Join lines, and escape characters that a terminal would interpret or cannot show."""
    joined = " ".join(text.split())
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in joined)
