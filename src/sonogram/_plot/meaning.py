# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What the numbers of features mean: their unit in words, and how much of it is a decibel."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from .._spec.finish_stages import read_finish
from .._spec.record import Spec

_BANDS = {
    "mel": "mel",
    "linear": "linear bands",
    "bark": "bark",
    "erb": "ERB",
    "log": "octave bands",
    "chroma": "chroma",
}
_CEPSTRA = {"mel": "MFCC", "linear": "LFCC"}


@dataclass(frozen=True)
class Meaning:
    """The unit of features.

    Attributes
    ----------
    label : str
        In words, for the colour bar.
    per_db : float or None
        How much the values grow with a level that grows by 1 dB; None where they are no level.
    exponent : float or None
        Where the values are ``|X| ** exponent`` without a logarithm, and are drawn in dB.
    """

    label: str
    per_db: float | None
    exponent: float | None = None


def meaning_of(spec: Spec) -> Meaning:
    """Return what the features of a spec are: of its logarithm, then of every finish stage."""
    found = _of_log(spec)
    words = []
    for name, values in read_finish(spec.finish):
        found, said = _AFTER.get(name, _unlevelled(name))(found, values, spec)
        words += [said] if said else []
    return replace(found, label=", ".join([found.label, *words]))


def subject(spec: Spec) -> str:
    """Return what is measured: mel, ERB, a spectrum, ..."""
    if spec.filterbank is None:
        return "spectrum"
    kind = spec.filterbank
    return _BANDS.get(kind, kind) if isinstance(kind, str) else "bands"


def _of_log(spec: Spec) -> Meaning:
    what = subject(spec)
    # values before the logarithm are |X| ** power, bands sums of them
    power = 1.0 if spec.power is None else float(spec.power)
    if spec.log is None:
        return Meaning(f"{what}, {_quantity(power)}", None, power)
    if spec.log == "ln":
        return Meaning(f"log-{what} (ln)", power * math.log(10.0) / 20.0)
    if spec.log == "log10":
        return Meaning(f"log10 {what}", power / 20.0)
    if spec.log == "db":  # 20 log10 of magnitudes, else 10 log10
        return Meaning(f"{what} (dB)", 1.0 if power == 1.0 else power / 2.0)
    if spec.log == "power":
        return Meaning(f"{what} ^ {spec.exponent:g}", None)
    if spec.log == "piecewise":
        return Meaning(f"{what} (ln above e, linear below)", None)
    return Meaning(f"log1p {what}", None)


def _quantity(power: float) -> str:
    return {1.0: "magnitude", 2.0: "power"}.get(power, f"magnitude ^ {power:g}")


_Rule = Callable[[Meaning, dict[str, Any], Spec], tuple[Meaning, str]]


def _same(found: Meaning, values: dict[str, Any], spec: Spec) -> tuple[Meaning, str]:
    return found, ""


def _range(found: Meaning, values: dict[str, Any], spec: Spec) -> tuple[Meaning, str]:
    return replace(found, exponent=None), f"at most {values['range']:g} below max"


def _affine(found: Meaning, values: dict[str, Any], spec: Spec) -> tuple[Meaning, str]:
    scale, offset = values["scale"], values["offset"]
    return _scaled(found, scale), f"x {scale:g} {'-' if offset < 0 else '+'} {abs(offset):g}"


def _scaled(found: Meaning, scale: float) -> Meaning:
    rising = found.per_db is not None and scale > 0
    return replace(found, exponent=None, per_db=found.per_db * scale if rising else None)  # type: ignore[operator]


def _reference(found: Meaning, values: dict[str, Any], spec: Spec) -> tuple[Meaning, str]:
    value = values["value"]
    to = value if isinstance(value, str) else f"{value:g}"
    if found.label.endswith("(dB)") and value == "max":
        return replace(found, label="dB re max"), ""
    return replace(found, exponent=None), f"re {to}"


def _clip(found: Meaning, values: dict[str, Any], spec: Spec) -> tuple[Meaning, str]:
    return replace(found, exponent=None), f"clipped to {values['low']:g} .. {values['high']:g}"


def _normalize(found: Meaning, values: dict[str, Any], spec: Spec) -> tuple[Meaning, str]:
    over = {"time": "per row", "freq": "per frame", "all": "over all"}[values["axis"]]
    words = ["mean 0"] * bool(values["mean"]) + ["deviation 1"] * bool(values["std"])
    per_db = None if values["std"] else found.per_db
    return Meaning(found.label, per_db), f"{' and '.join(words)} {over}" if words else ""


def _statistics(found: Meaning, values: dict[str, Any], spec: Spec) -> tuple[Meaning, str]:
    scale = values["scale"]
    said = "standardized by given numbers"
    if isinstance(scale, tuple):
        return Meaning(found.label, None), said
    return _scaled(found, scale), said


def _sliding(found: Meaning, values: dict[str, Any], spec: Spec) -> tuple[Meaning, str]:
    words = "mean 0 and deviation 1" if values["std"] else "mean 0"
    per_db = None if values["std"] else found.per_db
    return Meaning(found.label, per_db), f"{words} over {values['window']} frames"


def _pcen(found: Meaning, values: dict[str, Any], spec: Spec) -> tuple[Meaning, str]:
    return Meaning(f"PCEN of {found.label.split(',')[0]}", None), ""


def _dct(found: Meaning, values: dict[str, Any], spec: Spec) -> tuple[Meaning, str]:
    bank = spec.filterbank if isinstance(spec.filterbank, str) else ""
    return Meaning(f"{_CEPSTRA.get(bank, 'cepstra')} of {found.label}", None), ""


def _unlevelled(words: str) -> _Rule:
    return lambda found, values, spec: (Meaning(found.label, None), words)


_AFTER: dict[str, _Rule] = {
    "dynamic_range": _range,
    "affine": _affine,
    "reference": _reference,
    "clip": _clip,
    "normalize": _normalize,
    "statistics": _statistics,
    "sliding_cmn": _sliding,
    "pcen": _pcen,
    "dct": _dct,
    "lifter": _unlevelled("liftered"),
    "energy": _same,
    "rotate": _same,
    "deltas": _unlevelled("with deltas"),
    "stack": _same,
    "frames": _same,
    "pad": _same,
    "multiple": _same,
    "mask": _same,
    "frame_norm": _unlevelled("each frame over its norm"),
    "argmax": _unlevelled("1 for the largest"),
    "patches": _same,
}
