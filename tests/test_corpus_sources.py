# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What SOURCE may be, and which items it means, in which order."""

from __future__ import annotations

import csv
import json
import re
import tarfile

import corpora
import numpy as np
import pytest
from peers import peer

import sonogram
import sonogram.corpus
from sonogram.corpus._sources import items_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("folder")
    for name in ("b/2.wav", "b/10.flac", "a.wav", "a.flac", "c.d.ogg", "B/x.mp3"):
        corpora.write(root / name, corpora.clip(len(name), 1))
    (root / "notes.txt").write_text("no audio")
    (root / ".hidden.wav").write_bytes(b"")
    (root / ".cache").mkdir()
    corpora.write(root / ".cache" / "x.wav", corpora.clip(0, 1))
    return root


def ids(source, **options):
    return [item.id for item in items_of(source, **options)]


def features(tmp_path, source, **options):
    """Extract and return what came out, by id."""
    out = tmp_path / "out"
    summary = sonogram.corpus.extract(source, out, corpora.SPEC, workers=0, **options)
    assert summary.failed == 0
    opened = sonogram.corpus.open(out)
    return dict(zip(opened.ids, opened, strict=True))


# ------------------------------------------------------------------------------- folders


def test_a_folder_is_walked_in_the_order_of_names(folder):
    assert ids(folder) == ["B/x", "a.flac", "a.wav", "b/10", "b/2", "c.d"]


@pytest.mark.parametrize(
    ("pattern", "want"),
    [
        ("*.wav", [".hidden", "a", "b/2"]),
        ("b/*", ["b/10", "b/2"]),
        (["*.ogg", "*.mp3"], ["B/x", "c.d"]),
    ],
)
def test_a_pattern_says_which_files_count(folder, pattern, want):
    assert ids(folder, pattern=pattern) == want


def test_links_to_folders_are_followed_and_circles_are_not(folder, tmp_path):
    (tmp_path / "link").symlink_to(folder / "b")
    (tmp_path / "circle").symlink_to(tmp_path)
    assert ids(tmp_path) == ["link/10", "link/2"]


def test_a_hugging_face_audio_folder_is_read_by_its_table(folder, tmp_path):
    for name in ("train", "test"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.wav").write_bytes((folder / "a.wav").read_bytes())
        (tmp_path / name / "two.wav").write_bytes((folder / "a.wav").read_bytes())
    with open(tmp_path / "train" / "metadata.csv", "w") as file:
        file.write("file_name,text\ntwo.wav,zwei\n")
    assert ids(tmp_path) == ["test/one", "test/two", "train/two"]
    assert ids(tmp_path / "train", kind="folder") == ["two"]
    with pytest.raises(ValueError, match=r"there is no metadata\.csv"):
        ids(folder, kind="audiofolder")


# ------------------------------------------------------------------------------- tables, lists

ROWS = [
    {"id": "first", "path": "a.wav", "start": 0.25, "duration": 0.5, "channel": 0},
    {"id": "second", "path": "b/2.wav", "start": None, "duration": None, "channel": None},
]


def write_table(path, rows):
    if path.suffix in (".csv", ".tsv"):
        with open(path, "w", newline="") as file:
            delimiter = "\t" if path.suffix == ".tsv" else ","
            writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
            writer.writeheader()
            writer.writerows(rows)
    elif path.suffix == ".parquet":
        peer("pyarrow")
        import pyarrow.parquet

        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".parquet"])
def test_a_table_gives_paths_segments_and_channels(folder, tmp_path, suffix):
    table = folder / f"table{suffix}"
    write_table(table, ROWS)
    got = features(tmp_path, table)
    table.unlink()
    assert list(got) == ["first", "second"]
    waveform, _ = sonogram.load(folder / "a.wav")
    part = sonogram.Extractor(corpora.SPEC)(waveform[0, 4000:12000])
    np.testing.assert_array_equal(got["first"], part)
    np.testing.assert_array_equal(got["second"], corpora.expected(folder / "b" / "2.wav"))


def test_nemos_names_of_columns_are_known(folder, tmp_path):
    table = tmp_path / "manifest.json"
    row = {"audio_filepath": str(folder / "a.wav"), "offset": 0.5, "duration": 0.25, "text": "x"}
    write_table(table, [row])
    (item,) = items_of(table)
    assert (item.path, item.start, item.duration) == (str(folder / "a.wav"), 0.5, 0.25)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"name": "a.wav"}, "one must be named path, audio_filepath"),
        ({"path": "a.wav", "start": -1}, "start is -1; it must be a number of seconds"),
        ({"path": "a.wav", "duration": 0}, "duration is 0"),
        ({"path": "a.wav", "duration": "long"}, "duration is 'long'"),
        ({"path": "a.wav", "channel": 1.5}, "channel is 1.5"),
        ({"path": 3}, "the path is 3"),
    ],
)
def test_a_wrong_row_is_named(tmp_path, row, words):
    write_table(tmp_path / "t.jsonl", [row])
    with pytest.raises(ValueError, match=re.escape(words)):
        ids(tmp_path / "t.jsonl")


def test_a_broken_table_names_its_line(tmp_path):
    (tmp_path / "t.jsonl").write_text('{"path": "a.wav"}\nnonsense\n')
    with pytest.raises(ValueError, match=r"t\.jsonl', line 2: not JSON"):
        ids(tmp_path / "t.jsonl")


