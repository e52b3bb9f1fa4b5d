# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What `sonogram.resample` promises."""

import numpy as np
import pytest
from support.waveforms import noise, tone

import sonogram


@pytest.mark.parametrize("quality", ["HQ", "VHQ"])
@pytest.mark.parametrize(("old", "new"), [(44100, 16000), (16000, 44100), (22050, 8000)])
def test_resample_keeps_a_tone_below_both_nyquists(old, new, quality):
    given = tone(1000, old)
    result = sonogram.resample(given, old, new, quality=quality)
    assert result.shape == (new,)
    assert result.dtype == np.float64
    middle = slice(new // 10, -new // 10)
    tolerance = 1e-5 if quality == "HQ" else 1e-7
    np.testing.assert_allclose(result[middle], tone(1000, new)[middle], atol=tolerance)


def test_resample_removes_frequencies_above_the_new_nyquist():
    result = sonogram.resample(tone(10000, 44100), 44100, 16000)
    assert np.abs(result[1000:-1000]).max() < 1e-5


@pytest.mark.parametrize("shape", [(500,), (1, 500), (2, 3, 500), (0, 500), (2, 0), (0,)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_resample_treats_every_leading_index_by_itself(shape, dtype):
    given = np.random.default_rng(3).standard_normal(shape).astype(dtype)
    result = sonogram.resample(given, 3, 2)
    assert result.dtype == dtype
    assert result.shape[:-1] == shape[:-1]
    assert result.shape[-1] == round(shape[-1] * 2 / 3)
    for index in np.ndindex(shape[:-1]):
        np.testing.assert_array_equal(result[index], sonogram.resample(given[index], 3, 2))


def test_resample_to_the_same_rate_is_the_waveform_itself():
    given = noise()
    assert sonogram.resample(given, 16000, 16000.0) is given


def test_resample_scales_integers_to_one():
    given = np.array([[-32768, 16384, 0]], np.int16)
    np.testing.assert_array_equal(sonogram.resample(given, 5, 5), [[-1, 0.5, 0]])
    assert sonogram.resample(given, 5, 5).dtype == np.float32
    wide = given.astype(np.int32) << 16
    np.testing.assert_array_equal(
        sonogram.resample(np.repeat(wide, 50, axis=1), 2, 1),
        sonogram.resample(np.repeat(given, 50, axis=1), 2, 1),
    )


def test_resample_takes_strided_and_read_only_input():
    given = noise(2, 3000)
    expected = sonogram.resample(given, 4, 3)
    strided = np.repeat(given, 2, axis=1)[:, ::2]
    strided.flags.writeable = False
    np.testing.assert_array_equal(sonogram.resample(strided, 4, 3), expected)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (0, 1, ValueError),
        (1, -1, ValueError),
        (float("nan"), 1, ValueError),
        (1, float("inf"), ValueError),
        ("16000", 1, TypeError),
        (1, None, TypeError),
        (True, 1, TypeError),
        (1, 70000, ValueError),
        (1, 1e300, ValueError),
        (1e12, 2, ValueError),
    ],
)
def test_resample_names_a_wrong_rate(old, new, kind):
    with pytest.raises(kind, match="orig_freq is" if new == 1 else "new_freq is"):
        sonogram.resample(noise(), old, new)


def test_resample_names_a_wrong_quality():
    with pytest.raises(ValueError, match="quality is 'best'; it must be one of 'HQ', 'VHQ'"):
        sonogram.resample(noise(), 1, 2, quality="best")
