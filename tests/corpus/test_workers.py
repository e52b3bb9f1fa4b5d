# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Decoders that raise anything, and workers that die of others, never start or start wrongly."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from support import corpora

import sonogram
import sonogram.corpus
from sonogram.corpus.decode.decode import Reader
from sonogram.corpus.decode.guarded import decode_item


def few(folder, *names):
    """Write a few files under these names."""
    for number, name in enumerate(names):
        corpora.write(folder / name, corpora.clip(number, 1))
    return folder


class Raising:
    """A reader that raises what the name of the file says."""

    def __init__(self, *given):
        self._read = Reader(*given)

    def __call__(self, item, data=None):
        error = corpora.RAISED.get(Path(item.path).stem)
        if error is not None:
            raise error
        return self._read(item, data)


def test_any_exception_of_a_decoder_costs_only_its_item(tmp_path, monkeypatch):
    monkeypatch.setattr("sonogram.corpus.shards.maker.Reader", Raising)
    source = few(tmp_path / "in", "good.wav", *(f"{name}.wav" for name in corpora.RAISED))
    summary = sonogram.corpus.extract(source, tmp_path / "out", corpora.SPEC, workers=0)
    assert (summary.items, summary.failed) == (1, len(corpora.RAISED))
    reasons = {failure["id"]: failure["reason"] for failure in summary.failures}
    for name, error in corpora.RAISED.items():
        assert reasons[name].startswith(type(error).__name__)
        assert reasons[name].endswith(str(error))
    assert {failure["kind"] for failure in summary.failures} == {"damaged"}


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ImportError("no soxr")])
def test_exceptions_that_do_not_concern_the_item_propagate(error):
    def reader(item, data):
        raise error

    with pytest.raises(type(error)):
        decode_item(reader, sonogram.corpus.Item("a", "a.wav"))


def test_errors_of_remote_stores_are_retried():
    def reader(item, data):
        raise RuntimeError("503 slow down")

    for data, kind in ((None, "unavailable"), (b"here", "damaged")):
        with pytest.raises(sonogram.corpus.ItemError) as raised:
            decode_item(reader, sonogram.corpus.Item("a", "s3://bucket/a.wav"), data)
        assert raised.value.kind == kind


@pytest.mark.slow
def test_an_item_whose_worker_is_killed_from_outside_is_tried_again(tmp_path, monkeypatch):
    mark = tmp_path / "mark"
    mark.touch()
    monkeypatch.setenv("SONOGRAM_TEST_MARK", str(mark))
    source = few(tmp_path / "in", "a.wav", "kill.wav", "z.wav")
    job = {"workers": 1, "decoder": corpora.killed_from_outside}
    first = sonogram.corpus.extract(source, tmp_path / "out", corpora.SPEC, **job)
    assert (first.items, first.failed) == (2, 1)
    (failure,) = first.failures
    assert (failure["id"], failure["kind"]) == ("kill", "killed")
    assert "ended from outside, as where memory is short (SIGKILL" in failure["reason"]
    mark.unlink()
    second = sonogram.corpus.extract(source, tmp_path / "out", corpora.SPEC, **job)
    assert (second.items, second.failed, second.kept) == (3, 0, 0)
    third = sonogram.corpus.extract(source, tmp_path / "out", corpora.SPEC, **job)
    assert (third.items, third.kept) == (3, 1)
    sonogram.corpus.extract(source, tmp_path / "whole", corpora.SPEC, workers=0)
    got, want = (sonogram.corpus.open(tmp_path / name)["kill"] for name in ("out", "whole"))
    np.testing.assert_array_equal(got, want)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")
def test_an_item_is_to_blame_only_where_its_worker_was_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("SONOGRAM_TEST_MARK", str(tmp_path / "processes"))
    (tmp_path / "processes").mkdir()
    source = few(tmp_path / "in", *(f"{n:02d}{'crowd' * (n % 5 == 0)}.wav" for n in range(40)))
    summary = sonogram.corpus.extract(
        source,
        tmp_path / "out",
        corpora.SPEC,
        workers=3,
        shard_items=4,
        decoder=corpora.crashing_among_others,
    )
    assert len(list((tmp_path / "processes").iterdir())) > 1
    assert (summary.items, summary.failed) == (40, 0)


PROGRAMS = {
    "false": ("#!/bin/sh\nexit 3\n", "ended with exit code 3"),
    "noise": ("#!/bin/sh\necho first >&2\necho no such module >&2\nexit 1\n", "no such module"),
    "killed": ("#!/bin/sh\nkill -9 $$\n", "ended with SIGKILL"),
    "nothing": (None, "No such file or directory"),
    "text": ("no program\n", "Exec format error"),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_workers_that_cannot_start_stop_the_job_and_say_why(tmp_path, monkeypatch, name):
    program, words = PROGRAMS[name]
    path = tmp_path / name
    if program is not None:
        path.write_text(program)
        path.chmod(0o755)
    source = few(tmp_path / "in", "a.wav")
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", str(path))
        with pytest.raises(sonogram.corpus.CorpusError) as raised:
            sonogram.corpus.extract(source, tmp_path / "out", corpora.SPEC, workers=2)
    assert str(raised.value).startswith(f"workers cannot be started: {str(path)!r}")
    assert words in str(raised.value)
    again = sonogram.corpus.extract(source, tmp_path / "out", corpora.SPEC, workers=1)
    assert (again.items, again.failed) == (1, 0)


def test_an_executable_that_is_not_known_is_named(tmp_path, monkeypatch):
    source = few(tmp_path / "in", "a.wav")
    for executable in ("", None):
        monkeypatch.setattr(sys, "executable", executable)
        with pytest.raises(sonogram.corpus.CorpusError, match="does not know its own executable"):
            sonogram.corpus.extract(source, tmp_path / "out", corpora.SPEC, workers=1)


def test_a_program_that_is_never_ready_is_given_up(tmp_path, monkeypatch):
    program = tmp_path / "waits"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr("sonogram.corpus.engines.local._START_TIMEOUT", 0.5)
    source = few(tmp_path / "in", "a.wav")
    with pytest.raises(sonogram.corpus.CorpusError, match=r"was not ready after 0\.5 s"):
        sonogram.corpus.extract(source, tmp_path / "out", corpora.SPEC, workers=1, item_timeout=0.5)


def test_a_decoder_that_workers_cannot_import_is_reported_once(tmp_path, monkeypatch, capfd):
    def gone(where, start, duration):
        raise AssertionError

    gone.__qualname__, gone.__module__ = "gone", "support.corpora"
    source = few(tmp_path / "in", "a.wav")
    monkeypatch.setattr(corpora, "gone", gone, raising=False)
    words = "workers cannot be started: AttributeError: .*gone"
    with pytest.raises(sonogram.corpus.CorpusError, match=words):
        sonogram.corpus.extract(source, tmp_path / "out", corpora.SPEC, workers=1, decoder=gone)
    assert capfd.readouterr().err == ""
