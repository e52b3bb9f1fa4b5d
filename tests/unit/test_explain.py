# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""`explain` names the stages in which recipes differ, finds planted ones, and refuses to guess."""

from __future__ import annotations

import itertools
import json
import random

import numpy as np
import pytest
from support import recipes, signals
from support.lanes import but_slow

import sonogram
from sonogram._explain.probe_signal import probe
from sonogram._explain.recipe import STAGES
from sonogram._spec.finish_stages import read_finish, write_finish

WHISPER = sonogram.Spec(**recipes.WHISPER)
KALDI = sonogram.Spec(**recipes.KALDI)
CONFORMER = sonogram.Spec(**recipes.CONFORMER)
VOCODER = sonogram.Spec(**recipes.VOCODER)

# Ten differences; most of their values are in no preset.
PLANTED = {
    "pre-emphasis": {"preemphasis": 0.9, "frame_preemphasis": 0.0},
    "window": {"window": "blackman", "periodic": False},
    "frames": {"drop_last": True},
    "floor": {"floor": 3e-7, "eps": 0.0},
    "lower edge": {"f_min": 37.0},
    "upper edge": {"f_max": 6543.0},
    "scale": {"scale": 12345.0},
    "norm": {"norm": "max"},
    "logarithm": {"log": "db"},
    "power": {"power": 1.0},
}
TWO_AT_A_TIME = random.Random(3).sample(list(itertools.combinations(PLANTED, 2)), 8)


def audio() -> np.ndarray:
    quiet = signals.speech(4000) * 1e-3
    parts = [signals.speech(16000), 0.1 * signals.noise(2000), np.zeros(2000), quiet]
    return np.concatenate(parts).astype(np.float32)


AUDIO = audio()


def finds(planted: sonogram.Spec, found: sonogram.Explanation) -> None:
    """The recipe found gives the same features, and its differences are those planted."""
    assert found.spec is not None, str(found)
    want = sonogram.Extractor(planted)(AUDIO)
    made = sonogram.Extractor(found.spec)(AUDIO)
    np.testing.assert_allclose(made, want, rtol=0, atol=1e-5 * np.ptp(want))
    fields = {f for f, v in planted.to_dict().items() if v != found.start.to_dict()[f]}
    changed = {d.field for d in found.differences}
    # a difference without effect here (a floor below everything) cannot be told
    assert changed <= fields, str(found)
    for field in fields - changed:
        without = planted.replace(**{field: getattr(found.start, field)})
        same = sonogram.Extractor(without)(AUDIO)
        np.testing.assert_allclose(same, want, rtol=0, atol=1e-5 * np.ptp(want))


@pytest.mark.parametrize("name", but_slow(PLANTED, "upper edge", "lower edge", "pre-emphasis"))
def test_a_planted_difference_is_found(name):
    planted = KALDI.replace(**PLANTED[name])
    finds(planted, sonogram.explain(sonogram.Extractor(planted)(AUDIO), AUDIO, KALDI))


@pytest.mark.slow
@pytest.mark.parametrize(("one", "other"), TWO_AT_A_TIME)
def test_two_planted_differences_are_found(one, other):
    planted = KALDI.replace(**PLANTED[one], **PLANTED[other])
    finds(planted, sonogram.explain(sonogram.Extractor(planted)(AUDIO), AUDIO, KALDI))


@pytest.mark.parametrize(
    "finish",
    [
        pytest.param((("normalize", ("ddof", 1), ("eps", 1e-5)),), marks=pytest.mark.slow),
        pytest.param((("normalize", ("eps", 3e-4), ("eps_in", "var")),), marks=pytest.mark.slow),
        (("affine", 0.31, -2.5),),
        (("dynamic_range", 3.7), ("affine", 0.25, 1.0)),
    ],
)
def test_what_was_done_to_finished_features_is_found(finish):
    planted = WHISPER.replace(finish=finish)
    found = sonogram.explain(sonogram.Extractor(planted)(AUDIO), AUDIO, WHISPER)
    finds(planted, found)
    assert [d.field for d in found.differences] == ["finish"]


def test_the_preset_of_features_is_named_where_no_spec_is_given():
    planted = sonogram.preset("whisper-80").replace(periodic=False)
    found = sonogram.explain(sonogram.Extractor(planted)(AUDIO), AUDIO, sample_rate=16000)
    finds(planted, found)
    assert found.start_name is not None
    assert "periodic" in str(found)


