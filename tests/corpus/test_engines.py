# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The same call on executors, dask and Ray: the same bytes, also when workers die."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import subprocess
import sys

import numpy as np
import pytest
from support import PROGRAMS, corpora
from support.peers import peer

import sonogram
import sonogram.corpus

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the libraries


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return corpora.corpus(tmp_path_factory.mktemp("source"), files=48)


@pytest.fixture(scope="module")
def local(source, tmp_path_factory):
    out = tmp_path_factory.mktemp("local")
    sonogram.corpus.extract(source, out, corpora.SPEC, shard_items=4, workers=0)
    return corpora.contents(out)


# ------------------------------------------------------------------------------- executors


def test_threads_of_this_process(source, local, tmp_path):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        options = {"shard_items": 4, "engine": pool}
        summary = sonogram.corpus.extract(source, tmp_path, corpora.SPEC, **options)
        assert summary.items == 48
        assert corpora.contents(tmp_path) == local
        assert sonogram.corpus.extract(source, tmp_path, corpora.SPEC, **options).kept == 12


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_pool_of_processes(source, local, tmp_path, method):
    context = multiprocessing.get_context(method)
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:
        sonogram.corpus.extract(source, tmp_path, corpora.SPEC, shard_items=4, engine=pool)
    assert corpora.contents(tmp_path) == local


def test_an_exception_of_an_executor_stops_the_job(source, tmp_path):
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        (tmp_path / "bad.wav").touch()
        files = [*sorted(source.rglob("*.wav")), tmp_path / "bad.wav"]
        with pytest.raises(sonogram.corpus.CorpusError, match="bad: is empty"):
            sonogram.corpus.extract(
                files, tmp_path / "out", corpora.SPEC, engine=pool, on_error="fail"
            )


@pytest.mark.slow
def test_a_broken_pool_is_reported_with_its_shards(source, tmp_path):
    context = multiprocessing.get_context("spawn")
    files = with_a_crash(source, tmp_path)
    options = {"shard_items": 6, "decoder": corpora.crashing}
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as pool:
        with pytest.raises(sonogram.corpus.CorpusError, match=r"the executor broke .* shard .*1"):
            sonogram.corpus.extract(files, tmp_path / "out", corpora.SPEC, engine=pool, **options)
        with pytest.raises(sonogram.corpus.CorpusError, match=r"the executor broke .* shard 0:"):
            sonogram.corpus.extract(files, tmp_path / "out", corpora.SPEC, engine=pool, **options)
    summary = sonogram.corpus.extract(files, tmp_path / "out", corpora.SPEC, workers=1, **options)
    assert (summary.items, summary.failed) == (11, 1)


# ------------------------------------------------------------------------------- other places


def test_a_table_on_another_file_system_names_files_beside_it(source, tmp_path):
    memory = peer("fsspec").filesystem("memory")
    memory.store.clear()
    path = source / "speaker0" / "u0000.flac"
    memory.pipe_file("/audio/a.flac", path.read_bytes())
    memory.pipe_file("/audio/table.csv", b"path,start\na.flac,0\n")
    memory.pipe_file("/audio/list.txt", b"a.flac\n")
    for name in ("table.csv", "list.txt"):
        out = tmp_path / name
        sonogram.corpus.extract(f"memory://audio/{name}", out, corpora.SPEC, workers=0)
        np.testing.assert_array_equal(sonogram.corpus.open(out)[0], corpora.expected(path))
    memory.store.clear()


@pytest.mark.parametrize("format", ["npy", "safetensors", "zarr"])
def test_audio_from_and_features_to_another_file_system(source, tmp_path, format):
    if format == "zarr":
        peer("zarr")
    memory = peer("fsspec").filesystem("memory")
    memory.store.clear()
    for path in source.rglob("*.*"):
        memory.pipe_file(f"/audio/{path.relative_to(source)}", path.read_bytes())
    options = {"workers": 0, "format": format, "shard_items": 4}
    summary = sonogram.corpus.extract("memory://audio", "memory://out", corpora.SPEC, **options)
    assert (summary.items, summary.failed) == (48, 0)
    opened = sonogram.corpus.open("memory://out")
    for path in sorted(source.rglob("*.*"))[::7]:
        key = str(path.relative_to(source).with_suffix(""))
        np.testing.assert_array_equal(opened[key], corpora.expected(path))
    assert sonogram.corpus.open("memory://out").verify() == []
    again = sonogram.corpus.extract("memory://audio", "memory://out", corpora.SPEC, **options)
    assert again.kept == 12
    memory.rm(f"/out/shards/shard-000003.{format}", recursive=True)
    assert (
        sonogram.corpus.extract("memory://audio", "memory://out", corpora.SPEC, **options).kept
        == 11
    )
    memory.store.clear()


