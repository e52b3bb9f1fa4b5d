# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""`sonogram.plot`: a waveform over its spectrogram."""

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy.typing as npt

from .._spec.as_spec import SpecLike
from .._support.arguments import number_above, positive_int
from .._support.optional import require
from .._support.overloads import TensorLike
from .._support.paths import as_path, written_whole
from .._support.spellings import names_arguments
from .draw import axes_for, draw_figure, draw_on
from .panels import AxisOptions, Resolution, feature_panels, signal_of, spectrogram_panel
from .raster import Limits

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@names_arguments
def plot(
    waveform: npt.ArrayLike | TensorLike,
    sample_rate: int,
    *,
    channel: int | None = None,
    n_fft: int | None = None,
    win_length: int | None = None,
    hop_length: int | None = None,
    window: Any = "hann",
    freq_axis: Literal["linear", "log", "mel", "bark"] | None = None,
    f_min: float | None = None,
    f_max: float | None = None,
    top_db: float | None = None,
    vmin: float | None = None,
    vmax: float | None = None,
    cmap: Any = "magma",
    title: str | None = None,
    features: Any = None,
    spec: SpecLike | Sequence[SpecLike] | None = None,
    ax: Any = None,
    path: str | os.PathLike[str] | None = None,
) -> "Figure":
    """Draw a waveform over its spectrogram, or over what front ends make of it, on one time axis.

    Works without a display and leaves pyplot alone. Needs the extra ``sonogram[plot]``.

    Parameters
    ----------
    waveform : array_like or torch.Tensor
        ``[samples]`` or ``[channels, samples]``, 10 ms or hours of it: what is drawn is bounded.
        The waveform is drawn as its minimum and maximum per pixel column, and frames that fall
        into one column are merged into their maximum.
    sample_rate : int
        Samples a second.
    channel : int, optional
        Draw this channel alone. Default: every channel, the first 8 if there are more.
    n_fft, win_length, hop_length : int, optional
        Resolution of the spectrogram. Default: windows of about 40 ms (log: 80 ms), or a quarter
        of the waveform where that is less, and a hop of at most a quarter of the window.
    window : str
        As in `sonogram.spectrogram`.
    freq_axis : {"linear", "log", "mel", "bark"}, optional
        How Hz are spread over the axis. Default: ``"linear"``; ``"mel"`` or ``"bark"`` for features
        of such bands.
    f_min, f_max : float, optional
        Range of the axis in Hz. Default: 0 (log: two and a half bins) to half the sample rate.
    top_db : float, optional
        Colours end this many dB below the maximum. Default: 80, of features that are a level at
        most as far as they reach; an error for features that are none (normalized, cepstra, ...).
    vmin, vmax : float, optional
        Range of the colours in the unit of the colour bar, instead of what `top_db` says.
    cmap : str or matplotlib.colors.Colormap
        Colours.
    title : str, optional
        A line above the picture.
    features : array_like or torch.Tensor, optional
        Draw these instead of a spectrogram of the waveform: what the `Extractor` of ``spec`` made
        of it, ``[..., rows, time]`` or, where ``spec.layout`` says so, ``[..., time, rows]``.
        Features with a log are shown as they are, others in dB; the colour bar says their unit.
        Rows are drawn in Hz, as pitch classes (chroma), coefficients (MFCC) or numbers.
    spec : Spec, str, Preset, Extractor or transform, or a list of them, optional
        How ``features`` were made; alone, the front end to compute them with (the waveform is
        resampled to its rate). With a list, front ends are compared: one picture each, on one time
        axis, and ``features`` is a list too where it is given.
    ax : matplotlib.axes.Axes or a sequence of them, optional
        Draw the pictures here, without the waveform: one for each front end and channel.
    path : str or os.PathLike, optional
        Save the picture here as well; the suffix (.png, .pdf, .svg, ...) tells the format.

    Returns
    -------
    matplotlib.figure.Figure
        Not known to pyplot; a notebook shows it, ``figure.savefig("picture.png")`` writes it. With
        ``ax``, the figure of those.

    Examples
    --------
    >>> import sonogram
    >>> waveform, sample_rate = sonogram.load("examples/audio/speech.flac")
    >>> figure = sonogram.plot(waveform, sample_rate, freq_axis="mel", path="speech.png")
    """
    rate = positive_int("sample_rate", sample_rate)
    limits = limits_of(top_db, vmin, vmax)
    signal = signal_of(waveform, rate, channel)
    require("matplotlib", "plot", "sonogram.plot")
    target = None if path is None else as_path(path)
    kind = None if target is None else picture_format(target)
    axis = AxisOptions(freq_axis, f_min, f_max)
    wanted = Resolution(n_fft, win_length, hop_length, window)
    if features is None and spec is None:
        panels = [spectrogram_panel(signal, wanted, axis, limits)]
    else:
        wanted.refuse_beside_spec()
        panels = feature_panels(signal, features, spec, axis, limits)
    shown_numbers = signal.numbers
    labels = ["amplitude"] if signal.total == 1 else [f"channel {n}" for n in shown_numbers]
    if signal.total > len(shown_numbers) and channel is None:
        title = f"{title or ''} (channels 0 to {len(shown_numbers) - 1} of {signal.total})".strip()
    if ax is None:
        figure = draw_figure(signal, panels, labels, title, cmap)
    else:
        axes = axes_for(ax, len(panels) * len(signal.samples))
        draw_on(axes, signal, panels, labels, title, cmap)
        figure = axes[0].figure
    if target is not None:
        with written_whole(target) as temporary:
            figure.savefig(temporary, format=kind, dpi=120)
    return figure


def limits_of(top_db: Any, vmin: Any, vmax: Any) -> Limits:
    """Return the range of colours that was asked for; an error names what is wrong with it."""
    top = None if top_db is None else number_above("top_db", top_db, 0)
    for name, value in (("vmin", vmin), ("vmax", vmax)):
        if value is not None:
            number_above(name, value, -math.inf)
    if top is not None and vmin is not None:
        raise ValueError(f"top_db is {top:g} and vmin {vmin:g}; one of them must be None")
    low = None if vmin is None else float(vmin)
    return Limits(top, low, None if vmax is None else float(vmax))


def picture_format(path: Path) -> str:
    """Return the format that the suffix tells; ValueError where matplotlib does not write it."""
    agg = require("matplotlib.backends.backend_agg", "plot", "sonogram.plot")
    allowed = agg.FigureCanvasAgg.get_supported_filetypes()
    kind = path.suffix[1:].lower()
    if kind not in allowed:
        raise ValueError(
            f"path is {str(path)!r}; its suffix must be one of {', '.join(sorted(allowed))}"
        )
    return kind
