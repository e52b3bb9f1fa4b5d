# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What happens to the waveform before it is framed, and to each frame before its window."""

from __future__ import annotations

import numpy as np
import pytest
import reference
from support import signals
from support.checks import assert_matches, run
from support.lanes import slow_but

BASE = {"n_fft": 64, "hop_length": 20, "power": None}

WAVEFORM_STAGES = {
    "scale": {"scale": 32768.0},
    "negative scale": {"scale": -0.3},
    "clip": {"clip": 0.2},
    "scale and clip": {"scale": 3.0, "clip": 1.0},
    "remove mean": {"remove_mean": True},
    "pre-emphasis": {"preemphasis": 0.97},
    "pre-emphasis from a replica": {"preemphasis": 0.97, "preemphasis_kind": "replicate"},
    "pre-emphasis, mean and length": {"preemphasis": 0.9, "remove_mean": True, "length": 333},
    "level": {"level": 0.1},
    "peak level": {"level": 0.95, "level_kind": "peak"},
    "level of a louder signal": {"level": 1e-3, "level_when": "quieter", "scale": 7.0},
    "level of a quieter signal": {"level": 0.5, "level_when": "quieter"},
    "unit variance": {"remove_mean": True, "level": 1.0, "level_eps": 1e-7},
    "peak level with an epsilon": {"level": 1.0, "level_kind": "peak", "level_eps": 0.25},
    "level of what is cut": {"level": 0.3, "preemphasis": 0.97, "length": 250},
    "all": {
        "scale": 2.0,
        "clip": 0.9,
        "remove_mean": True,
        "level": 0.4,
        "preemphasis": 0.5,
        "length": 501,
        "pad": (11, 13),
    },
}

