# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A job that is killed, starved, lied to or cut off ends where an undisturbed one does."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from support import PROGRAMS, corpora

import sonogram
import sonogram.corpus
from sonogram.corpus.disk.settings import Settings, Task
from sonogram.corpus.shards.maker import Maker

pytestmark = pytest.mark.slow

JOB = """
import sys, sonogram.corpus
from support import corpora
sonogram.corpus.extract(sys.argv[1], sys.argv[2], corpora.SPEC, workers=2, format=sys.argv[3])
"""


# One that does not end by itself, however busy the machine, when a test comes to disturb it.
ENDLESS = """
import sys, sonogram.corpus
from support import corpora
sonogram.corpus.extract(
    sys.argv[1], sys.argv[2], corpora.SPEC, workers=2, shard_items=16, decoder=corpora.hanging
)
"""


def job(source, out, format="npy", program=JOB, **options):
    """Start a job in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", program, str(source), str(out), format],
        env=corpora.environment(),
        stderr=subprocess.DEVNULL,
        **options,
    )


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """A table of many items over a few files, one of them broken."""
    folder = tmp_path_factory.mktemp("table")
    names = [
        corpora.write(folder / f"u{n}{suffix}", corpora.clip(n, 6)).name
        for n, suffix in enumerate((".flac", ".wav", ".ogg", ".mp3"))
    ]
    (folder / "broken.flac").write_bytes((folder / "u0.flac").read_bytes()[:9000])
    names.append("broken.flac")
    with open(folder / "items.jsonl", "w") as file:
        for n in range(800):
            line = {
                "id": f"item{n:04d}",
                "path": names[n % 5],
                "start": n % 7 / 10,
                "duration": 3.5,
            }
            file.write(json.dumps(line) + "\n")
    return folder / "items.jsonl"


@pytest.fixture(scope="module")
def endless(table):
    """A table of items of which the last hangs."""
    corpora.write(table.with_name("hang.wav"), corpora.clip(4, 6))
    lines = [
        f'{{"id": "item{n:04d}", "path": "u{n % 3}.{kind}"}}'
        for n, kind in zip(range(120), ("flac", "wav", "ogg") * 40, strict=True)
    ]
    path = table.with_name("endless.jsonl")
    path.write_text("\n".join([*lines, '{"id": "last", "path": "hang.wav"}']) + "\n")
    return path


def resume(endless, out, monkeypatch):
    """Finish a job of ENDLESS, in which nothing hangs any more."""
    monkeypatch.setenv("SONOGRAM_TEST_CALM", "1")
    options = {"workers": 2, "shard_items": 16, "decoder": corpora.hanging}
    return sonogram.corpus.extract(endless, out, corpora.SPEC, **options)


@pytest.fixture(scope="module")
def undisturbed(table, tmp_path_factory):
    out = tmp_path_factory.mktemp("undisturbed")
    summary = sonogram.corpus.extract(table, out, corpora.SPEC, workers=2)
    assert (summary.items, summary.failed) == (640, 160)
    return corpora.contents(out)


def finish(table, out, format="npy"):
    return sonogram.corpus.extract(table, out, corpora.SPEC, workers=2, format=format)


# ------------------------------------------------------------------------------- killed


@pytest.mark.parametrize("format", ["npy", "kaldi"])
def test_a_job_killed_at_any_step_and_resumed_gives_the_same_bytes(tmp_path, format):
    source = corpora.corpus(tmp_path / "in", files=4, seconds=0.5)
    done = subprocess.run(
        [sys.executable, PROGRAMS / "crash_points.py", source, tmp_path / "jobs", format],
        env=corpora.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
    )
    assert done.returncode == 0, done.stderr
    steps = {kind: int(count) for kind, _, count in
             (word.partition("=") for word in done.stdout.split())}  # fmt: skip
    # each of two shards and their records, and what begins and ends the job
    assert {"open", "fsync", "os.rename", "os.mkdir"} <= set(steps)
    assert steps["os.rename"] >= 2 * 2 + 4


@pytest.mark.parametrize("shards", [0, 1, 5])
def test_a_job_killed_beside_its_workers_and_resumed_gives_the_same_bytes(
    table, undisturbed, tmp_path, shards
):
    process = job(table, tmp_path)
    wait_for(lambda: len(list(tmp_path.glob(".sonogram/done/*.json"))) >= shards)
    process.kill()  # if it has ended meanwhile, everything is kept
    process.wait(timeout=60)
    assert finish(table, tmp_path).kept >= shards
    assert corpora.contents(tmp_path) == undisturbed
    assert not list(tmp_path.rglob("*.tmp"))


@pytest.mark.parametrize("format", ["safetensors", "webdataset", "kaldi"])
def test_other_formats_killed_and_resumed_give_the_same_bytes(table, tmp_path, format):
    finish(table, tmp_path / "whole", format)
    process = job(table, tmp_path / "out", format)
    wait_for(lambda: len(list((tmp_path / "out").glob(".sonogram/done/*.json"))) > 2)
    process.kill()  # if it has ended meanwhile, everything is kept
    process.wait(timeout=60)
    summary = finish(table, tmp_path / "out", format)
    assert summary.kept > 0
    assert corpora.contents(tmp_path / "out") == corpora.contents(tmp_path / "whole")


def wait_for(condition, process=None):
    limit = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < limit
        assert process is None or process.poll() is None
        time.sleep(0.005)


def children(pid):
    """Return the processes started by one, on Linux."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in path.read_text().split()] if path.exists() else []


linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")


@linux
def test_workers_do_not_outlive_a_killed_driver(endless, tmp_path):
    process = job(endless, tmp_path, program=ENDLESS)
    wait_for(lambda: len(children(process.pid)) == 2, process)
    workers = children(process.pid)
    process.kill()
    process.wait(timeout=60)
    wait_for(lambda: not any(alive(pid) for pid in workers))


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@linux
def test_killed_workers_are_replaced_and_the_bytes_are_the_same(table, undisturbed, tmp_path):
    process = job(table, tmp_path)
    killed = 0
    moments = random.Random(0)
    while killed < 3 and process.poll() is None:
        time.sleep(moments.uniform(0.1, 0.4))
        for worker in children(process.pid)[:1]:
            os.kill(worker, signal.SIGKILL)
            killed += 1
    assert process.wait(timeout=60) == 0
    assert killed
    assert corpora.contents(tmp_path) == undisturbed


def test_ctrl_c_stops_at_once_and_leaves_no_temporary_file(endless, tmp_path, monkeypatch):
    process = job(endless, tmp_path, program=ENDLESS)
    wait_for(lambda: list(tmp_path.glob(".sonogram/done/*.json")), process)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) != 0
    assert not list(tmp_path.rglob("*.tmp"))
    summary = resume(endless, tmp_path, monkeypatch)
    assert summary.kept > 0
    assert (summary.items, summary.failed) == (121, 0)


def test_a_second_job_in_the_same_folder_is_refused(table, endless, tmp_path):
    process = job(endless, tmp_path, program=ENDLESS)
    wait_for(lambda: list(tmp_path.glob(".sonogram/done/*.json")), process)
    process.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(sonogram.corpus.CorpusError, match="another job is writing"):
            finish(table, tmp_path)
    finally:
        process.kill()
        process.wait(timeout=60)


# ------------------------------------------------------------------------------- crashes


def few(folder, *names):
    """Write a few files under these names."""
    for number, name in enumerate(names):
        corpora.write(folder / name, corpora.clip(number, 1))
    return folder


def test_a_decoder_that_crashes_its_process_costs_its_item_alone(tmp_path):
    source = few(tmp_path / "in", *(f"u{n:02d}.wav" for n in range(20)), "u05crash.wav", "x.wav")
    summary = sonogram.corpus.extract(
        source, tmp_path / "out", corpora.SPEC, workers=2, decoder=corpora.crashing, shard_items=8
    )
    assert (summary.items, summary.failed) == (21, 1)
    assert summary.failures[0]["id"] == "u05crash"
    assert summary.failures[0]["kind"] == "crash"
    assert "SIGSEGV" in summary.failures[0]["reason"]
    again = sonogram.corpus.extract(
        source, tmp_path / "out", corpora.SPEC, workers=2, decoder=corpora.crashing, shard_items=8
    )
    assert again.kept == again.shards


def test_output_of_libraries_is_reported_only_if_the_worker_dies(tmp_path, capfd):
    source = few(tmp_path / "in", "a.wav", "crash.wav")
    summary = sonogram.corpus.extract(
        source, tmp_path / "out", corpora.SPEC, workers=1, decoder=corpora.talking
    )
    (failure,) = summary.failures
    assert failure["reason"].endswith("(SIGSEGV: free(): invalid pointer)")
    said = capfd.readouterr().err
    assert set(said.splitlines()) == {"Python says this"}


def test_a_decoder_that_answers_nonsense_costs_its_items_alone(tmp_path):
    source = few(tmp_path / "in", *(f"{name}.wav" for name in corpora.NONSENSE))
    summary = sonogram.corpus.extract(
        source, tmp_path / "out", corpora.SPEC, workers=1, decoder=corpora.nonsense
    )
    assert (summary.items, summary.failed) == (2, len(corpora.NONSENSE) - 2)
    assert {failure["kind"] for failure in summary.failures} == {"damaged"}


