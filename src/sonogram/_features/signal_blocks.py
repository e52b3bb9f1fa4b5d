# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A signal in blocks, from a file or an array, for any number of passes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from .. import _core
from .._audio.source import Source
from .._spec.record import Spec
from .._support.arguments import as_float
from ..audio import opened_file
from .rates import resampled_blocks

_BLOCK = 1 << 17  # samples decoded at a time

Take = Callable[[int, npt.NDArray[Any]], None]


class SignalBlocks(Protocol):
    """A signal of known size that can be read several times."""

    channels: int
    samples: int

    def chunks(self) -> Iterator[npt.NDArray[np.float32]]:
        """Yield the signal from its start in blocks ``[channels, n]``."""

    def differs(self, count: int) -> OSError:
        """Return the error to raise where another number of samples was read."""


class FileBlocks:
    """An audio file, resampled where it has another rate."""

    def __init__(self, path: Path, sample_rate: float | None, resample: bool) -> None:
        self.path = path
        with opened_file(path) as source:
            self.channels, rate, samples = source.channels, source.sample_rate, source.frames
        self.sample_rate = float(rate if sample_rate is None else sample_rate)
        if rate != self.sample_rate and not resample:
            raise ValueError(
                f"{str(path)!r} has a sample rate of {rate} Hz; it must be spec.sample_rate = "
                f"{self.sample_rate:g} Hz: give resample=True"
            )
        if samples is None or rate != self.sample_rate:
            samples = sum(chunk.shape[1] for chunk in self.chunks())
        # The announced number of samples is checked when the file is decoded.
        self.samples = samples

    def chunks(self) -> Iterator[npt.NDArray[np.float32]]:
        """Yield the decoded audio at the rate wanted."""
        with opened_file(self.path) as source:
            rate = source.sample_rate
            # a resampled block has about the size of a block
            blocks = _blocks(source, max(1, int(_BLOCK * min(1.0, rate / self.sample_rate))))
            if rate != self.sample_rate:
                blocks = resampled_blocks(blocks, rate, self.sample_rate, source.channels)
            for part in blocks:
                yield part.T

    def differs(self, count: int) -> OSError:
        """Return the error to raise where another number of samples was read."""
        return OSError(
            f"{str(self.path)!r}: truncated or changed: {self.samples} samples are announced, "
            f"{count} can be decoded"
        )


class ArrayBlocks:
    """A waveform ``[channels, samples]``."""

    def __init__(self, waveform: npt.NDArray[Any]) -> None:
        self.channels, self.samples = waveform.shape
        self._waveform = waveform

    def chunks(self) -> Iterator[npt.NDArray[np.float32]]:
        """Yield slices as float32."""
        for start in range(0, self.samples, _BLOCK):
            part = self._waveform[:, start : start + _BLOCK]
            yield np.ascontiguousarray(as_float(part), np.float32)

    def differs(self, count: int) -> OSError:
        """Return the error to raise where another number of samples was read."""
        return OSError(f"the waveform has {self.samples} samples, {count} were read")


def run_blocks(signal: SignalBlocks, core: Any, take: Take) -> None:
    """Push a signal through the core's Stream; `take` gets frames and the number of the first."""
    count = 0
    for chunk in signal.chunks():
        count += chunk.shape[1]
        if count > signal.samples:
            break
        before = core.num_frames
        take(before, core.push(chunk, count == signal.samples))
    if count != signal.samples:
        raise signal.differs(count)
    if not core.ended:
        before = core.num_frames
        take(before, core.push(np.zeros((signal.channels, 0), np.float32), True))


def signal_numbers(signal: SignalBlocks, spec: Spec) -> Any:
    """Gather the global statistics that the stages need, in as many passes as that takes."""
    survey = _core.Survey(spec._fields(), "float32", signal.channels, signal.samples)
    while survey.passes:
        for chunk in signal.chunks():
            survey.push(chunk)
        survey.next_pass()
    return survey.numbers()


def _blocks(source: Source, size: int) -> Iterator[npt.NDArray[np.float32]]:
    block = np.empty((size, source.channels), np.float32)
    while got := source.read(block):
        yield block[:got]
