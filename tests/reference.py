# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The reference: every stage of a Spec in slow, obvious NumPy.

Nothing here imports sonogram. A spec is a dict of the Spec record's fields; what it leaves out has
the record's default. Everything is computed in `real`: float64, or `numpy.longdouble`, which on
x86-64 is the 80-bit format and serves to measure the error of float64 itself.

    condition -> frame -> per frame -> window -> rfft
        -> spectrum -> filterbank -> compress -> finish

An item is one 1-D signal. `extract` runs the items of a `[..., samples]` array one by one, so no
item can see another.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import reference_banks
import reference_signal
from reference_finish import finish
from reference_signal import condition, frame, pad_signal, to_real
from support.scales import hz_to_mel, mel_filterbank, mel_to_hz
from support.windows import window

__all__ = [
    "DEFAULTS",
    "complete",
    "condition",
    "extract",
    "filterbank_matrix",
    "frame",
    "hz_to_mel",
    "mel_filterbank",
    "mel_to_hz",
    "num_frames",
    "pad_signal",
    "rfft",
    "spec_window",
    "to_real",
    "window",
]

Spec = Mapping[str, Any]

DEFAULTS: dict[str, Any] = {
    "sample_rate": 16000,
    # condition
    "scale": 1.0,
    "clip": None,
    "quantize": None,
    "remove_mean": False,
    "level": None,
    "level_kind": "rms",
    "level_when": "always",
    "level_eps": 0.0,
    "preemphasis": 0.0,
    "preemphasis_kind": "keep",
    "length": None,
    "min_length": None,
    "max_length": None,
    "length_step": None,
    "length_mode": "zeros",
    "pad": (0, 0),
    # frame
    "n_fft": 400,
    "win_length": None,
    "hop_length": None,
    "center": True,
    "frame_pad": None,
    "pad_mode": "reflect",
    "snip_edges": None,
    "frame_span": None,
    "frame_offset": 0,
    "round_up": False,
    "frame_multiple": 1,
    "drop_last": False,
    # per frame
    "dither": 0.0,
    "seed": 0,
    "remove_dc": False,
    "frame_preemphasis": 0.0,
    "energy": None,
    "energy_floor": 1.1920928955078125e-07,
    # window
    "window": "hann",
    "periodic": True,
    "window_align": "center",
    # spectrum
    "output": "spectrum",
    "power": 2.0,
    "power_eps": 0.0,
    "power_floor": 0.0,
    "normalized": False,
    # filterbank
    "filterbank": None,
    "n_mels": 128,
    "f_min": 0.0,
    "f_max": None,
    "mel_scale": "htk",
    "norm": None,
    "filterbank_sample_rate": None,
    "triangle": "hz",
    **reference_banks.DEFAULTS,
    # compress
    "log": None,
    "floor": 1e-10,
    "eps": 0.0,
    "gain": 1.0,
    "exponent": 1.0,
    # finish
    "valid_frames": "all",
    "valid_min": 0,
    "finish": (),
    "layout": "freq_time",
    "dtype": None,
    "compute_dtype": None,
}


def complete(spec: Spec) -> dict[str, Any]:
    """Return `spec` with the record's defaults filled in; a field of no Spec is an error."""
    unknown = set(spec) - set(DEFAULTS) - {"schema"}
    if unknown:
        raise ValueError(f"no such Spec fields: {sorted(unknown)}")
    s = {**DEFAULTS, **spec}
    s.pop("schema", None)
    if s["win_length"] is None:
        s["win_length"] = s["n_fft"]
    if s["hop_length"] is None:
        s["hop_length"] = s["win_length"] // 2
    if s["filterbank_sample_rate"] is None:
        s["filterbank_sample_rate"] = s["sample_rate"]
    if s["dither"]:
        raise ValueError("the reference has no dither: its noise is the core's own")
    return s


def num_frames(spec: Spec, n: int) -> int:
    """Count the frames that a waveform of n samples gives."""
    return reference_signal.num_frames(complete(spec), n)


def per_frame(s: Spec, frames: np.ndarray) -> np.ndarray:
    """Kaldi's ProcessWindow: subtract the frame's mean, then x[i] -= c x[i-1], x[0] -= c x[0]."""
    if s["remove_dc"] and len(frames):
        frames = frames - frames.mean(axis=1, keepdims=True)
    c = s["frame_preemphasis"]
    if c:
        before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
        frames = frames - c * before
    return frames


def spec_window(s: Spec, real: type[np.floating[Any]] = np.float64) -> np.ndarray:
    """Return the window of win_length that the spec names."""
    kind = s["window"]
    if isinstance(kind, str) or isinstance(kind[0], str):
        return window(kind, s["win_length"], s["periodic"], real)
    return np.asarray(kind, real)


