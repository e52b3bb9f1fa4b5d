# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The table of presets as data."""

from __future__ import annotations

import pickle
import re

import numpy as np
import pytest
from originals.measure import NAMES
from support import ROOT

import sonogram
from sonogram import _core

PAGE = (ROOT / "docs" / "presets.md").read_text(encoding="utf-8")


def test_presets_is_a_read_only_mapping_of_names():
    table = sonogram.presets()
    assert list(table)[:2] == ["whisper-80", "whisper-128"]
    assert list(table) == re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE)
    assert all(name == entry.name for name, entry in table.items())
    with pytest.raises(TypeError):
        table["mine"] = table["whisper-80"]  # type: ignore[index]


def test_a_preset_is_made_when_it_is_asked_for(monkeypatch):
    sonogram.presets.cache_clear()
    made = []
    record = _core.preset
    monkeypatch.setattr(_core, "preset", lambda name: made.append(name) or record(name))
    table = sonogram.presets()
    assert "whisper-80" in table
    assert len(table) == len(list(table))
    assert made == []
    spec = sonogram.preset("openai/whisper-large-v3")
    assert sonogram.preset("whisper-128-hf") is spec
    assert made == ["whisper-128-hf"]
    with pytest.raises(KeyError, match="nothing"):
        table["nothing"]
    sonogram.presets.cache_clear()


def test_the_filters_of_a_model_are_not_warned_of():
    """Warnings are errors here."""
    empty = []
    for name, entry in sonogram.presets().items():
        sonogram.Extractor(entry.spec)
        sonogram.Extractor(entry.spec.replace(dtype="float64"))
        sonogram.Extractor(sonogram.Spec.from_json(entry.spec.to_json()))
        sonogram.Extractor(pickle.loads(pickle.dumps(entry.spec)))
        bank = entry.spec.filterbank
        if isinstance(bank, str) and sonogram.check_filterbank(entry.spec).filters:
            empty.append(name)
    assert {"ast-128", "beats-128", "gemma4-128", "encodec-loss-24k-64"} <= set(empty)
    for name in empty:
        spec = sonogram.preset(name)
        with pytest.warns(UserWarning, match="are empty"):
            sonogram.Extractor(spec.replace(n_mels=spec.n_mels + 1))


def test_filters_that_a_models_config_says_are_not_warned_of_until_they_are_changed():
    config = {"num_mel_bins": 200, "feature_extractor_type": "ASTFeatureExtractor"}
    spec = sonogram.from_hf(config)
    assert sonogram.check_filterbank(spec).filters
    sonogram.Extractor(spec)
    sonogram.Extractor(pickle.loads(pickle.dumps(spec.replace(finish=()))))
    sonogram.Extractor(sonogram.from_nemo({"features": 200}))
    vocoder = {"n_fft": 256, "num_mels": 160, "sampling_rate": 22050, "hop_size": 64,
               "win_size": 256, "fmin": 0, "fmax": 8000}  # fmt: skip
    sonogram.Extractor(sonogram.from_hifigan(vocoder))
    with pytest.warns(UserWarning, match="n_mels=201 is too many"):
        sonogram.Extractor(spec.replace(n_mels=201))
    with pytest.warns(UserWarning, match="n_mels=200 is too many"):  # Kaldi's options are a user's
        sonogram.Extractor(sonogram.from_kaldi_conf(["--num-mel-bins=200"]))


def test_names_and_aliases_name_one_preset_each():
    table = sonogram.presets()
    names = [n for name, entry in table.items() for n in (name, *entry.aliases)]
    assert len(names) == len(set(names))
    for name, entry in table.items():
        assert re.fullmatch(r"[a-z0-9.\-]+", name)
        for alias in (name, *entry.aliases):
            assert sonogram.preset(alias) is entry.spec


