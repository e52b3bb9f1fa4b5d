# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What is drawn: from a waveform, front ends and features to pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .._features.extractor import Extractor
from .._features.rates import at_rate
from .._spec.as_spec import as_spec
from .._spec.record import Spec
from .._support.arguments import as_float, as_waveform, check_orientation, positive_int, shown
from .._support.arrays import from_tensor, is_tensor, widened
from .frequency_axis import FrequencyAxis
from .raster import Axis, Limits, Picture, feature_picture, power_picture, resolution
from .row_axis import RowAxis, bin_edges, rows_of

Array = npt.NDArray[Any]

MAX_CHANNELS = 8


@dataclass(frozen=True)
class Signal:
    """The channels of a waveform that are drawn."""

    samples: Array  # [channels, samples]
    rate: int
    numbers: Sequence[int]
    total: int  # channels there are


@dataclass(frozen=True)
class Panel:
    """One picture for every channel, and what front end it is of (None: there is one only)."""

    picture: Picture
    name: str | None = None


@dataclass(frozen=True)
class AxisOptions:
    """What was asked of the frequency axis."""

    kind: str | None = None
    f_min: float | None = None
    f_max: float | None = None

    @property
    def window_seconds(self) -> float:
        """About how long the windows of a plain spectrogram are, to tell low frequencies apart."""
        return 0.08 if self.kind == "log" else 0.04

    def over_bins(self, spec: Spec) -> FrequencyAxis:
        """Return the axis of a plain spectrogram."""
        kind = self.kind or "linear"
        return FrequencyAxis(kind, spec, bin_edges(spec), self.f_min, self.f_max)

    def over(self, spec: Spec) -> Axis:
        """Return the axis that the rows of a spec's features have."""
        rows = rows_of(spec)
        if rows.edges is None:
            given = {"freq_axis": self.kind, "f_min": self.f_min, "f_max": self.f_max}
            for name, value in given.items():
                if value is not None:
                    raise ValueError(
                        f"{name} is {shown(value)}; it must be None: the rows of these features "
                        f"({rows.title}) are no axis in Hz"
                    )
            return RowAxis(rows)
        own = spec.filterbank if spec.filterbank in ("mel", "bark") else "linear"
        kind = str(own) if self.kind is None else self.kind
        return FrequencyAxis(kind, spec, rows.edges, self.f_min, self.f_max)


@dataclass(frozen=True)
class Resolution:
    """What was asked of a plain spectrogram; None: chosen."""

    n_fft: int | None = None
    win_length: int | None = None
    hop_length: int | None = None
    window: Any = "hann"

    def refuse_beside_spec(self) -> None:
        """Refuse a resolution where a front end has its own."""
        for name in ("n_fft", "win_length", "hop_length"):
            value = getattr(self, name)
            if value is not None:
                raise ValueError(f"{name} is {shown(value)}; it must be None: spec says it")

    def spec(self, samples: int, rate: int, seconds: float) -> Spec:
        """Fill in what was not given: windows of about ``seconds``."""
        size, length, hop = resolution(samples, rate, seconds)
        if self.n_fft is not None:
            size, length = self.n_fft, min(positive_int("n_fft", self.n_fft), length)
        if self.win_length is not None:
            length = self.win_length
            size = max(size, length) if self.n_fft is None else size
        return Spec(
            sample_rate=rate,
            n_fft=size,
            win_length=length,
            hop_length=hop if self.hop_length is None else self.hop_length,
            window=self.window,
            pad_mode="constant",
        )


def signal_of(waveform: Any, rate: int, channel: int | None) -> Signal:
    """Return the channels to draw, their numbers, and how many there are."""
    data = as_float(channels_of("waveform", waveform))
    total = data.shape[0]
    numbers = chosen_channels(channel, total)
    return Signal(data[numbers.start : numbers.stop], rate, numbers, total)


def channels_of(name: str, waveform: Any) -> Array:
    """Return a waveform as ``[channels, samples]``; ValueError where it is none, or empty."""
    data = as_waveform(waveform)
    if data.ndim > 2 or data.size == 0:
        raise ValueError(
            f"{name} has shape {data.shape}; it must be [samples] or [channels, samples] and "
            "not empty"
        )
    check_orientation(data)
    return np.atleast_2d(data)


