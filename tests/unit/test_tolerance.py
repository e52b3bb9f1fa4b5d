# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The rule of support/tolerance.py: float32 keeps it on what it finds hard, and mistakes do not."""

from __future__ import annotations

import numpy as np
import pytest
from support import signals, tolerance

import sonogram

# qwen2.5-omni has 300 s of padding and is else as qwen2-audio; which step of int16 a sample is
# cut to is decided in the precision of the samples, so that float64 is not exact for float32
PRESETS = [
    name
    for name, entry in sonogram.presets().items()
    if name != "qwen2.5-omni" and entry.spec.quantize is None
]
MEL = {
    "n_fft": 400,
    "hop_length": 160,
    "filterbank": "mel",
    "n_mels": 40,
    "log": "ln",
    "floor": 1e-10,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PRESETS)
def test_float32_keeps_to_the_rule_on_band_limited_speech(name):
    entry = sonogram.presets()[name]
    rate = int(entry.spec.sample_rate)
    x = signals.telephone(int(1.1 * rate), rate).astype(np.float32)
    ours = sonogram.Extractor(entry.spec)(x)
    exact = sonogram.Extractor(entry.spec)(x.astype(np.float64))
    assert tolerance.used(entry.spec.to_dict(), x, ours, exact, entry.tolerance) <= 1


@pytest.mark.parametrize("signal", signals.DIFFICULT)
def test_float32_keeps_to_the_rule_on_every_difficult_signal(signal):
    spec = sonogram.Spec(**MEL, remove_dc=True, frame_preemphasis=0.97)
    x = signals.DIFFICULT[signal](16000).astype(np.float32)
    exact = sonogram.Extractor(spec)(x.astype(np.float64))
    assert tolerance.used(spec.to_dict(), x, sonogram.Extractor(spec)(x), exact, 1e-4) <= 1


MISTAKES = {
    "a window a sample longer": {"win_length": 399},
    "a symmetric window": {"periodic": False},
    "another floor": {"floor": 2e-10},
    "bands to another edge": {"f_max": 7999.0},
    "another norm": {"norm": "slaney"},
    "an epsilon": {"eps": 1e-9},
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_beyond_the_rule(mistake):
    x = signals.gaps(16000).astype(np.float32)
    right, wrong = (sonogram.Extractor(sonogram.Spec(**m))(x) for m in (MEL, {**MEL, **mistake}))
    assert tolerance.used(MEL, x, right, right, 1e-4) == 0
    assert tolerance.used(MEL, x, right, wrong, 1e-4) > 1


def test_a_recipe_in_float64_is_allowed_the_rounding_of_its_result_alone():
    spec = sonogram.Spec(**MEL, compute_dtype="float64")
    x = signals.telephone(16000).astype(np.float32)
    exact = sonogram.Extractor(spec)(x.astype(np.float64))
    assert tolerance.used(spec.to_dict(), x, sonogram.Extractor(spec)(x), exact, 2e-6) <= 1
    single = sonogram.Extractor(sonogram.Spec(**MEL))(x)
    assert tolerance.used(MEL, x, single, exact, 1e-4) <= 1
    assert tolerance.used(spec.to_dict(), x, single, exact, 1e-4) > 100
