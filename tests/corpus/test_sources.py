# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What SOURCE may be, and which items it means, in which order."""

from __future__ import annotations

import csv
import json
import os
import re
import tarfile

import numpy as np
import pytest
from support import corpora
from support.peers import peer

import sonogram
import sonogram.corpus
from sonogram.corpus.sources.sources import items_of


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
    got = corpora.features(tmp_path, table)
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
        ({"path": "a.wav", "start": -1}, "start is -1; it must be a number of seconds from 0"),
        ({"path": "a.wav", "duration": 0}, "duration is 0; it must be a number of seconds above 0"),
        ({"path": "a.wav", "duration": "long"}, "duration is 'long'"),
        ({"path": "a.wav", "duration": True}, "duration is True"),
        ({"path": "a.wav", "start": float("nan")}, "start is nan"),
        ({"path": "a.wav", "start": 1e300}, "start is 1e+300"),
        ({"path": "a.wav", "channel": 1.5}, "channel is 1.5"),
        ({"path": "a.wav", "channel": False}, "channel is False"),
        ({"path": 3}, "the path is 3"),
        ({"name": "a.wav"}, "the path is None"),
        ({"path": "a\0.wav"}, "its path holds a NUL character"),
    ],
)
def test_a_wrong_row_costs_itself_alone_and_is_named(folder, tmp_path, row, words):
    good = {"id": "good", "path": str(folder / "a.wav")}
    write_table(tmp_path / "t.jsonl", [good, {"id": "bad", **row}, {"path": str(folder / "a.wav")}])
    out = tmp_path / "out"
    summary = sonogram.corpus.extract(tmp_path / "t.jsonl", out, corpora.SPEC, workers=0)
    assert (summary.items, summary.failed) == (2, 1)
    (failure,) = summary.failures
    assert (failure["id"], failure["kind"]) == ("bad", "invalid")
    assert words in failure["reason"]
    if "NUL" not in words:
        assert f"{tmp_path}/t.jsonl', line 2: " in failure["reason"]


def test_invalid_rows_without_ids_get_distinct_ids(folder, tmp_path):
    rows = [{"path": "a.wav", "start": start} for start in (0, -1, -1)]
    write_table(tmp_path / "t.csv", rows)
    assert ids(tmp_path / "t.csv") == ["a-0.000", "a (line 3)", "a (line 4)"]


def test_a_table_without_a_column_of_paths_is_refused(tmp_path):
    for suffix in (".csv", ".jsonl", ".parquet"):
        write_table(tmp_path / f"t{suffix}", [{"name": "a.wav"}])
        with pytest.raises(ValueError, match="has the columns name; one must be named path"):
            ids(tmp_path / f"t{suffix}")


def test_channels_that_pandas_made_floats_are_channels(folder, tmp_path):
    rows = [{"path": "a.wav", "channel": 1.0}, {"path": "b.wav", "channel": ""}]
    write_table(tmp_path / "t.csv", rows)
    assert "1.0" in (tmp_path / "t.csv").read_text()
    assert [item.channel for item in items_of(tmp_path / "t.csv")] == [1, None]
    rows = [{"path": "a.wav", "channel": 0.0}, {"path": "b.wav", "channel": float("nan")}]
    write_table(tmp_path / "t.parquet", rows)
    assert [item.channel for item in items_of(tmp_path / "t.parquet")] == [0, None]


def test_lines_of_json_may_have_fields_of_their_own(tmp_path):
    write_table(tmp_path / "t.jsonl", [{"path": "a.wav"}, {"path": "b.wav", "start": 0.5}])
    assert [item.start for item in items_of(tmp_path / "t.jsonl")] == [None, 0.5]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"id": "x"}, "source[0] is a dict that has no path"),
        ({"path": "a.wav", "begin": 1}, "source[0] is a dict that has the key 'begin'"),
    ],
)
def test_a_dict_of_other_keys_is_refused(entry, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        ids([entry])


def test_wrong_numbers_in_a_list_cost_their_items_alone(folder, tmp_path):
    path = str(folder / "a.wav")
    wrong = ({"start": float("nan")}, {"start": -1}, {"duration": True}, {"channel": 0.5})
    source = [{"id": f"i{n}", "path": path, **more} for n, more in enumerate(wrong)]
    source += [{"id": "", "path": path}, {"id": "nul\0", "path": path}, path]
    summary = sonogram.corpus.extract(source, tmp_path, corpora.SPEC, workers=0)
    assert (summary.items, summary.failed) == (1, 6)
    assert {failure["kind"] for failure in summary.failures} == {"invalid"}
    with pytest.raises(TypeError, match="whose id is 5"):
        ids([{"id": 5, "path": path}])


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"path":', "not JSON: "),
        ("null", "not a JSON object"),
        ('["a.wav"]', "not a JSON object"),
        ("[" * 100_000, "nested too deep"),
        ('{"path": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deep"),
        ('{"path": ' + "9" * 100_000 + "}", ""),
    ],
)
def test_a_line_that_is_no_row_costs_itself_alone(folder, tmp_path, line, words, first):
    good = [json.dumps({"id": key, "path": str(folder / "a.wav")}) for key in ("x", "y")]
    number = 1 if first else 2
    good.insert(number - 1, line)
    (tmp_path / "t.jsonl").write_text("\n".join(good))
    out = tmp_path / "out"
    summary = sonogram.corpus.extract(tmp_path / "t.jsonl", out, corpora.SPEC, workers=0)
    assert list(sonogram.corpus.open(out).ids) == ["x", "y"]
    (failure,) = summary.failures
    assert (failure["id"], failure["kind"]) == (f"(line {number})", "invalid")
    assert f"{tmp_path}/t.jsonl', line {number}: " in failure["reason"]
    assert words in failure["reason"]


