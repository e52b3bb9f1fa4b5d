# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Vocoders and speech synthesis: mel spectrograms of magnitudes."""

from __future__ import annotations

from typing import Any

import numpy as np
from support.peers import peer

from .record import CONVOLVED, Original, both, package, transcribed, transformers_class
from .torch_steps import mel_bank, reflected, stft, tensor


def hop_aligned(
    x: np.ndarray,
    dtype: Any,
    rate: int,
    n_fft: int,
    hop: int,
    n_mels: int = 80,
    f_max: float | None = None,
    root_eps: float = 1e-9,
    squared_modulus: bool = False,
    statistics: tuple[float, float] | None = None,
    peak: float | None = None,
    transposed: bool = False,
) -> np.ndarray:
    """HiFi-GAN, meldataset.py, mel_spectrogram, and its descendants.

    (n_fft - hop) / 2 samples of reflection on each side, an epsilon under the root, no band at all
    for n_mels 0 (VITS, mel_processing.py, spectrogram_torch), else ln(max(mel, 1e-5)).
    """
    torch = peer("torch")
    y = tensor(x, dtype)
    if peak is not None and y.abs().max() > 0:  # librosa.util.normalize(audio) * 0.95
        y = y / y.abs().max() * peak
    pad = (n_fft - hop) // 2
    spectrum = stft(reflected(y, pad, pad), n_fft, hop, center=False)
    if squared_modulus:  # GPT-SoVITS
        power = spectrum.abs().pow(2)
    else:
        power = torch.view_as_real(spectrum).pow(2).sum(-1)
    out = torch.sqrt(power + root_eps)
    if n_mels:
        out = torch.log(torch.clamp(mel_bank(dtype, rate, n_fft, n_mels, 0.0, f_max) @ out, 1e-5))
    if statistics is not None:  # Matcha-TTS, utils/model.py, normalize
        out = (out - statistics[0]) / statistics[1]
    return (out.T if transposed else out).numpy()


def tacotron(x: np.ndarray, dtype: Any, clip: float | None = None) -> np.ndarray:
    """NVIDIA/tacotron2, stft.py and layers.py: a DFT written as a convolution."""
    torch = peer("torch")
    y = tensor(x, dtype)
    if clip is not None:  # FastSpeech2, audio/tools.py, get_mel_from_wav
        y = torch.clip(y, -clip, clip)
    basis = np.fft.fft(np.eye(1024))[:513]
    basis = np.vstack([basis.real, basis.imag]) * _scipy_hann(1024)
    kernel = torch.from_numpy(basis[:, None, :]).to(dtype)
    both_parts = torch.nn.functional.conv1d(reflected(y, 512, 512)[None, None], kernel, stride=256)
    real, imaginary = both_parts[0, :513], both_parts[0, 513:]
    mel = mel_bank(dtype, 22050, 1024, 80, 0.0, 8000.0) @ torch.sqrt(real**2 + imaginary**2)
    return torch.log(torch.clamp(mel, min=1e-5)).numpy()


def _scipy_hann(n: int) -> np.ndarray:
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)


def bigvgan(rate: int, n_fft: int, hop: int, n_mels: int, f_max: float | None) -> Original:
    """Return bigvgan.meldataset.mel_spectrogram of a released model's config.json."""

    def run(x: np.ndarray) -> np.ndarray:
        mel = package("bigvgan.meldataset").mel_spectrogram
        y = peer("torch").from_numpy(x)[None]
        return mel(y, n_fft, n_mels, rate, hop, n_fft, 0, f_max)[0].numpy()

    double = both(hop_aligned, rate=rate, n_fft=n_fft, hop=hop, n_mels=n_mels, f_max=f_max)[1]
    return Original(run, ("torch", "librosa", "bigvgan.meldataset"), double=double, living=True)


def _centred_htk(x: np.ndarray, dtype: Any, floor: float, level: float | None = None) -> np.ndarray:
    torch = peer("torch")
    y = tensor(x, dtype)
    if level is not None:
        rms = torch.sqrt(torch.mean(torch.square(y)))
        y = y * level / rms if 0 < rms < level else y
    mel = mel_bank(dtype, 24000, 1024, 100, htk=True) @ stft(y, 1024, 256).abs()
    return torch.log(torch.clip(mel, min=floor)).numpy()


