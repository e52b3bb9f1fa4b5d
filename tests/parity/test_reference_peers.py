# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The reference against the originals, run in float64 where they can: it says what they say."""

from __future__ import annotations

import numpy as np
import pytest
import reference
from support import signals
from support.peers import peer
from support.recipes import KALDI, WHISPER


@pytest.mark.parametrize("pad_mode", ["reflect", "constant", "replicate", "circular"])
@pytest.mark.parametrize(
    ("n_fft", "win", "hop"), [(400, 400, 160), (512, 401, 100), (31, 30, 7), (5, 3, 9), (1, 1, 1)]
)
@pytest.mark.parametrize("normalized", [False, "frame_length"])
def test_reference_equals_torch_stft(n_fft, win, hop, pad_mode, normalized):
    torch = peer("torch")
    x = signals.speech(1203)
    want = torch.stft(
        torch.from_numpy(x),
        n_fft,
        hop,
        win,
        torch.hann_window(win, dtype=torch.float64),
        pad_mode=pad_mode,
        normalized=bool(normalized),
        return_complex=True,
    ).numpy()
    spec = {
        "n_fft": n_fft,
        "win_length": win,
        "hop_length": hop,
        "pad_mode": pad_mode,
        "normalized": normalized,
        "power": None,
    }
    got = reference.extract(spec, x)
    assert got.shape == want.shape
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-13)


@pytest.mark.parametrize("n", [31, 32, 33, 40, 100])
def test_reference_counts_uncentred_frames_as_torch(n):
    torch = peer("torch")
    x = signals.noise(n)
    window = torch.hann_window(20, dtype=torch.float64)
    want = torch.stft(
        torch.from_numpy(x), 31, 7, 20, window, center=False, return_complex=True
    ).numpy()
    spec = {"n_fft": 31, "win_length": 20, "hop_length": 7, "center": False, "power": None}
    np.testing.assert_allclose(reference.extract(spec, x), want, rtol=0, atol=1e-13)


@pytest.mark.parametrize("norm", [None, "slaney"])
@pytest.mark.parametrize("mel_scale", ["htk", "slaney"])
def test_reference_equals_torchaudio_mel(mel_scale, norm):
    torchaudio, torch = peer("torchaudio"), peer("torch")
    options = {"n_fft": 512, "hop_length": 128, "n_mels": 40, "f_min": 60.0, "f_max": 7000.0}
    options |= {"norm": norm, "mel_scale": mel_scale, "pad": 17, "normalized": True}
    x = signals.speech(5000)
    transform = torchaudio.transforms.MelSpectrogram(16000, **options).double()
    want = transform(torch.from_numpy(x)).numpy()
    got = reference.extract({**options, "pad": (17, 17), "filterbank": "mel"}, x)
    # torchaudio builds window and filters in float32
    np.testing.assert_allclose(got, want, rtol=0, atol=2e-5 * want.max())


@pytest.mark.parametrize("norm", [None, "slaney"])
@pytest.mark.parametrize("htk", [False, True])
@pytest.mark.parametrize(("rate", "n_fft", "n_mels"), [(22050, 1024, 80), (11025, 401, 20)])
def test_reference_filterbank_equals_librosa(rate, n_fft, n_mels, htk, norm):
    filters = peer("librosa.filters")
    want = filters.mel(
        sr=rate, n_fft=n_fft, n_mels=n_mels, fmin=50, htk=htk, norm=norm, dtype=np.float64
    )
    scale = "htk" if htk else "slaney"
    got = reference.mel_filterbank(rate, n_fft, n_mels, f_min=50, mel_scale=scale, norm=norm)
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-12)


def test_reference_equals_openai_whisper():
    audio, torch = peer("whisper.audio"), peer("torch")
    x = signals.speech(48000)
    want = audio.log_mel_spectrogram(torch.from_numpy(x.astype(np.float32)), n_mels=80).numpy()
    got = reference.extract(WHISPER, x.astype(np.float32))
    assert got.shape == want.shape
    np.testing.assert_allclose(got, want, rtol=0, atol=2e-5)  # theirs is float32


@pytest.mark.parametrize("snip_edges", [True, False])
@pytest.mark.parametrize("n", [4000, 4079, 4080])
def test_reference_equals_torchaudio_kaldi_fbank(n, snip_edges):
    torchaudio, torch = peer("torchaudio"), peer("torch")
    kaldi = pytest.importorskip("torchaudio.compliance.kaldi", reason="part of torchaudio")
    assert torchaudio
    x = signals.speech(n)
    want = kaldi.fbank(
        torch.from_numpy(x)[None] * 32768, num_mel_bins=80, snip_edges=snip_edges
    ).numpy()
    spec = {**KALDI, "snip_edges": snip_edges}
    got = reference.extract(spec, x)
    assert got.shape == want.shape
    # its filters, window and lowest bands are float32 (or float64 made from float32 points)
    assert np.abs(got - want).max() < 5e-3
    assert np.abs(got - want).mean() < 2e-5


def test_reference_equals_scipy_short_time_fft():
    signal = peer("scipy.signal")
    x = signals.speech(2000)
    window = reference.window("hann", 128)
    stft = signal.ShortTimeFFT(window, hop=32, fs=16000, fft_mode="onesided", phase_shift=None)
    want = stft.stft(x, p0=2, p1=2 + (2000 - 128) // 32 + 1)
    spec = {"n_fft": 128, "hop_length": 32, "center": False, "power": None}
    np.testing.assert_allclose(reference.extract(spec, x), want, rtol=0, atol=1e-13)
