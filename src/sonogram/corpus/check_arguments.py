# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Checks of a job's arguments, before anything is touched."""

import math
import os
import pickle
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from .._support.optional import require
from .formats import NAMES, compressions, require_library
from .sources.sources import KINDS

_CHOICES = {
    "kind": KINDS,
    "format": NAMES,
    "index": ("jsonl", "parquet"),
    "quality": ("HQ", "VHQ"),
    "nonfinite": ("fail", "keep"),
    "on_error": ("skip", "fail"),
    "verify": ("checksum", "size"),
}
_NUMBERS = ("min_duration", "max_duration", "min_level", "max_level", "item_timeout")
_COUNTS = {"shard_items": 1, "workers": 0, "max_failures": 0}
_CLUSTERS = {"dask": "distributed", "ray": "ray"}
_SWITCHES = ("resume", "retry_failed")


def check(given: Mapping[str, Any]) -> None:
    """Raise TypeError or ValueError for the first argument that is wrong."""
    check_source(given["source"])
    check_pattern(given["pattern"])
    if not isinstance(given["out"], (str, os.PathLike)) or not os.fspath(given["out"]):
        raise TypeError(f"out is {given['out']!r}; it must be a path")
    for name, allowed in _CHOICES.items():
        check_choice(name, given[name], allowed)
    _check_compress(given["format"], given["compress"])
    _check_numbers(given)
    for name, least in _COUNTS.items():
        if given[name] is not None:
            check_count(name, given[name], least)
    for name in _SWITCHES:
        check_switch(name, given[name])
    check_channel(given["channel"])
    _check_decoder(given["decoder"])
    if given["progress"] is not None and not callable(given["progress"]):
        raise TypeError(f"progress is {given['progress']!r}; it must be None or a callable")
    _require_extras(given)


def _require_extras(given: Mapping[str, Any]) -> None:
    """Raise ImportError for a missing extra now, not when the first shard is written."""
    for module in ("soundfile", "soxr", "xxhash"):
        require(module, "corpus", "sonogram.corpus")
    require_library(given["format"], given["compress"])
    if given["index"] == "parquet":
        require("pyarrow.parquet", "arrow", "index='parquet'")
    engine = given["engine"]
    if isinstance(engine, str):
        name = engine.split(":")[0]
        if name in _CLUSTERS:
            require(_CLUSTERS[name], name, f"engine={name!r}")
        elif engine != "local":
            raise ValueError(
                f"engine is {engine!r}; it must be local, dask, dask:ADDRESS, ray, ray:ADDRESS or "
                "an executor"
            )
    elif not callable(getattr(engine, "submit", None)):
        raise TypeError(f"engine is a {type(engine).__name__}; it must have a method submit")


def check_source(source: object) -> None:
    """Refuse a source that has no order or is no list of paths; its entries are checked later."""
    if isinstance(source, (Mapping, Set, bytes, bytearray)) or not isinstance(
        source, (str, os.PathLike, Iterable)
    ):
        raise TypeError(
            f"source is a {type(source).__name__}; it must be a path, or a list of paths, dicts or "
            "Items"
        )


def check_pattern(pattern: object) -> None:
    """Refuse anything but None, a pattern or a list of patterns."""
    several = isinstance(pattern, Sequence) and all(isinstance(one, str) for one in pattern)
    if pattern is not None and not several:
        raise TypeError(f"pattern is {pattern!r}; it must be None, a string or a list of strings")


def check_choice(name: str, value: object, allowed: Sequence[str]) -> None:
    """Refuse a value that is not one of the names."""
    if value not in allowed:
        raise ValueError(f"{name} is {value!r}; it must be one of {', '.join(allowed)}")


def check_count(name: str, value: object, least: int) -> None:
    """Refuse anything but an integer of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} is {value!r}; it must be an integer")
    if value < least:
        raise ValueError(f"{name} is {value}; it must be at least {least}")


def check_switch(name: str, value: object) -> None:
    """Refuse anything but True and False."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} is {value!r}; it must be True or False")


def _check_numbers(given: Mapping[str, Any]) -> None:
    for name in _NUMBERS:
        value = given[name]
        if value is None and name != "item_timeout":
            continue
        if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
            raise TypeError(f"{name} is {value!r}; it must be a number")
        if name.endswith("_duration") and value < 0:
            raise ValueError(f"{name} is {value!r}; it must be at least 0")
    if given["item_timeout"] <= 0:
        raise ValueError(f"item_timeout is {given['item_timeout']!r}; it must be above 0")
    for what in ("duration", "level"):
        least, most = given[f"min_{what}"], given[f"max_{what}"]
        if least is not None and most is not None and least > most:
            raise ValueError(
                f"min_{what} is {least!r}; it must be at most max_{what}, which is {most!r}"
            )


def _check_compress(format: str, compress: object) -> None:
    allowed = compressions(format)
    if compress is not None and compress not in allowed:
        names = ", ".join(allowed) if allowed else "None"
        raise ValueError(f"compress is {compress!r}; for format {format} it must be {names}")


def check_channel(channel: object) -> None:
    """Refuse anything but the number of a channel and "mix"."""
    if channel == "mix":
        return
    if isinstance(channel, bool) or not isinstance(channel, int) or channel < 0:
        raise ValueError(f'channel is {channel!r}; it must be "mix" or an integer from 0')


def _check_decoder(decoder: object) -> None:
    if callable(decoder):
        try:
            pickle.dumps(decoder)
        except Exception as error:
            raise ValueError(
                f"decoder is {decoder!r}; workers must be able to import it by name: {error}"
            ) from None
        return
    if decoder in ("auto", "soundfile"):
        return
    if decoder != "av":
        raise ValueError(f"decoder is {decoder!r}; it must be auto, soundfile, av or a callable")
    require("av", "av", "decoder='av'")