def vocos() -> Original:
    """Return vocos.feature_extractors.MelSpectrogramFeatures()."""

    def run(x: np.ndarray) -> np.ndarray:
        peer("torchaudio")
        extractor = package("vocos.feature_extractors").MelSpectrogramFeatures()
        return extractor(peer("torch").from_numpy(x)[None])[0].numpy()

    needs = ("torch", "librosa", "torchaudio", "vocos.feature_extractors")
    double = both(_centred_htk, floor=1e-7)[1]
    return Original(run, needs, double=double, living=True, note="its bank is built in float32")


def f5(level: float | None = None) -> Original:
    """F5-TTS, model/modules.py, get_vocos_mel_spectrogram; infer/utils_infer.py for the level."""

    def run(x: np.ndarray) -> np.ndarray:
        torch, torchaudio = peer("torch"), peer("torchaudio")
        y = torch.from_numpy(x)
        if level is not None:
            rms = torch.sqrt(torch.mean(torch.square(y)))
            y = y * level / rms if 0 < rms < level else y
        mel = torchaudio.transforms.MelSpectrogram(
            sample_rate=24000,
            n_fft=1024,
            win_length=1024,
            hop_length=256,
            n_mels=100,
            power=1,
            center=True,
            normalized=False,
            norm=None,
        )(y)
        return mel.clamp(min=1e-5).log().numpy()

    double = both(_centred_htk, floor=1e-5, level=level)[1]
    note = "its bank is built in float32; silence has no level and stays"
    return Original(run, ("torch", "librosa", "torchaudio"), double=double, note=note)


def style() -> Original:
    """StyleTTS2, meldataset.py, preprocess: 24 kHz audio, a bank for 16 kHz."""

    def run(x: np.ndarray) -> np.ndarray:
        torch, torchaudio = peer("torch"), peer("torchaudio")
        to_mel = torchaudio.transforms.MelSpectrogram(
            n_mels=80, n_fft=2048, win_length=1200, hop_length=300
        )
        return ((torch.log(1e-5 + to_mel(torch.from_numpy(x))) + 4) / 4).numpy()

    def double(x: np.ndarray) -> np.ndarray:
        torch = peer("torch")
        power = stft(tensor(x, torch.float64), 2048, 300, 1200).abs() ** 2
        mel = mel_bank(torch.float64, 16000, 2048, 80, htk=True) @ power
        return ((torch.log(1e-5 + mel) + 4) / 4).numpy()

    note = "its bank is built in float32"
    return Original(run, ("torch", "librosa", "torchaudio"), double=double, note=note)


def _espnet(x: np.ndarray, dtype: Any, rate: int, f_min: float, f_max: float) -> np.ndarray:
    torch = peer("torch")
    spectrum = stft(tensor(x, dtype), 1024, 256)
    amplitude = torch.sqrt(torch.clamp(spectrum.real**2 + spectrum.imag**2, min=1e-10))
    mel = amplitude.T @ mel_bank(dtype, rate, 1024, 80, f_min, f_max).T
    return torch.clamp(mel, min=1e-10).log10().numpy()


def espnet() -> Original:
    """Return espnet2.tts.feats_extract.log_mel_fbank.LogMelFbank of the LJSpeech recipe."""

    def run(x: np.ndarray) -> np.ndarray:
        torch = peer("torch")
        module = package("espnet2.tts.feats_extract.log_mel_fbank")
        extract = module.LogMelFbank(fs=22050, fmin=80, fmax=7600)
        return extract(torch.from_numpy(x)[None], torch.tensor([len(x)]))[0][0].numpy()

    double = both(_espnet, rate=22050, f_min=80.0, f_max=7600.0)[1]
    needs = ("torch", "librosa", "torchaudio", "espnet2.tts.feats_extract.log_mel_fbank")
    return Original(run, needs, double=double, living=True)


def _speecht5(x: np.ndarray, dtype: Any) -> np.ndarray:
    torch = peer("torch")
    magnitude = stft(tensor(x, dtype), 1024, 256).abs()
    mel = magnitude.T @ mel_bank(dtype, 16000, 1024, 80, 80.0, 7600.0).T
    return torch.clamp(mel, min=1e-10).log10().numpy()


