# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A preset, the config of a checkpoint that it stands for, and the checkpoint's own extractor."""

from __future__ import annotations

import numpy as np
import pytest
from support import hf, signals
from support.checkpoints import CHECKPOINTS, DISTINCT

import sonogram


def from_config(alias):
    name, config = CHECKPOINTS[alias]
    return sonogram.from_hf({**config, "feature_extractor_type": name})


def voices(rate):
    """Speech of uneven lengths, some of a multiple of the hop and some not; one ends in a click."""
    lengths = (2 * rate, int(0.73 * rate) + 7, rate + 480, int(0.9 * rate) // 320 * 320)
    made = [signals.speech(n, rate).astype(np.float32) for n in lengths]
    made[2][-1] = 1.0
    return made


@pytest.mark.parametrize("alias", CHECKPOINTS)
def test_a_preset_is_what_its_checkpoints_config_says(alias):
    spec, preset = from_config(alias), sonogram.preset(alias)
    assert spec == preset
    assert spec.fingerprint() == preset.fingerprint()


def test_every_alias_of_an_extractor_that_is_read_is_compared():
    read = {name for name, _ in CHECKPOINTS.values()}
    for name, entry in sonogram.presets().items():
        extractor = next((e for e in read if f" {e}" in entry.reference.replace("(", " ")), None)
        if extractor is None:
            continue
        hub = [alias for alias in entry.aliases if "/" in alias]
        for alias in hub or [name]:
            if not any(sonogram.preset(a) is entry.spec for a in CHECKPOINTS):
                raise AssertionError(
                    f"{name} ({extractor}) has no config in tests/support/checkpoints.py"
                )
            if hub:
                assert CHECKPOINTS[alias][0] == extractor


@pytest.mark.slow
@pytest.mark.parametrize("alias", DISTINCT)
def test_the_lengths_of_a_ragged_batch_are_the_extractors(alias):
    name, config = CHECKPOINTS[alias]
    spec = sonogram.preset(alias)
    items = voices(int(spec.sample_rate))
    ours, said = sonogram.batch(items, spec), sonogram.batch(items, from_config(alias))
    np.testing.assert_array_equal(ours.lengths, said.lengths)
    np.testing.assert_array_equal(ours.attention_mask, said.attention_mask)
    np.testing.assert_array_equal(ours.attention_mask.sum(axis=1), ours.lengths)
    reference = hf.build(name, config)
    for i, item in enumerate(items):
        mask = hf.call(name, reference, item)[1]
        if mask is not None:  # of frames
            assert ours.lengths[i] == mask.sum()
            np.testing.assert_array_equal(ours.attention_mask[i, : len(mask)], mask)


# What the call needs to pad as it does by itself. The others have no mask of frames, or pad the
# audio to the longest item's first, so that silence behind a shorter item gets frames of its own.
BATCHED = {
    "openai/whisper-tiny": {"return_attention_mask": True},
    "openai/whisper-large-v3": {"return_attention_mask": True},
    "Qwen/Qwen2.5-Omni-3B": {"return_attention_mask": True},
    "qwen3-asr": {"return_attention_mask": True},
    "facebook/seamless-m4t-v2-large": {},
    "facebook/w2v-bert-2.0": {},
    "facebook/s2t-small-librispeech-asr": {"padding": True},
    "nvidia/parakeet-ctc-1.1b": {},
    "parakeet-128-hf": {},
    "granite-speech-5": {},
    "funasr-nano-560": {},
    "facebook/wav2vec2-base": {"padding": True, "return_attention_mask": True},
}


@pytest.mark.parametrize("alias", BATCHED)
def test_the_mask_of_a_ragged_batch_is_the_extractors(alias):
    name, config = CHECKPOINTS[alias]
    items = voices(16000)
    features, mask = hf.call_batch(hf.build(name, config), items, **BATCHED[alias])
    ours = sonogram.batch(items, sonogram.preset(alias))
    np.testing.assert_array_equal(ours.attention_mask, mask.astype(np.int32))
    assert next(iter(ours.values())).shape == features.shape


# Extractors that no config is read of: their presets count frames as they do.
UNREAD = {
    "cohere-asr-128": "CohereAsrFeatureExtractor",
    "nemotron-streaming-80": "NemotronAsrStreamingFeatureExtractor",
    "gemma4-128": "Gemma4AudioFeatureExtractor",
    "inkling-80": "InklingFeatureExtractor",
}


@pytest.mark.parametrize("preset", UNREAD)
def test_presets_without_a_config_count_valid_frames_as_their_extractors(preset):
    reference = hf.build(UNREAD[preset], {})
    items = voices(16000)
    lengths = sonogram.batch(items, sonogram.preset(preset)).lengths
    for i, item in enumerate(items):
        got = reference([item.copy()], sampling_rate=16000, return_tensors="np")
        mask = next(np.asarray(got[k]) for k in got if k.endswith("mask"))
        assert lengths[i] == mask[0].sum()


def test_openais_own_whisper_has_no_mask_and_keeps_every_frame():
    items = voices(16000)
    lengths = sonogram.batch(items, sonogram.preset("whisper-80")).lengths
    np.testing.assert_array_equal(lengths, [len(x) // 160 for x in items])


NEMO = {"sample_rate": 16000, "window_stride": 0.01, "window": "hann", "n_fft": 512, "dither": 1e-5}
FASTPITCH = {
    "sample_rate": 22050, "n_window_size": 1024, "window_size": None, "n_window_stride": 256,
    "window_stride": None, "n_fft": 1024, "features": 80, "lowfreq": 0, "highfreq": 8000,
    "normalize": None, "preemph": None, "log_zero_guard_type": "add", "log_zero_guard_value": 1e-5,
    "mag_power": 1.0, "pad_to": 1, "dither": 0.0,
}  # fmt: skip
VOCODER = {"n_fft": 1024, "hop_size": 256, "win_size": 1024, "fmin": 0}
OTHERS = {
    "nemo-64": lambda: sonogram.from_nemo({}),
    "nemo-80": lambda: sonogram.from_nemo({**NEMO, "window_size": 0.025, "features": 80,
                                           "normalize": "per_feature", "pad_to": 0}),
    "nemo-128": lambda: sonogram.from_nemo({**NEMO, "window_size": 0.025, "features": 128,
                                            "pad_to": 0}),
    "nvidia/tts_en_fastpitch": lambda: sonogram.from_nemo(FASTPITCH),
    "hifigan-22k": lambda: sonogram.from_hifigan(
        {**VOCODER, "sampling_rate": 22050, "num_mels": 80, "fmax": 8000}),
    "hifigan-22k-loss": lambda: sonogram.from_hifigan(
        {**VOCODER, "sampling_rate": 22050, "num_mels": 80, "fmax": 8000, "fmax_for_loss": None},
        loss=True),
    "nvidia/bigvgan_v2_24khz_100band_256x": lambda: sonogram.from_hifigan(
        {**VOCODER, "sampling_rate": 24000, "num_mels": 100, "fmax": None}),
    "nvidia/bigvgan_24khz_100band": lambda: sonogram.from_hifigan(
        {**VOCODER, "sampling_rate": 24000, "num_mels": 100, "fmax": 12000}),
    "nvidia/bigvgan_v2_44khz_128band_512x": lambda: sonogram.from_hifigan(
        {"n_fft": 2048, "hop_size": 512, "win_size": 2048, "fmin": 0, "sampling_rate": 44100,
         "num_mels": 128, "fmax": None}),
    "kaldi-fbank-23": lambda: sonogram.from_kaldi_conf(["--dither=0"]),
    "kaldi-fbank-80": lambda: sonogram.from_kaldi_conf(["--num-mel-bins=80", "--dither=0"]),
    "kaldi-mfcc": lambda: sonogram.from_kaldi_conf(["--dither=0"], kind="mfcc"),
    "kaldi-mfcc-hires": lambda: sonogram.from_kaldi_conf(
        ["--use-energy=false", "--num-mel-bins=40", "--num-ceps=40", "--low-freq=20",
         "--high-freq=-400", "--dither=0"], kind="mfcc"),
    "kaldi-spectrogram": lambda: sonogram.from_kaldi_conf(["--dither=0"], kind="spectrogram"),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_presets_equal_the_configurations_of_other_projects(name):
    spec, preset = OTHERS[name](), sonogram.preset(name)
    assert spec == preset
    assert spec.fingerprint() == preset.fingerprint()
