# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Cepstra of mel and linear bands, with the arguments of torchaudio's transforms."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

import numpy.typing as npt

from .._spec import words
from .._support.arguments import positive_int, require_bool
from .._support.overloads import Out, TensorLike, of_waveform
from .._support.spellings import did_you_mean, names_arguments
from .functional import _KEYS, _run
from .transforms import MelSpectrogram, Spectrogram, _Transform

_CALL_ARGUMENTS = ("waveform", "out", "num_threads")
_TOP_DB = 80.0  # torchaudio.transforms.MFCC and LFCC


@names_arguments
class MFCC(_Transform):
    """Mel-frequency cepstra ``[..., n_mfcc, time]``, with torchaudio's arguments and defaults.

    Parameters
    ----------
    sample_rate : float
        Sample rate, Hz.
    n_mfcc : int
        Number of cepstral coefficients, at most ``n_mels``.
    dct_type : {1, 2, 3, 4}
        Type of the discrete cosine transform over the bands.
    norm : {"ortho"}, optional
        Orthonormal transform; None: plain sums times 2.
    log_mels : bool
        ``ln(mel + 1e-6)`` instead of decibels that are limited to 80 below the item's maximum.
    melkwargs : mapping, optional
        Arguments of `MelSpectrogram`.
    layout, dtype
        As in `Spec`.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> mfcc = sonogram.MFCC(n_mfcc=13, melkwargs={"n_fft": 512, "n_mels": 40})
    >>> mfcc(np.zeros(16000, np.float32)).shape
    (13, 63)
    """

    def __init__(
        self,
        sample_rate: float = 16000,
        n_mfcc: int = 40,
        dct_type: Literal[1, 2, 3, 4] = 2,
        norm: words.DctNorm | None = "ortho",
        log_mels: bool = False,
        melkwargs: Mapping[str, Any] | None = None,
        *,
        layout: words.Layout = "freq_time",
        dtype: words.DType | None = None,
    ) -> None:
        given = {"layout": layout, "dtype": dtype, "sample_rate": sample_rate}
        fields = _bound(MelSpectrogram, "melkwargs", melkwargs, given)
        fields["onesided"] = True if fields["onesided"] is None else fields["onesided"]
        require_bool("log_mels", log_mels)
        dct = _dct("n_mfcc", n_mfcc, "n_mels", fields["n_mels"], dct_type, norm)
        super().__init__({**fields, "filterbank": "mel", **_logged(log_mels, fields, dct)})


@names_arguments
class LFCC(_Transform):
    """Linear-frequency cepstra ``[..., n_lfcc, time]``, with torchaudio's arguments and defaults.

    Parameters
    ----------
    sample_rate : float
        Sample rate, Hz.
    n_filter : int
        Number of bands, evenly spaced in Hz.
    f_min, f_max : float
        Edges of the bands, Hz; `f_max` None: the Nyquist frequency.
    n_lfcc : int
        Number of cepstral coefficients, at most `n_filter`.
    dct_type, norm
        As in `MFCC`.
    log_lf : bool
        ``ln(band + 1e-6)`` instead of decibels that are limited to 80 below the item's maximum.
    speckwargs : mapping, optional
        Arguments of `Spectrogram`.
    layout, dtype
        As in `Spec`.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> sonogram.LFCC(n_lfcc=20)(np.zeros(16000, np.float32)).shape
    (20, 81)
    """

    def __init__(
        self,
        sample_rate: float = 16000,
        n_filter: int = 128,
        f_min: float = 0.0,
        f_max: float | None = None,
        n_lfcc: int = 40,
        dct_type: Literal[1, 2, 3, 4] = 2,
        norm: words.DctNorm | None = "ortho",
        log_lf: bool = False,
        speckwargs: Mapping[str, Any] | None = None,
        *,
        layout: words.Layout = "freq_time",
        dtype: words.DType | None = None,
    ) -> None:
        given = {"layout": layout, "dtype": dtype, "sample_rate": sample_rate}
        fields = _bound(Spectrogram, "speckwargs", speckwargs, given)
        require_bool("log_lf", log_lf)
        bands = {"filterbank": "linear", "n_mels": n_filter, "f_min": f_min, "f_max": f_max}
        dct = _dct("n_lfcc", n_lfcc, "n_filter", n_filter, dct_type, norm)
        super().__init__({**fields, **bands, **_logged(log_lf, fields, dct)})


