# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Front ends by name and by value."""

from typing import Protocol, TypeAlias

from .presets import preset
from .record import Spec


class HasSpec(Protocol):
    """A Preset, an Extractor, a Stream or a transform."""

    @property
    def spec(self) -> Spec:
        """What it computes."""


SpecLike: TypeAlias = Spec | str | HasSpec


def as_spec(spec: object) -> Spec:
    """Return the Spec of a Spec, the name of a preset, or an object with an attribute `spec`."""
    if isinstance(spec, Spec):
        return spec
    if isinstance(spec, str):
        return preset(spec)
    carried = getattr(spec, "spec", None)
    if isinstance(carried, Spec):
        return carried
    kind = f"the class {spec.__name__}" if isinstance(spec, type) else f"a {type(spec).__name__}"
    raise TypeError(
        f"spec is {kind}; it must be a sonogram.Spec, the name of a preset, or what has a Spec: "
        "a Preset, an Extractor, a transform"
    )
