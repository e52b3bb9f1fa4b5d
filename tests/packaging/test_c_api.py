# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The C API gives Python's bits, and its reader of JSON understands what Python writes."""

from __future__ import annotations

import json

import numpy as np
import pytest
from support import signals
from support.c_api import CExtractor, loaded

import sonogram
from sonogram import _core

PRESETS = sorted(sonogram.presets())


@pytest.fixture(scope="module")
def library():
    return loaded()


def canonical_json(spec: sonogram.Spec) -> str:
    fields = _core.canonical_fields(spec._fields())
    return json.dumps({"schema": 1, **fields})


def test_c_lists_the_presets_that_python_has(library):
    names = [library.sonogram_preset_name(i) for i in range(library.sonogram_num_presets())]
    assert sorted(name.decode() for name in names) == PRESETS


@pytest.mark.parametrize("name", PRESETS)
def test_json_goes_from_python_through_c_and_back(library, name):
    spec = sonogram.preset(name)
    written = CExtractor(library, json=spec.to_json()).json()
    assert written == canonical_json(spec)
    assert written == CExtractor(library, preset=name).json()
    back = sonogram.Spec.from_json(written)
    assert back == spec
    assert back.fingerprint() == spec.fingerprint()


@pytest.mark.slow
@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_gives_pythons_bits(library, name):
    spec = sonogram.preset(name)
    rate = int(spec.sample_rate)
    x = np.stack([signals.speech(rate, rate), signals.chirp(rate, rate)]).astype(np.float32)
    of_c, of_python = CExtractor(library, preset=name), sonogram.Extractor(spec)
    whole = (x * 32767).astype(np.int16)
    for data in (x, whole):
        np.testing.assert_array_equal(of_c(data), of_python(data))


def test_strides_and_types_give_pythons_bits(library):
    spec = sonogram.Spec(n_fft=320, hop_length=100, power=None)
    of_c, of_python = CExtractor(library, json=spec.to_json()), sonogram.Extractor(spec)
    x = signals.speech(6000).astype(np.float64).reshape(3000, 2).T
    for data in (x, x[:, ::-1], x[::-1], x[:, ::3], (x * 2**31).astype(np.int32)):
        np.testing.assert_array_equal(of_c(data), of_python(data))


UNUSUAL = [
    {"window": (0.25, 1e-300, -3.5, 1 / 3), "win_length": 4, "n_fft": 8},
    {"window": ("kaiser", 12.5), "seed": 2**62 + 1, "sample_rate": 22050.25},
    {"filterbank": ((1, 2, 3, 4, 5), (0.1, 0.2, 0.3, 1e17, 1 / 3)), "n_fft": 8},
    {"pad_mode": ("constant", "symmetric"), "frame_pad": (7, 9), "normalized": "frame_length"},
    {"normalized": True, "clip": 0.1, "eps": 1e22, "floor": 1e-4},
    {"filterbank": "chroma", "n_mels": 12, "n_fft": 1024, "chroma_width": None},
    {"finish": (("statistics", (1.5,) * 201, 0.1), ("normalize", {"axis": "all", "ddof": 1}))},
    {"finish": (("pcen", {"start": "first", "eps": 1e-5}), ("stack", 3, 2, {"tail": "zero"}))},
]


@pytest.mark.parametrize("fields", UNUSUAL)
def test_json_of_unusual_specs_is_pythons_own(library, fields):
    spec = sonogram.Spec(**fields)
    written = CExtractor(library, json=spec.to_json()).json()
    assert written == canonical_json(spec)
    assert sonogram.Spec.from_json(written).fingerprint() == spec.fingerprint()


def test_json_that_python_refuses_is_refused_by_place_and_field(library):
    for text, words in (
        ('{"n_fft": 0}', "n_fft is 0"),
        ('{"n_mels": "80"}', 'line 1, column 12: n_mels is "80"; it must be an integer'),
        ('{"log": "LN"}', "column 9: log"),
        ('{"n_ftt": 400}', "'n_ftt'"),
        ('{"schema": 2}', "schema"),
        ('{"finish": [["blur"]]}', "blur"),
        ('{"n_fft": 400', "column 14"),
    ):
        with pytest.raises((TypeError, ValueError)):
            sonogram.Spec.from_json(text)
        with pytest.raises(ValueError, match=words):
            CExtractor(library, json=text)
