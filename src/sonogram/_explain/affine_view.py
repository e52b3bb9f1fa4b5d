# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A comparison of features that ignores logarithm, gain and normalisation.

Where the signal is loud, the stages after the filterbank are nearly an affine function of the
natural logarithm of the bands: ln, log10 and dB are a slope; gain, scale and affine an offset;
statistics and normalisation over time a slope and an offset per row. The residual of that affine
fit shows whether framing, window, spectrum and bands are right.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .._spec.finish_stages import read_finish, stage_effect, write_finish
from .evidence import Array, Evidence
from .recipe import Fields

_COLUMNS = 240  # frames that are compared
_TRIM = 0.9  # share of the differences that counts, as edges and floors may still be wrong
_QUIET = 0.2  # share of the range in which floors and epsilons may matter


class View:
    """Compares a recipe's bands with the features up to an affine function; see the module."""

    def __init__(self, evidence: Evidence, fields: Fields, transform: str) -> None:
        self._evidence = evidence
        self._cepstra = any(s[0] in ("dct", "lifter") for s in fields["finish"])
        self.transform = transform
        target = _straight(evidence.target(fields), transform)
        loud = evidence.loud_frames(fields) & np.isfinite(target).any(axis=0)
        columns = np.flatnonzero(loud)
        if columns.size > _COLUMNS:
            columns = columns[np.linspace(0, columns.size - 1, _COLUMNS).astype(np.int64)]
        self._columns = columns
        self._target = target[:, columns]
        self._weights = self._compared(target)
        self.by_row = self._cepstra or _rows_are_normalised(target) or _has_statistics(fields)
        looked = self._target[self._weights]
        self._spread = float(np.std(looked)) if looked.size else 0.0

    @property
    def usable(self) -> bool:
        """Whether there are enough values to compare."""
        return int(self._weights.sum()) >= 50 and self._spread > 0

    def _compared(self, target: Array) -> npt.NDArray[np.bool_]:
        finite = np.isfinite(self._target)
        if self._cepstra or not finite.any():
            return finite
        low = np.nanquantile(np.where(finite, self._target, np.nan), 0.35, axis=1, keepdims=True)
        every = target[np.isfinite(target)]
        plateau = every.min() + _QUIET * np.ptp(every)
        above: npt.NDArray[np.bool_] = finite & (self._target > low) & (self._target > plateau)
        return above

    def residual(self, fields: Fields) -> float:
        """Return the residual of the best fit, in standard deviations of the compared values."""
        made = self._evidence.run(neutral(fields))
        if made is None or made.shape[0] != self._target.shape[0]:
            return float("inf")
        inside = self._columns < made.shape[1]
        if inside.sum() < max(3, 0.7 * inside.size):
            return float("inf")
        bands = made[:, self._columns[inside]].astype(np.float64)
        bands = np.maximum(bands, bands.max() - 60)
        weights = self._weights[:, inside]
        target = np.where(weights, self._target[:, inside], 0.0)
        rest = (
            _after_rows(bands, target, weights)
            if self.by_row
            else _after_line(bands[weights], target[weights])
        )
        if rest.size == 0:
            return float("inf")
        count = max(1, int(_TRIM * rest.size))
        size = np.partition(np.abs(rest), count - 1)[:count]
        frames = self._evidence.target(fields).shape[1]
        missing = abs(made.shape[1] - frames)
        return float(size.mean()) / self._spread + (1e-3 * (1 + missing / frames) if missing else 0)

    def line(self, fields: Fields) -> tuple[float, float, Array, Array] | None:
        """Return the slope and the offset of the fit, and the complete bands and features."""
        made = self._evidence.run(neutral(fields))
        target = _straight(self._evidence.target(fields), self.transform)
        if made is None or made.shape[0] != target.shape[0]:
            return None
        inside = self._columns < made.shape[1]
        looked = self._weights[:, inside]
        x = made[:, self._columns[inside]].astype(np.float64)[looked]
        y = self._target[:, inside][looked]
        if x.size < 10:
            return None
        slope, offset = _robust_line(x, y)
        shared = min(made.shape[1], target.shape[1])
        bands, values = made[:, :shared].astype(np.float64), target[:, :shared]
        finite = np.isfinite(values)
        return slope, offset, bands[finite], values[finite]


