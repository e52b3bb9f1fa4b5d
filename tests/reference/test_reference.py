# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The reference itself against independent definitions: NumPy, SciPy and published values."""

from __future__ import annotations

import math

import numpy as np
import pytest
import reference
import scipy.signal
from support import signals


@pytest.mark.parametrize("n", [1, 2, 3, 7, 16, 17, 400])
@pytest.mark.parametrize("periodic", [True, False])
@pytest.mark.parametrize(
    ("kind", "scipy_kind"),
    [
        ("hann", "hann"),
        ("hamming", "hamming"),
        ("blackman", "blackman"),
        ("bartlett", "bartlett"),
        ("rectangular", "boxcar"),
        ("cosine", "cosine"),
        (("kaiser", 14.0), ("kaiser", 14.0)),
        (("gaussian", 9.5), ("gaussian", 9.5)),
    ],
)
def test_windows_equal_scipy(kind, scipy_kind, periodic, n):
    ours = reference.window(kind, n, periodic)
    theirs = scipy.signal.get_window(scipy_kind, n, fftbins=periodic)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-14)
    exact = reference.window(kind, n, periodic, np.longdouble)
    assert exact.dtype == np.longdouble
    np.testing.assert_allclose(ours, exact.astype(float), rtol=0, atol=4e-15)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 12, 16, 30, 49, 97, 121, 400, 1000])
def test_long_double_rfft_equals_numpy(n):
    x = np.random.default_rng(n).standard_normal((3, n))
    exact = reference.rfft(x.astype(np.longdouble))
    assert exact.dtype == np.clongdouble
    np.testing.assert_allclose(exact.astype(complex), np.fft.rfft(x), rtol=0, atol=3e-13)


