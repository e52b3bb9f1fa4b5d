# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The rule for a waveform's sample rate, shared by calls, batches and streams."""

import math
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from .._support.arguments import as_float, number_above, require_bool
from .._support.optional import require
from ..audio import resample as resampled


def rate_to_change(sample_rate: Any, wanted: float, resample: Any) -> float | None:
    """Return the rate to resample from, or None if there is nothing to do: see `at_rate`."""
    at_rate(np.zeros(0, np.float32), sample_rate, wanted, resample)  # validates the arguments
    return None if sample_rate is None or sample_rate == wanted else float(sample_rate)


def at_rate(waveform: Any, sample_rate: Any, wanted: float, resample: Any) -> Any:
    """Return a waveform at the rate `wanted`: resampled if `resample` is set, else refused.

    A `sample_rate` of None stands for the Spec's.
    """
    require_bool("resample", resample)
    if sample_rate is None:
        if resample:
            raise ValueError("sample_rate is None; it must be the waveform's with resample=True")
        return waveform
    rate = number_above("sample_rate", sample_rate, 0)
    if rate == wanted:
        return waveform
    if not resample:
        raise ValueError(
            f"sample_rate is {rate:g} Hz; it must be the Spec's, {wanted:g} Hz: give "
            f"resample=True, or sonogram.resample(waveform, {rate:g}, {wanted:g})"
        )
    return resampled(waveform, rate, wanted)


class Resampler:
    """Resamples chunks ``[..., samples]``; joined, they have the bits of the whole resampled."""

    def __init__(self, rate: float, wanted: float, channels: int, dtype: Any) -> None:
        resampled(np.zeros((channels, 0), dtype), rate, wanted)  # validates the rates
        soxr = require("soxr", "audio", "resample=True")
        self._stream = soxr.ResampleStream(rate, wanted, channels, dtype=dtype, quality="HQ")
        self._in_use = threading.Lock()

    def __call__(self, data: npt.NDArray[Any], last: bool = False) -> npt.NDArray[Any]:
        """Return the samples that the next chunk completes."""
        if not self._in_use.acquire(blocking=False):
            raise RuntimeError("another thread is using this stream")
        try:
            rows = as_float(data).reshape(math.prod(data.shape[:-1]), data.shape[-1])
            made = self._stream.resample_chunk(np.ascontiguousarray(rows.T), last=last)
        finally:
            self._in_use.release()
        return np.ascontiguousarray(made.T).reshape(*data.shape[:-1], len(made))


def resampled_blocks(
    blocks: Iterable[npt.NDArray[np.float32]], rate: float, wanted: float, channels: int
) -> Iterator[npt.NDArray[np.float32]]:
    """Resample blocks ``[samples, channels]``, with the bits of the whole resampled."""
    change = Resampler(rate, wanted, channels, np.float32)
    for block in blocks:
        yield change(block.T).T
    yield change(np.zeros((channels, 0), np.float32), last=True).T
