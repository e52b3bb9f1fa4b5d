# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The validator of filterbanks: filters with too few bins, and the sizes that avoid them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .. import _core
from .._spec.record import Spec
from .._support.spellings import names_arguments

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

_NAMED = 20  # filters named in a message
_LARGEST_N_FFT = 2**24


@dataclass(frozen=True)
class WeakFilter:
    """A filter with too few bins: its row, its edges and centre in Hz, and its number of bins.

    The frequencies are NaN for a row of a given matrix.
    """

    index: int
    low: float
    center: float
    high: float
    bins: int

    def __str__(self) -> str:
        """Describe the filter in words."""
        where = f" ({self.low:.5g} to {self.high:.5g} Hz)" if self.low == self.low else ""
        return f"filter {self.index}{where} has {self.bins or 'no'} bin{'s' * (self.bins != 1)}"


@dataclass(frozen=True)
class FilterbankReport:
    """The result of `check_filterbank`: the weak filters, and suggestions that avoid them.

    Attributes
    ----------
    filters : tuple of WeakFilter
        Filters with fewer than `min_bins` bins; empty if there are none.
    min_bins : int
        Number of bins that every filter should have.
    n_fft : int or None
        Smallest suggested `n_fft` without weak filters. None if there are none, or no `n_fft`
        helps.
    n_mels : int or None
        A smaller `n_mels` without weak filters at the same `n_fft`. None if there are none, or
        fewer filters do not help.
    """

    filters: tuple[WeakFilter, ...]
    min_bins: int
    n_fft: int | None
    n_mels: int | None

    def __str__(self) -> str:
        """Describe the result in words, one filter per line."""
        if not self.filters:
            return f"every filter has at least {self.min_bins} bin{'s' * (self.min_bins != 1)}"
        cures = []
        if self.n_fft is not None:
            cures.append(f"n_fft >= {self.n_fft}")
        if self.n_mels is not None:
            cures.append(f"n_mels = {self.n_mels}")
        lines = [str(weak) for weak in self.filters]
        return "\n".join(lines + [f"healed by {' or '.join(cures)}"] * bool(cures))


@names_arguments
def check_filterbank(spec: Spec, min_bins: int = 1) -> FilterbankReport:
    """Find the filters of a spec that have fewer than `min_bins` bins, and suggest better sizes.

    A bin belongs to a filter if it lies between its edges or, for chroma and a given matrix, if its
    weight is not zero. An empty filter gives the logarithm of the floor for every signal.

    Parameters
    ----------
    spec : Spec
        A Spec with a filterbank.
    min_bins : int
        Number of bins that every filter should have, at least 1.

    Returns
    -------
    FilterbankReport

    Raises
    ------
    TypeError
        If `spec` is not a Spec, or `min_bins` is not an integer.
    ValueError
        If the spec has no filterbank, or `min_bins` is less than 1.

    Examples
    --------
    >>> import sonogram
    >>> spec = sonogram.Spec(n_fft=400, filterbank="mel", n_mels=80)
    >>> report = sonogram.check_filterbank(spec)
    >>> [weak.index for weak in report.filters], report.n_fft, report.n_mels
    ([], None, None)
    """
    if not isinstance(spec, Spec):
        raise TypeError(f"spec is a {type(spec).__name__}; it must be a sonogram.Spec")
    if isinstance(min_bins, bool) or not hasattr(min_bins, "__index__"):
        raise TypeError(f"min_bins is {min_bins!r}; it must be an integer of at least 1")
    if min_bins < 1:
        raise ValueError(f"min_bins is {min_bins}; it must be at least 1")
    if spec.filterbank is None:
        raise ValueError("spec.filterbank is None; it must be a kind of filterbank or a matrix")
    bands = _core.bands(spec._fields())
    counts = _bin_counts(spec, bands) if len(bands) else _weight_counts(spec)
    weak = np.flatnonzero(counts < min_bins)
    edges = bands if len(bands) else np.full((len(counts), 3), np.nan)
    filters = tuple(_weak_filter(m, edges[m], counts[m]) for m in weak)
    if not filters or not len(bands):
        return FilterbankReport(filters, min_bins, None, None)
    return FilterbankReport(
        filters,
        min_bins,
        _sufficient_n_fft(spec, bands, min_bins),
        _sufficient_n_mels(spec, min_bins),
    )