def test_lists_of_paths_in_a_file_and_in_python(folder, tmp_path):
    (folder / "some.txt").write_text("b/2.wav\n\na.wav\n")
    from_file = ids(folder / "some.txt")
    (folder / "some.txt").unlink()
    assert from_file == ["b/2", "a"]
    files = [folder / "b" / "2.wav", {"id": "x", "path": str(folder / "a.wav"), "start": 0.5}]
    assert ids(files) == [str(folder / "b" / "2").lstrip("/"), "x"]
    assert ids(folder / "a.wav") == ["a"]
    with pytest.raises(TypeError, match="source holds a int"):
        ids([1])


def test_an_id_twice_is_refused(folder, tmp_path):
    source = [{"id": "x", "path": str(folder / "a.wav")}] * 2
    with pytest.raises(ValueError, match="names the id 'x' twice"):
        sonogram.corpus.extract(source, tmp_path, corpora.SPEC)


def test_a_source_without_audio_is_refused(tmp_path):
    (tmp_path / "in").mkdir()
    with pytest.raises(ValueError, match="holds no audio"):
        sonogram.corpus.extract(tmp_path / "in", tmp_path / "out", corpora.SPEC)
    with pytest.raises(FileNotFoundError, match="there is no such file"):
        sonogram.corpus.extract(tmp_path / "nowhere", tmp_path / "out", corpora.SPEC)


# ------------------------------------------------------------------------------- Kaldi


def test_kaldis_wav_scp_and_segments(folder, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "wav.scp").write_text(
        f"r1 {folder}/a.wav\nr2 {folder}/b/10.flac\nr3 sox {folder}/a.wav -t wav - |\n"
    )
    assert ids(data) == ["r1", "r2", "r3"]
    summary = sonogram.corpus.extract(data, tmp_path / "whole", corpora.SPEC, workers=0)
    assert (summary.items, summary.failed) == (2, 1)
    assert "commands are not run" in summary.failures[0]["reason"]

    (data / "segments").write_text("s1 r1 0.1 0.6\ns2 r2 0.5 -1\ns3 r2 0.2 0.9\n")
    got = features(tmp_path, data)
    assert list(got) == ["s1", "s2", "s3"]
    waveform, _ = sonogram.load(folder / "b" / "10.flac")
    extract = sonogram.Extractor(corpora.SPEC)
    np.testing.assert_array_equal(got["s2"], extract(waveform[0, 8000:]))
    np.testing.assert_array_equal(got["s3"], extract(waveform[0, 3200:14400]))


@pytest.mark.parametrize(
    ("segment", "words"),
    [
        ("s1 nobody 0 1", "does not list the recording 'nobody'"),
        ("s1 r1 0.9 0.5", "the segment goes from 0.9 to 0.5 s"),
        ("s1 r1 5 6", "is not in its 1.000 s"),
        ("s1 r1 0.2 3", "is not in its 1.000 s"),
    ],
)
def test_a_segment_that_is_nowhere_fails_alone(folder, tmp_path, segment, words):
    (tmp_path / "wav.scp").write_text(f"r1 {folder}/a.wav\n")
    (tmp_path / "segments").write_text(f"s0 r1 0 0.5\n{segment}\n")
    summary = sonogram.corpus.extract(tmp_path, tmp_path / "out", corpora.SPEC, workers=0)
    assert (summary.items, summary.failed) == (1, 1)
    assert words in summary.failures[0]["reason"]


# ------------------------------------------------------------------------------- archives


def test_tar_archives_are_read_where_they_lie(folder, tmp_path):
    for number, names in enumerate((["a.wav", "b/10.flac"], ["c.d.ogg", "B/x.mp3"])):
        with tarfile.open(tmp_path / f"s-{number:02d}.tar", "w") as archive:
            for name in names:
                archive.add(folder / name, name)
            archive.add(folder / "notes.txt", "notes.txt")
    got = features(tmp_path, str(tmp_path / "s-{00..01}.tar"))
    assert list(got) == ["s-00/a", "s-00/b/10", "s-01/c.d", "s-01/B/x"]
    np.testing.assert_array_equal(got["s-00/b/10"], corpora.expected(folder / "b" / "10.flac"))
    np.testing.assert_array_equal(got["s-01/B/x"], corpora.expected(folder / "B" / "x.mp3"))
    assert ids(tmp_path / "s-00.tar") == ["a", "b/10"]
    sources = [entry["source"] for entry in sonogram.corpus.open(tmp_path / "out").entries()]
    assert sources[0] == f"{tmp_path}/s-00.tar::a.wav"


def test_what_is_no_tar_archive_is_refused(tmp_path):
    (tmp_path / "x.tar").write_bytes(b"nonsense" * 200)
    with pytest.raises(ValueError, match="is no plain tar archive"):
        ids(tmp_path / "x.tar")


# ------------------------------------------------------------------------------- PyAV


def test_pyav_reads_what_soundfile_does_not(folder, tmp_path):
    av = peer("av")
    waveform, rate = sonogram.load(folder / "a.wav")
    path = tmp_path / "in" / "a.m4a"
    path.parent.mkdir()
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(waveform, format="fltp", layout="mono")
        frame.rate = rate
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    got = features(tmp_path, tmp_path / "in")["a"]
    assert abs(got.shape[1] - 100) <= 14  # the encoder's padding
    want = corpora.expected(folder / "a.wav")
    assert np.abs(got[:, 10:60].mean() - want[:, 10:60].mean()) < 0.1
    decoded = features(tmp_path / "wav", folder / "a.wav", decoder="av")["a"]
    np.testing.assert_allclose(decoded, want, atol=1e-6)
