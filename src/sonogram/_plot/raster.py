# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The numbers behind a plot: bounded in size however long the audio, with exact edges.

A `Picture` is a grid of cells. Its edges are times in seconds and places on its axis: the cell of
frame t and bin k reaches half a hop and half a bin to either side of where the frame's window and
the bin are centred. Where there are more frames or bins than a screen has pixels, neighbours are
merged into their maximum, so a click of one frame stays visible in hours of audio.
"""

import math
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from .._banks.scales import power_to_db
from .._features.extractor import Extractor
from .._spec.record import Spec
from .._support.arguments import shown
from .meaning import Meaning, meaning_of

MAX_COLUMNS = 2000
MAX_ROWS = 600
TOP_DB = 80.0
_FRAMES_AT_ONCE = 8192

Array = npt.NDArray[Any]


class Axis(Protocol):
    """What rows lie along: `FrequencyAxis` or `RowAxis`."""

    title: str
    edges: Array
    bounds: tuple[float, float]

    def forward(self, hz: Array, /) -> Array:
        """Return places on a page, from places in the axis' own unit."""

    def inverse(self, place: Array, /) -> Array:
        """Return what `forward` was given."""

    def ticks(self, most: int = ...) -> list[tuple[float, str]]:
        """Return places to mark, and what stands there."""


@dataclass(frozen=True)
class Limits:
    """The range of colours as it was asked for; None: as the values have it."""

    top_db: float | None = None
    vmin: float | None = None
    vmax: float | None = None

    def over(self, low: float, high: float) -> tuple[float, float]:
        """Return the range of colours: what was given, else these."""
        low = low if self.vmin is None else self.vmin
        high = high if self.vmax is None else self.vmax
        if low >= high and self.vmin is not None and self.vmax is not None:
            raise ValueError(f"vmin is {low:g}; it must be below vmax = {high:g}")
        if self.vmin is not None and high <= low:
            high = low + 1.0
        return (low, high) if low < high else (high - 1.0, high)


@dataclass(frozen=True)
class Picture:
    """Values ``[channels, rows, columns]`` between edges, and the range to colour."""

    values: Array
    times: Array
    rows: Array
    axis: Axis
    low: float
    high: float
    label: str


def envelope(samples: Array, sample_rate: float) -> tuple[Array, Array, Array]:
    """Return the edges of at most `MAX_COLUMNS` spans of time, and the extremes of each."""
    count = min(len(samples), MAX_COLUMNS)
    edges = np.arange(count + 1) * len(samples) // count
    low = np.minimum.reduceat(samples, edges[:-1])
    high = np.maximum.reduceat(samples, edges[:-1])
    return edges / sample_rate, low, high


