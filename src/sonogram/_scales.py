# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Scales, windows, filterbanks and decibels as plain arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from . import _core
from ._spec import Spec

Array = npt.NDArray[Any]
_REAL = (int, float, np.integer, np.floating)
Float64 = npt.NDArray[np.float64]


def hz_to_mel(freq: npt.ArrayLike, mel_scale: str = "htk") -> Float64:
    """Convert frequencies in Hz to mel.

    Parameters
    ----------
    freq : array_like
        Frequencies, Hz.
    mel_scale : {"htk", "slaney", "kaldi"}
        HTK: ``2595 log10(1 + f/700)`` (HTK Book, 5.4); Slaney: linear below 1 kHz, logarithmic
        above (Auditory Toolbox, 1998); Kaldi: ``1127 ln(1 + f/700)``.

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


def mel_to_hz(mels: npt.ArrayLike, mel_scale: str = "htk") -> Float64:
    """Convert mel to frequencies in Hz: the inverse of `hz_to_mel`.

    Examples
    --------
    >>> import sonogram
    >>> float(sonogram.mel_to_hz(15.0, mel_scale="slaney"))
    1000.0
    """
    return np.asarray(_core.mel_to_hz(_numbers("mels", mels), mel_scale), dtype=np.float64)


def _numbers(name: str, values: npt.ArrayLike) -> Float64:
    array = np.asarray(values)
    if array.dtype.kind not in "fiu":
        raise TypeError(f"{name} has dtype {array.dtype}; it must be numbers")
    return array.astype(np.float64)


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


def mel_frequencies(
    n_mels: int = 128,
    *,
    f_min: float = 0.0,
    f_max: float = 8000.0,
    mel_scale: str = "htk",
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
    return _edges(spec)[1:-1]


def _edges(spec: Spec) -> Float64:
    """Edges and centres of the bands of a spec, Hz, ``[n_mels + 2]``."""
    high = spec.f_max
    if high is None:
        high = (spec.filterbank_sample_rate or spec.sample_rate) / 2
    if spec.filterbank == "linear":
        return np.linspace(spec.f_min, high, spec.n_mels + 2)
    low_mel, high_mel = hz_to_mel([spec.f_min, high], spec.mel_scale)
    return mel_to_hz(np.linspace(low_mel, high_mel, spec.n_mels + 2), spec.mel_scale)


def empty_filters(spec: Spec, bank: Float64 | None) -> str | None:
    """Say which filters have no bin, and the n_fft from which every filter has one."""
    if bank is None or not isinstance(spec.filterbank, str):
        return None
    empty = np.flatnonzero(~bank.any(axis=1))
    if not len(empty):
        return None
    edges = _edges(spec)
    rate = spec.filterbank_sample_rate or spec.sample_rate
    needed = int(np.ceil(rate / np.min(edges[2:] - edges[:-2])))
    names = ", ".join(map(str, empty[:20])) + (", ..." if len(empty) > 20 else "")
    return (
        f"n_mels={spec.n_mels} is too many for n_fft={spec.n_fft}: filters {names} "
        f"({len(empty)} of {spec.n_mels}) are empty; n_fft >= {needed} fills them all"
    )


def window(
    name: Any = "hann", win_length: int = 400, *, periodic: bool = True
) -> npt.NDArray[np.float64]:
    """Return a window, float64 ``[win_length]``.

    Parameters
    ----------
    name : str or (str, float)
        "hann", "hamming" (0.54, 0.46), "blackman" (0.42, 0.5, 0.08), "bartlett", "povey"
        (symmetric Hann to the power 0.85 in Kaldi), "cosine", "rectangular", ("kaiser", beta),
        ("gaussian", standard deviation in samples).
    win_length : int
        Samples.
    periodic : bool
        Periodic (one period of a DFT of `win_length`), or symmetric.

    Examples
    --------
    >>> import sonogram
    >>> sonogram.window("hann", 4)
    array([0. , 0.5, 1. , 0.5])
    """
    if isinstance(win_length, bool) or not hasattr(win_length, "__index__"):
        raise TypeError(f"win_length is {win_length!r}; it must be an integer of at least 1")
    if not 1 <= win_length.__index__() <= 2**24:
        raise ValueError(f"win_length is {win_length}; it must be from 1 to {2**24}")
    spec = Spec(n_fft=win_length, hop_length=1, window=name, periodic=periodic)
    return _core.Extractor(spec._fields()).window


def mel_filterbank(
    *,
    sample_rate: float = 16000,
    n_fft: int = 400,
    n_mels: int = 128,
    f_min: float = 0.0,
    f_max: float | None = None,
    mel_scale: str = "htk",
    norm: str | None = None,
    triangle: str = "hz",
) -> Float64:
    """Return triangular mel filters, float64 ``[n_mels, n_freqs]``.

    torchaudio's ``melscale_fbanks`` is the transpose, ``[n_freqs, n_mels]``; librosa's
    ``filters.mel`` has this shape. Parameters are those of `Spec`. Bin `k` lies at
    ``k * sample_rate / n_fft``.

    Examples
    --------
    >>> import sonogram
    >>> sonogram.mel_filterbank(n_mels=80, mel_scale="slaney", norm="slaney").shape
    (80, 201)
    """
    from ._extractor import Extractor

    spec = Spec(sample_rate=sample_rate, n_fft=n_fft, hop_length=1, filterbank="mel",
                n_mels=n_mels, f_min=f_min, f_max=f_max, mel_scale=mel_scale, norm=norm,
                triangle=triangle)  # fmt: skip
    bank = Extractor(spec).filterbank
    assert bank is not None
    return bank


def power_to_db(
    x: npt.ArrayLike, ref: Any = 1.0, amin: float = 1e-10, top_db: float | None = None
) -> Array:
    """Convert power to decibels: ``10 log10(max(x, amin) / max(ref, amin))``, per item.

    Parameters
    ----------
    x : array_like, ``[..., n_mels, time]``
        Power. Every item (all but the last two dimensions) has its own maximum.
    ref : float, "max" or callable
        The power of 0 dB; "max" or a callable (``np.max``) is taken of each item.
    amin : float
        The smallest power, > 0.
    top_db : float, optional
        Clip each item at its maximum minus `top_db`.

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


