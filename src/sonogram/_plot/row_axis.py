# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What the rows of features are: places in Hz, pitch classes, coefficients, or numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from .._banks.filterbanks import band_frequencies
from .._banks.scales import band_scale
from .._spec.finish_stages import read_finish
from .._spec.record import Spec

Array = npt.NDArray[Any]

PITCH_CLASSES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


@dataclass(frozen=True)
class Rows:
    """The rows of features after all stages.

    Attributes
    ----------
    names : sequence of str
        One for each row, "" where a row has none of its own.
    title : str
        What an axis of them is called.
    edges : ndarray or None
        ``[rows + 1]`` in Hz, where the rows are bands or bins in their order.
    """

    names: Sequence[str]
    title: str
    edges: Array | None = None


def rows_of(spec: Spec) -> Rows:
    """Return what the rows of a spec's features are.

    Raises
    ------
    ValueError
        Where they are no rows over time: a waveform, or patches.
    """
    if spec.output == "waveform":
        raise ValueError("spec.output is 'waveform'; to be drawn it must be 'spectrum'")
    rows = _before_stages(spec)
    if spec.energy is not None and not any(stage[0] == "energy" for stage in spec.finish):
        rows = _with_energy(rows, "first")
    for name, values in read_finish(spec.finish):
        rows = _after(rows, name, values)
    return rows


def _before_stages(spec: Spec) -> Rows:
    if spec.filterbank == "chroma":
        return Rows(_pitch_classes(spec.n_mels), "pitch class")
    if spec.filterbank is not None and not isinstance(spec.filterbank, str):
        return Rows(_numbered(len(spec.filterbank)), "band")
    edges = bin_edges(spec) if spec.filterbank is None else band_edges(spec)
    if spec.filterbank is None:
        centres = np.arange(len(edges) - 1) * (spec.sample_rate / spec.n_fft)
    else:
        centres = band_frequencies(spec)[:, 1]
    return Rows([f"{hz:.0f} Hz" for hz in centres], "frequency (Hz)", edges)


def bin_edges(spec: Spec) -> Array:
    """Return the edges in Hz of the bins: half a bin to either side of each."""
    bins = np.arange(spec.n_fft // 2 + 2) - 0.5
    return np.clip(bins * spec.sample_rate / spec.n_fft, 0.0, spec.sample_rate / 2)


def band_edges(spec: Spec) -> Array:
    """Return the edges in Hz of the bands: between the centres, midway on their own scale."""
    to_scale, from_scale = band_scale(spec)
    bands = band_frequencies(spec)
    centres = to_scale(bands[:, 1])
    between = from_scale((centres[:-1] + centres[1:]) / 2)
    return np.concatenate([bands[:1, 0], between, bands[-1:, 2]])


def _pitch_classes(count: int) -> list[str]:
    """Return a name for the row in the middle of each of the twelve classes, C first."""
    if count % 12:
        return _numbered(count)
    names = [""] * count
    for number, name in enumerate(PITCH_CLASSES):
        names[number * (count // 12)] = name
    return names


def _numbered(count: int) -> list[str]:
    return [str(number) for number in range(count)]


def _after(rows: Rows, stage: str, values: dict[str, Any]) -> Rows:
    if stage == "patches":
        raise ValueError(
            "spec.finish has the stage 'patches'; to be drawn features must be rows over time: "
            "leave the stage out"
        )
    if stage == "dct":
        return Rows(_numbered(values["n"]), "cepstral coefficient")
    if stage == "energy":
        return _with_energy(rows, values["place"])
    if stage == "rotate":
        first = values["rows"]
        return Rows([*rows.names[first:], *rows.names[:first]], _plain(rows))
    if stage == "deltas":
        orders = ["\N{GREEK CAPITAL LETTER DELTA}" * n for n in range(values["order"] + 1)]
        names = [f"{mark}{name}" if name else "" for mark in orders for name in rows.names]
        return Rows(names, f"{_plain(rows)} and deltas")
    if stage == "stack":
        return Rows([*rows.names] * values["size"], f"{_plain(rows)}, stacked frames")
    return rows


def _with_energy(rows: Rows, place: str) -> Rows:
    if place == "replace":
        return replace(rows, names=["energy", *rows.names[1:]])
    names = ["energy", *rows.names] if place == "first" else [*rows.names, "energy"]
    return Rows(names, _plain(rows))


def _plain(rows: Rows) -> str:
    return "band" if rows.edges is not None else rows.title


class RowAxis:
    """An axis of rows by number: row ``r`` reaches from ``r - 0.5`` to ``r + 0.5``."""

    def __init__(self, rows: Rows) -> None:
        self.title = rows.title
        self.names = rows.names
        self.edges = np.arange(len(rows.names) + 1) - 0.5
        self.bounds = (-0.5, len(rows.names) - 0.5)

    def forward(self, place: Array) -> Array:
        """Return the place itself: rows are even."""
        return np.asarray(place, np.float64)

    def inverse(self, place: Array) -> Array:
        """Return the place itself."""
        return np.asarray(place, np.float64)

    def ticks(self, most: int = 13) -> list[tuple[float, str]]:
        """Return at most so many rows that have names, evenly spread, and their names."""
        named = [(float(row), name) for row, name in enumerate(self.names) if name]
        step = -(-len(named) // max(1, most))
        return named[:: step or 1]