def empty_filters(spec: Spec) -> str | None:
    """Return a warning about filters without bins, with the n_fft that fills them, or None.

    The front end of a model has the filters that the model was trained with: no warning.
    """
    # A Gaussian has no end, and the contents of a given matrix are the caller's choice.
    if not isinstance(spec.filterbank, str) or spec.filter_shape == "gaussian":
        return None
    bands = _core.bands(spec._fields())
    empty = np.flatnonzero(_bin_counts(spec, bands) == 0)
    if not len(empty) or spec._of_model or _core.is_bank_of_preset(spec._fields()):
        return None
    names = ", ".join(map(str, empty[:_NAMED])) + (", ..." if len(empty) > _NAMED else "")
    needed = _sufficient_n_fft(spec, bands, 1)
    advice = f"; n_fft >= {needed} fills them all" if needed is not None else ""
    return (
        f"n_mels={spec.n_mels} is too many for n_fft={spec.n_fft}: filters {names} "
        f"({len(empty)} of {spec.n_mels}) are empty{advice}"
    )


def _weak_filter(row: np.int64, edges: Float64, bins: np.int64) -> WeakFilter:
    low, center, high = edges
    return WeakFilter(int(row), float(low), float(center), float(high), int(bins))


def _rate(spec: Spec) -> float:
    return spec.filterbank_sample_rate or spec.sample_rate


def _bin_counts(spec: Spec, bands: Float64) -> Int64:
    """Return the number of bins between the edges of every band, or on them for a rectangle."""
    left, right = bands[:, 0] * spec.n_fft / _rate(spec), bands[:, 2] * spec.n_fft / _rate(spec)
    slack = 1e-9 * np.maximum(
        right, 1
    )  # the weight of a bin on an edge is a rounding error at most
    if spec.filter_shape == "rectangle":
        first, last = np.ceil(left - slack), np.floor(right + slack)
    else:
        first, last = np.floor(left + slack) + 1, np.ceil(right - slack) - 1
    highest = spec.n_fft // 2
    if spec.triangle == "mel" and spec.n_fft % 2 == 0:
        highest -= 1  # the Nyquist bin has no weight
    inside: Float64 = np.minimum(last, highest) - np.maximum(first, 0) + 1
    return np.maximum(inside, 0).astype(np.int64)


def _weight_counts(spec: Spec) -> Int64:
    bank = _core.filterbank(spec._fields())
    assert bank is not None
    counts: Int64 = (bank != 0).sum(axis=1, dtype=np.int64)
    return counts


def _sufficient_n_fft(spec: Spec, bands: Float64, min_bins: int) -> int | None:
    """Return the n_fft whose bins are so close that no band can have fewer than min_bins.

    An open interval of width w holds at least b points of a grid with spacing s if b s < w.
    """
    rate = _rate(spec)
    widths = np.minimum(bands[:, 2], rate / 2) - np.maximum(bands[:, 0], 0)
    narrowest = float(widths.min())
    if narrowest <= 0 or rate * min_bins / narrowest >= _LARGEST_N_FFT:
        return None
    return int(rate * min_bins / narrowest) + 1


def _sufficient_n_mels(spec: Spec, min_bins: int) -> int | None:
    """Return the largest n_mels, to within half a percent, that leaves no weak filter."""
    # Every bin lies in two filters at most, or in three if they are isosceles.
    fields = spec._fields()
    n = min(spec.n_mels - 1, 3 * (spec.n_fft // 2 + 1) // min_bins)
    while n >= 1:
        if (_bin_counts(spec, _core.bands({**fields, "n_mels": n})) >= min_bins).all():
            return n
        n -= max(1, n // 200)
    return None