@pytest.mark.parametrize("field", ["path", "id", "start", "channel"])
def test_values_of_any_depth_cost_their_rows_alone(tmp_path, field):
    # Some of these depths can be read and not be shown, whatever the depth of the stack.
    depths = [*range(50, 1000, 10), 3000, 10_000]
    rows = [{"id": f"i{depth}", "path": "a.wav", field: "DEEP"} for depth in depths]
    lines = [
        json.dumps(row).replace('"DEEP"', "[" * depth + "]" * depth)
        for row, depth in zip(rows, depths, strict=True)
    ]
    (tmp_path / "t.jsonl").write_text("\n".join([*lines, '{"id": "good", "path": "a.wav"}']))
    items = list(items_of(tmp_path / "t.jsonl"))
    assert len(items) == len(depths) + 1
    assert (items[-1].id, items[-1].error) == ("good", None)
    assert field == "id" or all(item.error for item in items[:-1])


def test_a_table_without_one_row_is_refused_and_names_its_line(tmp_path):
    (tmp_path / "t.jsonl").write_text("\nnonsense\nnull\n")
    with pytest.raises(ValueError, match=r"t\.jsonl', line 2: not JSON"):
        ids(tmp_path / "t.jsonl")


def test_an_id_given_twice_is_refused_beside_a_wrong_line(folder, tmp_path):
    row = json.dumps({"id": "x", "path": str(folder / "a.wav")})
    (tmp_path / "t.jsonl").write_text(f"{row}\nnull\n{row}\n")
    with pytest.raises(ValueError, match="names the id 'x' twice"):
        sonogram.corpus.extract(tmp_path / "t.jsonl", tmp_path / "out", corpora.SPEC)


def test_a_file_that_is_not_parquet_is_named(tmp_path):
    peer("pyarrow")
    (tmp_path / "t.parquet").write_bytes(b"nonsense" * 10)
    with pytest.raises(ValueError, match=r"t\.parquet': not a Parquet file"):
        ids(tmp_path / "t.parquet")


def test_a_file_that_is_not_csv_is_named(tmp_path):
    (tmp_path / "t.csv").write_text("path\n" + "x" * 200_000 + "\n")
    with pytest.raises(ValueError, match=r"t\.csv', line 2: field larger than"):
        ids(tmp_path / "t.csv")


def test_a_folder_may_have_the_name_of_a_table(folder, tmp_path):
    for name in ("x.csv", "x.tar"):
        corpora.write(tmp_path / name / "a.wav", corpora.clip(0, 1))
        assert ids(tmp_path / name) == ["a"]


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
    assert os.listdir(tmp_path) == ["in"]


def test_a_source_that_makes_no_sense_leaves_nothing_behind(tmp_path):
    (tmp_path / "t.csv").write_text("name\na.wav\n")
    (tmp_path / "here").mkdir()
    (tmp_path / "used" / ".sonogram").mkdir(parents=True)
    (tmp_path / "used" / ".sonogram" / "lock").touch()  # of a job that was killed as it began
    for out in ("new/deep/out", "here", "used"):
        with pytest.raises(ValueError, match="has the columns name"):
            sonogram.corpus.extract(tmp_path / "t.csv", tmp_path / out, corpora.SPEC)
    left = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}
    assert left == {"t.csv", "here", "used", "used/.sonogram"}


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
    got = corpora.features(tmp_path, data)
    assert list(got) == ["s1", "s2", "s3"]
    waveform, _ = sonogram.load(folder / "b" / "10.flac")
    extract = sonogram.Extractor(corpora.SPEC)
    np.testing.assert_array_equal(got["s2"], extract(waveform[0, 8000:]))
    np.testing.assert_array_equal(got["s3"], extract(waveform[0, 3200:14400]))


