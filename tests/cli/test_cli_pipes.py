# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""``-`` on the command line: audio through standard input, features through standard output."""

import io
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from support import AUDIO
from support.lanes import slow_but

import sonogram

SPEECH = AUDIO / "speech.flac"
FEW = ["--n-mels", "40"]


def run(*arguments, **options):
    """Run the command for real; what it prints is bytes."""
    if "input" not in options and "stdin" not in options:
        options["stdin"] = subprocess.DEVNULL
    return subprocess.run(
        [sys.executable, "-m", "sonogram", *map(str, arguments)],
        capture_output="stdout" not in options,
        check=False,
        **options,
        timeout=120,
    )


@pytest.fixture
def features(tmp_path):
    assert run("mel", SPEECH, "-o", tmp_path / "whole.npy", *FEW).returncode == 0
    return np.load(tmp_path / "whole.npy")


def test_audio_comes_through_standard_input(tmp_path, features):
    ran = run("mel", "-", "-o", tmp_path / "a.npy", *FEW, input=SPEECH.read_bytes())
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.startswith(f"- -> {tmp_path / 'a.npy'}: float32 [1, 40, ".encode())
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), features)
    with open(SPEECH, "rb") as file:  # a file may stand there too, as the shell's < does
        assert run("mel", "-", "-o", tmp_path / "b.npy", *FEW, stdin=file).returncode == 0
    np.testing.assert_array_equal(np.load(tmp_path / "b.npy"), features)


@pytest.mark.skipif(not os.path.exists("/dev/stdin"), reason="there is no /dev/stdin")
def test_audio_comes_through_the_name_of_a_pipe(tmp_path, features):
    given = SPEECH.read_bytes()
    ran = run("mel", "/dev/stdin", "-o", tmp_path / "a.npy", *FEW, input=given)
    assert (ran.returncode, ran.stderr) == (0, b"")
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), features)
    assert b"16000 Hz" in run("info", "/dev/stdin", input=given).stdout
    ran = run("info", "/dev/stdin", input=b"no audio")
    assert ran.returncode == 1
    assert b"sonogram: /dev/stdin: cannot be read as audio" in ran.stderr


def test_standard_output_holds_the_features_and_nothing_else(features):
    for source, given in ((SPEECH, None), ("-", SPEECH.read_bytes())):
        ran = run("mel", source, "-o", "-", *FEW, **({"input": given} if given else {}))
        assert (ran.returncode, ran.stderr) == (0, b"")
        whole = io.BytesIO(ran.stdout)
        np.testing.assert_array_equal(np.load(whole), features)
        assert whole.read() == b""


def test_format_npz_goes_through_standard_output_too(features):
    ran = run("mel", SPEECH, "-o", "-", "--format", "npz", *FEW)
    with np.load(io.BytesIO(ran.stdout)) as held:
        np.testing.assert_array_equal(held["features"], features)
        assert held["sample_rate"] == 16000


def test_standard_output_may_be_a_file_and_warnings_go_elsewhere(tmp_path):
    with open(tmp_path / "a.npy", "wb") as file:
        many = ("--n-fft", "400", "--n-mels", "128")
        ran = run("mel", SPEECH, "-o", "-", *many, stdout=file, stderr=subprocess.PIPE)
    assert ran.returncode == 0
    assert ran.stderr.startswith(b"sonogram: warning: n_mels=128 is too many")
    assert np.load(tmp_path / "a.npy").shape[:2] == (1, 128)


def test_info_reads_standard_input():
    ran = run("info", "--json", "-", SPEECH, input=(AUDIO / "chord_sweep.flac").read_bytes())
    piped, named = (json.loads(line) for line in ran.stdout.splitlines())
    assert (piped["path"], piped["sample_rate"], piped["channels"]) == ("-", 44100, 2)
    assert piped["num_samples"] == 154350
    assert named["path"] == str(SPEECH)


def test_in_a_folder_the_output_is_called_stdin(tmp_path, features):
    ran = run("mel", "-", SPEECH, "-o", tmp_path / "out", *FEW, input=SPEECH.read_bytes())
    assert ran.returncode == 0
    assert sorted(os.listdir(tmp_path / "out")) == ["speech.npy", "stdin.npy"]
    np.testing.assert_array_equal(np.load(tmp_path / "out" / "stdin.npy"), features)


def test_a_wave_file_of_unknown_length_comes_through(tmp_path):
    """A program that writes to a pipe cannot go back and fill the lengths in."""
    sonogram.save(tmp_path / "a.wav", np.arange(16000, dtype=np.int16), 16000)
    data = bytearray((tmp_path / "a.wav").read_bytes())
    at = data.index(b"data")
    data[4:8] = data[at + 4 : at + 8] = b"\xff\xff\xff\xff"
    for name, audio in (("a", (tmp_path / "a.wav").read_bytes()), ("b", bytes(data))):
        ran = run("mel", "-", "-o", tmp_path / f"{name}.npy", *FEW, input=audio)
        assert ran.returncode == 0, ran.stderr
    np.testing.assert_array_equal(np.load(tmp_path / "b.npy"), np.load(tmp_path / "a.npy"))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (b"", b"sonogram: -: is empty\n"),
        (b"not audio at all, surely", b"sonogram: -: cannot be read as audio: "),
    ],
)
@pytest.mark.parametrize(
    "command", slow_but([("mel", "-o", "-"), ("info",), ("plot", "-o", "a.png")], ("info",))
)
def test_errors_of_standard_input_are_one_line(tmp_path, command, given, says):
    ran = run(command[0], "-", *command[1:], input=given, cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert ran.stderr.startswith(says)
    assert ran.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["mel", "-", "-", "-o", "out"], b"- is given twice as FILE"),
        (["mel", SPEECH, "-", "-o", "-"], b"-o - holds one result"),
    ],
)
def test_outputs_that_do_not_fit_one_pipe_are_wrong_usage(arguments, says):
    ran = run(*arguments, input=b"")
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert says in ran.stderr


def test_a_failure_writes_no_part_of_the_features(tmp_path):
    ran = run("mel", SPEECH, "-o", "-", "--plot", tmp_path / "no" / "a.png", "--n-fft", "0")
    assert ran.returncode != 0
    assert ran.stdout == b""


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo-terminals here")
@pytest.mark.parametrize(
    ("arguments", "stream"),
    [
        (["mel", SPEECH, "-o", "-"], "stdout"),
        (["mel", "-", "-o", "a.npy"], "stdin"),
        (["info", "-"], "stdin"),
        (["plot", "-", "-o", "a.png"], "stdin"),
    ],
)
def test_a_terminal_is_refused(tmp_path, arguments, stream):
    ours, theirs = os.openpty()
    try:
        options = {stream: theirs} if stream == "stdin" else {stream: theirs, "stderr": -1}
        ran = run(*arguments, cwd=tmp_path, **options)
    finally:
        os.close(ours)
        os.close(theirs)
    assert ran.returncode == 2
    assert b"is a terminal; " in ran.stderr
    assert os.listdir(tmp_path) == []


def test_a_reader_that_stops_reading_is_no_traceback():
    command = f"{sys.executable} -m sonogram stft {SPEECH} -o - | head -c 10"
    ran = subprocess.run(["sh", "-c", command], capture_output=True, check=False, timeout=120)
    assert ran.stdout == b"\x93NUMPY\x01\x00v\x00"
    assert ran.stderr == b""
