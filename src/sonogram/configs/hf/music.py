# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Extractors for music and sounds (transformers 5.24)."""

from __future__ import annotations

from ..._spec.presets import preset
from ..._spec.record import Spec
from ..fields import Fields, bands
from ..keys import Keys

_LENGTHS = {"repeatpad": "repeat_zeros", "repeat": "repeat", "pad": "zeros"}


def clap(keys: Keys, base: Spec) -> Fields:
    """ClapFeatureExtractor: its deterministic part, `max_length_s` seconds.

    Shorter audio is repeated or padded. From longer audio the extractor takes random pieces; here
    it is the first. With ``truncation="fusion"`` its output holds the same features four times.
    """
    rate = keys.integer("sampling_rate", base.sample_rate)
    n_fft = keys.integer("fft_window_size", base.n_fft)
    hop_length = keys.integer("hop_length", base.hop_length)
    seconds = keys.integer("max_length_s", 10)
    if keys.word("truncation", "fusion", ("fusion", "rand_trunc")) == "rand_trunc":
        base = preset("clap-rand-trunc")
    keys.derived("nb_max_samples", seconds * rate, "max_length_s * sampling_rate")
    keys.derived("nb_frequency_bins", n_fft // 2 + 1, "fft_window_size")
    keys.derived("n_fft", n_fft, "fft_window_size")
    keys.derived("chunk_length_s", seconds, "max_length_s")
    keys.derived("nb_max_frames", seconds * rate // hop_length, "max_length_s with hop_length")
    keys.raw("top_db")  # the extractor keeps it and does not use it
    low = keys.number("frequency_min", base.f_min, low=0.0)
    high = keys.positive("frequency_max", base.f_max)
    n_mels = keys.integer("feature_size", base.n_mels)
    return {
        "sample_rate": rate,
        "length": seconds * rate,
        "length_mode": _LENGTHS[keys.word("padding", "repeatpad", _LENGTHS)],
        "n_fft": n_fft,
        "hop_length": hop_length,
        "mel_scale": base.mel_scale,
        "norm": base.norm,
        **bands(base, rate, n_fft, n_mels, low, high),
    }


def musicgen_melody(keys: Keys, base: Spec) -> Fields:
    """MusicgenMelodyFeatureExtractor: the loudest chroma of each frame.

    Audio shorter than a frame is centred between zeros. Selecting and mixing the stems of a
    separator is left to the caller.
    """
    keys.raw("stem_indices")
    rate = keys.integer("sampling_rate", base.sample_rate)
    n_fft = keys.integer("n_fft", base.n_fft)
    samples = keys.integer("chunk_length", 30) * rate
    keys.derived("n_samples", samples, "chunk_length * sampling_rate")
    keys.raw("feature_size")
    return {
        "sample_rate": rate,
        "max_length": samples,
        "min_length": n_fft,
        "n_fft": n_fft,
        "hop_length": keys.integer("hop_length", base.hop_length),
        "n_mels": keys.integer("num_chroma", base.n_mels),
    }
