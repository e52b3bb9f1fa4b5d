# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Audio tagging, embeddings, speakers, voice activity, chroma and raw audio."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
from support.peers import peer

from .kaldi_double import RATE as KALDI_RATE
from .record import CONVOLVED, Original, both, package, transcribed, transformers_class
from .torch_steps import mel_bank, reflected, stft, tensor, tensorflow_mel

HF = ("torch", "librosa", "torchaudio", "transformers")
COMPLEX64 = "FFT in float64, rounded to complex64; the result to float32"


def _decibels(
    x: np.ndarray,
    dtype: Any,
    rate: int,
    n_fft: int,
    hop: int,
    f_min: float,
    f_max: float,
    htk: bool = False,
) -> np.ndarray:
    torch = peer("torch")
    spectrum = stft(tensor(x, dtype), n_fft, hop)
    power = (spectrum.real**2 + spectrum.imag**2).T
    mel = power @ mel_bank(dtype, rate, n_fft, 64, f_min, f_max, htk).T
    return (10.0 * torch.log10(torch.clamp(mel, min=1e-10))).numpy()


def panns(rate: int, hop: int, f_min: float, f_max: float) -> Original:
    """Return torchlibrosa's Spectrogram and LogmelFilterBank, as panns_inference sets them."""

    def run(x: np.ndarray) -> np.ndarray:
        torch, module = peer("torch"), package("torchlibrosa.stft")
        spectrogram = module.Spectrogram(n_fft=1024, hop_length=hop, win_length=1024)
        logmel = module.LogmelFilterBank(
            sr=rate, n_fft=1024, n_mels=64, fmin=f_min, fmax=f_max, ref=1.0, amin=1e-10, top_db=None
        )
        with torch.no_grad():
            return logmel(spectrogram(torch.from_numpy(x)[None]))[0, 0].numpy()

    single, double = both(_decibels, rate=rate, n_fft=1024, hop=hop, f_min=f_min, f_max=f_max)
    needs = ("torch", "librosa", "torchlibrosa.stft")
    note = "its DFT is a float32 convolution"
    return Original(run, needs, double, single, living=True, note=note, noise=CONVOLVED)


