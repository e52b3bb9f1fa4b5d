# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Scales, windows and decibels as plain arrays."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from .. import _core
from .._spec import words
from .._spec.record import Spec
from .._support.arguments import number_above, shown
from .._support.spellings import names_arguments

Array = npt.NDArray[Any]
Float64 = npt.NDArray[np.float64]
Scale = Callable[[Float64], Float64]


@names_arguments
def hz_to_mel(freq: npt.ArrayLike, mel_scale: words.MelScale = "htk") -> Float64:
    """Convert frequencies in Hz to mel.

    Parameters
    ----------
    freq : array_like
        Frequencies, Hz.
    mel_scale : {"htk", "slaney", "kaldi"}
        "htk": ``2595 log10(1 + f/700)`` (HTK Book, 5.4); "slaney": linear below 1 kHz, logarithmic
        above (Auditory Toolbox, 1998); "kaldi": ``1127 ln(1 + f/700)``.

    Returns
    -------
    float64 ndarray, the shape of `freq`

    Examples
    --------
    >>> import sonogram
    >>> float(sonogram.hz_to_mel(1000.0, mel_scale="slaney"))
    15.0
    """
    return np.asarray(_core.hz_to_mel(_numbers("freq", freq), mel_scale), dtype=np.float64)


@names_arguments
def mel_to_hz(mels: npt.ArrayLike, mel_scale: words.MelScale = "htk") -> Float64:
    """Convert mel to frequencies in Hz: the inverse of `hz_to_mel`.

    Examples
    --------
    >>> import sonogram
    >>> float(sonogram.mel_to_hz(15.0, mel_scale="slaney"))
    1000.0
    """
    return np.asarray(_core.mel_to_hz(_numbers("mels", mels), mel_scale), dtype=np.float64)


@names_arguments
def hz_to_bark(freq: npt.ArrayLike, bark_scale: words.BarkScale = "traunmuller") -> Float64:
    """Convert frequencies in Hz to bark.

    Parameters
    ----------
    freq : array_like
        Frequencies, Hz.
    bark_scale : {"traunmuller", "schroeder", "wang"}
        Traunmueller (1990): ``z = 26.81 f / (1960 + f) - 0.53``, plus ``0.15 (2 - z)`` below 2 bark
        and ``0.22 (z - 20.1)`` above 20.1; Schroeder (1979): ``7 asinh(f / 650)``; Wang (1992):
        ``6 asinh(f / 600)``.

    Returns
    -------
    float64 ndarray, the shape of `freq`

    Examples
    --------
    >>> import sonogram
    >>> sonogram.hz_to_bark([0.0, 1000.0]).round(2)
    array([-0.15,  8.53])
    """
    return np.asarray(_core.hz_to_bark(_numbers("freq", freq), bark_scale), dtype=np.float64)


@names_arguments
def bark_to_hz(barks: npt.ArrayLike, bark_scale: words.BarkScale = "traunmuller") -> Float64:
    """Convert bark to frequencies in Hz: the inverse of `hz_to_bark`.

    Examples
    --------
    >>> import sonogram
    >>> float(sonogram.bark_to_hz(sonogram.hz_to_bark(1000.0)).round(9))
    1000.0
    """
    return np.asarray(_core.bark_to_hz(_numbers("barks", barks), bark_scale), dtype=np.float64)


@names_arguments
def hz_to_erb(freq: npt.ArrayLike) -> Float64:
    """Convert frequencies in Hz to the number of equivalent rectangular bandwidths below them.

    ``21.4 log10(1 + 0.00437 f)`` (Glasberg and Moore, 1990).

    Examples
    --------
    >>> import sonogram
    >>> sonogram.hz_to_erb([0.0, 1000.0]).round(2)
    array([ 0.  , 15.62])
    """
    return np.asarray(_core.hz_to_erb(_numbers("freq", freq)), dtype=np.float64)


