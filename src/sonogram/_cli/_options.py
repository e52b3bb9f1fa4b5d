# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""One table of the options that make a `Spec`, and how their text becomes its values."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .._spec import Spec
from ._report import UsageError

ALL = ("stft", "spectrogram", "mel")
REAL = ("spectrogram", "mel")
MEL = ("mel",)

# What a command sets where no option says otherwise.
BASE: dict[str, dict[str, Any]] = {
    "stft": {"power": None},
    "spectrogram": {"power": 2.0},
    "mel": {"power": 2.0, "filterbank": "mel", "log": "ln"},
}


@dataclasses.dataclass(frozen=True)
class Option:
    """An option ``--name``: how its text is read, what it means, and who has it."""

    name: str
    read: Callable[[str], Any] | type
    help: str
    panel: str
    commands: tuple[str, ...] = ALL
    metavar: str | None = None

    @property
    def kind(self) -> type:
        """Return the type that the parser of the command line reads."""
        return self.read if isinstance(self.read, type) and self.read is not str else str

    @property
    def placeholder(self) -> str:
        """Return what stands for the value in the help."""
        return self.metavar or {int: "N", float: "X", str: "NAME"}.get(self.kind, "")

    @property
    def flag(self) -> str:
        """Return the spelling on the command line."""
        return "--" + self.name.replace("_", "-")


