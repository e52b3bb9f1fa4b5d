# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What type checkers are told is true: of results, and of the words that arguments take."""

from __future__ import annotations

import re
import subprocess
import sys
import typing
from pathlib import Path

import numpy as np
import pytest
from support.peers import peer

import sonogram

HERE = Path(__file__).parent
X = np.zeros(16000, np.float32)


def mypy(tmp_path, path):
    """Ask mypy about a file, the installed package beside it."""
    peer("mypy")
    options = ["--strict", "--follow-imports=silent", "--config-file=", "--cache-dir=cache"]
    command = [sys.executable, "-m", "mypy", *options, str(HERE / path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_calls_with_arrays_give_what_is_said(tmp_path):
    mypy(tmp_path, "typed_calls.py")


@pytest.mark.slow
def test_calls_with_tensors_give_tensors(tmp_path):
    peer("torch")
    mypy(tmp_path, "typed_tensors.py")


def words_of(hint):
    """The words of the Literals in an annotation."""
    inner = typing.get_args(hint)
    if typing.get_origin(hint) is typing.Literal:
        return {word for word in inner if isinstance(word, str)}
    return set().union(*map(words_of, inner))


def hints(function):
    """Arguments of a function that take words, each with these."""
    found = {name: words_of(hint) for name, hint in typing.get_type_hints(function).items()}
    return {name: words for name, words in found.items() if words}


FEATURES = np.zeros((3, 20), np.float32)
CALLS = {  # what a function needs besides
    sonogram.Spec: {},
    sonogram.Spectrogram.__init__: {"self": object.__new__(sonogram.Spectrogram)},
    sonogram.MelSpectrogram.__init__: {"self": object.__new__(sonogram.MelSpectrogram)},
    sonogram.LogMelSpectrogram.__init__: {"self": object.__new__(sonogram.LogMelSpectrogram)},
    sonogram.MFCC.__init__: {"self": object.__new__(sonogram.MFCC)},
    sonogram.LFCC.__init__: {"self": object.__new__(sonogram.LFCC)},
    sonogram.stft: {"waveform": X},
    sonogram.spectrogram: {"waveform": X},
    sonogram.mel_spectrogram: {"waveform": X},
    sonogram.log_mel_spectrogram: {"waveform": X},
    sonogram.mfcc: {"waveform": X},
    sonogram.lfcc: {"waveform": X},
    sonogram.kaldi.fbank: {"waveform": X},
    sonogram.kaldi.mfcc: {"waveform": X},
    sonogram.kaldi.spectrogram: {"waveform": X},
    sonogram.from_kaldi_conf: {"source": []},
    sonogram.mel_filterbank: {},
    sonogram.linear_filterbank: {},
    sonogram.bark_filterbank: {},
    sonogram.erb_filterbank: {},
    sonogram.log_filterbank: {},
    sonogram.mel_frequencies: {},
    sonogram.hz_to_mel: {"freq": 1.0},
    sonogram.mel_to_hz: {"mels": 1.0},
    sonogram.hz_to_bark: {"freq": 1.0},
    sonogram.bark_to_hz: {"barks": 1.0},
    sonogram.power_to_db: {"x": FEATURES},
    sonogram.amplitude_to_db: {"x": FEATURES},
    sonogram.add_deltas: {"specgram": FEATURES},
    sonogram.compute_deltas: {"specgram": FEATURES},
    sonogram.batch: {"waveforms": [X], "spec": "whisper-80"},
    sonogram.Stream.__init__: {
        "self": object.__new__(sonogram.Stream), "spec": "kaldi-fbank-80"},
    sonogram.resample: {"waveform": X, "orig_freq": 2, "new_freq": 1},
}  # fmt: skip
CASES = [(function, name) for function in CALLS for name in hints(function)]


@pytest.mark.parametrize(("function", "name"), CASES)
def test_the_words_are_those_that_are_taken(function, name):
    """A word that is none is refused with a list of all of them."""
    with pytest.raises((ValueError, TypeError)) as error:
        function(**CALLS[function], **{name: "no such word"})
    text = str(error.value)
    assert text.startswith(f"{name} is 'no such word'")
    said = text.split("must be", 1)[1]
    assert set(re.findall(r"['\"](\w+)['\"]", said)) == hints(function)[name]
