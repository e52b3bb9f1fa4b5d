# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""sonogram extract: the same job from the command line."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from support import corpora

import sonogram
import sonogram.corpus
from sonogram._cli import main


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    root = tmp_path_factory.mktemp("cli")
    corpora.corpus(root / "in", files=20)
    (root / "in" / "broken.wav").write_bytes(b"RIFF")
    (root / "whisper.json").write_text(corpora.SPEC.to_json())
    return root


def extract(here, out, *more):
    return main(
        ["extract", str(here / "in"), "-o", str(out), "--spec", str(here / "whisper.json"), *more]
    )


def test_the_command_is_the_function(here, tmp_path, capsys):
    assert extract(here, tmp_path / "command", "-j", "0", "--format", "safetensors") == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{tmp_path}/command: 20 items, 0.01 h in ")
    assert "1 failed; failures.jsonl lists them" in said
    assert said.splitlines()[-1].startswith("broken\tdamaged\t")
    sonogram.corpus.extract(
        here / "in", tmp_path / "function", corpora.SPEC, workers=0, format="safetensors"
    )
    assert corpora.contents(tmp_path / "command") == corpora.contents(tmp_path / "function")
    assert extract(here, tmp_path / "command", "-j", "0", "--format", "safetensors") == 0
    assert "(0x real time computed), 2 shards (2 were there)" in capsys.readouterr().out


def test_lines_of_json_for_logs(here, tmp_path, capsys):
    assert extract(here, tmp_path, "-j", "1", "--progress", "json") == 0
    said = capsys.readouterr()
    last = json.loads(said.err.splitlines()[-1])
    assert (last["files"], last["of"], last["failed"]) == (21, 21, 1)
    done = json.loads(said.out)
    assert (done["items"], done["failed"], done["done"]) == (20, 1, True)


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "1"])
def test_stderr_has_lines_of_json_alone_whatever_libmpg123_says(tmp_path, workers):
    good = corpora.write(tmp_path / "in" / "good.mp3", corpora.clip(0, 3)).read_bytes()
    noise = np.random.default_rng(0).integers(0, 256, 50000, np.uint8).tobytes()
    (tmp_path / "in" / "bad.mp3").write_bytes(good[:4000] + noise[:3000] + good[7000:])
    command = [sys.executable, "-m", "sonogram", "extract", tmp_path / "in", "-j", workers]
    command += ["--preset", "whisper-80", "-o"]
    for name, option in (("json", "--progress=json"), ("quiet", "-q")):
        done = subprocess.run(
            [*command, tmp_path / name, option],
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        lines = [json.loads(line) for line in done.stderr.splitlines()]
        assert [line["failed"] for line in lines][-1:] == ([1] if name == "json" else [])


def test_existing_shards_do_not_count_as_speed():
    from sonogram.corpus import Progress, Summary
    from sonogram.corpus.job.progress import as_dict

    state = Progress(items=90, total=100, seconds=100, kept_items=80, kept_seconds=80, elapsed=10)
    assert (as_dict(state)["speed"], as_dict(state)["eta"]) == (2.0, 10.0)
    assert Summary("out", seconds=100, kept_seconds=80, wall=10).speed == 2


def test_the_help_says_what_compressions_there_are(capsys):
    assert main(["extract", "--help"]) == 0
    said = " ".join(capsys.readouterr().out.replace("│", " ").split())
    for words in ("hdf5: gzip, lzf", "relative to OUT", "every file failed"):
        assert words in said


def test_a_bar_where_someone_looks(here, tmp_path):
    from sonogram.corpus import Progress
    from sonogram.corpus.job.progress import progress_display

    with open(tmp_path / "said", "w") as stream, progress_display("bar", stream) as show:
        show(Progress(items=10, total=20, seconds=7200, failed=2, shards=1, elapsed=3.6))
    said = (tmp_path / "said").read_text()
    assert "10/20 files" in said
    assert "2.00 h  2000x real time" in said
    assert "2 failed" in said


def test_quiet_prints_nothing(here, tmp_path, capsys):
    assert extract(here, tmp_path, "-j", "0", "--quiet") == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--format", "docx"], 2, "format is 'docx'"),
        (["--progress", "loud"], 2, "--progress 'loud'"),
        (["--preset", "nobodys"], 2, "--preset and --spec are both given"),
        (["--on-error", "fail"], 1, "broken: "),
        (["--channel", "7", "--max-failures", "3"], 1, "more than max_failures = 3"),
    ],
)
def test_errors_are_one_line_and_an_exit_code(here, tmp_path, capfd, arguments, code, words):
    assert extract(here, tmp_path, "-j", "1", *arguments) == code
    said = capfd.readouterr().err
    assert said.count("\n") == 1
    assert words in said


def test_a_corpus_without_a_single_item_is_a_failure(here, tmp_path):
    assert extract(here, tmp_path, "-j", "0", "--channel", "7") == 1


def test_a_front_end_must_be_given_and_exist(here, tmp_path, capsys):
    command = ["extract", str(here / "in"), "-o", str(tmp_path)]
    assert main(command) == 2
    assert "--preset or --spec must be given" in capsys.readouterr().err
    assert main([*command, "--preset", "nobodys"]) == 2
    assert "--preset: " in capsys.readouterr().err
    assert main([*command, "--spec", str(here / "nowhere.json")]) == 2


def test_the_installed_program_extracts(here, tmp_path):
    command = [sys.executable, "-m", "sonogram", "extract", here / "in", "-o", tmp_path]
    done = subprocess.run(
        [*command, "--spec", here / "whisper.json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(sonogram.corpus.open(tmp_path)) == 20


def test_a_preset_by_its_name_is_its_spec(here, tmp_path):
    command = [
        "extract",
        str(here / "in"),
        "-o",
        str(tmp_path),
        "--preset",
        "whisper-80",
        "-j",
        "0",
    ]
    assert main(command) == 0
    assert sonogram.corpus.open(tmp_path).spec == sonogram.preset("whisper-80")
    again = sonogram.corpus.extract(here / "in", tmp_path, "whisper-80", workers=0)
    assert again.kept == again.shards
