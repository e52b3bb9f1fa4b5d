# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Whisper's log-mel and the models that took it over."""

from __future__ import annotations

from typing import Any

import numpy as np
from support.peers import peer

from .record import NUMPY_FFT, Original, both, package, transcribed, transformers_class
from .torch_steps import mel_bank, stft, tensor

RATE = 16000


def _compressed(power: Any, bank: Any) -> Any:
    torch = peer("torch")
    logs = torch.clamp(bank @ power, min=1e-10).log10()
    return (torch.maximum(logs, logs.max() - 8.0) + 4.0) / 4.0


def log_mel(
    x: np.ndarray,
    dtype: Any,
    n_mels: int,
    pad: int = 0,
    at_least: int = 0,
    at_most: int | None = None,
    multiple: int = 1,
    transposed: bool = False,
) -> np.ndarray:
    """Openai/whisper, whisper/audio.py, log_mel_spectrogram; zeros after the audio first."""
    torch = peer("torch")
    y = tensor(x, dtype)
    y = torch.nn.functional.pad(y, (0, max(pad, at_least - len(y))))[:at_most]
    power = stft(y, 400, 160)[..., :-1].abs() ** 2
    out = _compressed(power, mel_bank(dtype, RATE, 400, n_mels))
    out = torch.nn.functional.pad(out, (0, -out.shape[1] % multiple))
    return (out.T if transposed else out).numpy()


def openai(n_mels: int) -> Original:
    """Return whisper.log_mel_spectrogram(audio)."""

    def run(x: np.ndarray) -> np.ndarray:
        audio, torch = peer("whisper.audio"), peer("torch")
        return audio.log_mel_spectrogram(torch.from_numpy(x), n_mels=n_mels).numpy()

    double = both(log_mel, n_mels=n_mels)[1]
    return Original(run, ("torch", "librosa", "whisper"), double=double, living=True)


def hugging_face(n_mels: int, seconds: int = 30) -> Original:
    """Return transformers' WhisperFeatureExtractor: the audio in zeros to 30 s."""

    def run(x: np.ndarray) -> np.ndarray:
        make = transformers_class("WhisperFeatureExtractor")
        extractor = make(feature_size=n_mels, chunk_length=seconds)
        return extractor(x, sampling_rate=RATE, return_tensors="np")["input_features"][0]

    n = seconds * RATE
    double = both(log_mel, n_mels=n_mels, at_least=n, at_most=n)[1]
    needs = ("torch", "librosa", "torchaudio", "transformers")
    return Original(run, needs, double=double, living=True)


FASTER = "faster_whisper/feature_extractor.py"


def faster(n_mels: int) -> Original:
    """Return faster-whisper's FeatureExtractor, whose call pads 160 zeros to the audio."""

    def run(x: np.ndarray) -> np.ndarray:
        return package(FASTER).FeatureExtractor(feature_size=n_mels)(x)

    single, double = both(log_mel, n_mels=n_mels, pad=160)
    needs = ("torch", "librosa", FASTER)
    return Original(run, needs, double, single, living=True, note=NUMPY_FFT)


