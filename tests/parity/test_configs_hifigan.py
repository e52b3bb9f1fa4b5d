# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""from_hifigan: the mel spectrogram of HiFi-GAN's meldataset.py."""

from __future__ import annotations

import json

import numpy as np
import pytest
from support import signals
from support.peers import peer

import sonogram

V1 = {
    "resblock": "1", "num_gpus": 0, "batch_size": 16, "learning_rate": 0.0002, "adam_b1": 0.8,
    "adam_b2": 0.99, "lr_decay": 0.999, "seed": 1234, "upsample_rates": [8, 8, 2, 2],
    "upsample_kernel_sizes": [16, 16, 4, 4], "upsample_initial_channel": 512,
    "resblock_kernel_sizes": [3, 7, 11], "resblock_dilation_sizes": [[1, 3, 5]] * 3,
    "segment_size": 8192, "num_mels": 80, "num_freq": 1025, "n_fft": 1024, "hop_size": 256,
    "win_size": 1024, "sampling_rate": 22050, "fmin": 0, "fmax": 8000, "fmax_for_loss": None,
    "num_workers": 4, "dist_config": {"dist_backend": "nccl"},
}  # fmt: skip
SPEECH = signals.speech(33001, 22050).astype(np.float32)


def reference(x, config, high):
    """The formula of mel_spectrogram in torch and librosa, as HiFi-GAN runs it."""
    torch, librosa = peer("torch"), peer("librosa")
    n_fft, hop = config["n_fft"], config["hop_size"]
    bank = librosa.filters.mel(sr=config["sampling_rate"], n_fft=n_fft, n_mels=config["num_mels"],
                               fmin=config["fmin"], fmax=high)  # fmt: skip
    pad = (n_fft - hop) // 2
    y = torch.nn.functional.pad(torch.from_numpy(x)[None], (pad, pad), mode="reflect")
    window = torch.hann_window(config["win_size"])
    spectrum = torch.stft(y, n_fft, hop, config["win_size"], window, center=False,
                          return_complex=True)[0]  # fmt: skip
    magnitude = torch.sqrt(torch.view_as_real(spectrum).pow(2).sum(-1) + 1e-9)
    return torch.log(torch.clamp(torch.from_numpy(bank) @ magnitude, min=1e-5)).numpy()


@pytest.mark.parametrize("loss", [False, True])
@pytest.mark.parametrize(
    "changes",
    [{}, {"n_fft": 2048, "win_size": 1200, "hop_size": 300, "num_mels": 100, "fmin": 40}],
    ids=str,
)
def test_from_hifigan_equals_mel_spectrogram(changes, loss):
    config = {**V1, **changes}
    got = sonogram.Extractor(sonogram.from_hifigan(config, loss=loss))(SPEECH)
    want = reference(SPEECH, config, None if loss else 8000)
    assert got.shape == want.shape
    # Floored at 1e-5: a float32 FFT's error of 1e-7 of a frame's peak is up to 1e-3 of the floor.
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-3)


def test_from_hifigan_reads_a_file_or_its_directory(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps(V1))
    spec = sonogram.from_hifigan(V1)
    assert sonogram.from_hifigan(tmp_path) == spec
    assert sonogram.from_hifigan(tmp_path / "config.json") == spec


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"n_ffts": 1024}, ValueError, ["n_ffts", "n_fft"]),
        ({"num_mels": "80"}, TypeError, ["num_mels", "80"]),
        ({"hop_size": 0}, ValueError, ["hop_size", "0"]),
        ({"win_size": 2048}, ValueError, ["win_length", "2048", "1024"]),
    ],
)
def test_from_hifigan_names_refused_keys(changes, error, words):
    with pytest.raises(error) as caught:
        sonogram.from_hifigan({**V1, **changes})
    assert all(word in str(caught.value) for word in words)
