# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Front ends by name and by value."""

from .._spec.presets import preset
from .._spec.record import Spec


def as_spec(spec: object) -> Spec:
    """Return a Spec for a Spec or the name of a preset."""
    if isinstance(spec, Spec):
        return spec
    if not isinstance(spec, str):
        raise TypeError(f"spec is a {type(spec).__name__}; it must be a sonogram.Spec or a name")
    return preset(spec)
