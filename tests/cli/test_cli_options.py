# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The command ``sonogram``: its options as the fields of a Spec."""

import dataclasses
import json
import os
import pathlib

import numpy as np
import pytest
from support.commands import COMMANDS, FEW, MUSIC, SPEECH, fails

import sonogram
from sonogram import _core
from sonogram._cli import main
from sonogram._cli.option_table import OPTIONS

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
