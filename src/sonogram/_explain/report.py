# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What is found, as records and in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from .._spec.record import Spec


@dataclass(frozen=True)
class Difference:
    """What one field, or all fields of one stage, change in the features.

    Attributes
    ----------
    field : str
        Name of the field; of a stage, the names of its differing fields with commas.
    stage : str
        Stage that the field belongs to.
    a, b : object
        Its values: on the side of the first Spec (or the one a search began with), and of the
        second (or the one that fits). Of a stage: dicts.
    mean, max : float, optional
        Absolute change of the features where only this is changed from `a` to `b`; None where that
        is no Spec that can be run.
    share : float, optional
        `mean` over the sum of all of them: 0 to 1.
    note : str
        What the numbers do not say: another shape, or why there are none.
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
    """What `explain` found.

    Attributes
    ----------
    spec : Spec or None
        The recipe that gives the features, or None where none was found; of two Specs, the second.
    start : Spec
        What the differences are counted from: the first Spec, the one given, or the nearest preset.
    start_name : str or None
        Name of that preset.
    differences : list of Difference
        A record a differing field, in the order of the stages.
    stages : list of Difference
        The same by stage.
    residual : float
        Mean absolute difference that `spec` (or, where it is None, `nearest`) leaves.
    nearest : Spec
        The recipe that comes nearest; not to be used where `spec` is None.
    tries : int
        Recipes that were run.
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

    def to_dict(self) -> dict[str, Any]:
        """Return everything in values that JSON can hold."""
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
