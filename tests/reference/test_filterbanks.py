# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Banks of every kind, shape and norm against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
import reference
import reference_banks
from support import signals
from support.checks import assert_matches, run

import sonogram

KINDS = ["mel", "linear", "bark", "erb", "log"]
SHAPES = ["triangle", "rectangle", "gaussian"]
ORDERS = {"l1": 1, "l2": 2, "max": np.inf}
NORMS = [None, "slaney", *ORDERS]

pytestmark = pytest.mark.filterwarnings("ignore:.*empty")


def bank(**fields):
    return sonogram.Extractor(sonogram.Spec(hop_length=1, **fields)).filterbank


def assert_features(spec, x):
    """Assert that features are the reference's for the weights that the extractor shows.

    The weights themselves are held to their definition below, to the ulp of their points.
    """
    shown = sonogram.Extractor(sonogram.Spec(**spec)).filterbank
    assert_matches({**spec, "filterbank": shown.tolist(), "norm": None}, x, run(spec, x))


def random_fields(rng, kind):
    """Return fields of a bank of this kind: any rate, FFT length, band count, edges and options."""
    rate = float(rng.choice([8000, 11025, 16000, 22050, 44100, 48000]))
    fields = {"sample_rate": rate, "n_fft": int(rng.integers(100, 2100)), "filterbank": kind}
    fields |= {"n_mels": int(rng.integers(1, 100)), "norm": NORMS[rng.integers(len(NORMS))]}
    fields["triangle"] = str(rng.choice(["hz", "mel", "isosceles"]))
    fields["filter_shape"] = str(rng.choice(SHAPES))
    fields["f_min"] = float(rng.uniform(0, 300)) + (kind == "log") * 10
    if rng.uniform() < 0.7:
        fields["f_max"] = float(rng.uniform(2000, rate / 2))
    if rng.uniform() < 0.3:
        fields["filterbank_sample_rate"] = rate * 1.5
    fields["mel_scale"] = str(rng.choice(["htk", "slaney", "kaldi"]))
    fields["bark_scale"] = str(rng.choice(["traunmuller", "schroeder", "wang"]))
    fields["bins_per_octave"] = float(rng.uniform(3, 30))
    if kind == "log":
        fields.pop("f_max", None)
    return of_kind(fields)


def of_kind(fields):
    """Leave out what a bank of this kind does not read, which is refused."""
    readers = {"mel_scale": "mel", "bark_scale": "bark", "bins_per_octave": "log"}
    return {
        k: v
        for k, v in fields.items()
        if readers.get(k, fields["filterbank"]) == fields["filterbank"]
    }


def assert_is_its_definition(fields):
    norm = fields["norm"]
    drawn = {**fields, "norm": norm if norm == "slaney" else None}
    got, s = bank(**drawn), reference.complete(drawn)
    want = reference.filterbank_matrix(s)
    assert got.shape == want.shape
    # Points are good to a few ulp of the highest frequency, which a narrow filter magnifies.
    x, hz = reference_banks.points(s)
    along = x if fields["triangle"] == "mel" else hz
    slack = 32 * 2.0**-52 * np.abs(along).max() / np.diff(along).min()
    height = 2 / np.diff(hz).min() if norm == "slaney" else 1
    np.testing.assert_allclose(got, want, rtol=0, atol=slack * height)
    if fields["filter_shape"] == "rectangle":
        assert np.array_equal(got > 0, want > 0)
    if norm in ORDERS:
        size = np.linalg.norm(got, ORDERS[norm], axis=1, keepdims=True)
        want = got / np.where(size > 0, size, 1)
        np.testing.assert_allclose(bank(**fields), want, rtol=1e-13, atol=1e-300)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("kind", KINDS)
def test_bank_is_its_definition_for_any_parameters(kind, seed):
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    for _ in range(3):
        assert_is_its_definition(random_fields(rng, kind))


@pytest.mark.parametrize("seed", range(20))
def test_warped_bank_is_its_definition(seed):
    rng = np.random.default_rng(seed)
    fields = random_fields(rng, "mel")
    nyquist = fields.get("filterbank_sample_rate", fields["sample_rate"]) / 2
    fields["f_max"] = float(rng.uniform(0.8, 1.0)) * nyquist
    fields["vtln_warp"] = float(rng.uniform(0.8, 1.25))
    fields["vtln_low"] = fields["f_min"] + float(rng.uniform(20, 200))
    fields["vtln_high"] = float(rng.choice([-1, 1])) * 0.25 * nyquist
    if fields["vtln_high"] > 0:
        fields["vtln_high"] += 0.5 * nyquist
    assert_is_its_definition(fields)


