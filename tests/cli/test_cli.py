# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The command ``sonogram``: outputs, options, exit codes, one line for each error."""

import dataclasses
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from support import AUDIO

import sonogram
from sonogram import _core
from sonogram._cli import main
from sonogram._cli.option_table import OPTIONS

SPEECH = str(AUDIO / "speech.flac")
MUSIC = str(AUDIO / "chord_sweep.flac")
COMMANDS = ("mel", "spectrogram", "stft")
FEW = ["--n-fft", "400", "--n-mels", "40"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments, **options):
    """Run the command for real, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "sonogram", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        **options,
        timeout=300,
    )


def fails(capsys, code, *arguments):
    """Run the command in this process; return its one line on stderr."""
    capsys.readouterr()
    assert main(list(map(str, arguments))) == code
    said = capsys.readouterr().err
    assert said.count("\n") == 1, said
    assert said.startswith("sonogram: ")
    return said


# ------------------------------------------------------------------------------- results


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


VALUES = {
    "n_fft": "512",
    "win_length": "320",
    "hop_length": "100",
    "center": False,
    "pad_mode": "replicate",
    "frame_pad": "100,200",
    "snip_edges": True,
    "drop_last": True,
    "frame_span": "1000",
    "frame_offset": "50",
    "round_up": True,
    "frame_multiple": "7",
    "window": "hamming",
    "periodic": False,
    "window_align": "left",
    "scale": "0.5",
    "clip": "0.1",
    "quantize": "int16",
    "remove_mean": True,
    "preemphasis": "0.97",
    "preemphasis_kind": "replicate",
    "level": "0.1",
    "level_kind": "peak",
    "level_when": "quieter",
    "level_eps": "0.01",
    "length": "8000",
    "min_length": "20000",
    "max_length": "8000",
    "length_step": "5000",
    "length_mode": "repeat",
    "pad": "10,20",
    "dither": "0.001",
    "seed": "7",
    "remove_dc": True,
    "frame_preemphasis": "0.97",
    "energy": "raw",
    "energy_floor": "1e-3",
    "power": "1",
    "power_eps": "1e-6",
    "power_floor": "1e-6",
    "normalized": "window",
    "output": "waveform",
    "filterbank": "linear",
    "n_mels": "40",
    "f_min": "100",
    "f_max": "7000",
    "mel_scale": "slaney",
    "norm": "slaney",
    "filterbank_sample_rate": "22050",
    "triangle": "mel",
    "bark_scale": "wang",
    "filter_shape": "gaussian",
    "vtln_warp": "1.1",
    "vtln_low": "2000",
    "vtln_high": "-1000",
    "bins_per_octave": "9",
    "tuning": "0.3",
    "chroma_octave": "4",
    "chroma_width": "none",
    "log": "db",
    "floor": "1e-5",
    "eps": "1e-3",
    "gain": "10",
    "exponent": "0.5",
    "valid_frames": "floor",
    "valid_min": "13000",
    "finish": "normalize:ddof=1,eps=1e-5",
    "reference": "max",
    "dynamic_range": "8",
    "affine": "0.25,1",
    "layout": "time_freq",
    "dtype": "float64",
    "compute_dtype": "float64",
}
# Options that mean something only beside another.
BESIDE = {
    "preemphasis_kind": ["--preemphasis", "0.97"],
    "seed": ["--dither", "0.01"],
    "window_align": ["--win-length", "300"],
    "floor": ["--log", "ln"],
    "eps": ["--log", "ln"],
    "level_kind": ["--level", "0.1"],
    "level_when": ["--level", "0.001"],
    "level_eps": ["--level", "0.1"],
    "length_mode": ["--min-length", "20000"],
    "frame_span": ["--snip-edges"],
    "round_up": ["--hop-length", "170"],
    "energy_floor": ["--energy", "raw"],
    "exponent": ["--log", "power"],
    "valid_frames": ["--finish", "mask:-3"],
    "valid_min": ["--valid-frames", "floor", "--finish", "mask:-3"],
}
BESIDE_IN_MEL = {
    "bark_scale": ["--filterbank", "bark"],
    "vtln_low": ["--vtln-warp", "1.1", "--f-min", "20"],
    "vtln_high": ["--vtln-warp", "1.1"],
    "bins_per_octave": ["--filterbank", "log", "--f-min", "100", "--n-mels", "24"],
    **{
        name: ["--filterbank", "chroma", "--n-mels", "12"]
        for name in ("tuning", "chroma_octave", "chroma_width")
    },
}


def test_every_field_of_the_spec_is_an_option():
    ours = {option.name for option in OPTIONS}
    fields = {field.name for field in dataclasses.fields(sonogram.Spec)}
    without = {"sample_rate"}
    assert fields - ours - without == set()
    assert ours - fields == {"reference", "dynamic_range", "affine"}
    assert ours == set(VALUES)


@pytest.mark.slow
@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_option_changes_the_result_or_is_no_option_of_the_command(here, option, capsys):
    name = option.name
    value = VALUES[name]
    flags = {True: [option.flag], False: ["--no-" + option.flag[2:]]}.get(
        value, [option.flag, value]
    )
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (1, 12000))
    fading = noise * np.logspace(0, -7, 12000)  # so that floors and ranges are reached as well
    sonogram.save("noise.wav", fading.astype(np.float32), 16000)
    for command in COMMANDS:
        more = [*(FEW if command == "mel" and name != "n_mels" else []), *BESIDE.get(name, [])]
        more += BESIDE_IN_MEL.get(name, []) if command == "mel" else []
        if command not in option.commands:
            assert option.flag in fails(capsys, 2, command, "noise.wav", "-o", "a.npz", *flags)
            continue
        assert main([command, "noise.wav", "-o", "plain.npz", *more]) == 0
        assert main([command, "noise.wav", "-o", "changed.npz", *more, *flags]) == 0
        with np.load("plain.npz") as plain, np.load("changed.npz") as changed:
            assert plain["spec"].item() != changed["spec"].item()
            before, after = plain["features"], changed["features"]
            assert (
                before.shape != after.shape
                or before.dtype != after.dtype
                or not np.array_equal(before, after)
            )


def test_finish_stages_are_text(here):
    stages = "normalize:ddof=1,eps=1e-5; clip:-2,2"
    more = ["--dynamic-range", "8", "--finish", stages, *FEW]
    assert main(["mel", SPEECH, "-o", "a.npz", *more]) == 0
    with np.load("a.npz") as stored:
        spec = sonogram.Spec.from_json(stored["spec"].item())
    assert spec.finish == (
        ("dynamic_range", 8.0),
        ("normalize", ("ddof", 1), ("eps", 1e-5)),
        ("clip", -2.0, 2.0),
    )


def test_statistics_come_from_files(here):
    np.save("mean.npy", np.arange(40.0))
    stages = "statistics:mean.npy,scale=0.5"
    assert main(["mel", SPEECH, "-o", "a.npy", *FEW]) == 0
    assert main(["mel", SPEECH, "-o", "b.npy", *FEW, "--finish", stages]) == 0
    expected = (np.load("a.npy") - np.arange(40.0)[:, None]) * 0.5
    np.testing.assert_allclose(np.load("b.npy"), expected, atol=1e-4)


@pytest.mark.parametrize(
    ("stages", "says"),
    [
        ("nonsense", "nonsense"),
        ("clip:1", "low"),
        ("clip:low=0,top=1", "top"),
        ("clip:0,1,2", "2 values"),
        ("normalize:mean=maybe", "maybe"),
        ("dct:x", "dct:x"),
    ],
)
def test_wrong_stages_are_one_line(here, capsys, stages, says):
    assert says in fails(capsys, 2, "mel", SPEECH, "-o", "a.npy", *FEW, "--finish", stages)


def test_a_preset_is_run_at_its_rate_and_options_override_it(here):
    assert main(["mel", MUSIC, "-o", "a.npz", "--preset", "whisper-80", "--mono"]) == 0
    more = ["--n-mels", "64", "--finish", "none"]
    assert main(["mel", MUSIC, "-o", "b.npz", "--preset", "whisper-80", *more]) == 0
    whisper = sonogram.preset("whisper-80")
    with np.load("a.npz") as stored:
        assert sonogram.Spec.from_json(stored["spec"].item()) == whisper
        waveform, _ = sonogram.load(MUSIC, 16000, mono=True)
        np.testing.assert_array_equal(stored["features"], sonogram.Extractor(whisper)(waveform))
    with np.load("b.npz") as stored:
        spec = sonogram.Spec.from_json(stored["spec"].item())
    assert spec == whisper.replace(n_mels=64, finish=())


def test_a_spec_comes_from_json_and_keeps_what_a_command_has(here):
    spec = sonogram.Spec(n_fft=512, hop_length=128, filterbank="mel", n_mels=40, log="db")
    pathlib.Path("spec.json").write_text(spec.to_json())
    waveform, _ = sonogram.load(SPEECH)
    for command, fields in {
        "mel": {},
        "spectrogram": {"filterbank": None, "log": None},
        "stft": {"filterbank": None, "log": None, "power": None},
    }.items():
        assert main([command, SPEECH, "-o", "a.npy", "--spec", "spec.json"]) == 0
        expected = sonogram.Extractor(spec.replace(**fields))(waveform)
        np.testing.assert_array_equal(np.load("a.npy"), expected)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--preset", "nonsense"], "nonsense"),
        (["--spec", "nowhere.json"], "nowhere.json"),
        (["--spec", "bad.json"], "bad.json"),
        (["--spec", "bad.json", "--preset", "whisper-80"], "disagree"),
    ],
)
def test_a_wrong_preset_or_spec_is_one_line(tmp_path, monkeypatch, capsys, options, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.json").write_text("{")
    assert says in fails(capsys, 2, "mel", SPEECH, "-o", "a.npy", *options)
    assert os.listdir(tmp_path) == ["bad.json"]


def test_presets_are_listed(capsys):
    assert main(["presets"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[0] for line in lines] == list(sonogram.presets())
    assert main(["presets", "--json", "whisper-80"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    whisper = next(entry for entry in told if entry["name"] == "whisper-80")
    assert sonogram.Spec.from_dict(whisper["spec"]) == sonogram.preset("whisper-80")
    assert "nonsense" in fails(capsys, 1, "presets", "nonsense")


def test_explain_compares_two_recipes(here, capsys):
    pathlib.Path("mine.json").write_text(sonogram.preset("whisper-80").replace(norm=None).to_json())
    assert main(["explain", "whisper-80", "mine.json", "--audio", SPEECH]) == 0
    assert "norm: 'slaney' -> None" in capsys.readouterr().out
    assert "--preset" in fails(capsys, 2, "explain", "mine.json", "mine.json", "--preset", "a")
    assert "nowhere.json" in fails(capsys, 2, "explain", "mine.json", "nowhere.json")


@pytest.mark.slow
def test_explain_finds_the_recipe_of_features_or_exits_with_1(here, capsys):
    spec = sonogram.preset("whisper-80").replace(periodic=False)
    waveform = sonogram.load(SPEECH)[0][:, 16000:40000]
    sonogram.save("part.wav", waveform, 16000)
    features = sonogram.Extractor(spec)(sonogram.load("part.wav")[0])
    np.save("features.npy", features)
    assert main(["explain", "features.npy", "part.wav", "--preset", "whisper-80", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [d["field"] for d in told["differences"]] == ["periodic"]
    assert sonogram.Spec.from_dict(told["spec"]) == spec
    np.save("noise.npy", np.random.default_rng(0).standard_normal(features.shape))
    assert main(["explain", "noise.npy", "part.wav", "--preset", "whisper-80"]) == 1
    assert "No recipe fits" in capsys.readouterr().out
    assert "nowhere.wav" in fails(capsys, 1, "explain", "features.npy", "nowhere.wav")


def test_a_window_may_have_a_parameter_or_come_from_a_file(here):
    np.save("window.npy", np.hanning(400))
    assert main(["stft", SPEECH, "-o", "a.npy", "--window", "kaiser:12"]) == 0
    assert main(["stft", SPEECH, "-o", "b.npy", "--window", "window.npy"]) == 0
    waveform, _ = sonogram.load(SPEECH)
    np.testing.assert_array_equal(np.load("a.npy"), sonogram.stft(waveform, window=("kaiser", 12)))
    expected = sonogram.stft(waveform, window=np.hanning(400))
    np.testing.assert_array_equal(np.load("b.npy"), expected)


def test_windows_of_several_parameters_and_a_reference_of_the_mean(here):
    given = "general_cosine:0.5,0.4,0.1"
    assert main(["stft", SPEECH, "-o", "a.npy", "--window", given]) == 0
    waveform, rate = sonogram.load(SPEECH)
    window = ("general_cosine", 0.5, 0.4, 0.1)
    np.testing.assert_array_equal(np.load("a.npy"), sonogram.stft(waveform, window=window))
    assert main(["mel", SPEECH, "-o", "b.npy", "--reference", "mean", *FEW]) == 0
    fields = {"sample_rate": rate, "filterbank": "mel", "n_mels": 40, "log": "ln"}
    spec = sonogram.Spec(**fields, finish=(("reference", "mean"),))
    np.testing.assert_array_equal(np.load("b.npy"), sonogram.Extractor(spec)(waveform))


def test_the_help_names_every_window(capsys):
    assert main(["stft", "--help"]) == 0
    said = capsys.readouterr().out.replace("│", " ").split()
    assert {name.strip(",;") for name in said} >= set(_core.window_names())


def test_invalid_front_end_options_are_reported_once_without_a_file(here, capsys):
    said = fails(capsys, 2, "mel", SPEECH, MUSIC, "-o", "out", "--n-mels", "0")
    assert said.startswith("sonogram: n_mels")
    assert "speech.flac" not in said
    assert not (here / "out").exists()
    said = fails(capsys, 2, "plot", SPEECH, "-o", "a.png", "--n-fft", "0")
    assert said.startswith("sonogram: n_fft")


def test_a_filterbank_may_come_from_a_file(here):
    bank = np.random.default_rng(0).uniform(size=(5, 201))
    np.save("bank.npy", bank)
    options = ["--filterbank", "bank.npy", "--log", "none"]
    assert main(["mel", SPEECH, "-o", "a.npy", *options]) == 0
    power = sonogram.spectrogram(sonogram.load(SPEECH)[0])
    np.testing.assert_allclose(np.load("a.npy"), bank @ power, rtol=1e-4)


def test_another_bank_leaves_the_fields_of_the_one_before_behind(here, capsys):
    options = ["--preset", "whisper-80", "--filterbank", "erb", "--norm", "none", "--n-mels", "20"]
    assert main(["mel", SPEECH, "-o", "a.npy", *options]) == 0
    spec = sonogram.preset("whisper-80").replace(filterbank="erb", norm=None, n_mels=20)
    want = sonogram.Extractor(spec)(sonogram.load(SPEECH)[0])
    np.testing.assert_array_equal(np.load("a.npy"), want)
    said = fails(capsys, 2, "mel", SPEECH, "-o", "a.npy", *options, "--mel-scale", "slaney")
    assert "mel_scale is 'slaney' with filterbank='erb'" in said


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


# ------------------------------------------------------------------------------ pictures


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_plot_beside_the_features(here, command):
    assert main([command, MUSIC, "-o", "out.npy", "--plot", "out.png"]) == 0
    assert (here / "out.png").read_bytes().startswith(b"\x89PNG")
    assert main([command, SPEECH, MUSIC, "-o", "out", "--plot", "pictures"]) == 0
    assert sorted(os.listdir("pictures")) == ["chord_sweep.png", "speech.png"]


def test_plot_draws_an_audio_file(here):
    assert main(["plot", SPEECH, "-o", "a.png"]) == 0
    options = "--freq-axis mel --f-min 50 --f-max 7000 --top-db 60 --title hello --channel 1"
    more = "--n-fft 1024 --win-length 800 --hop-length 200 --window blackman --sample-rate 16000"
    assert main(["plot", MUSIC, "-o", "b.png", *options.split(), *more.split()]) == 0
    assert (here / "a.png").read_bytes().startswith(b"\x89PNG")
    assert (here / "b.png").read_bytes().startswith(b"\x89PNG")


def png_size(path):
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG")
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def test_plot_of_an_exact_size_reads_a_part(here):
    options = "--size 640x300 --start 0.5 --end 2 --cmap viridis --freq-axis bark --vmin -60"
    assert main(["plot", MUSIC, "-o", "a.png", *options.split()]) == 0
    assert png_size(here / "a.png") == (640, 300)
    picture = sonogram.image(MUSIC, start=0.5, end=2.0, width=640, height=300, cmap="viridis",
                             freq_axis="bark", vmin=-60, axes=True,
                             title="chord_sweep.flac")  # fmt: skip
    assert (here / "a.png").read_bytes() == picture
    assert main(["plot", MUSIC, "-o", "b.png", "--size", "640x300", "--mono", "--title", "x"]) == 0
    assert png_size(here / "b.png") == (640, 300)


def test_a_folder_of_pictures_at_one_common_level(here, capsys):
    waveform, rate = sonogram.load(SPEECH)
    sonogram.save("loud.wav", waveform, rate)
    sonogram.save("quiet.wav", waveform / 10, rate)
    files = ["loud.wav", "quiet.wav"]
    assert main(["plot", *files, "-o", "own", "--size", "500x300"]) == 0
    assert main(["plot", *files, "-o", "common", "--size", "500x300", "--common-level"]) == 0
    assert "quiet.wav -> common" in capsys.readouterr().out
    own, common = (
        {f.name: f.read_bytes() for f in (here / n).iterdir()} for n in ("own", "common")
    )
    assert set(own) == set(common) == {"loud.png", "quiet.png"}
    options = {"width": 500, "height": 300, "axes": True}
    from sonogram._plot.image import loudest

    peak = loudest("loud.wav", None, width=500, height=300)
    assert peak == pytest.approx(100 * loudest("quiet.wav", None, width=500, height=300), rel=1e-3)
    assert common["quiet.png"] == sonogram.image(
        "quiet.wav", ref=peak, title="quiet.wav", **options
    )
    assert own["quiet.png"] == sonogram.image("quiet.wav", title="quiet.wav", **options)
    assert main(["plot", "loud.wav", "nowhere.wav", "-o", "some", "--common-level"]) == 1
    assert os.listdir("some") == ["loud.png"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--size", "big"], "--size 'big' must be WIDTHxHEIGHT"),
        (["--size", "0x100"], "width is 0"),
        (["--size", "20x20"], "with axes they must be at least"),
        (["--start", "9"], "start is 9"),
        (["--size", "300x200", "--cmap", "jet"], "cmap is 'jet'"),
        (["--vmin", "-60", "--top-db", "60"], "one of them must be None"),
    ],
)
def test_a_wrong_option_of_an_exact_picture_is_named(here, capsys, options, says):
    assert says in fails(capsys, 2, "plot", SPEECH, "-o", "out.png", *options)
    assert os.listdir(here) == []


def test_an_exact_picture_is_a_png(here, capsys):
    said = fails(capsys, 2, "plot", SPEECH, "-o", "out.pdf", "--size", "300x200")
    assert "it must be a .png" in said


def test_without_matplotlib_pngs_are_drawn_all_the_same(here):
    for arguments in (
        ["plot", SPEECH, "-o", "a.png"],
        ["mel", SPEECH, "-o", "b.npy", "--plot", "b.png"],
        ["mel", SPEECH, "-o", "c.npy", "--plot", "c.png", "--preset", "kaldi-mfcc"],
    ):
        code = (
            "import sys; sys.modules['matplotlib'] = None\n"
            f"from sonogram._cli import main; sys.exit(main({arguments!r}))"
        )
        ran = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=300
        )
        assert (ran.returncode, ran.stderr) == (0, "")
    assert png_size(here / "a.png") == png_size(here / "b.png") == png_size(here / "c.png")


@pytest.mark.parametrize("output", ["a.xyz", "a", "a.npy"])
def test_a_picture_of_an_unknown_format_is_refused_before_anything_is_read(here, capsys, output):
    said = fails(capsys, 2, "plot", "nowhere.wav", "-o", output)
    assert "suffix must be one of" in said
    said = fails(capsys, 2, "mel", "nowhere.wav", "-o", "a.npy", "--plot", output)
    assert "suffix must be one of" in said


def test_features_are_written_where_their_picture_cannot_be(here, capsys):
    (here / "missing").write_bytes(b"a file, not a folder")
    arguments = ["-o", "out.npy", "--plot", "missing/a.png", *FEW]
    said = fails(capsys, 1, "mel", SPEECH, *arguments)
    assert said.startswith(f"sonogram: {SPEECH}: missing/a.png is not drawn: ")
    assert np.load("out.npy").shape[:2] == (1, 40)
    assert sorted(os.listdir(here)) == ["missing", "out.npy"]


@pytest.mark.parametrize(
    "options",
    [
        ["--finish", "dct:13"],
        ["--filterbank", "chroma", "--n-mels", "12", "--n-fft", "4096"],
        ["--energy", "raw"],
        ["--preset", "kaldi-mfcc"],
        ["--finish", "normalize;deltas:2"],
    ],
)
def test_features_of_every_kind_are_drawn(here, capsys, options):
    assert main(["mel", SPEECH, "-o", "out.npy", "--plot", "a.png", *options]) == 0
    assert capsys.readouterr().err == ""
    assert (here / "a.png").read_bytes().startswith(b"\x89PNG")


# ---------------------------------------------------------------------------------- info


def test_info_prints_a_line_a_file_when_piped():
    ran = run("info", SPEECH, MUSIC)
    assert ran.returncode == 0
    assert ran.stdout.splitlines() == [
        f"{SPEECH}\t16000 Hz\t1 ch\t93120 samples\t5.820 s\tFLAC PCM_16",
        f"{MUSIC}\t44100 Hz\t2 ch\t154350 samples\t3.500 s\tFLAC PCM_16",
    ]


def test_info_prints_json(capsys):
    assert main(["info", "--json", SPEECH, MUSIC]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told == [dataclasses.asdict(sonogram.info(path)) for path in (SPEECH, MUSIC)]


def test_info_goes_on_after_a_file_that_fails(capsys):
    assert main(["info", "nowhere.wav", SPEECH]) == 1
    said = capsys.readouterr()
    assert said.err == "sonogram: nowhere.wav: No such file or directory\n"
    assert "16000 Hz" in said.out


# -------------------------------------------------------------------------------- errors


@pytest.mark.parametrize("command", [*COMMANDS, "plot"])
def test_errors_of_a_file_are_one_line_that_names_it(here, capsys, command):
    output = "out.png" if command == "plot" else "out.npy"
    (here / "folder.wav").mkdir()
    (here / "empty.wav").touch()
    (here / "text.wav").write_text("no audio\n" * 100)
    (here / "cut.flac").write_bytes(pathlib.Path(SPEECH).read_bytes()[:50000])
    sonogram.save(here / "silent.wav", np.zeros((1, 0), np.float32), 16000)
    for name in ("nowhere.wav", "folder.wav", "empty.wav", "text.wav", "cut.flac", "silent.wav"):
        more = FEW if command == "mel" else []
        said = fails(capsys, 1, command, name, "-o", output, *more)
        assert said.startswith(f"sonogram: {name}: "), said
        assert said.count(name) == 1
    assert not (here / output).exists()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--n-fft", "0"], "n_fft"),
        (["--hop-length", "0"], "hop_length"),
        (["--f-max", "9000"], "f_max"),
        (["--f-min", "5000", "--f-max", "4000"], "f_min"),
        (["--window", "nonsense"], "nonsense"),
        (["--mel-scale", "bark"], "bark"),
        (["--log", "log2"], "log2"),
        (["--power", "none"], "power"),
        (["--n-fft", "many"], "--n-fft"),
        (["--power", "much"], "--power"),
        (["--affine", "1,2,3"], "--affine"),
        (["--pad", "1,x"], "--pad"),
        (["--window", "nowhere.npy"], "--window"),
        (["--filterbank", "nowhere.npy"], "--filterbank"),
        (["--nonsense"], "--nonsense"),
        (["--num-threads", "0"], "--num-threads"),
        (["--sample-rate", "-1"], "--sample-rate"),
        (["--format", "csv"], "--format"),
        (["--format", "npz"], "disagree"),
    ],
)
def test_a_wrong_option_is_one_line_and_exit_code_2(here, capsys, options, says):
    said = fails(capsys, 2, "mel", SPEECH, "-o", "out.npy", *options)
    assert says in said
    assert os.listdir(here) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--n-fft", "0"], "n_fft"),
        (["--freq-axis", "octave"], "freq_axis"),
        (["--f-max", "9000"], "f_max"),
        (["--channel", "1"], "channel"),
        (["--top-db", "0"], "top_db"),
        (["--window", "nonsense"], "nonsense"),
        (["--sample-rate", "0"], "--sample-rate"),
        (["--f-min", "low"], "--f-min"),
    ],
)
def test_a_wrong_option_of_plot_is_one_line_and_exit_code_2(here, capsys, options, says):
    assert says in fails(capsys, 2, "plot", SPEECH, "-o", "out.png", *options)
    assert os.listdir(here) == []


@pytest.mark.parametrize("output", ["out", "out.wav", "out.npy.gz", ""])
def test_an_output_of_an_unknown_suffix_is_exit_code_2(here, capsys, output):
    assert ".npy or .npz" in fails(capsys, 2, "mel", SPEECH, "-o", output)


@pytest.mark.parametrize(
    "arguments",
    [["mel"], ["mel", SPEECH], ["mel", "-o", "a.npy"], ["nonsense"], ["info"], ["plot", SPEECH]],
)
def test_an_incomplete_command_is_one_line_and_exit_code_2(here, capsys, arguments):
    assert "--help" in fails(capsys, 2, *arguments)


def test_audio_too_short_for_the_spec_fails_and_names_the_file(here, capsys):
    sonogram.save("short.wav", np.ones((1, 50), np.float32), 16000)
    said = fails(capsys, 1, "mel", "short.wav", "-o", "a.npy", "--no-center", *FEW)
    assert said.startswith("sonogram: short.wav: ")


def test_warnings_are_one_line(here, capsys):
    assert main(["mel", SPEECH, "-o", "a.npy", "--n-mels", "128", "--n-fft", "400"]) == 0
    said = capsys.readouterr().err
    assert "n_mels=128 is too many for n_fft=400" in said
    assert said.startswith("sonogram: warning: ")
    assert said.count("\n") == 1


def test_an_output_is_replaced_only_after_success(here, capsys, monkeypatch):
    (here / "out.npy").write_bytes(b"before")

    def broken(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", broken)
    said = fails(capsys, 1, "mel", SPEECH, "-o", "out.npy", *FEW)
    assert "No space left on device" in said
    assert (here / "out.npy").read_bytes() == b"before"
    assert os.listdir(here) == ["out.npy"]


def test_a_strange_file_name_stays_on_one_line(here, capsys):
    name = "a\nb\x1b[31m.wav"
    fails(capsys, 1, "mel", name, "-o", "out.npy")
    shutil.copy(SPEECH, here / "new\nline.flac")
    assert main(["mel", "new\nline.flac", "-o", "out.npy"]) == 0
    assert capsys.readouterr().out.count("\n") == 1


# ----------------------------------------------------------------- the program as a whole


def test_help_lists_commands_and_every_option(capsys):
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in (*COMMANDS, "plot", "info", "presets", "explain"))
    for command in COMMANDS:
        assert main([command, "--help"]) == 0
        said = capsys.readouterr().out
        for option in OPTIONS:
            assert (f" {option.flag} " in said) == (command in option.commands)


def test_no_arguments_print_the_help_and_are_wrong_usage(capsys):
    assert main([]) == 2
    assert "spectrogram" in capsys.readouterr().out


def test_the_program_installed_beside_python_is_this_one(here):
    program = pathlib.Path(sys.executable).parent / "sonogram"
    ran = subprocess.run(
        [program, "--version"], capture_output=True, text=True, check=True, timeout=300
    )
    assert ran.stdout == f"sonogram {sonogram.__version__}\n" == run("--version").stdout
    ran = subprocess.run(
        [program, "mel", SPEECH, "-o", "a.npz", "--plot", "a.png", *FEW],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert ran.stdout.startswith(f"{SPEECH} -> a.npz: float32 [1, 40, ")
    assert ran.stderr == ""
    assert (here / "a.png").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["mel", "nowhere.wav", "-o", "a.npy"], 1), (["mel"], 2), (["info", SPEECH], 0)],
)
def test_exit_codes_and_no_traceback_for_real(here, arguments, code):
    ran = run(*arguments)
    assert ran.returncode == code
    assert "Traceback" not in ran.stderr
    assert ran.stderr.count("\n") == (code != 0)


def test_quiet_prints_nothing(here):
    ran = run("mel", SPEECH, "-o", "a.npy", "--quiet", *FEW)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_a_closed_pipe_is_no_traceback(here):
    command = f"{sys.executable} -m sonogram info --json {' '.join([SPEECH] * 300)} | head -n 1"
    ran = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=False, timeout=300
    )
    assert ran.stdout.count("\n") == 1
    assert ran.stderr == ""


@pytest.mark.slow
def test_ctrl_c_stops_with_one_line_and_leaves_nothing(here):
    sonogram.save("long.wav", np.zeros((1, 16000 * 600), np.int16), 16000)
    names = []
    for number in range(60):
        names.append(f"link{number}.wav")
        (here / names[-1]).symlink_to("long.wav")
    with subprocess.Popen(
        [sys.executable, "-m", "sonogram", "stft", *names, "-o", "out"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        process.stdout.readline()
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said == "sonogram: interrupted\n"
    assert not [name for name in os.listdir("out") if name.endswith(".tmp")]


@pytest.mark.parametrize(
    ("hidden", "arguments", "extra"),
    [
        ("typer", ["--version"], "cli"),
        ("rich", ["--version"], "cli"),
        ("soundfile", ["info", SPEECH], "audio"),
        ("matplotlib", ["plot", SPEECH, "-o", "a.pdf"], "plot"),
        ("matplotlib", ["mel", SPEECH, "-o", "a.npy", "--plot", "a.svg"], "plot"),
    ],
)
def test_a_missing_extra_is_one_line_that_names_it(here, hidden, arguments, extra):
    code = (
        f"import sys; sys.modules[{hidden!r}] = None\n"
        f"from sonogram._cli import main; sys.exit(main({arguments!r}))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=300
    )
    assert ran.returncode == 1
    assert ran.stderr.count("\n") == 1
    assert f"pip install 'sonogram[{extra}]'" in ran.stderr
    assert os.listdir(here) == []
