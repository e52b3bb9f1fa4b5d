# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Frames that read only the zeros of a padded item are known without computing them."""

import numpy as np
import pytest
from support import signals

from sonogram import Extractor, Spec

SPEECH = signals.speech(9000).astype(np.float32)
MEL = {"hop_length": 160, "filterbank": "mel", "n_mels": 40, "log": "log10"}
FINISHES = [
    (),
    (("dynamic_range", 8.0), ("affine", 0.25, 1.0)),
    (("normalize", ("ddof", 1), ("eps", 1e-5)),),
    (("deltas",),),
]


@pytest.mark.parametrize("finish", FINISHES, ids=str)
@pytest.mark.parametrize("layout", ["freq_time", "time_freq"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("padding", ["length", "pad", "min_length"])
def test_a_padded_item_has_the_bits_of_one_padded_by_hand(finish, layout, dtype, padding):
    fields = {**MEL, "finish": finish, "layout": layout, "center": True, "pad_mode": "reflect"}
    value = (0, 31000) if padding == "pad" else 40000
    x = SPEECH.astype(dtype)
    got = Extractor(Spec(**fields, **{padding: value}))(x)
    by_hand = Extractor(Spec(**fields))(np.concatenate([x, np.zeros(31000, dtype)]))
    assert np.array_equal(got, by_hand)


@pytest.mark.parametrize("power", [None, 2.0])
def test_spectra_of_padding_are_zero(power):
    spec = Spec(n_fft=512, hop_length=128, power=power, length=40000)
    by_hand = np.concatenate([SPEECH, np.zeros(31000, np.float32)])
    assert np.array_equal(Extractor(spec)(SPEECH), Extractor(spec.replace(length=None))(by_hand))


def test_a_nonfinite_last_sample_propagates_only_to_frames_that_read_it():
    x = SPEECH.copy()
    x[-1] = np.nan
    affected = np.isnan(Extractor(Spec(**MEL, length=40000))(x)).any(axis=0)
    assert np.flatnonzero(affected).tolist() == [t for t in range(251) if abs(t * 160 - 8999) < 200]
