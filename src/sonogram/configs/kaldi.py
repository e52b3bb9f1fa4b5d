# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Kaldi's options as fields, for its conf files and for torchaudio's spelling of them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from .._spec.presets import preset
from .._spec.record import Spec
from .._support.spellings import names_arguments
from .fields import FLOAT_EPSILON, Fields, changed, power_of_two
from .files import is_path
from .ignored_keys import KALDI

_WINDOWS = {"hamming": "hamming", "hanning": "hann", "povey": "povey",
            "rectangular": "rectangular", "sine": "sine"}  # fmt: skip


@dataclass(frozen=True)
class Options:
    """Options of compute-fbank-feats, compute-mfcc-feats and compute-spectrogram-feats.

    Defaults are Kaldi's for fbank. Times are in milliseconds, frequencies in Hz.
    """

    sample_frequency: float = 16000.0
    frame_length: float = 25.0
    frame_shift: float = 10.0
    dither: float = 1.0
    preemphasis_coefficient: float = 0.97
    remove_dc_offset: bool = True
    window_type: str = "povey"
    blackman_coeff: float = 0.42
    round_to_power_of_two: bool = True
    snip_edges: bool = True
    num_mel_bins: int = 23
    low_freq: float = 20.0
    high_freq: float = 0.0
    vtln_low: float = 100.0
    vtln_high: float = -500.0
    vtln_warp: float = 1.0
    use_energy: bool = False
    energy_floor: float = 0.0
    raw_energy: bool = True
    htk_compat: bool = False
    use_log_fbank: bool = True
    use_power: bool = True
    num_ceps: int = 13
    cepstral_lifter: float = 22.0
    subtract_mean: bool = False


_FRAME = ("sample_frequency", "frame_length", "frame_shift", "dither", "preemphasis_coefficient",
          "remove_dc_offset", "window_type", "blackman_coeff", "round_to_power_of_two",
          "snip_edges", "energy_floor", "raw_energy", "subtract_mean")  # fmt: skip
_BANDS = ("num_mel_bins", "low_freq", "high_freq", "vtln_low", "vtln_high", "vtln_warp",
          "use_energy", "htk_compat")  # fmt: skip
ALLOWED = {
    "fbank": (*_FRAME, *_BANDS, "use_log_fbank", "use_power"),
    "mfcc": (*_FRAME, *_BANDS, "num_ceps", "cepstral_lifter"),
    "spectrogram": _FRAME,
}


def spec_of(kind: str, options: Options, scale: float) -> Spec:
    """Return the Spec of one of Kaldi's kinds of features: its preset, changed by the options."""
    base, read = _KINDS[kind]
    fields = {**_frames(options), "scale": scale, "energy": None}
    finish = read(options, fields)
    if options.subtract_mean:
        finish += (("normalize", {"std": False}),)
    return changed(preset(base), {**fields, "finish": finish})


def _frames(o: Options) -> Fields:
    win_length = int(o.sample_frequency * 0.001 * o.frame_length)
    hop_length = int(o.sample_frequency * 0.001 * o.frame_shift)
    if win_length < 2:
        raise ValueError(
            f"frame_length is {o.frame_length} ms, {win_length} samples; it must be at least 2"
        )
    if hop_length < 1:
        raise ValueError(f"frame_shift is {o.frame_shift} ms, no sample; it must be at least 1")
    if not o.round_to_power_of_two and win_length % 2:
        raise ValueError(
            f"round_to_power_of_two is False; it must be True for a frame of {win_length} samples, "
            "which is odd"
        )
    if not 0 <= o.preemphasis_coefficient <= 1:
        raise ValueError(
            f"preemphasis_coefficient is {o.preemphasis_coefficient}; it must be from 0 to 1"
        )
    return {
        "sample_rate": o.sample_frequency,
        "dither": o.dither,
        "n_fft": power_of_two(win_length) if o.round_to_power_of_two else win_length,
        "win_length": win_length,
        "hop_length": hop_length,
        "snip_edges": o.snip_edges,
        "remove_dc": o.remove_dc_offset,
        "frame_preemphasis": o.preemphasis_coefficient,
        "window": _window(o),
    }


def _window(o: Options) -> Any:
    if o.window_type == "blackman":
        return ("blackman", o.blackman_coeff)
    if o.window_type not in _WINDOWS:
        names = ", ".join(map(repr, (*_WINDOWS, "blackman")))
        raise ValueError(f"window_type is {o.window_type!r}; it must be one of {names}")
    return _WINDOWS[o.window_type]


def _energy(o: Options) -> Fields:
    kind = "raw" if o.raw_energy else "windowed"
    return {"energy": kind, "energy_floor": max(o.energy_floor, FLOAT_EPSILON)}


def _bands(o: Options) -> Fields:
    nyquist = 0.5 * o.sample_frequency
    return {
        "n_mels": o.num_mel_bins,
        "f_min": o.low_freq,
        "f_max": o.high_freq if o.high_freq > 0 else nyquist + o.high_freq,
        "vtln_warp": o.vtln_warp,
        "vtln_low": o.vtln_low,
        "vtln_high": o.vtln_high,
    }


def _fbank(o: Options, fields: Fields) -> tuple[Any, ...]:
    fields |= _bands(o)
    if not o.use_log_fbank:
        fields["log"] = None
    if not o.use_power:
        fields["power"] = 1.0
    if not o.use_energy:
        return ()
    fields |= _energy(o)
    return (("energy", "last" if o.htk_compat else "first"),)