def _or_none(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: None if text.lower() == "none" else read(text)


def _scale_and_offset(text: str) -> tuple[float, float]:
    scale, comma, offset = text.partition(",")
    if not comma:
        raise ValueError("SCALE,OFFSET are two numbers")
    return float(scale), float(offset)


def _pair(read: Callable[[str], Any]) -> Callable[[str], Any]:
    def both(text: str) -> tuple[Any, Any]:
        left, _, right = text.partition(",")
        return read(left), read(right or left)

    return both


def _name_or_pair(text: str) -> Any:
    return tuple(text.split(",")) if "," in text else text


def _window(text: str) -> Any:
    if text.endswith(".npy"):
        return tuple(_array(text).ravel().tolist())
    name, _, parameter = text.partition(":")
    return (name, float(parameter)) if parameter else name


def _filterbank(text: str) -> Any:
    if text.endswith(".npy"):
        matrix = _array(text)
        if matrix.ndim != 2:
            raise ValueError(f"{text} holds shape {matrix.shape}, not [n_mels, n_freqs]")
        return tuple(map(tuple, matrix.tolist()))
    return text


def _array(path: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.asarray(np.load(Path(path), allow_pickle=False), np.float64)


def _normalized(text: str) -> Any:
    return {"true": True, "false": False, "none": False}.get(text.lower(), text)


def _reference(text: str) -> Any:
    return text if text == "max" else float(text)


_FRAME, _WINDOW, _CONDITION = "Frames", "Window", "Signal before framing"
_EACH, _SPECTRUM, _BANK = "Each frame before the window", "Spectrum", "Filterbank"
_LOG, _FINISH, _OUT = "Logarithm", "Finish (in this order)", "Result"

OPTIONS = (
    Option("n_fft", int, "Samples of a Fourier transform.", _FRAME),
    Option("win_length", int, "Samples of the window (default: n_fft).", _FRAME),
    Option("hop_length", int, "Samples between frames (default: win_length // 2).", _FRAME),
    Option("center", bool, "Centre frame t on sample t * hop_length.", _FRAME),
    Option(
        "pad_mode",
        _name_or_pair,
        "What lies beyond the ends: constant, reflect, replicate, circular or symmetric; "
        "or LEFT,RIGHT.",
        _FRAME,
    ),
    Option("frame_pad", _or_none(_pair(int)), "Samples to extend by.", _FRAME, ALL, "LEFT,RIGHT"),
    Option(
        "snip_edges",
        bool,
        "Kaldi's frames: whole ones only, or rounded and mirrored (default: as torch.stft).",
        _FRAME,
    ),
    Option("drop_last", bool, "Leave the last frame out.", _FRAME),
    Option(
        "window",
        _window,
        "hann, hamming, blackman, bartlett, cosine, povey, rectangular, kaiser:BETA, "
        "gaussian:STD, or an array in FILE.npy.",
        _WINDOW,
    ),
    Option("periodic", bool, "Periodic rather than symmetric.", _WINDOW),
    Option("window_align", str, "Where it lies in n_fft: center or left.", _WINDOW),
    Option("scale", float, "Multiply the samples by this.", _CONDITION),
    Option("clip", _or_none(float), "Then clip to this absolute value.", _CONDITION, ALL, "X"),
    Option("quantize", _or_none(str), "Then round them: none or int16.", _CONDITION),
    Option("remove_mean", bool, "Subtract the mean of the channel.", _CONDITION),
    Option("preemphasis", float, "Subtract this times the sample before.", _CONDITION),
    Option("preemphasis_kind", str, "The first sample: keep, or replicate the edge.", _CONDITION),
    Option("length", _or_none(int), "Cut or zero-pad to this length.", _CONDITION, ALL, "N"),
    Option("pad", _pair(int), "Zeros to add.", _CONDITION, ALL, "LEFT,RIGHT"),
    Option("dither", float, "Standard deviation of Gaussian noise to add.", _EACH),
    Option("seed", int, "Seed of that noise.", _EACH),
    Option("remove_dc", bool, "Subtract the mean of the frame.", _EACH),
    Option("frame_preemphasis", float, "Kaldi's pre-emphasis inside the frame.", _EACH),
    Option("power", _or_none(float), "Exponent: 2 is power, 1 is magnitude.", _SPECTRUM, REAL, "X"),
    Option("power_eps", float, "Added to |X|^2.", _SPECTRUM, REAL),
    Option("power_floor", float, "|X|^2 is at least this.", _SPECTRUM, REAL),
    Option("normalized", _normalized, "Divide by: false, window or frame_length.", _SPECTRUM),
    Option("filterbank", _filterbank, "mel, linear, or a matrix in FILE.npy.", _BANK, MEL),
    Option("n_mels", int, "Number of filters.", _BANK, MEL),
    Option("f_min", float, "Lowest frequency in Hz.", _BANK, MEL),
    Option("f_max", _or_none(float), "Highest (default: half the sample rate).", _BANK, MEL, "X"),
    Option("mel_scale", str, "htk, slaney or kaldi.", _BANK, MEL),
    Option("norm", _or_none(str), "Area of a filter: none or slaney.", _BANK, MEL),
    Option(
        "filterbank_sample_rate",
        _or_none(float),
        "Build the filters for this rate (default: that of the audio).",
        _BANK,
        MEL,
        "HZ",
    ),
    Option("triangle", str, "Sides straight in: hz or mel.", _BANK, MEL),
    Option("log", _or_none(str), "none, ln, log10, db or log1p.", _LOG, REAL),
    Option("floor", float, "Values are at least this before the log.", _LOG, REAL),
    Option("eps", float, "Added before the log.", _LOG, REAL),
    Option("gain", float, "Multiplied before the log.", _LOG, REAL),
    Option("reference", _reference, "Subtract a value, or max.", _FINISH, REAL, "VALUE|max"),
    Option("dynamic_range", float, "At most this far below the maximum.", _FINISH, REAL),
    Option(
        "affine",
        _scale_and_offset,
        "x * SCALE + OFFSET. (Whisper: --log log10 --dynamic-range 8 --affine 0.25,1)",
        _FINISH,
        REAL,
        "SCALE,OFFSET",
    ),
    Option("layout", str, "freq_time or time_freq.", _OUT),
    Option("dtype", _or_none(str), "float32 or float64 (complex for stft).", _OUT),
)
_STAGES = ("reference", "dynamic_range", "affine")


def default_text(option: Option, command: str) -> str | None:
    """Return the default for the help, or None where the help says it or there is none."""
    fields = {**{f.name: f.default for f in dataclasses.fields(Spec)}, **BASE[command]}
    value = fields.get(option.name)
    if value is None:
        return None
    if option.kind is bool:
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value).lower()


def spec_fields(command: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the options of a command line (None: not given) into fields of `Spec`."""
    fields = dict(BASE[command])
    finish = []
    for option in OPTIONS:
        text = given.get(option.name)
        if text is None:
            continue
        value = _read(option, text)
        if option.name in _STAGES:
            finish.append((option.name, *(value if isinstance(value, tuple) else (value,))))
        else:
            fields[option.name] = value
    if finish:
        fields["finish"] = tuple(finish)
    return fields


def _read(option: Option, text: Any) -> Any:
    if not isinstance(text, str):  # the parser has read numbers and switches
        return text
    try:
        return option.read(text)
    except (ValueError, OSError) as error:
        raise UsageError(f"{option.flag}: {text!r} cannot be read: {error}") from error
