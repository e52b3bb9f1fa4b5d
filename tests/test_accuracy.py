# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""How exact: the errors on five kinds of sound, beside what torch's own float32 makes of them."""

from __future__ import annotations

import numpy as np
import pytest
import reference
import signals
from checks import L2, relative_l2, run
from peers import peer

KINDS = ["speech", "tone", "chirp", "click", "quiet"]
SIZES = [(400, 160), (512, 160), (1024, 256), (2048, 512), (480, 120), (1009, 250)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n_fft", [16, 31, 400, 512, 1000, 1024, 1200, 1920, 2039, 2048, 4096])
def test_float64_stft_is_within_1e_15_of_long_double(n_fft, kind):
    x = signals.SIGNALS[kind](n_fft + 300)
    spec = {"n_fft": n_fft, "hop_length": 150, "center": False, "power": None}
    want = reference.extract(spec, x, np.longdouble)
    assert relative_l2(run(spec, x), want) <= L2["float64"]


def errors(got, want_power, want_log):
    """Relative to the frame's largest bin, and in ln over the bins within 50 dB of it."""
    peak = want_power.max(axis=0, keepdims=True)
    heard = peak[0] > 1e-8
    power = np.abs(got - want_power)[:, heard] / peak[:, heard]
    strong = (want_power >= 1e-5 * peak) & heard
    log = np.abs(np.log(np.maximum(got, 1e-10)) - want_log)[strong]
    return power.max(), log.max()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("n_fft", "hop"), SIZES)
def test_float32_is_within_its_promise_and_no_worse_than_torchs(n_fft, hop, kind, record_property):
    torch = peer("torch")
    x = signals.SIGNALS[kind](16000).astype(np.float32)
    spec = {"n_fft": n_fft, "hop_length": hop}
    exact = reference.extract({**spec, "power": None}, x)
    theirs = torch.stft(
        torch.from_numpy(x),
        n_fft,
        hop,
        window=torch.hann_window(n_fft),
        return_complex=True,
    )
    ours = run({**spec, "power": None}, x)
    pair = relative_l2(ours, exact), relative_l2(theirs.numpy(), exact)
    record_property("stft relative L2, ours and torch's", pair)
    assert pair[0] <= min(L2["float32"], pair[1])

    power = np.abs(exact) ** 2
    log = np.log(np.maximum(power, 1e-10))
    ours = errors(run(spec, x).astype(float), power, log)
    torchs = errors(theirs.abs().pow(2).numpy().astype(float), power, log)
    record_property("power and log, ours and torch's", (ours, torchs))
    assert ours[0] <= min(1e-5, torchs[0])
    assert ours[1] <= min(1e-4, torchs[1])


@pytest.mark.parametrize("kind", KINDS)
def test_float32_mel_is_within_its_promise_and_no_worse_than_torchaudios(kind, record_property):
    torch, torchaudio = peer("torch"), peer("torchaudio")
    x = signals.SIGNALS[kind](16000).astype(np.float32)
    options = {"n_fft": 1024, "hop_length": 256, "n_mels": 80}
    spec = {**options, "filterbank": "mel"}
    exact = reference.extract(spec, x)
    log = np.log(np.maximum(exact, 1e-10))
    theirs = torchaudio.transforms.MelSpectrogram(16000, **options)(torch.from_numpy(x)).numpy()
    ours = errors(run(spec, x).astype(float), exact, log)
    torchs = errors(theirs.astype(float), exact, log)
    record_property("power and log, ours and torchaudio's", (ours, torchs))
    assert ours[0] <= min(1e-5, torchs[0])
    assert ours[1] <= min(1e-4, torchs[1])