def test_every_preset_states_its_original_and_tolerance():
    """In the same words and numbers as docs/presets.md, which is made of measurements."""
    rows = [line.split(" | ") for line in PAGE.splitlines() if line.startswith("| `")]
    assert len(rows) == len(sonogram.presets())
    for entry, (_, also, original, tolerance, *_) in zip(
        sonogram.presets().values(), rows, strict=True
    ):
        assert re.sub(r" \(\*[a-z0-9, ]+\*\)$", "", original) == entry.reference
        assert float(tolerance) == entry.tolerance
        assert re.findall(r"`([^`]+)`", also) == list(entry.aliases)
        assert entry.reason


def test_every_preset_survives_a_dict_and_json():
    for entry in sonogram.presets().values():
        assert sonogram.Spec.from_dict(entry.spec.to_dict()) == entry.spec
        assert sonogram.Spec.from_json(entry.spec.to_json()) == entry.spec
        assert eval(repr(entry.spec), {"Spec": sonogram.Spec}) == entry.spec


def test_tolerances_are_stated_for_the_signals_that_are_measured():
    assert tuple(_core.preset_signals()) == NAMES


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("whisper-800", "whisper-80"),
        ("openai/whisper-largev3", "openai/whisper-large-v3"),
        ("hifigan22k", "hifigan-22k"),
        ("w2v-bert-2.0", "facebook/w2v-bert-2.0"),
    ],
)
def test_an_unknown_name_is_an_error_that_lists_near_ones(name, near):
    with pytest.raises(ValueError, match=re.escape(f"'{near}'")) as error:
        sonogram.preset(name)
    assert f"name is '{name}'" in str(error.value)


def test_a_short_name_is_an_alias():
    assert sonogram.preset("kaldi-fbank") == sonogram.preset("kaldi-fbank-23")


@pytest.mark.parametrize("name", [None, 80, b"whisper-80", ["whisper-80"]])
def test_a_name_that_is_no_string_is_a_type_error(name):
    with pytest.raises(TypeError, match="name is"):
        sonogram.preset(name)


def test_an_empty_or_endless_name_is_an_error_too():
    for name in ("", "x" * 100_000, "whisper-80\0", "x" + "é" * 99, "\ud800"):
        with pytest.raises(ValueError, match="it must be a preset"):
            sonogram.preset(name)


@pytest.mark.slow
@pytest.mark.parametrize("preset", sonogram.presets())
def test_features_are_float32_for_any_input_dtype(preset):
    spec = sonogram.preset(preset)
    assert spec.dtype == "float32"
    narrow = np.random.default_rng(0).standard_normal(int(1.1 * spec.sample_rate)).astype("float32")
    wide = narrow.astype(np.float64)
    extract = sonogram.Extractor(spec)
    got = extract(wide)
    assert got.dtype == np.float32
    np.testing.assert_array_equal(got, extract(narrow))
    assert sonogram.Extractor(spec.replace(dtype=None))(wide).dtype == np.float64
    assert sonogram.Extractor(spec.replace(dtype=None))(narrow).dtype == np.float32
    assert sonogram.Extractor(spec.replace(dtype="float64"))(narrow).dtype == np.float64


def test_the_dtype_of_a_preset_holds_for_streams_batches_and_configurations():
    wide = np.random.default_rng(0).standard_normal(16000)
    narrow = wide.astype(np.float32)
    streams = [sonogram.Stream("kaldi-fbank-80") for _ in range(2)]
    got, want = (s.push(x) for s, x in zip(streams, (wide, narrow), strict=True))
    assert got.dtype == np.float32
    np.testing.assert_array_equal(got, want)
    assert sonogram.batch([wide], "whisper-80")["input_features"].dtype == np.float32
    for spec in (
        sonogram.from_hf({"feature_extractor_type": "WhisperFeatureExtractor"}),
        sonogram.from_nemo({"features": 80}),
        sonogram.from_kaldi_conf(["--num-mel-bins=80"]),
    ):
        assert sonogram.Extractor(spec)(wide).dtype == np.float32
        assert sonogram.Extractor(spec.replace(dtype=None))(wide).dtype == np.float64
    assert sonogram.kaldi.fbank(wide).dtype == np.float64  # as torchaudio's
    assert sonogram.kaldi.fbank(narrow).dtype == np.float32
    assert sonogram.Extractor(sonogram.Spec())(wide).dtype == np.float64
