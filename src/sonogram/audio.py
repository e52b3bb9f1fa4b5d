# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Reading, writing and resampling audio.

Everything here needs the extra ``sonogram[audio]`` (soundfile for files, soxr for resampling);
neither library is imported before it is used.
"""

import contextlib
import math
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ._audio.encodings import check_range, check_writable, encoding_of
from ._audio.source import Source, opened
from ._audio.views import UndecodableError
from ._support.arguments import (
    as_float,
    as_waveform,
    check_orientation,
    number_above,
    positive_int,
    require_bool,
    require_one_of,
)
from ._support.arrays import is_tensor
from ._support.optional import require
from ._support.overloads import TensorLike, of_waveform
from ._support.paths import as_path, require_regular_file, written_whole
from ._support.spellings import names_arguments

__all__ = ["AudioInfo", "info", "load", "resample", "save"]

# Samples per channel handled at a time: one huge write overflows the stack of libsndfile's Vorbis
# encoder.
_BLOCK = 1 << 14

# Far beyond this ratio of rates, soxr crashes or never ends.
_MAX_RATIO = 65536


@dataclass(frozen=True)
class AudioInfo:
    """The information in the header of an audio file.

    Attributes
    ----------
    path : str
        The file.
    sample_rate : int
        Sample rate, Hz.
    channels : int
        Number of channels.
    num_samples : int or None
        Samples per channel; None if only decoding would tell (a FLAC stream from a pipe, or a
        format that PyAV decodes).
    duration : float or None
        Seconds, ``num_samples / sample_rate``.
    format, subtype : str
        Container and encoding as libsndfile calls them, ``"WAV"`` and ``"PCM_16"``, or as FFmpeg
        does, such as ``"aac"``, for formats that PyAV decodes.
    """

    path: str
    sample_rate: int
    channels: int
    num_samples: int | None
    duration: float | None
    format: str
    subtype: str


@names_arguments
def load(
    path: str | os.PathLike[str], sample_rate: int | None = None, mono: bool = False
) -> tuple[npt.NDArray[np.float32], int]:
    """Read a whole audio file.

    Parameters
    ----------
    path : str or os.PathLike
        A file in a format that libsndfile reads: WAV, FLAC, Ogg Vorbis, Opus, MP3, AIFF, AU, CAF
        and others. The extra ``sonogram[av]`` adds M4A, AAC, WMA, video and more.
    sample_rate : int, optional
        Resample to this rate (soxr, high quality). Default: the rate of the file.
    mono : bool
        Average the channels into one, before resampling.

    Returns
    -------
    waveform : numpy.ndarray
        float32 ``[channels, samples]``; integer encodings are scaled to [-1, 1).
    sample_rate : int
        The sample rate of ``waveform``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    OSError
        If it cannot be read: it is a folder, empty, not audio, damaged, or shorter than its header
        says. (A cut that leaves no trace, as in an MP3 without a length, cannot be noticed.) If
        another decoder may be able to read it, the error names the extra.
    ImportError
        If the extra ``sonogram[audio]`` is not installed.

    Examples
    --------
    >>> import sonogram
    >>> waveform, sample_rate = sonogram.load("examples/audio/speech.flac")
    >>> waveform.shape
    (1, 93120)
    """
    target = None if sample_rate is None else positive_int("sample_rate", sample_rate)
    require_bool("mono", mono)
    with opened_file(as_path(path)) as source:
        waveform = _read(source, mono)
        rate = source.sample_rate
    if target is None or target == rate:
        return waveform, rate
    resampled: npt.NDArray[np.float32] = resample(waveform, rate, target)
    return resampled, target


@names_arguments
def info(path: str | os.PathLike[str]) -> AudioInfo:
    """Read the header of an audio file: see `AudioInfo`.

    Raises the errors of `load`, but decodes nothing, and so does not notice damage that only
    decoding reveals (FLAC, some MP3).

    Examples
    --------
    >>> import sonogram
    >>> sonogram.info("examples/audio/speech.flac").duration
    5.82
    """
    with opened_file(as_path(path)) as source:
        count = source.frames
        return AudioInfo(
            path=os.fspath(path),
            sample_rate=source.sample_rate,
            channels=source.channels,
            num_samples=count,
            duration=None if count is None else count / source.sample_rate,
            format=source.format,
            subtype=source.subtype,
        )


@names_arguments
def save(
    path: str | os.PathLike[str],
    waveform: npt.ArrayLike | TensorLike,
    sample_rate: int,
    *,
    subtype: str | None = None,
    clipping: Literal["warn", "ignore", "raise"] = "warn",
) -> None:
    """Write a waveform to an audio file atomically.

    The file is written beside ``path`` under another name and renamed when it is complete, so an
    existing file stays as it was if anything fails.

    Parameters
    ----------
    path : str or os.PathLike
        The target. Its suffix selects the format: .wav, .flac, .ogg (Vorbis), .opus, .mp3, .aif(f),
        .au, .caf, .w64 or .rf64.
    waveform : array_like or torch.Tensor
        ``[channels, samples]`` or ``[samples]``; float32, float64, int16 or int32. The full scale
        of floating point is [-1, 1].
    sample_rate : int
        Sample rate, Hz.
    subtype : str, optional
        Encoding as libsndfile calls it, such as ``"PCM_16"``, ``"PCM_24"`` or ``"FLOAT"``. Default:
        the one that stores the dtype exactly, if the format has one (.wav: ``"FLOAT"`` for float32,
        ``"PCM_16"`` for int16); for FLAC ``"PCM_16"`` (int32: ``"PCM_24"``).
    clipping : {"warn", "ignore", "raise"}
        Handling of floating-point samples outside [-1, 1] in encodings that are limited to this
        range (all but FLOAT, DOUBLE and Vorbis): clip with a UserWarning, clip silently, or write
        nothing and raise ValueError. 1.0 itself becomes the largest integer and does not count.
        NaN and Inf are a ValueError for all encodings but FLOAT and DOUBLE.

    Raises
    ------
    ValueError, TypeError
        For a value that the format cannot hold, or an array that is not a waveform.
    OSError
        If the file cannot be written.
    """
    target = as_path(path)
    rate = positive_int("sample_rate", sample_rate)
    data = as_waveform(waveform)
    if data.ndim > 2:
        raise ValueError(
            f"waveform has shape {data.shape}; it must be [channels, samples] or [samples]"
        )
    check_orientation(data)
    data = np.atleast_2d(data)
    require_one_of("clipping", clipping, ("warn", "ignore", "raise"))
    soundfile = require("soundfile", "audio", "sonogram.save")
    kind, encoding = encoding_of(soundfile, target, data.dtype, subtype)
    check_writable(data, rate, kind, encoding)
    check_range(data, encoding, clipping)
    with written_whole(target) as temporary:
        _write(soundfile, temporary, data, rate, kind, encoding, target)


@of_waveform
@names_arguments
def resample(
    waveform: npt.ArrayLike | TensorLike,
    orig_freq: float,
    new_freq: float,
    *,
    quality: Literal["HQ", "VHQ"] = "HQ",
) -> Any:
    """Change the sample rate by band-limited interpolation (soxr).

    Parameters
    ----------
    waveform : array_like or torch.Tensor
        ``[..., samples]``; every leading index is resampled independently. float64 stays float64,
        float32 stays float32, and int16 and int32 are scaled to [-1, 1) and become float32.
    orig_freq, new_freq : float
        Current and wanted sample rate; only their ratio matters.
    quality : {"HQ", "VHQ"}
        soxr's high (20-bit) or very high (28-bit) quality.

    Returns
    -------
    numpy.ndarray or torch.Tensor
        ``[..., samples * new_freq / orig_freq]``, rounded; a tensor for a tensor. If the rates are
        equal, the waveform itself without a copy (integers are still scaled).
    """
    old = number_above("orig_freq", orig_freq, 0)
    new = number_above("new_freq", new_freq, 0)
    require_one_of("quality", quality, ("HQ", "VHQ"))
    if not 1 / _MAX_RATIO <= new / old <= _MAX_RATIO:
        raise ValueError(
            f"new_freq is {new_freq!r}; it must be within a factor of {_MAX_RATIO} of orig_freq = "
            f"{orig_freq!r}"
        )
    given = as_waveform(waveform)
    check_orientation(given)
    data = as_float(given)
    if old == new:
        return waveform if data is given and hasattr(waveform, "shape") else data
    soxr = require("soxr", "audio", "sonogram.resample")
    items = data.reshape(math.prod(data.shape[:-1]), data.shape[-1])
    changed = [soxr.resample(np.ascontiguousarray(item), old, new, quality) for item in items]
    length = len(changed[0]) if changed else round(data.shape[-1] * new / old)
    result = np.asarray(changed[0] if len(changed) == 1 else np.array(changed, dtype=data.dtype))
    result = result.reshape(*data.shape[:-1], length)
    return sys.modules["torch"].from_numpy(result) if is_tensor(waveform) else result


@contextlib.contextmanager
def opened_file(path: Path) -> Iterator[Source]:
    """Open an audio file; any error is an OSError that names the file."""
    require_regular_file(path)
    try:
        with opened(str(path)) as source:
            yield source
    except UndecodableError as error:
        raise OSError(f"{str(path)!r}: {error}") from error
    except OSError as error:
        if error.filename is None and error.errno is not None:  # of a disk that fails
            error.filename = str(path)
        raise


def _read(source: Source, mono: bool) -> npt.NDArray[np.float32]:
    """Read all blocks into ``[channels, samples]``."""
    known = source.frames
    rows = 1 if mono else source.channels
    try:
        waveform = np.empty((rows, known or 0), np.float32)
    except (MemoryError, ValueError):
        raise UndecodableError(f"the header announces {known} samples") from None
    blocks = []
    block = np.empty((_BLOCK, source.channels), np.float32)
    count = 0
    while got := source.read(block):
        part = block[:got]
        rest = part.mean(axis=1, dtype=np.float64)[None] if mono else part.T
        if known is None:
            blocks.append(rest.astype(np.float32))
        else:
            waveform[:, count : count + got] = rest
        count += got
    return waveform if known is not None else np.concatenate([waveform, *blocks], axis=1)


def _write(
    soundfile: Any,
    temporary: Path,
    data: npt.NDArray[Any],
    rate: int,
    kind: str,
    encoding: str,
    target: Path,
) -> None:
    try:
        file = soundfile.SoundFile(
            os.fspath(temporary), "w", rate, data.shape[0], encoding, format=kind
        )
    except soundfile.LibsndfileError as error:
        raise ValueError(
            f"sample_rate is {rate} with {data.shape[0]} channel(s), which {kind}/{encoding} "
            f"cannot hold: {error.error_string}"
        ) from error
    try:
        with file:
            for start in range(0, data.shape[1], _BLOCK):
                file.write(np.ascontiguousarray(data[:, start : start + _BLOCK].T))
    except (soundfile.LibsndfileError, AssertionError) as error:
        raise OSError(f"{str(target)!r} cannot be written: {error}") from error
