# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The command ``sonogram``: information, exit codes, one line for each error."""

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
from support.commands import COMMANDS, FEW, MUSIC, SPEECH, fails, run

import sonogram
from sonogram._cli import main
from sonogram._cli.option_table import OPTIONS

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
