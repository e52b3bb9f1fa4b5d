# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Parameters of commands, from a name, a type and typer's description."""

import inspect
from typing import Any

Parameters = list[inspect.Parameter]


def parameter(name: str, kind: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def audio_files(typer: Any) -> inspect.Parameter:
    """Return the argument FILE..."""
    files = typer.Argument(
        ..., metavar="FILE...", help="Audio files; - reads standard input.", show_default=False
    )
    return parameter("files", list[str], files)