@of_waveform
@names_arguments
def mfcc(
    waveform: npt.ArrayLike | TensorLike,
    *,
    sample_rate: float = 16000,
    n_mfcc: int = 40,
    dct_type: Literal[1, 2, 3, 4] = 2,
    norm: words.DctNorm | None = "ortho",
    log_mels: bool = False,
    melkwargs: Mapping[str, Any] | None = None,
    layout: words.Layout = "freq_time",
    dtype: words.DType | None = None,
    out: Out = None,
    num_threads: int | None = None,
) -> Any:
    """Compute mel-frequency cepstra ``[..., n_mfcc, time]``.

    Keywords and defaults are those of `MFCC`. `waveform`, `out`, `num_threads` and the result are
    as in `stft`, except that the result is real.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> x = np.zeros(16000, np.float32)
    >>> sonogram.mfcc(x, n_mfcc=13, melkwargs={"n_mels": 40}).shape
    (13, 81)
    """
    return _call(MFCC, "melkwargs", locals())


@of_waveform
@names_arguments
def lfcc(
    waveform: npt.ArrayLike | TensorLike,
    *,
    sample_rate: float = 16000,
    n_filter: int = 128,
    f_min: float = 0.0,
    f_max: float | None = None,
    n_lfcc: int = 40,
    dct_type: Literal[1, 2, 3, 4] = 2,
    norm: words.DctNorm | None = "ortho",
    log_lf: bool = False,
    speckwargs: Mapping[str, Any] | None = None,
    layout: words.Layout = "freq_time",
    dtype: words.DType | None = None,
    out: Out = None,
    num_threads: int | None = None,
) -> Any:
    """Compute linear-frequency cepstra ``[..., n_lfcc, time]``.

    Keywords and defaults are those of `LFCC`. `waveform`, `out`, `num_threads` and the result are
    as in `stft`, except that the result is real.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> sonogram.lfcc(np.zeros(16000, np.float32), n_lfcc=20).shape
    (20, 81)
    """
    return _call(LFCC, "speckwargs", locals())


@lru_cache(maxsize=64, typed=True)
def _cached(kind: type, name: str, items: tuple[tuple[str, Any], ...], **arguments: Any) -> Any:
    return kind(**arguments, **{name: dict(items)})


def _call(kind: type, name: str, arguments: dict[str, Any]) -> Any:
    """Call a transform with the locals of a function; cache it if its mapping is hashable."""
    given = arguments[name]
    rest = {k: v for k, v in arguments.items() if k not in (name, *_CALL_ARGUMENTS)}
    simple = isinstance(given, Mapping) and all(
        isinstance(v, _KEYS) for v in (*given.values(), *rest.values())
    )
    if not simple:
        return _run(kind, arguments)
    transform = _cached(kind, name, tuple(given.items()), **rest)
    return transform(*(arguments[k] for k in _CALL_ARGUMENTS))


def _bound(
    kind: type, name: str, arguments: Mapping[str, Any] | None, given: dict[str, Any]
) -> dict[str, Any]:
    """Complete a mapping of another transform's arguments with its defaults."""
    arguments = {} if arguments is None else arguments
    if not isinstance(arguments, Mapping):
        raise TypeError(f"{name} is a {type(arguments).__name__}; it must be a mapping or None")
    known = [p for p in inspect.signature(kind).parameters if p not in given]
    unknown = [key for key in arguments if key not in known]
    if unknown:
        raise TypeError(
            f"{name} has unknown keys {', '.join(map(repr, unknown))}"
            f"{did_you_mean(unknown, known)}; it may have " + ", ".join(known)
        )
    bound = inspect.signature(kind).bind(**given, **arguments)
    bound.apply_defaults()
    return dict(bound.arguments)


def _dct(name: str, count: Any, bands: str, rows: Any, dct_type: Any, norm: Any) -> tuple[Any, ...]:
    if positive_int(name, count) > positive_int(bands, rows):
        raise ValueError(f"{name} is {count}; it must be from 1 to {bands} = {rows}")
    if norm not in ("ortho", None):
        raise ValueError(f"norm is {norm!r}; it must be 'ortho' or None")
    return ("dct", count, dct_type, "none" if norm is None else norm)


def _logged(natural: bool, fields: dict[str, Any], dct: tuple[Any, ...]) -> dict[str, Any]:
    """Return the fields for logarithm and finish; torchaudio's dB of magnitudes is 10 log10 too."""
    if natural:
        return {"log": "ln", "floor": 0.0, "eps": 1e-6, "finish": (dct,)}
    finish = (("dynamic_range", _TOP_DB), dct)
    if fields["power"] == 1:
        return {"log": "log10", "finish": (("affine", 10.0, 0.0), *finish)}
    return {"log": "db", "finish": finish}
