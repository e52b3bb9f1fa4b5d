# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The encodings of audio formats: which one for which dtype, and their ranges."""

import math
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_FORMATS = {
    ".wav": ("WAV", None),
    ".flac": ("FLAC", None),
    ".ogg": ("OGG", "VORBIS"),
    ".oga": ("OGG", "VORBIS"),
    ".opus": ("OGG", "OPUS"),
    ".mp3": ("MP3", "MPEG_LAYER_III"),
    ".aif": ("AIFF", None),
    ".aiff": ("AIFF", None),
    ".au": ("AU", None),
    ".caf": ("CAF", None),
    ".w64": ("W64", None),
    ".rf64": ("RF64", None),
}
_SUBTYPE_OF_DTYPE = {
    "int16": "PCM_16",
    "int32": "PCM_32",
    "float32": "FLOAT",
    "float64": "DOUBLE",
}
_WIDTHS = {"PCM_24": 3, "PCM_32": 4, "FLOAT": 4, "DOUBLE": 8}
_MAX_BYTES = 0xFFFF0000
_UNBOUNDED = ("FLOAT", "DOUBLE", "VORBIS")  # can hold values outside [-1, 1]


def encoding_of(
    soundfile: Any, path: Path, dtype: np.dtype[Any], subtype: str | None
) -> tuple[str, str]:
    """Return libsndfile's format and subtype for a suffix, a dtype and a requested subtype."""
    suffix = path.suffix.lower()
    if suffix not in _FORMATS:
        raise ValueError(f"path is {str(path)!r}; its suffix must be one of {', '.join(_FORMATS)}")
    kind, encoding = _FORMATS[suffix]
    if subtype is None:
        if encoding is None:
            encoding = _SUBTYPE_OF_DTYPE[dtype.name]
            if not soundfile.check_format(kind, encoding):
                encoding = "PCM_24" if encoding == "PCM_32" else "PCM_16"
        return kind, encoding
    if not isinstance(subtype, str):
        raise TypeError(f"subtype is {subtype!r}; it must be a str or None")
    allowed = list(soundfile.available_subtypes(kind)) if encoding is None else [encoding]
    if subtype.upper() not in allowed:
        raise ValueError(
            f"subtype is {subtype!r}; for {suffix} it must be one of {', '.join(allowed)}"
        )
    return kind, subtype.upper()


def check_writable(data: npt.NDArray[Any], rate: int, kind: str, encoding: str) -> None:
    """Refuse input with which libsndfile crashes or writes nonsense; it refuses the rest itself."""
    channels, samples = data.shape
    if channels == 0:
        raise ValueError(f"waveform has shape {data.shape}; it must have at least 1 channel")
    vorbis = encoding == "VORBIS"
    max_rate, max_channels = (200_000, 255) if vorbis else (2**31 - 1, 1024)
    if rate > max_rate or channels > max_channels:
        raise ValueError(
            f"sample_rate is {rate} with {channels} channel(s); for {kind}/{encoding} it must be "
            f"at most {max_rate} with at most {max_channels} channels"
        )
    if "MPEG" in encoding and samples == 0:
        raise ValueError(f"waveform has shape {data.shape}; for MP3 it must have at least 1 sample")
    width = _WIDTHS.get(encoding, 2)
    if kind in ("WAV", "AIFF", "AU") and channels * samples * width > _MAX_BYTES:
        raise ValueError(
            f"waveform has shape {data.shape}; for {kind} it must fit in 4 GB (.w64 and .rf64 hold "
            "more)"
        )


def check_range(data: npt.NDArray[Any], encoding: str, clipping: str) -> None:
    """Warn of samples that the encoding clips, or refuse them.

    The warning's stack level of 3 points at the user's code, the caller of `sonogram.save`.
    """
    if data.dtype.kind != "f" or data.size == 0 or encoding in ("FLOAT", "DOUBLE"):
        return
    peak = float(max(data.max(), -data.min()))
    if not math.isfinite(peak):
        raise ValueError(f"waveform holds NaN or Inf; for {encoding} it must be finite")
    if peak <= 1.0 or encoding in _UNBOUNDED or clipping == "ignore":
        return
    count = int(np.count_nonzero(np.abs(data) > 1.0))
    message = (
        f"waveform: {count} of {data.size} samples lie outside [-1, 1] (peak {peak:.4g}), "
        f"which {encoding} clips"
    )
    if clipping == "raise":
        raise ValueError(f"{message}; nothing was written")
    warnings.warn(f"{message}; scale the waveform or choose subtype 'FLOAT'", stacklevel=3)
