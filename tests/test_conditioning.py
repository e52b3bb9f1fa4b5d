# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What happens to the waveform before it is framed, and to each frame before its window."""

from __future__ import annotations

import numpy as np
import pytest
import signals
from checks import assert_matches, run

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
    "all": {
        "scale": 2.0,
        "clip": 0.9,
        "remove_mean": True,
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


@pytest.mark.parametrize("spec", [{"remove_mean": True}, {"preemphasis": 0.97}])
def test_conditioning_sees_one_item_at_a_time(spec):
    x = np.stack([signals.speech(500), signals.tone(500) + 0.5, signals.noise(500) - 1])
    together = run({**BASE, **spec}, x)
    for i, item in enumerate(x):
        assert np.array_equal(together[i], run({**BASE, **spec}, item))


def test_the_input_is_left_as_it_was():
    x = signals.speech(700)
    before = x.copy()
    run({**BASE, **WAVEFORM_STAGES["all"], **FRAME_STAGES["both"]}, x)
    assert np.array_equal(x, before)


def test_remove_dc_leaves_a_constant_silent():
    spec = {**BASE, "remove_dc": True, "center": False}
    assert np.array_equal(run(spec, np.full(200, 0.5, np.float32)), np.zeros((33, 7)))
