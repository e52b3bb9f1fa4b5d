# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Front ends that no model has: stages in combinations of no preset, as data alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import reference
from support import signals
from support.checks import run

import sonogram

# A bird's listener: quiet recordings brought up, short ones repeated, ERB bands under a power law,
# their cepstra with the energy behind them, dynamics as Kaldi's, statistics of the last 50 frames,
# five frames joined.
ERB_CEPSTRA: dict[str, Any] = {
    "sample_rate": 24000,
    "clip": 0.9,
    "level": 0.05,
    "level_when": "quieter",
    "preemphasis": 0.9,
    "preemphasis_kind": "replicate",
    "min_length": 20000,
    "length_step": 1111,
    "length_mode": "repeat",
    "n_fft": 600,
    "win_length": 480,
    "hop_length": 210,
    "snip_edges": False,
    "remove_dc": True,
    "window": ("kaiser", 9.0),
    "window_align": "left",
    "energy": "windowed",
    "energy_floor": 1e-8,
    "filterbank": "erb",
    "n_mels": 40,
    "f_min": 80.0,
    "f_max": 11000.0,
    "norm": "l1",
    "log": "power",
    "exponent": 1 / 3,
    "floor": 1e-12,
    "finish": (
        ("dct", 20, ("type", 2)),
        ("lifter", 16.0, ("first", 1)),
        ("energy", ("place", "last")),
        ("deltas", ("order", 2), ("mode", "kaldi")),
        ("sliding_cmn", ("window", 50), ("min_window", 10), ("center", True)),
        ("stack", 5, 3, ("left", 2), ("tail", "replicate")),
    ),
    "layout": "time_freq",
}

# Pictures for a vision model: a bark spectrogram with automatic gain, dimmed, its loudest 60 dB
# spread from 0 to 1, frames of half speech cleared, cut into overlapping patches.
BARK_PICTURE: dict[str, Any] = {
    "sample_rate": 16000,
    "quantize": "int16",
    "max_length": 15000,
    "pad": (100, 37),
    "n_fft": 512,
    "win_length": 301,
    "hop_length": 77,
    "frame_pad": (150, 0),
    "pad_mode": ("symmetric", "replicate"),
    "round_up": True,
    "window": "hamming",
    "power": 1.0,
    "power_eps": 1e-9,
    "normalized": "window",
    "filterbank": "bark",
    "bark_scale": "schroeder",
    "n_mels": 48,
    "f_min": 50.0,
    "norm": "max",
    "valid_frames": "ceil",
    "finish": (
        ("pcen", ("gain", 0.8), ("bias", 10.0), ("power", 0.25), ("smooth", 0.04)),
        ("reference", "max"),
        ("dynamic_range", 1.5),
        ("normalize", ("axis", "all"), ("ddof", 1), ("eps", 1e-3), ("eps_in", "floor")),
        ("clip", -2.0, 2.0),
        ("rotate", 5),
        ("multiple", 16, ("value", -2.0)),
        ("mask", ("value", -2.0)),
        ("patches", 16, 24, 8, 12),
    ),
}

INVENTED = {"erb-cepstra": ERB_CEPSTRA, "bark-picture": BARK_PICTURE}


@pytest.mark.parametrize("signal", ["speech", "click", "quiet", "noise", "chirp"])
@pytest.mark.parametrize("name", INVENTED)
def test_a_front_end_that_no_preset_is_equals_its_numpy_reference(name, signal):
    spec = INVENTED[name]
    for n in (17317, 26001):
        x = signals.SIGNALS[signal](n, spec["sample_rate"])
        want = reference.extract(spec, x)
        got = run(spec, x)
        assert got.shape == want.shape
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-9 * max(1.0, np.abs(want).max()))
        single = run(spec, x.astype(np.float32))
        wide = reference.extract(spec, x.astype(np.float32))
        error = np.abs(single - wide).max()
        assert error <= 2e-4 * max(1.0, np.abs(wide).max()), error


@pytest.mark.parametrize("name", INVENTED)
def test_an_invented_front_end_is_data(name):
    spec = sonogram.Spec(**INVENTED[name])
    assert sonogram.Spec.from_json(spec.to_json()) == spec
    assert all(entry.spec != spec for entry in sonogram.presets().values())
