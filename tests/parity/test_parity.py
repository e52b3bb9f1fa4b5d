# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The same numbers as the libraries people come from, asked in the same words."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.signal
from support import signals, tolerance
from support.checks import LN, run
from support.peers import peer
from support.recipes import KALDI, WHISPER

import sonogram

SPEECH = signals.speech(2 * 12000).astype(np.float32).reshape(2, 12000)
OF_PEAK = 1e-5  # the promise; two float32 FFTs differ by a few 1e-7, the rest is float32 filters


def assert_near(got, want, of_peak=OF_PEAK):
    assert got.shape == want.shape
    assert got.dtype == want.dtype
    np.testing.assert_allclose(got, want, rtol=0, atol=of_peak * np.abs(want).max())


TORCHAUDIO_SPECTROGRAM = [
    {},
    {"n_fft": 512},
    {"n_fft": 512, "win_length": 400, "hop_length": 160},
    {"n_fft": 513, "win_length": 400, "hop_length": 7},
    {"n_fft": 1009, "hop_length": 2000},
    {"power": None},
    {"power": 1.0},
    {"power": 3.0, "n_fft": 200},
    {"normalized": True, "win_length": 300},
    {"normalized": "window", "power": None},
    {"normalized": "frame_length", "win_length": 300},
    {"pad": 100},
    {"pad": 17, "center": False},
    {"center": False},
    {"pad_mode": "constant"},
    {"pad_mode": "replicate", "pad": 9},
    {"pad_mode": "circular"},
    {"wkwargs": {"periodic": False}},
]


@pytest.mark.parametrize("options", TORCHAUDIO_SPECTROGRAM, ids=str)
def test_spectrogram_equals_torchaudios(options):
    torch, torchaudio = peer("torch"), peer("torchaudio")
    want = torchaudio.transforms.Spectrogram(**options)(torch.from_numpy(SPEECH)).numpy()
    if "wkwargs" in options:
        options = {"window_fn": torch.hann_window, **options}
    assert_near(sonogram.Spectrogram(**options)(SPEECH), want)


@pytest.mark.parametrize("window", ["hamming", "blackman", "bartlett", "kaiser"])
def test_torchs_windows_have_the_same_names(window):
    torch, torchaudio = peer("torch"), peer("torchaudio")
    made = {"window_fn": getattr(torch, f"{window}_window")}
    want = torchaudio.transforms.Spectrogram(**made)(torch.from_numpy(SPEECH)).numpy()
    assert_near(sonogram.Spectrogram(**made)(SPEECH), want)
    name = ("kaiser", 12.0) if window == "kaiser" else window
    assert_near(sonogram.spectrogram(SPEECH, window=name), want)


@pytest.mark.parametrize(
    "options",
    [
        {"n_fft": 1024, "n_mels": 80},
        {"n_fft": 1024, "hop_length": 256, "n_mels": 80, "sample_rate": 22050},
        {"n_mels": 40, "f_min": 50.0, "f_max": 7000.0},
        {"n_mels": 40, "mel_scale": "slaney", "norm": "slaney"},
        {"n_mels": 40, "norm": "slaney", "power": 1.0, "normalized": True},
        {"n_mels": 23, "pad": 30, "win_length": 320, "hop_length": 100, "center": False},
        {"n_fft": 2048, "hop_length": 512, "sample_rate": 44100, "mel_scale": "slaney"},
    ],
    ids=str,
)
def test_mel_spectrogram_equals_torchaudios(options):
    torch, torchaudio = peer("torch"), peer("torchaudio")
    want = torchaudio.transforms.MelSpectrogram(**options)(torch.from_numpy(SPEECH)).numpy()
    assert_near(sonogram.MelSpectrogram(**options)(SPEECH), want)


@pytest.mark.filterwarnings("ignore:.*n_mels")  # both warn of the empty filters
def test_the_default_mel_spectrogram_equals_torchaudios():
    torch, torchaudio = peer("torch"), peer("torchaudio")
    want = torchaudio.transforms.MelSpectrogram()(torch.from_numpy(SPEECH)).numpy()
    assert_near(sonogram.MelSpectrogram()(SPEECH), want)


@pytest.mark.parametrize("mel_scale", ["htk", "slaney"])
@pytest.mark.parametrize("norm", [None, "slaney"])
def test_mel_filterbank_is_the_transpose_of_torchaudios(norm, mel_scale):
    functional = peer("torchaudio").functional
    want = functional.melscale_fbanks(513, 0.0, 8000.0, 80, 16000, norm, mel_scale).numpy()
    got = sonogram.mel_filterbank(n_fft=1024, n_mels=80, norm=norm, mel_scale=mel_scale)
    np.testing.assert_allclose(got.T, want, rtol=0, atol=2e-5 * want.max())


