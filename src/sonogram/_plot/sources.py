# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What an image is made of: frames of a file, a waveform or features, a block at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from .. import _core
from .._features.extractor import Extractor
from .._features.rates import at_rate
from .._features.signal_blocks import (
    ArrayBlocks,
    FileBlocks,
    SignalBlocks,
    Take,
    run_blocks,
    signal_numbers,
)
from .._features.stream import streaming
from .._spec.as_spec import as_spec
from .._spec.record import Spec
from .._support.arguments import as_float, number_above
from .._support.arrays import widened
from .._support.paths import as_path
from .panels import Resolution, channels_of, checked, chosen_channels
from .pooling import FrameTimes
from .raster import hop_length

Array = npt.NDArray[Any]

# Frames for each column from which half a window of overlap will do: a click is then at most 6 dB
# weaker than in the middle of a window.
_MANY = 8


class Frames(Protocol):
    """Frames to be pooled."""

    spec: Spec
    channels: range  # numbers of those that are drawn
    total: int  # channels there are
    duration: tuple[float, float]  # seconds at which the picture begins and ends

    def times(self, width: int) -> FrameTimes:
        """Say when the frames are, for a picture of so many columns."""

    def run(self, take: Take, seen: tuple[int, int]) -> None:
        """Give the frames ``seen`` and maybe others, float ``[channels, frames, rows]``."""


@dataclass
class GivenFrames:
    """Features that were computed before."""

    spec: Spec
    values: Array  # [channels, frames, rows]
    channels: range
    total: int
    duration: tuple[float, float]

    def times(self, width: int) -> FrameTimes:
        """Say when the frames are."""
        return frame_times(self.spec, self.values.shape[1], None)

    def run(self, take: Take, seen: tuple[int, int]) -> None:
        """Give them all at once: they are in memory."""
        start, end = seen
        take(start, self.values[self.channels.start : self.channels.stop, start:end])


@dataclass
class ComputedFrames:
    """What a front end makes of a signal."""

    spec: Spec
    signal: SignalBlocks
    channels: range
    total: int
    duration: tuple[float, float]

    def times(self, width: int) -> FrameTimes:
        """Say when the frames are."""
        count = _core.Extractor(self.spec._fields()).item_shape(self.signal.samples)[0]
        return frame_times(self.spec, count, self.signal.samples)

    def run(self, take: Take, seen: tuple[int, int]) -> None:
        """Compute all of them."""
        signal = _Part(self.signal, self.channels)
        _run(signal, self.spec, take)


