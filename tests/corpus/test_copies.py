# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What is read back is what the index says, from shards here and from copies of remote ones."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile

import numpy as np
import pytest
from support import corpora
from support.peers import peer

import sonogram
import sonogram.corpus

FORMATS = {"npy": None, "parquet": "pyarrow", "zarr": "zarr", "safetensors": None}
formats = pytest.mark.parametrize("format", FORMATS)


@pytest.fixture
def memory(tmp_path, monkeypatch):
    """An empty file system elsewhere, and a place for copies of its own."""
    system = peer("fsspec").filesystem("memory")
    system.store.clear()
    system.pseudo_dirs[:] = [""]
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    return system


def extract(tmp_path, number, out="memory://copies", seconds=1.0, items=1, **options):
    """Compute a corpus of the same ids, lengths and sizes, and other audio for every number."""
    names = "abcdef"[:items]
    rows = [
        {
            "id": name,
            "path": str(
                corpora.write(tmp_path / f"{number}{name}.wav", corpora.clip(n + number, 1))
            ),
            "duration": seconds,
        }
        for n, name in enumerate(names)
    ]
    sonogram.corpus.extract(rows, out, corpora.SPEC, workers=0, **options)
    return [corpora.expected(row["path"]) for row in rows]


def copies(tmp_path):
    return sorted(
        path.name for path in (tmp_path / "tmp").glob("sonogram-*/*/*") if ".tmp" not in path.name
    )


def with_peer(format):
    if FORMATS[format] is not None:
        peer(FORMATS[format])


@formats
def test_a_remote_corpus_that_was_computed_anew_reads_back_anew(tmp_path, memory, format):
    with_peer(format)
    (first,) = extract(tmp_path, 0, format=format)
    np.testing.assert_array_equal(sonogram.corpus.open("memory://copies")[0], first)
    (second,) = extract(tmp_path, 7, format=format, resume=False)
    opened = sonogram.corpus.open("memory://copies")
    np.testing.assert_array_equal(opened[0], second)
    assert opened.verify() == []
    assert len(copies(tmp_path)) == 1  # that of the first is gone


@formats
def test_a_remote_corpus_is_fetched_once_and_read_as_often_as_one_likes(tmp_path, memory, format):
    with_peer(format)
    want = extract(tmp_path, 0, format=format, items=3)
    opened = sonogram.corpus.open("memory://copies")
    for number in (0, 1, 2, 0):
        np.testing.assert_array_equal(opened[number], want[number])
    name = opened.info["shards"][0]["file"]
    memory.rm(f"/copies/{name}", recursive=True)
    np.testing.assert_array_equal(sonogram.corpus.open("memory://copies")[2], want[2])


def test_a_corpus_opened_before_it_was_computed_anew_never_mixes_the_two(tmp_path, memory):
    extract(tmp_path, 0, format="safetensors")
    opened = sonogram.corpus.open("memory://copies")
    opened.entry(0)
    extract(tmp_path, 7, format="safetensors", resume=False)
    with pytest.raises(ValueError, match=r"is not what the index of 'memory://copies' says"):
        opened[0]
    assert copies(tmp_path) == []


@formats
def test_a_damaged_remote_shard_is_found_whatever_lies_in_the_copies(tmp_path, memory, format):
    with_peer(format)
    extract(tmp_path, 0, format=format, items=3)
    opened = sonogram.corpus.open("memory://copies")
    opened[0]
    shard = f"/copies/{opened.info['shards'][0]['file']}"
    path = max((p for p in memory.find(shard)), key=memory.size)
    data = bytearray(memory.cat_file(path))
    data[len(data) // 2] ^= 1
    memory.pipe_file(path, bytes(data))
    assert opened.verify() == ["a", "b", "c"]


def test_copies_lie_where_nobody_else_can_read_them(tmp_path, memory):
    extract(tmp_path, 0)
    path = sonogram.corpus.open("memory://copies").shard_path({"shard": 0})
    root = tmp_path / "tmp" / f"sonogram-{os.getuid()}"
    assert path.startswith(f"{root}/")
    assert stat.S_IMODE(root.stat().st_mode) == 0o700


@pytest.mark.parametrize("taken", ["open to others", "a link", "a file"])
def test_a_foreign_folder_of_that_name_is_not_used(tmp_path, memory, taken):
    root = tmp_path / "tmp" / f"sonogram-{os.getuid()}"
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    if taken == "open to others":
        root.mkdir()
        root.chmod(0o777)
    elif taken == "a link":
        root.symlink_to(tmp_path / "elsewhere")
    else:
        root.touch()
    (want,) = extract(tmp_path, 0)
    opened = sonogram.corpus.open("memory://copies")
    np.testing.assert_array_equal(opened[0], want)
    assert not opened.shard_path({"shard": 0}).startswith(f"{root}/")
    assert not any((tmp_path / "elsewhere").iterdir())
    assert root.is_file() or not any(root.iterdir())


def test_a_folder_of_a_process_goes_with_it():
    module = "from sonogram.corpus.read.shard_cache import _process_folder"
    code = f"import os; {module}; print(_process_folder(os.getpid()))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300
    )
    assert not os.path.exists(done.stdout.strip())


# ------------------------------------------------------------------------------- npy's header


def _zero(data):
    return bytes(128) + data[128:]


def _other_dtype(data):
    return data.replace(b"<f4", b"<i4", 1)


@pytest.mark.parametrize("damage", [_zero, _other_dtype])
def test_a_damaged_header_of_an_npy_shard_is_found_and_rewritten(tmp_path, damage):
    out = tmp_path / "out"
    extract(tmp_path, 0, out, items=3)
    shard = out / "shards" / "shard-000000.npy"
    good = shard.read_bytes()
    shard.write_bytes(damage(good))
    assert sonogram.corpus.open(out).verify() == ["a", "b", "c"]
    extract(tmp_path, 0, out, items=3)
    assert shard.read_bytes() == good
    assert sonogram.corpus.open(out).verify() == []


def test_a_shard_that_is_gone_is_found(tmp_path):
    extract(tmp_path, 0, tmp_path / "out", items=3)
    shutil.rmtree(tmp_path / "out" / "shards")
    assert sonogram.corpus.open(tmp_path / "out").verify() == ["a", "b", "c"]
