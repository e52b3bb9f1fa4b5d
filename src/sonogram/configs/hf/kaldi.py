# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Extractors that imitate Kaldi's filterbank (transformers 5.24)."""

from __future__ import annotations

from ..fields import Fields, kaldi_frames, mel, power_of_two
from ..keys import Keys

_INT16 = 32768.0  # Kaldi's samples are int16-valued
_WINDOWS = {"hamming": "hamming", "hanning": "hann", "povey": "povey",
            "rectangular": "rectangular", "blackman": "blackman"}  # fmt: skip


def ast(keys: Keys) -> Fields:
    """ASTFeatureExtractor: Hann, samples as they are, 1024 frames, then the given statistics.

    Frames beyond the audio are zeros before they are normalised, whatever `padding_value` says.
    """
    keys.raw("feature_size")
    rate = keys.integer("sampling_rate", 16000)
    fields = _torchaudio(rate, keys.integer("num_mel_bins", 128), 25.0, 10.0)
    finish: tuple[tuple[object, ...], ...] = (("frames", keys.integer("max_length", 1024)),)
    mean, std = keys.number("mean", -4.2677393), keys.positive("std", 4.5689974)
    if keys.flag("do_normalize", True):
        finish += (("statistics", mean, 1 / (2 * std)),)
    return {**fields, "window": "hann", "finish": finish}


def seamless_m4t(keys: Keys) -> Fields:
    """SeamlessM4TFeatureExtractor, Wav2Vec2-BERT's too: normalised bins, frames stacked.

    Frames have 400 samples at any rate. The call's default pads them to a multiple of 2.
    """
    keys.raw("feature_size")
    rate = keys.integer("sampling_rate", 16000)
    n_mels = keys.integer("num_mel_bins", 80)
    stride = keys.integer("stride", 2)
    fields = kaldi_frames(rate, 400, 160, 512, n_mels, float(rate // 2))
    finish = (
        ("normalize", {"ddof": 1, "eps": 1e-7, "eps_in": "var"}),
        ("multiple", 2, keys.number("padding_value", 0.0)),
        ("stack", stride, stride, {"valid": 1}),
    )
    return {**fields, "scale": _INT16, "finish": finish}


def speech_to_text(keys: Keys) -> Fields:
    """Speech2TextFeatureExtractor: mean and variance of the utterance."""
    keys.raw("feature_size")
    rate = keys.integer("sampling_rate", 16000)
    fields = _torchaudio(rate, keys.integer("num_mel_bins", 80), 25.0, 10.0)
    mean, std = keys.flag("normalize_means", True), keys.flag("normalize_vars", True)
    if keys.flag("do_ceptral_normalize", True) and (mean or std):
        fields["finish"] = (("normalize", {"mean": mean, "std": std}),)
    return {**fields, "scale": _INT16, "dither": keys.number("dither", 0.0)}


def fun_asr_nano(keys: Keys) -> Fields:
    """FunAsrNanoFeatureExtractor: Hamming, samples as they are, low frame rate stacking."""
    rate = keys.integer("sampling_rate", 16000)
    length, shift = keys.positive("frame_length", 25), keys.positive("frame_shift", 10)
    fields = _torchaudio(rate, keys.integer("feature_size", 80), length, shift)
    size, stride = keys.integer("num_frames_lfr", 7), keys.integer("stride_lfr", 6)
    stack = ("stack", size, stride, {"left": (size - 1) // 2, "tail": "replicate"})
    window = _WINDOWS[keys.word("window", "hamming", _WINDOWS)]
    return {**fields, "window": window, "finish": (stack,)}


def phi4_multimodal(keys: Keys) -> Fields:
    """Phi4MultimodalFeatureExtractor: no DC removal, the logarithm floored at 0.

    The keys of compression and downsampling size its embeddings, not the features.
    """
    keys.raw("audio_compression_rate")
    keys.raw("audio_downsample_rate")
    keys.only("audio_feat_stride", 1, "its mask would be longer than the features")
    rate = keys.integer("sampling_rate", 16000)
    n_fft = keys.integer("n_fft", 512)
    low = keys.number("mel_min_frequency", 0.0, low=0.0)
    high = keys.positive("mel_max_frequency", 7690.0)
    bands = mel(rate, n_fft, keys.integer("feature_size", 80), low, high, "kaldi", triangle="mel")
    return {
        "sample_rate": rate,
        "scale": _INT16,
        "n_fft": n_fft,
        "win_length": keys.integer("win_length", 400),
        "hop_length": keys.integer("hop_length", 160),
        "snip_edges": True,
        "frame_preemphasis": keys.number("preemphasis", 0.97),
        "window": "hamming",
        "periodic": False,
        "window_align": "left",
        **bands,
        "log": "ln",
        "floor": 1.0,
        "layout": "time_freq",
    }


def _torchaudio(rate: int, n_mels: int, length_ms: float, shift_ms: float) -> Fields:
    """torchaudio.compliance.kaldi.fbank: frames in milliseconds, cut down to whole samples."""
    win_length, hop_length = int(rate * length_ms * 0.001), int(rate * shift_ms * 0.001)
    return kaldi_frames(rate, win_length, hop_length, power_of_two(win_length), n_mels, rate / 2)