def test_a_warp_of_one_changes_no_bit():
    fields = {"filterbank": "mel", "n_mels": 40, "mel_scale": "kaldi", "triangle": "mel"}
    assert np.array_equal(bank(**fields), bank(**fields, vtln_warp=1.0, vtln_low=300.0))


@pytest.mark.parametrize("norm", [None, "l1", "l2", "max"])
@pytest.mark.parametrize("n_chroma", [1, 5, 7, 12, 24, 36, 53])
@pytest.mark.parametrize("n_fft", [1, 2, 3, 401, 2048])
def test_chroma_is_its_definition(n_fft, n_chroma, norm):
    rng = np.random.default_rng([n_fft, n_chroma])
    fields = {"filterbank": "chroma", "sample_rate": 22050.0, "n_fft": n_fft, "norm": norm}
    fields |= {"n_mels": n_chroma, "tuning": float(rng.uniform(-0.5, 0.5))}
    fields |= {"chroma_octave": float(rng.uniform(2, 7))}
    fields |= {"chroma_width": None if n_fft == 401 else float(rng.uniform(0.5, 3))}
    want = reference.filterbank_matrix(reference.complete(fields))
    np.testing.assert_allclose(bank(**fields), want, rtol=0, atol=1e-12 * want.max())


def test_chroma_puts_each_semitone_in_its_row():
    got = sonogram.chroma_filterbank(sample_rate=32000, n_fft=1 << 15)
    for octave in range(3):
        for row in range(12):  # C4 is row 0
            hz = 440 * 2 ** ((row - 9) / 12 + octave)
            assert got[:, round(hz * (1 << 15) / 32000)].argmax() == row


