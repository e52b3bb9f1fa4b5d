# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Kaldi's features and the models trained on them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from support.peers import peer

from .kaldi_double import Post, bands, cepstra, normalized, stacked
from .kaldi_double import fbank as fbank_double
from .kaldi_double import spectrogram as spectrogram_double
from .record import Original, package, transformers_class

FBANK = ("torch", "torchaudio")
HF = (*FBANK, "transformers")
BANK = "its bank is built in float32"
INT16 = 32768.0


def compliance(x: np.ndarray, scale: float = 1.0, kind: str = "fbank", **options: Any) -> Any:
    """Run torchaudio.compliance.kaldi on samples times `scale`: a torch tensor."""
    torch = peer("torch")
    assert peer("torchaudio")
    kaldi = peer("torchaudio.compliance.kaldi")
    return getattr(kaldi, kind)(torch.from_numpy(x)[None] * scale, **options)


def same(y: Any) -> Any:
    """Leave the features as they are."""
    return y


def fbank(
    n_mels: int,
    scale: float = 1.0,
    window: str = "povey",
    after: Callable[[Any], Any] = same,
    after_double: Post = same,
    clip_mean: bool = False,
    undefined: tuple[str, ...] = (),
) -> Original:
    """Log-mel by torchaudio's Kaldi, and what a project does with it in torch."""

    def run(x: np.ndarray) -> np.ndarray:
        if clip_mean:
            x = x - x.mean()
        y = compliance(x, scale, num_mel_bins=n_mels, window_type=window)
        return after(y).numpy()

    def double(x: np.ndarray) -> np.ndarray:
        x = x.astype(np.float64)
        x = x - x.mean() if clip_mean else x
        return after_double(fbank_double(x * scale, n_mels, window))

    return Original(run, FBANK, double=double, note=BANK, undefined=undefined)


def minus_mean(y: Any) -> Any:
    """WeSpeaker, pyannote, 3D-Speaker: subtract the utterance's mean."""
    return y - y.mean(0)


def standardized(y: Any) -> Any:
    """WeNet, dataset/processor.py, and fairseq2: torch.std_mean, which divides by n - 1."""
    std, mean = peer("torch").std_mean(y, dim=0)
    return (y - mean) / std


def standardized_to_even(y: Any) -> Any:
    """Seamless, inference/translator.py: the collater pads to a multiple of two frames."""
    y = standardized(y)
    return peer("torch").nn.functional.pad(y, (0, 0, 0, len(y) % 2))


