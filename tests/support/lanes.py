# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Parameters of which only some are in the fast lane, ``pytest -m "not slow"``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def slow_but(values: Iterable[Any], *fast: Any) -> list[Any]:
    """Mark all of these parameters slow, but for those named."""
    values = list(values)
    for value in fast:
        assert value in values
    return [v if v in fast else pytest.param(v, marks=pytest.mark.slow) for v in values]


def but_slow(values: Iterable[Any], *slow: Any) -> list[Any]:
    """Mark these of the parameters slow."""
    values = list(values)
    return slow_but(values, *(v for v in values if v not in slow))
