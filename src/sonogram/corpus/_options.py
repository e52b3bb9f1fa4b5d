# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Whether the arguments of a job make sense, before anything is touched."""

import math
import os
import pickle
from collections.abc import Mapping
from typing import Any

from .._extras import require
from .formats import NAMES, compressions

_CHOICES = {
    "format": NAMES,
    "index": ("jsonl", "parquet"),
    "quality": ("HQ", "VHQ"),
    "nonfinite": ("fail", "keep"),
    "on_error": ("skip", "fail"),
    "verify": ("checksum", "size"),
}
_NUMBERS = ("min_duration", "max_duration", "min_level", "max_level", "item_timeout")
_COUNTS = {"shard_items": 1, "workers": 0, "max_failures": 0}
_SWITCHES = ("resume", "retry_failed")


def check(given: Mapping[str, Any]) -> None:
    """Raise TypeError or ValueError for the first argument that is wrong."""
    if not isinstance(given["out"], (str, os.PathLike)) or not os.fspath(given["out"]):
        raise TypeError(f"out is {given['out']!r}; it must be a path")
    for name, allowed in _CHOICES.items():
        if given[name] not in allowed:
            raise ValueError(f"{name} is {given[name]!r}; it must be one of {', '.join(allowed)}")
    _check_compress(given["format"], given["compress"])
    for name in _NUMBERS:
        value = given[name]
        if value is not None and (
            isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value)
        ):
            raise TypeError(f"{name} is {value!r}; it must be a number")
    if given["item_timeout"] <= 0:
        raise ValueError(f"item_timeout is {given['item_timeout']!r}; it must be above 0")
    for name, least in _COUNTS.items():
        value = given[name]
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"{name} is {value!r}; it must be an integer")
        if value < least:
            raise ValueError(f"{name} is {value}; it must be at least {least}")
    for name in _SWITCHES:
        if not isinstance(given[name], bool):
            raise TypeError(f"{name} is {given[name]!r}; it must be True or False")
    _check_channel(given["channel"])
    _check_decoder(given["decoder"])
    require("soundfile", "corpus", "sonogram.corpus")
    require("xxhash", "corpus", "sonogram.corpus")


def _check_compress(format: str, compress: object) -> None:
    allowed = compressions(format)
    if compress is not None and compress not in allowed:
        names = ", ".join(allowed) if allowed else "None"
        raise ValueError(f"compress is {compress!r}; for format {format} it must be {names}")


def _check_channel(channel: object) -> None:
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
