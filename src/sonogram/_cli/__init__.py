# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The command ``sonogram``: exit codes 0 (done), 1 (failed), 2 (wrong usage), 130 (Ctrl-C)."""

import os
import sys
import warnings
from collections.abc import Sequence

from .messages import complain, warn

__all__ = ["main"]

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line (`sys.argv` by default) and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        from .app import build

        app, stops = build()
    except ImportError as error:
        return complain(str(error))
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.showwarning = warn
        try:
            code = app(given or ["--help"], prog_name="sonogram", standalone_mode=False)
            sys.stdout.flush()
        except BrokenPipeError:  # sonogram ... | head
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        except stops:
            return complain("interrupted", code=_INTERRUPTED)
        except Exception as error:
            return _failed(error)
    if code == _INTERRUPTED:  # newer typers return it where older ones raise Abort
        return complain("interrupted", code=_INTERRUPTED)
    if not given:
        return 2
    return code if isinstance(code, int) else 0


def _failed(error: Exception) -> int:
    """Report what ended a command in one line; errors of the command line know their exit code."""
    message = getattr(error, "format_message", None)
    if message is None:
        return complain(str(error) or type(error).__name__)
    context = getattr(error, "ctx", None)
    where = context.command_path if context is not None else "sonogram"
    code = int(getattr(error, "exit_code", 2))
    return complain(f"{message()} (see {where} --help)", code=code)