def lfr(y: Any, m: int = 7, n: int = 6) -> Any:
    """FunASR's low frame rate: m frames joined, every n-th kept, both ends repeated."""
    torch = peer("torch")
    count = -(-len(y) // n)
    left = (m - 1) // 2
    need = (count - 1) * n + m - left - len(y)
    y = torch.cat([y[:1].expand(left, -1), y, y[-1:].expand(max(0, need), -1)])
    return torch.stack([y[i * n : i * n + m].reshape(-1) for i in range(count)])


def scaled_to(frames: int | None, mean: float, std: float) -> tuple[Callable[[Any], Any], Post]:
    """AST, AudioMAE: zeros or a cut to `frames` first, then (x - mean) / (2 std)."""

    def in_torch(y: Any) -> Any:
        if frames is not None:
            y = peer("torch").nn.functional.pad(y, (0, 0, 0, max(0, frames - len(y))))[:frames]
        return (y - mean) / (std * 2)

    def in_numpy(y: np.ndarray) -> np.ndarray:
        if frames is not None:
            y = np.pad(y, ((0, max(0, frames - len(y))), (0, 0)))[:frames]
        return (y - mean) / (std * 2)

    return in_torch, in_numpy


def scaled(
    frames: int | None, mean: float, std: float, window: str = "hanning", **more: Any
) -> Original:
    """Log-mel of 128 bands by torchaudio's Kaldi, then `scaled_to`."""
    after, after_double = scaled_to(frames, mean, std)
    return fbank(128, window=window, after=after, after_double=after_double, **more)


def funasr() -> Original:
    """Return funasr.frontends.wav_frontend.WavFrontend without its statistics."""
    module = "funasr.frontends.wav_frontend"

    def run(x: np.ndarray) -> np.ndarray:
        torch = peer("torch")
        peer("torchaudio")
        front = package(module).WavFrontend(dither=0.0, lfr_m=7, lfr_n=6)
        return front(torch.from_numpy(x)[None], torch.tensor([len(x)]))[0][0].numpy()

    def double(x: np.ndarray) -> np.ndarray:
        return stacked(fbank_double(x.astype(np.float64) * INT16, 80, "hamming"), 7, 6)

    return Original(run, (*FBANK, module), double=double, living=True, note=BANK)


def hugging_face(
    name: str,
    key: str,
    double: Post,
    single: Callable[[np.ndarray], Any] | None = None,
    undefined: tuple[str, ...] = (),
    **options: Any,
) -> Original:
    """One of transformers' extractors over Kaldi features."""

    def run(x: np.ndarray) -> np.ndarray:
        made = transformers_class(name)(**options)(x, sampling_rate=16000, return_tensors="np")
        return np.asarray(made[key][0])

    one = None if single is None else (lambda x: single(x).numpy())
    note = BANK if single is None else "FFT in float64, rounded to complex64; float32 from there on"
    return Original(run, HF, double, one, living=True, note=note, undefined=undefined)


def _seamless(x: np.ndarray, padding: float = 0.0) -> Any:
    torch = peer("torch")
    y = compliance(x, INT16, num_mel_bins=80)
    y = (y - y.mean(0)) / torch.sqrt(y.var(0) + 1e-7)
    return torch.nn.functional.pad(y, (0, 0, 0, len(y) % 2), value=padding).reshape(-1, 160)


def _seamless_double(x: np.ndarray, padding: float = 0.0) -> np.ndarray:
    y = fbank_double(x.astype(np.float64) * INT16, 80)
    y = (y - y.mean(0)) / np.sqrt(y.var(0, ddof=1) + 1e-7)
    even = np.pad(y, ((0, len(y) % 2), (0, 0)), constant_values=padding)
    return even.reshape(-1, 160)


def _phi4(x: np.ndarray) -> Any:
    """Phi-4's recipe with everything in float32."""
    torch = peer("torch")
    frames = torch.from_numpy(x).unfold(-1, 400, 160)
    before = torch.cat([frames[:, :1], frames[:, :-1]], dim=1)
    frames = (frames - 0.97 * before) * INT16 * torch.hamming_window(400, periodic=False)
    power = torch.fft.rfft(frames, n=512).abs() ** 2
    bank = torch.from_numpy(bands(80, 0.0, 7690.0).T.astype(np.float32))
    return torch.log(torch.clamp(power @ bank, min=1.0))


def _phi4_double(x: np.ndarray) -> np.ndarray:
    return fbank_double(
        x.astype(np.float64) * INT16, 80, "hamming", low=0.0, high=7690.0, dc=False, floor=1.0
    )


def _ast_double(frames: int, mean: float, std: float) -> Post:
    after = scaled_to(frames, mean, std)[1]
    return lambda x: after(fbank_double(x.astype(np.float64), 128, "hanning"))


def _s2t_double(x: np.ndarray) -> np.ndarray:
    return normalized(fbank_double(x.astype(np.float64) * INT16, 80), ddof=0)


def _nano_double(x: np.ndarray) -> np.ndarray:
    return stacked(fbank_double(x.astype(np.float64), 80, "hamming"), 7, 6)


def mfcc(energy: bool = True, **options: Any) -> Original:
    """Kaldi's MFCC by torchaudio; energy_floor as in Kaldi, where it is 0."""

    def run(x: np.ndarray) -> np.ndarray:
        y = compliance(x, INT16, "mfcc", use_energy=energy, energy_floor=0.0, **options)
        return y.numpy()

    def double(x: np.ndarray) -> np.ndarray:
        return cepstra(x.astype(np.float64) * INT16, energy=energy, **options)

    return Original(run, FBANK, double=double, note=BANK)


def spectrogram() -> Original:
    """Kaldi's spectrogram by torchaudio: ln power, the first bin replaced by the log energy."""

    def run(x: np.ndarray) -> np.ndarray:
        return compliance(x, INT16, "spectrogram", energy_floor=0.0).numpy()

    def double(x: np.ndarray) -> np.ndarray:
        return spectrogram_double(x.astype(np.float64) * INT16)

    return Original(run, FBANK, double=double)


def native(n_mels: int) -> Original:
    """Return kaldi_native_fbank.OnlineFbank without its dither."""

    def run(x: np.ndarray) -> np.ndarray:
        module = package("kaldi_native_fbank")
        options = module.FbankOptions()
        options.frame_opts.dither = 0.0
        options.mel_opts.num_bins = n_mels
        extractor = module.OnlineFbank(options)
        extractor.accept_waveform(16000, x.tolist())
        extractor.input_finished()
        frames = range(extractor.num_frames_ready)
        return np.stack([np.array(extractor.get_frame(i)) for i in frames])

    def double(x: np.ndarray) -> np.ndarray:
        return fbank_double(x.astype(np.float64), n_mels)

    return Original(run, ("kaldi_native_fbank",), double=double, living=True)


AUDIOSET = (-4.2677393, 4.5689974)
COMMANDS = (-6.845978, 5.5654526)
LEVEL = {"after": minus_mean, "after_double": lambda y: y - y.mean(0)}

ORIGINALS = {
    "kaldi-fbank-23": fbank(23, INT16),
    "kaldi-fbank-40": fbank(40, INT16),
    "kaldi-fbank-80": fbank(80, INT16),
    "kaldi-mfcc": mfcc(),
    "kaldi-mfcc-hires": mfcc(False, num_mel_bins=40, num_ceps=40, high_freq=-400.0),
    "kaldi-spectrogram": spectrogram(),
    "torchaudio-fbank-23": fbank(23),
    "kaldi-native-fbank-80": native(80),
    "wenet-fbank-80": fbank(80, INT16),
    "wenet-w2v-bert-80": fbank(
        80,
        INT16,
        after=standardized,
        after_double=lambda y: normalized(y, ddof=1),
        undefined=("silence",),
    ),
    "wespeaker-80": fbank(80, INT16, "hamming", **LEVEL),
    "campplus-80": fbank(80, **LEVEL),
    "funasr-560": funasr(),
    "funasr-nano-560": hugging_face("FunAsrNanoFeatureExtractor", "input_features", _nano_double),
    "seamless-m4t-160": hugging_face(
        "SeamlessM4TFeatureExtractor", "input_features", _seamless_double, _seamless
    ),
    "w2v-bert-160": hugging_face(
        "SeamlessM4TFeatureExtractor",
        "input_features",
        lambda x: _seamless_double(x, 1.0),
        lambda x: _seamless(x, 1.0),
        padding_value=1.0,
    ),
    "seamless-fairseq2-80": fbank(
        80,
        INT16,
        after=standardized_to_even,
        after_double=lambda y: np.pad(normalized(y, ddof=1), ((0, len(y) % 2), (0, 0))),
        undefined=("silence",),
    ),
    "speech2text-80": hugging_face(
        "Speech2TextFeatureExtractor", "input_features", _s2t_double, undefined=("silence",)
    ),
    "ast-128": hugging_face("ASTFeatureExtractor", "input_values", _ast_double(1024, *AUDIOSET)),
    "ast-128-speech-commands": hugging_face(
        "ASTFeatureExtractor",
        "input_values",
        _ast_double(128, *COMMANDS),
        max_length=128,
        mean=COMMANDS[0],
        std=COMMANDS[1],
    ),
    "ast-128-original": scaled(1024, *AUDIOSET, clip_mean=True),
    "audiomae-128": scaled(1024, *AUDIOSET, clip_mean=True),
    "audiomae-128-esc50": scaled(512, -6.6268077, 5.358466, clip_mean=True),
    "audiomae-128-speech-commands": scaled(128, *COMMANDS, clip_mean=True),
    "beats-128": scaled(None, 15.41663, 6.55582, window="povey", scale=INT16),
    "phi4-80": hugging_face(
        "Phi4MultimodalFeatureExtractor", "audio_input_features", _phi4_double, _phi4
    ),
}
