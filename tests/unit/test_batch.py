# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Batches: padding never changes an item, and says what it is."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import signals
from support.peers import peer

import sonogram

MEL = sonogram.Spec(filterbank="mel", n_mels=20, hop_length=160, log="ln")
BYTES = MEL.replace(dtype="uint8")
VOICES = [signals.speech(n).astype(np.float32) for n in (16000, 9001, 4000)]
SPECS = {
    "bands by time": MEL,
    "time by bands": MEL.replace(layout="time_freq"),
    "complex": sonogram.Spec(power=None),
    "stacked": MEL.replace(layout="time_freq", finish=(("stack", 3, 2),)),
    "normalised": sonogram.from_hf({}, extractor="ParakeetFeatureExtractor"),
    "30 s": sonogram.from_hf({"chunk_length": 3}, extractor="WhisperFeatureExtractor"),
    "waveform": sonogram.from_hf({}, extractor="Wav2Vec2FeatureExtractor"),
}


def time_last(spec, item):
    return item if spec.layout == "freq_time" or item.ndim == 1 else np.swapaxes(item, 0, 1)


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("side", ["right", "left"])
def test_every_items_numbers_are_those_it_has_alone(name, side):
    spec = SPECS[name]
    got = sonogram.batch(VOICES, spec, padding_side=side, padding_value=-7.5)
    features = got[next(iter(got))]
    total = time_last(spec, features[0]).shape[-1]
    for row, voice in zip(features, VOICES, strict=True):
        alone = time_last(spec, sonogram.Extractor(spec)(voice))
        n = alone.shape[-1]
        row = time_last(spec, row)
        start = total - n if side == "left" else 0
        np.testing.assert_array_equal(row[..., start : start + n], alone)
        assert np.all(np.delete(row, np.s_[start : start + n], axis=-1) == -7.5)


def test_lengths_and_mask_say_which_frames_are_true():
    got = sonogram.batch(VOICES, MEL)
    assert got.lengths.tolist() == [101, 57, 26]
    assert got.lengths.dtype == np.int64
    assert got.attention_mask.dtype == np.int32
    np.testing.assert_array_equal(got.attention_mask, np.arange(101) < got.lengths[:, None])
    left = sonogram.batch(VOICES, MEL, padding_side="left")
    np.testing.assert_array_equal(left.attention_mask, got.attention_mask[:, ::-1])


@pytest.mark.parametrize("padded", [0, 1, 2])
def test_padding_on_the_left_is_exact_to_the_frame(padded):
    long, short = VOICES[0], VOICES[0][: 16000 - 160 * padded]
    got = sonogram.batch([long, short], MEL, padding_side="left", padding_value=-7.5)
    assert got.lengths.tolist() == [101, 101 - padded]
    np.testing.assert_array_equal(got.attention_mask[1], np.arange(101) >= padded)
    assert np.all(got.input_features[1][:, :padded] == -7.5)
    np.testing.assert_array_equal(got.input_features[1][:, padded:], sonogram.Extractor(MEL)(short))


@pytest.mark.parametrize("frames", [99, 100, 101, 102, 103])
def test_items_on_the_left_are_cut_and_padded_to_max_frames(frames):
    got = sonogram.batch(
        [VOICES[0]], MEL, padding_side="left", padding="max_length", max_frames=frames
    )
    alone = sonogram.Extractor(MEL)(VOICES[0])
    want = np.zeros((len(alone), frames), np.float32)
    kept = min(frames, 101)
    want[:, frames - kept :] = alone[:, :kept]
    np.testing.assert_array_equal(got.input_features[0], want)
    np.testing.assert_array_equal(got.attention_mask[0], np.arange(frames) >= frames - kept)


def test_of_a_fixed_length_the_mask_holds_the_audio_alone():
    got = sonogram.batch(VOICES, SPECS["30 s"])
    assert got.input_features.shape == (3, 80, 300)
    assert got.lengths.tolist() == [100, 57, 25]


def test_frames_are_padded_to_a_multiple_and_cut_to_a_maximum():
    assert sonogram.batch(VOICES, MEL, pad_to_multiple_of=32).input_features.shape[-1] == 128
    cut = sonogram.batch(VOICES, MEL, max_frames=40)
    assert cut.input_features.shape[-1] == 40
    assert cut.lengths.tolist() == [40, 40, 26]
    whole = sonogram.batch(VOICES, MEL)
    np.testing.assert_array_equal(cut.input_features[0], whole.input_features[0][:, :40])
    full = sonogram.batch(VOICES, MEL, max_frames=200, padding="max_length")
    assert full.input_features.shape[-1] == 200
    assert full.lengths.tolist() == whole.lengths.tolist()
    both = sonogram.batch(VOICES, MEL, max_frames=40, padding="max_length", pad_to_multiple_of=64)
    assert both.input_features.shape[-1] == 64
    assert both.attention_mask.sum(axis=1).tolist() == [40, 40, 26]


def test_the_name_is_what_the_model_calls_it():
    assert "input_features" in sonogram.batch(VOICES, MEL)
    assert "input_values" in sonogram.batch(VOICES, SPECS["waveform"])
    assert "audio_features" in sonogram.batch(VOICES, MEL, name="audio_features")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(400, 4000), min_size=1, max_size=5), st.integers(1, 4))
