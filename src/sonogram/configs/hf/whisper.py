# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Whisper and its relatives: log10 mel limited to 8 below the maximum (transformers 5.24)."""

from __future__ import annotations

from ..._spec.record import Spec
from ..fields import Fields, bands
from ..keys import Keys


def whisper(keys: Keys, base: Spec) -> Fields:
    """WhisperFeatureExtractor: the audio padded or cut to `chunk_length` seconds."""
    fields, samples = _slaney(keys, base)
    return {**fields, "length": samples}


def qwen3_asr(keys: Keys, base: Spec) -> Fields:
    """Qwen3ASRFeatureExtractor: Whisper's, but uncut, with a multiple of 2 `n_window` frames.

    Its mask counts the samples that pad a clip to `min_length` as audio.
    """
    fields, samples = _slaney(keys, base)
    least = keys.integer("min_length", base.valid_min, low=0)
    multiple = 2 * keys.integer("n_window", 50, low=0)
    finish = base.finish[:-1] + ((("multiple", multiple),) if multiple > 1 else ())
    return {**fields, "min_length": max(samples, least), "valid_min": least, "finish": finish}


def _slaney(keys: Keys, base: Spec) -> tuple[Fields, int]:
    rate = keys.integer("sampling_rate", base.sample_rate)
    n_fft = keys.integer("n_fft", base.n_fft)
    hop = keys.integer("hop_length", base.hop_length)
    samples = keys.integer("chunk_length", 30) * rate
    keys.derived("n_samples", samples, "chunk_length * sampling_rate")
    keys.derived("nb_max_frames", samples // hop, "n_samples // hop_length")
    keys.audio_padding()
    keys.raw("mel_filters")  # older files hold the filterbank; the extractor builds its own
    fields = {
        "sample_rate": rate,
        "n_fft": n_fft,
        "hop_length": hop,
        "dither": keys.number("dither", 0.0),
        **bands(base, rate, n_fft, keys.integer("feature_size", base.n_mels), 0.0, 8000.0),
    }
    return fields, samples


def granite(keys: Keys, base: Spec) -> Fields:
    """GraniteSpeechFeatureExtractor: HTK bands, frames stacked in pairs, an odd last one dropped.

    The projector's keys concern the mask of its embeddings, not the features.
    """
    n_mels, fields = _htk(keys, "n_mels", base)
    keys.raw("projector_window_size")
    keys.raw("projector_downsample_rate")
    keys.derived("feature_size", n_mels, "n_mels")
    kwargs = {"n_mels": n_mels}
    kwargs |= {k: fields[k] for k in ("sample_rate", "n_fft", "win_length", "hop_length")}
    keys.derived("melspec_kwargs", kwargs, "the other keys")
    return fields


def granite5(keys: Keys, base: Spec) -> Fields:
    """GraniteSpeech5FeatureExtractor: an even number of frames, with deltas, stacked in pairs."""
    n_mels, fields = _htk(keys, "num_mel_bins", base)
    _, affine, _, stack = base.finish
    dynamic_range = ("dynamic_range", keys.number("logmel_floor_db", 8.0, low=0.0))
    deltas = ("deltas", 1, keys.integer("delta_win_length", 3, low=3))
    keys.derived("feature_size", 4 * n_mels, "4 * num_mel_bins")
    return {**fields, "finish": (dynamic_range, affine, deltas, stack)}


def _htk(keys: Keys, name: str, base: Spec) -> tuple[int, Fields]:
    rate = keys.integer("sampling_rate", base.sample_rate)
    n_fft = keys.integer("n_fft", base.n_fft)
    n_mels = keys.integer(name, base.n_mels)
    fields = {
        "sample_rate": rate,
        "n_fft": n_fft,
        "win_length": keys.integer("win_length", base.win_length),
        "hop_length": keys.integer("hop_length", base.hop_length),
        **bands(base, rate, n_fft, n_mels, 0.0, float(rate // 2)),
    }
    return n_mels, fields
