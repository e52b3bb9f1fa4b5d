# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""From the options of a command line to the fields of a `Spec`."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .._spec.presets import preset
from .._spec.record import DEFAULTS, Spec, unused_bands
from .messages import UsageError
from .option_table import OPTIONS, STAGES, Option

# The defaults of each command.
BASE: dict[str, dict[str, Any]] = {
    "stft": {"power": None},
    "spectrogram": {"power": 2.0},
    "mel": {"power": 2.0, "filterbank": "mel", "n_mels": 80, "log": "ln"},
}
_SECONDS, _LEAST = 0.025, 256


def default_text(option: Option, command: str) -> str | None:
    """Return the default for the help, or None if there is none or the help text has it."""
    fields = {**DEFAULTS, **BASE[command]}
    if command == "mel" and option.name == "n_fft":
        return "a power of two of 25 ms or more"
    value = fields.get(option.name)
    if value is None:
        return None
    if option.kind is bool:
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value).lower()


def spec_fields(
    command: str, given: Mapping[str, Any], base: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Turn the options of a command line (None: not given) into fields of `Spec`.

    `base` holds the fields that options override; None: the defaults of the command.
    """
    fields = dict(BASE[command] if base is None else base)
    finish: list[tuple[Any, ...]] = []
    said = set()
    for option in OPTIONS:
        text = given.get(option.key)
        if text is None:
            continue
        said.add(option.name)
        value = _read(option, text)
        if option.name == "finish":
            finish += value
            fields["finish"] = () if not value else fields.get("finish", ())
        elif option in STAGES:
            finish.append((option.name, *(value if isinstance(value, tuple) else (value,))))
        else:
            fields[option.name] = value
    if finish:
        fields["finish"] = tuple(finish)
    if "filterbank" in said:  # of another bank than the base's
        for name in unused_bands(fields["filterbank"]):
            if name not in said:
                fields.pop(name, None)
    return fields


def chosen_size(fields: Mapping[str, Any], sample_rate: float) -> Mapping[str, Any]:
    """Choose ``n_fft`` by the rate where bands are wanted and nothing says it.

    The smallest power of two that lasts 25 ms, at least 256: bins narrow enough for the default
    number of bands at any rate.
    """
    if "n_fft" in fields or not isinstance(fields.get("filterbank"), str):
        return fields
    least = max(_LEAST, _SECONDS * sample_rate, fields.get("win_length") or 0)
    return {**fields, "n_fft": 1 << math.ceil(math.log2(least))}


def base_fields(command: str, given: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the fields of ``--preset`` or ``--spec`` that a command has, or None."""
    name, path = given.get("preset"), given.get("spec")
    if name is None and path is None:
        return None
    if name is not None and path is not None:
        raise UsageError("--preset and --spec disagree; give one of them")
    spec = read_spec(path) if path is not None else _preset(name)
    fields = spec._fields()
    if command != "mel" and fields["filterbank"] is not None:
        bare = spec.replace(filterbank=None, log=None, finish=(), energy=None)
        fields = bare._fields()
    if command == "stft":
        fields.update(power=None, log=None, finish=(), energy=None, power_eps=0.0, power_floor=0.0)
    return fields


def read_spec(path: str) -> Spec:
    """Return the Spec in a JSON file."""
    try:
        return Spec.from_json(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError) as error:
        text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(f"{path}: {text}") from error


def _preset(name: Any) -> Spec:
    try:
        return preset(name)
    except ValueError as error:
        raise UsageError(f"--preset: {error}") from error


def _read(option: Option, text: Any) -> Any:
    if not isinstance(text, str):  # the parser has read numbers and switches
        return text
    try:
        return option.read(text)
    except (ValueError, OSError) as error:
        raise UsageError(f"{option.flag}: {text!r} cannot be read: {error}") from error