class SpectrumFrames:
    """A power spectrogram of the default resolution: only the part that is seen is computed."""

    def __init__(
        self,
        signal: SignalBlocks,
        channels: range,
        rate: float,
        wanted: Resolution,
        seconds: float,
        span: tuple[float, float],
    ) -> None:
        self.channels, self.total = channels, signal.channels
        self.duration = span
        self._signal, self._wanted = signal, wanted
        shown = max(1, round((span[1] - span[0]) * rate))
        spec = wanted.spec(shown, round(rate), seconds)
        self.spec = spec.replace(sample_rate=rate, layout="time_freq")

    def times(self, width: int) -> FrameTimes:
        """Choose a hop for a picture of so many columns, and say when the frames are."""
        if self._wanted.hop_length is None:
            window = self.spec.win_length or self.spec.n_fft
            shown = (self.duration[1] - self.duration[0]) * self.spec.sample_rate
            hop = max(1, min(window // 4, int(shown / width)))
            if shown / width >= _MANY * hop:
                hop = max(1, window // 2)
            self.spec = self.spec.replace(hop_length=hop)
        count = 1 + self._signal.samples // hop_length(self.spec)
        return frame_times(self.spec, count, self._signal.samples)

    def run(self, take: Take, seen: tuple[int, int]) -> None:
        """Compute from a frame before the first that is seen to one behind the last."""
        hop, size = hop_length(self.spec), self.spec.n_fft
        first = max(0, seen[0] - size // hop - 1)
        stop = min(self._signal.samples, seen[1] * hop + size)
        part = _Part(self._signal, self.channels, first * hop, stop)
        _run(part, self.spec, lambda at, block: take(at + first, block))


class _Part:
    """Some channels, and the samples from one to another, of a signal."""

    def __init__(
        self, signal: SignalBlocks, channels: range, start: int = 0, stop: int | None = None
    ) -> None:
        self._signal, self._channels, self._start = signal, channels, start
        self._stop = signal.samples if stop is None else stop
        self.channels, self.samples = len(channels), self._stop - start

    def chunks(self) -> Iterator[npt.NDArray[np.float32]]:
        at = 0
        for chunk in self._signal.chunks():
            begin, end = max(0, self._start - at), self._stop - at
            at += chunk.shape[1]
            if begin < chunk.shape[1]:
                yield chunk[self._channels.start : self._channels.stop, begin:end]
            if at >= self._stop and self._stop < self._signal.samples:
                return

    def differs(self, count: int) -> OSError:
        return self._signal.differs(self._start + count)


def _run(signal: SignalBlocks, spec: Spec, take: Take) -> None:
    numbers = signal_numbers(signal, spec) if streaming(spec) else None
    options = (None, None, None, 0, numbers)
    core = _core.Stream(spec._fields(), "float32", signal.channels, *options)
    Extractor(spec)  # warns where it has to
    run_blocks(signal, core, _as_floats(take, spec))


def _as_floats(take: Take, spec: Spec) -> Take:
    def taking(at: int, block: Array) -> None:
        if block.dtype == np.uint16 and spec.dtype == "bfloat16":  # its bits
            block = widened(block)
        block = np.abs(block) if np.iscomplexobj(block) else block
        take(at, block.astype(np.float32, copy=False))

    return taking


def frame_times(spec: Spec, count: int, samples: int | None) -> FrameTimes:
    """Return the times of frames, and how far from its middle a frame is seen."""
    half = (spec.win_length or spec.n_fft) / 2 / spec.sample_rate
    extractor = Extractor(spec)
    if any(stage[0] == "stack" for stage in spec.finish):  # the first and last are shorter
        middles = extractor.frame_times(count, samples)
        step = float(np.median(np.diff(middles))) if count > 1 else 2 * half
        return FrameTimes(float(middles[0]), step, count, half, middles)
    first, second = extractor.frame_times(2, samples)
    return FrameTimes(float(first), float(second - first), count, half)


def audio_frames(
    audio: Any,
    sample_rate: Any,
    spec: Any,
    channel: int | None,
    wanted: Resolution,
    seconds: float,
    span: Callable[[float], tuple[float, float]],
) -> Frames:
    """Return the frames of a file or a waveform; ``span`` says what is shown of its duration."""
    front = None if spec is None else _time_first(as_spec(spec))
    signal, rate = _signal_of(audio, sample_rate, front)
    if signal.samples == 0:
        raise ValueError("audio has no samples; it must have some")
    channels = chosen_channels(channel, signal.channels)
    shown = span(signal.samples / rate)
    if front is None:
        return SpectrumFrames(signal, channels, rate, wanted, seconds, shown)
    return ComputedFrames(front, signal, channels, signal.channels, shown)


def _time_first(spec: Spec) -> Spec:
    return spec if spec.layout == "time_freq" else spec.replace(layout="time_freq")


def _signal_of(audio: Any, sample_rate: Any, spec: Spec | None) -> tuple[SignalBlocks, float]:
    wanted = None if spec is None else spec.sample_rate
    if isinstance(audio, str) or hasattr(audio, "__fspath__"):
        rate = wanted
        if sample_rate is not None:
            rate = number_above("sample_rate", sample_rate, 0)
            if wanted is not None and rate != wanted:
                raise ValueError(f"sample_rate is {rate:g}; it must be that of spec, {wanted:g}")
        file = FileBlocks(as_path(audio, "audio"), rate, True)
        return file, file.sample_rate
    if sample_rate is None:
        raise TypeError("sample_rate is None; it must be that of the waveform, in Hz")
    rate = number_above("sample_rate", sample_rate, 0)
    data = channels_of("audio", audio)
    if wanted is not None and rate != wanted:
        data = at_rate(as_float(data), rate, wanted, True)
    return ArrayBlocks(data), rate if wanted is None else wanted


def feature_frames(
    features: Any,
    spec: Any,
    rows: int,
    channel: int | None,
    span: Callable[[float], tuple[float, float]],
) -> Frames:
    """Return frames that were computed before; ``span`` says what is shown of their duration."""
    front = as_spec(spec)
    values = checked(features, front, rows)
    values = values if front.layout == "time_freq" else values.swapaxes(1, 2)
    values = np.abs(values) if np.iscomplexobj(values) else values
    channels = chosen_channels(channel, len(values))
    times = frame_times(front, values.shape[1], None)
    last = times.first + (values.shape[1] - 1) * times.step
    end = (last if times.middles is None else float(times.middles[-1])) + times.step / 2
    return GivenFrames(front, values, channels, len(values), span(end))
