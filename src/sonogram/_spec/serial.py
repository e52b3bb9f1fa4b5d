# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A record as dict, JSON and fingerprint, and the values that its fields hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np

from .. import _core
from .._support.json_text import parse_json
from .._support.spellings import did_you_mean, names_arguments
from .fields import NAMES

SCHEMA = 1
S = TypeVar("S", bound="Serial")


@names_arguments
class Serial:
    """The conversions of a `Spec`."""

    def _fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in NAMES}

    def to_dict(self) -> dict[str, Any]:
        """Return all fields and the schema number, as values that JSON can hold."""
        return {"schema": SCHEMA, **{k: _listed(v) for k, v in self._fields().items()}}

    @classmethod
    def from_dict(cls: type[S], fields: Mapping[str, Any]) -> S:
        """Make a Spec from the result of `to_dict`; missing fields take their defaults.

        Raises
        ------
        TypeError
            For unknown fields, or if `fields` is not a mapping.
        ValueError
            For a schema that this version cannot read.
        """
        if not isinstance(fields, Mapping):
            raise TypeError(f"fields is a {type(fields).__name__}; it must be a mapping")
        rest = dict(fields)
        schema = rest.pop("schema", SCHEMA)
        if type(schema) is not int or schema != SCHEMA:
            raise ValueError(f"schema is {schema!r}; it must be {SCHEMA}")
        require_known(rest)
        return cls(**rest)

    def fingerprint(self) -> str:
        """Return 32 hexadecimal digits that identify this front end.

        The digits depend only on fields that differ from their defaults, and on values rather than
        spelling: ``scale=2`` and ``scale=2.0`` agree, on every machine and in every version that
        reads this schema.
        """
        own, defaults = _core.canonical_fields(self._fields()), _core.default_fields()
        changed = {k: _listed(v) for k, v in own.items() if v != defaults[k]}
        text = json.dumps({"schema": SCHEMA, **changed}, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def to_json(self) -> str:
        """Return `to_dict` as a JSON string."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls: type[S], text: str) -> S:
        """Make a Spec from the result of `to_json`.

        Raises
        ------
        TypeError, ValueError
            As for `from_dict`, for text that is not JSON, and for a field given twice.
        """
        return cls.from_dict(parse_json(text, _unique_keys))


def plain(name: str, value: Any) -> Any:
    """Turn arrays and lists into tuples, and NumPy scalars into Python's, to be hashable."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "fiu":
            raise TypeError(f"{name} is an array of {value.dtype}; it must be of real numbers")
        return plain(name, value.tolist())
    if isinstance(value, (list, tuple)):
        return tuple(plain(name, v) for v in value)
    if isinstance(value, Mapping):  # the parameters of a finish stage by name
        return {key: plain(name, v) for key, v in value.items()}
    if isinstance(value, (np.bool_, np.integer, np.floating)):
        return value.item()
    if name in ("dtype", "compute_dtype") and (isinstance(value, (type, np.dtype))):
        return np.dtype(value).name
    return value


def _listed(value: Any) -> Any:
    return [_listed(v) for v in value] if isinstance(value, tuple) else value


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} is given twice; it must be given once")
    return fields


def require_known(fields: Mapping[str, Any]) -> None:
    unknown = [name for name in fields if name not in NAMES]
    if unknown:
        names = ", ".join(map(repr, unknown))
        meant = did_you_mean([name for name in unknown if isinstance(name, str)], NAMES)
        raise TypeError(f"unknown fields {names}{meant}; a Spec has {', '.join(NAMES)}")
