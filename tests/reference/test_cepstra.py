# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""MFCC and LFCC: the arguments and the numbers of torchaudio's transforms."""

from __future__ import annotations

import numpy as np
import pytest
from support import signals
from support.peers import peer

import sonogram

# torchaudio's defaults, 128 bands of an n_fft of 400, leave some empty: both say so.
pytestmark = pytest.mark.filterwarnings(
    "ignore:n_mels=:UserWarning", "ignore:At least one mel filterbank:UserWarning"
)

SPEECH = signals.speech(16003)
MFCC = [
    {},
    {"n_mfcc": 13, "melkwargs": {"n_fft": 512, "hop_length": 160, "n_mels": 23}},
    {"n_mfcc": 20, "log_mels": True, "melkwargs": {"n_mels": 40, "win_length": 320, "f_min": 50.0}},
    {"n_mfcc": 5, "norm": None, "melkwargs": {"mel_scale": "slaney", "norm": "slaney"}},
    {"sample_rate": 22050, "melkwargs": {"power": 1.0, "center": False, "pad": 30}},
]
LFCC = [
    {},
    {"n_lfcc": 20, "n_filter": 60, "f_min": 100.0, "f_max": 7000.0},
    {"n_lfcc": 13, "log_lf": True, "speckwargs": {"n_fft": 512, "win_length": 400}},
    {"n_lfcc": 7, "norm": None, "speckwargs": {"power": 1.0, "pad_mode": "constant"}},
]
CASES = [("MFCC", o) for o in MFCC] + [("LFCC", o) for o in LFCC]


@pytest.mark.parametrize(("name", "options"), CASES, ids=str)
def test_cepstra_equal_torchaudios(name, options):
    torch = peer("torch")
    transforms = peer("torchaudio").transforms
    # Theirs in float64, with bands, window and cosines of float32: 1e-6 of sums of dB values.
    reference = getattr(transforms, name)(**options).double()
    want = reference(torch.from_numpy(SPEECH)).numpy()
    ours = getattr(sonogram, name)(**options)
    got = ours(SPEECH)
    assert got.shape == want.shape
    np.testing.assert_allclose(got, want, rtol=1e-6, atol=2e-3)
    function = getattr(sonogram, name.lower())
    np.testing.assert_array_equal(function(SPEECH, **options), got)


def test_every_item_has_its_own_maximum():
    loud, soft = SPEECH, SPEECH * 1e-5
    both = sonogram.mfcc(np.stack([loud, soft]))
    np.testing.assert_array_equal(both[1], sonogram.mfcc(soft))


def test_cepstra_follow_layout_and_dtype():
    x = SPEECH.astype(np.float32)
    time_freq = sonogram.mfcc(x, layout="time_freq")
    np.testing.assert_array_equal(time_freq, sonogram.mfcc(x).T)
    assert sonogram.lfcc(x, dtype="float64").dtype == np.float64


@pytest.mark.parametrize(
    ("function", "options", "error", "words"),
    [
        ("mfcc", {"n_mfcc": 0}, ValueError, ["n_mfcc", "0"]),
        ("mfcc", {"n_mfcc": 129}, ValueError, ["n_mfcc", "129", "128"]),
        ("mfcc", {"norm": "slaney"}, ValueError, ["norm", "slaney", "ortho"]),
        ("mfcc", {"dct_type": 5}, ValueError, ["5"]),
        ("mfcc", {"log_mels": 1}, TypeError, ["log_mels", "1"]),
        ("mfcc", {"melkwargs": {"n_mel": 40}}, TypeError, ["melkwargs", "n_mel", "n_mels"]),
        ("mfcc", {"melkwargs": 40}, TypeError, ["melkwargs", "int"]),
        ("lfcc", {"n_lfcc": 200}, ValueError, ["n_lfcc", "200", "n_filter"]),
        ("lfcc", {"speckwargs": {"n_mels": 40}}, TypeError, ["speckwargs", "n_mels", "n_fft"]),
    ],
    ids=str,
)
def test_cepstra_name_refused_arguments(function, options, error, words):
    with pytest.raises(error) as caught:
        getattr(sonogram, function)(SPEECH, **options)
    assert all(word in str(caught.value) for word in words)
