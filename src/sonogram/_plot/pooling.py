# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Frames to pixels, a block at a time: the maximum of what falls into a pixel.

Where several frames or rows have their centre in a pixel, it shows their maximum, so that what is
short or narrow stays visible; where none has, it shows the one in whose cell its own centre lies.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .raster import Axis

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Spans:
    """What falls to each pixel: the indices from ``first`` up to ``last``; none where it is a gap.

    Both are as long as there are pixels, and grow from pixel to pixel outside gaps.
    """

    first: Array
    last: Array

    @property
    def gaps(self) -> Array:
        """Pixels to which nothing falls."""
        return self.first >= self.last


@dataclass(frozen=True)
class FrameTimes:
    """When frames are.

    Attributes
    ----------
    first, step : float
        Frame ``f`` is at ``first + f * step`` seconds.
    count : int
        Frames there are.
    reach : float
        Seconds around a frame in which it is seen where there is none nearer.
    middles : ndarray or None
        The times themselves, where they are not even.
    """

    first: float
    step: float
    count: int
    reach: float
    middles: Array | None = None

    def index(self, times: Array) -> Array:
        """Return how many frames are before each time."""
        # a frame on an edge is behind it; rounding of times must not decide
        if self.middles is not None:
            return np.searchsorted(self.middles, times - 1e-6 * self.step)
        found = np.ceil((times - self.first) / self.step - 1e-6)
        return np.clip(found, 0, self.count).astype(np.int64)

    def nearest(self, times: Array) -> tuple[Array, Array]:
        """Return the frame nearest to each time, and how far away it is."""
        if self.middles is not None:
            right = np.clip(np.searchsorted(self.middles, times), 1, max(1, self.count - 1))
            right = np.minimum(right, self.count - 1)
            left = np.maximum(right - 1, 0)
            nearer = times - self.middles[left] < self.middles[right] - times
            found = np.where(nearer, left, right)
            return found, np.abs(times - self.middles[found])
        found = np.rint((times - self.first) / self.step)
        found = np.clip(found, 0, self.count - 1).astype(np.int64)
        return found, np.abs(times - self.first - found * self.step)


def column_spans(width: int, start: float, end: float, frames: FrameTimes) -> Spans:
    """Return the frames of each pixel column of the time from ``start`` to ``end``."""
    edges = start + np.arange(width + 1) * ((end - start) / width)
    nearest, away = frames.nearest((edges[:-1] + edges[1:]) / 2)
    return _spans(frames.index(edges), nearest, away <= max(frames.step, frames.reach))


def row_spans(height: int, axis: Axis) -> Spans:
    """Return the rows of each pixel row, from the lowest up."""
    places = axis.forward(axis.edges)
    bottom, top = axis.forward(np.array(axis.bounds))
    pixels = np.linspace(bottom, top, height + 1)
    index = np.searchsorted((places[:-1] + places[1:]) / 2, pixels)
    middles = (pixels[:-1] + pixels[1:]) / 2
    cells = np.clip(np.searchsorted(places, middles, "right") - 1, 0, len(places) - 2)
    return _spans(index, cells, (middles >= places[0]) & (middles <= places[-1]))


def _spans(index: Array, instead: Array, there: Array) -> Spans:
    first, last = index[:-1].copy(), index[1:].copy()
    empty = first >= last
    first[empty], last[empty] = instead[empty], instead[empty] + 1
    gap = empty & ~there
    first[gap] = last[gap] = 0
    return Spans(first, last)


class Pooler:
    """Gathers frames of ``channels`` signals into pixels ``[channels, columns, rows]``."""

    def __init__(self, channels: int, columns: Spans, rows: Spans) -> None:
        self._columns, self._rows = columns, rows
        self._filled = np.flatnonzero(~columns.gaps)  # columns with frames, in their order
        self._first = columns.first[self._filled]
        self._last = columns.last[self._filled]
        shape = (channels, len(self._filled), int((~rows.gaps).sum()))
        self._held = np.full(shape, -np.inf, np.float32)
        self._row_spans = Spans(rows.first[~rows.gaps], rows.last[~rows.gaps])

    @property
    def frames(self) -> tuple[int, int]:
        """Return the first frame that is seen, and the one after the last."""
        return (int(self._first[0]), int(self._last[-1])) if len(self._filled) else (0, 0)

    def take(self, at: int, block: Array) -> None:
        """Take frames ``[channels, frames, rows]`` of which the first has the number ``at``."""
        end = at + block.shape[1]
        low = int(np.searchsorted(self._last, at, "right"))
        high = int(np.searchsorted(self._first, end, "left"))
        if low >= high:
            return
        starts = np.maximum(self._first[low:high] - at, 0)
        stops = np.minimum(self._last[low:high], end) - at
        seen = block[:, starts[0] : stops[-1]]
        spans = Spans(starts - starts[0], stops - starts[0])
        if seen.shape[1] <= high - low:
            pooled = _maxima(_maxima(seen, self._row_spans, 2), spans, 1)
        else:
            pooled = _maxima(_fewer_frames(seen, spans), self._row_spans, 2)
        held = self._held[:, low:high]
        np.maximum(held, pooled, out=held)

    def pixels(self) -> Array:
        """Return what was gathered, ``[channels, rows, columns]``, the highest row first.

        Gaps are NaN.
        """
        shape = (len(self._held), len(self._rows.first), len(self._columns.first))
        whole = np.full(shape, np.nan, np.float32)
        rows = np.flatnonzero(~self._rows.gaps)
        whole[:, rows[:, None], self._filled] = self._held.swapaxes(1, 2)
        return whole[:, ::-1]


def _fewer_frames(block: Array, spans: Spans) -> Array:
    """Return the maximum of each span of frames: along them rows lie together in memory."""
    made = np.empty((block.shape[0], len(spans.first), block.shape[2]), block.dtype)
    for number, (start, stop) in enumerate(zip(spans.first, spans.last, strict=True)):
        np.max(block[:, start:stop], axis=1, out=made[:, number])
    return made


def _maxima(values: Array, spans: Spans, axis: int) -> Array:
    """Return the maximum of every span along an axis."""
    if (spans.last - spans.first == 1).all():
        return values.take(spans.first, axis)
    # one more at the end, as a span may end behind the last
    shape = [1 if a == axis else n for a, n in enumerate(values.shape)]
    longer = np.concatenate([values, np.full(shape, -np.inf, values.dtype)], axis)
    pairs = np.stack([spans.first, spans.last], axis=1).ravel()
    every = np.maximum.reduceat(longer, pairs, axis)
    return every[:, ::2] if axis == 1 else every[:, :, ::2]
