# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Names and ids that are hard to hold, and names of what is no file: each costs itself alone."""

from __future__ import annotations

import os
import socket

import numpy as np
import pytest
from support import corpora
from support.peers import peer

import sonogram.corpus
from sonogram.corpus.formats import NAMES

# What writes a format, where it is a library.
LIBRARIES = {"parquet": ["pyarrow"], "arrow": ["pyarrow"], "hdf5": ["h5py"], "zarr": ["zarr"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("folder")
    corpora.write(root / "a.wav", corpora.clip(0, 1))
    return root


def odd(folder, *names):
    """Write clips whose names are no UTF-8, or skip where the file system wants it."""
    for name in names:
        path = os.fsdecode(os.fsencode(folder) + b"/" + name)
        plain = corpora.write(folder / "plain.wav", corpora.clip(0, 1))
        try:
            os.rename(plain, path)
        except OSError:
            pytest.skip("this file system has names in UTF-8 alone")


@pytest.mark.parametrize("format", NAMES)
def test_names_that_are_no_unicode_are_read_like_others(tmp_path, format):
    for module in LIBRARIES.get(format, ()):
        peer(module)
    odd(tmp_path / "in", b"b\xe9.wav", b"caf\xc3\xa9.wav")
    got = corpora.features(tmp_path, tmp_path / "in", format=format)
    assert list(got) == ["b\\xe9", "caf\xe9"]
    np.testing.assert_array_equal(*got.values())
    sources = [entry["source"] for entry in sonogram.corpus.open(tmp_path / "out").entries()]
    assert sources[0] == f"{tmp_path}/in/b\\xe9.wav"


def test_lists_may_name_files_in_another_encoding(tmp_path):
    odd(tmp_path, b"b\xe9.wav")
    (tmp_path / "list.txt").write_bytes(b"b\xe9.wav\n")
    (tmp_path / "table.csv").write_bytes(b"id,path\nb,b\xe9.wav\n")
    (tmp_path / "wav.scp").write_bytes(b"b " + os.fsencode(tmp_path) + b"/b\xe9.wav\n")
    for name in ("list.txt", "table.csv", "wav.scp"):
        assert len(corpora.features(tmp_path / name.split(".")[1], tmp_path / name)) == 1


def test_pyav_reads_names_that_are_no_unicode(tmp_path):
    peer("av")
    odd(tmp_path / "in", b"b\xe9.wav")
    assert list(corpora.features(tmp_path, tmp_path / "in", decoder="av")) == ["b\\xe9"]


def test_a_name_that_no_file_can_have_fails_alone(folder, tmp_path):
    path = str(folder / "a.wav")
    names = ("x" * 300 + ".wav", "\ud800.wav", "nul\0.wav")
    source = [path, *({"id": f"i{n}", "path": name} for n, name in enumerate(names))]
    summary = sonogram.corpus.extract(source, tmp_path, corpora.SPEC, workers=1)
    assert (summary.items, summary.failed) == (1, 3)
    assert {failure["kind"] for failure in summary.failures} == {"invalid"}


@pytest.mark.parametrize(
    ("format", "key"), [("zarr", "x" * 256), ("hdf5", "x" * 70000), ("safetensors", "__metadata__")]
)
def test_an_id_that_a_format_cannot_hold_fails_alone(folder, tmp_path, format, key):
    for module in LIBRARIES.get(format, ()):
        peer(module)
    source = [{"id": name, "path": str(folder / "a.wav")} for name in ("a", key)]
    summary = sonogram.corpus.extract(source, tmp_path, corpora.SPEC, format=format, workers=0)
    assert (summary.items, summary.failed) == (1, 1)
    assert summary.failures[0]["kind"] == "invalid"
    assert "id" in summary.failures[0]["reason"]


@pytest.mark.parametrize("decoder", ["auto", "av", corpora.plain])
def test_what_is_no_file_is_refused_at_once(folder, tmp_path, decoder):
    if decoder == "av":
        peer("av")
    source = tmp_path / "in"
    corpora.write(source / "good.wav", corpora.clip(0, 1))
    os.mkfifo(source / "pipe.wav")
    (source / "zero.wav").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(source / "socket.wav"))
        summary = sonogram.corpus.extract(
            source, tmp_path / "out", corpora.SPEC, workers=1, decoder=decoder, item_timeout=20
        )
    assert (summary.items, summary.failed) == (1, 3)
    assert {failure["reason"] for failure in summary.failures} == {"is not a regular file"}
