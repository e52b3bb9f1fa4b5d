# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Folders, tables and archives as they really are: what is odd costs itself alone, and says so."""

from __future__ import annotations

import io
import itertools
import os
import random
import tarfile

import numpy as np
import pytest
from support import corpora

import sonogram.corpus
from sonogram.corpus.sources.sources import items_of


def ids(source, **options):
    return [item.id for item in items_of(source, **options)]


def few(folder, *names):
    """Write a clip under each name, no two alike."""
    for number, name in enumerate(names):
        corpora.write(folder / name, corpora.clip(number, 1))
    return folder


def extract(source, out, **options):
    return sonogram.corpus.extract(source, out, corpora.SPEC, workers=0, **options)


def reasons(summary):
    return {failure["id"]: failure["reason"] for failure in summary.failures}


# ------------------------------------------------------------------------------- links


def test_links_in_a_circle_are_failures_where_they_have_the_name_of_audio(tmp_path):
    source = few(tmp_path / "in", "good.flac")
    for a, b in (("a", "b"), ("b", "a"), ("x.wav", "y.wav"), ("y.wav", "x.wav"), ("n.wav", "no")):
        (source / a).symlink_to(b)
    summary = extract(source, tmp_path / "out")
    assert summary.items == 1
    assert set(reasons(summary)) == {"x", "y", "n"}
    assert "symbolic links" in reasons(summary)["x"]


def test_folders_that_link_to_each_other_are_walked_once(tmp_path):
    for n in range(6):
        few(tmp_path / f"d{n}", "x.wav")
    for a, b in itertools.permutations(range(6), 2):
        (tmp_path / f"d{a}" / f"to{b}").symlink_to(f"../d{b}")
    assert ids(tmp_path) == [f"d{n}/x" for n in range(6)]


def test_a_folder_has_its_own_name_where_it_has_one_below_the_root(tmp_path):
    few(tmp_path / "in" / "z" / "deep", "x.wav")
    few(tmp_path / "else", "y.wav")
    few(tmp_path / "else" / "more", "z.wav")
    for name, target in {
        "a": "z/deep",
        "b": "../else/more",
        "c": "../else",
        "d": "..",
        "e": "../in",
        "f": "../else/more",
    }.items():
        (tmp_path / "in" / name).symlink_to(target)
    assert ids(tmp_path / "in") == ["b/z", "c/y", "z/deep/x"]


def test_links_into_hidden_or_listed_folders_are_followed(tmp_path):
    few(tmp_path / ".hidden" / "x", "a.wav")
    few(tmp_path / "listed" / "rest", "b.wav", "c.wav")
    (tmp_path / "listed" / "metadata.csv").write_text("file_name\nrest/b.wav\n")
    (tmp_path / "one").symlink_to(".hidden/x")
    (tmp_path / "two").symlink_to("listed/rest")
    assert ids(tmp_path) == ["listed/rest/b", "one/a", "two/b", "two/c"]


def test_a_folder_as_deep_as_paths_can_be_is_walked(tmp_path):
    made = [f"{tmp_path}{'/d' * depth}" for depth in range(1, 1500)]  # deeper than calls can be
    for folder in made:
        os.mkdir(folder)
    try:
        with open(f"{made[-1]}/x.wav", "wb"):
            pass
        assert ids(tmp_path) == ["d/" * len(made) + "x"]
    finally:
        os.unlink(f"{made[-1]}/x.wav")
        for folder in reversed(made):
            os.rmdir(folder)


# ------------------------------------------------------------------------------- folders


def refusing(monkeypatch, name, error):
    """Let a folder of this name not be listed, as root can always list every folder."""
    scandir = os.scandir

    def refuse(path="."):
        if os.path.basename(os.fspath(path).rstrip("/")) == name:
            raise error
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)


@pytest.mark.parametrize(
    "error", [PermissionError(13, "Permission denied"), FileNotFoundError(2, "No such file")]
)
def test_a_folder_that_cannot_be_listed_costs_itself_alone(tmp_path, monkeypatch, error):
    source = few(tmp_path / "in", "good.flac", "shut/a.wav", "z/b.wav")
    refusing(monkeypatch, "shut", error)
    summary = extract(source, tmp_path / "out")
    assert (summary.items, summary.failed) == (2, 1)
    said = f"the folder cannot be listed: {error.strerror}"
    assert reasons(summary) == {"shut::folder": said}
    assert summary.failures[0]["source"] == f"{source}/shut"
    assert extract(source, tmp_path / "out").kept == 1


