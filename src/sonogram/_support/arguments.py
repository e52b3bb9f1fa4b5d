# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Checks of arguments: TypeError for a wrong type, ValueError for a wrong value."""

import math
import operator
from typing import Any

import numpy as np
import numpy.typing as npt

from .arrays import as_array, from_tensor, is_tensor

_DTYPES = ("float32", "float64", "int16", "int32")


def positive_int(name: str, value: object) -> int:
    """Return ``value`` as an int of at least 1."""
    allowed = "an integer of at least 1"
    if isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} is {value!r}; it must be {allowed}")
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{name} is {value!r}; it must be {allowed}") from None
    if number < 1:
        raise ValueError(f"{name} is {number}; it must be {allowed}")
    return number


def number_above(name: str, value: object, low: float, *, included: bool = False) -> float:
    """Return ``value`` as a finite float above ``low``, which itself may be ``included``."""
    allowed = f"a finite number {'>=' if included else '>'} {low:g}"
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
        raise TypeError(f"{name} is {value!r}; it must be {allowed}")
    number = float(value)
    if not (math.isfinite(number) and (number > low or (included and number == low))):
        raise ValueError(f"{name} is {value!r}; it must be {allowed}")
    return number


def require_bool(name: str, value: object) -> None:
    """Refuse everything but True and False."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} is {value!r}; it must be True or False")


def require_one_of(name: str, value: object, allowed: tuple[str, ...]) -> None:
    """Refuse everything but these words."""
    if value not in allowed:
        raise ValueError(f"{name} is {value!r}; it must be one of {', '.join(map(repr, allowed))}")


def as_waveform(waveform: Any) -> npt.NDArray[Any]:
    """Return an array or CPU tensor ``[..., samples]`` as a native array, uncopied if it is one."""
    data = from_tensor("waveform", waveform) if is_tensor(waveform) else as_array(waveform)
    if data.dtype.name not in _DTYPES:
        raise TypeError(f"waveform has dtype {data.dtype}; it must be {', '.join(_DTYPES)}")
    if data.ndim == 0:
        raise ValueError("waveform has shape (); it must be [..., samples]")
    return data.astype(data.dtype.newbyteorder("="), copy=False)


def as_float(data: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Scale integers to [-1, 1) in float32; floats stay as they are."""
    if data.dtype.kind == "f":
        return data
    return data.astype(np.float32) * np.float32(2.0 ** (1 - 8 * data.dtype.itemsize))
