# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Specs that no machine could run are refused by the field that makes them so."""

from __future__ import annotations

import numpy as np
import pytest

import sonogram
from sonogram import Extractor, Spec, Stream

BANDS = ("f_min", "f_max", "vtln_low", "vtln_high", "vtln_warp", "bins_per_octave", "tuning")


@pytest.mark.parametrize("name", [*BANDS, "chroma_octave", "chroma_width"])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("bank", [None, "mel"])
def test_numbers_of_bands_are_finite_where_no_band_uses_them_too(
    bank: str | None, name: str, value: float
) -> None:
    with pytest.raises(ValueError, match=f"{name} is (nan|inf); it must be a finite number"):
        Spec(filterbank=bank, **{name: value})


def test_stages_that_multiply_rows_without_end_are_refused() -> None:
    spec = Spec(finish=(("deltas", 8),) * 10)
    for make in (Extractor, Stream):
        with pytest.raises(ValueError, match=r"finish: deltas is making \d+ rows; it must be such"):
            make(spec)


def test_steps_beyond_the_integers_are_refused() -> None:
    spec = Spec(hop_length=2**47, center=False, finish=(("stack", 2, 2**16),))
    with pytest.raises(ValueError, match=r"hop_length is 140737488355328; it must be such that"):
        Stream(spec)


HUGE = 2**48


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"length": HUGE, "n_fft": 4096, "hop_length": 1}, r"features is 2049 x 281474976710657"),
        ({"length": HUGE, "n_fft": 16, "finish": (("stack", 4096, 1),)}, r"features is 36864 x "),
        ({"pad": (0, HUGE), "n_fft": 4096, "hop_length": 1, "layout": "time_freq"},
         r"features is 281474976710757 x 2049"),
        ({"n_fft": 16, "hop_length": 1, "finish": (("stack", 2**16, 1), ("frames", 2**40))},
         r"features is 589824 x 1099511627776"),
        ({"n_fft": 46, "finish": (("frames", 2**40), ("patches", 24, 2**18, 24, 1))},
         "features is 1099511365633 x 24 x 262144"),
    ],
)  # fmt: skip
def test_features_beyond_the_integers_are_refused_with_their_sizes(fields, message):
    extract = Extractor(Spec(**fields))
    for call in (lambda: extract(np.zeros(100, np.float32)),
                 lambda: extract(np.zeros((2, 100), np.float32)),
                 lambda: sonogram.batch([np.zeros(100, np.float32)], extract),
                 lambda: Stream(extract).push(np.zeros(100, np.float32), last=True)):  # fmt: skip
        with pytest.raises((ValueError, MemoryError)) as caught:
            call()
        if isinstance(caught.value, ValueError):
            assert "values; it must be 2**58 values at the most" in str(caught.value)
    with pytest.raises(ValueError, match=message):
        extract(np.zeros(100, np.float32))


@pytest.mark.parametrize("text", ["[" * 100_000, '{"n_fft":' + "[" * 100_000, '{"a":' * 100_000])
def test_deep_json_is_a_value_error(text, tmp_path):
    with pytest.raises(ValueError, match="nested too deeply"):
        sonogram.Spec.from_json(text)
    (tmp_path / "config.json").write_text(text)
    for read in (sonogram.from_hf, sonogram.from_hifigan):
        with pytest.raises(ValueError, match="nested too deeply"):
            read(tmp_path / "config.json")


@pytest.mark.parametrize("digits", [400, 401, 5000])
def test_an_integer_of_many_digits_names_its_field(digits):
    text = '{"schema": 1, "n_fft": ' + "9" * digits + "}"
    with pytest.raises((TypeError, ValueError), match="n_fft"):
        sonogram.Spec.from_json(text)
