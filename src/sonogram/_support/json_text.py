# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Parsing of untrusted JSON: any text gives a value or a ValueError."""

import json
from collections.abc import Callable
from typing import Any

_MAX_DIGITS = 400  # beyond 4300, Python itself raises, without naming the key


def parse_json(text: str, pairs: Callable[[list[tuple[str, Any]]], Any] | None = None) -> Any:
    """Return the value of a JSON text; integers too large for any type become infinite.

    Raises
    ------
    ValueError
        For text that is not JSON, or is nested more deeply than Python can follow.
    """
    try:
        return json.loads(text, object_pairs_hook=pairs, parse_int=_integer)
    except RecursionError:
        raise ValueError("its values are nested too deeply; a few levels are allowed") from None


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MAX_DIGITS else float(digits)
