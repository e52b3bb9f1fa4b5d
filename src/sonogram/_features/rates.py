# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The rate of a waveform beside that of the Spec: the one rule of calls, batches and streams."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from .._support.arguments import number_above, require_bool
from .._support.optional import require
from ..audio import resample as resampled


def require_rate(sample_rate: Any, wanted: float) -> None:
    """Refuse a rate that is not the Spec's: ValueError says both, and how to resample."""
    rate = number_above("sample_rate", sample_rate, 0)
    if rate != wanted:
        raise ValueError(
            f"sample_rate is {rate:g} Hz; it must be the Spec's, {wanted:g} Hz: give "
            f"sonogram.resample(waveform, {rate:g}, {wanted:g})"
        )


def at_rate(waveform: Any, sample_rate: Any, wanted: float, resample: Any) -> Any:
    """Return a waveform at the rate `wanted`: resampled where asked, refused where not.

    A rate of None says that the waveform has the Spec's.
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


def resampled_blocks(
    blocks: Iterable[npt.NDArray[np.float32]], rate: float, wanted: float, channels: int
) -> Iterator[npt.NDArray[np.float32]]:
    """Resample blocks ``[samples, channels]``: joined, with the bits of the whole resampled."""
    nothing = np.zeros((0, channels), np.float32)
    resampled(nothing.T, rate, wanted)  # refuses what soxr cannot do
    soxr = require("soxr", "audio", "resample=True")
    stream = soxr.ResampleStream(rate, wanted, channels, dtype="float32", quality="HQ")
    for block in blocks:
        yield stream.resample_chunk(block)
    yield stream.resample_chunk(nothing, last=True)