def test_a_root_that_cannot_be_listed_and_a_disk_that_is_gone_are_errors(tmp_path, monkeypatch):
    source = few(tmp_path / "in", "good.flac", "sub/a.wav")
    for name, error in (("in", PermissionError(13, "denied")), ("sub", OSError(116, "stale"))):
        with monkeypatch.context() as patch:
            refusing(patch, name, error)
            with pytest.raises(OSError, match=error.strerror):
                extract(source, tmp_path / "out")
        assert not (tmp_path / "out").exists()


def test_special_files_do_not_block_a_listing(tmp_path):
    source = few(tmp_path / "in", "good.flac", "sub/a.wav", "x.wav/b.flac")
    os.mkfifo(source / "sub" / "metadata.csv")
    (source / "metadata.jsonl").mkdir()
    (source / "empty.wav").touch()
    summary = extract(source, tmp_path / "out")
    assert (summary.items, summary.failed) == (3, 2)
    assert reasons(summary) == {
        "empty": "is empty",
        "sub/metadata.csv": "is no table of its folder: is not a regular file",
    }


def test_output_below_the_source_is_not_an_item(tmp_path):
    few(tmp_path, "a.wav", "z.wav")
    out = tmp_path / "m" / "out"
    (tmp_path / "link").symlink_to("m/out")
    for kept in (0, 1):
        summary = extract(tmp_path, out, pattern="*")
        assert (summary.items, summary.failed, summary.kept) == (2, 0, kept)


# ------------------------------------------------------------------------------- tables in folders


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("metadata.jsonl", b"no table\n", "line 1: not JSON"),
        ("metadata.jsonl", b"[1, 2]\n", "line 1: not a JSON object"),
        ("metadata.jsonl", b"", None),
        ("metadata.jsonl", b'{"name": "a.wav"}\n', None),
        ("metadata.csv", b"", None),
        ("metadata.csv", b"id,text\n1,x\n", None),
        ("metadata.csv", bytes(range(256)) * 10, None),
        ("metadata.csv", b"x" * 200_000, "field larger than field limit"),
        ("metadata.csv", b"file_name,text\nmissing.wav,x\n", "names no file that is there"),
        ("metadata.csv", b"file_name,text\n,x\n.,x\n", "names no file that is there"),
        ("metadata.jsonl", b'null\n{"file_name": "\\u0000"}\n', "names no file that is there"),
    ],
)
def test_a_file_with_the_name_of_a_table_costs_itself_alone(tmp_path, name, data, words):
    source = few(tmp_path / "in", "good.flac", "sub/a.wav")
    (source / "sub" / name).write_bytes(data)
    summary = extract(source, tmp_path / "out")
    assert summary.items == 2
    assert set(reasons(summary)) == (set() if words is None else {f"sub/{name}"})
    assert words is None or words in reasons(summary)[f"sub/{name}"]


@pytest.mark.parametrize("name", ["metadata.csv", "wav.scp"])
def test_a_table_that_lists_no_file_of_its_folder_is_one_failure(tmp_path, name):
    source = few(tmp_path / "in", "g.wav", "sub/h.wav")
    text = {"metadata.csv": "file_name,text\nmissing.wav,x", "wav.scp": "garbage"}[name]
    (source / name).write_text(text)
    summary = extract(source, tmp_path / "out")
    assert list(sonogram.corpus.open(tmp_path / "out").ids) == ["g", "sub/h"]
    (failure,) = summary.failures
    assert (failure["id"], failure["kind"]) == (name, "invalid")
    assert failure["reason"].startswith(("is no table of its folder: ", "is no list of its folder"))
    assert extract(source, tmp_path / "out").kept > 0


def test_a_table_that_names_one_file_that_is_there_is_one(tmp_path):
    source = few(tmp_path / "in", "g.wav", "h.wav")
    (source / "metadata.csv").write_text("file_name\nmissing.wav\nh.wav\n")
    summary = extract(source, tmp_path / "out")
    assert list(sonogram.corpus.open(tmp_path / "out").ids) == ["h"]
    assert set(reasons(summary)) == {"missing"}


