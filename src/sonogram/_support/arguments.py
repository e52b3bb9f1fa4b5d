# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Checks of arguments: TypeError for a wrong type, ValueError for a wrong value."""

import math
import operator
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import _core
from .arrays import as_array, from_tensor, is_tensor

_MOST = 1 << 48
_DTYPES = ("float32", "float64", "int16", "int32")


def shown(value: object) -> str:
    """Return the repr of a value for a message, at most a line long; never raises.

    Python refuses to convert integers of thousands of digits to text.
    """
    try:
        text = repr(value)
    except ValueError:
        return f"{'an' if isinstance(value, int) else 'a'} {type(value).__name__} too long to show"
    return text if len(text) <= 80 else text[:77] + "..."


def positive_int(name: str, value: object, most: int = _MOST) -> int:
    """Return ``value`` as an int; refuse anything but integers from 1 to ``most``."""
    allowed = "an integer of at least 1"
    if isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} is {value!r}; it must be {allowed}")
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{name} is {shown(value)}; it must be {allowed}") from None
    if number < 1:
        raise ValueError(f"{name} is {shown(number)}; it must be {allowed}")
    if number > most:
        raise ValueError(f"{name} is {shown(number)}; it must be from 1 to {most}")
    return number


def number_above(name: str, value: object, low: float, *, included: bool = False) -> float:
    """Return ``value`` as a finite float above ``low``, or at least ``low`` if ``included``."""
    allowed = f"a finite number {'>=' if included else '>'} {low:g}"
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
        raise TypeError(f"{name} is {shown(value)}; it must be {allowed}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not (math.isfinite(number) and (number > low or (included and number == low))):
        raise ValueError(f"{name} is {shown(value)}; it must be {allowed}")
    return number


def require_bool(name: str, value: object) -> None:
    """Refuse anything but True and False."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} is {shown(value)}; it must be True or False")


def require_one_of(name: str, value: object, allowed: tuple[str, ...]) -> None:
    """Refuse anything but these words."""
    if value not in allowed:
        raise ValueError(
            f"{name} is {shown(value)}; it must be one of {', '.join(map(repr, allowed))}"
        )


def as_waveform(waveform: Any) -> npt.NDArray[Any]:
    """Return an array or CPU tensor ``[..., samples]`` as a native array, copied only if needed."""
    data = from_tensor("waveform", waveform) if is_tensor(waveform) else as_array(waveform)
    if data.dtype.name not in _DTYPES:
        raise TypeError(f"waveform has dtype {data.dtype}; it must be {', '.join(_DTYPES)}")
    if data.ndim == 0:
        raise ValueError("waveform has shape (); it must be [..., samples]")
    return data.astype(data.dtype.newbyteorder("="), copy=False)


def check_orientation(data: npt.NDArray[Any], window: int = _MOST) -> None:
    """Refuse a waveform whose samples are obviously not along the last axis."""
    if data.ndim > 1:
        _core.check_orientation(data.shape, window)


def as_float(data: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Scale integers to [-1, 1) in float32; floats stay as they are."""
    if data.dtype.kind == "f":
        return data
    return data.astype(np.float32) * np.float32(2.0 ** (1 - 8 * data.dtype.itemsize))
