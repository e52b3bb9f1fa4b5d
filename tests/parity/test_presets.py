# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Every preset equals its original, and the table says how nearly.

The signals are those of originals/measure.py. Where an original is 0/0 (a deviation of zero and no
epsilon), there is nothing to compare and the signal is left out.
"""

from __future__ import annotations

from functools import cache

import pytest
from originals import ORIGINALS
from originals.measure import DIFFICULT, NAMES, Distance, allowance_used, measure, signal

import sonogram

EPS = 2.0**-23  # float32's
every_preset = pytest.mark.parametrize("preset", sonogram.presets())


@cache
def distances(preset: str) -> list[Distance]:
    rows = [measure(preset, name) for name in NAMES]
    return [row for row in rows if row is not None]


def rounding(row: Distance) -> float:
    """Four ulps of the largest value: what rounding alone does where an original errs by less."""
    return 4 * EPS * max(1.0, row.size)


def test_every_preset_has_its_original():
    assert set(ORIGINALS) == set(sonogram.presets())


# Of all values together. The largest single error is in a weak bin and depends on how the roundings
# of one instruction set happen to fall; each bin is held to its tolerance.
@every_preset
def test_float32_errs_no_more_than_the_original(preset):
    for row in distances(preset):
        assert row.typical <= max(1.25 * row.original_typical, 0.25), row
        assert row.share <= 1, row


@every_preset
def test_float32_is_within_three_times_that_error_of_the_original(preset):
    for row in distances(preset):
        assert row.between <= max(3 * row.original, rounding(row)), row


@every_preset
def test_any_signal_keeps_the_stated_tolerance(preset):
    rate = int(sonogram.presets()[preset].spec.sample_rate)
    for name in (*NAMES, *DIFFICULT):
        if name not in ORIGINALS[preset].undefined:
            share = allowance_used(preset, signal(name, rate))
            assert share <= 1, f"{name}: {share:.3g} of what is allowed"


@every_preset
def test_float64_is_within_a_millionth_of_the_recipe_in_float64(preset):
    for row in distances(preset):
        assert row.double <= 1e-6, row


def test_the_presets_of_wide_originals_compute_in_float64():
    wide = {name for name, original in ORIGINALS.items() if original.wide}
    ours = {n for n, p in sonogram.presets().items() if p.spec.compute_dtype == "float64"}
    # their spectrum is rounded to complex64, each bin by itself, and goes on in float32
    assert ours - wide == {"seamless-m4t-160", "w2v-bert-160"}
    assert wide <= ours


@pytest.mark.parametrize("preset", [name for name in sonogram.presets() if ORIGINALS[name].wide])
def test_an_original_in_float64_is_met_within_a_millionth(preset):
    for row in distances(preset):
        assert row.wide <= 1e-6, row