def test_a_table_that_lists_nothing_gives_way_to_another(tmp_path):
    source = few(tmp_path, "g.wav", "h.wav")
    (source / "metadata.csv").write_text("file_name\nmissing.wav\n")
    (source / "metadata.jsonl").write_text('{"file_name": "h.wav"}\n')
    assert ids(source) == ["metadata.csv", "h"]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("", ["g"]),
        ("garbage\n\nmore\n", ["wav.scp", "g"]),
        ("a \0\n", ["wav.scp", "g"]),
        ("garbage\nr g.wav\n", ["garbage", "r"]),
        ("r sox g.wav -t wav - |\n", ["r"]),
        ("these are the notes of the first session\nall takes are good\n", ["wav.scp", "g"]),
        ("some words of prose\nr g.wav\n", ["some", "r"]),
    ],
)
def test_a_wav_scp_is_one_by_any_valid_line(tmp_path, text, want):
    source = few(tmp_path, "g.wav")
    (source / "wav.scp").write_text(text)
    assert ids(source) == want
    assert ids(source, kind="folder") == ["g"]


def test_the_readable_part_of_a_table_is_read(tmp_path):
    source = few(tmp_path / "in", "good.flac", "sub/a.wav", "sub/b.wav")
    table = source / "sub" / "metadata.jsonl"
    table.write_text('{"file_name": "a.wav"}\nnonsense\n{"file_name": "b.wav"}\n')
    summary = extract(source, tmp_path / "out")
    assert list(sonogram.corpus.open(tmp_path / "out").ids) == ["good", "sub/a", "sub/b"]
    assert set(reasons(summary)) == {"sub/(line 2)"}
    assert "line 2: not JSON" in reasons(summary)["sub/(line 2)"]
    table.unlink()
    wide = "x" * 200_000
    (source / "sub" / "metadata.csv").write_text(f"file_name\na.wav\n{wide}\nb.wav\n")
    summary = extract(source, tmp_path / "csv")
    assert list(sonogram.corpus.open(tmp_path / "csv").ids) == ["good", "sub/a", "sub/b"]
    assert "line 3: field larger" in reasons(summary)["sub/(line 3)"]


# ------------------------------------------------------------------------------- ids

CLASHES = ("a.wav", "a.flac", "a.wav.flac", "a.wav.wav", "b.wav", "b#2.wav")
TOLD_APART = {
    "a.flac": "a.flac",
    "a.wav": "a.wav",
    "a.wav.flac": "a.wav.flac",
    "a.wav.wav": "a.wav.wav",
    "b.wav": "b",
    "b#2.wav": "b#2",
}


def keys(out):
    """Return the id that each file has got."""
    return {
        os.path.basename(entry["source"]): entry["id"]
        for entry in sonogram.corpus.open(out).entries()
    }


def test_ids_made_of_a_folder_occur_once(tmp_path):
    source = few(tmp_path / "in", *CLASHES)
    assert extract(source, tmp_path / "out").items == len(CLASHES)
    assert keys(tmp_path / "out") == TOLD_APART
    assert extract(source, tmp_path / "out").kept == 1
    corpus = sonogram.corpus.open(tmp_path / "out")
    for name, key in TOLD_APART.items():
        np.testing.assert_array_equal(corpus[key], corpora.expected(source / name))


@pytest.mark.parametrize("kind", ["list", "csv", "txt", "tar"])
def test_ids_made_of_names_occur_once_in_any_order(tmp_path, kind):
    source = few(tmp_path / "in", *CLASHES)
    found = []
    for seed in range(2):
        order = random.Random(seed).sample(CLASHES, len(CLASHES))
        out = tmp_path / f"out{seed}"
        given = source_of(tmp_path / f"source{seed}", source, order, kind)
        assert extract(given, out).items == len(CLASHES)
        assert extract(given, out).kept == 1
        found.append({name.split("::")[-1]: key for name, key in keys(out).items()})
    assert found[0] == found[1]
    prefix = next(iter(found[0].values())).removesuffix(TOLD_APART[next(iter(found[0]))])
    assert found[0] == {name: prefix + key for name, key in TOLD_APART.items()}


