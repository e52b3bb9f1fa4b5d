# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Front ends by name and by value."""

import sonogram

from .._spec import Spec


def as_spec(spec: object) -> Spec:
    """Return a Spec for a Spec or the name of a preset."""
    if isinstance(spec, Spec):
        return spec
    if not isinstance(spec, str):
        raise TypeError(f"spec is a {type(spec).__name__}; it must be a sonogram.Spec or a name")
    preset = getattr(sonogram, "preset", None)
    if preset is None:
        raise ValueError(f"spec is {spec!r}; this version has no presets: give a sonogram.Spec")
    found: Spec = preset(spec)
    return found
