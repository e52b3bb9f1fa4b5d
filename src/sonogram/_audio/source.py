# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The single path from an audio file to samples, for `load`, `info`, `extract_file` and corpora.

libsndfile decodes the files that it reads completely and correctly, as `examine` decides; PyAV
decodes the rest. If the number of samples is known beforehand, a source returns exactly that many
or raises.
"""

import contextlib
import errno
import importlib.util
import io
import os
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from .._support.optional import require
from .callbacks import sound_file
from .examine import examine
from .views import Part, UndecodableError, view

Samples = npt.NDArray[np.float32]

_SYSTEM = 2  # libsndfile's number for an error of the operating system
_UNKNOWN_LENGTH = 1 << 62  # beyond this, libsndfile means "unknown" (a FLAC file from a pipe)
# Encodings in which decoding after a seek gives other bits than decoding from the start.
_STATEFUL = ("MPEG", "OPUS", "VORBIS")


class Source(Protocol):
    """The samples of an open file, read in blocks."""

    sample_rate: int
    channels: int
    frames: int | None  # samples per channel; None if only decoding would tell
    format: str
    subtype: str

    def read(self, out: Samples) -> int:
        """Fill ``[samples, channels]`` and return the number of samples, less only at the end."""

    def seek(self, position: int) -> bool:
        """Continue at a sample; return False if that would change the bits."""

    def close(self) -> None:
        """Release the decoder."""


class NotOpenedError(UndecodableError):
    """A decoder does not know a file, or not all of it, but another one may."""


class SoundSource:
    """A file decoded by libsndfile."""

    def __init__(self, raw: Any, where: Any, size: int, parts: Sequence[Part]) -> None:
        self._soundfile = require("soundfile", "audio", "reading audio files")
        self._raw, self._where, self._size, self._parts = raw, where, size, parts
        self._counts: list[int | None] = []
        self._file: Any = None
        self._failed: list[BaseException] = []
        shapes = set()
        for part in parts:
            file = self._open(part)
            self._counts.append(self._count(part, file))
            shapes.add((int(file.samplerate), int(file.channels)))
        if len(shapes) > 1:
            self.close()
            listed = ", ".join(f"{rate} Hz with {n} channel(s)" for rate, n in sorted(shapes))
            raise UndecodableError(f"cannot be read as audio: recordings of {listed} are joined")
        ((self.sample_rate, self.channels),) = shapes
        self.frames = None if None in self._counts else sum(n or 0 for n in self._counts)
        self.format = parts[0].family or str(file.format)
        self.subtype = str(file.subtype)
        self._index, self._done = 0, 0
        if len(parts) > 1:
            self._open(parts[0])

    def _open(self, part: Part) -> Any:
        self.close()
        target: Any = self._where
        if part.pieces is not None or not part.known:
            target = view(self._raw, part.pieces or [(0, self._size)])
        elif not isinstance(target, (str, bytes)):
            self._raw.seek(0)
        try:
            file = self._file = sound_file(self._soundfile, target, self._failed)
            if "OPUS" in file.subtype:
                file.seek(0)  # else the lead-in remains if the first granule is not zero
        except (self._soundfile.LibsndfileError, TypeError) as error:  # TypeError: "headerless"
            self._raise_failure()
            raise NotOpenedError(f"cannot be read as audio: {_message_of(error)}") from None
        self._raise_failure()
        if part.subtypes and not str(file.subtype).startswith(part.subtypes):
            self.close()
            raise NotOpenedError(
                f"cannot be read as audio: libsndfile takes it for {file.subtype}, and its header "
                f"says {' or '.join(part.subtypes)}"
            )
        # soundfile seeks after each read of a seekable file. In an MP3 this loses the bits that
        # frames borrow from earlier ones (audible errors at every block), and it fails at the end
        # of a FLAC without a length.
        file.seekable = lambda: False
        return file

    def _count(self, part: Part, file: Any) -> int | None:
        found = int(file.frames) if file.frames < _UNKNOWN_LENGTH else None
        wanted = part.samples
        if wanted is None or found is None:
            return found if wanted is None else wanted
        if found < wanted or (part.exact and found != wanted):
            self.close()
            raise NotOpenedError(
                f"cannot be read as audio: libsndfile finds {found} of its {wanted} samples"
            )
        return wanted

    def read(self, out: Samples) -> int:
        got = 0
        while got < len(out) and self._index < len(self._parts):
            count = self._counts[self._index]
            left = len(out) - got if count is None else count - self._done
            rest = out[got : got + left]
            new = self._part(rest) if left else 0
            gain = self._parts[self._index].gain
            if gain != 1.0:
                rest[:new] *= np.float32(gain)
            got += new
            self._done += new
            if new < len(rest) or not left:
                self._end(count)
        return got

    def _part(self, out: Samples) -> int:
        try:
            got = len(self._file.read(len(out), out=out))
        except (self._soundfile.LibsndfileError, RuntimeError) as error:
            self._raise_failure()
            if getattr(error, "code", None) == _SYSTEM:
                raise OSError(errno.EIO, os.strerror(errno.EIO)) from None
            raise UndecodableError(f"cannot be decoded: {_message_of(error)}") from None

        self._raise_failure()
        return got

    def _raise_failure(self) -> None:
        """Raise what kept libsndfile from reading the file: Ctrl-C, or an error of the disk."""
        if self._failed:
            self.close()
            raise self._failed[0]

    def _end(self, count: int | None) -> None:
        if count is not None and self._done != count:
            raise UndecodableError(
                f"truncated: {count} samples are announced, {self._done} can be decoded"
            )
        self._index, self._done = self._index + 1, 0
        if self._index < len(self._parts):
            self._open(self._parts[self._index])

    def seek(self, position: int) -> bool:
        stateful = any(name in self.subtype for name in _STATEFUL)
        if stateful or len(self._parts) > 1 or self.frames is None:
            return False
        self._file.seek(position)
        self._raise_failure()
        self._done = position
        return True

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


@contextlib.contextmanager
def opened(where: str | io.BytesIO, decoder: str = "auto") -> Iterator[Source]:
    """Open a file, given by its path or as bytes in memory.

    Parameters
    ----------
    where : str or io.BytesIO
        The file.
    decoder : {"auto", "soundfile", "av"}
        "auto" is soundfile, and PyAV (if installed) for files that soundfile cannot decode.

    Raises
    ------
    UndecodableError
        If the file cannot be decoded, with the reason but without the path.
    OSError
        If the file cannot be read at all.
    """
    with contextlib.ExitStack() as stack:
        raw = stack.enter_context(open(where, "rb")) if isinstance(where, str) else where
        size = raw.seek(0, os.SEEK_END)
        if not size:
            raise UndecodableError("is empty")
        parts = examine(raw, size, where if isinstance(where, str) else "")
        source = _source(raw, where, size, parts, decoder)
        stack.callback(source.close)
        yield source


def _source(raw: Any, where: Any, size: int, parts: list[Part], decoder: str) -> Source:
    reason = parts[0].other and f"cannot be read as audio: {parts[0].other}"
    if decoder != "av" and reason is None:
        path = os.fsencode(where) if isinstance(where, str) else where
        try:
            return SoundSource(raw, path, size, parts)
        except NotOpenedError as error:
            reason = str(error)
            if len(parts) > 1:  # PyAV gives the first, or fails within the next
                joined = f"in one of {len(parts)} recordings that are joined"
                raise UndecodableError(f"{reason} ({joined})") from None
    if decoder == "soundfile":
        raise UndecodableError(str(reason))
    if reason is not None and importlib.util.find_spec("av") is None:
        raise UndecodableError(f"{reason} (pip install 'sonogram[av]' reads more)")
    from .pyav import AvSource  # late, as its library is optional

    return AvSource(raw, parts, reason)


def _message_of(error: BaseException) -> str:
    return str(getattr(error, "error_string", error)).strip() or type(error).__name__