def cpp(n_mels: int) -> Original:
    """Whisper.cpp, src/whisper.cpp, log_mel_spectrogram: float32 FFT; sums and logs in double."""

    def recipe(x: np.ndarray, dtype: Any) -> np.ndarray:
        torch = peer("torch")
        y = tensor(x, dtype)
        y = torch.cat([y[1:201].flip(0), y, y.new_zeros(30 * RATE + 200)])
        spectrum = stft(y, 400, 160, center=False)[..., : (len(y) - 400) // 160]
        power = (spectrum.real**2 + spectrum.imag**2).double()
        return _compressed(power, mel_bank(dtype, RATE, 400, n_mels).double()).to(dtype).numpy()

    return transcribed(recipe)


def qwen3_asr() -> Original:
    """Return transformers' Qwen3ASRFeatureExtractor."""

    def run(x: np.ndarray) -> np.ndarray:
        extractor = transformers_class("Qwen3ASRFeatureExtractor")()
        return extractor(x, sampling_rate=RATE, return_tensors="np")["input_features"][0]

    double = both(log_mel, n_mels=128, at_least=30 * RATE, multiple=100)[1]
    needs = ("torch", "librosa", "torchaudio", "transformers")
    return Original(run, needs, double=double, living=True)


def _granite(x: np.ndarray, dtype: Any) -> np.ndarray:
    torch = peer("torch")
    power = stft(tensor(x, dtype), 512, 160, 400).abs() ** 2
    logs = torch.clamp(mel_bank(dtype, RATE, 512, 80, htk=True) @ power, min=1e-10).log10().T
    logs = torch.maximum(logs, logs.max() - 8.0) / 4 + 1
    return logs[: len(logs) // 2 * 2].reshape(-1, 160).numpy()


def _granite5(x: np.ndarray, dtype: Any) -> np.ndarray:
    torch = peer("torch")
    count = 2 * -(-(len(x) // 160) // 2)
    y = torch.nn.functional.pad(tensor(x, dtype), (0, max(0, (count - 1) * 160 + 1 - len(x))))
    power = stft(y, 512, 160, 400)[:, :count].abs() ** 2
    logs = torch.clamp(mel_bank(dtype, RATE, 512, 80, htk=True) @ power, min=1e-10).log10()
    logs = torch.maximum(logs, logs.max() - 8.0) / 4 + 1
    edged = torch.nn.functional.pad(logs[None], (1, 1), mode="replicate")[0]
    deltas = (edged[:, 2:] - edged[:, :-2]) / 2
    return torch.cat([logs, deltas]).T.reshape(-1, 320).numpy()


def granite(version: int) -> Original:
    """Return transformers' GraniteSpeechFeatureExtractor or GraniteSpeech5FeatureExtractor."""

    def run(x: np.ndarray) -> np.ndarray:
        if version == 5:
            made = transformers_class("GraniteSpeech5FeatureExtractor")()(x, sampling_rate=RATE)
        else:
            made = transformers_class("GraniteSpeechFeatureExtractor")()(x)
        return made["input_features"][0].numpy()

    double = both(_granite5 if version == 5 else _granite)[1]
    needs = ("torch", "librosa", "torchaudio", "transformers")
    return Original(run, needs, double=double, living=True, note="its bank is built in float32")


def _voxtral(x: np.ndarray, dtype: Any) -> np.ndarray:
    torch = peer("torch")
    power = stft(tensor(x, dtype), 400, 160)[..., :-1].abs() ** 2
    logs = torch.clamp(mel_bank(dtype, RATE, 400, 128) @ power, min=1e-10).log10()
    return ((torch.clamp(logs, min=1.5 - 8.0) + 4.0) / 4.0).numpy()


def voxtral() -> Original:
    """Return transformers' VoxtralRealtimeFeatureExtractor: the maximum is taken to be 1.5."""

    def run(x: np.ndarray) -> np.ndarray:
        extractor = transformers_class("VoxtralRealtimeFeatureExtractor")()
        made = extractor(x, sampling_rate=RATE, return_tensors="pt")
        return made["input_features"][0].numpy()

    needs = ("torch", "librosa", "torchaudio", "transformers")
    return Original(run, needs, double=both(_voxtral)[1], living=True)


ORIGINALS = {
    "whisper-80": openai(80),
    "whisper-128": openai(128),
    "whisper-80-hf": hugging_face(80),
    "whisper-128-hf": hugging_face(128),
    "whisper-80-faster": faster(80),
    "whisper-128-faster": faster(128),
    "whisper-80-cpp": cpp(80),
    "whisper-128-cpp": cpp(128),
    "qwen2-audio": hugging_face(128),
    "qwen2.5-omni": hugging_face(128, seconds=300),
    "qwen3-asr": qwen3_asr(),
    "voxtral-realtime-128": voxtral(),
    "s3tokenizer-128": transcribed(log_mel, n_mels=128),
    "wenet-log-mel-80": transcribed(log_mel, n_mels=80, transposed=True),
    "granite-speech": granite(1),
    "granite-speech-5": granite(5),
}
