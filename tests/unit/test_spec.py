# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The record: every field, its default, and its way through dict, JSON, pickle and repr."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle

import numpy as np
import pytest
import reference
from support import signals
from support.recipes import RECIPES

import sonogram
from sonogram import Spec

FULL = {
    **reference.DEFAULTS,
    **RECIPES["whisper"],
    "pad": (3, 4),
    "window": tuple(np.hanning(400).tolist()),
    "pad_mode": ("reflect", "constant"),
    "f_max": 7000.5,
}
SPECS = {
    "default": {},
    **RECIPES,
    "full": FULL,
    "matrix": {"n_fft": 4, "filterbank": ((0.0, 1, 0),)},
}


def same_value(a, b):
    """Whether two field values are the same once lists and tuples are not told apart."""
    return json.dumps(a) == json.dumps(b)


def test_the_record_has_every_field_with_its_documented_default():
    fields = {field.name: getattr(Spec(), field.name) for field in dataclasses.fields(Spec)}
    assert set(reference.DEFAULTS) <= set(fields)
    for name, default in reference.DEFAULTS.items():
        resolved = {"win_length": 400, "hop_length": 200, "f_max": 8000.0}
        allowed = [
            default,
            resolved.get(name, default),
            {"filterbank_sample_rate": 16000}.get(name),
        ]
        assert any(same_value(fields[name], value) for value in allowed), name


def test_the_record_is_keyword_only_and_frozen():
    with pytest.raises(TypeError):
        Spec(16000)
    with pytest.raises(AttributeError):
        Spec().n_fft = 512


@pytest.mark.parametrize("name", SPECS)
def test_equal_fields_make_equal_hashable_records(name):
    a, b = Spec(**SPECS[name]), Spec(**SPECS[name])
    assert a == b
    assert hash(a) == hash(b)
    assert len({a, b}) == 1
    assert a != a.replace(power_eps=0.125)


@pytest.mark.parametrize("name", SPECS)
def test_dict_and_json_round_trip(name):
    spec = Spec(**SPECS[name])
    data = spec.to_dict()
    assert isinstance(data["schema"], int)
    assert Spec.from_dict(data) == spec
    through_json = json.loads(json.dumps(data, allow_nan=False))
    assert Spec.from_dict(through_json) == spec
    assert hash(Spec.from_dict(through_json)) == hash(spec)


@pytest.mark.parametrize("name", SPECS)
def test_pickle_copy_and_repr_round_trip(name):
    spec = Spec(**SPECS[name])
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(spec, protocol)) == spec
    assert copy.copy(spec) == copy.deepcopy(spec) == spec
    pasted = eval(repr(spec), {"Spec": Spec, "sonogram": sonogram})
    assert pasted == spec


def test_replace_changes_only_what_is_named():
    spec = Spec(**RECIPES["whisper"])
    changed = spec.replace(n_mels=128, log="ln")
    assert (changed.n_mels, changed.log) == (128, "ln")
    assert changed.replace(n_mels=80, log="log10") == spec
    assert spec.n_mels == 80


def test_replacing_n_fft_lets_derived_lengths_follow():
    x = signals.noise(3000)
    moved = sonogram.Extractor(Spec(n_fft=400).replace(n_fft=512))
    assert np.array_equal(moved(x), sonogram.Extractor(Spec(n_fft=512))(x))


def test_lists_and_arrays_become_hashable_tuples():
    from_lists = Spec(n_fft=8, window=[1.0] * 8, pad=[1, 2], pad_mode=["reflect", "constant"])
    from_tuples = Spec(n_fft=8, window=(1.0,) * 8, pad=(1, 2), pad_mode=("reflect", "constant"))
    assert from_lists == from_tuples
    assert hash(from_lists) == hash(from_tuples)
    assert Spec(n_fft=8, window=np.ones(8)) == Spec(n_fft=8, window=(1.0,) * 8)
    assert Spec(n_fft=4, filterbank=np.eye(3)) == Spec(
        n_fft=4, filterbank=((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    )


def test_numpy_numbers_become_plain_ones():
    spec = Spec(n_fft=np.int64(512), sample_rate=np.int32(8000), floor=np.float32(0.5))
    assert spec == Spec(n_fft=512, sample_rate=8000, floor=0.5)
    json.dumps(spec.to_dict())


@pytest.mark.parametrize(
    "build", [lambda f: Spec(**f), Spec.from_dict, lambda f: Spec().replace(**f)]
)
def test_unknown_fields_are_named(build):
    with pytest.raises((TypeError, ValueError), match="n_ftt"):
        build({"n_ftt": 512})


def test_from_dict_refuses_a_schema_it_does_not_know():
    data = Spec().to_dict()
    for schema in (data["schema"] + 1, 0, -1):
        with pytest.raises(ValueError, match="schema"):
            Spec.from_dict({**data, "schema": schema})
    for schema in ("1.0", None, [1]):
        with pytest.raises((TypeError, ValueError), match="schema"):
            Spec.from_dict({**data, "schema": schema})


@pytest.mark.parametrize("data", [None, 5, "spec", [1, 2], [("n_fft", 400)]])
def test_from_dict_takes_a_mapping(data):
    with pytest.raises(TypeError):
        Spec.from_dict(data)


def test_missing_keys_have_their_defaults():
    assert Spec.from_dict({"n_fft": 512}) == Spec(n_fft=512)


def test_an_unknown_finish_stage_is_named():
    with pytest.raises(ValueError, match=r"finish.*wobble.*dynamic_range.*affine.*reference"):
        Spec(finish=(("wobble", 1.0),))


@pytest.mark.parametrize("name", SPECS)
def test_extractors_pickle_and_carry_their_spec(name):
    extractor = sonogram.Extractor(Spec(**SPECS[name]))
    assert extractor.spec == Spec(**SPECS[name])
    x = signals.noise(3000).astype(np.float32)
    assert np.array_equal(pickle.loads(pickle.dumps(extractor))(x), extractor(x))


def test_extractor_takes_a_spec_and_nothing_else():
    for wrong in (None, {"n_fft": 400}, 400, sonogram.MelSpectrogram):
        with pytest.raises(TypeError, match=r"spec is .*it must be a sonogram\.Spec, the name"):
            sonogram.Extractor(wrong)


def test_a_pair_of_one_pad_mode_is_that_mode():
    pair = Spec(pad_mode=("constant", "constant"))
    assert pair == Spec(pad_mode="constant")
    assert hash(pair) == hash(Spec(pad_mode="constant"))
    assert pair.pad_mode == "constant"
    assert Spec(pad_mode=["reflect", "constant"]).pad_mode == ("reflect", "constant")
    with pytest.raises(ValueError, match="pad_mode is 'mirror'"):
        Spec(pad_mode=("mirror", "mirror"))


def test_json_with_a_field_twice_is_refused():
    with pytest.raises(ValueError, match="'n_fft' is given twice"):
        Spec.from_json('{"n_fft": 400, "n_mels": 80, "n_fft": 512}')
