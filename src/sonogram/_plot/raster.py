# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The numbers behind a plot: bounded in size however long the audio, with exact edges.

A `Picture` is a grid of cells. Its edges are times in seconds and frequencies in Hz: the cell of
frame t and bin k reaches half a hop and half a bin to either side of where the frame's window and
the bin are centred. Where there are more frames or bins than a screen has pixels, neighbours are
merged into their maximum, so a click of one frame stays visible in hours of audio.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .._banks.filterbanks import band_frequencies
from .._banks.scales import band_scale, power_to_db
from .._features.extractor import Extractor
from .._spec.record import Spec

MAX_COLUMNS = 2000
MAX_ROWS = 600
_FRAMES_AT_ONCE = 8192

Array = npt.NDArray[Any]
ToAxis = Callable[[Array], Array]


@dataclass(frozen=True)
class Picture:
    """Values ``[channels, rows, columns]`` between edges, and the range to colour."""

    values: Array
    times: Array
    frequencies: Array
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


def power_picture(
    channels: Array, spec: Spec, bounds: tuple[float, float], to_axis: ToAxis, top_db: float
) -> Picture:
    """Compute the power spectrogram of ``[channels, samples]`` in dB below its maximum."""
    rate, hop = spec.sample_rate, hop_length(spec)
    count = 1 + channels.shape[1] // hop
    merge = -(-count // MAX_COLUMNS)
    step = max(1, _FRAMES_AT_ONCE // merge) * merge
    rows = _Rows(_bin_edges(spec), bounds, to_axis)
    pieces = []
    for first in range(0, count, step):
        power = _frames(channels, spec, first, min(step, count - first))
        pieces.append(merged(rows.merged(power), np.arange(0, power.shape[-1], merge), axis=-1))
    values, low, high = decibels(np.concatenate(pieces, axis=-1), 2.0, top_db)
    first_frames = np.append(np.arange(0, count, merge), count)
    times = (first_frames - 0.5) * hop / rate
    times[-1] = max(times[-1], channels.shape[1] / rate)
    return Picture(values, times, rows.edges, low, high, "dB")


def feature_picture(
    features: Array,
    spec: Spec,
    times: Array,
    bounds: tuple[float, float],
    to_axis: ToAxis,
    top_db: float,
) -> Picture:
    """Show features that were computed before; ``times`` are the centres of their frames."""
    values = features.swapaxes(-1, -2) if spec.layout == "time_freq" else features
    if spec.log is None:
        power = spec.power if spec.power is not None else 1.0
        values, low, high = decibels(np.abs(values), float(power), top_db)
        label = "dB"
    else:
        finite = values[np.isfinite(values)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        high = high if high > low else low + 1.0
        label = {"db": "dB"}.get(spec.log, spec.log) + (", finished" if spec.finish else "")
    hop = hop_length(spec) / spec.sample_rate
    merge = -(-values.shape[-1] // MAX_COLUMNS)
    firsts = np.arange(0, values.shape[-1], merge)
    edges = np.append(times[firsts] - hop / 2, times[-1] + hop / 2)
    rows = _Rows(row_edges(spec), bounds, to_axis)
    values = merged(rows.merged(values), firsts, axis=-1)
    return Picture(values, edges, rows.edges, low, high, label)


def hop_length(spec: Spec) -> int:
    """Return the hop that a spec means, also where it leaves it to the default."""
    if spec.hop_length is not None:
        return spec.hop_length
    return (spec.n_fft if spec.win_length is None else spec.win_length) // 2


def decibels(values: Array, power: float, top_db: float) -> tuple[Array, float, float]:
    """Return ``|X| ** power`` in dB below the maximum, and the range to colour.

    Silence is all at the bottom; what is not finite is NaN, which is left blank.
    """
    finite = np.isfinite(values)
    peak = float(values.max(initial=0.0, where=finite))
    floor = peak * 10.0 ** (-top_db * power / 20.0)
    if floor <= 0.0:
        quiet = np.where(finite, -top_db, np.nan)
        return quiet, -top_db, 0.0
    level = power_to_db(np.where(finite, values, floor), ref=peak, amin=floor) * (2.0 / power)
    return np.where(finite, level, np.nan), -top_db, 0.0


def merged(values: Array, firsts: Array, axis: int) -> Array:
    """Merge runs that begin at ``firsts`` into their maximum (NaN where one is NaN)."""
    return np.maximum.reduceat(values, firsts, axis=axis)


def row_edges(spec: Spec) -> Array:
    """Return the edges in Hz of the rows of features: between the centres of their filters."""
    if spec.filterbank is None:
        return _bin_edges(spec)
    if not isinstance(spec.filterbank, str) or spec.filterbank == "chroma":
        kind = "chroma" if isinstance(spec.filterbank, str) else "a matrix"
        raise ValueError(
            f"spec has {kind} as filterbank; to be drawn it must be 'mel', 'linear', 'bark', "
            "'erb', 'log' or None"
        )
    to_scale, from_scale = band_scale(spec)
    bands = band_frequencies(spec)
    centres = to_scale(bands[:, 1])
    between = from_scale((centres[:-1] + centres[1:]) / 2)
    return np.concatenate([bands[:1, 0], between, bands[-1:, 2]])


class _Rows:
    """The rows of a picture: the bins inside ``bounds``, merged where they are below a pixel."""

    def __init__(self, edges: Array, bounds: tuple[float, float], to_axis: ToAxis) -> None:
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


def _bin_edges(spec: Spec) -> Array:
    bins = np.arange(spec.n_fft // 2 + 2) - 0.5
    return np.clip(bins * spec.sample_rate / spec.n_fft, 0.0, spec.sample_rate / 2)


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
