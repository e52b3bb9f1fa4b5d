# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Readers that turn the text of an option into a value of a `Spec`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from .. import _core


def or_none(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: None if text.lower() == "none" else read(text)


def scale_and_offset(text: str) -> tuple[float, float]:
    scale, comma, offset = text.partition(",")
    if not comma:
        raise ValueError("SCALE,OFFSET are two numbers")
    return float(scale), float(offset)


def pair(read: Callable[[str], Any]) -> Callable[[str], Any]:
    def both(text: str) -> tuple[Any, Any]:
        left, _, right = text.partition(",")
        return read(left), read(right or left)

    return both


def name_or_pair(text: str) -> Any:
    return tuple(text.split(",")) if "," in text else text


def window(text: str) -> Any:
    if text.endswith(".npy"):
        return tuple(array(text).ravel().tolist())
    name, _, parameters = text.partition(":")
    return (name, *map(float, parameters.split(","))) if parameters else name


def filterbank(text: str) -> Any:
    if text.endswith(".npy"):
        matrix = array(text)
        if matrix.ndim != 2:
            raise ValueError(f"{text} holds shape {matrix.shape}, not [n_mels, n_freqs]")
        return tuple(map(tuple, matrix.tolist()))
    return text


def array(path: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.asarray(np.load(Path(path), allow_pickle=False), np.float64)


def normalized(text: str) -> Any:
    return {"true": True, "false": False, "none": False}.get(text.lower(), text)


def reference(text: str) -> Any:
    return text if text in ("max", "mean") else float(text)


def finish(text: str) -> tuple[tuple[Any, ...], ...]:
    """Read stages separated by semicolons: ``dct:13;normalize:ddof=1,eps=1e-5``."""
    if text.lower() == "none":
        return ()
    return tuple(_stage(part.strip()) for part in text.split(";") if part.strip())


def _stage(text: str) -> tuple[Any, ...]:
    name, _, given = text.partition(":")
    table = dict(_core.stage_table())
    if name not in table:
        raise ValueError(f"{name!r} is not a stage; there are {', '.join(table)}")
    kinds = {parameter: kind for parameter, kind, *_ in table[name]}
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for part in filter(None, given.split(",")):
        parameter, equals, value = part.partition("=")
        if not equals:
            place = len(positional)
            if place >= len(kinds):
                raise ValueError(f"{name} has {len(kinds)} values")
            positional.append(_value(list(kinds.values())[place], part))
        elif parameter in kinds:
            named[parameter] = _value(kinds[parameter], value)
        else:
            raise ValueError(f"{name} has no {parameter!r}; it has {', '.join(kinds)}")
    return (name, *positional, named) if named else (name, *positional)


def _value(kind: str, text: str) -> Any:
    if kind == "flag":
        flags = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
        if text.lower() not in flags:
            raise ValueError(f"{text!r} is neither yes nor no")
        return flags[text.lower()]
    if kind == "integer":
        return int(text)
    if kind == "numbers":
        return tuple(array(text).ravel().tolist()) if text.endswith(".npy") else float(text)
    if kind == "number or word":
        try:
            return float(text)
        except ValueError:
            return text
    return float(text) if kind == "number" else text
