# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The filterbank validator: filters with too few bins, and whether its suggestions help."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import reference
import reference_banks
from support.lanes import slow_but

import sonogram

KINDS = ["mel", "linear", "bark", "erb", "log"]


def counted(fields):
    """Bins between the edges of each filter of the definition."""
    s = reference.complete(fields)
    _, hz = reference_banks.points(s)
    left, right = hz[:-2], hz[2:]
    if s["triangle"] == "isosceles":
        right = 2 * hz[1:-1] - left
    bins = np.arange(s["n_fft"] // 2 + 1) * s["filterbank_sample_rate"] / s["n_fft"]
    if s["triangle"] == "mel" and s["n_fft"] % 2 == 0:
        bins = bins[:-1]
    hair = 1e-6
    return ((bins > left[:, None] + hair) & (bins < right[:, None] - hair)).sum(axis=1)


def random_fields(rng, kind):
    fields = {"sample_rate": float(rng.choice([8000, 16000, 22050, 44100])), "filterbank": kind}
    most = 500 if kind == "linear" else 160
    fields |= {"n_fft": int(rng.integers(64, 1200)), "n_mels": int(rng.integers(20, most))}
    fields |= {"f_min": float(rng.uniform(20, 100))}
    octave = float(rng.uniform(4, 24))
    fields |= {"bins_per_octave": octave} if kind == "log" else {}
    fields["triangle"] = str(rng.choice(["hz", "mel", "isosceles"]))
    return fields


@pytest.mark.parametrize("min_bins", slow_but([1, 2, 3], 1))
@pytest.mark.parametrize("kind", KINDS)
def test_weak_filters_are_those_with_too_few_bins(kind, min_bins):
    rng = np.random.default_rng([min_bins, KINDS.index(kind)])
    found = 0
    for _ in range(20):
        fields = random_fields(rng, kind)
        spec = sonogram.Spec(**fields)
        report = sonogram.check_filterbank(spec, min_bins)
        bins = counted(fields)
        assert [weak.index for weak in report.filters] == np.flatnonzero(bins < min_bins).tolist()
        edges = sonogram.band_frequencies(spec)
        for weak in report.filters:
            assert weak.bins == bins[weak.index]
            assert (weak.low, weak.center, weak.high) == tuple(edges[weak.index])
            assert f"filter {weak.index} " in str(report)
        found += len(report.filters)
    assert found


@pytest.mark.parametrize("min_bins", slow_but([1, 2, 3], 2))
@pytest.mark.parametrize("kind", KINDS)
def test_both_suggestions_fill_all_filters(kind, min_bins):
    rng = np.random.default_rng([min_bins, KINDS.index(kind), 1])
    healed = 0
    for _ in range(20):
        fields = random_fields(rng, kind)
        report = sonogram.check_filterbank(sonogram.Spec(**fields), min_bins)
        if report.n_fft is not None:
            assert report.n_fft > fields["n_fft"]
            for n_fft in (report.n_fft, report.n_fft + 1, 2 * report.n_fft):
                assert (counted({**fields, "n_fft": n_fft}) >= min_bins).all()
            assert f"n_fft >= {report.n_fft}" in str(report)
            healed += 1
        if report.n_mels is not None:
            assert report.n_mels < fields["n_mels"]
            assert (counted({**fields, "n_mels": report.n_mels}) >= min_bins).all()
            assert f"n_mels = {report.n_mels}" in str(report)
    assert healed


def test_suggested_n_mels_is_the_largest_without_weak_filters():
    fields = {"filterbank": "mel", "n_fft": 400, "n_mels": 128}
    report = sonogram.check_filterbank(sonogram.Spec(**fields))
    for n_mels in range(report.n_mels + 1, 128):
        assert (counted({**fields, "n_mels": n_mels}) == 0).any()


def test_what_no_n_fft_heals_has_no_n_fft():
    # octaves above the Nyquist frequency
    spec = sonogram.Spec(filterbank="log", f_min=1000.0, n_mels=60, bins_per_octave=12, n_fft=4096)
    report = sonogram.check_filterbank(spec)
    assert len(report.filters)
    assert report.n_fft is None
    assert sonogram.check_filterbank(spec.replace(n_mels=report.n_mels)).filters == ()
    with pytest.warns(UserWarning, match=r"filters 3[67], .* are empty"):
        sonogram.Extractor(spec)


def test_a_sound_filterbank_gets_no_suggestion():
    for kind in (*KINDS, "chroma"):
        edge = {} if kind == "chroma" else {"f_min": 110.0}
        spec = sonogram.Spec(filterbank=kind, n_fft=4096, n_mels=12, **edge)
        report = sonogram.check_filterbank(spec)
        assert (report.filters, report.n_fft, report.n_mels) == ((), None, None)
        assert str(report) == "every filter has at least 1 bin"


def test_empty_rows_of_a_matrix_are_named_without_frequencies():
    rows = np.zeros((4, 33))
    rows[[0, 2], 5] = 1
    report = sonogram.check_filterbank(sonogram.Spec(n_fft=64, filterbank=rows))
    assert [(weak.index, weak.bins) for weak in report.filters] == [(1, 0), (3, 0)]
    assert np.isnan(report.filters[0].low)
    assert str(report) == "filter 1 has no bins\nfilter 3 has no bins"


@pytest.mark.parametrize("kind", KINDS)
def test_the_extractor_warns_of_just_the_filters_that_are_zero(kind):
    rng = np.random.default_rng(KINDS.index(kind))
    for shape in ("triangle", "rectangle", "gaussian"):
        for _ in range(15):
            spec = sonogram.Spec(**random_fields(rng, kind), filter_shape=shape)
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                bank = sonogram.Extractor(spec).filterbank
            empty = np.flatnonzero(bank.max(axis=1) < 1e-12)
            if shape == "gaussian":
                assert not caught
                continue
            assert len(caught) == bool(len(empty))
            if len(empty):
                message = str(caught[0].message)
                assert f"({len(empty)} of {spec.n_mels}) are empty" in message
                assert f"filters {empty[0]}" in message


@pytest.mark.parametrize(
    ("spec", "min_bins", "error", "words"),
    [
        ("mel", 1, TypeError, "spec is a str"),
        (sonogram.Spec(), 1, ValueError, r"spec\.filterbank is None"),
        (sonogram.Spec(filterbank="mel", n_mels=8), 0, ValueError, "min_bins is 0"),
        (sonogram.Spec(filterbank="mel", n_mels=8), 1.5, TypeError, r"min_bins is 1\.5"),
        (sonogram.Spec(filterbank="mel", n_mels=8), True, TypeError, "min_bins is True"),
    ],
)
def test_wrong_arguments_are_named(spec, min_bins, error, words):
    with pytest.raises(error, match=words):
        sonogram.check_filterbank(spec, min_bins)
