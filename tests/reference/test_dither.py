# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Dither is Gaussian, as loud as asked, and a function of seed and sample index alone."""

from __future__ import annotations

import numpy as np
import pytest
from support import signals
from support.checks import run

# With one-sample frames the spectrum is the conditioned signal itself.
SAMPLES = {"n_fft": 1, "hop_length": 1, "power": None}


def noise(n=40000, **fields):
    return run({**SAMPLES, "dither": 1.0, **fields}, np.zeros(n))[0].real


def test_dither_is_white_gaussian_noise_of_the_given_amplitude():
    got = noise(dither=0.25) / 0.25
    # Standard errors at 40000 samples: mean 0.005, deviation 0.0035, kurtosis 0.025, lag 0.005.
    assert abs(got.mean()) < 0.02
    assert abs(got.std() - 1) < 0.015
    assert abs((got**4).mean() - 3) < 0.12
    assert abs(np.mean(got[1:] * got[:-1])) < 0.02
    assert 3.5 < np.abs(got).max() < 6.0


def test_the_same_seed_is_the_same_noise_and_another_is_another():
    assert np.array_equal(noise(seed=7), noise(seed=7))
    for other in (0, 6, 8, 7 + 2**32):
        assert abs(np.mean(noise(seed=7) * noise(seed=other))) < 0.03


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dithered_bits_do_not_depend_on_threads_batch_or_length(dtype):
    spec = {"n_fft": 400, "hop_length": 160, "dither": 1e-3, "seed": 3, "log": "ln"}
    spec |= {"center": False}
    x = signals.speech(3 * 20000).astype(dtype).reshape(3, 20000)
    want = run(spec, x, num_threads=1)
    for threads in (2, 3, 8):
        assert np.array_equal(run(spec, x, num_threads=threads), want)
    assert np.array_equal(run(spec, x[2]), want[2])
    assert np.array_equal(run(spec, x[0, :5200]), want[0, :, :31])


def test_dither_is_added_to_the_samples_before_preemphasis():
    added = noise()
    shaped = noise(preemphasis=0.5)
    np.testing.assert_allclose(shaped[1:], added[1:] - 0.5 * added[:-1], atol=1e-12)
    x = signals.speech(40000)
    dithered = run({**SAMPLES, "dither": 0.5, "scale": 3.0}, x)[0].real
    np.testing.assert_allclose(dithered, 3 * x + 0.5 * added, atol=1e-12)


def mixed(x: np.ndarray) -> np.ndarray:
    """One step of splitmix64 (Steele, Lea and Flood, OOPSLA 2014)."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@pytest.mark.parametrize("seed", [0, 7, 2**40 + 1])
def test_a_seed_is_the_numbers_of_box_and_muller_over_splitmix64(seed):
    first = mixed(mixed(np.array([seed], np.uint64)) ^ np.arange(4000, dtype=np.uint64))
    u = ((first >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    v = (mixed(first) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    want = np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * v)
    # Up to 6 in size, of libraries whose log and cos are right to a unit or two in the last place.
    np.testing.assert_allclose(noise(4000, seed=seed), want, rtol=0, atol=1e-14)
