# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""How exact: the errors on five kinds of sound, at most and in the root mean square."""

from __future__ import annotations

import numpy as np
import pytest
import reference
from support import signals
from support.checks import L2, LN, OF_PEAK, relative_l2, run
from support.lanes import but_slow

KINDS = ["speech", "tone", "chirp", "click", "quiet"]
# Root mean squares over a signal, of the frame's peak and in ln: twice the worst of every kind and
# size on any instruction set (2.6e-7 for a click of n_fft 1009, 2.8e-6 for a chirp of it).
RMS = {"power": 5e-7, "ln": 6e-6}
SIZES_IN_DOUBLE = [16, 31, 400, 512, 1000, 1024, 1200, 1920, 2039, 2048, 4096]
SIZES = [(400, 160), (512, 160), (1024, 256), (2048, 512), (480, 120), (1009, 250)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n_fft", but_slow(SIZES_IN_DOUBLE, 2039))
def test_float64_stft_is_within_1e_15_of_long_double(n_fft, kind):
    x = signals.SIGNALS[kind](n_fft + 300)
    spec = {"n_fft": n_fft, "hop_length": 150, "center": False, "power": None}
    want = reference.extract(spec, x, np.longdouble)
    assert relative_l2(run(spec, x), want) <= L2["float64"]


def errors(got, want):
    """Of powers, relative to the frame's largest, and of their ln within 50 dB of it."""
    peak = want.max(axis=0, keepdims=True)
    heard = peak[0] > 1e-8
    power = np.abs(got - want)[:, heard] / peak[:, heard]
    strong = (want >= 1e-5 * peak) & heard
    log = np.log(np.maximum(got[strong], 1e-10)) - np.log(np.maximum(want[strong], 1e-10))
    return power, np.abs(log)


def rms(x):
    return float(np.sqrt(np.mean(np.square(x))))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("n_fft", "hop"), SIZES)
def test_float32_is_within_its_promise(n_fft, hop, kind):
    x = signals.SIGNALS[kind](16000).astype(np.float32)
    spec = {"n_fft": n_fft, "hop_length": hop}
    exact = reference.extract({**spec, "power": None}, x)
    assert relative_l2(run({**spec, "power": None}, x), exact) <= L2["float32"]
    power, log = errors(run(spec, x).astype(float), np.abs(exact) ** 2)
    assert power.max() <= OF_PEAK["float32"]
    assert log.max() <= LN["float32"]
    assert rms(power) <= RMS["power"]
    assert rms(log) <= RMS["ln"]


@pytest.mark.parametrize("kind", KINDS)
def test_float32_mel_is_within_its_promise(kind):
    x = signals.SIGNALS[kind](16000).astype(np.float32)
    options = {"n_fft": 1024, "hop_length": 256, "n_mels": 80, "filterbank": "mel"}
    exact = reference.extract(options, x)
    power, log = errors(run(options, x).astype(float), exact)
    assert power.max() <= OF_PEAK["float32"]
    assert log.max() <= LN["float32"]
    assert rms(power) <= RMS["power"]
    assert rms(log) <= RMS["ln"]