FRAME_STAGES = {
    "remove DC": {"remove_dc": True},
    "pre-emphasis": {"frame_preemphasis": 0.97},
    "both": {"remove_dc": True, "frame_preemphasis": 0.97},
    "both in a short window": {"remove_dc": True, "frame_preemphasis": 0.9, "win_length": 41},
    "both, left": {
        "remove_dc": True,
        "frame_preemphasis": 0.9,
        "win_length": 40,
        "window_align": "left",
    },
    "both, snipped": {
        "remove_dc": True,
        "frame_preemphasis": 0.97,
        "win_length": 50,
        "window_align": "left",
        "snip_edges": True,
    },
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("center", [True, False])
@pytest.mark.parametrize("stage", WAVEFORM_STAGES)
def test_waveform_stage_matches_reference(stage, center, dtype):
    x = (signals.speech(700) + 0.05).astype(dtype)
    assert_matches({**BASE, **WAVEFORM_STAGES[stage], "center": center}, x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("center", [True, False])
@pytest.mark.parametrize("stage", FRAME_STAGES)
def test_frame_stage_matches_reference(stage, center, dtype):
    x = (signals.speech(700) + 0.05).astype(dtype)
    assert_matches({**BASE, **FRAME_STAGES[stage], "center": center}, x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_quantize_truncates_towards_zero_to_int16_steps(dtype):
    # Samples in the middle of a step, so that no rounding of the product can cross an edge.
    steps = np.random.default_rng(5).integers(-32000, 32000, 700)
    x = ((steps + 0.5 * np.sign(steps)) / 32767).astype(dtype)
    spec = {**BASE, "quantize": "int16"}
    assert_matches(spec, x)
    want = run(BASE, (steps / 32767).astype(dtype))
    np.testing.assert_allclose(run(spec, x), want, rtol=0, atol=1e-5)


@pytest.mark.parametrize("spec", [{"remove_mean": True}, {"preemphasis": 0.97}, {"level": 0.1}])
def test_conditioning_sees_one_item_at_a_time(spec):
    x = np.stack([signals.speech(500), signals.tone(500) + 0.5, signals.noise(500) - 1])
    together = run({**BASE, **spec}, x)
    for i, item in enumerate(x):
        assert np.array_equal(together[i], run({**BASE, **spec}, item))


@pytest.mark.parametrize("dtype", ["float32", "float64", "int16"])
@pytest.mark.parametrize("stage", WAVEFORM_STAGES)
def test_the_waveform_itself_matches_the_reference(stage, dtype):
    x = signals.speech(700) + 0.05
    x = (9000 * x).astype(dtype) if dtype == "int16" else x.astype(dtype)
    spec = {**WAVEFORM_STAGES[stage], "output": "waveform"}
    got, want = run(spec, x), reference.extract(spec, x)
    assert got.shape == want.shape
    assert got.dtype == (np.float64 if dtype == "float64" else np.float32)
    size = 4 * max(1, np.abs(want).max())
    np.testing.assert_allclose(got, want, rtol=0, atol=size * np.finfo(got.dtype).eps)


def test_a_waveform_without_stages_is_returned_unchanged():
    for x in (signals.speech(700), np.float32([[1.5, -2], [np.nan, 3e-42]]), np.zeros((2, 0))):
        got = run({"output": "waveform"}, x)
        assert got.dtype == x.dtype
        assert np.array_equal(got, x, equal_nan=True)
    whole = np.array([-32768, 1], np.int16)
    assert run({"output": "waveform"}, whole).tolist() == [-1.0, 2.0**-15]


def test_unit_variance_is_that_of_wav2vec2():
    x = (0.1 * signals.speech(16000) + 0.2).astype(np.float32)
    spec = {"remove_mean": True, "level": 1.0, "level_eps": 1e-7, "output": "waveform"}
    want = (x - np.mean(x)) / np.sqrt(np.var(x) + 1e-7)  # as transformers computes it, in float32
    np.testing.assert_allclose(run(spec, x), want, rtol=0, atol=2e-5)


@pytest.mark.parametrize("kind", ["rms", "peak"])
@pytest.mark.parametrize("value", [0.0, 0.1, -3.7])
def test_levelled_silence_and_levelled_constants_are_silent(kind, value):
    spec = {"remove_mean": True, "level": 1.0, "level_kind": kind, "output": "waveform"}
    for dtype in (np.float32, np.float64):
        assert not run(spec, np.full((2, 5000), value, dtype)).any()
    assert not run({**spec, "remove_mean": False}, np.zeros(5000)).any()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_level_is_reached(dtype):
    x = (1e-3 * signals.speech(50000)).astype(dtype)
    eps = np.finfo(dtype).eps
    rms = run({"level": 0.1, "output": "waveform"}, x).astype(np.float64)
    assert abs(np.sqrt(np.mean(rms**2)) / 0.1 - 1) < 4 * eps
    peak = run({"level": 0.95, "level_kind": "peak", "output": "waveform"}, x)
    assert abs(np.abs(peak).max() / 0.95 - 1) < 4 * eps
    loud = 1000 * x
    spec = {"level": 0.01, "level_when": "quieter", "output": "waveform"}
    assert np.array_equal(run(spec, loud), loud)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("spec", [{"level": 0.1}, {"level": 0.1, "level_kind": "peak"}], ids=str)
@pytest.mark.parametrize("when", ["always", "quieter"])
def test_level_propagates_nan_to_its_own_item_only(spec, value, when):
    x = np.stack([signals.noise(3000)] * 3)
    x[1, 777] = value
    spec = {**spec, "level_when": when, "output": "waveform"}
    got, clean = run(spec, x), run(spec, x[0])
    assert np.isnan(got[1]).all()
    assert np.array_equal(got[0], clean)
    assert np.array_equal(got[2], clean)


@pytest.mark.parametrize("dtype", slow_but(["float32", "float64", "int16"], "float32"))
@pytest.mark.parametrize("output", ["spectrum", "waveform"])
def test_whole_item_statistics_have_the_same_bits_for_any_threads_and_batch(dtype, output):
    x = np.stack([signals.speech(200000), signals.tone(200000) + 0.3, signals.noise(200000)])
    x = (9000 * x).astype(dtype) if dtype == "int16" else x.astype(dtype)
    spec = {"remove_mean": True, "level": 0.1, "preemphasis": 0.97, "output": output}
    spec |= {"n_fft": 256} if output == "spectrum" else {}
    want = run(spec, x, num_threads=1)
    for threads in (2, 3, 5):
        assert np.array_equal(run(spec, x, num_threads=threads), want)
    for i, item in enumerate(x):
        assert np.array_equal(run(spec, item, num_threads=2), want[i])
    assert np.array_equal(run(spec, x[:, ::-1].copy()[:, ::-1]), want)


def test_the_input_is_left_as_it_was():
    x = signals.speech(700)
    before = x.copy()
    run({**BASE, **WAVEFORM_STAGES["all"], **FRAME_STAGES["both"]}, x)
    assert np.array_equal(x, before)


def test_remove_dc_leaves_a_constant_silent():
    spec = {**BASE, "remove_dc": True, "center": False}
    assert np.array_equal(run(spec, np.full(200, 0.5, np.float32)), np.zeros((33, 7)))
