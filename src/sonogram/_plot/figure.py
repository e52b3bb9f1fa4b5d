# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""`sonogram.plot`: a waveform over its spectrogram."""

import os
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from .._banks.scales import hz_to_mel, mel_to_hz
from .._features.extractor import Extractor
from .._spec.as_spec import SpecLike, as_spec
from .._spec.record import Spec
from .._support.arguments import (
    as_float,
    as_waveform,
    check_orientation,
    number_above,
    positive_int,
    require_one_of,
)
from .._support.optional import require
from .._support.overloads import TensorLike
from .._support.paths import as_path, written_whole
from .._support.spellings import names_arguments
from .raster import (
    Array,
    Picture,
    ToAxis,
    envelope,
    feature_picture,
    power_picture,
    resolution,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MAX_CHANNELS = 8
_AXES = ("linear", "log", "mel")


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
    freq_axis: Literal["linear", "log", "mel"] | None = None,
    f_min: float | None = None,
    f_max: float | None = None,
    top_db: float = 80.0,
    title: str | None = None,
    features: Any = None,
    spec: SpecLike | None = None,
    path: str | os.PathLike[str] | None = None,
) -> "Figure":
    """Draw a waveform over its spectrogram on one time axis.

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
    freq_axis : {"linear", "log", "mel"}, optional
        How Hz are spread over the axis. Default: ``"linear"``; ``"mel"`` for mel features.
    f_min, f_max : float, optional
        Range of the axis in Hz. Default: 0 (log: half a bin) to half the sample rate.
    top_db : float
        Colours end this many dB below the maximum of the spectrogram, which is 0 dB.
    title : str, optional
        A line above the picture.
    features : array_like or torch.Tensor, optional
        Draw these instead of a spectrogram of the waveform: what the `Extractor` of ``spec`` made
        of it, ``[..., rows, time]`` or, where ``spec.layout`` says so, ``[..., time, rows]``.
        Features with a log are shown as they are, others in dB.
    spec : Spec, str, Preset, Extractor or transform, optional
        How ``features`` were made; needed with them.
    path : str or os.PathLike, optional
        Save the picture here as well; the suffix (.png, .pdf, .svg, ...) tells the format.

    Returns
    -------
    matplotlib.figure.Figure
        Not known to pyplot; ``figure.savefig("picture.png")`` writes it.

    Examples
    --------
    >>> import sonogram
    >>> waveform, sample_rate = sonogram.load("examples/audio/speech.flac")
    >>> figure = sonogram.plot(waveform, sample_rate, freq_axis="mel", path="speech.png")
    """
    rate = positive_int("sample_rate", sample_rate)
    top = number_above("top_db", top_db, 0)
    channels, numbers, total = _channels(waveform, channel)
    require("matplotlib", "plot", "sonogram.plot")
    target = None if path is None else as_path(path)
    kind = None if target is None else picture_format(target)
    if features is None and spec is not None:
        raise ValueError("spec is given; it must come with the features it describes")
    if features is None:
        chosen = _choose(
            channels.shape[1],
            rate,
            n_fft,
            win_length,
            hop_length,
            window,
            0.08 if freq_axis == "log" else 0.04,
        )
        axis = _FrequencyAxis(freq_axis or "linear", chosen, f_min, f_max)
        picture = power_picture(channels, chosen, axis.bounds, axis.forward, top)
    else:
        made = _described(spec, rate)
        mel = made.filterbank == "mel"
        axis = _FrequencyAxis(freq_axis or ("mel" if mel else "linear"), made, f_min, f_max)
        values, times = _features(features, made, channels.shape[1], numbers, total)
        picture = feature_picture(values, made, times, axis.bounds, axis.forward, top)
    labels = ["amplitude"] if total == 1 else [f"channel {number}" for number in numbers]
    if total > len(numbers) and channel is None:
        title = f"{title or ''} (channels 0 to {len(numbers) - 1} of {total})".strip()
    figure = _draw(channels, rate, picture, axis, labels, title)
    if target is not None:
        with written_whole(target) as temporary:
            figure.savefig(temporary, format=kind, dpi=120)
    return figure


class _FrequencyAxis:
    """One of the three axes: its range, its scale and its ticks."""

    def __init__(self, kind: str, spec: Spec, f_min: float | None, f_max: float | None) -> None:
        require_one_of("freq_axis", kind, _AXES)
        self.kind = kind
        self._mel_scale = spec.mel_scale
        nyquist = spec.sample_rate / 2
        lowest = spec.sample_rate / spec.n_fft / 2 if kind == "log" else 0.0
        low = lowest if f_min is None else number_above("f_min", f_min, 0, included=True)
        high = nyquist if f_max is None else number_above("f_max", f_max, 0)
        if high > nyquist:
            raise ValueError(
                f"f_max is {high:g}; it must be at most the Nyquist frequency {nyquist:g} Hz"
            )
        if low >= high:
            raise ValueError(f"f_min is {low:g}; it must be below f_max = {high:g} Hz")
        if kind == "log" and low <= 0:
            raise ValueError(f"f_min is {low:g}; on a log axis it must be > 0")
        self.bounds = (low, high)

    @property
    def forward(self) -> ToAxis:
        """Return the function from Hz to a place on the axis."""
        if self.kind == "mel":
            return lambda hz: np.asarray(hz_to_mel(np.maximum(hz, 0), mel_scale=self._mel_scale))
        return np.log if self.kind == "log" else np.asarray

    def apply(self, axes: Any) -> None:
        """Give matplotlib axes this scale, range and ticks."""
        from matplotlib import ticker

        if self.kind == "mel":

            def inverse(mel: Array) -> Array:
                return np.asarray(mel_to_hz(np.maximum(mel, 0), mel_scale=self._mel_scale))

            axes.set_yscale("function", functions=(self.forward, inverse))
        elif self.kind == "log":
            axes.set_yscale("log")
        axes.set_ylim(*self.bounds)
        if self.kind != "linear":
            axes.yaxis.set_major_locator(ticker.FixedLocator(self._ticks()))
            axes.yaxis.set_minor_locator(ticker.NullLocator())
            axes.yaxis.set_major_formatter(ticker.FuncFormatter(lambda hz, _: f"{hz:g}"))

    def _ticks(self) -> list[float]:
        """Return 1, 2, 5, 10, ... Hz inside the range, none closer than a tenth of the axis."""
        bottom, top = self.forward(np.array(self.bounds))
        ticks = [0.0] if self.bounds[0] == 0 else []
        for digit, exponent in ((d, e) for e in range(-3, 9) for d in (1, 2, 5)):
            hz = float(digit * 10.0**exponent)
            if self.bounds[0] <= hz <= self.bounds[1]:
                places = self.forward(np.array([ticks[-1] if ticks else hz, hz]))
                if not ticks or places[1] - places[0] >= 0.1 * (top - bottom):
                    ticks.append(hz)
        return ticks


