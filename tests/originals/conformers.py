# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""NeMo's recognisers and the other attention-based ones with a front end of their own."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from support.peers import peer

from .record import NUMPY_FFT, Original, both, package, transcribed, transformers_class
from .torch_steps import mel_bank, stft, tensor, tensorflow_mel

RATE = 16000


def nemo(
    x: np.ndarray,
    dtype: Any,
    n_mels: int,
    win: int = 400,
    normalize: bool = True,
    multiple: int = 1,
    transposed: bool = False,
) -> np.ndarray:
    """NeMo 3.0.0, asr/parts/preprocessing/features.py, FilterbankFeatures, in inference."""
    torch = peer("torch")
    y = tensor(x, dtype)
    y = torch.cat([y[:1], y[1:] - 0.97 * y[:-1]])
    spectrum = stft(y, 512, 160, win, periodic=False, pad_mode="constant")
    power = torch.sqrt(torch.view_as_real(spectrum).pow(2).sum(-1)).pow(2)
    logs = torch.log(mel_bank(dtype, RATE, 512, n_mels, 0.0, 8000.0) @ power + 2**-24)
    valid = len(x) // 160
    if normalize:
        true = logs[:, :valid]
        mean = true.sum(1, keepdim=True) / valid
        deviation = torch.sqrt(((true - mean) ** 2).sum(1, keepdim=True) / (valid - 1.0))
        logs = (logs - mean) / (deviation + 1e-5)
    logs[:, valid:] = 0.0
    logs = torch.nn.functional.pad(logs, (0, -logs.shape[1] % multiple))
    return (logs.T if transposed else logs).numpy()


def hugging_face(name: str, n_mels: int, normalize: bool = True, **options: Any) -> Original:
    """Transformers' own versions of NeMo's features, time first."""

    def run(x: np.ndarray) -> np.ndarray:
        extractor = transformers_class(name)(feature_size=n_mels, **options)
        made = extractor(x, sampling_rate=RATE, return_tensors="pt")
        return made["input_features"][0].numpy()

    double = both(nemo, n_mels=n_mels, normalize=normalize, transposed=True)[1]
    needs = ("torch", "librosa", "torchaudio", "transformers")
    return Original(run, needs, double=double, living=True)


def _espnet(x: np.ndarray, dtype: Any) -> np.ndarray:
    torch = peer("torch")
    spectrum = stft(tensor(x, dtype), 512, 128)
    power = spectrum.real**2 + spectrum.imag**2
    mel = power.T @ mel_bank(dtype, RATE, 512, 80, 0.0, 8000.0).T
    return torch.clamp(mel, min=1e-10).log().numpy()


def espnet() -> Original:
    """Return espnet2.asr.frontend.default.DefaultFrontend, without the normalisation after it."""
    module = "espnet2.asr.frontend.default"

    def run(x: np.ndarray) -> np.ndarray:
        torch = peer("torch")
        front = package(module).DefaultFrontend(fs=RATE)
        with torch.no_grad():
            made, _ = front(torch.from_numpy(x)[None], torch.tensor([len(x)]))
        return made[0].numpy()

    double = both(_espnet)[1]
    needs = ("torch", "librosa", "torchaudio", module)
    return Original(run, needs, double=double, living=True)


def _piecewise(x: Any) -> Any:
    return peer("torch").where(x > math.e, x.clamp(min=math.e).log(), x / math.e)


def emformer() -> Original:
    """Torchaudio, pipelines/rnnt_pipeline.py, without the statistics it downloads."""
    gain = 10 ** (0.05 * 2 * 20 * math.log10(32767))

    def run(x: np.ndarray) -> np.ndarray:
        torch, torchaudio = peer("torch"), peer("torchaudio")
        mel = torchaudio.transforms.MelSpectrogram(
            sample_rate=RATE, n_fft=400, n_mels=80, hop_length=160
        )(torch.from_numpy(x))
        logs = _piecewise(mel.transpose(1, 0) * gain)
        return torch.nn.functional.pad(logs, (0, 0, 0, 4)).numpy()

    def double(x: np.ndarray) -> np.ndarray:
        torch = peer("torch")
        power = stft(tensor(x, torch.float64), 400, 160).abs() ** 2
        logs = _piecewise((mel_bank(torch.float64, RATE, 400, 80, htk=True) @ power).T * gain)
        return torch.nn.functional.pad(logs, (0, 0, 0, 4)).numpy()

    needs = ("torch", "librosa", "torchaudio")
    return Original(run, needs, double=double, note="its bank is built in float32")


def _overlong(x: np.ndarray, dtype: Any, win: int, before: int) -> Any:
    """Gemma: frames of `win` samples that have one more, of the audio in multiples of 128."""
    x = x[:480_000]
    y = peer("torch").nn.functional.pad(tensor(x, dtype), (before, -len(x) % 128))
    return y.unfold(0, win + 1, 160)[:, :win]


