# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The features to be explained, their audio, and the distance of a recipe from them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .. import _core
from .recipe import Fields, resolved

Array = npt.NDArray[np.float64]
_CAP = 10.0  # standard deviations: larger differences count as this
_MISSING = 0.01  # penalty for a wrong number of frames, besides the missing share


class Evidence:
    """One item of the features and of the audio, with a cache of the recipes that were tried.

    Parameters
    ----------
    features : ndarray ``[a, b]`` or ``[samples]``
        Real or complex.
    waveform : ndarray ``[samples]``
    """

    def __init__(self, features: npt.NDArray[Any], waveform: npt.NDArray[Any]) -> None:
        kind = np.complex128 if np.iscomplexobj(features) else np.float64
        wide = np.atleast_2d(features.astype(kind))
        self.spectra = features.ndim > 1
        self.waveform = waveform
        self.tries = 0
        self.budget = 0  # tries after which a search gives up
        self._turned = {
            "freq_time": np.ascontiguousarray(wide),
            "time_freq": np.ascontiguousarray(wide.T),
        }
        finite = wide[np.isfinite(wide)]
        self.spread = float(np.std(finite)) if finite.size else 0.0
        self.spread = self.spread or float(np.abs(finite).max(initial=0.0)) or 1.0
        self.grain = _grain(features)
        self.whole = features.dtype.kind in "iu"
        self._scores: dict[tuple[Any, ...], float] = {}
        self._loud: dict[int, npt.NDArray[np.bool_]] = {}

    def target(self, fields: Fields) -> npt.NDArray[Any]:
        """Return the features as ``[rows, frames]``, read in the layout of a recipe."""
        return self._turned[fields["layout"] if self.spectra else "freq_time"]

    def run(self, fields: Fields) -> npt.NDArray[Any] | None:
        """Return the features of a recipe, ``[rows, frames]``, or None if it cannot be run."""
        self.tries += 1
        try:
            made = _core.Extractor({**fields, "layout": "freq_time", "dtype": None})(
                self.waveform, None, 1
            )
        except (ValueError, TypeError, MemoryError):
            return None
        if made.ndim != (2 if self.spectra else 1) or made.size == 0:
            return None
        return np.atleast_2d(made)

    def residual(self, fields: Fields) -> float:
        """Return the mean absolute difference in standard deviations of the features.

        Infinite if the shapes are incompatible.
        """
        key = tuple(fields.values())
        if key not in self._scores:
            self._scores[key] = self._residual(fields)
        return self._scores[key]

    def _residual(self, fields: Fields) -> float:
        target, made = self.target(fields), self.run(fields)
        if made is None or made.shape[0] != target.shape[0]:
            return float("inf")
        if np.iscomplexobj(made) != np.iscomplexobj(target):
            return float("inf")
        shared = min(made.shape[1], target.shape[1])
        far = self.far(made[:, :shared], target[:, :shared]) / self.spread
        score = float(np.minimum(far, _CAP).mean())
        missing = max(made.shape[1], target.shape[1]) - shared
        return score + (_MISSING + missing / (shared + missing) if missing else 0.0)

    def far(self, made: npt.NDArray[Any], target: npt.NDArray[Any]) -> Array:
        """Return absolute differences in excess of the rounding of the features."""
        apart = distance(made, target)
        if self.whole:
            return np.maximum(apart - 0.501, 0.0)
        return np.maximum(apart - self.grain * np.abs(target), 0.0) if self.grain else apart

    def loud_frames(self, fields: Fields) -> npt.NDArray[np.bool_]:
        """Return a mask of the frames with the louder part of the audio."""
        count = self.target(fields).shape[1]
        hop = resolved(fields)[2]
        step = hop if count * hop >= 0.8 * self.waveform.size else self.waveform.size / count
        if count not in self._loud:
            self._loud[count] = _loud(self.waveform, step, count)
        return self._loud[count]


def distance(made: npt.NDArray[Any], target: npt.NDArray[Any]) -> Array:
    """Return absolute differences: 0 for equal infinities, infinite for NaN."""
    with np.errstate(invalid="ignore", over="ignore"):
        far: Array = np.abs(made - target)
    if not np.isfinite(far.sum()):
        alike = (made == target) | (np.isnan(made) & np.isnan(target))
        far = np.where(alike, 0.0, np.where(np.isfinite(far), far, np.inf))
    return far


def _grain(features: npt.NDArray[Any]) -> float:
    """Return the relative precision of the values, as their bits show it."""
    if features.dtype.kind != "f":
        return 0.0
    single = features.astype(np.float32)
    if np.array_equal(single.astype(np.float16).astype(np.float32), single):
        return 2.0**-11
    if not np.any(np.ascontiguousarray(single).view(np.uint32) & 0xFFFF):
        return 2.0**-8  # bfloat16
    return 0.0


def _loud(waveform: npt.NDArray[Any], step: float, count: int) -> npt.NDArray[np.bool_]:
    edges = np.minimum((np.arange(count + 1) * step).astype(np.int64), waveform.size)
    total = np.concatenate([[0.0], np.cumsum(waveform.astype(np.float64) ** 2)])
    energy = total[edges[1:]] - total[edges[:-1]]
    heard = energy[energy > 0]
    if heard.size == 0:
        return np.ones(count, np.bool_)
    # The cumulative sum leaves rounding errors in silence.
    loud: npt.NDArray[np.bool_] = energy > max(
        float(np.quantile(heard, 0.4)), 1e-9 * float(energy.max())
    )
    return loud
