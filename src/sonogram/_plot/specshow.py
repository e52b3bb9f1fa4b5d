# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""`sonogram.specshow`: features on the caller's axes."""

from typing import Any, Literal

from .._features.extractor import Extractor
from .._spec.as_spec import SpecLike, as_spec
from .._support.arguments import number_above, require_bool
from .._support.optional import require
from .._support.spellings import names_arguments
from .draw import add_bar, axes_for, draw_picture
from .figure import limits_of
from .panels import AxisOptions, checked
from .raster import feature_picture


@names_arguments
def specshow(
    features: Any,
    spec: SpecLike,
    *,
    ax: Any = None,
    freq_axis: Literal["linear", "log", "mel", "bark"] | None = None,
    f_min: float | None = None,
    f_max: float | None = None,
    start: float = 0,
    num_samples: int | None = None,
    top_db: float | None = None,
    vmin: float | None = None,
    vmax: float | None = None,
    cmap: Any = "magma",
    colorbar: bool = False,
    **kwargs: Any,
) -> Any:
    """Draw features on matplotlib axes, with the times and rows that their Spec gives them.

    Unlike `librosa.display.specshow`, it needs to be told no sample rate, hop, scale or unit. Needs
    the extra ``sonogram[plot]``.

    Parameters
    ----------
    features : array_like or torch.Tensor
        ``[rows, time]`` or, if ``spec.layout`` says so, ``[time, rows]``; one channel.
    spec : Spec, str, Preset, Extractor or transform
        The front end that made the features.
    ax : matplotlib.axes.Axes, optional
        Where to draw. Default: pyplot's current axes.
    freq_axis : {"linear", "log", "mel", "bark"}, optional
        Scale of a frequency axis. Default: that of the bands. Chroma gets note names and cepstra
        their numbers instead.
    f_min, f_max : float, optional
        Range of a frequency axis in Hz.
    start : float
        Time in seconds at which the waveform of the features begins.
    num_samples : int, optional
        Samples of that waveform; needed where `Extractor.frame_times` needs it.
    top_db, vmin, vmax, cmap
        As in `plot`.
    colorbar : bool
        Add a colour bar with the unit of the features.
    **kwargs
        Passed to ``matplotlib.axes.Axes.pcolormesh``.

    Returns
    -------
    matplotlib.collections.QuadMesh
        For ``figure.colorbar`` and the like.

    Raises
    ------
    TypeError, ValueError
        Naming the argument, its value and what is allowed.

    Examples
    --------
    >>> import sonogram
    >>> from matplotlib.figure import Figure
    >>> waveform, _ = sonogram.load("examples/audio/speech.flac")
    >>> features = sonogram.Extractor("whisper-80")(waveform[0])
    >>> ax = Figure().subplots()
    >>> mesh = sonogram.specshow(features, "whisper-80", ax=ax, colorbar=True)
    >>> ax.get_ylabel()
    'frequency (Hz)'
    """
    shift = number_above("start", start, 0, included=True)
    require_bool("colorbar", colorbar)
    limits = limits_of(top_db, vmin, vmax)
    require("matplotlib", "plot", "sonogram.specshow")
    front = as_spec(spec)
    axis = AxisOptions(freq_axis, f_min, f_max).over(front)
    values = checked(features, front, len(axis.edges) - 1)
    if len(values) != 1:
        raise ValueError(f"features has {len(values)} channels; it must have one: features[0]")
    if ax is None:
        ax = require("matplotlib.pyplot", "plot", "sonogram.specshow").gca()
    (axes,) = axes_for(ax, 1)
    count = values.shape[1 if front.layout == "time_freq" else 2]
    times = Extractor(front).frame_times(count, num_samples)
    picture = feature_picture(values, front, times + shift, axis, limits)
    mesh = draw_picture(axes, picture, 0, cmap, **kwargs)
    axes.set_xlabel("time (s)")
    if colorbar:
        add_bar(axes.figure, mesh, picture.label, ax=axes)
    return mesh
