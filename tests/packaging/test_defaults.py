# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""An argument has one default, wherever it is written down."""

import dataclasses
import inspect

import public_api
import pytest

import sonogram
from sonogram import _core
from sonogram.configs.kaldi import Options

NAMES: dict = {}  # of what is called, the first where one thing has several
for _name, _thing, _ in public_api.names():
    NAMES.setdefault(public_api.called(_thing), _name)
NAMES.pop(None)
FUNCTIONS = {name: function for function, name in NAMES.items()}

# Where a word means something else, or a model of the arguments (torchaudio's, librosa's or
# Kaldi's function) has another default. Everything else is as in a Spec, or the same everywhere.
OTHERS = {
    "sonogram.LFCC": {"norm": "ortho"},  # of the transform over the bands
    "sonogram.MFCC": {"norm": "ortho"},
    "sonogram.lfcc": {"norm": "ortho"},
    "sonogram.mfcc": {"norm": "ortho"},
    "sonogram.LogMelSpectrogram": {"pad": 0, "log": "ln"},
    "sonogram.log_mel_spectrogram": {"pad": 0, "log": "ln"},
    "sonogram.MelSpectrogram": {"pad": 0},
    "sonogram.mel_spectrogram": {"pad": 0},
    "sonogram.Spectrogram": {"pad": 0, "onesided": True},
    "sonogram.spectrogram": {"pad": 0, "onesided": True},
    "sonogram.Stream": {"window": None, "sample_rate": None},  # frames; of the signal
    "sonogram.batch": {"sample_rate": None},
    "sonogram.Extractor.__call__": {"sample_rate": None},
    "sonogram.LFCC.__call__": {"sample_rate": None},  # of every transform
    "sonogram.extract_file": {"window": None},
    "sonogram.explain": {"sample_rate": None},
    "sonogram.load": {"sample_rate": None},
    "sonogram.amplitude_to_db": {"amin": 1e-5},  # librosa's: the root of power_to_db's
    "sonogram.image": {
        "sample_rate": None,
        "n_fft": None,
        "f_min": None,
        "top_db": None,
        "channel": None,
        "spec": None,
        "ref": "max",
    },
    "sonogram.specshow": {"f_min": None, "top_db": None},
    "sonogram.plot": {"n_fft": None, "f_min": None, "top_db": None, "channel": None},
    "sonogram.pcen": {"hop_length": 512, "power": 0.5, "eps": 1e-6, "gain": 0.98},
    "sonogram.add_deltas": {"win_length": 5},
    "sonogram.compute_deltas": {"win_length": 5},
    "sonogram.sliding_window_cmn": {"center": False},
    "sonogram.window": {"win_length": 400, "name": "hann"},
    "sonogram.mel_frequencies": {"f_max": 8000.0},
    "sonogram.log_filterbank": {"n_fft": 2048, "n_mels": 84, "f_min": 440 * 2 ** (-45 / 12)},
    "sonogram.chroma_filterbank": {"sample_rate": 22050, "n_fft": 2048, "norm": "l2"},
    "sonogram.from_hf": {"waveform": False},
    "sonogram.from_kaldi_conf": {"scale": 32768.0, "kind": "fbank"},
    "sonogram.corpus.Corpus.slice": {"start": 0.0},
    "sonogram.corpus.Features": {"sample_rate": None, "on_error": "fail"},
    "sonogram.corpus.Item": {"channel": None, "start": None},
}
_KALDI = {"channel": -1, "energy_floor": 1.0, "snip_edges": True, "min_duration": 0.0}
OTHERS |= {f"sonogram.kaldi.{name}": _KALDI for name in ("fbank", "mfcc", "spectrogram")}


def defaults(function):
    """Names and defaults of the arguments that have one."""
    parameters = inspect.signature(function).parameters.values()
    return {p.name: p.default for p in parameters if p.default is not p.empty}


def test_an_argument_has_one_default():
    seen = {f.name: ("sonogram.Spec", f.default) for f in dataclasses.fields(sonogram.Spec)}
    for name, function in FUNCTIONS.items():
        for argument, default in defaults(function).items():
            if argument in OTHERS.get(name, {}):
                continue
            first, value = seen.setdefault(argument, (name, default))
            assert default == value, f"{argument} of {name} is {default!r}, of {first} {value!r}"
            assert isinstance(default, type(value)) or isinstance(value, type(default))


@pytest.mark.parametrize("name", OTHERS)
def test_the_exceptions_are_what_they_are(name):
    found = defaults(FUNCTIONS[name])
    assert OTHERS[name] == {key: found[key] for key in OTHERS[name]}


PAIRS = [
    (sonogram.spectrogram, sonogram.Spectrogram),
    (sonogram.mel_spectrogram, sonogram.MelSpectrogram),
    (sonogram.log_mel_spectrogram, sonogram.LogMelSpectrogram),
    (sonogram.mfcc, sonogram.MFCC),
    (sonogram.lfcc, sonogram.LFCC),
]


@pytest.mark.parametrize(("function", "transform"), PAIRS)
def test_a_function_has_the_arguments_of_its_class(function, transform):
    of_a_call = {"out": None, "num_threads": None}
    assert defaults(function) == defaults(transform) | of_a_call
    assert next(iter(inspect.signature(function).parameters)) == "waveform"


def test_the_core_has_the_defaults_of_a_spec():
    fields = {f.name: f.default for f in dataclasses.fields(sonogram.Spec)}
    assert list(_core.default_fields()) == list(fields)
    assert _core.default_fields() == fields
    for name, value in _core.default_fields().items():
        assert isinstance(value, bool) == isinstance(fields[name], bool)


def test_kaldis_functions_have_the_defaults_of_kaldis_options():
    """Dither and energy floor apart, which are 0 and 1 in torchaudio, 1 and 0 in Kaldi."""
    options = {f.name: f.default for f in dataclasses.fields(Options)}
    assert (options["dither"], options["energy_floor"]) == (1.0, 0.0)
    for name in ("fbank", "mfcc", "spectrogram"):
        found = defaults(getattr(sonogram.kaldi, name))
        assert (found.pop("dither"), found.pop("energy_floor")) == (0.0, 1.0)
        assert found.pop("channel") == -1
        assert found.pop("min_duration") == 0.0
        assert found == {key: options[key] for key in found}
