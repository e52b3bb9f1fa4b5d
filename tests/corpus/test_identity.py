# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A job knows its source, its plan and its folder: it mixes nothing, and touches nothing else."""

from __future__ import annotations

import json
import re
import shutil
import tarfile

import pytest
from support import corpora

import sonogram
import sonogram.corpus
from sonogram._cli import main
from sonogram.corpus.disk.store import Store

CorpusError = sonogram.corpus.CorpusError


@pytest.fixture
def source(tmp_path):
    return corpora.corpus(tmp_path / "in", files=20, seconds=0.5)


@pytest.fixture
def done(source, tmp_path):
    """A finished job."""
    extract(source, tmp_path / "out")
    return tmp_path / "out"


def extract(source, out, **options):
    return sonogram.corpus.extract(source, out, corpora.SPEC, workers=0, **options)


def refused(source, out, words, **options):
    """The job is refused with these words, and what is there stays as it is."""
    before = corpora.contents(out)
    with pytest.raises(CorpusError, match=words):
        extract(source, out, **options)
    assert corpora.contents(out) == before


# ------------------------------------------------------------------------------- the source


def test_a_changed_folder_is_refused_and_the_message_says_what_changed(source, done):
    for name in ("x", "y", "z", "zz"):
        corpora.write(source / f"{name}.wav", corpora.clip(0, 0.3))
    (source / "speaker0" / "u0002.flac").unlink()
    corpora.write(source / "speaker1" / "u0003.wav", corpora.clip(3, 3))
    refused(
        source,
        done,
        r"4 items added \('x', 'y', 'z', ...\), 1 item gone \('speaker0/u0002'\), "
        r"1 item changed \('speaker1/u0003'\); give another folder .*, or resume=False",
    )
    assert extract(source, done, resume=False).items == 23
    assert extract(source, done).kept == 2


def test_a_job_that_was_stopped_does_not_go_on_with_other_audio(source, tmp_path):
    (source / "speaker1" / "u0019.wav").write_bytes(b"RIFF")
    with pytest.raises(CorpusError, match="speaker1/u0019: "):
        extract(source, tmp_path / "out", on_error="fail")
    assert list((tmp_path / "out" / ".sonogram" / "done").iterdir())
    corpora.write(source / "speaker1" / "u0001.wav", corpora.clip(3, 3))
    refused(source, tmp_path / "out", r"1 item changed \('speaker1/u0001'\)")


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda rows: [{**rows[0], "start": 0.1}, *rows[1:]], r"1 item changed \('i0'\)"),
        (lambda rows: [*rows, {**rows[0], "id": "new"}], r"1 item added \('new'\)"),
        (lambda rows: rows[1:], r"1 item gone \('i0'\)"),
        (lambda rows: rows[::-1], "its items come in another order"),
    ],
)
def test_an_edited_table_is_refused(source, tmp_path, edit, words):
    rows = [{"id": f"i{n}", "path": "speaker1/u0001.wav", "duration": 0.2} for n in range(5)]
    table = source / "table.jsonl"
    table.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    extract(table, tmp_path / "out")
    table.write_text("".join(f"{json.dumps(row)}\n" for row in edit(rows)))
    refused(table, tmp_path / "out", words)
    table.write_text("".join(f"{json.dumps({**row, 'text': 'x'})}\n" for row in rows))
    assert extract(table, tmp_path / "out").kept == 1


def test_a_replaced_file_of_a_list_is_noticed(source, tmp_path):
    files = sorted(source.rglob("*.wav"))
    extract(files, tmp_path / "out")
    corpora.write(files[2], corpora.clip(3, 3))
    refused(files, tmp_path / "out", r"1 item changed \('\S+u0005'\)")
    files[2].unlink()
    refused(files, tmp_path / "out", r"1 item gone \('\S+u0005'\)")


def test_another_archive_is_noticed(source, tmp_path):
    def pack(*names):
        with tarfile.open(tmp_path / "a.tar", "w") as archive:
            for name in names:
                archive.add(source / name, name)

    pack("speaker1/u0001.wav", "speaker0/u0000.flac")
    extract(tmp_path / "a.tar", tmp_path / "out")
    pack("speaker1/u0001.wav", "speaker1/u0003.wav")
    refused(tmp_path / "a.tar", tmp_path / "out", r"1 item added \('speaker1/u0003'\), 1 item gone")


