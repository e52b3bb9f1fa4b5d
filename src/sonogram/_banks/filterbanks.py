# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Filterbanks as plain arrays."""

from __future__ import annotations

import warnings
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from .. import _core
from .._spec import words
from .._spec.fields import WORDS
from .._spec.record import Spec
from .._support.spellings import names_arguments
from .check_filterbank import empty_filters

Float64 = npt.NDArray[np.float64]


def _bank(**fields: Any) -> Float64:
    spec = Spec(hop_length=1, **fields)
    bank = _core.filterbank(spec._fields())
    assert bank is not None
    message = empty_filters(spec)
    if message:
        warnings.warn(message, UserWarning, stacklevel=3)
    return bank


@names_arguments
def mel_filterbank(
    *,
    sample_rate: float = 16000,
    n_fft: int = 400,
    n_mels: int = 128,
    f_min: float = 0.0,
    f_max: float | None = None,
    mel_scale: words.MelScale = "htk",
    norm: words.Norm | None = None,
    triangle: words.Triangle = "hz",
    filter_shape: words.FilterShape = "triangle",
    vtln_warp: float = 1.0,
    vtln_low: float = 100.0,
    vtln_high: float = -500.0,
) -> Float64:
    """Return triangular mel filters, float64 ``[n_mels, n_freqs]``.

    torchaudio's ``melscale_fbanks`` is the transpose, ``[n_freqs, n_mels]``; librosa's
    ``filters.mel`` has this shape; Kaldi's is ``mel_scale="kaldi", triangle="mel"`` and
    SpeechBrain's ``triangle="isosceles"``. Parameters are those of `Spec`. Bin `k` lies at
    ``k * sample_rate / n_fft``.

    Examples
    --------
    >>> import sonogram
    >>> sonogram.mel_filterbank(n_mels=80, mel_scale="slaney", norm="slaney").shape
    (80, 201)
    """
    return _bank(
        filterbank="mel", sample_rate=sample_rate, n_fft=n_fft, n_mels=n_mels, f_min=f_min,
        f_max=f_max, mel_scale=mel_scale, norm=norm, triangle=triangle, filter_shape=filter_shape,
        vtln_warp=vtln_warp, vtln_low=vtln_low, vtln_high=vtln_high,
    )  # fmt: skip


@names_arguments
def linear_filterbank(
    *,
    sample_rate: float = 16000,
    n_fft: int = 400,
    n_mels: int = 128,
    f_min: float = 0.0,
    f_max: float | None = None,
    norm: words.Norm | None = None,
    triangle: words.Triangle = "hz",
    filter_shape: words.FilterShape = "triangle",
) -> Float64:
    """Return filters evenly spaced in Hz, float64 ``[n_mels, n_freqs]``.

    torchaudio's ``linear_fbanks`` is the transpose. Parameters are those of `Spec`.

    Examples
    --------
    >>> import sonogram
    >>> sonogram.linear_filterbank(sample_rate=8, n_fft=8, n_mels=1)
    array([[0. , 0.5, 1. , 0.5, 0. ]])
    """
    return _bank(
        filterbank="linear", sample_rate=sample_rate, n_fft=n_fft, n_mels=n_mels, f_min=f_min,
        f_max=f_max, norm=norm, triangle=triangle, filter_shape=filter_shape,
    )  # fmt: skip


@names_arguments
def bark_filterbank(
    *,
    sample_rate: float = 16000,
    n_fft: int = 400,
    n_mels: int = 128,
    f_min: float = 0.0,
    f_max: float | None = None,
    bark_scale: words.BarkScale = "traunmuller",
    norm: words.Norm | None = None,
    triangle: words.Triangle = "hz",
    filter_shape: words.FilterShape = "triangle",
) -> Float64:
    """Return filters evenly spaced in bark, float64 ``[n_mels, n_freqs]``.

    Parameters are those of `Spec`; for the scales see `hz_to_bark`. torchaudio's prototype
    ``barkscale_fbanks`` is the transpose. Its "traunmuller" inverts only one of the scale's two
    corrections: if `f_min` is below 2 bark and `f_max` above 20.1, its highest bands extend beyond
    `f_max`, while these end there.

    Examples
    --------
    >>> import sonogram
    >>> sonogram.bark_filterbank(n_mels=24).shape
    (24, 201)
    """
    return _bank(
        filterbank="bark", sample_rate=sample_rate, n_fft=n_fft, n_mels=n_mels, f_min=f_min,
        f_max=f_max, bark_scale=bark_scale, norm=norm, triangle=triangle,
        filter_shape=filter_shape,
    )  # fmt: skip


