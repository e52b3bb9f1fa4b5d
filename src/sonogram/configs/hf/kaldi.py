# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Extractors that imitate Kaldi's filterbank (transformers 5.24)."""

from __future__ import annotations

from ..._spec.record import Spec
from ..fields import Fields, bands, power_of_two
from ..keys import Keys

_WINDOWS = {"hamming": "hamming", "hanning": "hann", "povey": "povey",
            "rectangular": "rectangular", "blackman": "blackman"}  # fmt: skip


def ast(keys: Keys, base: Spec) -> Fields:
    """ASTFeatureExtractor: Hann, samples as they are, 1024 frames, then the given statistics.

    Frames beyond the audio are zero before normalisation, whatever `padding_value` is.
    """
    keys.raw("feature_size")
    finish: tuple[tuple[object, ...], ...] = (("frames", keys.integer("max_length", 1024)),)
    mean, std = keys.number("mean", -4.2677393), keys.positive("std", 4.5689974)
    if keys.flag("do_normalize", True):
        finish += (("statistics", mean, 1 / (2 * std)),)
    return {**_torchaudio(keys, base, "num_mel_bins", 25.0, 10.0), "finish": finish}


def seamless_m4t(keys: Keys, base: Spec) -> Fields:
    """SeamlessM4TFeatureExtractor, also Wav2Vec2-BERT's: normalised bins, stacked frames.

    Frames have 400 samples at any rate. The call's default pads them to a multiple of 2.
    """
    keys.raw("feature_size")
    rate = keys.integer("sampling_rate", base.sample_rate)
    n_mels = keys.integer("num_mel_bins", base.n_mels)
    stride = keys.integer("stride", 2)
    normalize, _, _ = base.finish
    multiple = ("multiple", 2, keys.number("padding_value", 0.0))
    return {
        "sample_rate": rate,
        **bands(base, rate, base.n_fft, n_mels, base.f_min, float(rate // 2)),
        "finish": (normalize, multiple, ("stack", stride, stride, {"valid": 1})),
    }


def speech_to_text(keys: Keys, base: Spec) -> Fields:
    """Speech2TextFeatureExtractor: mean and variance of the utterance."""
    keys.raw("feature_size")
    fields = _torchaudio(keys, base, "num_mel_bins", 25.0, 10.0)
    mean, std = keys.flag("normalize_means", True), keys.flag("normalize_vars", True)
    normalized = keys.flag("do_ceptral_normalize", True) and (mean or std)
    fields["finish"] = (("normalize", {"mean": mean, "std": std}),) if normalized else ()
    return {**fields, "dither": keys.number("dither", 0.0)}


def fun_asr_nano(keys: Keys, base: Spec) -> Fields:
    """FunAsrNanoFeatureExtractor: Hamming, samples as they are, low frame rate stacking."""
    length, shift = keys.positive("frame_length", 25), keys.positive("frame_shift", 10)
    fields = _torchaudio(keys, base, "feature_size", length, shift)
    size, stride = keys.integer("num_frames_lfr", 7), keys.integer("stride_lfr", 6)
    stack = ("stack", size, stride, {"left": (size - 1) // 2, "tail": "replicate"})
    window = _WINDOWS[keys.word("window", "hamming", _WINDOWS)]
    return {**fields, "window": window, "finish": (stack,)}


def phi4_multimodal(keys: Keys, base: Spec) -> Fields:
    """Phi4MultimodalFeatureExtractor: no DC removal, the logarithm floored at 0.

    The keys of compression and downsampling concern the size of embeddings, not the features.
    """
    keys.raw("audio_compression_rate")
    keys.raw("audio_downsample_rate")
    keys.only("audio_feat_stride", 1, "its mask would be longer than the features")
    rate = keys.integer("sampling_rate", base.sample_rate)
    n_fft = keys.integer("n_fft", base.n_fft)
    low = keys.number("mel_min_frequency", base.f_min, low=0.0)
    high = keys.positive("mel_max_frequency", base.f_max)
    return {
        "sample_rate": rate,
        "n_fft": n_fft,
        "win_length": keys.integer("win_length", base.win_length),
        "hop_length": keys.integer("hop_length", base.hop_length),
        "frame_preemphasis": keys.number("preemphasis", base.frame_preemphasis),
        **bands(base, rate, n_fft, keys.integer("feature_size", base.n_mels), low, high),
    }


def _torchaudio(keys: Keys, base: Spec, bins: str, length_ms: float, shift_ms: float) -> Fields:
    """torchaudio.compliance.kaldi.fbank: frames in milliseconds, rounded down to whole samples."""
    rate, n_mels = keys.integer("sampling_rate", base.sample_rate), keys.integer(bins, base.n_mels)
    win_length, hop_length = int(rate * length_ms * 0.001), int(rate * shift_ms * 0.001)
    n_fft = power_of_two(win_length)
    return {
        "sample_rate": rate,
        "n_fft": n_fft,
        "win_length": win_length,
        "hop_length": hop_length,
        **bands(base, rate, n_fft, n_mels, base.f_min, rate / 2),
    }