@pytest.mark.parametrize("top_db", [None, 80.0])
def test_decibels_equal_torchaudios_item_by_item(top_db):
    torch, torchaudio = peer("torch"), peer("torchaudio")
    power = sonogram.spectrogram(SPEECH)
    for stype, ours, data in (
        ("power", sonogram.power_to_db, power),
        ("magnitude", sonogram.amplitude_to_db, np.sqrt(power)),
    ):
        to_db = torchaudio.transforms.AmplitudeToDB(stype, top_db)
        got = ours(data, amin=1e-10, top_db=top_db)
        for item in range(2):
            want = to_db(torch.from_numpy(data[item])).numpy()
            np.testing.assert_allclose(got[item], want, rtol=0, atol=1e-4)


@pytest.mark.parametrize(
    ("n_fft", "hop", "win"), [(400, 160, 400), (2048, 512, 2048), (601, 150, 500)]
)
@pytest.mark.parametrize("center", [True, False])
def test_stft_equals_librosas(n_fft, hop, win, center):
    librosa = peer("librosa")
    want = librosa.stft(
        SPEECH, n_fft=n_fft, hop_length=hop, win_length=win, center=center, pad_mode="reflect"
    )
    got = sonogram.stft(SPEECH, n_fft, hop_length=hop, win_length=win, center=center)
    assert_near(got, want)


@pytest.mark.parametrize("htk", [False, True])
@pytest.mark.parametrize("norm", [None, "slaney"])
def test_mel_spectrogram_equals_librosas(norm, htk):
    librosa = peer("librosa")
    want = librosa.feature.melspectrogram(
        y=SPEECH, sr=22050, n_fft=1024, hop_length=256, n_mels=80, htk=htk, norm=norm, fmax=8000
    )
    options = {"sample_rate": 22050, "n_fft": 1024, "hop_length": 256, "n_mels": 80}
    options |= {"norm": norm, "mel_scale": "htk" if htk else "slaney", "f_max": 8000.0}
    got = sonogram.mel_spectrogram(SPEECH, pad_mode="constant", **options)
    assert_near(got, want)


def test_decibels_equal_librosas():
    librosa = peer("librosa")
    power = sonogram.spectrogram(SPEECH[0])
    got = sonogram.power_to_db(power, top_db=60.0)
    np.testing.assert_allclose(got, librosa.power_to_db(power, top_db=60.0), rtol=0, atol=1e-4)


def test_log_mel_equals_openai_whispers():
    audio, torch = peer("whisper.audio"), peer("torch")
    for signal in ("speech", "click", "quiet", "silence", "noise"):
        for n in (48000, 15999, 16001, 16159):
            x = signals.SIGNALS[signal](n).astype(np.float32)
            for n_mels in (80, 128):
                want = audio.log_mel_spectrogram(torch.from_numpy(x), n_mels=n_mels).numpy()
                got = run({**WHISPER, "n_mels": n_mels}, x)
                assert got.shape == want.shape
                np.testing.assert_allclose(got, want, rtol=0, atol=3e-5)


@pytest.mark.parametrize("snip_edges", [True, False])
def test_fbank_recipe_equals_torchaudios_kaldi(snip_edges):
    torch = peer("torch")
    assert peer("torchaudio")
    kaldi = peer("torchaudio.compliance.kaldi")
    x = SPEECH[0]
    want = kaldi.fbank(
        torch.from_numpy(x)[None] * 32768, num_mel_bins=80, snip_edges=snip_edges
    ).numpy()
    got = run({**KALDI, "snip_edges": snip_edges}, x)
    assert got.shape == want.shape
    # Within 50 dB of the frame's largest bin as checks.py promises; below it Kaldi-style originals
    # differ among themselves by 5e-3 and more, on some instruction sets more than on others, and
    # what float32 leaves open is the bound.
    spec = {**KALDI, "snip_edges": snip_edges}
    exact = run(spec, x.astype(np.float64))
    assert tolerance.used(spec, x, got, exact, LN["float32"]) <= 1
    assert tolerance.used(spec, x, got, want, LN["float32"]) <= 1
    assert np.abs(got - want).mean() < 2e-5


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("n_fft", "hop"), [(256, 64), (401, 100), (1000, 333)])
def test_stft_equals_scipys(n_fft, hop, dtype):
    x = SPEECH[0].astype(dtype)
    window = scipy.signal.get_window("hann", n_fft)
    short = scipy.signal.ShortTimeFFT(window, hop=hop, fs=1, phase_shift=None)
    start = -(-(n_fft // 2) // hop)  # the first window that lies wholly in the signal
    first = start * hop - n_fft // 2
    count = 1 + (len(x) - first - n_fft) // hop
    want = short.stft(x.astype(float), p0=start, p1=start + count)
    got = sonogram.stft(x[first:], n_fft, hop_length=hop, center=False)
    assert_near(got.astype(complex), want, 1e-6 if dtype == "float32" else 1e-14)
