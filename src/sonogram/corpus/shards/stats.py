# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Mean and variance of every band over a whole corpus, in one pass.

Within a shard, the sums are those of the values or, where the values are far from 0 compared with
their spread, of their distances from the first item's mean, so that nothing cancels. Shards are
combined by the pairwise rule of Chan, Golub and LeVeque (1983). Everything happens in the order of
the plan, so the result does not depend on which worker was first.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ... import _core
from ..._support.arrays import widened

# A sum of squares loses as many digits as mean^2 / variance has: of float64's 16, 3 may go.
_FAR = 1000.0

Vector = npt.NDArray[np.float64]


@dataclass
class Moments:
    """The number of frames, and for each band the mean and the sum of squared deviations."""

    count: int = 0
    mean: Vector = field(default_factory=lambda: np.zeros(0))
    squares: Vector = field(default_factory=lambda: np.zeros(0))

    def add(self, other: "Moments") -> None:
        """Add the moments of the frames that follow."""
        if other.count == 0:
            return
        if self.count == 0:
            self.count, self.mean, self.squares = other.count, other.mean, other.squares
            return
        total = self.count + other.count
        delta = other.mean - self.mean
        self.mean = self.mean + delta * (other.count / total)
        self.squares = (
            self.squares + other.squares + delta * delta * (self.count * other.count / total)
        )
        self.count = total

    def to_dict(self) -> dict[str, Any]:
        """Return a dict of values that JSON holds exactly."""
        return {
            "count": self.count,
            "mean": self.mean.tolist(),
            "squares": self.squares.tolist(),
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Moments":
        """Make Moments from the result of `to_dict`."""
        return cls(values["count"], np.array(values["mean"]), np.array(values["squares"]))


def real(features: npt.NDArray[Any], dtype: str | None) -> npt.NDArray[Any]:
    """Return features as float32 or float64, to be summed; bfloat16 comes as its bits."""
    if features.dtype in (np.float32, np.float64):
        return features
    if dtype == "bfloat16":
        return widened(features)
    return features.astype(np.float32)


class Gatherer:
    """Sums over the items of one shard.

    Parameters
    ----------
    bands_last : bool
        Features are ``[time, bands]`` rather than ``[bands, time]``.
    """

    def __init__(self, bands_last: bool) -> None:
        self._bands_last = bands_last
        self._count = 0
        self._begun = False
        self._shift: Vector | None = None
        self._sums: Vector = np.zeros((2, 0))  # of the distances from the shift, of their squares

    def add(self, features: npt.NDArray[Any]) -> bool:
        """Add an item; return False and add nothing if it holds NaN or infinity."""
        frames = features.shape[0 if self._bands_last else 1]
        if frames == 0:
            return True
        sums = self._of(features)
        if not self._begun and np.isfinite(sums).all():
            self._shift = _needed_shift(sums / frames)
            if self._shift is not None:
                sums = self._of(features)
        if not np.isfinite(sums).all():
            return False
        self._sums = self._sums + sums if self._begun else sums
        self._begun = True
        self._count += frames
        return True

    def _of(self, features: npt.NDArray[Any]) -> Vector:
        """Sum the distances from the shift, and their squares: float64 ``[2, bands]``."""
        features = np.ascontiguousarray(features)
        return _core.sum_moments(features, self._bands_last, self._shift)

    def moments(self) -> Moments:
        """Return the moments of all items added so far."""
        if not self._count:
            return Moments()
        mean = self._sums[0] / self._count
        squares = np.maximum(self._sums[1] - self._sums[0] * mean, 0.0)
        shift = 0.0 if self._shift is None else self._shift
        return Moments(self._count, shift + mean, squares)


def _needed_shift(means: Vector) -> Vector | None:
    """Return the first item's mean if sums of the values themselves would cancel, else None."""
    mean, power = means
    far = mean * mean > _FAR * (power - mean * mean)
    return mean.copy() if far.any() else None