@names_arguments
def erb_to_hz(erbs: npt.ArrayLike) -> Float64:
    """Convert a number of equivalent rectangular bandwidths to Hz: the inverse of `hz_to_erb`.

    Examples
    --------
    >>> import sonogram
    >>> float(sonogram.erb_to_hz(0.0))
    0.0
    """
    return np.asarray(_core.erb_to_hz(_numbers("erbs", erbs)), dtype=np.float64)


def band_scale(spec: Spec) -> tuple[Scale, Scale]:
    """Return functions from Hz to the scale on which a spec's bands are even, and back."""
    fields = spec._fields()
    return (
        lambda hz: np.asarray(_core.to_band_scale(fields, hz), dtype=np.float64),
        lambda x: np.asarray(_core.from_band_scale(fields, x), dtype=np.float64),
    )


def _numbers(name: str, values: npt.ArrayLike) -> Float64:
    array = _real(name, values, "numbers")
    return array.astype(np.float64)


def _real(name: str, values: npt.ArrayLike, allowed: str) -> Array:
    """Return real numbers as an array; integers too large for NumPy become float64."""
    array = np.asarray(values)
    if array.dtype == object and array.size and all(type(n) in (int, float) for n in array.flat):
        try:
            return array.astype(np.float64)
        except OverflowError:
            raise ValueError(
                f"{name} is {shown(values)}; it must be {allowed} that float64 can hold"
            ) from None
    if array.dtype.kind not in "fiu":
        raise TypeError(f"{name} has dtype {array.dtype}; it must be {allowed}")
    return array


