# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Configs of published checkpoints: what each says otherwise than its extractor's defaults.

Written from transformers' defaults and the files that the checkpoints are published with; keys that
cannot change the features are left out. A preset's own name stands for a config of its class that
no checkpoint among the aliases has.
"""

from __future__ import annotations

from typing import Any

Config = dict[str, Any]


def _whisper(**said: Any) -> Config:
    return {"chunk_length": 30, "hop_length": 160, "n_fft": 400, "padding_side": "right",
            "padding_value": 0.0, "sampling_rate": 16000, **said}  # fmt: skip


_80 = _whisper(feature_size=80, n_samples=480000, nb_max_frames=3000)
_128 = _whisper(feature_size=128, n_samples=480000, nb_max_frames=3000)
_OMNI = _whisper(feature_size=128, chunk_length=300, n_samples=4800000, nb_max_frames=30000)
_AST = {"do_normalize": True, "max_length": 1024, "mean": -4.2677393, "num_mel_bins": 128,
        "sampling_rate": 16000, "std": 4.5689974}  # fmt: skip
_COMMANDS = {**_AST, "max_length": 128, "mean": -6.845978, "std": 5.5654526}
_CLAP = {"chunk_length_s": 10, "feature_size": 64, "fft_window_size": 1024, "frequency_max": 14000,
         "frequency_min": 50, "hop_length": 480, "max_length_s": 10, "n_fft": 1024,
         "nb_frequency_bins": 513, "nb_max_frames": 1000, "nb_max_samples": 480000,
         "padding": "repeatpad", "sampling_rate": 48000, "top_db": None}  # fmt: skip
_GRANITE = {"melspec_kwargs": {"hop_length": 160, "n_fft": 512, "n_mels": 80, "sample_rate": 16000,
                               "win_length": 400},
            "projector_downsample_rate": 5, "projector_window_size": 15,
            "sampling_rate": 16000}  # fmt: skip
_SEAMLESS = {"feature_size": 80, "num_mel_bins": 80, "padding_value": 0.0, "sampling_rate": 16000,
             "stride": 2}  # fmt: skip
_GEMMA = {"dither": 0.0, "feature_size": 128, "fft_length": 1024, "fft_overdrive": True,
          "frame_length": 512, "hop_length": 160, "input_scale_factor": 1.0,
          "max_frequency": 7600.0, "mel_floor": 1e-05, "min_frequency": 125.0,
          "padding_side": "right", "padding_value": 0.0, "per_bin_mean": None,
          "per_bin_stddev": None, "preemphasis": 0.97, "preemphasis_htk_flavor": True,
          "sampling_rate": 16000}  # fmt: skip
_SPEECHT5 = {"do_normalize": False, "feature_size": 1, "fmax": 7600, "fmin": 80,
             "frame_signal_scale": 1.0, "hop_length": 16, "mel_floor": 1e-10, "num_mel_bins": 80,
             "reduction_factor": 2, "sampling_rate": 16000, "win_function": "hann_window",
             "win_length": 64}  # fmt: skip
_RAW = {"do_normalize": True, "feature_size": 1, "padding_value": 0.0, "sampling_rate": 16000}
_S2T = {"do_ceptral_normalize": True, "feature_size": 80, "normalize_means": True,
        "normalize_vars": True, "num_mel_bins": 80, "sampling_rate": 16000}  # fmt: skip
_PARAKEET = {"feature_size": 80, "hop_length": 160, "n_fft": 512, "preemphasis": 0.97,
             "sampling_rate": 16000, "win_length": 400}  # fmt: skip
_MUSICGEN = {"chunk_length": 30, "feature_size": 12, "hop_length": 4096, "n_fft": 16384,
             "n_samples": 960000, "num_chroma": 12, "sampling_rate": 32000,
             "stem_indices": [3, 2]}  # fmt: skip
_PHI4 = {"audio_compression_rate": 8, "audio_downsample_rate": 1, "audio_feat_stride": 1,
         "feature_size": 80, "sampling_rate": 16000}  # fmt: skip

# Extractor (its class without "FeatureExtractor"): configs, and the aliases that have each.
_TABLE: tuple[tuple[str, Config, tuple[str, ...]], ...] = (
    ("Whisper", _80, (
        "openai/whisper-tiny", "openai/whisper-tiny.en", "openai/whisper-base",
        "openai/whisper-base.en", "openai/whisper-small", "openai/whisper-small.en",
        "openai/whisper-medium", "openai/whisper-medium.en", "openai/whisper-large",
        "openai/whisper-large-v2", "distil-whisper/distil-small.en",
        "distil-whisper/distil-medium.en", "distil-whisper/distil-large-v2")),
    ("Whisper", _128, (
        "openai/whisper-large-v3", "openai/whisper-large-v3-turbo",
        "distil-whisper/distil-large-v3", "distil-whisper/distil-large-v3.5",
        "Qwen/Qwen2-Audio-7B", "Qwen/Qwen2-Audio-7B-Instruct")),
    ("Whisper", _OMNI, ("Qwen/Qwen2.5-Omni-3B", "Qwen/Qwen2.5-Omni-7B")),
    ("Qwen3ASR", {}, ("qwen3-asr",)),
    ("GraniteSpeech", _GRANITE, (
        "ibm-granite/granite-speech-3.3-2b", "ibm-granite/granite-speech-3.3-8b")),
    ("GraniteSpeech5", {}, ("granite-speech-5",)),
    ("AST", _AST, (
        "MIT/ast-finetuned-audioset-10-10-0.4593", "MIT/ast-finetuned-audioset-10-10-0.450",
        "MIT/ast-finetuned-audioset-10-10-0.448", "MIT/ast-finetuned-audioset-12-12-0.447",
        "MIT/ast-finetuned-audioset-14-14-0.443", "MIT/ast-finetuned-audioset-16-16-0.442")),
    ("AST", _COMMANDS, ("MIT/ast-finetuned-speech-commands-v2",)),
    ("Clap", {**_CLAP, "truncation": "fusion"}, ("laion/clap-htsat-fused",)),
    ("Clap", {**_CLAP, "truncation": "rand_trunc"}, ("laion/clap-htsat-unfused",)),
    ("Clap", {}, ("clap-fusion",)),
    ("Clap", {"truncation": "rand_trunc"}, ("clap-rand-trunc",)),
    ("SeamlessM4T", _SEAMLESS, (
        "facebook/seamless-m4t-v2-large", "facebook/hf-seamless-m4t-large",
        "facebook/hf-seamless-m4t-medium")),
    ("SeamlessM4T", {**_SEAMLESS, "padding_value": 1}, ("facebook/w2v-bert-2.0",)),
    ("Speech2Text", _S2T, (
        "facebook/s2t-small-librispeech-asr", "facebook/s2t-medium-librispeech-asr",
        "facebook/s2t-large-librispeech-asr")),
    ("FunAsrNano", {}, ("funasr-nano-560",)),
    ("Phi4Multimodal", _PHI4, ("microsoft/Phi-4-multimodal-instruct",)),
    ("SpeechT5", _SPEECHT5, ("microsoft/speecht5_tts", "microsoft/speecht5_vc")),
    ("UnivNet", {}, ("dg845/univnet-dev",)),
    ("UnivNet", {"do_normalize": True}, ("univnet-24k-normalized",)),
    ("Parakeet", _PARAKEET, ("nvidia/parakeet-ctc-1.1b", "nvidia/parakeet-ctc-0.6b")),
    ("Parakeet", {"feature_size": 128}, ("parakeet-128-hf",)),
    ("Gemma3nAudio", _GEMMA, ("google/gemma-3n-E2B-it", "google/gemma-3n-E4B-it")),
    ("MusicgenMelody", _MUSICGEN, (
        "facebook/musicgen-melody", "facebook/musicgen-melody-large")),
    ("Wav2Vec2", _RAW, (
        "facebook/wav2vec2-base", "facebook/wav2vec2-base-960h", "facebook/wav2vec2-large-960h",
        "facebook/hubert-base-ls960", "facebook/hubert-large-ls960-ft")),
)  # fmt: skip

# Alias: the class of its extractor, and its config.
CHECKPOINTS: dict[str, tuple[str, Config]] = {
    alias: (name + "FeatureExtractor", config)
    for name, config, aliases in _TABLE
    for alias in aliases
}
# One alias of every config.
DISTINCT = tuple(aliases[0] for _, _, aliases in _TABLE)
