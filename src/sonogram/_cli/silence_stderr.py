# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Keep stderr to what this program says, whatever the libraries in its process print."""

import contextlib
import os
import sys
from collections.abc import Iterator

_STDERR = 2


@contextlib.contextmanager
def own_lines() -> Iterator[None]:
    """Send what native libraries print to nowhere, while Python goes on writing to stderr."""
    before = sys.stderr
    try:
        native = before.fileno() == _STDERR
    except (AttributeError, OSError, ValueError):  # not there, or something else in its place
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
