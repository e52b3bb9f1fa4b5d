# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""JSON from strangers: whatever the text, a value or a ValueError."""

import json
from collections.abc import Callable
from typing import Any

_MAX_DIGITS = 400  # Python itself refuses 4300, without the name of the key


def parse_json(text: str, pairs: Callable[[list[tuple[str, Any]]], Any] | None = None) -> Any:
    """Return the value of a JSON text; integers beyond every type are infinite.

    Raises
    ------
    ValueError
        For text that is no JSON, or nested deeper than Python follows.
    """
    try:
        return json.loads(text, object_pairs_hook=pairs, parse_int=_integer)
    except RecursionError:
        raise ValueError("its values are nested too deeply; a few levels are allowed") from None


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MAX_DIGITS else float(digits)