def _gemma3n(x: np.ndarray, dtype: Any) -> np.ndarray:
    torch = peer("torch")
    frames = _overlong(x, dtype, 512, 0)
    frames = frames - 0.97 * torch.cat([frames[:, :1], frames[:, :-1]], dim=1)
    magnitude = torch.fft.rfft(frames * torch.hann_window(512, dtype=dtype), n=1024).abs()
    mel = magnitude @ mel_bank(dtype, RATE, 1024, 128, 125.0, 7600.0, htk=True).T
    return torch.log(torch.clamp(mel, min=1e-5)).numpy()


def _gemma4(x: np.ndarray, dtype: Any) -> np.ndarray:
    torch = peer("torch")
    frames = _overlong(x, dtype, 320, 160) * torch.hann_window(320, dtype=dtype)
    magnitude = torch.fft.rfft(frames, n=512).abs()
    logs = torch.log(magnitude @ mel_bank(dtype, RATE, 512, 128, 0.0, 8000.0, htk=True).T + 1e-3)
    logs[max(0, -(-min(len(x), 480_000) // 160) - 1) :] = 0.0
    return logs.numpy()


def gemma(version: int) -> Original:
    """Return transformers' Gemma3nAudioFeatureExtractor or Gemma4AudioFeatureExtractor."""
    name = {3: "Gemma3nAudioFeatureExtractor", 4: "Gemma4AudioFeatureExtractor"}[version]

    def run(x: np.ndarray) -> np.ndarray:
        made = transformers_class(name)()([x], return_tensors="np")
        return np.asarray(made["input_features"][0])

    single, double = both({3: _gemma3n, 4: _gemma4}[version])
    needs = ("torch", "librosa", "torchaudio", "transformers")
    return Original(run, needs, double, single, living=True, note=NUMPY_FFT)


def _lasr(x: np.ndarray, dtype: Any) -> np.ndarray:
    torch = peer("torch")
    frames = tensor(x, dtype).unfold(-1, 400, 160)
    window = torch.hann_window(400, periodic=False, dtype=dtype)
    power = torch.fft.rfft(frames * window, n=512).abs() ** 2
    bank = torch.from_numpy(tensorflow_mel(128).T).to(dtype)
    return torch.log(torch.clamp(power @ bank, min=1e-5)).numpy()


def lasr() -> Original:
    """Return transformers' LasrFeatureExtractor."""

    def run(x: np.ndarray) -> np.ndarray:
        extractor = transformers_class("LasrFeatureExtractor")()
        made = extractor(x, sampling_rate=RATE, return_tensors="pt")
        return made["input_features"][0].numpy()

    single, double = both(_lasr)
    needs = ("torch", "librosa", "torchaudio", "transformers")
    note = "float64 to the end, then rounded to float32"
    return Original(run, needs, double, single, living=True, wide=True, note=note)


def _inkling(x: np.ndarray, dtype: Any) -> np.ndarray:
    torch = peer("torch")
    y = torch.nn.functional.pad(tensor(x, dtype), (800, -len(x) % 800))
    power = torch.view_as_real(stft(y, 1600, 800, center=False)).pow(2).sum(-1)
    mel = mel_bank(dtype, RATE, 1600, 80) @ power.clamp_min(1e-10).sqrt()
    return mel.clamp_min(1e-10).log10().T.numpy()


def inkling() -> Original:
    """Return transformers' InklingFeatureExtractor."""

    def run(x: np.ndarray) -> np.ndarray:
        extractor = transformers_class("InklingFeatureExtractor")()
        made = extractor(x, sampling_rate=RATE, return_tensors="pt")
        return made["input_features"][0].numpy()

    needs = ("torch", "librosa", "torchaudio", "transformers")
    return Original(run, needs, double=both(_inkling)[1], living=True)


ORIGINALS = {
    "nemo-64": transcribed(nemo, n_mels=64, win=320, multiple=16),
    "nemo-80": transcribed(nemo, n_mels=80),
    "nemo-128": transcribed(nemo, n_mels=128),
    "parakeet-80-hf": hugging_face("ParakeetFeatureExtractor", 80),
    "parakeet-128-hf": hugging_face("ParakeetFeatureExtractor", 128),
    "cohere-asr-128": hugging_face("CohereAsrFeatureExtractor", 128, dither=0.0),
    "nemotron-streaming-80": hugging_face(
        "NemotronAsrStreamingFeatureExtractor", 80, normalize=False
    ),
    "espnet-asr-80": espnet(),
    "emformer-80": emformer(),
    "gemma3n-128": gemma(3),
    "gemma4-128": gemma(4),
    "lasr-128": lasr(),
    "inkling-80": inkling(),
}