def resolution(samples: int, sample_rate: float, seconds: float) -> tuple[int, int, int]:
    """Choose ``n_fft, win_length, hop_length``: about so many seconds, less for short audio."""
    n_fft = 1 << max(5, round(math.log2(seconds * sample_rate)))
    win_length = min(n_fft, max(16, samples // 4))
    return n_fft, win_length, max(1, min(win_length // 4, samples // 500))


def power_picture(channels: Array, spec: Spec, axis: Axis, limits: Limits) -> Picture:
    """Compute the power spectrogram of ``[channels, samples]`` in dB below its maximum."""
    rate, hop = spec.sample_rate, hop_length(spec)
    count = 1 + channels.shape[1] // hop
    merge = -(-count // MAX_COLUMNS)
    step = max(1, _FRAMES_AT_ONCE // merge) * merge
    rows = _Rows(axis)
    pieces = []
    for first in range(0, count, step):
        power = _frames(channels, spec, first, min(step, count - first))
        pieces.append(merged(rows.merged(power), np.arange(0, power.shape[-1], merge), axis=-1))
    values, low, high = levels(np.concatenate(pieces, axis=-1), 2.0, limits)
    first_frames = np.append(np.arange(0, count, merge), count)
    times = (first_frames - 0.5) * hop / rate
    times[-1] = max(times[-1], channels.shape[1] / rate)
    return Picture(values, times, rows.edges, axis, low, high, "dB re max")


def feature_picture(
    features: Array, spec: Spec, times: Array, axis: Axis, limits: Limits
) -> Picture:
    """Show features that were computed before; ``times`` are the centres of their frames."""
    values = features.swapaxes(-1, -2) if spec.layout == "time_freq" else features
    values = np.abs(values) if np.iscomplexobj(values) else values
    meaning = meaning_of(spec)
    label = meaning.label if meaning.exponent is None else "dB re max"
    values, low, high = coloured(values, meaning, limits)
    hop = np.diff(times[:2])[0] if len(times) > 1 else hop_length(spec) / spec.sample_rate
    merge = -(-values.shape[-1] // MAX_COLUMNS)
    firsts = np.arange(0, values.shape[-1], merge)
    edges = np.append(times[firsts] - hop / 2, times[-1] + hop / 2)
    rows = _Rows(axis)
    values = merged(rows.merged(values), firsts, axis=-1)
    return Picture(values, edges, rows.edges, axis, low, high, label)


def coloured(
    values: Array, meaning: Meaning, limits: Limits, peak: float | None = None
) -> tuple[Array, float, float]:
    """Return features as they are shown, and the range to colour; ``peak`` as in `levels`."""
    if meaning.exponent is None:
        return values, *_value_range(values, meaning, limits)
    return levels(values, meaning.exponent, limits, peak)


def levels(
    values: Array, exponent: float, limits: Limits, peak: float | None = None
) -> tuple[Array, float, float]:
    """Return ``|X| ** exponent`` in dB below the maximum or ``peak``, and the range to colour."""
    top = TOP_DB if limits.top_db is None else limits.top_db
    # kept as far below the maximum as a colour is given to it
    deepest = top if limits.vmin is None else max(top, -limits.vmin)
    return _decibels(values, exponent, deepest, peak), *limits.over(-top, 0.0)


def _value_range(values: Array, meaning: Meaning, limits: Limits) -> tuple[float, float]:
    """Return the range to colour of features that are shown as they are."""
    finite = values[np.isfinite(values)]
    least, most = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if limits.top_db is not None:
        if meaning.per_db is None:
            raise ValueError(
                f"top_db is {shown(limits.top_db)}; these features ({meaning.label}) are no level "
                "in dB: give vmin and vmax"
            )
        least = most - limits.top_db * meaning.per_db
    elif meaning.per_db is not None:
        least = max(least, most - TOP_DB * meaning.per_db)
    return limits.over(least, most if most > least else least + 1.0)


def hop_length(spec: Spec) -> int:
    """Return the hop that a spec means, also where it leaves it to the default."""
    if spec.hop_length is not None:
        return spec.hop_length
    return (spec.n_fft if spec.win_length is None else spec.win_length) // 2


def _decibels(values: Array, power: float, deepest: float, peak: float | None) -> Array:
    """Return ``|X| ** power`` in dB below the maximum, or below ``peak``, cut at ``-deepest``.

    Silence is all at the bottom; what is not finite is NaN, which is left blank.
    """
    finite = np.isfinite(values)
    if peak is None:
        peak = float(values.max(initial=0.0, where=finite))
    floor = peak * 10.0 ** (-deepest * power / 20.0)
    if floor <= 0.0:
        return np.where(finite, -deepest, np.nan)
    level = power_to_db(np.where(finite, values, floor), ref=peak, amin=floor) * (2.0 / power)
    return np.where(finite, level, np.nan)


def merged(values: Array, firsts: Array, axis: int) -> Array:
    """Merge runs that begin at ``firsts`` into their maximum (NaN where one is NaN)."""
    return np.maximum.reduceat(values, firsts, axis=axis)


class _Rows:
    """The rows of a picture: those inside the axis' range, merged where they are below a pixel."""

    def __init__(self, axis: Axis) -> None:
        edges, bounds, to_axis = axis.edges, axis.bounds, axis.forward
        end = len(edges) - 1  # rows may end below the bounds
        first = min(max(0, int(np.searchsorted(edges, bounds[0], "right")) - 1), end - 1)
        last = min(max(first + 1, int(np.searchsorted(edges, bounds[1], "left"))), end)
        self._bins = slice(first, last)
        lower = np.maximum(edges[first:last], bounds[0])
        places = to_axis(lower)
        bottom, top = to_axis(np.array(bounds))
        pixels = np.floor((places - bottom) / (top - bottom) * MAX_ROWS + 1e-6)
        self._firsts = np.flatnonzero(np.diff(pixels, prepend=-1.0))
        top_edge = max(min(edges[last], bounds[1]), lower[-1])
        self.edges = np.append(lower[self._firsts], top_edge)

    def merged(self, values: Array) -> Array:
        return merged(values[..., self._bins, :], self._firsts, axis=-2)


def _frames(channels: Array, spec: Spec, first: int, count: int) -> Array:
    """Compute ``count`` frames of the centred, zero-padded spectrogram."""
    hop = hop_length(spec)
    start = first * hop - spec.n_fft // 2
    stop = start + (count - 1) * hop + spec.n_fft
    inside = channels[:, max(start, 0) : max(stop, 0)]
    left = max(-start, 0)
    right = max(stop - start - left - inside.shape[1], 0)
    piece = np.pad(inside, ((0, 0), (left, right)))
    return np.asarray(Extractor(spec.replace(center=False))(piece))
