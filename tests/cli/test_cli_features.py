# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The command ``sonogram``: the features that it writes, and where."""

import json
import os
import shutil

import numpy as np
import pytest
from support.commands import FEW, MUSIC, SPEECH, fails

import sonogram
from sonogram._cli import main


@pytest.mark.parametrize(
    ("command", "function"),
    [
        ("mel", sonogram.log_mel_spectrogram),
        ("spectrogram", sonogram.spectrogram),
        ("stft", sonogram.stft),
    ],
)
def test_defaults_are_those_of_the_function(here, command, function):
    assert main([command, MUSIC, "-o", "out.npy"]) == 0
    waveform, rate = sonogram.load(MUSIC)
    options = {"sample_rate": rate, "n_fft": 2048, "n_mels": 80} if command == "mel" else {}
    np.testing.assert_array_equal(np.load("out.npy"), function(waveform, **options))


RATES = (1000, 4000, 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 96000, 192000)


@pytest.mark.parametrize("rate", RATES)
def test_the_defaults_of_mel_fill_every_band_at_any_rate(here, capsys, rate):
    sonogram.save("a.wav", np.zeros((1, rate), np.float32), rate)
    for scale in ("htk", "slaney", "kaldi"):
        assert main(["mel", "a.wav", "-o", "a.npz", "--mel-scale", scale]) == 0
        assert capsys.readouterr().err == ""
        with np.load("a.npz") as stored:
            assert stored["features"].shape[:2] == (1, 80)
            spec = sonogram.Spec.from_dict(json.loads(stored["spec"].item()))
            assert (spec.n_fft - 1) & spec.n_fft == 0
            assert spec.n_fft / 2 < max(0.025 * rate, 256) <= spec.n_fft
    assert main(["mel", "a.wav", "-o", "a.npz", "--win-length", str(rate)]) == 0
    with np.load("a.npz") as stored:
        assert json.loads(stored["spec"].item())["n_fft"] >= rate


def test_mel_without_log_is_mel_spectrogram(here):
    assert main(["mel", SPEECH, "-o", "out.npy", "--log", "none", *FEW]) == 0
    waveform, rate = sonogram.load(SPEECH)
    expected = sonogram.mel_spectrogram(waveform, sample_rate=rate, n_mels=40)
    np.testing.assert_array_equal(np.load("out.npy"), expected)


def test_npz_holds_features_rate_hop_and_a_spec_that_makes_them_again(here):
    options = ["--n-fft", "512", "--hop-length", "128", "--n-mels", "64", "--log", "log10"]
    assert main(["mel", SPEECH, "-o", "out.npz", *options]) == 0
    with np.load("out.npz", allow_pickle=False) as stored:
        assert sorted(stored) == ["features", "hop_length", "sample_rate", "spec"]
        assert stored["sample_rate"] == 16000
        assert stored["sample_rate"].dtype.kind == "i"
        assert stored["hop_length"] == 128
        spec = sonogram.Spec.from_dict(json.loads(stored["spec"].item()))
        waveform, _ = sonogram.load(SPEECH)
        np.testing.assert_array_equal(stored["features"], sonogram.Extractor(spec)(waveform))


def test_npz_says_the_hop_that_a_default_means(here):
    assert main(["stft", SPEECH, "-o", "out.npz", "--win-length", "300"]) == 0
    with np.load("out.npz") as stored:
        assert stored["hop_length"] == 150


def test_whisper_as_the_help_shows_it(here):
    options = "--n-fft 400 --norm slaney --mel-scale slaney --hop-length 160 --drop-last"
    finish = "--log log10 --dynamic-range 8 --affine 0.25,1"
    assert main(["mel", SPEECH, "-o", "out.npy", *options.split(), *finish.split()]) == 0
    waveform, rate = sonogram.load(SPEECH)
    extractor = sonogram.LogMelSpectrogram(
        sample_rate=rate,
        n_fft=400,
        hop_length=160,
        n_mels=80,
        norm="slaney",
        mel_scale="slaney",
        log="log10",
        drop_last=True,
        dynamic_range=8,
        affine=(0.25, 1.0),
    )
    np.testing.assert_array_equal(np.load("out.npy"), extractor(waveform))