def speecht5() -> Original:
    """Return transformers' SpeechT5FeatureExtractor(audio_target=...)."""

    def run(x: np.ndarray) -> np.ndarray:
        extractor = transformers_class("SpeechT5FeatureExtractor")()
        made = extractor(audio_target=x, sampling_rate=16000, return_tensors="np")
        return made["input_values"][0]

    single, double = both(_speecht5)
    needs = ("torch", "librosa", "torchaudio", "transformers")
    note = "FFT in float64, rounded to complex64; the result to float32"
    return Original(run, needs, double=double, single=single, living=True, wide=True, note=note)


def univnet(normalized: bool = False) -> Original:
    """Return transformers' UnivNetFeatureExtractor."""
    low, high = -11.512925148010254, 2.3143386840820312

    def run(x: np.ndarray) -> np.ndarray:
        extractor = transformers_class("UnivNetFeatureExtractor")(do_normalize=normalized)
        made = extractor(x, sampling_rate=24000, return_noise=False, return_tensors="np")
        return made["input_features"][0]

    def recipe(x: np.ndarray, dtype: Any) -> np.ndarray:
        y = hop_aligned(x[:240_000], dtype, 24000, 1024, 256, n_mels=100, transposed=True)
        return 2 * ((y - low) / (high - low)) - 1 if normalized else y

    single, double = both(recipe)
    needs = ("torch", "librosa", "torchaudio", "transformers")
    note = "FFT in float64, rounded to complex64; the result to float32"
    return Original(run, needs, double=double, single=single, living=True, wide=True, note=note)


