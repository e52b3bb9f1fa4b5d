# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Decoding one item in blocks, to one channel at the wanted sample rate."""

import errno
import io
import math
import os
import stat
from typing import Any

import numpy as np
import numpy.typing as npt

from ..._audio.source import Source, opened
from ..._audio.views import UndecodableError
from ..._support.optional import require
from ...audio import resample
from ..disk.errors import ItemError, SourceLostError, source_is_gone
from ..disk.settings import Decoder
from ..disk.store import is_remote, remote_system
from ..sources.items import Item

Waveform = npt.NDArray[Any]

_DECODED = ("float32", "float64", "int16")  # dtypes that a decoder may return
_BLOCK = 1 << 20  # samples of all channels read at a time
_OVERSHOOT = 0.5  # seconds by which a segment may outlast its recording, as in Kaldi


class Reader:
    """Decodes items for one front end; each thread needs its own, because it reuses its buffer.

    Parameters
    ----------
    sample_rate : float
        Sample rate of the returned waveforms, Hz.
    channel : int or "mix"
        Channel to return; "mix" is the mean of all.
    quality : str
        Quality of soxr's resampling.
    decoder : "auto", "soundfile", "av" or callable
        "auto" is soundfile, and PyAV (if installed) for formats that soundfile does not know.
    root : (str, int) or None
        The folder of the source and its device, to notice when it disappears.
    """

    def __init__(
        self,
        sample_rate: float,
        channel: int | str = "mix",
        quality: Any = "HQ",
        decoder: str | Decoder = "auto",
        root: tuple[str, int] | None = None,
    ) -> None:
        self._rate = sample_rate
        self._channel = channel
        self._quality = quality
        self._decoder = decoder
        self._root = root
        self._buffers: dict[str, npt.NDArray[np.float32]] = {}
        self._soundfile = require("soundfile", "corpus", "sonogram.corpus")

    def __call__(self, item: Item, data: bytes | None = None) -> Waveform:
        """Return ``[samples]``, float32 or a given decoder's dtype, valid until the next call.

        Raises
        ------
        ItemError
            If this item cannot be decoded.
        SourceLostError
            If the whole source has disappeared.
        """
        if item.error is not None:
            raise ItemError("invalid", item.error)
        try:
            waveform, rate = self._decode(item, data)
        except OSError as error:
            raise self._unavailable(error) from error
        except UnicodeError as error:
            raise ItemError("invalid", f"its path cannot be used here: {error}") from None
        except MemoryError:
            raise ItemError("damaged", "too long for the memory") from None
        if rate != self._rate:
            try:
                waveform = resample(waveform, rate, self._rate, quality=self._quality)
            except ValueError as error:
                raise ItemError("damaged", f"its sample rate is {rate}: {error}") from None
        return waveform

    def _decode(self, item: Item, data: bytes | None) -> tuple[Waveform, int]:
        if data is None and (item.offset is not None or is_remote(item.path)):
            data = fetch(item)
        where: Any = item.path if data is None else io.BytesIO(data)
        if data is None:
            _check_regular(item.path)
        channel = self._channel if item.channel is None else item.channel
        if callable(self._decoder):
            try:
                given = self._decoder(where, item.start, item.duration)
            except (ItemError, OSError, MemoryError):
                raise
            except Exception as error:  # a user's decoder may raise anything
                raise ItemError("damaged", f"{type(error).__name__}: {error}") from error
            waveform, rate = _checked_output(given)
            return pick(waveform, channel, None), rate
        try:
            with opened(where, self._decoder) as source:
                return self._read(source, item, channel), source.sample_rate
        except UndecodableError as error:
            raise ItemError("damaged", str(error)) from None

    def _read(self, source: Source, item: Item, channel: int | str) -> Waveform:
        rate, announced = source.sample_rate, source.frames
        begin = 0 if item.start is None else round(item.start * rate)
        count = None if item.duration is None else max(1, round(item.duration * rate))
        if announced is not None and begin and begin >= announced:
            raise ItemError("invalid", _ends_before(item, announced / rate))
        skip = 0 if not begin or source.seek(begin) else begin
        limit = None if count is None else skip + count
        waveform = self._blocks(source, channel, limit)
        _check_length(item, len(waveform) - skip, count, rate)
        asked: Waveform = waveform[skip:]
        return asked

    def _blocks(self, source: Source, channel: int | str, limit: int | None) -> Waveform:
        """Read to the end or the limit; memory grows with actual, not announced, samples."""
        channels = source.channels
        # float32 even for 16-bit files: the decoder converts more cheaply than the front end.
        waveform = self._buffer("whole", _BLOCK)
        block = None if channels == 1 else self._buffer("block", max(_BLOCK, channels))
        step = max(1, _BLOCK // channels)
        position = 0
        if channel != "mix" and not (isinstance(channel, int) and channel < channels):
            raise ItemError("invalid", f"it has {channels} channel(s), and no channel {channel}")
        while limit is None or position < limit:
            if position == len(waveform):
                waveform = self._grown(waveform)
            wanted = min(step, len(waveform) - position)
            if limit is not None:
                wanted = min(wanted, limit - position)
            if block is None:
                got = source.read(waveform[position : position + wanted, None])
            else:
                part = block[: wanted * channels].reshape(wanted, channels)
                got = source.read(part)
                waveform[position : position + got] = pick(part[:got].T, channel, got)
            position += got
            if got < wanted:
                break
        whole: Waveform = waveform[:position]
        return whole

    def _buffer(self, name: str, size: int) -> npt.NDArray[np.float32]:
        buffer = self._buffers.get(name)
        if buffer is None or len(buffer) < size:
            buffer = self._buffers[name] = np.empty(size, np.float32)
        return buffer

    def _grown(self, old: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        new = np.empty(2 * len(old), np.float32)
        new[: len(old)] = old
        if len(new) <= 8 * _BLOCK:  # larger buffers are not kept
            self._buffers["whole"] = new
        return new

    def _unavailable(self, error: OSError) -> Exception:
        if self._root is not None or source_is_gone(error):
            root, device = self._root or ("", 0)
            try:
                lost = source_is_gone(error) or os.stat(root).st_dev != device
            except OSError:
                lost = True
            if lost:
                return SourceLostError(f"the source has disappeared: {error}")
        if error.errno == errno.ENAMETOOLONG:  # permanent
            return ItemError("invalid", error.strerror or "the name is too long")
        return ItemError("unavailable", error.strerror or str(error) or type(error).__name__)


def _checked_output(given: Any) -> tuple[Waveform, int]:
    """Return the ``[channels, samples]`` and the rate that a decoder returned, checked."""
    if not isinstance(given, (tuple, list)) or len(given) != 2:
        raise ItemError("damaged", f"the decoder gave a {type(given).__name__}, not two values")
    try:
        waveform, rate = np.asarray(given[0]), given[1]
    except ValueError as error:  # a ragged list of lists
        raise ItemError("damaged", f"the decoder gave no array: {error}") from None
    if waveform.ndim not in (1, 2) or waveform.dtype.name not in _DECODED or not len(waveform):
        raise ItemError(
            "damaged",
            f"the decoder gave {waveform.dtype} of shape {waveform.shape}; a waveform is "
            f"[channels, samples] of {', '.join(_DECODED)}",
        )
    if not isinstance(rate, (int, float, np.number)) or not 0 < rate < 1e9 or rate != int(rate):
        raise ItemError("damaged", f"the decoder gave the rate {rate!r}; it must be whole, in Hz")
    native = waveform.astype(waveform.dtype.newbyteorder("="), copy=False)
    return np.atleast_2d(native), int(rate)


def pick(waveform: Waveform, channel: int | str, count: int | None) -> Waveform:
    """Return one channel of ``[channels, samples]``, or the mean of all in float32."""
    if channel == "mix":
        if len(waveform) == 1 and waveform.dtype != np.float64:
            only: Waveform = waveform[0]
            return only
        scaled = waveform / 32768 if waveform.dtype == np.int16 else waveform
        mean: Waveform = scaled.mean(axis=0, dtype=np.float64).astype(np.float32)
        return mean
    if not isinstance(channel, int) or channel >= len(waveform):
        raise ItemError("invalid", f"it has {len(waveform)} channel(s), and no channel {channel}")
    one: Waveform = waveform[channel]
    return one


def fetch(item: Item) -> bytes:
    """Read the bytes of an item that has no local file of its own."""
    if is_remote(item.path):
        system, inner = remote_system(item.path)
        start = item.offset
        end = None if start is None or item.size is None else start + item.size
        data: bytes = system.cat_file(inner, start=start, end=end)
        return data
    with open(item.path, "rb") as file:
        file.seek(item.offset or 0)
        data = file.read(-1 if item.size is None else item.size)
    if item.size is not None and len(data) < item.size:
        raise ItemError("damaged", "truncated: the archive ends within it")
    return data


def level_of(waveform: Waveform) -> float:
    """Return the root mean square in dB relative to full scale; -inf for silence."""
    scale = 1 / 32768 if waveform.dtype == np.int16 else 1.0
    total = 0.0
    for start in range(0, len(waveform), _BLOCK):
        part = waveform[start : start + _BLOCK].astype(np.float64)
        total += float(part @ part)
    power = total * scale * scale / max(1, len(waveform))
    return 10 * math.log10(power) if power > 0 else -math.inf


def _check_regular(path: str) -> None:
    """Refuse anything but a file before it is opened: opening a pipe waits for its writer."""
    try:
        mode = os.stat(path).st_mode
    except OSError:  # reported when it is opened
        return
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):  # a folder is reported when it is opened
        raise ItemError("invalid", "is not a regular file")


def _check_length(item: Item, got: int, count: int | None, rate: int) -> None:
    """Refuse a segment that ends after its recording."""
    missing = 0 if count is None else count - got
    if (item.start is not None and got <= 0) or missing > _OVERSHOOT * rate:
        raise ItemError("invalid", _ends_before(item, got / rate + (item.start or 0)))


def _ends_before(item: Item, seconds: float) -> str:
    end = "the end" if item.duration is None else f"{(item.start or 0) + item.duration:.3f} s"
    return f"the segment from {item.start or 0:.3f} s to {end} is not in its {seconds:.3f} s"
