# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Mean and variance of every band over a whole corpus, in one pass.

Within a shard, sums are taken of the values or, where these lie far from 0 for their spread, of the
distances from the first item's mean, so nothing cancels; shards are put together by the pairwise
rule of Chan, Golub and LeVeque (1983). Everything happens in the order of the manifest, so the
result does not depend on which worker was first.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

_BLOCK = 256  # frames summed in the features' own precision; blocks are summed in float64
# Sums of squares lose the digits of mean^2 / variance; up to this, few enough to need no shift.
_FAR = 64.0

Vector = npt.NDArray[np.float64]


@dataclass
class Moments:
    """Number of frames, mean, and sum of squared distances from it, of each band."""

    count: int = 0
    mean: Vector = field(default_factory=lambda: np.zeros(0))
    squares: Vector = field(default_factory=lambda: np.zeros(0))

    def add(self, other: "Moments") -> None:
        """Take in what comes after."""
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
        """Return it in values that JSON holds exactly."""
        return {
            "count": self.count,
            "mean": self.mean.tolist(),
            "squares": self.squares.tolist(),
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Moments":
        """Make it from what `to_dict` returned."""
        return cls(values["count"], np.array(values["mean"]), np.array(values["squares"]))


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
        self._shift: npt.NDArray[Any] | None = None
        self._sum = self._squares = np.zeros(0)

    def add(self, features: npt.NDArray[Any]) -> bool:
        """Take in an item; False, and nothing is taken in, where it holds NaN or infinity."""
        frames = features.shape[0 if self._bands_last else 1]
        if frames == 0:
            return True
        sums, squares = self._sums(features)
        if not self._begun and np.isfinite(squares).all():
            self._shift = self._needed_shift(sums / frames, squares / frames, features.dtype)
            if self._shift is not None:
                sums, squares = self._sums(features)
        if not np.isfinite(squares).all():
            if features.dtype == np.float64 or not np.isfinite(sums).all():
                return False
            return self.add(features.astype(np.float64))  # squares beyond float32
        if not self._begun:
            self._sum, self._squares = np.zeros(len(sums)), np.zeros(len(sums))
            self._begun = True
        self._count += frames
        self._sum += sums
        self._squares += squares
        return True

    def _needed_shift(
        self, mean: Vector, power: Vector, dtype: np.dtype[Any]
    ) -> npt.NDArray[Any] | None:
        """Return the first item's mean where sums of the values themselves would cancel."""
        far = mean * mean > _FAR * (power - mean * mean)
        return mean.astype(dtype) if far.any() else None

    def _sums(self, features: npt.NDArray[Any]) -> tuple[Vector, Vector]:
        """Sum the distances from the shift, and their squares, of each band."""
        bands, frames = features.shape[::-1] if self._bands_last else features.shape
        if self._shift is not None:
            features = features - (self._shift if self._bands_last else self._shift[:, None])
        whole = frames // _BLOCK * _BLOCK
        sums, squares = np.zeros(bands), np.zeros(bands)
        for start, count, length in ((0, whole // _BLOCK, _BLOCK), (whole, 1, frames - whole)):
            if count and length:
                parts = self._blocks(features, start, count, length)
                sums += parts[0]
                squares += parts[1]
        return sums, squares

    def _blocks(
        self, features: npt.NDArray[Any], start: int, count: int, length: int
    ) -> tuple[Vector, Vector]:
        """Sum values and squares of ``count`` blocks of frames; a view, nothing is copied."""
        bands, frames = features.shape[::-1] if self._bands_last else features.shape
        size = features.itemsize
        if self._bands_last:
            x = features[start : start + count * length].reshape(count, length, bands)
            first, second = np.einsum("tfb->tb", x), np.einsum("tfb,tfb->tb", x, x)
            axis = 0
        else:
            steps = (frames * size, length * size, size)
            x = np.ndarray((bands, count, length), features.dtype, features, start * size, steps)
            first, second = np.einsum("btf->bt", x), np.einsum("btf,btf->bt", x, x)
            axis = 1
        return first.sum(axis=axis, dtype=np.float64), second.sum(axis=axis, dtype=np.float64)

    def moments(self) -> Moments:
        """Return mean and squared distances of all that was taken in."""
        if not self._count:
            return Moments()
        mean = self._sum / self._count
        squares = np.maximum(self._squares - self._sum * mean, 0.0)
        shift = 0.0 if self._shift is None else self._shift.astype(np.float64)
        return Moments(self._count, shift + mean, squares)