def test_another_file_in_a_remote_folder_is_noticed(source, tmp_path):
    fsspec = pytest.importorskip("fsspec")
    system = fsspec.filesystem("memory")
    system.put(str(source), "memory://identity/in", recursive=True)
    extract("memory://identity/in", tmp_path / "out")
    assert extract("memory://identity/in/", tmp_path / "out").kept == 2
    system.pipe_file("memory://identity/in/speaker1/u0001.wav", b"RIFF")
    refused("memory://identity/in", tmp_path / "out", r"1 item changed \('speaker1/u0001'\)")


def test_one_place_in_any_spelling_is_the_same_source(source, done, monkeypatch):
    monkeypatch.chdir(source / "speaker0")
    for name in (source, f"{source}/", f"file://{source}", "..", "../../in/", "../speaker1/.."):
        assert extract(name, done).kept == 2


def test_the_same_name_in_another_working_directory_is_another_source(tmp_path, monkeypatch):
    for number in range(2):
        corpora.write(tmp_path / f"{number}" / "src" / "a.wav", corpora.clip(number, 0.5))
    monkeypatch.chdir(tmp_path / "0")
    extract("src", tmp_path / "out")
    monkeypatch.chdir(tmp_path / "1")
    with pytest.raises(
        ValueError, match=rf"source is '{tmp_path}/1/src', there '{tmp_path}/0/src'"
    ):
        extract("src", tmp_path / "out")


def test_kaldis_relative_paths_are_those_of_the_working_directory_of_the_first_run(
    source, tmp_path, monkeypatch
):
    (tmp_path / "wav.scp").write_text("r1 u0001.wav\n")
    (tmp_path / "segments").write_text("s1 r1 0 0.3\n")
    pair = [tmp_path / "wav.scp", tmp_path / "segments"]
    monkeypatch.chdir(source / "speaker1")
    extract(pair, tmp_path / "out", kind="kaldi")
    assert extract(pair, tmp_path / "out", kind="kaldi").kept == 1
    monkeypatch.chdir(source / "speaker0")
    refused(pair, tmp_path / "out", "the source has disappeared", kind="kaldi")


@pytest.mark.parametrize("finished", [True, False])
def test_a_missing_source_is_reported_as_disappeared(source, tmp_path, finished):
    out = tmp_path / "out"
    if finished:
        extract(source, out)
    else:
        (source / "speaker1" / "u0019.wav").write_bytes(b"RIFF")
        with pytest.raises(CorpusError, match="speaker1/u0019: "):
            extract(source, out, on_error="fail")
    files = sorted(source.rglob("*.wav"))
    extract(files, tmp_path / "listed")
    source.rename(tmp_path / "gone")
    refused(source, out, "the source has disappeared: ")
    refused(files, tmp_path / "listed", "the source has disappeared: none of the 10 items")
    source.mkdir()  # the empty folder on which a disk was mounted
    refused(source, out, "the source has disappeared: none of the 20 items")
    source.rmdir()
    (tmp_path / "gone").rename(source)
    assert extract(source, out).kept == (2 if finished else 1)


# ------------------------------------------------------------------------------- the plan


def _empty(path):
    path.write_bytes(b"")


def _cut(path):
    path.write_bytes(path.read_bytes()[:-20])


def _change(path):
    path.write_bytes(path.read_bytes().replace(b"speaker0", b"speaker2").replace(b"20", b"21"))


def _junk(path):
    path.write_bytes(b"[]\n")


def _remove(path):
    path.unlink()


@pytest.mark.parametrize("damage", [_empty, _cut, _change, _junk, _remove])
@pytest.mark.parametrize("name", ["plan.jsonl", "plan.json"])
def test_a_damaged_plan_is_an_error_that_names_the_file(source, done, name, damage):
    path = done / ".sonogram" / name
    good = path.read_bytes()
    damage(path)
    refused(source, done, re.escape(f"'{path}' is ") + "(damaged|gone): .*resume=False")
    path.write_bytes(good)
    assert extract(source, done).kept == 2
    damage(path)
    assert extract(source, done, resume=False).items == 20


def test_a_damaged_name_of_the_job_is_an_error_too(source, done):
    path = done / ".sonogram" / "job.json"
    path.write_text(path.read_text().replace('"npy"', '"zarr"'))
    refused(source, done, re.escape(f"'{path}' is damaged"))


# ------------------------------------------------------------------------------- the folder


@pytest.mark.parametrize("resume", [True, False])
@pytest.mark.parametrize("name", ["shards/precious.txt", "index.jsonl", "notes", ".sonogram/x"])
def test_a_folder_with_anything_else_in_it_is_refused_and_left_alone(
    source, tmp_path, name, resume
):
    precious = tmp_path / "mine" / name
    precious.parent.mkdir(parents=True)
    precious.write_text("precious")
    with pytest.raises(ValueError, match=r"which is not empty \('.*'\) and holds no job"):
        extract(source, tmp_path / "mine", resume=resume)
    assert [path for path in (tmp_path / "mine").rglob("*") if path.is_file()] == [precious]


