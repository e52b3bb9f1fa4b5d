# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The result of `explain`, as records and in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from .._spec.record import Spec
from .._support.html import table


@dataclass(frozen=True)
class Difference:
    """The difference in one field, or in all fields of one stage, and its effect on the features.

    Attributes
    ----------
    field : str
        Name of the field; for a stage, the names of its differing fields, separated by commas.
    stage : str
        Stage of the field.
    a, b : object
        The values in the first Spec (or the start of a search), and in the second (or the one that
        fits); dicts for a stage.
    mean, max : float, optional
        Absolute change of the features when only this is changed from `a` to `b`; None if that
        gives no Spec that can be run.
    share : float, optional
        `mean` relative to the sum over all differences, 0 to 1.
    note : str
        A remark on the numbers: another shape, or the reason why there are none.
    """

    field: str
    stage: str
    a: Any
    b: Any
    mean: float | None = None
    max: float | None = None
    share: float | None = None
    note: str = ""

    def __str__(self) -> str:
        if isinstance(self.a, dict):
            what = ", ".join(f"{k} {_shown(self.a[k])} -> {_shown(self.b[k])}" for k in self.a)
        else:
            what = f"{self.field} {_shown(self.a)} -> {_shown(self.b)}"
        return f"{what}: {self.effect}"

    @property
    def effect(self) -> str:
        """The change in words."""
        if self.mean is None:
            return self.note
        if self.max == 0:
            said = "changes nothing in this audio"
        else:
            said = f"mean {self.mean:.3g}, at most {self.max:.3g}"
            if self.share is not None:
                said += f" ({100 * self.share:.0f} %)"
        return f"{said}; {self.note}" if self.note else said


@dataclass(frozen=True)
class Explanation:
    """The result of `explain`.

    Attributes
    ----------
    spec : Spec or None
        The recipe that reproduces the features, or None if none was found; for two Specs, the
        second.
    start : Spec
        The reference of the differences: the first Spec, the given one, or the nearest preset.
    start_name : str or None
        Name of that preset.
    differences : list of Difference
        One record for each differing field, in the order of the stages.
    stages : list of Difference
        The same by stage.
    residual : float
        Mean absolute difference between the features and those of `spec` (or `nearest`, if `spec`
        is None).
    nearest : Spec
        The closest recipe; not to be used if `spec` is None.
    tries : int
        Number of recipes that were run.
    """

    spec: Spec | None
    start: Spec
    start_name: str | None
    differences: list[Difference]
    stages: list[Difference]
    residual: float
    nearest: Spec
    tries: int
    searched: bool = field(default=True)

    def __str__(self) -> str:
        lines = [self._head()]
        for stage in self.stages if self.spec is not None else ():
            lines.append(f"  {stage.stage}: {stage.effect}")
            lines += [
                f"    {d.field}: {_shown(d.a)} -> {_shown(d.b)}"
                for d in self.differences
                if d.stage == stage.stage
            ]
        if self.searched and self.spec is not None:
            lines.append(f"  recipe: {self.spec!r}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Return the differences as a table, for notebooks."""
        effects = {stage.stage: stage.effect for stage in self.stages}
        rows = []
        for d in self.differences if self.spec is not None else ():
            effect = effects.pop(d.stage, "")  # once, beside the first field of a stage
            rows.append((d.stage, d.field, _shown(d.a), _shown(d.b), effect))
        found = table(self._head(), ("stage", "field", "from", "to", "effect"), rows)
        return found + (self.spec._repr_html_() if self.searched and self.spec is not None else "")

    def to_dict(self) -> dict[str, Any]:
        """Return everything as values that JSON can hold."""
        return {
            "spec": None if self.spec is None else self.spec.to_dict(),
            "start": self.start.to_dict(),
            "start_name": self.start_name,
            "differences": [asdict(d) for d in self.differences],
            "stages": [asdict(d) for d in self.stages],
            "residual": self.residual,
            "nearest": self.nearest.to_dict(),
            "tries": self.tries,
        }

    def _head(self) -> str:
        base = f"preset {self.start_name}" if self.start_name else "the given spec"
        count = len(self.differences)
        if not self.searched:
            if not count:
                return "The specs are the same."
            return f"The specs differ in {_counted(count, 'field')}:"
        if self.spec is None:
            return (
                f"No recipe fits: the nearest of {self.tries} still differs by "
                f"{self.residual:.3g} on average."
            )
        left = f"(mean difference {self.residual:.2g})"
        if not count:
            return f"The features are those of {base} {left}."
        return f"The features are those of {base} but for {_counted(count, 'field')} {left}:"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")


def _shown(value: Any) -> str:
    text = f"{value:.8g}" if isinstance(value, float) else repr(value)
    return text if len(text) <= 160 else f"{text[:157]}..."
