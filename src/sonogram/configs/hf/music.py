# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Extractors for music and sounds (transformers 5.24)."""

from __future__ import annotations

from ..fields import Fields, mel
from ..keys import Keys

_LENGTHS = {"repeatpad": "repeat_zeros", "repeat": "repeat", "pad": "zeros"}


def clap(keys: Keys) -> Fields:
    """ClapFeatureExtractor: the part that is not drawn by lot, `max_length_s` seconds.

    Shorter audio is repeated or padded. Of longer audio the extractor takes random pieces; here it
    is the first. With ``truncation="fusion"`` its output holds the same features four times.
    """
    rate = keys.integer("sampling_rate", 48000)
    n_fft, hop_length = keys.integer("fft_window_size", 1024), keys.integer("hop_length", 480)
    seconds = keys.integer("max_length_s", 10)
    fusion = keys.word("truncation", "fusion", ("fusion", "rand_trunc")) == "fusion"
    keys.derived("nb_max_samples", seconds * rate, "max_length_s * sampling_rate")
    keys.derived("nb_frequency_bins", n_fft // 2 + 1, "fft_window_size")
    keys.derived("n_fft", n_fft, "fft_window_size")
    keys.derived("chunk_length_s", seconds, "max_length_s")
    keys.derived("nb_max_frames", seconds * rate // hop_length, "max_length_s with hop_length")
    keys.raw("top_db")  # the extractor keeps it and does not use it
    scale, norm = ("htk", None) if fusion else ("slaney", "slaney")
    low = keys.number("frequency_min", 0.0, low=0.0)
    high = keys.positive("frequency_max", 14000.0)
    return {
        "sample_rate": rate,
        "length": seconds * rate,
        "length_mode": _LENGTHS[keys.word("padding", "repeatpad", _LENGTHS)],
        "n_fft": n_fft,
        "hop_length": hop_length,
        **mel(rate, n_fft, keys.integer("feature_size", 64), low, high, scale, norm),
        "log": "db",
        "floor": 1e-10,
        "layout": "time_freq",
    }


def musicgen_melody(keys: Keys) -> Fields:
    """MusicgenMelodyFeatureExtractor: the loudest chroma of each frame.

    Audio shorter than a frame lies in the middle of zeros. The stems of a separator are the
    caller's to choose and mix.
    """
    keys.raw("stem_indices")
    rate = keys.integer("sampling_rate", 32000)
    n_fft = keys.integer("n_fft", 16384)
    samples = keys.integer("chunk_length", 30) * rate
    keys.derived("n_samples", samples, "chunk_length * sampling_rate")
    n_chroma = keys.integer("num_chroma", 12)
    keys.raw("feature_size")
    return {
        "sample_rate": rate,
        "max_length": samples,
        "min_length": n_fft,
        "length_mode": "zeros_both",
        "n_fft": n_fft,
        "hop_length": keys.integer("hop_length", 4096),
        "normalized": True,
        "filterbank": "chroma",
        "n_mels": n_chroma,
        "valid_frames": "ceil",
        "finish": (("frame_norm", {"eps": 1e-6}), ("argmax",)),
        "layout": "time_freq",
    }
