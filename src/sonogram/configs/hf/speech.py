# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Speech extractors of other lineages: vocoders, NeMo, Gemma, raw audio (transformers 5.24)."""

from __future__ import annotations

from ..._spec.record import Spec
from ..fields import Fields, bands, power_of_two
from ..keys import Keys

# np.hanning and np.hamming by transformers' names, all periodic here.
_WINDOWS = {"hann": "hann", "hann_window": "hann", "hamming": "hamming",
            "hamming_window": "hamming", "povey": "povey", "boxcar": "rectangular"}  # fmt: skip


def speecht5(keys: Keys, base: Spec) -> Fields:
    """SpeechT5FeatureExtractor's ``audio_target``: frames of `win_length` ms, reflected by half.

    If `win_length` is below `n_fft`, the window is at the start of the FFT's input, and a frame
    counts as soon as its window is full.
    """
    keys.raw("feature_size")
    keys.flag("do_normalize", False)  # for the input side
    keys.raw("reduction_factor")  # in older files; belongs to the model
    keys.only("frame_signal_scale", 1.0, "later versions of the extractor do not scale")
    rate = keys.integer("sampling_rate", base.sample_rate)
    win_length = keys.integer("win_length", 64) * rate // 1000
    hop_length = keys.integer("hop_length", 16) * rate // 1000
    n_fft = power_of_two(win_length)
    for name, value in (("sample_size", win_length), ("sample_stride", hop_length),
                        ("n_fft", n_fft), ("n_freqs", n_fft // 2 + 1)):  # fmt: skip
        keys.derived(name, value, "sampling_rate and the lengths in ms")
    low, high = keys.number("fmin", base.f_min, low=0.0), keys.positive("fmax", base.f_max)
    fields = {
        "sample_rate": rate,
        "n_fft": n_fft,
        "win_length": win_length,
        "hop_length": hop_length,
        "window": _WINDOWS[keys.word("win_function", "hann_window", _WINDOWS)],
        **bands(base, rate, n_fft, keys.integer("num_mel_bins", base.n_mels), low, high),
        "floor": keys.positive("mel_floor", base.floor),
    }
    if win_length < n_fft:
        half = win_length // 2
        fields |= {"frame_pad": (half, half), "frame_span": win_length, "window_align": "left"}
    return fields


def univnet(keys: Keys, base: Spec) -> Fields:
    """UnivNetFeatureExtractor: HiFi-GAN's padding, ``ln(factor * max(mel, clip))``.

    The noise that it also returns is an input of the model, not a feature.
    """
    for name in ("feature_size", "model_in_channels", "pad_end_length"):
        keys.raw(name)
    keys.only("center", False, "padding what is padded already cannot be said in a Spec")
    rate = keys.integer("sampling_rate", base.sample_rate)
    win_length = keys.integer("win_length", base.n_fft)
    whole = keys.raw("filter_length", base.n_fft) is None
    n_fft = power_of_two(win_length) if whole else keys.integer("filter_length", base.n_fft)
    if win_length != n_fft:
        raise ValueError(f"win_length is {win_length}; it must be the FFT's length, {n_fft}")
    hop_length = keys.integer("hop_length", base.hop_length)
    pad = max(0, n_fft - hop_length) // 2
    n_mels, low = keys.integer("num_mel_bins", base.n_mels), keys.number("fmin", 0.0, low=0.0)
    high = keys.optional("fmax")
    factor = keys.positive("compression_factor", 1.0)
    samples = keys.integer("max_length_s", 10) * rate
    keys.derived("num_max_samples", samples, "max_length_s * sampling_rate")
    return {
        "sample_rate": rate,
        "max_length": samples,
        "n_fft": n_fft,
        "hop_length": hop_length,
        "frame_pad": (pad, pad),
        "window": _WINDOWS[keys.word("win_function", "hann_window", _WINDOWS)],
        "power_eps": keys.number("mel_floor", base.power_eps, low=0.0),
        **bands(base, rate, n_fft, n_mels, low, rate / 2 if high is None else high),
        "gain": factor,
        "floor": factor * keys.positive("compression_clip_val", base.floor),
        "finish": _univnet_range(keys),
    }


def _univnet_range(keys: Keys) -> tuple[tuple[object, ...], ...]:
    """Return the stage for ``2 (x - low) / (high - low) - 1``, if the configuration asks for it."""
    low = keys.number("normalize_min", -11.512925148010254)
    scale = 2 / (keys.number("normalize_max", 2.3143386840820312) - low)
    return (("affine", scale, -low * scale - 1),) if keys.flag("do_normalize", False) else ()


def parakeet(keys: Keys, base: Spec) -> Fields:
    """ParakeetFeatureExtractor: NeMo's features, in which the last frame is never valid."""
    rate = keys.integer("sampling_rate", base.sample_rate)
    n_fft = keys.integer("n_fft", base.n_fft)
    n_mels = keys.integer("feature_size", base.n_mels)
    return {
        "sample_rate": rate,
        "preemphasis": keys.optional("preemphasis", base.preemphasis) or 0.0,
        "n_fft": n_fft,
        "win_length": keys.integer("win_length", base.win_length),
        "hop_length": keys.integer("hop_length", base.hop_length),
        **bands(base, rate, n_fft, n_mels, 0.0, rate / 2),
    }


def gemma3n(keys: Keys, base: Spec) -> Fields:
    """Gemma3nAudioFeatureExtractor: audio padded to a multiple of 128, frames of one more sample.

    HTK pre-emphasis drops the extra sample; the other kind begins with it. Saved files hold the
    lengths in samples, which the extractor recomputes from milliseconds.
    """
    rate = keys.integer("sampling_rate", base.sample_rate)
    length = round(rate * keys.positive("frame_length_ms", 32.0) / 1000)
    hop_length = round(rate * keys.positive("hop_length_ms", 10.0) / 1000)
    n_fft = power_of_two(length) * (2 if keys.flag("fft_overdrive", True) else 1)
    keys.derived("frame_length", length, "sampling_rate with frame_length_ms")
    keys.derived("hop_length", hop_length, "sampling_rate with hop_length_ms")
    keys.derived("fft_length", n_fft, "frame_length_ms with fft_overdrive")
    n_mels = keys.integer("feature_size", base.n_mels)
    low = keys.number("min_frequency", base.f_min, low=0.0)
    high = keys.positive("max_frequency", base.f_max)
    scale = keys.number("input_scale_factor", 1.0)
    keys.audio_padding()
    return {
        "sample_rate": rate,
        "scale": scale,
        "dither": scale * keys.number("dither", 0.0, low=0.0),
        **_gemma_preemphasis(keys, length),
        "n_fft": n_fft,
        "win_length": length,
        "hop_length": hop_length,
        **bands(base, rate, n_fft, n_mels, low, high),
        "floor": keys.positive("mel_floor", base.floor),
        "finish": _gemma_statistics(keys, n_mels),
    }


def _gemma_preemphasis(keys: Keys, length: int) -> Fields:
    coefficient = max(0.0, keys.number("preemphasis", 0.97))
    if keys.flag("preemphasis_htk_flavor", True) or coefficient == 0:
        return {"frame_preemphasis": coefficient, "frame_span": length + 1}
    return {"preemphasis": coefficient, "frame_preemphasis": 0.0, "frame_offset": 1,
            "frame_span": length}  # fmt: skip


def _gemma_statistics(keys: Keys, n_mels: int) -> tuple[tuple[object, ...], ...]:
    mean, std = keys.numbers("per_bin_mean", n_mels), keys.numbers("per_bin_stddev", n_mels)
    if mean is None and std is None:
        return ()
    if std is not None and 0.0 in std:
        raise ValueError("per_bin_stddev has a 0; every one must be another number")
    scale = 1.0 if std is None else tuple(1 / s for s in std)
    return (("statistics", 0.0 if mean is None else tuple(mean), scale),)


def wav2vec2(keys: Keys, base: Spec) -> Fields:
    """Wav2Vec2FeatureExtractor, also HuBERT's and WavLM's: the waveform, normalised."""
    keys.raw("feature_size")
    return _waveform(keys, base, keys.flag("do_normalize", True))


def speecht5_input(keys: Keys, base: Spec) -> Fields:
    """SpeechT5FeatureExtractor's ``audio``: as Wav2Vec2's, but not normalised by default."""
    for name in ("num_mel_bins", "hop_length", "win_length", "win_function", "fmin", "fmax",
                 "mel_floor", "reduction_factor", "frame_signal_scale", "sample_size",
                 "sample_stride", "n_fft", "n_freqs", "feature_size"):  # fmt: skip
        keys.raw(name)
    return _waveform(keys, base, keys.flag("do_normalize", False))


def _waveform(keys: Keys, base: Spec, normalize: bool) -> Fields:
    fields: Fields = {"sample_rate": keys.integer("sampling_rate", base.sample_rate)}
    if not normalize:
        fields |= {"remove_mean": False, "level": None, "level_eps": 0.0}
    return fields