def test_a_process_killed_from_outside_costs_no_item(tmp_path, monkeypatch):
    monkeypatch.setenv("SONOGRAM_TEST_MARK", str(tmp_path / "mark"))
    source = few(tmp_path / "in", "a.wav", "b.wav")
    summary = sonogram.corpus.extract(
        source, tmp_path / "out", corpora.SPEC, workers=1, decoder=corpora.dying_once
    )
    assert (tmp_path / "mark").exists()
    assert (summary.items, summary.failed) == (2, 0)


def test_a_decoder_that_hangs_is_ended(tmp_path):
    source = few(tmp_path / "in", "a.wav", "hang.wav", "z.wav")
    summary = sonogram.corpus.extract(
        source, tmp_path / "out", corpora.SPEC, workers=1, decoder=corpora.hanging, item_timeout=4.0
    )
    assert (summary.items, summary.failed) == (2, 1)
    assert (summary.failures[0]["id"], summary.failures[0]["kind"]) == ("hang", "timeout")


# ------------------------------------------------------------------------------- hostile files


def hostile(folder):
    """Write files of which none may be taken for audio; return how many."""
    good = corpora.write(folder / "good.flac", corpora.clip(0, 3)).read_bytes()
    wav = corpora.write(folder / "good.wav", corpora.clip(0, 1)).read_bytes()
    noise = np.random.default_rng(0).integers(0, 256, 50000, np.uint8).tobytes()
    damaged = good[:8000] + noise[:2000] + good[10000:]
    huge = bytearray(wav)
    huge[40:44] = (0x70000000).to_bytes(4, "little")  # almost 2 GB announced
    files = {
        "empty.wav": b"",
        "cut.flac": good[: len(good) // 2],
        "cut.wav": wav[:-1000],
        "damaged.flac": damaged,
        "header.wav": wav[:20],
        "huge.wav": bytes(huge),
        "noise.flac": noise,
        "noise.mp3": noise,
        "noise.ogg": b"OggS" + noise,
        "text.wav": b"This is no audio.\n" * 50,
        "zeros.flac": b"fLaC" + bytes(5000),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    samples = np.zeros(16000, np.float32)
    samples[5000] = np.nan
    sonogram.save(folder / "nan.wav", samples, 16000, subtype="FLOAT")
    sonogram.save(folder / "short.wav", np.zeros(0, np.float32), 16000)
    return len(files) + 2


def test_hostile_files_are_reported_and_cost_nothing_else(tmp_path):
    (tmp_path / "in").mkdir()
    count = hostile(tmp_path / "in")
    summary = sonogram.corpus.extract(tmp_path / "in", tmp_path / "out", corpora.SPEC, workers=1)
    assert (summary.items, summary.failed) == (2, count)
    lines = (tmp_path / "out" / "failures.jsonl").read_text().splitlines()
    reported = [json.loads(line) for line in lines]
    assert len(reported) == count
    assert all(entry["reason"] for entry in reported)
    kinds = {entry["id"]: entry["kind"] for entry in reported}
    assert kinds["nan"] == "nonfinite"
    assert kinds["huge"] == kinds["damaged"] == "damaged"
    mean, std = sonogram.corpus.open(tmp_path / "out").cmvn
    assert np.isfinite(mean).all()
    assert np.isfinite(std).all()


def test_a_job_can_stop_at_the_first_failure(tmp_path):
    (tmp_path / "in").mkdir()
    hostile(tmp_path / "in")
    with pytest.raises(sonogram.corpus.CorpusError, match=r"cut.flac: "):
        sonogram.corpus.extract(
            tmp_path / "in", tmp_path / "out", corpora.SPEC, workers=1, on_error="fail"
        )
    assert not (tmp_path / "out" / "corpus.json").exists()


def test_a_job_can_stop_after_too_many_failures(tmp_path):
    (tmp_path / "in").mkdir()
    hostile(tmp_path / "in")
    with pytest.raises(sonogram.corpus.CorpusError, match="more than max_failures = 3"):
        sonogram.corpus.extract(
            tmp_path / "in", tmp_path / "out", corpora.SPEC, workers=1, max_failures=3
        )


def test_a_corpus_of_which_nothing_can_be_read_is_an_empty_one(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.wav").touch()
    summary = sonogram.corpus.extract(tmp_path / "in", tmp_path / "out", corpora.SPEC, workers=0)
    assert (summary.items, summary.failed) == (0, 1)
    assert len(sonogram.corpus.open(tmp_path / "out")) == 0


# ------------------------------------------------------------------------------- places that go


def test_a_full_disk_stops_the_job_and_it_goes_on_when_there_is_room(table, undisturbed, tmp_path):
    if (
        os.geteuid()
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", tmp_path],
            check=False,
            capture_output=True,
            timeout=300,
        ).returncode
    ):
        pytest.skip("only root may mount a small file system")
    try:
        with pytest.raises(sonogram.corpus.CorpusError, match=r"cannot be written.*[Nn]o space"):
            finish(table, tmp_path / "out")
        done = len(list((tmp_path / "out").glob(".sonogram/done/*.json")))
        assert done > 0
        assert not list(tmp_path.rglob("*.tmp"))
        remount = ["mount", "-o", "remount,size=300m", tmp_path]
        subprocess.run(remount, check=True, timeout=300)
        summary = finish(table, tmp_path / "out")
        assert summary.kept == done
        assert corpora.contents(tmp_path / "out") == undisturbed
    finally:
        subprocess.run(["umount", "-l", tmp_path], check=True, timeout=300)


def test_a_file_that_may_not_grow_stops_the_job(table, tmp_path):
    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

    process = job(table, tmp_path, preexec_fn=small_files)
    assert process.wait(timeout=60) == 1
    assert not list(tmp_path.glob("shards/*.npy"))
    assert not list(tmp_path.glob(".sonogram/done/*.json"))


def test_a_source_that_disappears_stops_the_job_whatever_is_said_of_errors(tmp_path):
    source = corpora.corpus(tmp_path / "in")
    with pytest.raises(sonogram.corpus.CorpusError, match="the source has disappeared"):
        sonogram.corpus.extract(
            source,
            tmp_path / "out",
            corpora.SPEC,
            workers=0,
            decoder=Vanishing(source),
            on_error="skip",
        )
    os.rename(tmp_path / "gone", source)
    summary = sonogram.corpus.extract(
        source, tmp_path / "out", corpora.SPEC, workers=0, decoder=Vanishing(None)
    )
    assert (summary.items, summary.failed, summary.kept) == (40, 0, 1)


class Vanishing:
    """A decoder during whose work the folder goes away."""

    def __init__(self, folder):
        self.folder = folder
        self.calls = 0

    def __call__(self, where, start, duration):
        self.calls += 1
        if self.folder is not None and self.calls == 20:
            os.rename(self.folder, self.folder.parent / "gone")
        with open(where, "rb") as file:
            return corpora.plain(file, start, duration)


def test_a_file_that_cannot_be_reached_is_tried_again_and_a_damaged_one_is_not(tmp_path):
    source = corpora.corpus(tmp_path / "in", files=4)
    missing = source / "speaker0" / "u0002.flac"
    shutil.move(missing, tmp_path / "elsewhere")
    files = [*sorted(source.rglob("*.*")), missing]
    first = sonogram.corpus.extract(files, tmp_path / "out", corpora.SPEC, workers=0)
    assert (first.items, first.failed) == (3, 1)
    assert first.failures[0]["kind"] == "unavailable"
    shutil.move(tmp_path / "elsewhere", missing)
    second = sonogram.corpus.extract(files, tmp_path / "out", corpora.SPEC, workers=0)
    assert (second.items, second.failed, second.kept) == (4, 0, 0)
    missing.write_bytes(b"")
    third = sonogram.corpus.extract(files, tmp_path / "new", corpora.SPEC, workers=0)
    assert third.failures[0]["kind"] == "damaged"
    assert sonogram.corpus.extract(files, tmp_path / "new", corpora.SPEC, workers=0).kept == 1
    again = {"workers": 0, "retry_failed": True}
    assert sonogram.corpus.extract(files, tmp_path / "new", corpora.SPEC, **again).kept == 0


# ------------------------------------------------------------------------------- memory


@linux
def test_peak_memory_does_not_grow_with_the_corpus(tmp_path):
    name = corpora.write(tmp_path / "a.wav", corpora.clip(0, 1)).name

    def peak(items):
        table = tmp_path / f"{items}.jsonl"
        with open(table, "w") as file:
            for n in range(items):
                file.write(json.dumps({"id": f"item{n}", "path": name, "duration": 0.1}) + "\n")
        done = subprocess.run(
            [
                sys.executable,
                PROGRAMS / "peak_of_a_corpus.py",
                str(table),
                str(tmp_path / f"out{items}"),
            ],
            env=corpora.environment(),
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        return int(done.stdout) / 1024

    # 300 bytes an item would be 7 MiB more
    assert peak(24000) - peak(480) < 4


def test_a_maker_serves_one_shard_while_it_writes_the_one_before(tmp_path):
    item = sonogram.corpus.Item("a", str(corpora.write(tmp_path / "a.wav", corpora.clip(0, 1))))
    out = tmp_path / "out"
    for folder in ("shards", ".sonogram/done"):
        (out / folder).mkdir(parents=True)
    maker = Maker(Settings(spec_fields=corpora.SPEC.to_dict(), out=str(out)))
    gate = threading.Event()
    maker._async_writer.submit(gate.wait)
    futures = [maker.make(Task(n, [item.to_line()])) for n in range(3)]
    assert not any(future.done() for future in futures)
    gate.set()
    assert [future.result(timeout=60).items for future in futures] == [1, 1, 1]
    maker.close()
