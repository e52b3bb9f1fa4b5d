# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Numbers over time of too few frames: an error that says how many, and what asks for more.

Of one frame a deviation with ddof=1 is 0/0, and one without it is zero, which nothing but an
epsilon makes a divisor. What an original defines stays as it is: one frame less its mean is zero.
"""

from __future__ import annotations

import numpy as np
import pytest
import reference
from support import hf
from support.c_api import CExtractor, loaded
from support.checks import run

import sonogram
from sonogram import _core

BASE = {"n_fft": 64, "hop_length": 16, "snip_edges": True, "n_mels": 5, "filterbank": "mel",
        "log": "ln"}  # fmt: skip


def noise(samples, seed=0):
    return np.random.default_rng(seed).standard_normal(samples).astype(np.float32)


def frames(count):
    """As many samples as have so many frames of BASE."""
    return noise(64 + 16 * (count - 1))


# Stages, and the fewest frames of which the recipe's numbers are numbers.
NEEDS = [
    (("normalize",), 2, "without eps"),
    (("normalize", {"eps": 1e-5}), 1, None),
    (("normalize", {"eps": 1e-5, "eps_in": "var"}), 1, None),
    (("normalize", {"eps": 1e-5, "eps_in": "floor"}), 1, None),
    (("normalize", {"ddof": 1}), 2, "ddof=1"),
    (("normalize", {"ddof": 1, "eps": 1e-5}), 2, "ddof=1"),
    (("normalize", {"mean": False}), 2, "without eps"),
    (("normalize", {"mean": False, "ddof": 1, "eps": 1.0}), 2, "ddof=1"),
    (("normalize", {"std": False}), 1, None),
    (("normalize", {"axis": "all"}), 1, None),
    (("normalize", {"axis": "all", "ddof": 1}), 1, None),
    (("normalize", {"axis": "freq", "ddof": 1}), 1, None),
    (("reference", "mean"), 1, None),
    (("sliding_cmn", {"std": True}), 1, None),
    (("pcen",), 1, None),
]


@pytest.mark.parametrize(("stage", "least", "why"), NEEDS, ids=str)
def test_a_stage_takes_its_fewest_frames_and_no_fewer(stage, least, why):
    spec = {**BASE, "finish": (stage,)}
    if stage[0] == "pcen":
        spec["log"] = None
    x = frames(least).astype(np.float64)
    got, want = run(spec, x), reference.extract(spec, x)
    assert np.isfinite(want).all()
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-9)
    extractor = sonogram.Extractor(sonogram.Spec(**spec))
    for count in range(1, least):
        x = frames(count)
        words = rf"waveform \({len(x)} samples long\) has {count} valid frames?; it must have at "
        words += rf"least {least} for finish stage 'normalize'.*{why}"
        for call in (extractor, lambda x: extractor.num_frames(len(x)),
                     lambda x: extractor.num_valid_frames(len(x))):  # fmt: skip
            with pytest.raises(ValueError, match=words):
                call(x)


@pytest.mark.parametrize(
    "finish",
    [
        (("normalize", {"eps": 1e-5}), ("mask",)),
        (("normalize", {"std": False}),),
        (("reference", "mean"),),
    ],
)
def test_an_item_without_valid_frames_has_no_mean(finish):
    spec = sonogram.Spec(**{**BASE, "snip_edges": None}, pad_mode="constant", valid_frames="floor",
                         finish=finish)  # fmt: skip
    with pytest.raises(ValueError, match=r"15 samples long\) has 0 valid frames; it must have at"):
        sonogram.Extractor(spec)(noise(15))
    assert np.isfinite(sonogram.Extractor(spec)(noise(16))).all()


def test_frames_are_those_that_reach_the_stage():
    stages = (("stack", 3, 3), ("normalize", {"ddof": 1, "eps": 1e-5}))
    extractor = sonogram.Extractor(sonogram.Spec(**BASE, finish=stages))
    with pytest.raises(ValueError, match="has 1 valid frame; it must have at least 2"):
        extractor(frames(5))
    assert np.isfinite(extractor(frames(6))).all()


def test_a_frame_of_too_few_rows_is_refused_when_the_extractor_is_made():
    spec = sonogram.Spec(**{**BASE, "n_mels": 1}, finish=(("normalize", "freq"),))
    with pytest.raises(ValueError, match="'freq' over 1 rows; it must be over at least 2 without"):
        sonogram.Extractor(spec)


def test_features_given_as_they_are_are_checked_too():
    spec = sonogram.Spec(finish=(("normalize", {"ddof": 1}),))

    def apply_finish(features):
        return _core.apply_finish(features, spec._fields())

    assert np.isfinite(apply_finish(noise(10).reshape(5, 2))).all()
    with pytest.raises(ValueError, match=r"features has 1 valid frame; .* at least 2"):
        apply_finish(np.zeros((5, 1), np.float32))


TOO_SHORT = {"nemo-80": 319, "nemo-128": 160, "nemo-64": 319, "parakeet-80-hf": 200,
             "cohere-asr-128": 319, "seamless-m4t-160": 559, "w2v-bert-160": 559,
             "speech2text-80": 559, "wenet-w2v-bert-80": 400,
             "seamless-fairseq2-80": 559}  # fmt: skip


@pytest.mark.parametrize("name", TOO_SHORT)
def test_presets_say_so_everywhere(name, tmp_path):
    spec, x = sonogram.preset(name), noise(TOO_SHORT[name])
    words = "has 1 valid frame; it must have at least 2 for finish stage 'normalize'"
    with pytest.raises(ValueError, match=words):
        sonogram.Extractor(spec)(np.stack([x, x]))
    with pytest.raises(ValueError, match=rf"waveforms\[1\]: waveform \({len(x)} .* {words}"):
        sonogram.batch([noise(16000), x], spec)
    sonogram.save(tmp_path / "x.wav", x / 8, 16000, subtype="FLOAT")
    with pytest.raises(ValueError, match=words):
        sonogram.extract_file(tmp_path / "x.wav", spec)
    with pytest.raises(ValueError, match=words):
        CExtractor(loaded(), preset=name)(x[None])
    assert np.isfinite(sonogram.Extractor(spec)(noise(TOO_SHORT[name] + 400))).all()


@pytest.mark.slow
def test_every_preset_gives_finite_numbers_or_says_why_not():
    for name, entry in sonogram.presets().items():
        extractor = sonogram.Extractor(entry.spec)
        for samples in (1, 100, 161, 400, 480, 700, 1100):
            try:
                got = extractor(noise(samples))
            except ValueError:
                continue
            assert not np.isnan(got).any(), (name, samples)


def test_a_stream_with_known_or_running_numbers_has_no_need_of_frames():
    spec, x = sonogram.preset("nemo-80"), noise(319)
    for given in ({"mean": -3.0, "std": 2.0}, {"mean": "running", "std": "running"}):
        got = sonogram.Stream(spec, **given).push(x, last=True)
        assert got.shape == (80, 2)
        assert np.isfinite(got).all()


def test_a_file_with_known_numbers_has_no_need_of_frames(tmp_path):
    x = noise(319) / 8
    sonogram.save(tmp_path / "x.wav", x, 16000, subtype="FLOAT")
    spec = sonogram.preset("nemo-80")
    got = sonogram.extract_file(tmp_path / "x.wav", spec, mean=-3.0, std=2.0)
    want = sonogram.Stream(spec, mean=-3.0, std=2.0).push(x, last=True)
    np.testing.assert_array_equal(got[0], want)


def test_of_a_corpus_the_item_fails_alone(tmp_path):
    pytest.importorskip("pyarrow")
    for name, samples in (("a", 16000), ("b", 200), ("c", 16000)):
        (tmp_path / "in").mkdir(exist_ok=True)
        sonogram.save(tmp_path / "in" / f"{name}.wav", noise(samples) / 8, 16000)
    summary = sonogram.corpus.extract(tmp_path / "in", tmp_path / "out", "nemo-80", workers=1)
    assert (summary.items, summary.failed) == (2, 1)
    text = (tmp_path / "out" / "failures.jsonl").read_text(encoding="utf-8")
    assert "has 1 valid frame; it must have at least 2 for finish stage 'normalize'" in text


@pytest.mark.parametrize(
    "name", ["Speech2TextFeatureExtractor", "SeamlessM4TFeatureExtractor",
             "ParakeetFeatureExtractor"]
)  # fmt: skip
@pytest.mark.filterwarnings("ignore")  # theirs: 0/0
def test_the_originals_have_no_number_there_either(name):
    samples = 200 if name.startswith("Parakeet") else 400
    features = hf.call(name, hf.build(name, {}), noise(samples))[0]
    assert np.isnan(features).any()
    with pytest.raises(ValueError, match="has 1 valid frame"):
        sonogram.Extractor(sonogram.from_hf({}, extractor=name))(noise(samples))
