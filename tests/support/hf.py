# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""transformers' feature extractors as living references: their configs and how each is called."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from support.peers import peer


def transformers() -> Any:
    """Import transformers with torch and the Python part of torchaudio, or skip."""
    peer("torch")
    peer("torchaudio")
    module = peer("transformers")
    module.logging.set_verbosity_error()
    return module


def build(name: str, config: dict[str, Any]) -> Any:
    """Make the living extractor of a config."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs: empty filters
        return getattr(transformers(), name)(**config)


def call(name: str, extractor: Any, x: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """Return one signal's features and mask as the extractor's defaults give them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _CALLS[name](extractor, x.copy())


def call_batch(extractor: Any, voices: list[np.ndarray], **options: Any) -> list[np.ndarray]:
    """Return the padded features and the mask of several signals."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        got = extractor([v.copy() for v in voices], sampling_rate=extractor.sampling_rate,
                        return_tensors="np", **options)  # fmt: skip
    features = next(k for k in ("input_features", "input_values") if k in got)
    mask = next(k for k in ("attention_mask", "input_features_mask") if k in got)
    return [np.asarray(got[features]), np.asarray(got[mask])]


def _plain(features: str, mask: str | None, **options: Any) -> Callable[..., Any]:
    def run(extractor: Any, x: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        got = extractor(x, sampling_rate=extractor.sampling_rate, **options)
        return np.asarray(got[features][0]), None if mask is None else np.asarray(got[mask][0])

    return run


def _clap(extractor: Any, x: np.ndarray) -> tuple[np.ndarray, None]:
    copies = np.asarray(extractor(x, sampling_rate=extractor.sampling_rate).input_features[0])
    assert all(np.array_equal(copy, copies[0]) for copy in copies)
    return copies[0], None


def _speecht5(extractor: Any, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    got = extractor(audio_target=x, sampling_rate=extractor.sampling_rate)
    return np.asarray(got.input_values[0]), np.asarray(got.attention_mask[0])


def _univnet(extractor: Any, x: np.ndarray) -> tuple[np.ndarray, None]:
    got = extractor(x, sampling_rate=extractor.sampling_rate, return_noise=False)
    return np.asarray(got.input_features[0]), None  # its mask counts samples


def _musicgen(extractor: Any, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    got = extractor(x, sampling_rate=extractor.sampling_rate, return_attention_mask=True)
    features, mask = (np.asarray(got[k][0]) for k in ("input_features", "attention_mask"))
    # Taken every hop of the samples, its mask may be shorter than the frames, which are centred.
    return features, np.pad(mask[: len(features)], (0, max(0, len(features) - len(mask))))


def _granite(extractor: Any, x: np.ndarray) -> tuple[np.ndarray, None]:
    return np.asarray(extractor(x)["input_features"][0]), None  # its mask is of embeddings


def _gemma(extractor: Any, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    got = extractor(x)
    return got["input_features"][0], got["input_features_mask"][0]


_MASKED = ("input_features", "attention_mask")
_CALLS: dict[str, Callable[..., Any]] = {
    "WhisperFeatureExtractor": _plain(*_MASKED, return_attention_mask=True, return_tensors="np"),
    "ASTFeatureExtractor": _plain("input_values", None),
    "ClapFeatureExtractor": _clap,
    "SeamlessM4TFeatureExtractor": _plain(*_MASKED),
    "Speech2TextFeatureExtractor": _plain(*_MASKED),
    "SpeechT5FeatureExtractor": _speecht5,
    "UnivNetFeatureExtractor": _univnet,
    "MusicgenMelodyFeatureExtractor": _musicgen,
    "ParakeetFeatureExtractor": _plain(*_MASKED),
    "GraniteSpeechFeatureExtractor": _granite,
    "GraniteSpeech5FeatureExtractor": _plain(*_MASKED),
    "Gemma3nAudioFeatureExtractor": _gemma,
    "Phi4MultimodalFeatureExtractor": _plain("audio_input_features", None),
    "FunAsrNanoFeatureExtractor": _plain("input_features", "input_features_mask"),
    "Qwen3ASRFeatureExtractor": _plain(*_MASKED, return_attention_mask=True, return_tensors="np"),
    "Wav2Vec2FeatureExtractor": _plain(
        "input_values", "attention_mask", return_attention_mask=True
    ),
}
NAMES = tuple(_CALLS)


def _choose(rng: np.random.Generator, **options: Any) -> dict[str, Any]:
    """Choose one value for every key: from a tuple one of them, from a function what it gives."""
    return {k: v(rng) if callable(v) else v[int(rng.integers(len(v)))] for k, v in options.items()}


_OPTIONS: dict[str, dict[str, Any]] = {
    "WhisperFeatureExtractor": {
        "feature_size": (40, 64, 128),
        "sampling_rate": (8000, 16000, 22050, 24000),
        "hop_length": (80, 128, 161),
        "chunk_length": (1, 2, 5),
        "n_fft": (256, 399, 512, 600),
    },
    "ASTFeatureExtractor": {
        "sampling_rate": (8000, 16000, 22050),
        "num_mel_bins": (40, 64, 80),
        "max_length": (10, 100, 500),
        "do_normalize": (True, False),
        "mean": lambda r: float(r.uniform(-8, 0)),
        "std": lambda r: float(r.uniform(1, 8)),
    },
    "ClapFeatureExtractor": {
        "feature_size": (32, 64),
        "sampling_rate": (32000, 44100, 48000),
        "hop_length": (320, 441, 500),
        "max_length_s": (1, 2, 3),
        "fft_window_size": (512, 1000, 1024),
        "frequency_min": (0, 50, 300),
        "frequency_max": (8000, 14000),
        "truncation": ("fusion", "rand_trunc"),
        "padding": ("repeatpad", "repeat", "pad"),
    },
    "SeamlessM4TFeatureExtractor": {
        "sampling_rate": (8000, 16000, 24000),
        "num_mel_bins": (40, 80, 96),
        "padding_value": (0.0, 1.0, -3.5),
        "stride": (2, 3, 4),
    },
    "Speech2TextFeatureExtractor": {
        "sampling_rate": (8000, 16000, 22050),
        "num_mel_bins": (40, 80, 96),
        "do_ceptral_normalize": (True, True, False),
        "normalize_means": (True, False),
        "normalize_vars": (True, False),
    },
    "SpeechT5FeatureExtractor": {
        "sampling_rate": (16000, 22050, 24000),
        "num_mel_bins": (40, 80, 100),
        "hop_length": (10, 12, 16),
        "win_length": (32, 50, 64),
        "win_function": ("hann_window", "hamming_window", "povey", "boxcar"),
        "fmin": (0, 50, 80),
        "fmax": (6000, 7600, 8000),
        "mel_floor": (1e-10, 1e-7, 1e-5),
    },
    "UnivNetFeatureExtractor": {
        "sampling_rate": (16000, 22050, 24000),
        "do_normalize": (True, False),
        "num_mel_bins": (40, 80),
        "hop_length": (200, 255, 256),
        "filter_length": (1024,),
        "win_length": (1024,),
        "win_function": ("hann_window", "hamming_window"),
        "max_length_s": (1, 10),
        "fmin": (0.0, 55.0),
        "fmax": (None, 7000.0),
        "mel_floor": (1e-9, 1e-6),
        "compression_factor": (1.0, 10.0),
        "compression_clip_val": (1e-5, 1e-4),
        "normalize_min": lambda r: float(r.uniform(-14, -9)),
        "normalize_max": lambda r: float(r.uniform(1, 4)),
    },
    "MusicgenMelodyFeatureExtractor": {
        "sampling_rate": (16000, 32000),
        "hop_length": (1024, 2000, 4096),
        "chunk_length": (1, 30),
        "n_fft": (4096, 8192, 65536),
        "num_chroma": (12, 24),
    },
    "ParakeetFeatureExtractor": {
        "feature_size": (64, 80, 128),
        "sampling_rate": (8000, 16000, 24000),
        "hop_length": (80, 160, 200),
        "n_fft": (512, 640, 513),
        "win_length": (320, 400, 512),
        "preemphasis": (0.97, 0.9, None),
    },
    "GraniteSpeechFeatureExtractor": {
        "sampling_rate": (8000, 16000, 24000),
        "n_fft": (400, 512, 600),
        "win_length": (320, 400),
        "hop_length": (100, 160, 200),
        "n_mels": (40, 80),
    },
    "GraniteSpeech5FeatureExtractor": {
        "num_mel_bins": (40, 80),
        "sampling_rate": (8000, 16000, 24000),
        "n_fft": (400, 512, 600),
        "win_length": (320, 400),
        "hop_length": (100, 160, 200),
        "delta_win_length": (3, 5, 9),
        "logmel_floor_db": (4.0, 8.0),
    },
    "Gemma3nAudioFeatureExtractor": {
        "feature_size": (64, 128),
        "sampling_rate": (16000, 24000),
        "frame_length_ms": (20.0, 25.0, 32.0),
        "hop_length_ms": (8.0, 10.0, 12.5),
        "min_frequency": (50.0, 125.0),
        "max_frequency": (7000.0, 7600.0),
        "preemphasis": (0.0, 0.9, 0.97),
        "preemphasis_htk_flavor": (True, False),
        "fft_overdrive": (True, False),
        "input_scale_factor": (1.0, 0.5),
        "mel_floor": (1e-5, 1e-3),
    },
    "Phi4MultimodalFeatureExtractor": {
        "feature_size": (40, 80),
        "sampling_rate": (8000, 16000, 24000),
        "hop_length": (100, 160, 201),
        "n_fft": (512, 600),
        "win_length": (320, 400, 511),
        "preemphasis": (0.0, 0.9, 0.97),
        "mel_min_frequency": (0, 60),
        "mel_max_frequency": (3800, 4000),
    },
    "FunAsrNanoFeatureExtractor": {
        "feature_size": (40, 80),
        "sampling_rate": (8000, 16000, 22050),
        "frame_length": (20, 25, 32),
        "frame_shift": (8, 10, 12),
        "num_frames_lfr": (1, 4, 7, 9),
        "stride_lfr": (1, 3, 6),
        "window": ("hamming", "hanning", "povey", "rectangular", "blackman"),
    },
    "Qwen3ASRFeatureExtractor": {
        "feature_size": (64, 128),
        "sampling_rate": (16000, 24000),
        "hop_length": (128, 160, 200),
        "chunk_length": (1, 2, 5),
        "n_fft": (400, 512),
        "n_window": (0, 20, 50),
        "min_length": (0, 8000, 40000),
    },
    "Wav2Vec2FeatureExtractor": {
        "sampling_rate": (8000, 16000),
        "do_normalize": (True, False),
        "padding_value": (0.0, 1.0),
    },
}


def configs(name: str, count: int = 3) -> list[dict[str, Any]]:
    """Return the default config (nothing said) and `count` seeded ones, never the same twice."""
    rng = np.random.default_rng([NAMES.index(name), 2026])
    found = [{}, *(_choose(rng, **_OPTIONS[name]) for _ in range(count))]
    if name == "Gemma3nAudioFeatureExtractor":
        for config in found[1:3]:
            config["per_bin_mean"] = rng.normal(-4, 1, config["feature_size"]).tolist()
        found[2]["per_bin_stddev"] = rng.uniform(0.5, 2, found[2]["feature_size"]).tolist()
    return found