def test_a_batch_is_the_same_for_any_lengths_and_threads(lengths, num_threads):
    items = [VOICES[0][i : i + n] for i, n in enumerate(lengths)]
    got = sonogram.batch(items, MEL, num_threads=num_threads)
    extract = sonogram.Extractor(MEL)
    for row, item, n in zip(got.input_features, items, got.lengths, strict=True):
        np.testing.assert_array_equal(row[:, :n], extract(item))
        assert not row[:, n:].any()


def test_a_batch_takes_lists_rows_of_an_array_and_transforms():
    want = sonogram.batch([VOICES[2], VOICES[2]], MEL)
    rows = np.stack([VOICES[2], VOICES[2]])
    same = [
        sonogram.batch(rows, MEL),
        sonogram.batch(rows, sonogram.Extractor(MEL)),
        sonogram.batch([VOICES[2].tolist()] * 2, MEL),
        sonogram.batch(iter(rows), MEL),
    ]
    for got in same:
        np.testing.assert_array_equal(got.input_features, want.input_features)
    mel = sonogram.MelSpectrogram(n_mels=20)
    assert sonogram.batch(rows, mel).input_features.shape == (2, 20, 21)


def test_tensors_in_and_out():
    torch = peer("torch")
    want = sonogram.batch(VOICES, MEL)
    got = sonogram.batch([torch.from_numpy(v) for v in VOICES], MEL, return_tensors="pt")
    for name, value in want.items():
        assert isinstance(got[name], torch.Tensor)
        np.testing.assert_array_equal(got[name].numpy(), value)
    half = got.to(torch.float16)
    assert half.input_features.dtype == torch.float16
    assert half.lengths.dtype == torch.int64
    assert got.to("cpu").lengths.tolist() == want.lengths.tolist()


def test_bfloat16_is_padded_with_its_own_bits():
    torch = peer("torch")
    spec = MEL.replace(dtype="bfloat16")
    got = sonogram.batch(VOICES, spec, padding_value=1.003, return_tensors="pt").input_features
    assert got.dtype == torch.bfloat16
    assert got[2, 0, -1] == torch.tensor(1.003).bfloat16()


def test_collate_is_a_collate_fn():
    torch = peer("torch")
    examples = [{"audio": v, "label": i, "text": "ab"[:i]} for i, v in enumerate(VOICES)]
    collate = pickle.loads(pickle.dumps(sonogram.Collate(MEL, padding_value=1.0)))
    loader = torch.utils.data.DataLoader(examples, batch_size=3, collate_fn=collate)
    got = next(iter(loader))
    want = sonogram.batch(VOICES, MEL, padding_value=1.0, return_tensors="pt")
    assert torch.equal(got.input_features, want.input_features)
    assert got.label.tolist() == [0, 1, 2]
    assert got.text == ["", "a", "ab"]
    plain = sonogram.Collate(MEL)(VOICES)
    assert plain.lengths.tolist() == want.lengths.tolist()


@pytest.mark.parametrize(
    ("error", "arguments", "words"),
    [
        (ValueError, {"waveforms": []}, ["waveforms", "empty"]),
        (TypeError, {"waveforms": "voice.wav"}, ["waveforms", "str"]),
        (TypeError, {"waveforms": 3}, ["waveforms", "int"]),
        (TypeError, {"waveforms": [VOICES[0], None]}, ["waveforms[1]", "NoneType"]),
        (ValueError, {"waveforms": [np.zeros((2, 800), np.float32)]}, ["waveforms[0]", "(2, 800)"]),
        (TypeError, {"waveforms": [VOICES[0], np.zeros(800)]}, ["waveforms[1]", "float64"]),
        (TypeError, {"spec": {"n_fft": 400}}, ["spec", "dict"]),
        (ValueError, {"padding": "shortest"}, ["padding", "shortest", "longest"]),
        (ValueError, {"padding": "max_length"}, ["max_frames", "None"]),
        (ValueError, {"max_frames": 0}, ["max_frames", "0"]),
        (TypeError, {"pad_to_multiple_of": 1.5}, ["pad_to_multiple_of", "1.5"]),
        (ValueError, {"padding_side": "both"}, ["padding_side", "both"]),
        (ValueError, {"return_tensors": "tf"}, ["return_tensors", "tf"]),
        (ValueError, {"padding_value": float("nan")}, ["padding_value", "nan"]),
        (
            ValueError,
            {"spec": MEL.replace(dtype="uint8"), "padding_value": -1.0},
            ["padding_value"],
        ),
    ],
    ids=str,
)
def test_batch_names_refused_arguments(error, arguments, words):
    given = {"waveforms": VOICES, "spec": MEL, **arguments}
    with pytest.raises(error) as caught:
        sonogram.batch(given.pop("waveforms"), given.pop("spec"), **given)
    assert all(word in str(caught.value) for word in words)


def test_a_waveform_that_is_too_short_is_named():
    with pytest.raises(ValueError, match=r"waveforms\[1\]"):
        sonogram.batch([VOICES[0], VOICES[0][:100]], MEL)


def test_collate_names_refused_arguments():
    with pytest.raises(ValueError, match=r"'audio'.*'sound'"):
        sonogram.Collate(MEL)([{"sound": VOICES[0]}])
    with pytest.raises(ValueError, match="examples is empty"):
        sonogram.Collate(MEL)([])


def test_a_batch_names_missing_entries():
    with pytest.raises(AttributeError, match=r"input_features.*'labels'"):
        _ = sonogram.batch(VOICES, MEL).labels
