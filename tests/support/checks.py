# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""How close is close: the promised tolerances, each with its reason, in one place.

float32. An FFT in float32 has a relative L2 error of about 1e-7 against exact arithmetic, and the
error of each bin is of that size relative to the *frame's* energy, not the bin's. Hence

- complex: relative L2 <= 3e-7 (three times a typical error, for awkward n_fft and short frames);
- power and bands: within 1e-5 of the frame's largest bin; a bin p below the peak by amplitude r
  moves by 2 r 1e-7, and long frames gather a few times that. Frames whose largest bin is under
  1e-8 (-80 dB and what is near denormals) are held to 1e-12 absolutely;
- logs: 1e-4 (natural) where the bin is within 50 dB of the frame's largest: there an amplitude
  error of 1e-7 of the peak is 3e-5 of the bin, 6e-5 in ln power. A weaker bin is free to move as
  far as the promise about its power lets it, and no further.

What float32 leaves open in any recipe, stage by stage, is in tolerance.py: presets are held to it.

float64. The same with eps 5e8 times smaller: 1e-15 relative L2 against long double, 1e-14 of the
frame's largest bin, 1e-10 in ln within 100 dB.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import reference

import sonogram

# Where long double is no wider than double, the yardstick errs as much as what it measures.
WIDE_LONG_DOUBLE = np.finfo(np.longdouble).eps < np.finfo(np.float64).eps / 100

L2 = {"float32": 3e-7, "float64": 1e-15 if WIDE_LONG_DOUBLE else 2e-15}
OF_PEAK = {"float32": 1e-5, "float64": 1e-14 if WIDE_LONG_DOUBLE else 3e-14}
QUIET_PEAK, QUIET = 1e-8, {"float32": 1e-12, "float64": 1e-21}
LN = {"float32": 1e-4, "float64": 1e-10}
LN_RANGE_DB = {"float32": 50.0, "float64": 100.0}
NEPERS = {"ln": 1.0, "log10": 1 / np.log(10), "db": 10 / np.log(10)}


def run(spec: dict[str, Any], x: Any, **options: Any) -> Any:
    """Compute a spec given as a dict."""
    return sonogram.Extractor(sonogram.Spec(**spec))(x, **options)


def precision(spec: dict[str, Any], x: Any) -> str:
    """Return the result's real dtype by the rule: float64 in, float64 out; all else float32."""
    return spec.get("dtype") or ("float64" if np.asarray(x).dtype == np.float64 else "float32")


def relative_l2(got: np.ndarray, want: np.ndarray) -> float:
    """Return |got - want| / |want| over all elements; 0 / 0 is 0."""
    wide = np.clongdouble if np.iscomplexobj(want) else np.longdouble
    error, size = (np.sqrt(np.sum(np.abs(a.astype(wide)) ** 2)) for a in (got - want, want))
    return float(error / size) if size else float(error)


def assert_matches(spec: dict[str, Any], x: Any, got: np.ndarray | None = None) -> None:
    """Assert that the core (or `got`) equals the reference to the promised tolerance."""
    got = run(spec, x) if got is None else got
    s = reference.complete(spec)
    kind = precision(spec, x)
    real = np.longdouble if kind == "float64" else np.float64
    want = reference.extract(spec, x, real)
    assert got.shape == want.shape
    assert got.dtype == np.result_type(kind, np.complex64 if s["power"] is None else kind)
    if got.size == 0:
        return
    if s["power"] is None:
        items = (got.reshape(-1, *got.shape[-2:]), want.reshape(-1, *want.shape[-2:]))
        worst = max(relative_l2(g, w) for g, w in zip(*items, strict=True))
        assert worst <= L2[kind], f"relative L2 error {worst:.3g} above {L2[kind]:.3g}"
    elif s["log"] is None and not s["finish"]:
        assert_linear(s, got, want, kind)
    else:
        assert_log(spec, got, x, real)


def peaks(s: dict[str, Any], y: np.ndarray) -> np.ndarray:
    """Return each frame's largest bin, to be broadcast against y."""
    return y.max(axis=-2 if s["layout"] == "freq_time" else -1, keepdims=True)


def slack(s: dict[str, Any], power: np.ndarray, kind: str) -> np.ndarray:
    """Return how far each bin of a power-like spectrum may be from the reference."""
    peak = peaks(s, power)
    return np.where(peak > QUIET_PEAK, OF_PEAK[kind] * peak, QUIET[kind]) + 0 * power


def assert_linear(s: dict[str, Any], got: np.ndarray, want: np.ndarray, kind: str) -> None:
    """Assert that powers, magnitudes and bands are near the reference."""
    got = got.astype(want.dtype)
    if s["power"] < 1:  # |X|^p of a near-zero X magnifies its error without bound: compare |X|^2
        got, want = got ** (2 / s["power"]), want ** (2 / s["power"])
    excess = np.abs(got - want) / slack(s, want, kind)
    assert np.isfinite(got).all()
    assert excess.max() <= 1, f"error {excess.max():.3g} times the tolerance"


def assert_log(spec: dict[str, Any], got: np.ndarray, x: Any, real: type) -> None:
    """Assert that logs, finished or not, are near the reference computed in `real`."""
    s = reference.complete(spec)
    kind = precision(spec, x)
    power = reference.extract({**spec, "log": None, "finish": ()}, x, real)
    free = slack(s, power, kind)

    def rest(y: np.ndarray) -> np.ndarray:
        items = y.reshape(-1, *y.shape[-2:])
        with np.errstate(divide="ignore"):
            # stages of values and their range alone: the layout does not matter to them
            done = [
                reference.finish(s["finish"], reference.compress(s, y), None, len(y), "time_freq")
                for y in items
            ]
        return np.stack(done).reshape(y.shape)

    want = rest(power)
    unit = NEPERS.get(s["log"], 1.0) * (2 if s["log"] == "db" and s["power"] == 1 else 1)
    unit *= np.prod([stage[1] for stage in s["finish"] if stage[0] == "affine"])
    unit *= 2 if any(stage[0] == "reference" for stage in s["finish"]) else 1
    tolerance = LN[kind] * abs(unit)
    exponent = 20 if s["power"] == 1 else 10
    strong = power >= peaks(s, power) * 10 ** (-LN_RANGE_DB[kind] / exponent)
    error = np.abs(got - want)[strong & (power > 0)]
    assert error.size == 0 or error.max() <= tolerance, f"log error {error.max():.3g}"
    ends = rest(np.maximum(power - free, 0)), rest(power + free)
    low, high = np.minimum(*ends) - 2 * tolerance, np.maximum(*ends) + 2 * tolerance
    assert (got >= low).all()
    assert (got <= high).all()