def amplitude_to_db(
    x: npt.ArrayLike, ref: Any = 1.0, amin: float = 1e-5, top_db: float | None = None
) -> Array:
    """Convert magnitudes to decibels: ``20 log10(max(x, amin) / max(ref, amin))``, per item.

    Parameters and result are those of `power_to_db`, in magnitudes.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> sonogram.amplitude_to_db(np.array([[1.0, 0.1]]))
    array([[  0., -20.]])
    """
    return _to_db(x, ref, amin, top_db, 20.0)


def _to_db(x: npt.ArrayLike, ref: Any, amin: float, top_db: float | None, factor: float) -> Array:
    values = np.asarray(x)
    if values.dtype.kind not in "fiu":
        raise TypeError(f"x has dtype {values.dtype}; it must be real numbers")
    if not isinstance(amin, _REAL) or isinstance(amin, bool):
        raise TypeError(f"amin is {amin!r}; it must be a number > 0")
    if not amin > 0:
        raise ValueError(f"amin is {amin!r}; it must be > 0")
    if top_db is not None and (not isinstance(top_db, _REAL) or isinstance(top_db, bool)):
        raise TypeError(f"top_db is {top_db!r}; it must be a number >= 0, or None")
    if top_db is not None and not top_db >= 0:
        raise ValueError(f"top_db is {top_db!r}; it must be >= 0, or None")
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
    if not float(ref) > 0:  # type: ignore[arg-type]
        raise ValueError(f"ref is {ref!r}; it must be > 0")
    return np.asarray(ref, dtype)
