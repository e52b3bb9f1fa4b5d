# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Decoding with PyAV of formats that libsndfile does not read (AAC, WMA, AMR, video)."""

import errno
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .._support.optional import require
from .views import Part, UndecodableError, view

# Formats of bare frames, which state no length: a truncated last frame does not count.
_BARE = ("aac", "ac3", "eac3", "dts", "amr", "amrnb", "amrwb", "loas", "mlp", "truehd")


class AvSource:
    """The first audio stream of a file, decoded by PyAV."""

    def __init__(self, raw: Any, parts: Sequence[Part], otherwise: str | None) -> None:
        self._av = require("av", "av", "decoding with PyAV")
        self._otherwise = otherwise
        self._container: Any = None
        samples = [part.samples for part in parts]
        self.frames = None if None in samples else sum(n or 0 for n in samples)
        self._known, self._given = parts[0].known, 0
        raw.seek(0)
        pieces = [piece for part in parts for piece in part.pieces or ()]
        try:
            self._container = self._av.open(
                view(raw, pieces) if pieces and parts[0].other else raw, metadata_errors="ignore"
            )
            self._begin()
        except self._av.FFmpegError as error:
            self.close()
            if getattr(error, "errno", None) == errno.EIO:
                raise
            raise self._unreadable(_message_of(error)) from None
        except BaseException:
            self.close()
            raise

    def _begin(self) -> None:
        self.format = str(self._container.format.name)
        if not self._known and self.format == "mp3":  # `examine` would have found MP3
            raise UndecodableError("cannot be read as audio: it has no frames of MPEG audio")
        if not self._container.streams.audio:
            raise self._unreadable("it has no audio stream")
        stream = self._container.streams.audio[0]
        if stream.codec_context is None:
            raise self._unreadable("its codec is unknown")
        self.subtype = str(stream.codec_context.name)
        self._blocks = self._decoded(stream)
        self.sample_rate = 0
        self._block = next(self._blocks, None)
        if self._block is None:
            raise self._unreadable("no samples")
        self.channels = len(self._block)

    def _unreadable(self, reason: str) -> UndecodableError:
        if self._otherwise is not None:
            return UndecodableError(f"{self._otherwise}; with PyAV: {reason}")
        return UndecodableError(f"cannot be read as audio: {reason}")

    def _decoded(self, stream: Any) -> Iterator[npt.NDArray[np.float32]]:
        """Yield ``[channels, samples]``."""
        to_float, shape = None, ""
        for frame in self._frames(stream):
            now = f"{frame.sample_rate} Hz {frame.layout.name}"
            if to_float is None:
                shape, self.sample_rate = now, int(frame.sample_rate)
                to_float = self._av.AudioResampler(format="fltp", rate=self.sample_rate)
            if now != shape:
                raise UndecodableError(f"cannot be decoded: {shape} becomes {now} in its midst")
            for converted in to_float.resample(frame):
                yield converted.to_ndarray()
        if to_float is not None:
            for converted in to_float.resample(None):
                yield converted.to_ndarray()

    def _frames(self, stream: Any) -> Iterator[Any]:
        failed: Exception | None = None
        for packet in self._container.demux(stream):
            if packet.is_corrupt and not self._known and self.format not in _BARE:
                raise UndecodableError("truncated: a packet is cut off")
            try:
                frames = packet.decode()
            except self._av.error.EOFError:
                break
            except self._av.FFmpegError as error:
                failed = failed or error
                continue
            if frames and failed is not None:
                raise UndecodableError(f"cannot be decoded: {_message_of(failed)}")
            yield from frames
        if failed is not None and self.format not in _BARE:
            raise UndecodableError(f"cannot be decoded: {_message_of(failed)}")

    def read(self, out: npt.NDArray[np.float32]) -> int:
        got = 0
        try:
            while got < len(out) and self._block is not None:
                part = self._block[:, : len(out) - got]
                out[got : got + part.shape[1]] = part.T
                got += part.shape[1]
                rest = self._block[:, part.shape[1] :]
                self._block = rest if rest.shape[1] else next(self._blocks, None)
        except self._av.FFmpegError as error:
            raise UndecodableError(f"cannot be decoded: {_message_of(error)}") from None
        self._given += got
        if self.frames is not None and (
            self._given > self.frames or (got < len(out) and self._given < self.frames)
        ):
            raise UndecodableError(
                f"truncated: {self.frames} samples are announced, {self._given} can be decoded"
            )
        return got

    def seek(self, position: int) -> bool:
        return False

    def close(self) -> None:
        if self._container is not None:
            self._container.close()
            self._container = None


def _message_of(error: BaseException) -> str:
    """Return FFmpeg's message without its number and the path."""
    return str(getattr(error, "strerror", None) or error)