def source_of(folder, source, names, kind):
    """Return a source of a kind that names files in this order."""
    folder.mkdir()
    paths = [str(source / name) for name in names]
    if kind == "list":
        return paths
    if kind == "csv":
        (folder / "t.csv").write_text("\n".join(["path", *paths]))
        return folder / "t.csv"
    if kind == "txt":
        (folder / "t.txt").write_text("\n".join(paths))
        return folder / "t.txt"
    with tarfile.open(folder / "t.tar", "w") as archive:
        for name in names:
            archive.add(source / name, name)
    return folder / "t.tar"


def test_the_same_file_twice_is_two_items(tmp_path):
    few(tmp_path, "a.wav", "b.wav")
    (tmp_path / "list.txt").write_text("a.wav\nb.wav\na.wav\na.wav\n")
    assert extract(tmp_path / "list.txt", tmp_path / "out").items == 4
    assert list(sonogram.corpus.open(tmp_path / "out").ids) == ["a.wav", "b", "a.wav#2", "a.wav#3"]


def test_rows_that_differ_in_their_channel_alone_are_told_apart(tmp_path):
    two = np.stack([corpora.clip(0, 1), corpora.clip(1, 1)])
    corpora.write(tmp_path / "a.wav", two)
    for out, order in (("one", (0, 1)), ("two", (1, 0))):
        rows = "".join(f"a.wav,{channel}\n" for channel in order)
        (tmp_path / "t.csv").write_text("path,channel\n" + rows)
        extract(tmp_path / "t.csv", tmp_path / out)
        entries = list(sonogram.corpus.open(tmp_path / out).entries())
        assert {e["id"]: e["channel"] for e in entries} == {"a.wav": 0, "a.wav#2": 1}


def test_an_id_that_was_given_stays_and_what_is_made_makes_room(tmp_path):
    few(tmp_path, "a.wav", "b.wav", "c.wav")
    given = [
        {"id": "x/a", "path": str(tmp_path / "b.wav")},
        {"id": "x/a.wav", "path": str(tmp_path / "c.wav")},
        {"path": "x/a.wav"},
    ]
    (tmp_path / "x").symlink_to(".")
    os_path = os.getcwd()
    os.chdir(tmp_path)
    try:
        assert extract(given, tmp_path / "out").items == 3
    finally:
        os.chdir(os_path)
    assert list(sonogram.corpus.open(tmp_path / "out").ids) == ["x/a", "x/a.wav", "x/a.wav#2"]
    with pytest.raises(ValueError, match="names the id 'x/a' twice; ids must be unique"):
        extract([given[0], given[0]], tmp_path / "new")


def test_names_that_differ_in_case_alone_are_different_ids(tmp_path):
    source = few(tmp_path / "in", "a.wav", "A.wav")
    for format in ("npy", "webdataset", "kaldi", "safetensors"):
        assert extract(source, tmp_path / format, format=format).items == 2
        corpus = sonogram.corpus.open(tmp_path / format)
        for name in "aA":
            np.testing.assert_array_equal(corpus[name], corpora.expected(source / f"{name}.wav"))


# ------------------------------------------------------------------------------- archives


def tar(path, members, **options):
    """Write an archive of ``(name, audio or link)``: ``"=x"`` is a hard, ``"->x"`` a soft link."""
    with tarfile.open(path, "w", **options) as archive:
        for name, data in members:
            member = tarfile.TarInfo(name)
            if isinstance(data, bytes):
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
                continue
            member.type = tarfile.LNKTYPE if data.startswith("=") else tarfile.SYMTYPE
            member.linkname = data.removeprefix("=").removeprefix("->")
            archive.addfile(member)
    return path


@pytest.fixture(scope="module")
def audio(tmp_path_factory):
    """Two files: their bytes and features."""
    folder = few(tmp_path_factory.mktemp("audio"), "a.wav", "b.wav")
    paths = (folder / "a.wav", folder / "b.wav")
    return [(path.read_bytes(), corpora.expected(path)) for path in paths]


