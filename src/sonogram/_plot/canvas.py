# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A picture of palette indices with axes and text around it."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from .font import HEIGHT, WIDTH, drawn_text
from .palettes import palette
from .raster import Axis
from .time_ticks import time_ticks

Array = npt.NDArray[Any]

LEVELS = 252  # colours of values; the other four are what follows
GAP, PAPER, INK, FAINT = 252, 253, 254, 255
# a grey that no palette here has
_REST = ((112, 146, 160), (255, 255, 255), (0, 0, 0), (200, 200, 200))
_LEAST = 16  # pixels of a panel
_LEVEL_LETTERS = 8  # room for a number beside the colour bar


def colour_table(cmap: Any) -> Array:
    """Return the colours of all indices, uint8 ``[256, 3]``."""
    return np.concatenate([palette(cmap, LEVELS), np.array(_REST, np.uint8)])


def indices(values: Array, low: float, high: float) -> Array:
    """Return the palette index of each value; NaN is a gap."""
    with np.errstate(invalid="ignore", over="ignore"):
        places = (values.astype(np.float64, copy=False) - low) * (LEVELS / (high - low))
    missing = np.isnan(places)
    places[missing] = 0
    found = np.clip(places, 0, LEVELS - 1).astype(np.uint8)
    found[missing] = GAP
    return found


@dataclass(frozen=True)
class Words:
    """What stands around a picture."""

    axis: Axis
    start: float
    end: float
    label: str
    channels: tuple[str, ...]  # a line above each; empty where there is one channel
    title: str


@dataclass(frozen=True)
class Layout:
    """Where things lie, in pixels; the panels are left, top, width and height."""

    scale: int
    panels: tuple[tuple[int, int, int, int], ...]
    bar: tuple[int, int, int, int] | None


