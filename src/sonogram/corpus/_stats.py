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
_FAR = 1000.0

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


def real(features: npt.NDArray[Any], dtype: str | None) -> npt.NDArray[Any]:
    """Return features as numbers to be summed: halves, bytes and bfloat16's bits as float32."""
    if features.dtype in (np.float32, np.float64):
        return features
    if dtype == "bfloat16":
        wide: npt.NDArray[Any] = (features.astype(np.uint32) << 16).view(np.float32)
        return wide
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
        self._shift: npt.NDArray[Any] | None = None
        self._sums: Vector = np.zeros((2, 0))  # of the distances from the shift, of their squares

    def add(self, features: npt.NDArray[Any]) -> bool:
        """Take in an item; False, and nothing is taken in, where it holds NaN or infinity."""
        frames = features.shape[0 if self._bands_last else 1]
        if frames == 0:
            return True
        with np.errstate(all="ignore"):
            sums = self._of(features)
            if not self._begun and np.isfinite(sums).all():
                self._shift = _needed_shift(sums / frames, features.dtype)
                if self._shift is not None:
                    sums = self._of(features)
        if not np.isfinite(sums).all():
            if features.dtype == np.float64 or not np.isfinite(sums[0]).all():
                return False
            return self.add(features.astype(np.float64))  # squares beyond float32
        self._sums = self._sums + sums if self._begun else sums
        self._begun = True
        self._count += frames
        return True

    def _of(self, features: npt.NDArray[Any]) -> Vector:
        """Sum the distances from the shift, and their squares: float64 ``[2, bands]``."""
        if self._shift is not None:
            features = features - (self._shift if self._bands_last else self._shift[:, None])
        return _sums_last(features) if self._bands_last else _sums_first(features)

    def moments(self) -> Moments:
        """Return mean and squared distances of all that was taken in."""
        if not self._count:
            return Moments()
        mean = self._sums[0] / self._count
        squares = np.maximum(self._sums[1] - self._sums[0] * mean, 0.0)
        shift = 0.0 if self._shift is None else self._shift.astype(np.float64)
        return Moments(self._count, shift + mean, squares)


def _needed_shift(means: Vector, dtype: np.dtype[Any]) -> npt.NDArray[Any] | None:
    """Return the first item's mean where sums of the values themselves would cancel."""
    mean, power = means
    far = mean * mean > _FAR * (power - mean * mean)
    return mean.astype(dtype) if far.any() else None


def _sums_first(features: npt.NDArray[Any]) -> Vector:
    """Sum ``[bands, time]``: blocks of frames in views of the rows, nothing is copied."""
    features = np.ascontiguousarray(features)
    bands, frames = features.shape
    count, size = frames // _BLOCK, features.itemsize
    parts = np.zeros((2, bands, count + 1), features.dtype)
    ones = np.ones(_BLOCK, features.dtype)
    if count:
        steps = (frames * size, _BLOCK * size, size)
        x = np.ndarray((bands, count, _BLOCK), features.dtype, features, 0, steps)
        _dot(x, ones, parts[0, :, :count])
        _dot(x, x, parts[1, :, :count])
    if rest := frames - count * _BLOCK:
        x = features[:, count * _BLOCK :]
        _dot(x, ones[:rest], parts[0, :, count])
        _dot(x, x, parts[1, :, count])
    total: Vector = parts.sum(axis=2, dtype=np.float64)
    return total


def _sums_last(features: npt.NDArray[Any]) -> Vector:
    """Sum ``[time, bands]``."""
    frames, bands = features.shape
    count = frames // _BLOCK
    parts = np.zeros((2, count + 1, bands), features.dtype)
    if count:
        x = features[: count * _BLOCK].reshape(count, _BLOCK, bands)
        np.einsum("tfb->tb", x, out=parts[0, :count])
        np.einsum("tfb,tfb->tb", x, x, out=parts[1, :count])
    if frames > count * _BLOCK:
        x = features[count * _BLOCK :]
        np.einsum("fb->b", x, out=parts[0, count])
        np.einsum("fb,fb->b", x, x, out=parts[1, count])
    total: Vector = parts.sum(axis=1, dtype=np.float64)
    return total


def _dot(a: npt.NDArray[Any], b: npt.NDArray[Any], out: npt.NDArray[Any]) -> None:
    """Dot products along the last axis; they are short enough for BLAS to stay on one thread."""
    if hasattr(np, "vecdot"):
        np.vecdot(a, b, out=out)
    else:  # NumPy 1
        np.einsum("...f,...f->...", a, b, out=out)
