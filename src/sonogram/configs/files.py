# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Reading configuration files: JSON, YAML and lines of options."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .._support.json_text import parse_json
from .._support.optional import require


def is_path(source: Any) -> bool:
    """Tell whether a source is a path rather than a configuration."""
    return isinstance(source, (str, os.PathLike))


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object."""
    try:
        value = parse_json(path.read_text(encoding="utf-8"))
    except ValueError as error:  # JSONDecodeError and UnicodeDecodeError are ValueErrors
        raise ValueError(f"{path} is not valid JSON: {error}") from None
    if not isinstance(value, dict):
        raise ValueError(f"{path} holds a {type(value).__name__}; it must hold a JSON object")
    return value


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML mapping."""
    yaml = require("yaml", "yaml", "reading a YAML config")
    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{path} is not valid YAML: {error}") from None
    if not isinstance(value, dict):
        raise ValueError(f"{path} holds a {type(value).__name__}; it must hold a mapping")
    return value


def as_mapping(source: Any, what: str) -> Mapping[str, Any]:
    """Return a source that is a mapping; refuse anything else."""
    if not isinstance(source, Mapping):
        raise TypeError(f"{what} is a {type(source).__name__}; it must be a path or a mapping")
    return source
