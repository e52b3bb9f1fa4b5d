# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The table of the options that make a `Spec`: its fields, and a few finish stages of their own."""

import dataclasses
from collections.abc import Callable
from typing import Any

from .. import _core
from .._spec.fields import FIELDS, WORDS, Field
from .option_readers import (
    filterbank,
    finish,
    name_or_pair,
    normalized,
    or_none,
    pair,
    reference,
    scale_and_offset,
    window,
)

ALL = ("stft", "spectrogram", "mel")
REAL = ("spectrogram", "mel")
MEL = ("mel",)


@dataclasses.dataclass(frozen=True)
class Option:
    """An option ``--name``: how its text is read, its help, and the commands that have it."""

    name: str
    read: Callable[[str], Any] | type
    help: str
    panel: str
    commands: tuple[str, ...] = ALL
    metavar: str | None = None
    spelling: str | None = None  # if the name means something else on a command line

    @property
    def kind(self) -> type:
        """The type that the parser of the command line reads."""
        return self.read if isinstance(self.read, type) and self.read is not str else str

    @property
    def placeholder(self) -> str:
        """The placeholder of the value in the help."""
        return self.metavar or {int: "N", float: "X", str: "NAME"}.get(self.kind, "")

    @property
    def key(self) -> str:
        """The name of the parameter."""
        return self.spelling or self.name

    @property
    def flag(self) -> str:
        """The spelling on the command line."""
        return "--" + self.key.replace("_", "-")


_FRAME, _WINDOW, _CONDITION = "Frames", "Window", "Signal before framing"
_EACH, _SPECTRUM, _BANK = "Each frame before the window", "Spectrum", "Filterbank"
_LOG, _FINISH, _OUT = "Logarithm", "Finish (in this order)", "Result"

# The panel of each group of fields, in the order of the help, and the commands that have it.
_GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "framing": (_FRAME, ALL),
    "window": (_WINDOW, ALL),
    "level": (_CONDITION, ALL),
    "pre-emphasis": (_CONDITION, ALL),
    "length": (_CONDITION, ALL),
    "frame": (_EACH, ALL),
    "spectrum": (_SPECTRUM, REAL),
    "filterbank": (_BANK, MEL),
    "logarithm": (_LOG, REAL),
    "finish": (_FINISH, REAL),
    "result": (_OUT, ALL),
}
# Where an option differs from the group, kind and help of its field.
_OTHERWISE: dict[str, dict[str, Any]] = {
    "pad_mode": {
        "read": name_or_pair,
        "help": f"Padding at the ends: {', '.join(WORDS['pad_mode'])}; or LEFT,RIGHT.",
    },
    "window": {
        "read": window,
        "help": f"{', '.join(_core.window_names())}, with parameters as kaiser:12 or "
        "general_cosine:0.5,0.5; or an array in FILE.npy.",
    },
    "frame_preemphasis": {"panel": _EACH},
    "energy": {"commands": REAL},
    "energy_floor": {"commands": REAL},
    "normalized": {
        "read": normalized,
        "help": "Divide by: false, window or frame_length.",
        "commands": ALL,
    },
    "output": {"commands": ("spectrogram",), "spelling": "features"},
    "filterbank": {
        "read": filterbank,
        "help": f"{', '.join(WORDS['filterbank'])}, or a matrix in FILE.npy.",
    },
    "filterbank_sample_rate": {"metavar": "HZ"},
    "finish": {
        "read": finish,
        "help": "More stages, separated by semicolons: dct:13;normalize:ddof=1,eps=1e-5. "
        "none: no stages of --preset or --spec.",
        "metavar": "STAGES",
    },
}
_READ: dict[str, Callable[[str], Any] | type] = {
    "integer": int,
    "number": float,
    "flag": bool,
    "word": str,
    "pair": pair(int),
}
_DEFAULTS = _core.default_fields()
_METAVAR = {"integer": "N", "number": "X", "pair": "LEFT,RIGHT"}
# Finish stages with an option of their own, which come before --finish.
STAGES = (
    Option(
        "reference", reference, "Subtract a value, max or mean.", _FINISH, REAL, "VALUE|max|mean"
    ),
    Option("dynamic_range", float, "Limit to this far below the maximum.", _FINISH, REAL),
    Option(
        "affine",
        scale_and_offset,
        "x * SCALE + OFFSET. (Whisper: --log log10 --dynamic-range 8 --affine 0.25,1)",
        _FINISH,
        REAL,
        "SCALE,OFFSET",
    ),
)


def _help(field: Field) -> str:
    text = field.help.replace("`", "").rstrip(".")
    if field.words:
        *first, last = (*(["none"] if field.optional else []), *field.words)
        text += f" ({', '.join(first)} or {last})" if first else f" ({last})"
    elif field.optional:
        word = "default" if _DEFAULTS[field.name] is None else "none"
        text += f" ({word}: {field.none.replace('`', '')})"
    return text + "."


def _option(field: Field) -> Option:
    panel, commands = _GROUPS[field.group]
    read = _READ.get(field.kind, str)
    if field.optional and read is not bool:
        read = or_none(read)
    made = Option(field.name, read, _help(field), panel, commands, _METAVAR.get(field.kind))
    return dataclasses.replace(made, **_OTHERWISE.get(field.name, {}))


def _options() -> tuple[Option, ...]:
    options: list[Option] = []
    for field in FIELDS:
        if field.name == "finish":
            options += STAGES
        if field.name != "sample_rate":  # that of the audio
            options.append(_option(field))
    panels = [panel for panel, _ in _GROUPS.values()]
    return tuple(sorted(options, key=lambda option: panels.index(option.panel)))


OPTIONS = _options()
