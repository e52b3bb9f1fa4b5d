# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Argument names of other libraries, for errors that suggest the name used here."""

import difflib
import inspect
from collections.abc import Callable, Collection, Iterable
from functools import wraps
from types import FunctionType
from typing import Any, TypeVar, cast

from .. import _core

T = TypeVar("T", bound=Callable[..., Any])

# Words of librosa, transformers, Kaldi, NeMo and SciPy, each with its possible meanings here.
_MEANINGS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("sr", "fs", "rate", "samplerate", "sampling_rate", "sample_frequency", "orig_sr"),
        ("sample_rate", "sample_frequency", "orig_freq"),
    ),
    "target_sr": ("new_freq", "sample_rate"),
    **dict.fromkeys(
        ("y", "x", "audio", "wav", "wave", "signal", "samples", "raw_speech", "waveforms"),
        ("waveform", "waveforms"),
    ),
    **dict.fromkeys(
        ("n_mel", "nmels", "num_mels", "num_mel", "num_mel_bins", "mel_bins", "n_mel_channels",
         "n_bands", "num_bins", "feature_size", "features", "nfilt", "n_filters"),
        ("n_mels", "num_mel_bins", "n_filter"),
    ),
    **dict.fromkeys(
        ("nfft", "fft", "fft_size", "fft_length", "fft_window_size", "filter_length"), ("n_fft",)
    ),
    **dict.fromkeys(
        ("hop", "hop_size", "hopsize", "stride", "frame_shift", "frame_step", "window_stride"),
        ("hop_length", "frame_shift"),
    ),
    **dict.fromkeys(
        ("win", "win_size", "window_size", "window_length", "frame_length", "winlen"),
        ("win_length", "frame_length"),
    ),
    **dict.fromkeys(
        ("fmin", "low_freq", "lowfreq", "lower_edge_hertz", "min_frequency", "mel_fmin"),
        ("f_min", "low_freq"),
    ),
    **dict.fromkeys(
        ("fmax", "high_freq", "highfreq", "upper_edge_hertz", "max_frequency", "mel_fmax"),
        ("f_max", "high_freq"),
    ),
    "htk": ("mel_scale",),
    "top_db": ("dynamic_range",),
    "amin": ("floor",),
    **dict.fromkeys(("preemph", "preemphasis_coefficient"), ("preemphasis",)),
    **dict.fromkeys(("window_fn", "window_type", "win_type"), ("window", "window_type")),
    **dict.fromkeys(("num_ceps", "n_ceps", "numcep", "n_mfccs"), ("n_mfcc", "num_ceps")),
    "sample_rate": ("sample_frequency", "orig_freq"),
    "n_mels": ("num_mel_bins", "n_filter"),
    "n_mfcc": ("num_ceps",),
    "hop_length": ("frame_shift",),
    "win_length": ("frame_length",),
    "f_min": ("low_freq",),
    "f_max": ("high_freq",),
    "window": ("window_type",),
    **dict.fromkeys(("n_jobs", "num_workers", "threads"), ("num_threads", "workers")),
    **dict.fromkeys(("file", "filename", "file_path"), ("path",)),
    "max_length": ("max_frames",),
}  # fmt: skip


def near(name: str, known: Collection[str]) -> str | None:
    """Return the known name that a name probably means, or None."""
    for meaning in _MEANINGS.get(name.lower(), ()):
        if meaning in known:
            return meaning
    close = difflib.get_close_matches(name.lower(), known, 1, 0.75)
    return close[0] if close else None


def did_you_mean(names: Iterable[str], known: Collection[str]) -> str:
    """Return " (did you mean ...?)" for unknown names with a likely meaning, else ""."""
    pairs = [(name, near(name, known)) for name in names]
    found = [f"{meant!r} for {name!r}" for name, meant in pairs if meant is not None]
    return f" (did you mean {', '.join(found)}?)" if found else ""


def check_names(what: str, names: Iterable[str], known: Collection[str]) -> None:
    """Refuse unknown names with a TypeError that lists them and their likely meanings."""
    unknown = [name for name in names if name not in known]
    if unknown:
        shown = ", ".join(map(repr, unknown))
        raise TypeError(
            f"{what} has no {'argument' if len(unknown) == 1 else 'arguments'} {shown}"
            f"{did_you_mean(unknown, known)}; it has {', '.join(known)}"
        )


def names_arguments(thing: T) -> T:
    """Decorate a function or class so that errors for unknown arguments suggest the right name.

    For a class, this applies to its constructor, its call and its public methods.
    """
    if not isinstance(thing, type):
        return cast(T, _named(thing))
    for name, member in list(vars(thing).items()):
        if name[0] == "_" and name not in _CALLED_WITH_KEYWORDS:
            continue
        if isinstance(member, FunctionType):
            refusing = _core.RefusesUnknownArguments(member, _refuse_unknown)
            setattr(thing, name, wraps(member)(refusing))
        elif isinstance(member, (classmethod, staticmethod)):
            setattr(thing, name, type(member)(_named(member.__func__)))
    return thing


_CALLED_WITH_KEYWORDS = ("__init__", "__call__")  # of the special methods


def _named(function: Any) -> Any:
    @wraps(function)
    def named(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except TypeError:
            _refuse_unknown(function, args[0] if args else None, tuple(kwargs))
            raise

    return named


def _refuse_unknown(function: FunctionType, first: Any, names: tuple[str, ...]) -> None:
    """Raise a TypeError for names that the function does not have."""
    parameters = list(inspect.signature(function).parameters.values())
    what = function.__qualname__
    owner, _, name = what.rpartition(".")
    if parameters[:1] and parameters[0].name in ("self", "cls"):
        del parameters[0]
        owner = (first if isinstance(first, type) else type(first)).__name__  # maybe a derived one
    if owner:
        what = {"__init__": owner, "__call__": f"a call of {owner}"}.get(name, f"{owner}.{name}")
    if not any(p.kind is p.VAR_KEYWORD for p in parameters):
        check_names(what, names, [p.name for p in parameters])
