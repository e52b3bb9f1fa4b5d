# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What soundfile does not read (AAC, WMA, AMR, video), decoded with PyAV."""

import importlib.util
from typing import Any

import numpy as np
import numpy.typing as npt

from ..._support.optional import require
from ..disk.errors import ItemError
from ..sources.items import readable


def decode_av(
    where: Any,
    start: float | None,
    duration: float | None,
    channel: int | str,
    otherwise: str | None = None,
) -> tuple[npt.NDArray[np.float32], int]:
    """Decode the first audio stream; float32 ``[samples]`` and the rate.

    `otherwise` is what soundfile said: where PyAV is not installed, that is the reason.
    """
    if otherwise is not None and importlib.util.find_spec("av") is None:
        raise ItemError(
            "damaged",
            f"cannot be read as audio: {otherwise} (pip install 'sonogram[av]' reads more formats)",
        )
    av = require("av", "av", "decoding with PyAV")
    if isinstance(where, str) and readable(where) != where:  # PyAV encodes only Unicode
        with open(where, "rb") as file:
            return decode_av(file, start, duration, channel, otherwise)
    if not isinstance(where, str):
        where.seek(0)
    try:
        with av.open(where, metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise ItemError("damaged", "cannot be read as audio: it has no audio stream")
            waveform, rate = _read(av, container, start, duration, channel)
    except av.FFmpegError as error:
        if isinstance(error, OSError) and getattr(error, "errno", None) in (2, 5, 13):
            raise
        reason = otherwise or str(error)
        raise ItemError("damaged", f"cannot be read as audio: {reason}") from None
    if not len(waveform):
        if start is None:
            raise ItemError("damaged", f"cannot be read as audio: {otherwise or 'no samples'}")
        raise ItemError("invalid", f"it has no samples from {start:.3f} s on")
    return waveform, rate


def _read(
    av: Any, container: Any, start: float | None, duration: float | None, channel: int | str
) -> tuple[npt.NDArray[np.float32], int]:
    stream = container.streams.audio[0]
    rate = int(stream.codec_context.sample_rate or stream.rate)
    first = round((start or 0) * rate)
    last = None if duration is None else first + max(1, round(duration * rate))
    to_float = av.AudioResampler(format="fltp", rate=rate)
    parts: list[npt.NDArray[np.float32]] = []
    position = 0
    for frame in _frames(container, stream):
        for converted in to_float.resample(frame):
            block = _one(converted.to_ndarray(), channel)
            parts.append(
                block[max(0, first - position) :][
                    : None if last is None else max(0, last - max(position, first))
                ]
            )
            position += len(block)
        if last is not None and position >= last:
            break
    waveform = np.concatenate(parts) if parts else np.empty(0, np.float32)
    return waveform, rate


def _frames(container: Any, stream: Any) -> Any:
    yield from container.decode(stream)
    yield None  # what the resampler still holds


def _one(block: npt.NDArray[np.float32], channel: int | str) -> npt.NDArray[np.float32]:
    if channel == "mix":
        mean: npt.NDArray[np.float32] = block.mean(axis=0, dtype=np.float64).astype(np.float32)
        return block[0] if len(block) == 1 else mean
    if not isinstance(channel, int) or channel >= len(block):
        raise ItemError("invalid", f"it has {len(block)} channel(s), and no channel {channel}")
    one: npt.NDArray[np.float32] = block[channel]
    return one