def repeated(x: np.ndarray, length: int) -> np.ndarray:
    """CLAP's repeatpad: whole repeats of the audio that fit, then zeros; the start if longer."""
    x = np.tile(x[:length], max(1, length // len(x)))
    return np.pad(x, (0, length - len(x)))


def clap(fusion: bool, f_min: float = 0.0) -> Original:
    """Return transformers' ClapFeatureExtractor for up to 10 s, where it does not draw lots."""

    def run(x: np.ndarray) -> np.ndarray:
        extractor = transformers_class("ClapFeatureExtractor")(frequency_min=f_min)
        mode = "fusion" if fusion else "rand_trunc"
        made = extractor(x, truncation=mode, sampling_rate=48000, return_tensors="np")
        return made["input_features"][0, 0]

    def recipe(x: np.ndarray, dtype: Any) -> np.ndarray:
        return _decibels(repeated(x, 480_000), dtype, 48000, 1024, 480, f_min, 14000.0, fusion)

    single, double = both(recipe)
    return Original(run, HF, double, single, living=True, wide=True, note=COMPLEX64)


def laion(fusion: bool) -> Original:
    """LAION-CLAP, training/data.py (int16 round trip, repeatpad) and clap_module/htsat.py."""

    def heard(x: np.ndarray) -> np.ndarray:
        rounded = (np.clip(x, -1.0, 1.0) * 32767.0).astype(np.int16)
        return repeated((rounded / 32767.0).astype(x.dtype), 480_000)

    def recipe(x: np.ndarray, dtype: Any) -> np.ndarray:
        return _decibels(heard(x), dtype, 48000, 1024, 480, 50.0, 14000.0, fusion)

    return transcribed(recipe)


def _audioset(x: np.ndarray, dtype: Any, offset: float) -> Any:
    torch = peer("torch")
    window = torch.hann_window(400, dtype=dtype)
    frames = tensor(x, dtype).unfold(0, 400, 160) * window
    magnitude = torch.fft.rfft(frames, n=512).abs()
    return torch.log(magnitude @ torch.from_numpy(tensorflow_mel(64).T).to(dtype) + offset)


def yamnet(patches: bool) -> Original:
    """TensorFlow models, research/audioset/yamnet/features.py, pad_waveform included."""

    def recipe(x: np.ndarray, dtype: Any) -> np.ndarray:
        length = max(len(x), 15600)
        x = np.pad(x, (0, length - len(x) + -(length - 15600) % 7680))
        logs = _audioset(x, dtype, 0.001)
        return (logs.unfold(0, 96, 48).transpose(1, 2) if patches else logs).numpy()

    return transcribed(recipe)


def vggish(patches: bool) -> Original:
    """TensorFlow models, research/audioset/vggish/mel_features.py: NumPy in float64."""

    def recipe(x: np.ndarray, dtype: Any) -> np.ndarray:
        logs = _audioset(x, dtype, 0.01)
        return (logs.unfold(0, 96, 96).transpose(1, 2) if patches else logs).numpy()

    single, double = both(recipe)

    def run(x: np.ndarray) -> np.ndarray:
        frames = np.lib.stride_tricks.sliding_window_view(x, 400)[::160]
        window = 0.5 - 0.5 * np.cos(2 * np.pi / 400 * np.arange(400))
        magnitude = np.abs(np.fft.rfft(frames * window, 512))
        logs = np.log(np.dot(magnitude, tensorflow_mel(64).T) + 0.01)
        if not patches:
            return logs
        return np.stack([logs[96 * i : 96 * (i + 1)] for i in range(len(logs) // 96)])

    needs = ("torch",)
    return Original(run, needs, double, single, wide=True, note="float64 from end to end")


def silero() -> Original:
    """Return Silero VAD's STFT with the weights it ships, on the first chunk of a stream."""

    def run(x: np.ndarray) -> np.ndarray:
        torch = peer("torch")
        found = importlib.util.find_spec("silero_vad")
        assert found is not None
        assert found.origin is not None
        path = Path(found.origin).parent / "data" / "silero_vad_16k.safetensors"
        weights = package("safetensors.torch").load_file(path)["stft_conv.weight"]
        y = torch.nn.functional.conv1d(chunk(x, torch.float32)[None, None], weights, stride=128)
        return torch.sqrt(y[0, :129] ** 2 + y[0, 129:] ** 2).numpy()

    def double(x: np.ndarray) -> np.ndarray:
        y = chunk(x, peer("torch").float64)
        return stft(y, 256, 128, center=False).abs().numpy()

    def chunk(x: np.ndarray, dtype: Any) -> Any:
        context = peer("torch").nn.functional.pad(tensor(x, dtype), (64, 0))
        return reflected(context, 0, 64)

    note = "its DFT is a float32 convolution with stored weights"
    needs = ("torch", "silero_vad", "safetensors.torch")
    return Original(run, needs, double=double, living=True, note=note)


def _speechbrain(x: np.ndarray, dtype: Any) -> np.ndarray:
    torch = peer("torch")
    spectrum = stft(tensor(x, dtype), 400, 160, window="hamming", pad_mode="constant")
    power = (spectrum.real**2 + spectrum.imag**2).T
    mel = torch.linspace(0.0, 2595 * np.log10(1 + 8000.0 / 700), 82, dtype=dtype)
    edges = 700 * (10 ** (mel / 2595) - 1)
    width = (edges[1:] - edges[:-1])[:-1, None]
    slope = (torch.linspace(0, 8000, 201, dtype=dtype) - edges[1:-1, None]) / width
    bank = torch.clamp(torch.minimum(slope + 1, 1 - slope), min=0.0)
    decibels = 10 * torch.log10(torch.clamp(power @ bank.T, min=1e-10))
    decibels = torch.maximum(decibels, decibels.max() - 80.0)
    return (decibels - decibels.mean(0)).numpy()


def speechbrain() -> Original:
    """Return speechbrain's Fbank(n_mels=80) and InputNormalization of train_ecapa_tdnn.yaml."""

    def run(x: np.ndarray) -> np.ndarray:
        torch = peer("torch")
        peer("torchaudio")
        front = package("speechbrain.lobes.features").Fbank(n_mels=80)
        norm = package("speechbrain.processing.features").InputNormalization(
            norm_type="sentence", std_norm=False
        )
        y = front(torch.from_numpy(x)[None])
        return norm(y, torch.ones(1))[0].numpy()

    double = both(_speechbrain)[1]
    modules = ("speechbrain.lobes.features", "speechbrain.processing.features")
    note = "its bank is built in float32"
    return Original(run, ("torch", "torchaudio", *modules), double=double, living=True, note=note)


def musicgen() -> Original:
    """Return transformers' MusicgenMelodyFeatureExtractor."""

    def run(x: np.ndarray) -> np.ndarray:
        extractor = transformers_class("MusicgenMelodyFeatureExtractor")()
        made = extractor(x, sampling_rate=32000, return_tensors="np")
        return made["input_features"][0]

    def double(x: np.ndarray) -> np.ndarray:
        torch = peer("torch")
        short = max(0, 16384 - len(x))
        x = np.pad(x[: 30 * 32000], (short // 2, short - short // 2))
        power = stft(tensor(x, torch.float64), 16384, 4096).abs() ** 2
        bank = peer("librosa").filters.chroma(sr=32000, n_fft=16384, tuning=0.0, dtype=np.float64)
        chroma = bank @ power.numpy()
        return np.eye(12)[chroma.argmax(0)]

    return Original(run, HF, double=double, living=True, note="one-hot: equal or not")


def wav2vec2() -> Original:
    """Return transformers' Wav2Vec2FeatureExtractor: normalised raw audio."""

    def run(x: np.ndarray) -> np.ndarray:
        extractor = transformers_class("Wav2Vec2FeatureExtractor")()
        made = extractor(x, sampling_rate=KALDI_RATE, return_tensors="np")
        return made["input_values"][0]

    def double(x: np.ndarray) -> np.ndarray:
        x = x.astype(np.float64)
        return (x - x.mean()) / np.sqrt(x.var() + 1e-7)

    return Original(run, HF, double=double, living=True)


ORIGINALS = {
    "panns-64": panns(32000, 320, 50.0, 14000.0),
    "panns-64-16k": panns(16000, 160, 50.0, 8000.0),
    "ms-clap-2023": panns(44100, 320, 50.0, 8000.0),
    "clap-fusion": clap(fusion=True),
    "clap-rand-trunc": clap(fusion=False),
    "clap-htsat-fused": clap(fusion=True, f_min=50.0),
    "clap-htsat-unfused": clap(fusion=False, f_min=50.0),
    "laion-clap-fusion": laion(fusion=True),
    "laion-clap": laion(fusion=False),
    "yamnet-64": yamnet(patches=False),
    "yamnet-64-patches": yamnet(patches=True),
    "vggish-64": vggish(patches=False),
    "vggish-64-patches": vggish(patches=True),
    "silero-vad-16k": silero(),
    "speechbrain-ecapa-80": speechbrain(),
    "musicgen-chroma": musicgen(),
    "wav2vec2": wav2vec2(),
}