def apply_window(s: Spec, frames: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Multiply by the window and set in n_fft zeros: `[frames, n_fft]`."""
    at = (s["n_fft"] - s["win_length"]) // 2 if s["window_align"] == "center" else 0
    out = np.zeros((len(frames), s["n_fft"]), frames.dtype)
    out[:, at : at + s["win_length"]] = frames * w
    return out


def rfft(frames: np.ndarray) -> np.ndarray:
    """X[k] = sum_j x[j] exp(-2 pi i j k / n), k = 0 .. n // 2, over the last axis."""
    if frames.dtype == np.float64:
        return np.fft.rfft(frames)
    n = frames.shape[-1]
    return _dft(frames.astype(np.clongdouble))[..., : n // 2 + 1]


def _roots(n: int) -> np.ndarray:
    """exp(-2 pi i k / n), k = 0 .. n - 1, in long double."""
    angle = -8 * np.arctan(np.longdouble(1)) * np.arange(n).astype(np.longdouble) / n
    return np.cos(angle) + np.clongdouble(1j) * np.sin(angle)


def _dft(x: np.ndarray) -> np.ndarray:
    """Decimate in time by the smallest prime factor p of n; a prime n is the plain matrix."""
    n = x.shape[-1]
    p = next((p for p in range(2, math.isqrt(n) + 1) if n % p == 0), n)
    roots = _roots(n)
    if p == n:
        return x @ roots[np.outer(np.arange(n), np.arange(n)) % n]
    parts = [_dft(x[..., r::p]) for r in range(p)]
    k = np.arange(n)
    return sum(roots[r * k % n] * np.tile(parts[r], p) for r in range(p))


def spectrum(s: Spec, X: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Normalise, then complex, or max(|X|^2 + eps, floor) ** (power / 2)."""
    if s["normalized"] == "frame_length":
        X = X / np.sqrt(w.dtype.type(s["n_fft"]))
    elif s["normalized"]:
        X = X / np.sqrt(np.sum(w * w))
    if s["power"] is None:
        return X
    square = np.maximum(X.real**2 + X.imag**2 + s["power_eps"], s["power_floor"])
    return square if s["power"] == 2 else square ** (square.dtype.type(s["power"]) / 2)


def filterbank_matrix(s: Spec) -> np.ndarray | None:
    """Return the spec's filters `[n_mels, n_freqs]` in float64, or None where it has none.

    Float64 in every precision: a bank is data, and its points are only good to some ulp of the
    highest frequency, which a steep triangle's foot turns into 2e-14 of its height.
    """
    return None if s["filterbank"] is None else reference_banks.filterbank(s)


def compress(s: Spec, y: np.ndarray) -> np.ndarray:
    """log(max(gain y, floor) + eps), or log1p(gain y); dB is of power unless power is 1."""
    if s["log"] is None:
        return y
    if s["log"] == "log1p":
        return np.log1p(s["gain"] * y)
    y = np.maximum(s["gain"] * y, y.dtype.type(s["floor"])) + s["eps"]
    if s["log"] == "ln":
        return np.log(y)
    if s["log"] == "power":
        return y ** s["exponent"]
    if s["log"] == "piecewise":
        return np.where(y > math.e, np.log(np.maximum(y, math.e)), y / math.e)
    return {"log10": 1, "db": 20 if s["power"] == 1 else 10}[s["log"]] * np.log10(y)


def log_energy(s: Spec, raw: np.ndarray, windowed: np.ndarray) -> np.ndarray | None:
    """ln(max(sum x^2, energy_floor)) of each frame, `[frames, 1]`."""
    if s["energy"] is None:
        return None
    frames = raw if s["energy"] == "raw" else windowed
    return np.log(np.maximum(np.sum(frames**2, axis=1, keepdims=True), s["energy_floor"]))


def valid_frames(s: Spec, samples: int, frames: int) -> int:
    """How many frames are true for so many samples given."""
    samples = max(samples, s["valid_min"])
    up = -(-samples // s["hop_length"])
    counts = {
        "all": frames,
        "floor": samples // s["hop_length"],
        "ceil": up,
        "last": max(up - 1, 0),
        "all_but_last": max(frames - 1, 0),
    }
    return min(counts[s["valid_frames"]], frames)


def extract_item(s: Spec, x: np.ndarray) -> np.ndarray:
    """Run all stages on one item: `[bins, frames]`, `[frames, bins]` by layout, or `[samples]`."""
    real = x.dtype.type
    if s["output"] == "waveform":
        return condition(s, x)
    w = spec_window(s, real)
    cut = frame(s, condition(s, x))
    frames = apply_window(s, per_frame(s, cut), w)
    energy = log_energy(s, per_frame({**s, "frame_preemphasis": 0}, cut), frames)
    y = spectrum(s, rfft(frames), w)
    bank = filterbank_matrix(s)
    if bank is not None:
        y = y @ bank.T.astype(real)
    valid = valid_frames(s, len(x), len(y))
    return finish(s["finish"], compress(s, y), energy, valid, s["layout"])


def extract(spec: Spec, x: Any, real: type[np.floating[Any]] = np.float64) -> np.ndarray:
    """Compute what an Extractor of `spec` should give for a waveform `[..., samples]`."""
    s = complete(spec)
    x = to_real(x, real)
    items = x.reshape(math.prod(x.shape[:-1]), x.shape[-1])
    with np.errstate(all="ignore"):  # log(0) is -inf and NaN stays NaN: both are answers
        done = [extract_item(s, item) for item in items]
    if not done and s["output"] == "waveform":
        return np.zeros((*x.shape[:-1], len(condition(s, np.zeros(x.shape[-1], real)))), real)
    if not done:
        bank = filterbank_matrix(s)
        bins = s["n_fft"] // 2 + 1 if bank is None else len(bank)
        shape = [bins, num_frames(spec, x.shape[-1])]
        empty = real if s["power"] is not None else np.complex128
        return np.zeros((*x.shape[:-1], *shape[:: 1 if s["layout"] == "freq_time" else -1]), empty)
    return np.stack(done).reshape(*x.shape[:-1], *done[0].shape)