def chosen_channels(channel: int | None, total: int) -> range:
    """Return the numbers of the channels to draw: one, or the first `MAX_CHANNELS`."""
    if channel is None:
        return range(min(total, MAX_CHANNELS))
    if isinstance(channel, bool) or not isinstance(channel, int | np.integer):
        raise TypeError(f"channel is {channel!r}; it must be an integer or None")
    if not 0 <= channel < total:
        raise ValueError(f"channel is {channel}; it must be from 0 to {total - 1}")
    return range(int(channel), int(channel) + 1)


def spectrogram_panel(
    signal: Signal, wanted: Resolution, axis: AxisOptions, limits: Limits
) -> Panel:
    """Draw the power spectrogram of a signal."""
    spec = wanted.spec(signal.samples.shape[1], signal.rate, axis.window_seconds)
    return Panel(power_picture(signal.samples, spec, axis.over_bins(spec), limits))


def feature_panels(
    signal: Signal, features: Any, spec: Any, axis: AxisOptions, limits: Limits
) -> list[Panel]:
    """Draw what front ends make of a signal, or made of it before."""
    several = isinstance(spec, (list, tuple))
    specs = list(spec) if several else [spec]
    if not specs:
        raise ValueError("spec is empty; it must be a front end, or a list of some")
    given = [None] * len(specs) if features is None else list(features) if several else [features]
    if len(given) != len(specs):
        raise ValueError(
            f"features are {len(given)}; they must be as many as the front ends of spec, "
            f"{len(specs)}"
        )
    panels = []
    for number, (one, made) in enumerate(zip(specs, given, strict=True)):
        name = (one if isinstance(one, str) else f"front end {number}") if several else None
        panels.append(Panel(_feature_picture(signal, made, one, axis, limits), name))
    return panels


def _feature_picture(
    signal: Signal, features: Any, spec: Any, axis: AxisOptions, limits: Limits
) -> Picture:
    if spec is None:
        raise TypeError("spec is None; it must be the Spec of the features")
    made = as_spec(spec)
    drawn = axis.over(made)
    samples = signal.samples.shape[1]
    if features is None:
        waveform = at_rate(signal.samples, signal.rate, made.sample_rate, True)
        samples = waveform.shape[1]
        values = checked(Extractor(made)(waveform), made, len(drawn.edges) - 1)
    else:
        if made.sample_rate != signal.rate:
            raise ValueError(
                f"sample_rate is {signal.rate}; it must be that of spec, {made.sample_rate}"
            )
        values = checked(features, made, len(drawn.edges) - 1)
        if len(values) != signal.total:
            raise ValueError(
                f"features has shape {np.shape(features)}; it must be [rows, time] for each of "
                f"{signal.total} channel(s)"
            )
        values = values[list(signal.numbers)]
    count = values.shape[1 if made.layout == "time_freq" else 2]
    times = Extractor(made).frame_times(count, samples)
    return feature_picture(values, made, times, drawn, limits)


def checked(features: Any, spec: Spec, rows: int) -> Array:
    """Return features as numbers ``[channels, ...]``; ValueError without so many rows."""
    values = from_tensor("features", features) if is_tensor(features) else np.asarray(features)
    if values.dtype == np.uint16 and spec.dtype == "bfloat16":  # its bits
        values = widened(values)
    if values.dtype.kind not in "fciu":
        raise TypeError(f"features has dtype {values.dtype}; it must be of numbers")
    if values.dtype.kind in "iu" or values.dtype == np.float16:
        values = values.astype(np.float32)
    values = values[None] if values.ndim == 2 else values
    if values.ndim != 3 or values.size == 0:
        raise ValueError(
            f"features has shape {np.shape(features)}; it must be [rows, time] or "
            "[channels, rows, time] (time before rows where spec.layout says so)"
        )
    found = values.shape[2 if spec.layout == "time_freq" else 1]
    if found != rows:
        raise ValueError(f"features has {found} rows; it must have the {rows} of spec")
    return values