def test_every_channel_is_kept_and_mono_averages_them(here):
    assert main(["mel", MUSIC, "-o", "two.npy"]) == 0
    assert main(["mel", MUSIC, "-o", "one.npy", "--mono"]) == 0
    assert np.load("two.npy").shape[0] == 2
    assert np.load("one.npy").shape[0] == 1


def test_sample_rate_resamples_first(here):
    assert main(["spectrogram", MUSIC, "-o", "out.npz", "--sample-rate", "16000"]) == 0
    waveform, _ = sonogram.load(MUSIC, 16000)
    with np.load("out.npz") as stored:
        assert stored["sample_rate"] == 16000
        np.testing.assert_array_equal(stored["features"], sonogram.spectrogram(waveform))


@pytest.mark.parametrize("threads", ["1", "2", "8"])
def test_threads_do_not_change_the_result(here, threads):
    assert main(["mel", SPEECH, "-o", "a.npy", "--num-threads", threads, *FEW]) == 0
    waveform, rate = sonogram.load(SPEECH)
    expected = sonogram.log_mel_spectrogram(waveform, sample_rate=rate, n_mels=40)
    np.testing.assert_array_equal(np.load("a.npy"), expected)


# ----------------------------------------------------------------------- several files


def test_several_files_go_to_a_folder_one_output_a_stem(here):
    assert main(["mel", SPEECH, MUSIC, "-o", "out", *FEW]) == 0
    assert sorted(os.listdir("out")) == ["chord_sweep.npy", "speech.npy"]
    waveform, rate = sonogram.load(MUSIC)
    expected = sonogram.log_mel_spectrogram(waveform, sample_rate=rate, n_mels=40)
    np.testing.assert_array_equal(np.load("out/chord_sweep.npy"), expected)


def test_format_chooses_what_a_folder_holds(here):
    assert main(["mel", SPEECH, MUSIC, "-o", "out", "--format", "npz"]) == 0
    assert sorted(os.listdir("out")) == ["chord_sweep.npz", "speech.npz"]


def test_one_file_goes_to_a_folder_that_exists_or_ends_in_a_slash(here):
    (here / "there").mkdir()
    assert main(["mel", SPEECH, "-o", "there"]) == 0
    assert main(["mel", SPEECH, "-o", "deep/er/"]) == 0
    assert (here / "there" / "speech.npy").exists()
    assert (here / "deep" / "er" / "speech.npy").exists()


def test_a_clash_of_stems_is_an_error_before_anything_is_written(here, capsys):
    (here / "sub").mkdir()
    shutil.copy(SPEECH, here / "sub" / "speech.flac")
    said = fails(capsys, 2, "mel", SPEECH, MUSIC, "sub/speech.flac", "-o", "out")
    assert "would both be written to speech.npy" in said
    assert SPEECH in said
    assert "sub/speech.flac" in said
    assert not (here / "out").exists()


def test_a_file_that_fails_does_not_stop_the_others(here, capsys):
    (here / "bad.wav").write_bytes(b"no audio")
    said = fails(capsys, 1, "mel", SPEECH, "bad.wav", MUSIC, "-o", "out", *FEW)
    assert said.startswith("sonogram: bad.wav: ")
    assert sorted(os.listdir("out")) == ["chord_sweep.npy", "speech.npy"]


def test_several_files_need_a_folder(here, capsys):
    for output in ("out.npy", "out.npz"):
        said = fails(capsys, 2, "mel", SPEECH, MUSIC, "-o", output)
        assert "must be a folder" in said
    (here / "taken").write_bytes(b"a file")
    assert "must be a folder" in fails(capsys, 2, "mel", SPEECH, MUSIC, "-o", "taken")
    said = fails(capsys, 2, "mel", SPEECH, MUSIC, "-o", "out", "--plot", "a.png")
    assert "--plot" in said
    assert not (here / "out").exists()