def is_affine_after_bands(fields: Fields) -> bool:
    """Tell whether the stages of a recipe preserve the bands up to an affine function."""
    return fields["output"] == "spectrum" and not any(
        stage_effect(s[0]) == "nonlinear" for s in fields["finish"]
    )


def neutral(fields: Fields) -> Fields:
    """Return the recipe up to the natural logarithm, with the stages that only move rows."""
    kept = write_finish(
        [s for s in read_finish(fields["finish"]) if stage_effect(s[0]) == "linear"]
    )
    return {
        **fields,
        "power": 2.0 if fields["power"] is None else fields["power"],
        "log": "ln",
        "floor": 1e-30,
        "eps": 0.0,
        "gain": 1.0,
        "finish": kept,
        "valid_frames": "all",
        "valid_min": 0,
    }


def transforms(evidence: Evidence, fields: Fields) -> list[str]:
    """Return the transforms to try: the features may be logarithmic or not."""
    target = evidence.target(fields)
    if np.iscomplexobj(target):
        return ["ln"]
    if np.nanmin(target) < 0:
        return ["raw"]
    return ["raw", "ln", "log1p"]


def _straight(target: npt.NDArray[np.generic], transform: str) -> Array:
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if transform == "ln":
            power = 2 if np.iscomplexobj(target) else 1
            straight = power * np.log(np.abs(target))
        elif transform == "log1p":
            straight = np.log(np.expm1(np.minimum(target, 700)))
        else:
            straight = target.astype(np.float64)
    return np.asarray(straight, np.float64)


def _rows_are_normalised(target: Array) -> bool:
    """Tell whether the mean of every row over time is zero, as after normalisation."""
    moving = target[:, np.std(target, axis=0) > 0]
    if moving.shape[1] < 8:
        return False
    spread = float(np.std(moving))
    return bool(np.all(np.abs(moving.mean(axis=1)) < 0.02 * spread)) if spread else False


def _has_statistics(fields: Fields) -> bool:
    rows = ("normalize", "statistics", "sliding_cmn")
    return any(
        n in rows and v.get("axis", "time") == "time" for n, v in read_finish(fields["finish"])
    )


def _after_line(x: Array, y: Array) -> Array:
    if x.size < 10:
        return np.empty(0)
    x0, y0 = x - x.mean(), y - y.mean()
    slope = (x0 @ y0) / max(float(x0 @ x0), 1e-30)
    return np.asarray(y0 - slope * x0)


def _robust_line(x: Array, y: Array) -> tuple[float, float]:
    """Return slope and offset, fitted twice: the second time to the half with the least error."""
    keep = np.ones(x.size, np.bool_)
    slope = offset = 0.0
    for _ in range(6):
        x0, y0 = x[keep], y[keep]
        centred = x0 - x0.mean()
        slope = float(centred @ y0 / max(float(centred @ centred), 1e-30))
        offset = float(y0.mean() - slope * x0.mean())
        rest = np.abs(y - slope * x - offset)
        keep = rest <= np.median(rest)
    return slope, offset


def _after_rows(x: Array, y: Array, weights: npt.NDArray[np.bool_]) -> Array:
    count = np.maximum(weights.sum(axis=1, keepdims=True), 1)
    x = np.where(weights, x, 0.0)
    x0 = np.where(weights, x - x.sum(axis=1, keepdims=True) / count, 0.0)
    y0 = np.where(weights, y - y.sum(axis=1, keepdims=True) / count, 0.0)
    slope = (x0 * y0).sum(axis=1, keepdims=True) / np.maximum(
        (x0 * x0).sum(axis=1, keepdims=True), 1e-30
    )
    return np.asarray((y0 - slope * x0)[weights])