def _mfcc(o: Options, fields: Fields) -> tuple[Any, ...]:
    if not 1 <= o.num_ceps <= o.num_mel_bins:
        raise ValueError(
            f"num_ceps is {o.num_ceps}; it must be from 1 to num_mel_bins = {o.num_mel_bins}"
        )
    fields |= _bands(o)
    finish: tuple[Any, ...] = (("dct", o.num_ceps),)
    if o.cepstral_lifter:
        finish += (("lifter", o.cepstral_lifter),)
    if o.use_energy:
        fields |= _energy(o)
        finish += (("energy", "replace"),)
    elif o.htk_compat:  # C0 without the factor of the orthonormal transform, as in HTK
        scales = (math.sqrt(2), *[1.0] * (o.num_ceps - 1))
        finish += (("statistics", 0.0, scales),)
    return (*finish, ("rotate", 1)) if o.htk_compat else finish


def _spectrogram(o: Options, fields: Fields) -> tuple[Any, ...]:
    fields |= _energy(o)
    return (("energy", "replace"),)


_KINDS: dict[str, tuple[str, Callable[[Options, Fields], tuple[Any, ...]]]] = {
    "fbank": ("kaldi-fbank-23", _fbank),
    "mfcc": ("kaldi-mfcc", _mfcc),
    "spectrogram": ("kaldi-spectrogram", _spectrogram),
}


@names_arguments
def from_kaldi_conf(
    source: Any, kind: Literal["fbank", "mfcc", "spectrogram"] = "fbank", *, scale: float = 32768.0
) -> Spec:
    """Make a Spec from Kaldi's options: a ``conf/fbank.conf``, or its lines.

    Parameters
    ----------
    source : path, iterable of str or mapping
        A file; lines such as ``"--num-mel-bins=80"``; or options by name, such as
        ``{"num-mel-bins": 80}``. Text after a ``#`` is a comment.
    kind : {"fbank", "mfcc", "spectrogram"}
        Kind of features, that is, the program that reads the file.
    scale : float
        Factor on the waveform. Kaldi's samples have the values of int16; sonogram's are in [-1, 1].

    Returns
    -------
    Spec
        With Kaldi's defaults for options that are not given. These include ``dither=1``, noise
        with the Spec's `seed`; ``spec.replace(dither=0.0)`` removes it.

    Raises
    ------
    TypeError, ValueError
        For unknown options and for values that are not allowed; the message names them.

    Notes
    -----
    Defaults and meanings are those of kaldi/src/feat (feature-window.h, mel-computations.h,
    feature-fbank.h, feature-mfcc.h, feature-spectrogram.h).

    Examples
    --------
    >>> import sonogram
    >>> sonogram.from_kaldi_conf(["--num-mel-bins=80", "--dither=0"]).n_mels
    80
    """
    if kind not in ALLOWED:
        raise ValueError(f"kind is {kind!r}; it must be one of {', '.join(map(repr, ALLOWED))}")
    given = _parse(source)
    for name in ("allow-downsample", "allow-upsample", "return-raw-fft"):
        if _flag(name, given.pop(name, "false")):
            raise ValueError(f"{name} is true; it must be false: a Spec cannot say it")
    if _number("min-duration", given.pop("min-duration", "0")) > 0:
        raise ValueError("min-duration is above 0; it must be 0: a Spec leaves no signal out")
    for name in ("vtln-map", "utt2spk"):
        if given.pop(name, ""):
            raise ValueError(f"{name} is given; give the warp of one speaker as vtln-warp instead")
    options: dict[str, Any] = {"use_energy": kind == "mfcc"}
    unknown = []
    for name, text in given.items():
        field = name.replace("-", "_")
        if field in ALLOWED[kind]:
            options[field] = _convert(name, text)
        elif name not in KALDI:
            unknown.append(name)
    if unknown:
        known = ", ".join(field.replace("_", "-") for field in ALLOWED[kind])
        names = ", ".join(map(repr, unknown))
        raise ValueError(f"unknown options {names}; compute-{kind}-feats has {known}")
    return spec_of(kind, Options(**options), scale)


def _parse(source: Any) -> dict[str, Any]:
    """Return the options by name, with unparsed values."""
    if isinstance(source, Mapping):
        return {str(name).lstrip("-").replace("_", "-"): v for name, v in source.items()}
    if is_path(source):
        source = Path(source).read_text(encoding="utf-8").splitlines()
    if not isinstance(source, Iterable) or isinstance(source, bytes):
        raise TypeError(f"source is a {type(source).__name__}; it must be a path, lines or options")
    options: dict[str, Any] = {}
    for line in source:
        text = line.split("#", 1)[0].strip()
        if not text:
            continue
        if not text.startswith("--"):
            raise ValueError(f"{text!r} is not an option; it must look like --num-mel-bins=80")
        name, equals, value = (part.strip() for part in text[2:].partition("="))
        name, value = name.replace("_", "-"), value if equals else "true"
        if options.setdefault(name, value) != value:
            raise ValueError(f"{name} is both {options[name]!r} and {value!r}; it must be one")
    return options


def _convert(name: str, value: Any) -> Any:
    default = {f.name: f.default for f in dataclasses.fields(Options)}[name.replace("-", "_")]
    if isinstance(default, bool):
        return _flag(name, value)
    if isinstance(default, str):
        return str(value)
    number = _number(name, value)
    if isinstance(default, int):
        if not number.is_integer():
            raise ValueError(f"{name} is {value!r}; it must be an integer")
        return int(number)
    return number


def _flag(name: str, value: Any) -> bool:
    """Read a boolean as Kaldi writes it: an empty value is true."""
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text in ("true", "t", "1", ""):
        return True
    if text in ("false", "f", "0"):
        return False
    raise ValueError(f"{name} is {value!r}; it must be true or false")


def _number(name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, bool) or not math.isfinite(number):
        raise ValueError(f"{name} is {value!r}; it must be a finite number")
    return number