def _channels(waveform: Any, channel: int | None) -> tuple[Array, Sequence[int], int]:
    """Return the channels to draw, their numbers, and how many there are."""
    data = as_float(as_waveform(waveform))
    if data.ndim > 2 or data.size == 0:
        raise ValueError(
            f"waveform has shape {data.shape}; it must be [samples] or [channels, samples] and "
            "not empty"
        )
    check_orientation(data)
    data = np.atleast_2d(data)
    total = data.shape[0]
    if channel is None:
        return data[:_MAX_CHANNELS], range(min(total, _MAX_CHANNELS)), total
    if isinstance(channel, bool) or not isinstance(channel, int | np.integer):
        raise TypeError(f"channel is {channel!r}; it must be an integer or None")
    if not 0 <= channel < total:
        raise ValueError(f"channel is {channel}; it must be from 0 to {total - 1}")
    return data[channel : channel + 1], [int(channel)], total


def _choose(
    samples: int,
    rate: int,
    n_fft: int | None,
    win_length: int | None,
    hop_length: int | None,
    window: Any,
    seconds: float,
) -> Spec:
    """Fill in the resolution that was not given: windows of about ``seconds``."""
    size, length, hop = resolution(samples, rate, seconds)
    if n_fft is not None:
        size, length = n_fft, min(positive_int("n_fft", n_fft), length)
    if win_length is not None:
        length = win_length
        size = max(size, length) if n_fft is None else size
    return Spec(
        sample_rate=rate,
        n_fft=size,
        win_length=length,
        hop_length=hop if hop_length is None else hop_length,
        window=window,
        pad_mode="constant",
    )


def _described(spec: Any, rate: int) -> Spec:
    if spec is None:
        raise TypeError("spec is None; it must be the Spec of the features")
    made = as_spec(spec)
    if made.sample_rate != rate:
        raise ValueError(f"sample_rate is {rate}; it must be that of spec, {made.sample_rate}")
    return made


def _features(
    features: Any, spec: Spec, samples: int, numbers: Sequence[int], total: int
) -> tuple[Array, Array]:
    """Return the features of the channels to draw, and the centres of their frames."""
    values = np.asarray(features)
    values = values[None] if values.ndim == 2 else values
    if values.ndim != 3 or values.shape[0] != total or values.size == 0:
        raise ValueError(
            f"features has shape {np.shape(features)}; it must be [rows, time] for each of "
            f"{total} channel(s)"
        )
    count, rows = values.shape[1:] if spec.layout == "time_freq" else values.shape[:0:-1]
    wanted = spec.n_fft // 2 + 1 if spec.filterbank is None else spec.n_mels
    if rows != wanted and (spec.filterbank is None or isinstance(spec.filterbank, str)):
        raise ValueError(f"features has {rows} rows; it must have the {wanted} of spec")
    return values[list(numbers)], Extractor(spec).frame_times(count, samples)


def _draw(
    channels: Array,
    rate: int,
    picture: Picture,
    axis: _FrequencyAxis,
    labels: Sequence[str],
    title: str | None,
) -> "Figure":
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    count = len(channels)
    figure = Figure(figsize=(10.0, 1.0 + 4.0 * min(count, 2) + 2.5 * max(0, count - 2)))
    figure.set_layout_engine("constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(2 * count, 2, height_ratios=[1, 3] * count, width_ratios=[60, 1])
    shared = None
    for number, samples in enumerate(channels):
        above = figure.add_subplot(grid[2 * number, 0], sharex=shared)
        shared = shared or above
        below = figure.add_subplot(grid[2 * number + 1, 0], sharex=shared)
        _draw_waveform(above, samples, rate, labels[number])
        mesh = below.pcolormesh(
            picture.times,
            picture.frequencies,
            picture.values[number],
            vmin=picture.low,
            vmax=picture.high,
            cmap="magma",
            shading="flat",
            rasterized=True,
        )
        below.set_ylabel("frequency (Hz)")
        axis.apply(below)
        below.set_xlim(0, channels.shape[1] / rate)
        above.tick_params(labelbottom=False)
        below.tick_params(labelbottom=number == count - 1)
    below.set_xlabel("time (s)")
    figure.colorbar(mesh, cax=figure.add_subplot(grid[1:, 1]), label=picture.label)
    if title:
        width = 90 if title.isascii() else 60
        lines = [line for given in title.splitlines() for line in textwrap.wrap(given, width)]
        figure.axes[0].set_title("\n".join(lines), loc="left", parse_math=False)
    return figure


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
