# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Suppression of native libraries' output to stderr, so that it holds our own messages only."""

import contextlib
import os
import sys
from collections.abc import Iterator

_STDERR = 2


@contextlib.contextmanager
def silence_native_stderr() -> Iterator[None]:
    """Discard the output of native libraries, while Python still writes to stderr."""
    before = sys.stderr
    try:
        native = before.fileno() == _STDERR
    except (AttributeError, OSError, ValueError):  # no stderr, or not a file
        native = False
    if not native:
        yield
        return
    with (
        open(os.devnull, "w") as nowhere,
        open(os.dup(_STDERR), "w", 1, before.encoding, before.errors) as stderr,
    ):
        os.dup2(nowhere.fileno(), _STDERR)
        sys.stderr = stderr
        try:
            yield
        finally:
            sys.stderr = before
            os.dup2(stderr.fileno(), _STDERR)
