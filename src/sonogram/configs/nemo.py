# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The preprocessor section of a NeMo model's YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .._spec.presets import preset
from .._spec.record import Spec
from .._support.spellings import names_arguments
from .fields import FLOAT_EPSILON, Fields, bands, changed, power_of_two
from .files import as_mapping, is_path, read_yaml
from .ignored_keys import NEMO
from .keys import Keys

_RATE = "sample_rate"
_WINDOWS = ("hann", "hamming", "blackman", "bartlett")
_TINY = 1.1754943508222875e-38  # the smallest normal float32
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d+")
_REFERENCE = re.compile(r"\$\{([\w.]+)\}")


@names_arguments
def from_nemo(source: Any) -> Spec:
    """Make a Spec from the preprocessor of a NeMo model.

    Parameters
    ----------
    source : path or mapping
        A model's YAML file (needs the extra ``yaml``), or a mapping: the whole config or its
        ``preprocessor`` section. References such as ``${model.sample_rate}`` are resolved.

    Returns
    -------
    Spec
        The features of ``AudioToMelSpectrogramPreprocessor`` or ``AudioToMFCCPreprocessor`` outside
        training; dither and augmentation act only in training and are ignored.

    Raises
    ------
    TypeError, ValueError
        For unknown keys and for values that are not allowed; the message names them.

    Notes
    -----
    Read from nemo_toolkit 3.0.0, asr/parts/preprocessing/features.py: ``ln(mel + 2**-24)`` of the
    power spectrum in librosa's bands, normalised over the valid frames, which never include the
    last one; the others are filled with ``pad_value``.

    Examples
    --------
    >>> import sonogram
    >>> spec = sonogram.from_nemo({"window_size": 0.025, "features": 80, "pad_to": 0})
    >>> spec.win_length, spec.n_mels
    (400, 80)
    """
    config = read_yaml(Path(source)) if is_path(source) else as_mapping(source, "source")
    section = _section(config)
    target = str(section.get("_target_") or section.get("cls") or "AudioToMelSpectrogram")
    if isinstance(section.get("params"), Mapping):  # the form of NeMo before 1.0
        section = section["params"]
    where = "the preprocessor section"
    keys = Keys({k: _plain(v, config) for k, v in section.items()}, where, NEMO)
    name = target.rsplit(".", 1)[-1].removesuffix("Preprocessor")
    if name not in ("AudioToMelSpectrogram", "AudioToMFCC"):
        raise ValueError(
            f"_target_ is {target!r}; it must be AudioToMelSpectrogramPreprocessor or "
            "AudioToMFCCPreprocessor"
        )
    if name == "AudioToMFCC":
        base = Spec(filterbank="mel", valid_frames="ceil")
        fields = _mfcc(keys, base)
    else:
        base = preset("nemo-64")
        fields = _mel_spectrogram(keys, base)
    keys.done()
    return changed(base, fields, keys)


def _section(config: Mapping[str, Any]) -> Mapping[str, Any]:
    for part in (config, config.get("model")):
        if isinstance(part, Mapping) and isinstance(part.get("preprocessor"), Mapping):
            section: Mapping[str, Any] = part["preprocessor"]
            return section
    return config


def _plain(value: Any, config: Mapping[str, Any]) -> Any:
    """Resolve references, and numbers such as 1e-5, which are text in YAML 1.1."""
    for _ in range(16):
        match = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            break
        found: Any = config
        for name in match.group(1).split("."):
            if not isinstance(found, Mapping) or name not in found:
                raise ValueError(f"{value} refers to nothing in the config")
            found = found[name]
        value = found
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value)
    if isinstance(value, Mapping):
        return {k: _plain(v, config) for k, v in value.items()}
    return [_plain(v, config) for v in value] if isinstance(value, list) else value


def _frames(keys: Keys) -> tuple[int, Fields]:
    """Read rate, window and hop, in seconds or samples but not both."""
    rate = keys.integer("sample_rate", 16000)
    lengths = []
    for seconds, samples, default in (("window_size", "n_window_size", 0.02),
                                      ("window_stride", "n_window_stride", 0.01)):  # fmt: skip
        if keys.raw(samples):
            if seconds not in keys or keys.raw(seconds):
                raise ValueError(f"{samples} and {seconds} are both given; set {seconds} to null")
            lengths.append(keys.integer(samples, None))
        else:
            lengths.append(int(keys.positive(seconds, default) * rate))
    n_fft = keys.integer("n_fft", None) if keys.raw("n_fft") else power_of_two(lengths[0])
    return rate, {
        "sample_rate": rate,
        "n_fft": n_fft,
        "win_length": lengths[0],
        "hop_length": lengths[1],
    }