def test_a_wav_scp_line_of_several_words_is_a_file_or_fails_by_name(folder, tmp_path):
    corpora.write(tmp_path / "two words.wav", corpora.clip(0, 1))
    scp = tmp_path / "wav.scp"
    scp.write_text(f"r1 {folder}/a.wav extra words\nr2 {tmp_path}/two words.wav\nr3 /no/file.wav\n")
    (one, two, three) = items_of(scp)
    assert (one.id, two.id, three.id) == ("r1", "r2", "r3")
    assert (two.path, two.error, three.error) == (f"{tmp_path}/two words.wav", None, None)
    assert "wav.scp', line 1: it must be an id and a path; " in one.error
    assert "a.wav extra words' is no file" in one.error
    summary = sonogram.corpus.extract(scp, tmp_path / "out", corpora.SPEC, workers=0)
    assert {f["id"]: f["kind"] for f in summary.failures} == {"r1": "invalid", "r3": "unavailable"}
    assert list(sonogram.corpus.open(tmp_path / "out").ids) == ["r2"]


@pytest.mark.parametrize(
    ("segment", "words"),
    [
        ("s1 nobody 0 1", "does not list the recording 'nobody'"),
        ("s1 r1 0.9 0.5", "the segment goes from 0.9 to 0.5 s"),
        ("s1 r1 5 6", "is not in its 1.000 s"),
        ("s1 r1 0.2 3", "is not in its 1.000 s"),
        ("s1 r1 0.2", "segments', line 2: it must be <id> <recording> <start> <end>"),
        ("s1 r1 0.2 end", "segments', line 2: start and end are 0.2 and end"),
        ("s1 r1 nan 1", "the segment goes from nan to 1.0 s"),
        ("s1 r1 0 1 left", "segments', line 2: channel is 'left'"),
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
    got = corpora.features(tmp_path, str(tmp_path / "s-{00..01}.tar"))
    assert list(got) == ["s-00/a", "s-00/b/10", "s-01/c.d", "s-01/B/x"]
    np.testing.assert_array_equal(got["s-00/b/10"], corpora.expected(folder / "b" / "10.flac"))
    np.testing.assert_array_equal(got["s-01/B/x"], corpora.expected(folder / "B" / "x.mp3"))
    assert ids(tmp_path / "s-00.tar") == ["a", "b/10"]
    sources = [entry["source"] for entry in sonogram.corpus.open(tmp_path / "out").entries()]
    assert sources[0] == f"{tmp_path}/s-00.tar::a.wav"


def test_a_file_that_is_not_a_tar_archive_is_refused(tmp_path):
    (tmp_path / "x.tar").write_bytes(b"nonsense" * 200)
    with pytest.raises(ValueError, match="is no plain tar archive"):
        ids(tmp_path / "x.tar")


def test_a_list_of_archives_is_opened(folder, tmp_path):
    names = [tmp_path / "x" / "s.tar", tmp_path / "y" / "s.tar"]
    for name in names:
        name.parent.mkdir()
        with tarfile.open(name, "w") as archive:
            archive.add(folder / "a.wav", "a.wav")
    inside = str(tmp_path).lstrip("/")
    got = corpora.features(tmp_path, names, kind="webdataset")
    assert list(got) == [f"{inside}/x/s/a", f"{inside}/y/s/a"]
    np.testing.assert_array_equal(got[f"{inside}/x/s/a"], corpora.expected(folder / "a.wav"))
    (item, _) = items_of(names)
    assert "kind='webdataset' reads what is in it" in item.error
    with pytest.raises(ValueError, match="kind is 'table', and source a list"):
        ids(names, kind="table")


@pytest.mark.parametrize("kind", ["auto", "webdataset"])
@pytest.mark.parametrize("suffix", [".tar.gz", ".tgz", ".tar.zst"])
def test_a_compressed_archive_is_refused_by_its_name(tmp_path, suffix, kind):
    (tmp_path / f"s{suffix}").write_bytes(b"x")
    with pytest.raises(ValueError, match="a compressed archive cannot be read"):
        ids(tmp_path / f"s{suffix}", kind=kind)


@pytest.mark.parametrize("damage", ["within a member", "at a header", "of a header", "all"])
def test_the_readable_part_of_a_damaged_archive_is_read(folder, tmp_path, damage):
    for name in ("s-0.tar", "s-1.tar"):
        with tarfile.open(tmp_path / name, "w") as archive:
            for member in ("a.wav", "c.d.ogg", "b/2.wav"):
                archive.add(folder / member, member)
    with tarfile.open(tmp_path / "s-0.tar") as archive:
        last = archive.getmembers()[-1]
    data = bytearray((tmp_path / "s-0.tar").read_bytes())
    if damage == "within a member":
        data = data[: last.offset_data + 2000]
    elif damage == "at a header":
        data = data[: last.offset]
    elif damage == "of a header":
        data[last.offset + 148 : last.offset + 156] = b"xxxxxxxx"
    else:
        data = bytearray(b"nonsense" * 1000)
    (tmp_path / "s-0.tar").write_bytes(data)
    source = str(tmp_path / "s-{0..1}.tar")
    summary = sonogram.corpus.extract(source, tmp_path / "out", corpora.SPEC, workers=0)
    reasons = {failure["id"]: failure["reason"] for failure in summary.failures}
    assert summary.items == (3 if damage == "all" else 5)
    assert reasons.pop("s-0.tar::rest").startswith("the archive: ")
    assert set(reasons) == ({"s-0/b/2"} if damage == "within a member" else set())


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
    got = corpora.features(tmp_path, tmp_path / "in")["a"]
    assert abs(got.shape[1] - 100) <= 14  # the encoder's padding
    want = corpora.expected(folder / "a.wav")
    assert np.abs(got[:, 10:60].mean() - want[:, 10:60].mean()) < 0.1
    decoded = corpora.features(tmp_path / "wav", folder / "a.wav", decoder="av")["a"]
    np.testing.assert_allclose(decoded, want, atol=1e-6)


# --------------------------------------------------------------- quotation marks in tables

STRAY = {
    "open at the end": ('a.wav,"He said\nb.wav,bye\nc.wav,x\n', 1),
    "two that pair up": ('a.wav,"He said\nb.wav,"bye\nc.wav,x\n', 2),
    "two that pair up with a comma": ('a.wav,"one\nb.wav,two",x\nc.wav,x\n', 1),
    "in the last line": ('a.wav,x\nb.wav,bye\nc.wav,"x\n', 1),
    "in the last line without an end": ('a.wav,x\nb.wav,bye\nc.wav,"x', 1),
    "in the middle of a field": ('a.wav,He "said\nb.wav,bye\nc.wav,x\n', 0),
    "text behind a field": ('a.wav,"He" said\nb.wav,bye\nc.wav,x\n', 0),
    "longer than a field may be": ('a.wav,"x\n' + "b.wav,bye\n" * 1 + f"c.wav,{'x' * 140000}\n", 2),
    "a field of two lines": ('a.wav,"He said\nbye, bye"\nb.wav,"a ""b"""\nc.wav,x\n', 0),
}


@pytest.mark.parametrize("case", STRAY)
def test_a_stray_quotation_mark_in_a_csv_costs_its_own_row_alone(tmp_path, case):
    rows, failed = STRAY[case]
    (tmp_path / "t.csv").write_text("path,text\n" + rows)
    found = list(items_of(str(tmp_path / "t.csv")))
    good = [item.id for item in found if item.error is None]
    assert len(found) == 3
    assert len(found) - len(good) == failed
    for item in found:
        if item.error is not None:
            assert "t.csv', line " in item.error
    wanted = ["a", "b", "c"]
    assert [key for key in wanted if key in good] == good


def test_a_stray_quotation_mark_in_the_header_is_an_error(tmp_path):
    (tmp_path / "t.csv").write_text('path,"text\na.wav,x\n')
    with pytest.raises(ValueError, match="line 1: a quotation mark opens a field that does not"):
        list(items_of(str(tmp_path / "t.csv")))


def test_quotation_marks_in_a_tsv_are_ordinary(tmp_path):
    rows = 'a.wav\t"He said\r\nb.wav\t"bye"\r\n"c d.wav"\t"a ""b"" c"\r\n\r\ne.wav\n'
    (tmp_path / "t.tsv").write_bytes(b"path\tsentence\r\n" + rows.encode())
    found = list(items_of(str(tmp_path / "t.tsv")))
    assert [(item.id, item.error) for item in found] == [
        (key, None) for key in ("a", "b", "c d", "e")
    ]


@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.jsonl", "t.txt"])
def test_a_table_in_utf_16_is_refused_by_its_encoding(tmp_path, name):
    (tmp_path / name).write_bytes("path\na.wav\n".encode("utf-16"))
    with pytest.raises(ValueError, match="encoded in UTF-16; it must be UTF-8"):
        list(items_of(str(tmp_path / name)))


def test_what_follows_the_end_of_an_archive_is_a_failure(tmp_path):
    with tarfile.open(tmp_path / "x.tar", "w") as archive:
        archive.addfile(tarfile.TarInfo("a.wav"))
    whole = (tmp_path / "x.tar").read_bytes()
    (tmp_path / "x.tar").write_bytes(whole + bytes(10240))
    assert [item.error for item in items_of(str(tmp_path / "x.tar"))] == [None]
    (tmp_path / "x.tar").write_bytes(whole * 2)
    first, rest = items_of(str(tmp_path / "x.tar"))
    assert (first.id, first.error) == ("a", None)
    assert "archives joined by cat must be given one by one" in rest.error
