# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""How far a preset and its original are from exact arithmetic and from each other.

Exact is the recipe in float64 over the float32 samples: the original's own `double`, which shares
no code with this project, or the project's NumPy reference where there is none.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import reference
from support import signals, tolerance

import sonogram

from . import ORIGINALS, needed

SPEECH = Path(__file__).resolve().parents[2] / "examples" / "audio" / "speech.flac"
NAMES = ("speech", "silence", "click", "quiet", "odd")
DIFFICULT = ("chord", *signals.DIFFICULT)


@cache
def _speech() -> np.ndarray:
    audio, _ = sonogram.load(SPEECH, mono=True)
    return np.asarray(audio[0], np.float32)


@cache
def _chord() -> np.ndarray:
    audio, _ = sonogram.load(SPEECH.with_name("chord_sweep.flac"), mono=True)
    return np.asarray(audio[0], np.float32)


@cache
def signal(name: str, rate: int) -> np.ndarray:
    """Return a signal of 1.2 s at a rate: float32, its odd length for "odd" alone.

    The repository's speech is taken at every rate as it is, sample by sample: resampled to a higher
    rate, its upper bands would be empty and show nothing but the floor of float32.
    """
    n = int(1.2 * rate)
    if name == "speech":
        return _speech()[8000 : 8000 + n]
    if name == "odd":
        return _speech()[30000 : 30000 + int(1.07 * rate) // 2 * 2 + 1]
    if name == "chord":
        return _chord()[:n]
    make = {**signals.SIGNALS, **signals.DIFFICULT}[name]
    return make(n, rate).astype(np.float32)


@dataclass(frozen=True)
class Distance:
    """Largest absolute differences of one preset on one signal; `size` is the largest value.

    `original` is the original's own error, or that of its recipe with a float32 FFT where it has
    none and that is larger.
    `double` and `wide` are relative to max(1, |value|): this project's float64 against exact, and
    against an original that goes through float64 (0 where it does not).
    `typical` and `original_typical` are root mean squares of the errors of `ours` and `original`,
    each relative to what float32 leaves open in its value (tolerance.py) and four ulps; `share` is
    how much of what the tolerance allows `ours` uses against exact.
    """

    preset: str
    signal: str
    original: float
    ours: float
    between: float
    double: float
    wide: float
    size: float
    typical: float
    original_typical: float
    share: float


EPS = 2.0**-23  # float32's


def typical(a: np.ndarray, b: np.ndarray, scale: np.ndarray) -> float:
    """Return the root mean square of (a - b) / scale."""
    error = (np.asarray(a, np.float64) - np.asarray(b, np.float64)) / scale
    return float(np.sqrt(np.mean(error**2))) if error.size else 0.0


def largest(a: np.ndarray, b: np.ndarray, scale: np.ndarray | float = 1.0) -> float:
    """Return max |a - b| / scale, of arrays of one shape."""
    assert a.shape == b.shape, f"shapes {a.shape} and {b.shape}"
    if not a.size:
        return 0.0
    return float(np.max(np.abs(np.asarray(a, np.float64) - np.asarray(b, np.float64)) / scale))


def measure(preset: str, name: str) -> Distance | None:
    """Run a preset and its original on a signal; None where the result is not defined."""
    original = ORIGINALS[preset]
    needed(original)
    if name in original.undefined:
        return None
    spec = sonogram.presets()[preset].spec
    x = signal(name, int(spec.sample_rate))
    wide = x.astype(np.float64)
    noise = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(noise):
        warnings.simplefilter("ignore")  # theirs, not ours
        theirs = original.run(x)
        single = theirs if original.single is None else original.single(x)
        exact = None if original.double is None else original.double(wide)
        extractor = sonogram.Extractor(spec)  # banks with empty filters are said to have them
        precise = sonogram.Extractor(spec.replace(dtype="float64"))
    if exact is None:
        exact = reference.extract(spec.to_dict(), wide)
    ours, double = extractor(x), precise(wide)
    scale = np.maximum(1.0, np.abs(exact))
    entry = sonogram.presets()[preset]
    units = 0.0 if spec.compute_dtype == "float64" else original.noise
    left_open = tolerance.bound(spec.to_dict(), x, units).free + 4 * EPS * scale
    assert ours.dtype == np.float32
    assert double.dtype == np.float64
    return Distance(
        preset,
        name,
        original=max(largest(theirs, exact), largest(single, exact)),
        ours=largest(ours, exact),
        between=largest(ours, theirs),
        double=largest(double, exact, scale),
        wide=largest(double, theirs, scale) if original.wide else 0.0,
        size=float(np.max(np.abs(exact), initial=0.0)),
        typical=typical(ours, exact, left_open),
        original_typical=max(typical(y, exact, left_open) for y in (theirs, single)),
        share=tolerance.used(spec.to_dict(), x, ours, exact, entry.tolerance, original.noise),
    )


def allowance_used(preset: str, x: np.ndarray) -> float:
    """Return the share of what the tolerance allows that a preset's difference uses."""
    original, entry = ORIGINALS[preset], sonogram.presets()[preset]
    needed(original)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        theirs = original.run(x)
        ours = sonogram.Extractor(entry.spec)(x)
    assert ours.dtype == np.float32
    assert ours.shape == theirs.shape
    return tolerance.used(entry.spec.to_dict(), x, ours, theirs, entry.tolerance, original.noise)


def measured(preset: str) -> list[Distance | str | None]:
    """Return a preset's distances by signal, or why there are none."""
    rows: list[Distance | str | None] = []
    for name in NAMES:
        try:
            rows.append(measure(preset, name))
        except (pytest.skip.Exception, pytest.fail.Exception) as error:
            rows.append(str(error))
    return rows