@names_arguments
def fft_frequencies(sample_rate: float = 16000, n_fft: int = 400) -> Float64:
    """Return the frequencies of the bins in Hz, ``[n_fft // 2 + 1]``.

    Examples
    --------
    >>> import sonogram
    >>> sonogram.fft_frequencies(16000, 4)
    array([   0., 4000., 8000.])
    """
    spec = Spec(sample_rate=sample_rate, n_fft=n_fft, hop_length=1)
    return np.arange(spec.n_fft // 2 + 1, dtype=np.float64) * (spec.sample_rate / spec.n_fft)


@names_arguments
def mel_frequencies(
    n_mels: int = 128,
    *,
    f_min: float = 0.0,
    f_max: float = 8000.0,
    mel_scale: words.MelScale = "htk",
) -> Float64:
    """Return the centre frequencies of `n_mels` mel bands in Hz, ``[n_mels]``.

    Examples
    --------
    >>> import sonogram
    >>> sonogram.mel_frequencies(2, f_max=8000.0).round(1)
    array([ 921.5, 3055.9])
    """
    spec = Spec(sample_rate=2 * f_max, filterbank="mel", n_mels=n_mels, f_min=f_min, f_max=f_max,
                mel_scale=mel_scale)  # fmt: skip
    return _core.bands(spec._fields())[:, 1]


@names_arguments
def window(
    name: str | tuple[Any, ...] = "hann", win_length: int = 400, *, periodic: bool = True
) -> npt.NDArray[np.float64]:
    """Return a window, float64 ``[win_length]``.

    Parameters
    ----------
    name : str or (str, float, ...)
        "hann", "hamming" (0.54, 0.46), "blackman" (0.42, 0.5, 0.08) or ("blackman", c): c, 0.5,
        0.5 - c (Kaldi's coefficient), "bartlett", "povey" (Hann to the power 0.85; symmetric in
        Kaldi), "sine" (Kaldi's: half a period from end to end), "cosine" (half a period whose
        zeros lie half a sample outside), "rectangular", "blackmanharris", "nuttall", "flattop"
        (scipy's coefficients), ("general_hamming", a): a, 1 - a, ("general_cosine", a0, a1, ...):
        ``a0 - a1 cos(t) + a2 cos(2 t) - ...``, ("tukey", alpha), ("kaiser", beta),
        ("gaussian", standard deviation in samples).
    win_length : int
        Number of samples.
    periodic : bool
        Periodic (one period of a DFT of `win_length`) rather than symmetric.

    Examples
    --------
    >>> import sonogram
    >>> sonogram.window("hann", 4)
    array([0. , 0.5, 1. , 0.5])
    """
    if isinstance(win_length, bool) or not hasattr(win_length, "__index__"):
        raise TypeError(f"win_length is {win_length!r}; it must be an integer of at least 1")
    if not 1 <= win_length.__index__() <= 2**24:
        raise ValueError(f"win_length is {shown(win_length)}; it must be from 1 to {2**24}")
    spec = Spec(n_fft=win_length, hop_length=1, window=name, periodic=periodic)
    return _core.Extractor(spec._fields()).window


@names_arguments
def power_to_db(
    x: npt.ArrayLike,
    ref: float | Literal["max"] | Callable[..., Any] = 1.0,
    amin: float = 1e-10,
    top_db: float | None = None,
) -> Array:
    """Convert power to decibels: ``10 log10(max(x, amin) / max(ref, amin))``, per item.

    Parameters
    ----------
    x : array_like, ``[..., n_mels, time]``
        Power. Every item (all but the last two dimensions) has its own maximum.
    ref : float, "max" or callable
        The power of 0 dB; "max" or a callable (``np.max``) is applied to each item.
    amin : float
        Floor of the power, above 0.
    top_db : float, optional
        Limit each item to `top_db` below its maximum.

    Returns
    -------
    ndarray of the shape of `x`; float64 for float64, else float32

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> sonogram.power_to_db(np.array([[1.0, 0.1]]))
    array([[  0., -10.]])
    """
    return _to_db(x, ref, amin, top_db, 10.0)


@names_arguments
def amplitude_to_db(
    x: npt.ArrayLike,
    ref: float | Literal["max"] | Callable[..., Any] = 1.0,
    amin: float = 1e-5,
    top_db: float | None = None,
) -> Array:
    """Convert magnitudes to decibels: ``20 log10(max(x, amin) / max(ref, amin))``, per item.

    Parameters and result are those of `power_to_db`, for magnitudes.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> sonogram.amplitude_to_db(np.array([[1.0, 0.1]]))
    array([[  0., -20.]])
    """
    return _to_db(x, ref, amin, top_db, 20.0)


def _to_db(x: npt.ArrayLike, ref: Any, amin: float, top_db: float | None, factor: float) -> Array:
    values = _real("x", x, "real numbers")
    amin = number_above("amin", amin, 0)
    if top_db is not None and top_db != math.inf:
        top_db = number_above("top_db", top_db, 0, included=True)
    dtype = np.float64 if values.dtype == np.float64 else np.float32
    values = values.astype(dtype, copy=False)
    axes = tuple(range(-min(values.ndim, 2), 0))
    low = dtype(amin)
    db = dtype(factor) * np.log10(np.maximum(values, low))
    if values.size == 0:
        return np.asarray(db, dtype)
    db -= dtype(factor) * np.log10(np.maximum(_reference(values, ref, axes, dtype), low))
    if top_db is not None:
        db = np.maximum(db, db.max(axis=axes, keepdims=True) - dtype(top_db))
    return np.asarray(db, dtype)


def _reference(values: Array, ref: Any, axes: tuple[int, ...], dtype: Any) -> Array:
    if isinstance(ref, str) and ref == "max":
        return np.asarray(values.max(axis=axes, keepdims=True))
    if callable(ref):
        items = values.reshape(-1, *values.shape[values.ndim - len(axes) :])
        found = np.array([ref(item) for item in items], dtype)
        return found.reshape(values.shape[: values.ndim - len(axes)] + (1,) * len(axes))
    if isinstance(ref, str):
        raise ValueError(f"ref is {ref!r}; it must be a number > 0, 'max' or a callable")
    if isinstance(ref, bool) or not np.isscalar(ref):
        raise TypeError(f"ref is {ref!r}; it must be a number > 0, 'max' or a callable")
    try:
        positive = float(ref) > 0  # type: ignore[arg-type]
    except OverflowError:
        positive = False
    if not positive:
        raise ValueError(f"ref is {shown(ref)}; it must be > 0")
    return np.asarray(ref, dtype)
