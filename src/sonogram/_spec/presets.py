# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The front ends of models by name; the table itself is part of the core."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from .. import _core
from .._support.html import table
from .._support.spellings import names_arguments
from .record import Spec


@dataclass(frozen=True)
class Preset:
    """The front end of a model, with the evidence for it.

    Attributes
    ----------
    name : str
        Family and size.
    spec : Spec
        The front end.
    aliases : tuple of str
        Checkpoints and other names with the same front end.
    reference : str
        The upstream implementation that it reproduces: project, version, file and function.
    tolerance : float
        The largest difference of a float32 result from the reference, for any audio, where the
        values derive from bins within 50 dB of the frame's largest one. Below that,
        docs/presets.md states the uncertainty of float32; there is none where the spec has
        ``compute_dtype="float64"``.
    reason : str
        Why the tolerance is not smaller, and which parts of the reference the Spec omits.
    """

    name: str
    spec: Spec
    aliases: tuple[str, ...]
    reference: str
    tolerance: float
    reason: str

    def _repr_html_(self) -> str:
        """Return the origin and the fields as tables, for notebooks."""
        rows = [
            ("reference", self.reference),
            ("tolerance", f"{self.tolerance:g}"),
            ("reason", self.reason),
            ("aliases", ", ".join(self.aliases)),
        ]
        return table(self.name, (), [row for row in rows if row[1]]) + self.spec._repr_html_()


class _Presets(Mapping[str, Preset]):
    """The presets by name, each made on first use."""

    def __init__(self) -> None:
        self._names = dict.fromkeys(_core.preset_names())
        self._made: dict[str, Preset] = {}

    def __getitem__(self, name: str) -> Preset:
        if name not in self._made:
            if name not in self._names:
                raise KeyError(name)
            _, fields, aliases, reference, tolerance, reason = _core.preset(name)
            made = Preset(name, Spec(**fields), aliases, reference, tolerance, reason)
            self._made.setdefault(name, made)  # one for all threads
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        lines = [_line(preset.name, preset.spec) for preset in self.values()]
        head = f"{'name':{_WIDTH}} {'Hz':>6} {'n_fft':>5} {'hop':>5} {'rows':>5}  streams"
        return "\n".join((f"{len(self)} presets", head, *lines))

    def _repr_html_(self) -> str:
        """Return the table for notebooks."""
        head = ("name", "Hz", "n_fft", "hop", "rows", "streams")
        rows = [(preset.name, *_columns(preset.spec)) for preset in self.values()]
        return table(f"{len(self)} presets", head, rows)


_WIDTH = 28


def _line(name: str, spec: Spec) -> str:
    """Return a preset as a line of 80 columns."""
    rate, n_fft, hop, rows, streams = _columns(spec)
    return f"{name:{_WIDTH}} {rate:>6} {n_fft:>5} {hop:>5} {rows:>5}  {streams}"


def _columns(spec: Spec) -> tuple[str, str, str, str, str]:
    """Return rate, n_fft, hop and rows of a Spec, and whether it streams."""
    streams = "no" if _core.obstacles(spec._fields()) else "yes"
    rate = f"{spec.sample_rate:g}"
    if spec.output == "waveform":
        return rate, "-", "-", "-", streams
    hop = spec.hop_length or (spec.win_length or spec.n_fft) // 2
    rows = spec.n_fft // 2 + 1
    if spec.filterbank is not None:
        rows = spec.n_mels if isinstance(spec.filterbank, str) else len(spec.filterbank)
    return rate, str(spec.n_fft), str(hop), str(rows), streams


@cache
def presets() -> Mapping[str, Preset]:
    """Return all presets by name, without their aliases.

    Returns
    -------
    mapping of str to Preset
        Read-only and ordered by family. `list` gives the names, `print` shows a table. A preset is
        made when it is looked up.

    Examples
    --------
    >>> import sonogram
    >>> "whisper-80" in sonogram.presets()
    True
    >>> sonogram.presets()["kaldi-fbank-80"].spec.n_mels
    80
    """
    return _Presets()


@names_arguments
def preset(name: str) -> Spec:
    """Return the Spec of a model's front end.

    Parameters
    ----------
    name : str
        A name of `presets` or one of its aliases, such as a checkpoint.

    Returns
    -------
    Spec
        With ``dtype="float32"``, the input that models expect. ``replace(dtype="float64")`` gives
        float64, and ``replace(dtype=None)`` follows the dtype of the samples.

    Raises
    ------
    TypeError
        If `name` is not a string.
    ValueError
        If there is no such preset; the message lists the nearest names.

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