def test_a_file_is_no_folder_to_write_to(source, tmp_path):
    (tmp_path / "mine").write_text("precious")
    with pytest.raises(ValueError, match=r"mine', which is not a folder"):
        extract(source, tmp_path / "mine", resume=False)
    assert (tmp_path / "mine").read_text() == "precious"


@pytest.mark.parametrize("resume", [True, False])
def test_a_corpus_whose_job_was_deleted_is_not_overwritten(source, done, resume):
    shutil.rmtree(done / ".sonogram")
    before = corpora.contents(done)
    with pytest.raises(ValueError, match=r"holds no job: there is no \.sonogram/job\.json"):
        extract(source, done, resume=resume, format="safetensors")
    assert corpora.contents(done) == before
    assert not (done / ".sonogram").exists()


def test_starting_over_removes_only_the_jobs_own_files(source, done):
    foreign = [
        done / name
        for name in (
            "shards/precious.txt",
            "shards/shard-000000.zarr",
            "notes.txt",
            "feats.scp",
            ".mine.tmp",
            ".sonogram/done/notes",
        )
    ]
    for path in foreign:
        path.write_text("precious")
    extract(source, done, resume=False, format="safetensors")
    assert [path.read_text() for path in foreign] == ["precious"] * len(foreign)
    assert sorted(path.name for path in (done / "shards").glob("*0.*")) == [
        "shard-000000.safetensors",
        "shard-000000.zarr",
    ]


class Killed(BaseException):
    """What takes the place of SIGKILL."""


@pytest.mark.slow
@pytest.mark.parametrize("same", [True, False])
def test_beginning_anew_may_be_killed_at_any_step(source, done, tmp_path, monkeypatch, same):
    options = {} if same else {"format": "safetensors"}
    extract(source, tmp_path / "fresh", **options)
    want = corpora.contents(tmp_path / "fresh")
    steps = 0
    while True:
        out = tmp_path / f"out{steps}"
        shutil.copytree(done, out)
        left = [steps]

        def step(function, left=left):
            def stepping(*given):
                left[0] -= 1
                if left[0] < 0:
                    raise Killed
                return function(*given)

            return stepping

        with monkeypatch.context() as patched:
            for name in ("remove", "commit"):
                patched.setattr(Store, name, step(getattr(Store, name)))
            try:
                extract(source, out, resume=False, **options)
            except Killed:
                steps += 1
            else:
                break
        extract(source, out, resume=same, **options)
        assert corpora.contents(out) == want
    assert steps > 15


def test_beginning_anew_without_a_source_leaves_the_corpus(source, done):
    source.rename(source.parent / "gone")
    before = corpora.contents(done)
    with pytest.raises(FileNotFoundError):
        extract(source, done, resume=False)
    assert corpora.contents(done) == before


@pytest.mark.parametrize("left", [["lock"], ["lock", ".plan.jsonl.0123456789ab.tmp"], []])
def test_a_job_killed_before_it_had_a_name_is_recognised(source, tmp_path, left):
    (tmp_path / "out" / ".sonogram" / "done").mkdir(parents=True)
    for name in left:
        (tmp_path / "out" / ".sonogram" / name).touch()
    assert extract(source, tmp_path / "out").items == 20
    assert not list((tmp_path / "out").rglob("*.tmp"))


def test_a_job_killed_before_it_had_a_plan_may_become_another(source, done, tmp_path):
    shutil.copytree(done, tmp_path / "new", ignore=shutil.ignore_patterns("*.npy", "0*.json"))
    for name in ("plan.json", "../corpus.json", "../index.jsonl", "../cmvn.json"):
        (tmp_path / "new" / ".sonogram" / name).unlink()
    assert extract(source, tmp_path / "new", format="safetensors").items == 20


def test_the_command_line_names_its_own_option(source, done, tmp_path, capsys):
    (tmp_path / "spec.json").write_text(corpora.SPEC.to_json())
    command = ["extract", str(source), "-o", str(done), "--spec", str(tmp_path / "spec.json")]
    assert main([*command, "--channel", "0"]) == 2
    said = capsys.readouterr().err
    assert said.endswith(
        "channel is 0, there 'mix'; give another folder, or --no-resume to begin anew\n"
    )
    (source / "speaker0" / "u0000.flac").unlink()
    assert main([*command, "-j", "0"]) == 1
    assert "or --no-resume to begin anew" in capsys.readouterr().err