def same(out, want):
    """Hold a corpus against the features by id."""
    corpus = sonogram.corpus.open(out)
    assert sorted(corpus.ids) == sorted(want)
    for key, features in want.items():
        np.testing.assert_array_equal(corpus[key], features)


def test_links_in_an_archive_are_items_of_the_same_audio(tmp_path, audio):
    (a, of_a), (b, of_b) = audio
    members = [
        ("data/a.wav", a),
        ("hard.wav", "=data/a.wav"),
        ("data/soft.flac", "->a.wav"),
        ("data/ahead.wav", "->../late/b.wav"),
        ("twice.wav", "->data/soft.flac"),
        ("linked", "->data"),
        ("through.wav", "->linked/a.wav"),
        ("absolute.wav", "->/data/a.wav"),
        ("odd.wav", "=blob.bin"),
        ("blob.bin", b),
        ("late/b.wav", b),
    ]
    archive = tar(tmp_path / "x.tar", members)
    summary = extract(archive, tmp_path / "out")
    assert summary.failed == 0
    names = ("data/a", "hard", "data/soft", "twice", "through", "absolute")
    want = {**dict.fromkeys(names, of_a), **dict.fromkeys(("data/ahead", "odd", "late/b"), of_b)}
    same(tmp_path / "out", want)
    assert extract(archive, tmp_path / "out").kept == 1


def test_links_that_lead_nowhere_are_failures(tmp_path, audio):
    links = {
        "away": "->../../etc/a.wav",
        "gone": "=nobody.wav",
        "round": "->circle.wav",
        "circle": "->round.wav",
        "self": "->self.wav",
        "folder": "->.",
    }
    members = [("a.wav", audio[0][0]), *((f"{name}.wav", to) for name, to in links.items())]
    summary = extract(tar(tmp_path / "x.tar", members), tmp_path / "out")
    assert (summary.items, summary.failed) == (1, len(links))
    for name, to in links.items():
        target = to.lstrip("=->")
        assert reasons(summary)[name] == f"links to {target!r}, which is no file in the archive"


def test_a_hard_link_is_to_what_had_the_name_by_then(tmp_path, audio):
    (a, of_a), (b, of_b) = audio
    members = [("x.wav", a), ("old.wav", "=x.wav"), ("x.wav", b), ("new.wav", "->x.wav")]
    members.append(("x.wav", "=x.wav"))  # as tar stores a file that it is given twice
    summary = extract(tar(tmp_path / "x.tar", members), tmp_path / "out")
    assert summary.failed == 0
    same(tmp_path / "out", {"x.wav": of_a, "x.wav#2": of_b, "old": of_a, "new": of_b})


def test_hard_links_as_tar_itself_makes_them(tmp_path, audio):
    path = corpora.write(tmp_path / "in" / "a.wav", corpora.clip(0, 1))
    os.link(path, tmp_path / "in" / "b.wav")
    for name in ("x", "y"):
        with tarfile.open(tmp_path / f"{name}.tar", "w") as archive:
            archive.add(tmp_path / "in", ".")
    assert extract(tmp_path / "x.tar", tmp_path / "one").failed == 0
    same(tmp_path / "one", dict.fromkeys("ab", audio[0][1]))
    names = [tmp_path / "x.tar", tmp_path / "y.tar"]
    extract(names, tmp_path / "both", kind="webdataset")
    same(tmp_path / "both", dict.fromkeys(("x/a", "x/b", "y/a", "y/b"), audio[0][1]))


def test_names_in_an_archive_are_within_it(tmp_path, audio):
    (a, of_a), (b, of_b) = audio
    members = [("./a.wav", a), ("/abs/b.wav", b), (".//c/./d.wav", a), ("../e.wav", b)]
    out = tmp_path / "out"
    assert extract(tar(tmp_path / "x.tar", members), out, format="webdataset").failed == 0
    same(out, {"a": of_a, "abs/b": of_b, "c/d": of_a, "../e": of_b})
    with tarfile.open(out / "shards" / "shard-000000.tar") as archive:
        names = archive.getnames()
    assert not [name for name in names if name.startswith("/") or ".." in name.split("/")]


