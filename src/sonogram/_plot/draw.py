# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Pictures in matplotlib's figures and axes."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .frequency_axis import FrequencyAxis
from .panels import Panel, Signal
from .raster import Axis, Picture, envelope

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = npt.NDArray[Any]

_BAR_WIDTH = 48  # characters of a colour bar's label in a line


def draw_figure(
    signal: Signal, panels: Sequence[Panel], labels: Sequence[str], title: str | None, cmap: Any
) -> "Figure":
    """Draw each channel's waveform over its pictures, all on one time axis."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from .notebook_figure import ShownFigure

    count, pictures = len(signal.samples), len(panels)
    pairs = count * pictures
    height = 1.0 + 4.0 * min(pairs, 2) + 2.5 * max(0, pairs - 2)
    figure = ShownFigure(figsize=(10.0, height))
    figure.set_layout_engine("constrained")
    FigureCanvasAgg(figure)
    ratios = ([1] + [3] * pictures) * count
    grid = figure.add_gridspec(len(ratios), 2, height_ratios=ratios, width_ratios=[60, 1])
    shared = None
    for number, samples in enumerate(signal.samples):
        top = number * (pictures + 1)
        above = figure.add_subplot(grid[top, 0], sharex=shared)
        shared = shared or above
        _draw_waveform(above, samples, signal.rate, labels[number])
        above.tick_params(labelbottom=False)
        for place, panel in enumerate(panels, 1):
            below = figure.add_subplot(grid[top + place, 0], sharex=shared)
            mesh = draw_picture(below, panel.picture, number, cmap)
            last = number == count - 1 and place == pictures
            below.tick_params(labelbottom=last)
            if panel.name is not None:
                below.set_title(panel.name, loc="left", fontsize="medium", parse_math=False)
                bar = figure.add_subplot(grid[top + place, 1])
                add_bar(figure, mesh, panel.picture.label, cax=bar)
        above.set_xlim(0, signal.samples.shape[1] / signal.rate)
    below.set_xlabel("time (s)")
    if panels[0].name is None:
        add_bar(figure, mesh, panels[0].picture.label, cax=figure.add_subplot(grid[1:, 1]))
    _write_title(figure.axes[0], title)
    return figure


def draw_on(
    axes: Sequence[Any],
    signal: Signal,
    panels: Sequence[Panel],
    labels: Sequence[str],
    title: str | None,
    cmap: Any,
) -> None:
    """Draw each channel's pictures on axes that are the caller's, with a colour bar each."""
    places = [(panel, number) for number in range(len(signal.samples)) for panel in panels]
    for one, (panel, number) in zip(axes, places, strict=True):
        mesh = draw_picture(one, panel.picture, number, cmap)
        one.set_xlim(0, signal.samples.shape[1] / signal.rate)
        one.set_xlabel("time (s)")
        said = [panel.name or "", labels[number] if len(labels) > 1 else ""]
        words = ", ".join(word for word in said if word)
        if words:
            one.set_title(words, loc="left", fontsize="medium", parse_math=False)
        add_bar(one.figure, mesh, panel.picture.label, ax=one)
    if title:
        _write_title(axes[0], title)


def axes_for(given: Any, count: int) -> list[Any]:
    """Return the caller's axes as a list of so many."""
    found = list(np.asarray(given, dtype=object).ravel())
    for one in found:
        if not hasattr(one, "pcolormesh"):
            raise TypeError(
                f"ax is a {type(given).__name__}; it must be matplotlib Axes, or a list of them"
            )
    if len(found) != count:
        raise ValueError(
            f"ax has {len(found)} axes; it must have {count}, one for each picture of a channel "
            "and a front end (channel= chooses one channel)"
        )
    return found


def draw_picture(axes: Any, picture: Picture, number: int, cmap: Any, **options: Any) -> Any:
    """Draw one channel of a picture and its axes; return matplotlib's mesh."""
    chosen = {"vmin": picture.low, "vmax": picture.high, "cmap": cmap, "rasterized": True}
    chosen.update(options)
    values = picture.values[number]
    mesh = axes.pcolormesh(picture.times, picture.rows, values, shading="flat", **chosen)
    axes.set_ylabel(picture.axis.title)
    apply_axis(axes, picture.axis)
    return mesh


def apply_axis(axes: Any, axis: Axis) -> None:
    """Give matplotlib axes this scale, range and ticks."""
    from matplotlib import ticker

    if not isinstance(axis, FrequencyAxis):
        axes.set_ylim(*axis.bounds)
        marks = axis.ticks()
        axes.yaxis.set_minor_locator(ticker.NullLocator())
        axes.set_yticks([place for place, _ in marks], labels=[name for _, name in marks])
        return
    if axis.kind == "log":
        axes.set_yscale("log")
    elif axis.kind != "linear":
        axes.set_yscale("function", functions=(axis.forward, axis.inverse))
    axes.set_ylim(*axis.bounds)
    if axis.kind != "linear":
        axes.yaxis.set_major_locator(ticker.FixedLocator([hz for hz, _ in axis.ticks()]))
        axes.yaxis.set_minor_locator(ticker.NullLocator())
        axes.yaxis.set_major_formatter(ticker.FuncFormatter(lambda hz, _: f"{hz:g}"))


def add_bar(figure: Any, mesh: Any, label: str, **where: Any) -> None:
    """Add a colour bar that says the unit."""
    lines = textwrap.wrap(label, _BAR_WIDTH)
    bar = figure.colorbar(mesh, **where)
    bar.set_label("\n".join(lines), parse_math=False)


def _write_title(axes: Any, title: str | None) -> None:
    if title:
        width = 90 if title.isascii() else 60
        lines = [line for given in title.splitlines() for line in textwrap.wrap(given, width)]
        axes.set_title("\n".join(lines), loc="left", parse_math=False)


def _draw_waveform(axes: Any, samples: Array, rate: int, label: str) -> None:
    edges, low, high = envelope(samples, rate)
    if len(samples) < len(edges):
        axes.plot(np.arange(len(samples)) / rate, samples, color="C0", linewidth=0.8)
    else:
        tops, bottoms = np.append(high, high[-1]), np.append(low, low[-1])
        axes.fill_between(edges, bottoms, tops, step="post", color="C0", linewidth=0.5)
    extremes = np.abs(np.concatenate([low, high]))
    peak = float(extremes.max(initial=0.0, where=np.isfinite(extremes)))
    axes.set_ylim(*(np.array([-1.05, 1.05]) * (peak or 1.0)))
    axes.set_ylabel(label)