def test_memory_addresses_are_used_in_this_process(source, tmp_path):
    memory = peer("fsspec").filesystem("memory")
    memory.store.clear()
    path = source / "speaker0" / "u0000.flac"
    memory.pipe_file("/audio/a.flac", path.read_bytes())
    summary = sonogram.corpus.extract("memory://audio", "memory://here", corpora.SPEC)
    assert (summary.items, summary.failed) == (1, 0)
    for places in (("memory://audio", tmp_path / "a"), (path, "memory://b")):
        with pytest.raises(ValueError, match=r"workers is 1; 'memory://.*workers must be 0"):
            sonogram.corpus.extract(*places, corpora.SPEC, workers=1)
        with pytest.raises(ValueError, match=r"engine is 'dask'; 'memory://.*workers must be 0"):
            sonogram.corpus.extract(*places, corpora.SPEC, engine="dask")
    listed = ["memory://audio/a.flac"]
    with pytest.raises(sonogram.corpus.CorpusError, match=r"a\.flac'.*workers must be 0"):
        sonogram.corpus.extract(listed, tmp_path / "c", corpora.SPEC, workers=1)
    assert not (tmp_path / "c" / "corpus.json").exists()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        summary = sonogram.corpus.extract(listed, tmp_path / "c", corpora.SPEC, engine=pool)
    assert summary.items == 1
    memory.store.clear()


# ------------------------------------------------------------------------------- clusters


def on_a_cluster(program, tmp_path, source, decoder):
    """Run a program that makes a corpus; return what it says."""
    done = subprocess.run(
        [sys.executable, PROGRAMS / program, source, tmp_path / "out", decoder],
        env=corpora.environment(
            SONOGRAM_TEST_MARK=str(tmp_path / "mark"),
            RAY_ENABLE_UV_RUN_RUNTIME_ENV="0",
            RAY_DATA_DISABLE_PROGRESS_BARS="1",
        ),
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [line for line in done.stdout.splitlines() if line.replace(" ", "").isdigit()][-1]


def with_a_crash(source, tmp_path):
    """Return a source of which one file kills whoever decodes it."""
    files = sorted(source.rglob("*.wav"))[:11]
    folder = tmp_path / "with crash"
    for path in files:
        corpora.write(folder / path.name, sonogram.load(path)[0])
    corpora.write(folder / "u0crash.wav", corpora.clip(0, 1))
    return folder


@pytest.mark.slow
def test_dask_gives_the_same_bytes(source, local, tmp_path):
    peer("distributed")
    assert on_a_cluster("dask_cluster.py", tmp_path, source, "auto") == "48 0"
    assert corpora.contents(tmp_path / "out") == local


@pytest.mark.slow
def test_dask_with_a_worker_killed_gives_the_same_bytes(source, local, tmp_path):
    peer("distributed")
    assert on_a_cluster("dask_cluster.py", tmp_path, source, "dying_once") == "48 0"
    assert (tmp_path / "mark").exists()
    assert corpora.contents(tmp_path / "out") == local


@pytest.mark.slow
def test_dask_finds_the_item_that_kills_its_workers(source, tmp_path):
    peer("distributed")
    assert (
        on_a_cluster("dask_cluster.py", tmp_path, with_a_crash(source, tmp_path), "crashing")
        == "11 1"
    )


@pytest.mark.slow
def test_ray_on_two_nodes_gives_the_same_bytes_and_starves_nobody(source, local, tmp_path):
    peer("ray")
    assert on_a_cluster("ray_cluster.py", tmp_path, source, "auto") == "48 0"
    assert corpora.contents(tmp_path / "out") == local


@pytest.mark.slow
def test_ray_with_a_node_lost_gives_the_same_bytes(source, local, tmp_path):
    peer("ray")
    assert on_a_cluster("ray_cluster.py", tmp_path, source, "kill_node") == "48 0"
    assert corpora.contents(tmp_path / "out") == local


@pytest.mark.slow
def test_ray_finds_the_item_that_kills_its_workers(source, tmp_path):
    peer("ray")
    assert (
        on_a_cluster("ray_cluster.py", tmp_path, with_a_crash(source, tmp_path), "crashing")
        == "11 1"
    )


@pytest.mark.slow
def test_ray_reports_the_tasks_own_error(tmp_path):
    peer("ray")
    corpora.write(tmp_path / "in" / "a.wav", corpora.clip(0, 1))
    (tmp_path / "in" / "bad.wav").touch()
    assert on_a_cluster("ray_fails.py", tmp_path, tmp_path / "in", "auto") == "1"