def plain_layout(width: int, height: int, channels: int) -> Layout:
    """Return panels one above the other that fill the picture."""
    edges = [height * n // channels for n in range(channels + 1)]
    panels = tuple((0, top, width, below - top) for top, below in pairwise(edges))
    return Layout(1, panels, None)


def framed_layout(width: int, height: int, words: Words, channels: int) -> Layout:
    """Leave room for axes and text; ValueError where too little is left for the picture."""
    scale = max(1, min(width // 600, height // 350))
    letter, line = WIDTH * scale, (HEIGHT + 2) * scale
    names = [name for _, name in words.axis.ticks()]
    left = line + max(map(len, names), default=1) * letter + 6 * scale
    right = 16 * scale + _LEVEL_LETTERS * letter + line
    top = line + 2 * scale if words.title else 5 * scale
    bottom = 2 * line + 6 * scale
    above = line if words.channels else 0
    each = (height - top - bottom) // channels - above
    wide = width - left - right
    if wide < _LEAST or each < _LEAST:
        raise ValueError(
            f"width and height are {width} and {height}; with axes they must be at least "
            f"{width - wide + _LEAST} and {height + channels * (_LEAST - each)}"
        )
    tops = [top + above + n * (each + above) for n in range(channels)]
    bar = (left + wide + 6 * scale, tops[0], 8 * scale, tops[-1] + each - tops[0])
    return Layout(scale, tuple((left, y, wide, each) for y in tops), bar)


class Canvas:
    """Palette indices ``[height, width]``, all paper at first."""

    def __init__(self, width: int, height: int, scale: int) -> None:
        self.pixels = np.full((height, width), PAPER, np.uint8)
        self._scale = scale

    def write(
        self, text: str, x: int, y: int, *, align: float = 0.0, upright: bool = False
    ) -> None:
        """Write a line whose upper left (``align`` 1: right, or lower, end) is at a place."""
        mark = drawn_text(text, self._scale)
        if upright:
            mark = np.rot90(mark)
            y -= round(align * mark.shape[0])
        else:
            x -= round(align * mark.shape[1])
        height, width = self.pixels.shape
        top, left = max(0, -y), max(0, -x)
        mark = mark[top : max(0, height - y), left : max(0, width - x)]
        part = self.pixels[y + top :, x + left :][: mark.shape[0], : mark.shape[1]]
        part[mark[: part.shape[0], : part.shape[1]]] = INK

    def fill(self, x: int, y: int, width: int, height: int, colour: int = INK) -> None:
        """Fill a rectangle, as far as it lies inside."""
        self.pixels[max(0, y) : max(0, y + height), max(0, x) : max(0, x + width)] = colour


def draw_words(canvas: Canvas, layout: Layout, words: Words, colours: tuple[float, float]) -> None:
    """Draw frames, ticks and text around pictures with these colours from low to high."""
    scale, line = layout.scale, (HEIGHT + 2) * layout.scale
    for number, (x, y, width, height) in enumerate(layout.panels):
        _frame(canvas, x, y, width, height, scale)
        if words.channels:
            canvas.write(words.channels[number], x, y - line + scale)
        _rows(canvas, layout, words.axis, number)
        middle = y + height // 2
        canvas.write(words.axis.title, scale, middle, align=0.5, upright=True)
    x, y, width, height = layout.panels[-1]
    span = words.end - words.start
    for seconds, name in time_ticks(words.start, words.end, max(2, width // (56 * scale))):
        at = x + round((seconds - words.start) / span * width)
        canvas.fill(at, y + height, scale, 4 * scale)
        canvas.write(name, at, y + height + 6 * scale, align=0.5)
    canvas.write("time", x + width // 2, y + height + 6 * scale + line, align=0.5)
    if words.title:
        canvas.write(words.title, x, 2 * scale)
    _bar(canvas, layout, words.label, colours)


def _frame(canvas: Canvas, x: int, y: int, width: int, height: int, scale: int) -> None:
    canvas.fill(x - scale, y - scale, width + 2 * scale, scale)
    canvas.fill(x - scale, y + height, width + 2 * scale, scale)
    canvas.fill(x - scale, y, scale, height)
    canvas.fill(x + width, y, scale, height)


def _rows(canvas: Canvas, layout: Layout, axis: Axis, number: int) -> None:
    x, y, _, height = layout.panels[number]
    scale = layout.scale
    bottom, top = axis.forward(np.array(axis.bounds))
    for place, name in axis.ticks(max(2, height // (14 * scale))):
        part = (float(axis.forward(np.array(place))) - bottom) / (top - bottom)
        at = y + height - 1 - round(part * (height - 1))
        canvas.fill(x - 4 * scale, at, 3 * scale, scale)
        canvas.write(name, x - 5 * scale, at - HEIGHT * scale // 2 + scale, align=1.0)


def _bar(canvas: Canvas, layout: Layout, label: str, colours: tuple[float, float]) -> None:
    assert layout.bar is not None
    low, high = colours
    x, y, width, height = layout.bar
    scale = layout.scale
    levels = np.arange(height - 1, -1, -1) * LEVELS // height
    canvas.pixels[y : y + height, x : x + width] = levels[:, None]
    _frame(canvas, x, y, width, height, scale)
    for value in _round_values(low, high, max(2, height // (20 * scale))):
        part = (value - low) / (high - low)
        at = y + height - 1 - round(part * (height - 1))
        canvas.fill(x + width + scale, at, 3 * scale, scale)
        name = f"{value:.4g}"
        canvas.write(name, x + width + 6 * scale, at - HEIGHT * scale // 2 + scale)
    wide = canvas.pixels.shape[1]
    place = wide - (HEIGHT + 1) * scale
    canvas.write(label, place, y + height // 2, align=0.5, upright=True)


def _round_values(low: float, high: float, most: int) -> list[float]:
    """Return round numbers from low to high, at most about so many."""
    step = 10.0 ** np.floor(np.log10((high - low) / most))
    step *= next(n for n in (1, 2, 5, 10, 20) if (high - low) / (n * step) <= most)
    first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
    return [float(n * step) for n in np.arange(first, last + 1)]
