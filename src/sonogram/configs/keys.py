# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Keys of a configuration, each read once; keys left over are an error that names them."""

from __future__ import annotations

import math
import sys
from collections.abc import Collection, Mapping, Sequence
from typing import Any

_MOST = 1 << 40  # largest number of samples or bands, and largest rate
_LARGEST = sys.float_info.max


class Keys:
    """The keys of one configuration, read with a type and a default, checked, or ignored.

    Parameters
    ----------
    config : mapping
        Keys and values of the file.
    where : str
        Name of the configuration in messages.
    idle : collection of str
        Keys that cannot change the features.
    """

    def __init__(self, config: Mapping[str, Any], where: str, idle: Collection[str] = ()) -> None:
        if not isinstance(config, Mapping):
            raise TypeError(f"{where} is a {type(config).__name__}; it must be a mapping")
        self._config = dict(config)
        self._where = where
        self._idle = idle
        self._taken: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._config

    def raw(self, name: str, default: Any = None) -> Any:
        """Read a value as it is."""
        self._taken.add(name)
        return self._config.get(name, default)

    def integer(self, name: str, default: Any, low: int = 1) -> int:
        """Read an integer of at least ``low``."""
        value = self.raw(name, default)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        allowed = f"an integer of at least {low}"
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(TypeError, name, value, allowed)
        if not low <= value <= _MOST:
            most = f" and at most {_MOST}" if value > _MOST else ""
            raise self._wrong(ValueError, name, value, allowed + most)
        return value

    def number(self, name: str, default: Any, low: float = -math.inf) -> float:
        """Read a finite number of at least ``low``."""
        value = self.raw(name, default)
        allowed = "a finite number" + (f" >= {low:g}" if low > -math.inf else "")
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self._wrong(TypeError, name, value, allowed)
        if not abs(value) <= _LARGEST or value < low:
            raise self._wrong(ValueError, name, value, allowed)
        return float(value)

    def positive(self, name: str, default: Any) -> float:
        """Read a finite number above zero."""
        value = self.number(name, default)
        if value <= 0:
            raise self._wrong(ValueError, name, value, "a finite number > 0")
        return value

    def optional(self, name: str, default: float | None = None) -> float | None:
        """Read a finite number or null."""
        return None if self.raw(name, default) is None else self.number(name, default)

    def flag(self, name: str, default: bool) -> bool:
        """Read a boolean."""
        value = self.raw(name, default)
        if not isinstance(value, bool):
            raise self._wrong(TypeError, name, value, "true or false")
        return value

    def word(self, name: str, default: str, allowed: Collection[str]) -> str:
        """Read one of the allowed words."""
        value = self.raw(name, default)
        if not isinstance(value, str) or value not in allowed:
            words = "one of " + ", ".join(map(repr, allowed))
            raise self._wrong(ValueError, name, value, words)
        return value

    def numbers(self, name: str, count: int) -> list[float] | None:
        """Read ``count`` finite numbers, or null."""
        value = self.raw(name)
        if value is None:
            return None
        allowed = f"null or {count} finite numbers"
        flat = _flat(value)
        if flat is None:
            raise self._wrong(TypeError, name, value, allowed)
        if len(flat) != count or not all(abs(v) <= _LARGEST for v in flat):
            raise self._wrong(ValueError, name, value, allowed)
        return [float(v) for v in flat]

    def derived(self, name: str, value: Any, of: str) -> None:
        """Check a key whose value follows from other keys."""
        given = self.raw(name, value)
        if given is not None and given != value:
            raise ValueError(f"{name} is {given!r} in {self._where}, but {of} makes it {value!r}")

    def only(self, name: str, value: Any, why: str) -> None:
        """Check a key of which a Spec supports only one value."""
        given = self.raw(name, value)
        if given is not None and given != value:
            raise self._wrong(ValueError, name, given, f"{value!r}: {why}")

    def audio_padding(self) -> None:
        """Check the value and the side of the padding of audio to a length."""
        self.only("padding_value", 0.0, "a Spec extends audio with zeros")
        self.only("padding_side", "right", "a Spec extends audio after its end")

    def done(self) -> None:
        """Refuse the keys that were not read."""
        left = [name for name in self._config if name not in self._taken and name not in self._idle]
        if left:
            names = ", ".join(map(repr, left))
            known = ", ".join(sorted(self._taken))
            raise ValueError(f"unknown keys {names} in {self._where}; it has {known}")

    def impossible(self, error: Exception) -> ValueError:
        """Return an error that names numbers that are valid one by one but not together."""
        given = [f"{name} = {_shown(v)}" for name, v in self._config.items()
                 if name in self._taken and isinstance(v, (int, float))]  # fmt: skip
        return ValueError(f"{self._where}, {', '.join(given)}: {error}")

    def _wrong(self, error: type[Exception], name: str, value: Any, allowed: str) -> Exception:
        return error(f"{name} is {_shown(value)} in {self._where}; it must be {allowed}")


def _shown(value: Any) -> str:
    """Return a value as text for a message; Python refuses integers of 5000 digits."""
    if isinstance(value, int) and abs(value) > 1 << 64:
        return f"an integer of {abs(value).bit_length()} bits"
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + "..."


def _flat(value: Any) -> list[float] | None:
    """Return nested lists of numbers as one list, or None if they contain anything else."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return [value]
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    parts = [_flat(part) for part in value]
    if any(part is None for part in parts):
        return None
    return [number for part in parts if part is not None for number in part]