def test_layout_items_and_half_precision_are_seen_through():
    two = np.stack([AUDIO, AUDIO[::-1]])
    features = sonogram.Extractor(WHISPER.replace(norm=None))(two)
    turned = np.swapaxes(features, -1, -2).astype(np.float16)
    found = sonogram.explain(turned, two, spec=WHISPER)
    assert found.spec is not None
    assert {d.field for d in found.differences} == {"norm", "layout"}


def _unfittable() -> dict[str, np.ndarray]:
    features = sonogram.Extractor(KALDI)(AUDIO)
    rng = np.random.default_rng(0)
    wobble = features.copy()
    wobble[:, 20:24] += 0.05  # four bands are a little off: no stage of a Spec does that
    return {
        "noise": rng.standard_normal(features.shape).astype(np.float32),
        "other audio": sonogram.Extractor(KALDI)(signals.noise(AUDIO.size).astype(np.float32)),
        "wobble": wobble,
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", ["noise", "other audio", "wobble"])
def test_features_that_no_recipe_gives_are_refused(name):
    found = sonogram.explain(_unfittable()[name], AUDIO, KALDI)
    assert found.spec is None
    assert found.differences == []
    assert "No recipe fits" in str(found)


def test_features_of_the_spec_itself_have_no_differences():
    found = sonogram.explain(sonogram.Extractor(VOCODER)(AUDIO), AUDIO, VOCODER)
    assert found.spec == VOCODER
    assert found.differences == []
    assert found.residual == 0


def test_two_specs_are_compared_stage_by_stage():
    other = WHISPER.replace(periodic=False, norm=None, floor=1e-5)
    told = sonogram.explain(WHISPER, other, AUDIO)
    assert [d.field for d in told.differences] == ["periodic", "norm", "floor"]
    assert [s.stage for s in told.stages] == ["window", "filterbank", "logarithm"]
    assert sum(s.share for s in told.stages) == pytest.approx(1)
    plain, changed = (sonogram.Extractor(s)(AUDIO) for s in (WHISPER, WHISPER.replace(norm=None)))
    norm = told.differences[1]
    assert norm.mean == pytest.approx(np.abs(changed - plain).mean(dtype=np.float64))
    assert norm.max == pytest.approx(np.abs(changed - plain).max())
    assert (norm.a, norm.b) == ("slaney", None)
    text = str(told)
    assert all(word in text for word in ("periodic: True -> False", "norm: 'slaney' -> None"))
    assert "-> 1e-05" in text


def test_presets_are_compared_by_name():
    told = sonogram.explain("whisper-80", "whisper-128")
    assert [d.field for d in told.differences] == ["n_mels"]
    assert "80 -> 128" in str(told)


def test_the_same_specs_have_no_differences():
    told = sonogram.explain(KALDI, KALDI)
    assert told.differences == []
    assert str(told) == "The specs are the same."


def test_an_explanation_is_json():
    told = sonogram.explain(WHISPER, KALDI).to_dict()
    assert json.loads(json.dumps(told))["start"]["hop_length"] == 160


def test_every_field_has_a_stage():
    known = [field for fields in STAGES.values() for field in fields]
    assert sorted(known) == sorted(f for f in WHISPER.to_dict() if f != "schema")


def test_finish_stages_are_read_and_written_alike():
    for preset in sonogram.presets().values():
        assert write_finish(read_finish(preset.spec.finish)) == preset.spec.finish


@pytest.mark.parametrize("rate", [8000.0, 16000.0, 44100.0, 100.0])
def test_the_test_signal_is_loud_quiet_and_silent(rate):
    signal = probe(rate)
    assert np.isfinite(signal).all()
    assert np.abs(signal).max() > 0.3
    assert (signal == 0).mean() > 0.02
    assert np.array_equal(signal, probe(rate))


def test_wrong_arguments_are_named():
    features = np.zeros((80, 20), np.float32)
    with pytest.raises(TypeError, match="waveform is None"):
        sonogram.explain(WHISPER, features)
    with pytest.raises(ValueError, match="same items"):
        sonogram.explain(np.zeros((3, 80, 20)), np.zeros((2, 3200)), WHISPER)
    with pytest.raises(TypeError, match="dtype"):
        sonogram.explain(np.array([["a"]]), AUDIO, WHISPER)
    with pytest.raises(ValueError, match="must hold something"):
        sonogram.explain(np.zeros((80, 0)), AUDIO, WHISPER)
    with pytest.raises(ValueError, match="no such preset"):
        sonogram.explain("no such preset", WHISPER)
