# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Models' front ends by name; the table itself is the core's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from .. import _core
from .record import Spec


@dataclass(frozen=True)
class Preset:
    """A model's front end: what it computes, and how that is known.

    Attributes
    ----------
    name : str
        Family and size.
    spec : Spec
        What is computed.
    aliases : tuple of str
        Checkpoints and other names that mean the same.
    reference : str
        The implementation that it equals: project, version, file and function.
    tolerance : float
        The largest difference from the reference in float32, on the repository's speech, digital
        silence, one click, a 12-bit recording at a low level and speech of an odd length.
    reason : str
        Why the tolerance is not smaller, and what of the reference a Spec leaves out.
    """

    name: str
    spec: Spec
    aliases: tuple[str, ...]
    reference: str
    tolerance: float
    reason: str


@cache
def presets() -> Mapping[str, Preset]:
    """Return every preset by its name, aliases aside.

    Returns
    -------
    mapping of str to Preset
        Read-only, by family; `list` of it gives the names.

    Examples
    --------
    >>> import sonogram
    >>> "whisper-80" in sonogram.presets()
    True
    >>> sonogram.presets()["kaldi-fbank-80"].spec.n_mels
    80
    """
    return MappingProxyType(
        {
            name: Preset(name, Spec(**fields), aliases, reference, tolerance, reason)
            for name, fields, aliases, reference, tolerance, reason in _core.presets()
        }
    )


def preset(name: str) -> Spec:
    """Return the Spec of a model's front end.

    Parameters
    ----------
    name : str
        A name of `presets` or one of its aliases, such as a checkpoint.

    Returns
    -------
    Spec

    Raises
    ------
    TypeError
        Where `name` is no string.
    ValueError
        Where no preset is called so; the nearest names are listed.

    Examples
    --------
    >>> import sonogram
    >>> sonogram.preset("whisper-large-v3").n_mels
    128
    """
    if not isinstance(name, str):
        raise TypeError(f"name is {name!r} ({type(name).__name__}); it must be a string")
    known = _core.preset_name(name.encode("utf-8", "replace").decode())
    return presets()[known].spec
