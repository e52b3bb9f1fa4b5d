# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Specs that no machine could run are refused by the field that makes them so."""

from __future__ import annotations

import pytest

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