def fastpitch(x: np.ndarray, dtype: Any) -> np.ndarray:
    """NeMo 3.0.0, FilterbankFeatures with fastpitch_align_v1.05.yaml."""
    torch = peer("torch")
    spectrum = stft(tensor(x, dtype), 1024, 256, periodic=False, pad_mode="constant")
    magnitude = torch.sqrt(torch.view_as_real(spectrum).pow(2).sum(-1))
    mel = torch.log(mel_bank(dtype, 22050, 1024, 80, 0.0, 8000.0) @ magnitude + 1e-5)
    mel[:, len(x) // 256 :] = 0.0
    return mel.numpy()


def pop2piano(x: np.ndarray, dtype: Any) -> np.ndarray:
    """Transformers, Pop2PianoFeatureExtractor.mel_spectrogram and __call__ (essentia aside)."""
    torch = peer("torch")
    power = stft(tensor(x, dtype), 4096, 1024).abs() ** 2
    bank = mel_bank(dtype, 22050, 4096, 512, 10.0, 11025.0, htk=True)
    mel = torch.clamp(bank @ power, min=1e-10)
    return torch.log(torch.clamp(mel, min=1e-6)).T.numpy()


def encodec_loss(n_fft: int) -> Original:
    """Audiocraft, losses/specloss.py, MelSpectrogramWrapper; modules/conv.py, pad_for_conv1d."""
    hop = n_fft // 4

    def padded(y: Any) -> Any:
        y = reflected(y, (n_fft - hop) // 2, (n_fft - hop) // 2)
        last = -(-(len(y) - n_fft) // hop) * hop + n_fft
        return peer("torch").nn.functional.pad(y, (0, last - len(y)))

    def run(x: np.ndarray) -> np.ndarray:
        torch, torchaudio = peer("torch"), peer("torchaudio")
        mel = torchaudio.transforms.MelSpectrogram(
            n_mels=64,
            sample_rate=24000,
            n_fft=n_fft,
            hop_length=hop,
            win_length=n_fft,
            center=False,
        )(padded(torch.from_numpy(x)))
        return torch.log10(1e-5 + mel).numpy()

    def double(x: np.ndarray) -> np.ndarray:
        torch = peer("torch")
        y = padded(tensor(x, torch.float64))
        power = stft(y, n_fft, hop, center=False).abs() ** 2
        return torch.log10(1e-5 + mel_bank(y.dtype, 24000, n_fft, 64, htk=True) @ power).numpy()

    note = "its bank is built in float32; the short scales have empty filters"
    return Original(run, ("torch", "librosa", "torchaudio"), double=double, note=note)


def dac_loss(x: np.ndarray, dtype: Any, n_fft: int, n_mels: int) -> np.ndarray:
    """Descript-audio-codec, nn/loss.py, MelSpectrogramLoss over audiotools' mel_spectrogram."""
    magnitude = stft(tensor(x, dtype), n_fft, n_fft // 4).abs()
    mel = (magnitude.T @ mel_bank(dtype, 44100, n_fft, n_mels).T).T
    return mel.clamp(1e-5).pow(1.0).log10().numpy()


def _sized(rate: int, n_fft: int, hop: int, n_mels: int, **more: Any) -> Original:
    return transcribed(hop_aligned, rate=rate, n_fft=n_fft, hop=hop, n_mels=n_mels, **more)


SQRT6 = {"root_eps": 1e-6}
ORIGINALS = {
    "tacotron2-22k": transcribed(
        tacotron, note="its DFT is a float32 convolution", noise=CONVOLVED
    ),
    "waveglow-22k": transcribed(tacotron, note="its DFT is a float32 convolution", noise=CONVOLVED),
    "fastspeech2-22k": transcribed(
        tacotron, note="its DFT is a float32 convolution", noise=CONVOLVED, clip=1.0
    ),
    "hifigan-22k": _sized(22050, 1024, 256, 80, f_max=8000.0),
    "hifigan-22k-loss": _sized(22050, 1024, 256, 80),
    "hifigan-22k-train": _sized(22050, 1024, 256, 80, f_max=8000.0, peak=0.95),
    "vits-22k": _sized(22050, 1024, 256, 80, **SQRT6),
    "vits-22k-linear": _sized(22050, 1024, 256, 0, **SQRT6),
    "so-vits-svc-44k": _sized(44100, 2048, 512, 80, f_max=22050.0, **SQRT6),
    "rvc-48k": _sized(48000, 2048, 480, 128, **SQRT6),
    "rvc-40k": _sized(40000, 2048, 400, 125, **SQRT6),
    "gpt-sovits-32k": _sized(32000, 2048, 640, 128, root_eps=1e-8, squared_modulus=True),
    "gpt-sovits-32k-linear": _sized(32000, 2048, 640, 0, root_eps=1e-8, squared_modulus=True),
    "bigvgan-24k": bigvgan(24000, 1024, 256, 100, None),
    "bigvgan-22k": bigvgan(22050, 1024, 256, 80, 8000.0),
    "bigvgan-44k": bigvgan(44100, 2048, 512, 128, None),
    "univnet-24k": univnet(),
    "univnet-24k-normalized": univnet(normalized=True),
    "matcha-22k": _sized(22050, 1024, 256, 80, f_max=8000.0, statistics=(-5.536622, 2.116101)),
    "matcha-22k-vctk": _sized(22050, 1024, 256, 80, f_max=8000.0, statistics=(-6.630575, 2.482914)),
    "cosyvoice-22k": _sized(22050, 1024, 256, 80, f_max=8000.0, transposed=True),
    "cosyvoice2-24k": _sized(24000, 1920, 480, 80, f_max=8000.0, transposed=True),
    "cosyvoice3-24k": _sized(24000, 1920, 480, 80, transposed=True),
    "vocos-24k": vocos(),
    "f5-tts-24k": f5(),
    "f5-tts-24k-reference": f5(level=0.1),
    "styletts2-24k": style(),
    "espnet-tts-22k": espnet(),
    "speecht5-16k": speecht5(),
    "fastpitch-22k": transcribed(fastpitch),
    "pop2piano-22k": transcribed(pop2piano, note="without essentia and its beats"),
    **{f"encodec-loss-24k-{n}": encodec_loss(n) for n in (64, 128, 256, 512, 1024)},
    **{
        f"dac-loss-44k-{n}": transcribed(dac_loss, n_fft=n, n_mels=bands)
        for n, bands in (
            (32, 5),
            (64, 10),
            (128, 20),
            (256, 40),
            (512, 80),
            (1024, 160),
            (2048, 320),
        )
    },
}