@pytest.mark.parametrize("triangle", ["hz", "mel", "isosceles"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("norm", "order"), ORDERS.items())
def test_norms_make_every_row_one(norm, order, kind, triangle):
    got = bank(filterbank=kind, n_mels=20, f_min=100.0, norm=norm, triangle=triangle, n_fft=2048)
    np.testing.assert_allclose(np.linalg.norm(got, order, axis=1), 1, rtol=1e-14)


def test_an_empty_row_stays_empty_under_every_norm():
    for norm in NORMS:
        got = bank(filterbank="mel", n_mels=128, norm=norm)
        assert np.isfinite(got).all()
        assert not got[0].any()


@pytest.mark.parametrize("kind", KINDS)
def test_triangles_along_the_scale_leave_the_nyquist_bin_out(kind):
    octave = {"bins_per_octave": 2.0, "filterbank": kind}
    got = bank(n_mels=8, f_min=500.0, triangle="mel", **of_kind(octave))
    assert not got[:, -1].any()
    assert got[:, -2].any()


def test_octave_bands_are_centred_where_they_say():
    spec = sonogram.Spec(filterbank="log", f_min=55.0, n_mels=60, bins_per_octave=12)
    centres = 55 * 2 ** (np.arange(60) / 12)
    np.testing.assert_allclose(sonogram.band_frequencies(spec)[:, 1], centres, rtol=1e-14)


@pytest.mark.parametrize(("norm", "order"), ORDERS.items())
def test_a_given_matrix_may_be_normalised(norm, order):
    rows = np.random.default_rng(0).uniform(-1, 1, (4, 17))
    rows[2] = 0
    got = bank(n_fft=32, filterbank=rows, norm=norm)
    np.testing.assert_allclose(np.linalg.norm(got, order, axis=1), [1, 1, 0, 1], rtol=1e-14)
    assert np.array_equal(bank(n_fft=32, filterbank=rows), rows)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("filter_shape", SHAPES)
def test_features_of_any_bank_match_the_reference(kind, filter_shape, dtype):
    x = signals.speech(4000).astype(dtype)
    spec = {"n_fft": 512, "hop_length": 160, "filterbank": kind, "n_mels": 20, "f_min": 110.0}
    for triangle, norm in (("hz", "l1"), ("mel", "max"), ("isosceles", None)):
        more = {"triangle": triangle, "norm": norm, "filter_shape": filter_shape}
        assert_features(of_kind({**spec, **more, "bins_per_octave": 4.0}), x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("chroma_width", [None, 2.0])
def test_chroma_features_match_the_reference(chroma_width, dtype):
    x = signals.speech(6000, 22050).astype(dtype)
    spec = {"sample_rate": 22050, "n_fft": 2048, "hop_length": 512, "filterbank": "chroma"}
    assert_features({**spec, "n_mels": 12, "chroma_width": chroma_width, "tuning": 0.1}, x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_scattered_bins_and_holes_of_a_matrix_are_kept(dtype):
    rows = np.zeros((5, 257))
    rows[0, [0, 256]] = 1, 2  # the ends
    rows[1, 10:200:9] = -1  # a comb
    rows[2, 77] = 3
    rows[4, ::2] = 0.5
    x = signals.noise(3000).astype(dtype)
    got = run({"n_fft": 512, "hop_length": 100, "filterbank": rows}, x)
    power = run({"n_fft": 512, "hop_length": 100}, x).astype(np.float64)
    eps = 1e-6 if dtype == "float32" else 1e-14
    np.testing.assert_allclose(got, rows @ power, rtol=0, atol=eps * (np.abs(rows) @ power).max())
    assert np.array_equal(got[3], np.zeros_like(got[3]))


def test_functions_are_the_specs_banks():
    options = {"sample_rate": 22050, "n_fft": 1024, "n_mels": 24, "f_min": 60.0, "norm": "l1"}
    for kind in ("mel", "linear", "bark", "erb", "log"):
        function = getattr(sonogram, f"{kind}_filterbank")
        for shape in SHAPES:
            got = function(**options, triangle="isosceles", filter_shape=shape)
            want = bank(**options, filterbank=kind, triangle="isosceles", filter_shape=shape)
            assert np.array_equal(got, want)
    options = {"sample_rate": 22050, "n_fft": 1024, "norm": "max", "chroma_width": None}
    got = sonogram.chroma_filterbank(**options, n_chroma=24)
    assert np.array_equal(got, bank(**options, n_mels=24, filterbank="chroma"))


def test_band_frequencies_are_the_edges_of_the_triangles():
    for kind in KINDS:
        fields = of_kind({"filterbank": kind, "n_mels": 12, "f_min": 200.0, "bins_per_octave": 3.0})
        edges = sonogram.band_frequencies(sonogram.Spec(**fields))
        n_fft = 1 << 16
        got, bin_hz = bank(**fields, n_fft=n_fft), 16000 / n_fft
        for row, (low, centre, high) in zip(got, edges, strict=True):
            inside = np.flatnonzero(row) * bin_hz
            assert low <= inside[0] < low + 1.01 * bin_hz
            assert abs(row.argmax() * bin_hz - centre) <= bin_hz
            assert min(high, 8000) - 1.01 * bin_hz < inside[-1] <= high + 1e-9


@pytest.mark.parametrize("filterbank", [None, "chroma", ((1.0,) * 201,)])
def test_only_bands_have_frequencies(filterbank):
    with pytest.raises(ValueError, match="must be 'mel', 'linear', 'bark', 'erb' or 'log'"):
        sonogram.band_frequencies(sonogram.Spec(filterbank=filterbank))
    with pytest.raises(TypeError, match=r"sonogram\.Spec"):
        sonogram.band_frequencies({"filterbank": filterbank})


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"filterbank": "log"}, "f_min is 0; it must be above 0"),
        (
            {"filterbank": "log", "f_min": 50.0, "bins_per_octave": 1e-4},
            "bins_per_octave is 0.0001",
        ),
        ({"filterbank": "log", "f_min": 50.0, "bins_per_octave": 0.0}, "bins_per_octave is 0"),
        ({"filterbank": "chroma", "norm": "slaney"}, "norm is 'slaney'.*'l1'"),
        ({"filterbank": ((1.0,) * 201,), "norm": "slaney"}, "norm is 'slaney'.*matrix"),
        ({"filterbank": "chroma", "n_mels": 12, "tuning": 13.0}, "tuning is 13.*n_mels = 12"),
        ({"filterbank": "chroma", "chroma_width": 0.0}, "chroma_width is 0"),
        ({"filterbank": "bark", "bark_scale": "zwicker"}, "bark_scale.*traunmuller"),
        ({"filterbank": "bark", "vtln_warp": 1.1}, "vtln_warp is 1.1.*'mel'"),
        ({"filterbank": "mel", "vtln_warp": 0.0}, "vtln_warp is 0"),
        ({"filterbank": "mel", "vtln_warp": 1.1, "f_min": 100.0}, "vtln_low is 100"),
        ({"filterbank": "mel", "vtln_warp": 1.1, "vtln_high": 8000.0}, "vtln_high is 8000"),
        ({"filterbank": "mel", "vtln_warp": 1.1, "vtln_high": 0.0}, "vtln_high is 0"),
    ],
    ids=str,
)
def test_wrong_banks_are_named(fields, words):
    with pytest.raises(ValueError, match=words):
        sonogram.Spec(**fields)