@pytest.mark.parametrize("key", ["/abs/x", "//x", "../x", "a/../../x", ".", "..", "/"])
def test_a_member_of_webdataset_is_never_absolute(tmp_path, key):
    path = corpora.write(tmp_path / "a.wav", corpora.clip(0, 1))
    out = tmp_path / "out"
    extract(
        [{"id": key, "path": str(path)}, {"id": "b", "path": str(path)}], out, format="webdataset"
    )
    with tarfile.open(out / "shards" / "shard-000000.tar") as archive:
        names = archive.getnames()
    assert len(set(names)) == 5
    for name in names:
        assert not name.startswith("/")
        assert not {"..", "."} & set(name.split("/"))
    np.testing.assert_array_equal(sonogram.corpus.open(out)[key], corpora.expected(path))


def test_special_members_of_an_archive_are_reported_but_folders_are_not(tmp_path, audio):
    with tarfile.open(tmp_path / "x.tar", "w") as archive:
        for name, kind in {
            "pipe.wav": tarfile.FIFOTYPE,
            "device.wav": tarfile.CHRTYPE,
            "folder.wav": tarfile.DIRTYPE,
            "future.wav": b"V",
        }.items():
            member = tarfile.TarInfo(name)
            member.type = kind
            archive.addfile(member)
        inner = tar(tmp_path / "inner.tar", [("nested.wav", audio[0][0])])
        archive.add(inner, "inner.tar")
        archive.add(corpora.write(tmp_path / "a.wav", corpora.clip(0, 1)), "folder.wav/a.wav")
        member = tarfile.TarInfo("empty.wav")
        archive.addfile(member)
    summary = extract(tmp_path / "x.tar", tmp_path / "out")
    same(tmp_path / "out", {"folder.wav/a": audio[0][1]})
    assert reasons(summary) == {
        "device": "is not a regular file in the archive",
        "empty": "is empty",
        "future": "is not a regular file in the archive",
        "pipe": "is not a regular file in the archive",
    }


def test_a_file_with_holes_in_an_archive_is_a_failure(tmp_path, audio):
    data = audio[0][0]
    member = tarfile.TarInfo("holes.wav")
    member.size = len(data)
    member.pax_headers = {
        "GNU.sparse.major": "0",
        "GNU.sparse.minor": "1",
        "GNU.sparse.name": "holes.wav",
        "GNU.sparse.size": str(len(data) + 4096),
        "GNU.sparse.numblocks": "1",
        "GNU.sparse.map": f"4096,{len(data)}",
    }
    with tarfile.open(tmp_path / "x.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(member, io.BytesIO(data))
        archive.add(corpora.write(tmp_path / "a.wav", corpora.clip(0, 1)), "a.wav")
    summary = extract(tmp_path / "x.tar", tmp_path / "out")
    assert "sparse" in reasons(summary)["holes"]
    same(tmp_path / "out", {"a": audio[0][1]})


def test_an_archive_that_goes_round_in_a_circle_is_left(tmp_path, audio):
    head = bytearray(tarfile.TarInfo("b.wav").tobuf(tarfile.GNU_FORMAT))
    head[124:136] = b"\xff" * 8 + (-1024 & 0xFFFFFFFF).to_bytes(4, "big")  # minus 1024 bytes
    head[148:156] = b" " * 8
    head[148:156] = f"{sum(head):06o}\0 ".encode()
    archive = tar(tmp_path / "x.tar", [("a.wav", audio[0][0])])
    with tarfile.open(archive) as opened:
        end = opened.getmembers()[0].offset_data + -(-len(audio[0][0]) // 512) * 512
    archive.write_bytes(archive.read_bytes()[:end] + bytes(head) + bytes(1024))
    summary = extract(archive, tmp_path / "out")
    assert summary.items == 1
    assert "x.tar::rest" in reasons(summary)


def test_an_archive_that_is_not_there_costs_itself_alone_among_others(tmp_path, audio):
    tar(tmp_path / "s-0.tar", [("a.wav", audio[0][0])])
    summary = extract(str(tmp_path / "s-{0..1}.tar"), tmp_path / "out")
    same(tmp_path / "out", {"s-0/a": audio[0][1]})
    assert reasons(summary) == {"s-1.tar::rest": "the archive: No such file or directory"}
    with pytest.raises(FileNotFoundError):
        extract(tmp_path / "s-1.tar", tmp_path / "new")
