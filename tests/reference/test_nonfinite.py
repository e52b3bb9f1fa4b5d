# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""NaN and Inf propagate to the frames whose window reads them, all of those and no others."""

from __future__ import annotations

import numpy as np
import pytest
import reference
from support import signals
from support.checks import run
from support.recipes import WHISPER

BASE = {"n_fft": 64, "win_length": 50, "hop_length": 20}
PIPELINES = {
    "complex": {"power": None},
    "magnitude": {"power": 1.0},
    "power": {},
    "mel": {"filterbank": "mel", "n_mels": 8},
    "log mel": {"filterbank": "mel", "n_mels": 8, "log": "ln"},
    "log10": {"log": "log10"},
    "dB": {"log": "db"},
    "log1p": {"log": "log1p"},
    "left": {"window_align": "left"},
    "uncentred": {"center": False},
    "snipped": {"snip_edges": True, "window_align": "left"},
    "pre-emphasis": {"preemphasis": 0.97},
    "frame stages": {"remove_dc": True, "frame_preemphasis": 0.97},
    "epsilon": {"power_eps": 1e-9, "power": 1.0},
    "floor": {"power_floor": 1e-9, "power": 1.0, "log": "ln"},
    "clip": {"clip": 10.0},
    "zeros around": {"pad": (30, 7)},
    "quantised": {"quantize": "int16"},
    "repeats": {"length": 1500, "length_mode": "repeat"},
    "partial frames": {"round_up": True, "frame_offset": 9, "center": False},
    "more frames": {"frame_multiple": 8},
    "time_freq": {"layout": "time_freq"},
}


def spoiled_frames(spec, got):
    axis = -1 if spec.get("layout") == "time_freq" else -2
    bad = ~np.isfinite(got)
    assert np.array_equal(bad.any(axis), bad.all(axis)), "only part of a frame is NaN"
    return bad.any(axis)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf], ids=str)
@pytest.mark.parametrize("pipeline", PIPELINES)
def test_a_frame_is_nan_exactly_when_its_window_reads_the_sample(pipeline, value, dtype):
    spec = {**BASE, **PIPELINES[pipeline]}
    clean = signals.noise(700).astype(dtype)
    untouched = run(spec, clean)
    frames_axis = -2 if spec.get("layout") == "time_freq" else -1
    for at in (0, 1, 24, 25, 26, 299, 300, 301, 455, 698, 699):
        x = clean.copy()
        x[at] = value
        if pipeline == "clip" and np.isinf(value):
            assert np.isfinite(run(spec, x)).all()  # clipped to a number
            continue
        s = reference.complete(spec)
        frames = reference.frame(s, reference.condition(s, x.astype(np.float64)))
        want = ~np.isfinite(frames).all(axis=1)
        got = run(spec, x)
        assert np.array_equal(spoiled_frames(spec, got), want)
        assert np.isnan(got).any() == (np.isnan(value) and want.any()) or np.isinf(value)
        keep = np.flatnonzero(~want)
        assert np.array_equal(got.take(keep, frames_axis), untouched.take(keep, frames_axis))


@pytest.mark.parametrize("n_fft", [16, 31, 400, 1009, 2048])
def test_no_n_fft_lets_nan_leak_or_vanish(n_fft):
    spec = {"n_fft": n_fft, "hop_length": n_fft, "center": False, "power": None}
    clean = signals.noise(37 * n_fft).astype(np.float32)
    x = clean.copy()
    x[20 * n_fft + n_fft // 3] = np.nan
    got = run(spec, x)
    assert np.flatnonzero(spoiled_frames(spec, got)).tolist() == [20]
    keep = [f for f in range(37) if f != 20]
    assert np.array_equal(got[:, keep], run(spec, clean)[:, keep])


def test_a_zero_of_the_window_still_reads_its_sample():
    x = signals.noise(64)
    x[0] = np.nan  # a periodic Hann window is zero here; 0 x NaN is NaN
    assert np.isnan(run({"n_fft": 64, "center": False}, x)).all()


def test_nan_in_nan_out_is_never_a_number_from_the_log():
    x = np.full(900, np.nan, np.float32)
    for log in ("ln", "log10", "db", "log1p"):
        got = run({"n_fft": 256, "filterbank": "mel", "n_mels": 10, "log": log}, x)
        assert np.isnan(got).all()


@pytest.mark.parametrize("stage", [{"remove_mean": True}, WHISPER])
def test_stages_over_the_item_spread_over_that_item_alone(stage):
    x = np.stack([signals.noise(2000)] * 3)
    x[1, 777] = np.nan
    got = run(stage, x)
    clean = run(stage, x[0])
    assert np.isnan(got[1]).all()
    assert np.array_equal(got[0], clean)
    assert np.array_equal(got[2], clean)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("at", [0, 777, 1999])
@pytest.mark.parametrize(
    "finish",
    [
        (("dynamic_range", 8.0),),
        (("dynamic_range", 8.0), ("affine", -0.25, 1.0)),
        (("affine", 2.0, 1.0), ("dynamic_range", 8.0)),
        (("affine", -2.0, 1.0), ("dynamic_range", 8.0)),
        (("reference", 3.0), ("dynamic_range", 8.0), ("affine", 0.25, 1.0)),
        (("dynamic_range", 8.0), ("deltas", 1)),
        (("clip", -9.0, 9.0), ("dynamic_range", 3.0)),
    ],
    ids=str,
)
def test_a_dynamic_range_below_nan_gives_nan_fused_or_not(finish, at, dtype):
    x = signals.noise(2000).astype(dtype)
    x[at] = np.nan
    fields = {"n_fft": 64, "window": "rectangular", "log": "log10", "finish": finish}
    assert np.isnan(run(fields, x)).all()


def test_overflow_is_infinite_not_wrapped_or_clipped():
    x = np.full(400, 3e38, np.float32)
    assert np.isinf(run({"window": "rectangular", "center": False}, x)[0]).all()


def test_no_floating_point_warning_reaches_the_caller():
    x = np.zeros(900, np.float32)
    x[5], x[300] = np.nan, np.inf
    with np.errstate(all="raise"):
        run({"log": "ln", "floor": 0.0}, x)
        assert np.float32(1) / np.float32(3) > 0
