# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""from_hf: the shape, mask and numbers of every extractor's living class.

Each extractor is asked with its defaults and with three seeded random configs. It is compared in
the precision it computes in, to the tolerance below, which is absolute: features are logarithms,
or normalised.
"""

from __future__ import annotations

import json

import numpy as np
import pytest
from support import hf, signals
from support import tolerance as rule

import sonogram

# Extractor: precision of the comparison, tolerance, its reason.
F32_LOG = "float32 FFTs differ by 1e-7 of a frame's peak, which is more of a weak bin"
TOLERANCE = {
    "WhisperFeatureExtractor": ("float32", 3e-5, "float32; floored at 8 decades, divided by 4"),
    "ASTFeatureExtractor": ("float32", 5e-4, F32_LOG),
    "ClapFeatureExtractor": ("float64", 1e-5, "dB of a spectrum rounded to complex64"),
    "SeamlessM4TFeatureExtractor": ("float64", 2e-5, "spectrum rounded to complex64"),
    "Speech2TextFeatureExtractor": ("float32", 5e-3, F32_LOG),
    "SpeechT5FeatureExtractor": ("float64", 2e-6, "spectrum rounded to complex64"),
    "UnivNetFeatureExtractor": ("float64", 2e-6, "spectrum rounded to complex64"),
    "MusicgenMelodyFeatureExtractor": ("float32", 0.0, "ones and zeros"),
    "ParakeetFeatureExtractor": ("float32", 3e-4, F32_LOG),
    "GraniteSpeechFeatureExtractor": ("float32", 3e-5, "as Whisper; float32 bank"),
    "GraniteSpeech5FeatureExtractor": ("float32", 3e-5, "as Whisper; float32 bank"),
    "Gemma3nAudioFeatureExtractor": ("float32", 1e-3, F32_LOG),
    "Phi4MultimodalFeatureExtractor": ("float32", 2e-3, F32_LOG),
    "FunAsrNanoFeatureExtractor": ("float32", 3e-3, F32_LOG),
    "Qwen3ASRFeatureExtractor": ("float32", 3e-5, "float32; floored at 8 decades, divided by 4"),
    "Wav2Vec2FeatureExtractor": ("float32", 2e-6, "float32 mean and variance"),
}
CASES = [(name, i) for name in hf.NAMES for i in range(4)]


def signal(name, config, rate):
    """A voice of an odd length, shorter than what CLAP draws its pieces from."""
    seconds = 0.7 if name == "ClapFeatureExtractor" else 1.3
    return signals.speech(int(seconds * rate) + 7, rate).astype(np.float32)


@pytest.mark.parametrize(("name", "i"), CASES, ids=lambda v: str(v).removesuffix("Extractor"))
def test_from_hf_equals_the_living_extractor(name, i):
    config = hf.configs(name)[i]
    reference = hf.build(name, config)
    x = signal(name, config, reference.sampling_rate)
    want, mask = hf.call(name, reference, x)
    precision, tolerance, _ = TOLERANCE[name]
    spec = sonogram.from_hf({**config, "feature_extractor_type": name})
    extractor = sonogram.Extractor(spec)
    got = extractor(x.astype(precision))
    assert got.shape == want.shape
    if precision == "float64" or tolerance == 0 or spec.log is None:
        np.testing.assert_allclose(got, want, rtol=0, atol=tolerance)
    else:  # of two float32 results: weak bins differ by more on some instruction sets
        assert rule.used(spec.to_dict(), x, got, want, tolerance) <= 1
    if mask is not None:
        ours = sonogram.batch([x], spec, num_threads=1).attention_mask[0]
        np.testing.assert_array_equal(ours, mask.astype(np.int32))


# Extractors that pad after they compute, or always to the same length: what their call needs.
BATCHED = {
    "WhisperFeatureExtractor": {"return_attention_mask": True},
    "SeamlessM4TFeatureExtractor": {},
    "Speech2TextFeatureExtractor": {"padding": True},
    "ParakeetFeatureExtractor": {},
    "FunAsrNanoFeatureExtractor": {},
    "Qwen3ASRFeatureExtractor": {"return_attention_mask": True},
    "Wav2Vec2FeatureExtractor": {"padding": True, "return_attention_mask": True},
}


@pytest.mark.parametrize("name", BATCHED)
def test_a_batch_equals_the_living_extractors(name):
    padded_audio = name in ("WhisperFeatureExtractor", "Qwen3ASRFeatureExtractor")
    config = {"padding_value": 0.0 if padded_audio else -0.25}
    voices = [signals.speech(n).astype(np.float32) for n in (16000, 9999, 12345)]
    want = hf.call_batch(hf.build(name, config), voices, **BATCHED[name])
    config["feature_extractor_type"] = name
    got = sonogram.batch(voices, sonogram.from_hf(config), **sonogram.hf_batch_options(config))
    features = got[sonogram.hf_batch_options(config)["name"]]
    assert features.shape == want[0].shape
    np.testing.assert_allclose(features, want[0], rtol=0, atol=max(1e-3, TOLERANCE[name][1]))
    np.testing.assert_array_equal(got.attention_mask, want[1].astype(np.int32))


@pytest.mark.parametrize("name", hf.NAMES)
def test_a_saved_default_config_gives_the_default_spec(name, tmp_path):
    hf.build(name, {}).save_pretrained(tmp_path)
    spec = sonogram.from_hf(tmp_path)
    assert spec == sonogram.from_hf({}, extractor=name)
    assert spec == sonogram.from_hf(tmp_path / "preprocessor_config.json")


# As they are published, with the keys of older versions and of other processors.
PUBLISHED = {
    "whisper": {
        "chunk_length": 30, "feature_extractor_type": "WhisperFeatureExtractor",
        "feature_size": 80, "hop_length": 160, "mel_filters": [[0.0] * 80] * 201, "n_fft": 400,
        "n_samples": 480000, "nb_max_frames": 3000, "padding_side": "right", "padding_value": 0.0,
        "processor_class": "WhisperProcessor", "return_attention_mask": False,
        "sampling_rate": 16000,
    },
    "clap": {
        "chunk_length_s": 10, "feature_extractor_type": "ClapFeatureExtractor",
        "feature_size": 64, "fft_window_size": 1024, "frequency_max": 14000, "frequency_min": 50,
        "hop_length": 480, "max_length_s": 10, "n_fft": 1024, "nb_frequency_bins": 513,
        "nb_max_frames": 1000, "nb_max_samples": 480000, "padding": "repeatpad",
        "padding_side": "right", "padding_value": 0.0, "processor_class": "ClapProcessor",
        "return_attention_mask": False, "sampling_rate": 48000, "top_db": None,
        "truncation": "rand_trunc",
    },
    "speecht5": {
        "do_normalize": False, "feature_extractor_type": "SpeechT5FeatureExtractor",
        "feature_size": 1, "fmax": 7600, "fmin": 80, "frame_signal_scale": 1.0, "hop_length": 16,
        "mel_floor": 1e-10, "num_mel_bins": 80, "padding_side": "right", "padding_value": 0.0,
        "processor_class": "SpeechT5Processor", "reduction_factor": 2,
        "return_attention_mask": True, "sampling_rate": 16000, "win_function": "hann_window",
        "win_length": 64,
    },
    "qwen omni": {
        "chunk_length": 300, "dither": 0.0, "feature_extractor_type": "WhisperFeatureExtractor",
        "feature_size": 128, "hop_length": 160, "image_mean": [0.5, 0.5, 0.5],
        "image_processor_type": "Qwen2VLImageProcessor", "image_std": [0.3, 0.3, 0.3],
        "max_pixels": 12845056, "merge_size": 2, "min_pixels": 3136, "n_fft": 400,
        "n_samples": 4800000, "nb_max_frames": 30000, "padding_side": "right",
        "padding_value": 0.0, "patch_size": 14, "return_attention_mask": True,
        "sampling_rate": 16000, "temporal_patch_size": 2,
    },
}  # fmt: skip


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_configs_are_read(name):
    spec = sonogram.from_hf(PUBLISHED[name])
    assert spec.n_mels == PUBLISHED[name].get("num_mel_bins", PUBLISHED[name]["feature_size"])


def test_the_extractor_is_found_where_the_config_does_not_name_it(tmp_path):
    config = {"do_normalize": True, "feature_size": 1, "sampling_rate": 16000}
    with pytest.raises(ValueError, match="feature_extractor_type"):
        sonogram.from_hf(config)
    spec = sonogram.from_hf(config, extractor="Wav2Vec2FeatureExtractor")
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(config))
    with pytest.raises(ValueError, match="extractor="):
        sonogram.from_hf(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "hubert"}))
    assert sonogram.from_hf(tmp_path) == spec


def test_a_processors_file_holds_the_extractors_section(tmp_path):
    section = {"feature_extractor_type": "WhisperFeatureExtractor", "feature_size": 128}
    whole = {"feature_extractor": section, "processor_class": "WhisperProcessor"}
    (tmp_path / "processor_config.json").write_text(json.dumps(whole))
    assert sonogram.from_hf(tmp_path).n_mels == 128
    assert sonogram.from_hf(whole).n_mels == 128


def test_from_hf_reports_errors_of_a_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="preprocessor_config"):
        sonogram.from_hf(tmp_path)
    (tmp_path / "preprocessor_config.json").write_text("[1]")
    with pytest.raises(ValueError, match="list"):
        sonogram.from_hf(tmp_path)
    (tmp_path / "preprocessor_config.json").write_text("{")
    with pytest.raises(ValueError, match="not valid JSON"):
        sonogram.from_hf(tmp_path)
    with pytest.raises(TypeError, match="source is a int"):
        sonogram.from_hf(3)


REFUSED = [
    ("Whisper", {"n_ffts": 400}, ValueError, ["n_ffts", "n_fft"]),
    ("Whisper", {"n_samples": 16000}, ValueError, ["n_samples", "480000"]),
    ("Whisper", {"nb_max_frames": 1500}, ValueError, ["nb_max_frames", "3000"]),
    ("Whisper", {"sampling_rate": "16k"}, TypeError, ["sampling_rate", "16k"]),
    ("Whisper", {"sampling_rate": None}, TypeError, ["sampling_rate", "None"]),
    ("Whisper", {"hop_length": 0}, ValueError, ["hop_length", "0"]),
    ("Whisper", {"padding_side": "left"}, ValueError, ["padding_side", "left", "right"]),
    ("Whisper", {"padding_value": 0.5}, ValueError, ["padding_value", "0.5", "zeros"]),
    ("Gemma3nAudio", {"padding_value": 0.5}, ValueError, ["padding_value", "0.5"]),
    ("AST", {"std": 0.0}, ValueError, ["std", "0"]),
    ("AST", {"do_normalize": 1}, TypeError, ["do_normalize", "1"]),
    ("Clap", {"truncation": "none"}, ValueError, ["truncation", "none", "fusion"]),
    ("Clap", {"padding": "wrap"}, ValueError, ["padding", "wrap", "repeatpad"]),
    ("Clap", {"nb_frequency_bins": 512}, ValueError, ["nb_frequency_bins", "513"]),
    ("SpeechT5", {"win_function": "kaiser"}, ValueError, ["win_function", "kaiser"]),
    ("SpeechT5", {"frame_signal_scale": 2.0}, ValueError, ["frame_signal_scale", "2"]),
    ("UnivNet", {"center": True}, ValueError, ["center", "True"]),
    ("UnivNet", {"win_length": 800}, ValueError, ["win_length", "800", "1024"]),
    ("UnivNet", {"filter_length": 2048}, ValueError, ["win_length", "1024", "2048"]),
    ("GraniteSpeech", {"n_mels": 40, "feature_size": 80}, ValueError, ["feature_size", "40"]),
    ("GraniteSpeech", {"melspec_kwargs": {"n_mels": 40}}, ValueError, ["melspec_kwargs", "80"]),
    ("GraniteSpeech5", {"feature_size": 80}, ValueError, ["feature_size", "80", "320"]),
    ("Gemma3nAudio", {"frame_length": 400}, ValueError, ["frame_length", "400", "512"]),
    ("Gemma3nAudio", {"per_bin_mean": [0.0]}, ValueError, ["per_bin_mean", "128"]),
    ("Gemma3nAudio", {"per_bin_mean": "0"}, TypeError, ["per_bin_mean", "128"]),
    ("Gemma3nAudio", {"per_bin_stddev": [0.0] * 128}, ValueError, ["per_bin_stddev", "0"]),
    ("Phi4Multimodal", {"audio_feat_stride": 2}, ValueError, ["audio_feat_stride", "2"]),
    ("FunAsrNano", {"window": "kaiser"}, ValueError, ["window", "kaiser", "hamming"]),
    ("Wav2Vec2", {"normalise": True}, ValueError, ["normalise", "do_normalize"]),
]


@pytest.mark.parametrize(("name", "config", "error", "words"), REFUSED, ids=str)
def test_from_hf_names_unknown_and_contradictory_keys(name, config, error, words):
    with pytest.raises(error) as caught:
        sonogram.from_hf(config, extractor=name + "FeatureExtractor")
    assert all(word in str(caught.value) for word in words)


@pytest.mark.parametrize("rate", [1, 2, 3, 7, 10**9, 10**18, 10**400, 1e300])
@pytest.mark.parametrize("name", hf.NAMES)
def test_a_rate_of_which_no_front_end_can_be_made_is_named(name, rate):
    # raw audio has no frames, and some recipes do go with an odd rate
    spec = message = None
    try:
        spec = sonogram.from_hf({"sampling_rate": rate}, extractor=name)
    except ValueError as error:
        message = str(error)
    if message is None:
        assert spec.sample_rate == rate
    else:
        assert "sampling_rate" in message
        assert len(message) < 400


@pytest.mark.parametrize("rate", [1, 3, 999])
@pytest.mark.parametrize("name", ["WhisperFeatureExtractor", "Qwen3ASRFeatureExtractor"])
def test_bands_far_above_the_rate_are_refused_before_they_are_drawn(name, rate):
    with pytest.raises(ValueError, match=rf"sampling_rate is {rate}; it must be at least 1000"):
        sonogram.from_hf({"sampling_rate": rate}, extractor=name)
    assert sonogram.from_hf({"sampling_rate": 1000}, extractor=name).n_mels >= 80
    with pytest.raises(ValueError, match=r"sampling_rate is 1000, .* FFT's length is 1000000"):
        sonogram.from_hf({"sampling_rate": 1000, "n_fft": 10**6}, extractor=name)


@pytest.mark.parametrize("key", ["mean", "std", "max_length", "num_mel_bins"])
def test_a_number_that_no_float_holds_is_a_value_error(key):
    for value in (10**400, -(10**400), float("inf"), float("nan")):
        with pytest.raises((ValueError, TypeError), match=key):
            sonogram.from_hf({key: value}, extractor="ASTFeatureExtractor")


def test_a_hubs_name_is_told_of_the_preset():
    with pytest.raises(FileNotFoundError) as caught:
        sonogram.from_hf("openai/whisper-small")
    for words in ("'openai/whisper-small'", "folder", "preset('openai/whisper-small') knows"):
        assert words in str(caught.value)


@pytest.mark.parametrize(
    ("name", "family"),
    [("someone/whisper-small-de", "whisper-small"), ("facebook/wav2vec2-large", "wav2vec2")],
)
def test_a_hubs_name_without_a_preset_is_told_of_its_family(name, family):
    with pytest.raises(FileNotFoundError) as caught:
        sonogram.from_hf(name)
    assert repr(name) in str(caught.value)
    assert family in str(caught.value).partition("near it")[2]


def test_from_hf_names_the_extractors_it_knows():
    with pytest.raises(ValueError, match=r"EncodecFeatureExtractor.*WhisperFeatureExtractor"):
        sonogram.from_hf({"feature_extractor_type": "EncodecFeatureExtractor"})


@pytest.mark.parametrize("normalize", [True, False])
def test_speecht5s_input_side_is_the_waveform(normalize):
    config = {"do_normalize": normalize}
    reference = hf.build("SpeechT5FeatureExtractor", config)
    x = signals.speech(12345).astype(np.float32)
    want = reference(audio=x, sampling_rate=16000).input_values[0]
    spec = sonogram.from_hf(config, extractor="SpeechT5FeatureExtractor", waveform=True)
    np.testing.assert_allclose(sonogram.Extractor(spec)(x), want, rtol=0, atol=2e-6)


def test_only_an_extractor_with_a_raw_side_gives_the_waveform():
    with pytest.raises(ValueError, match="WhisperFeatureExtractor"):
        sonogram.from_hf({}, extractor="WhisperFeatureExtractor", waveform=True)
