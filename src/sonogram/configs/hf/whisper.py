# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Whisper's kin: log10 mel within 8 of the maximum (transformers 5.24)."""

from __future__ import annotations

from ..fields import Fields, mel, whisper_log
from ..keys import Keys


def whisper(keys: Keys) -> Fields:
    """WhisperFeatureExtractor: the audio padded or cut to `chunk_length` seconds."""
    fields, samples = _slaney(keys, 80)
    return {**fields, "length": samples}


def qwen3_asr(keys: Keys) -> Fields:
    """Qwen3ASRFeatureExtractor: as Whisper, long audio whole, frames a multiple of 2 `n_window`.

    Its mask counts the samples that fill a clip up to `min_length` as true ones.
    """
    fields, samples = _slaney(keys, 128)
    least = keys.integer("min_length", 8000, low=0)
    multiple = 2 * keys.integer("n_window", 50, low=0)
    fields["min_length"] = max(samples, least)
    fields["valid_min"] = least
    if multiple > 1:
        fields["finish"] += (("multiple", multiple),)
    return fields


def _slaney(keys: Keys, n_mels: int) -> tuple[Fields, int]:
    rate = keys.integer("sampling_rate", 16000)
    n_fft = keys.integer("n_fft", 400)
    hop = keys.integer("hop_length", 160)
    samples = keys.integer("chunk_length", 30) * rate
    keys.derived("n_samples", samples, "chunk_length * sampling_rate")
    keys.derived("nb_max_frames", samples // hop, "n_samples // hop_length")
    keys.audio_padding()
    keys.raw("mel_filters")  # older files hold the bank; the extractor builds its own
    fields = {
        "sample_rate": rate,
        "n_fft": n_fft,
        "hop_length": hop,
        "drop_last": True,
        "dither": keys.number("dither", 0.0),
        **mel(rate, n_fft, keys.integer("feature_size", n_mels), 0.0, 8000.0, "slaney", "slaney"),
        **whisper_log(),
        "valid_frames": "ceil",
    }
    return fields, samples


def granite(keys: Keys) -> Fields:
    """GraniteSpeechFeatureExtractor: HTK bands, frames stacked in pairs, an odd last one dropped.

    The projector's keys size its mask of embeddings, not the features.
    """
    rate, n_mels, fields = _htk(keys, "n_mels")
    keys.raw("projector_window_size")
    keys.raw("projector_downsample_rate")
    keys.derived("feature_size", n_mels, "n_mels")
    kwargs = {"sample_rate": rate, "n_mels": n_mels}
    kwargs |= {name: fields[name] for name in ("n_fft", "win_length", "hop_length")}
    keys.derived("melspec_kwargs", kwargs, "the other keys")
    fields["finish"] += (("stack", 2, 2),)
    return fields


def granite5(keys: Keys) -> Fields:
    """GraniteSpeech5FeatureExtractor: an even number of frames, with deltas, stacked in pairs."""
    _, n_mels, fields = _htk(keys, "num_mel_bins")
    fields |= whisper_log(keys.number("logmel_floor_db", 8.0, low=0.0))
    width = keys.integer("delta_win_length", 3, low=3)
    keys.derived("feature_size", 4 * n_mels, "4 * num_mel_bins")
    # Frames come in pairs; of a last pair with one true frame, the original's mask has the pair.
    fields["finish"] += (("deltas", 1, width), ("stack", 2, 2, {"tail": "replicate"}))
    return {**fields, "drop_last": True, "frame_multiple": 2, "valid_frames": "floor"}


def _htk(keys: Keys, name: str) -> tuple[int, int, Fields]:
    rate = keys.integer("sampling_rate", 16000)
    n_fft = keys.integer("n_fft", 512)
    n_mels = keys.integer(name, 80)
    fields = {
        "sample_rate": rate,
        "n_fft": n_fft,
        "win_length": keys.integer("win_length", 400),
        "hop_length": keys.integer("hop_length", 160),
        **mel(rate, n_fft, n_mels, 0.0, float(rate // 2), "htk"),
        **whisper_log(),
        "layout": "time_freq",
    }
    return rate, n_mels, fields