@pytest.mark.parametrize("n", [8, 31, 60])
def test_long_double_rfft_is_exact_on_roots_of_unity(n):
    k = np.arange(n)
    x = np.cos(8 * np.arctan(np.longdouble(1)) * (3 * k) / n)
    want = np.zeros(n // 2 + 1)
    want[3] = n / 2
    error = np.abs(reference.rfft(x) - want).max()
    assert error < 40 * n * np.finfo(np.longdouble).eps


def test_slaney_scale_has_its_published_points():
    assert reference.hz_to_mel(1000.0, "slaney") == 15.0
    assert reference.hz_to_mel(200.0, "slaney") == pytest.approx(3.0, abs=1e-14)
    assert reference.hz_to_mel(6400.0, "slaney") == pytest.approx(42.0, abs=1e-12)


def test_htk_and_kaldi_scales_put_1000_hz_near_1000_mel():
    assert reference.hz_to_mel(1000.0, "htk") == pytest.approx(999.9855, abs=1e-3)
    assert reference.hz_to_mel(1000.0, "kaldi") == pytest.approx(999.9907, abs=1e-3)


@pytest.mark.parametrize("scale", ["htk", "kaldi", "slaney", "linear"])
def test_scales_invert(scale):
    f = np.array([0.0, 1e-3, 20, 666.6, 999.999, 1000, 1000.001, 8000, 96000])
    back = reference.mel_to_hz(reference.hz_to_mel(f, scale), scale)
    np.testing.assert_allclose(back, f, rtol=1e-13, atol=1e-12)


def test_triangles_peak_at_one_and_slaney_norm_has_unit_area():
    plain = reference.mel_filterbank(16000, 8192, 20)
    np.testing.assert_allclose(plain.max(axis=1), 1, atol=0.05)
    area = reference.mel_filterbank(16000, 8192, 20, norm="slaney").sum(axis=1) * 16000 / 8192
    np.testing.assert_allclose(area, 1, atol=2e-3)


def test_centred_frames_of_torch_are_one_per_hop():
    for n in (400, 401, 15999, 16000, 16001, 16160):
        assert reference.num_frames({"n_fft": 400, "hop_length": 160}, n) == 1 + n // 160


def test_kaldi_frame_counts():
    snip = {"n_fft": 512, "win_length": 400, "hop_length": 160, "snip_edges": True}
    mirror = {**snip, "snip_edges": False}
    for n in (0, 399, 400, 559, 560, 16000, 16079, 16080):
        assert reference.num_frames(snip, n) == (0 if n < 400 else 1 + (n - 400) // 160)
        assert reference.num_frames(mirror, n) == (n + 80) // 160


def test_kaldi_mirror_reads_the_samples_kaldi_names():
    spec = reference.complete(
        {"n_fft": 8, "win_length": 5, "hop_length": 3, "snip_edges": False, "window": "hann"}
    )
    frames = reference.frame(spec, np.arange(7.0))
    # Frame f begins at 3 f + 1 - 2; -1 mirrors to 0 and 7 to 6.
    assert frames.tolist() == [[0, 0, 1, 2, 3], [2, 3, 4, 5, 6]]


@pytest.mark.parametrize("mode", ["constant", "reflect", "replicate", "circular", "symmetric"])
def test_pad_modes_spelled_out(mode):
    want = {
        "constant": [0, 0, 1, 2, 3, 4, 0, 0, 0],
        "reflect": [3, 2, 1, 2, 3, 4, 3, 2, 1],
        "replicate": [1, 1, 1, 2, 3, 4, 4, 4, 4],
        "circular": [3, 4, 1, 2, 3, 4, 1, 2, 3],
        "symmetric": [2, 1, 1, 2, 3, 4, 4, 3, 2],
    }[mode]
    x = np.arange(1.0, 5.0)
    assert reference.pad_signal(x, 2, 3, mode).tolist() == want
    mixed = reference.pad_signal(x, 2, 3, (mode, "constant"))
    assert mixed.tolist() == [*want[:6], 0, 0, 0]


def test_preemphasis_keeps_or_replicates_the_first_sample():
    x = np.array([1.0, 2.0, 4.0])
    keep = reference.complete({"preemphasis": 0.5})
    replicate = reference.complete({"preemphasis": 0.5, "preemphasis_kind": "replicate"})
    assert reference.condition(keep, x).tolist() == [1.0, 1.5, 3.0]
    assert reference.condition(replicate, x).tolist() == [0.5, 1.5, 3.0]


def test_conditions_run_in_the_order_of_the_record():
    spec = {
        "scale": 2.0,
        "clip": 1.0,
        "quantize": "int16",
        "remove_mean": True,
        "length": 4,
        "pad": (1, 2),
    }
    x = np.array([0.1, 0.9, -0.25])
    stepped = np.array([math.trunc(0.2 * 32767), 32767, math.trunc(-0.5 * 32767)]) / 32767
    want = [0.0, *(stepped - stepped.mean()), 0.0, 0.0, 0.0]
    np.testing.assert_allclose(reference.condition(reference.complete(spec), x), want, atol=1e-16)


def test_parseval_holds_through_the_pipeline():
    spec = {"n_fft": 256, "hop_length": 256, "center": False, "window": "rectangular"}
    x = signals.noise(1024)
    power = reference.extract(spec, x)
    both_sides = power[0] + 2 * power[1:-1].sum(axis=0) + power[-1]
    np.testing.assert_allclose(both_sides / 256, (x.reshape(4, 256) ** 2).sum(axis=1), rtol=1e-12)


def test_integers_scale_to_plus_minus_one():
    assert reference.to_real(np.array([-32768, 16384], np.int16)).tolist() == [-1.0, 0.5]
    assert reference.to_real(np.array([-(2**31), 2**30], np.int32)).tolist() == [-1.0, 0.5]


def test_an_unknown_field_is_an_error():
    with pytest.raises(ValueError, match="n_ftt"):
        reference.complete({"n_ftt": 512})


def test_leading_dimensions_are_kept_and_items_are_independent():
    x = signals.noise(2 * 3 * 500).reshape(2, 3, 500)
    spec = {"n_fft": 64, "hop_length": 20}
    got = reference.extract(spec, x)
    assert got.shape == (2, 3, 33, 26)
    assert np.array_equal(got[1, 2], reference.extract(spec, x[1, 2]))
    assert reference.extract(spec, np.zeros((0, 3, 500))).shape == (0, 3, 33, 26)