def _mel_spectrogram(keys: Keys, base: Spec) -> Fields:
    rate, fields = _frames(keys)
    keys.only("frame_splicing", 1, "NeMo repeats the same frames, which a Spec cannot express")
    preemphasis = keys.optional("preemph", base.preemphasis) or 0.0
    fields["window"] = keys.word("window", "hann", _WINDOWS)
    fields |= _padding(keys, fields, preemphasis)
    n_mels, high = keys.integer("features", base.n_mels), keys.optional("highfreq")
    norm = keys.raw("mel_norm", "slaney")
    if norm not in ("slaney", None):
        raise ValueError(f"mel_norm is {norm!r}; it must be 'slaney' or null")
    low = keys.number("lowfreq", 0.0, low=0.0)
    high = high or rate / 2
    base = base.replace(norm=norm)
    fields["norm"] = norm
    fields |= bands(base, rate, fields["n_fft"], n_mels, low, high, stretched=False, key=_RATE)
    fields |= {
        "preemphasis": preemphasis,
        "power": keys.positive("mag_power", 2.0),
        "finish": _finish(keys, n_mels),
        **_log(keys),
    }
    return fields


def _padding(keys: Keys, fields: Fields, preemphasis: float) -> Fields:
    """Pad half a frame on each side or, with `exact_pad`, half of a frame less a hop."""
    if not keys.flag("exact_pad", False):
        return {}
    if preemphasis:
        raise ValueError(
            f"exact_pad is true and preemph is {preemphasis}; preemph must be null: NeMo then "
            "cuts as many samples off the end as it pads, which a Spec cannot express"
        )
    if fields["hop_length"] % 2:
        raise ValueError(f"exact_pad is true; the hop is {fields['hop_length']}, it must be even")
    pad = max(0, fields["n_fft"] - fields["hop_length"]) // 2
    return {"frame_pad": (pad, pad)}


def _log(keys: Keys) -> Fields:
    kind = keys.word("log_zero_guard_type", "add", ("add", "clamp"))
    guard = keys.raw("log_zero_guard_value", 2.0**-24)
    if isinstance(guard, str):
        words = {"tiny": _TINY, "eps": FLOAT_EPSILON}
        guard = words[keys.word("log_zero_guard_value", guard, words)]
    else:
        guard = keys.number("log_zero_guard_value", guard, low=0.0)
    if not keys.flag("log", True):
        return {"log": None, "floor": 1e-10, "eps": 0.0}  # the defaults of Spec
    floor, eps = (0.0, guard) if kind == "add" else (guard, 0.0)
    return {"log": "ln", "floor": floor, "eps": eps}


def _finish(keys: Keys, n_mels: int) -> tuple[Any, ...]:
    kind = keys.raw("normalize", "per_feature")
    value = keys.number("pad_value", 0.0)
    finish: tuple[Any, ...] = ()
    if kind in ("per_feature", "all_features"):
        axis = "time" if kind == "per_feature" else "all"
        finish = (("normalize", {"axis": axis, "ddof": 1, "eps": 1e-5}),)
    elif isinstance(kind, Mapping):
        fixed = Keys(kind, "normalize")
        mean, std = fixed.numbers("fixed_mean", n_mels), fixed.numbers("fixed_std", n_mels)
        fixed.done()
        if mean is None or std is None or 0.0 in std:
            raise ValueError("normalize must have fixed_mean and fixed_std, one for every band, "
                             "no fixed_std 0")  # fmt: skip
        finish = (("statistics", tuple(mean), tuple(1 / s for s in std)),)
    elif not (kind is None or isinstance(kind, str) or kind is False):
        raise TypeError(f"normalize is {kind!r}; it must be text, null or fixed statistics")
    finish += (("mask", value),)
    if keys.raw("pad_to", 16) == "max":
        raise ValueError("pad_to is 'max'; it must be a number: the maximum is not in the config")
    multiple = keys.integer("pad_to", 16, low=0)
    return (*finish, ("multiple", multiple, value)) if multiple > 1 else finish


def _mfcc(keys: Keys, base: Spec) -> Fields:
    """Read AudioToMFCCPreprocessor's keys: torchaudio's MFCC with periodic windows."""
    rate, fields = _frames(keys)
    n_mels, high = keys.integer("n_mels", 64), keys.optional("highfreq")
    windows = {"hann": "hann", "hamming": "hamming", "blackman": "blackman",
               "bartlett": "bartlett", "ones": "rectangular"}  # fmt: skip
    name = keys.raw("window", "hann")
    name = "ones" if name is None else keys.word("window", "hann", windows)
    low = keys.number("lowfreq", 0.0, low=0.0)
    fields["window"] = windows[name]
    fields |= bands(base, rate, fields["n_fft"], n_mels, low, high or float(rate // 2), key=_RATE)
    dct = _dct(keys, n_mels)
    if keys.flag("log", True):
        return {**fields, "log": "ln", "floor": 0.0, "eps": 1e-6, "finish": (dct,)}
    return {**fields, "log": "db", "floor": 1e-10, "finish": (("dynamic_range", 80.0), dct)}


def _dct(keys: Keys, n_mels: int) -> tuple[Any, ...]:
    count = keys.integer("n_mfcc", 64)
    if count > n_mels:
        raise ValueError(f"n_mfcc is {count}; it must be at most n_mels = {n_mels}")
    keys.only("dct_type", 2, "torchaudio has no other")
    norm = keys.raw("norm", "ortho")
    if norm not in ("ortho", None):
        raise ValueError(f"norm is {norm!r}; it must be 'ortho' or null")
    return ("dct", count, 2, "ortho" if norm else "none")