@names_arguments
def erb_filterbank(
    *,
    sample_rate: float = 16000,
    n_fft: int = 400,
    n_mels: int = 128,
    f_min: float = 0.0,
    f_max: float | None = None,
    norm: words.Norm | None = None,
    triangle: words.Triangle = "hz",
    filter_shape: words.FilterShape = "triangle",
) -> Float64:
    """Return filters evenly spaced in equivalent rectangular bandwidths (see `hz_to_erb`).

    Parameters are those of `Spec`.

    Returns
    -------
    float64 ndarray, ``[n_mels, n_freqs]``

    Examples
    --------
    >>> import sonogram
    >>> sonogram.erb_filterbank(n_mels=32).shape
    (32, 201)
    """
    return _bank(
        filterbank="erb", sample_rate=sample_rate, n_fft=n_fft, n_mels=n_mels, f_min=f_min,
        f_max=f_max, norm=norm, triangle=triangle, filter_shape=filter_shape,
    )  # fmt: skip


@names_arguments
def log_filterbank(
    *,
    sample_rate: float = 16000,
    n_fft: int = 2048,
    n_mels: int = 84,
    f_min: float = 32.703195662574829,
    bins_per_octave: float = 12.0,
    norm: words.Norm | None = None,
    triangle: words.Triangle = "hz",
    filter_shape: words.FilterShape = "triangle",
) -> Float64:
    """Return filters evenly spaced in octaves: band `m` is centred at ``f_min 2^(m/b)``.

    Each band extends from the centre of the previous band to that of the next. The defaults are
    seven octaves of semitones, beginning with C1 (32.7 Hz).

    Parameters
    ----------
    f_min : float
        Centre of the first band, Hz, above 0.
    bins_per_octave : float
        `b` in the formula above.
    sample_rate, n_fft, n_mels, norm, triangle, filter_shape
        As in `Spec`.

    Returns
    -------
    float64 ndarray, ``[n_mels, n_freqs]``

    Examples
    --------
    >>> import sonogram
    >>> sonogram.log_filterbank(n_mels=5, f_min=250, bins_per_octave=1, n_fft=64).argmax(axis=1)
    array([ 1,  2,  4,  8, 16])
    """
    return _bank(
        filterbank="log", sample_rate=sample_rate, n_fft=n_fft, n_mels=n_mels, f_min=f_min,
        bins_per_octave=bins_per_octave, norm=norm, triangle=triangle, filter_shape=filter_shape,
    )  # fmt: skip


@names_arguments
def chroma_filterbank(
    *,
    sample_rate: float = 22050,
    n_fft: int = 2048,
    n_chroma: int = 12,
    tuning: float = 0.0,
    chroma_octave: float = 5.0,
    chroma_width: float | None = 2.0,
    norm: Literal["l2", "l1", "max"] = "l2",
) -> Float64:
    """Return the weights of every bin in every pitch class, float64 ``[n_chroma, n_freqs]``.

    The first row is C (with 12 classes or a multiple of 12). The values are those of
    ``librosa.filters.chroma`` and of ``chroma_filter_bank`` in transformers.

    Parameters
    ----------
    sample_rate : float
        Sample rate, Hz.
    n_fft : int
        FFT length.
    n_chroma : int
        Pitch classes per octave; the field `n_mels` of a `Spec`.
    tuning : float
        Deviation of A4 from 440 Hz, in classes.
    chroma_octave : float
        Centre of the Gaussian weighting over the octaves, in octaves above 27.5 Hz.
    chroma_width : float, optional
        Standard deviation of that weighting in octaves; None: no weighting.
    norm : {"l2", "l1", "max"}
        Norm to which the weights of every bin are scaled before that weighting.

    Examples
    --------
    >>> import sonogram
    >>> bank = sonogram.chroma_filterbank(sample_rate=32000, n_fft=16384)
    >>> int(bank[:, round(440 * 16384 / 32000)].argmax())  # A is nine semitones above C
    9
    """
    return _bank(
        filterbank="chroma", sample_rate=sample_rate, n_fft=n_fft, n_mels=n_chroma, tuning=tuning,
        chroma_octave=chroma_octave, chroma_width=chroma_width, norm=norm,
    )  # fmt: skip


@names_arguments
def band_frequencies(spec: Spec) -> Float64:
    """Return the left edge, centre and right edge of every band in Hz, ``[n_mels, 3]``.

    Raises
    ------
    TypeError
        If `spec` is not a Spec.
    ValueError
        If its filterbank has no bands: None, "chroma" or a matrix.

    Examples
    --------
    >>> import sonogram
    >>> sonogram.band_frequencies(sonogram.Spec(filterbank="linear", n_mels=3))
    array([[   0., 2000., 4000.],
           [2000., 4000., 6000.],
           [4000., 6000., 8000.]])
    """
    if not isinstance(spec, Spec):
        raise TypeError(f"spec is a {type(spec).__name__}; it must be a sonogram.Spec")
    bands = _core.bands(spec._fields())
    if not len(bands):
        kind = repr(spec.filterbank) if isinstance(spec.filterbank, str | None) else "a matrix"
        *first, last = (repr(word) for word in WORDS["filterbank"] if word != "chroma")
        raise ValueError(f"spec.filterbank is {kind}; it must be {', '.join(first)} or {last}")
    return bands
