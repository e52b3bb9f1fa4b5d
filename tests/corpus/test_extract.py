# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""sonogram.corpus.extract: what comes out, where it lies, and what a second run does."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import numpy as np
import pytest
from support import corpora

import sonogram
import sonogram.corpus
from sonogram import _core
from sonogram.corpus.shards.stats import Gatherer, Moments


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return corpora.corpus(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="module")
def finished(source, tmp_path_factory):
    out = tmp_path_factory.mktemp("finished")
    sonogram.corpus.extract(source, out, corpora.SPEC, workers=0)
    return out


@pytest.fixture
def done(source, tmp_path):
    """A finished job that a test may damage."""
    sonogram.corpus.extract(source, tmp_path / "out", corpora.SPEC, workers=0)
    return tmp_path / "out"


# ------------------------------------------------------------------------------- what comes out


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg", ".mp3"])
@pytest.mark.parametrize("rate", [16000, 44100])
@pytest.mark.parametrize("channels", [1, 2])
def test_features_are_bit_for_bit_those_of_the_loaded_file(tmp_path, suffix, rate, channels):
    samples = np.stack([corpora.clip(n, 2.7) for n in range(channels)])
    path = corpora.write(tmp_path / "audio" / f"a{suffix}", samples, rate)
    summary = sonogram.corpus.extract(path, tmp_path / "out", corpora.SPEC, workers=0)
    assert (summary.items, summary.failed) == (1, 0)
    got = sonogram.corpus.open(tmp_path / "out")[0]
    np.testing.assert_array_equal(got, corpora.expected(path))


def test_one_channel_is_that_channel(tmp_path):
    samples = np.stack([corpora.clip(n, 1.0) for n in range(3)])
    path = corpora.write(tmp_path / "a.wav", samples)
    sonogram.corpus.extract(path, tmp_path / "out", corpora.SPEC, channel=2, workers=0)
    waveform, _ = sonogram.load(path)
    got = sonogram.corpus.open(tmp_path / "out")["a"]
    np.testing.assert_array_equal(got, sonogram.Extractor(corpora.SPEC)(waveform[2]))


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg", ".mp3"])
def test_a_segment_is_that_part_of_the_decoded_file(tmp_path, suffix):
    path = corpora.write(tmp_path / f"a{suffix}", corpora.clip(0, 5.0))
    item = {"id": "part", "path": str(path), "start": 1.25, "duration": 2.5}
    sonogram.corpus.extract([item], tmp_path / "out", corpora.SPEC, workers=0)
    waveform, rate = sonogram.load(path)
    part = waveform[0, round(1.25 * rate) : round(3.75 * rate)]
    got = sonogram.corpus.open(tmp_path / "out")["part"]
    np.testing.assert_array_equal(got, sonogram.Extractor(corpora.SPEC)(part))


@pytest.mark.parametrize(
    "changes",
    [
        {"layout": "time_freq"},
        {"dtype": "float64"},
        {"dtype": "float16"},
        {"dtype": "bfloat16"},
        {"dtype": "uint8", "finish": (("affine", 20.0, 200.0),)},
        {"finish": (("stack", 7, 6), ("normalize",)), "layout": "time_freq"},
        {"finish": (("frames", 300),)},
        {"finish": (("patches", 16, 16, 10, 10),)},
        {"output": "waveform", "filterbank": None, "log": None, "finish": ()},
        {"power": None, "filterbank": None, "log": None, "finish": ()},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_other_layouts_and_dtypes_come_back_as_they_were(tmp_path, source, changes):
    spec = corpora.SPEC.replace(**changes)
    sonogram.corpus.extract(source, tmp_path, spec, workers=0)
    opened = sonogram.corpus.open(tmp_path)
    path = source / "speaker0" / "u0000.flac"
    waveform, _ = sonogram.load(path)
    wave = waveform[0].astype("float64" if spec.dtype == "float64" else "float32")
    want = sonogram.Extractor(spec)(wave)
    got = opened["speaker0/u0000"]
    assert got.dtype == want.dtype
    np.testing.assert_array_equal(got, want)


def test_the_same_bytes_with_any_number_of_workers(source, finished, tmp_path):
    sonogram.corpus.extract(source, tmp_path, corpora.SPEC, workers=2)
    assert corpora.contents(tmp_path) == corpora.contents(finished)


def test_items_belong_to_shards_by_their_order_alone(finished):
    opened = sonogram.corpus.open(finished)
    assert opened.ids == sorted(opened.ids)
    assert [entry["shard"] for entry in opened.entries()] == [n // 16 for n in range(40)]


def test_everything_says_what_it_was_made_by(finished, source):
    head = json.loads((finished / "corpus.json").read_text())
    assert sonogram.Spec.from_dict(head["spec"]) == corpora.SPEC
    assert head["version"] == sonogram.__version__
    assert head["isa"] == [sonogram.isa()]
    assert head["fingerprint"] == corpora.SPEC.fingerprint()
    opened = sonogram.corpus.open(finished)
    assert opened.spec == corpora.SPEC
    entry = opened.entry("speaker1/u0001")
    path = source / "speaker1" / "u0001.wav"
    assert entry["source"] == str(path)
    assert entry["duration"] == sonogram.info(path).duration
    assert entry["frames"] == opened["speaker1/u0001"].shape[1]
    assert opened.verify() == []


def test_a_shard_is_an_array_that_numpy_maps(finished):
    entry = sonogram.corpus.open(finished).entry(3)
    flat = np.load(finished / "shards" / "shard-000000.npy", mmap_mode="r")
    begin = (entry["offset"] - 128) // 4
    item = flat[begin : begin + np.prod(entry["shape"])].reshape(entry["shape"])
    np.testing.assert_array_equal(item, sonogram.corpus.open(finished)[3])


# ------------------------------------------------------------------------------- reading back


def test_items_are_mapped_and_sliced_by_number_id_and_time(finished):
    opened = sonogram.corpus.open(finished)
    assert len(opened) == 40
    assert isinstance(opened[5], np.memmap)
    np.testing.assert_array_equal(opened[-1], opened[opened.ids[-1]])
    assert [a.shape for a in opened[3:6]] == [opened[n].shape for n in (3, 4, 5)]
    np.testing.assert_array_equal(opened.lengths, [a.shape[1] for a in opened])
    part = opened.slice(0, 0.5, 1.0)
    np.testing.assert_array_equal(part, opened[0][:, 50:100])
    assert "speaker0/u0000" in opened
    assert "nobody" not in opened
    with pytest.raises(IndexError):
        opened[40]
    with pytest.raises(KeyError):
        opened["nobody"]
    with pytest.raises(ValueError, match="stop is 1"):
        opened.slice(0, 2, 1)
    for wrong in ("a", float("nan"), True):
        with pytest.raises(TypeError, match=f"start is {wrong!r}; it must be a number of seconds"):
            opened.slice(0, wrong)
        with pytest.raises(TypeError, match=f"stop is {wrong!r}"):
            opened.slice(0, 0, wrong)


def test_items_are_found_by_their_id_or_by_what_they_are(finished):
    opened = sonogram.corpus.open(finished)
    assert opened.index("speaker0/u0004") == opened.ids.index("speaker0/u0004")
    assert opened.index(np.array(opened[7])) == 7
    assert (opened.count(opened[7]), opened.count("speaker0/u0004")) == (1, 1)
    assert (opened.count(opened[7] + 1), opened.count("nobody")) == (0, 0)
    for wrong in ("nobody", np.zeros((80, 3)), 5):
        with pytest.raises(ValueError, match="has no item"):
            opened.index(wrong)
    with pytest.raises(ValueError, match="has no item 'speaker0/u0004' there"):
        opened.index("speaker0/u0004", 3)


def test_a_folder_without_a_finished_corpus_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match="no finished corpus"):
        sonogram.corpus.open(tmp_path)


def test_a_changed_byte_is_found_by_its_checksum(done):
    opened = sonogram.corpus.open(done)
    shard = done / "shards" / "shard-000001.npy"
    entry = opened.entry(20)
    data = bytearray(shard.read_bytes())
    data[entry["offset"] + 5] ^= 1
    shard.write_bytes(data)
    assert opened.verify() == [entry["id"]]


# ------------------------------------------------------------------------------- statistics


def test_statistics_are_those_of_all_frames(finished):
    opened = sonogram.corpus.open(finished)
    frames = np.concatenate([np.array(a, np.float64) for a in opened], axis=1)
    mean, std = opened.cmvn
    np.testing.assert_allclose(mean, frames.mean(axis=1), rtol=0, atol=1e-7)
    np.testing.assert_allclose(std, frames.std(axis=1), rtol=1e-6)


@pytest.mark.parametrize("bands_last", [False, True])
@pytest.mark.parametrize("offset", [0.0, 5.0, -3000.0])
def test_statistics_do_not_cancel_far_from_zero(bands_last, offset):
    random = np.random.default_rng(0)
    items = [
        (random.standard_normal((6, n)) * [[1], [0.5], [2], [1], [1], [3]] + offset).astype(
            "float32"
        )
        for n in (1, 255, 256, 1000, 3)
    ]
    total = Moments()
    for part in (items[:2], items[2:]):
        gatherer = Gatherer(bands_last)
        for item in part:
            assert gatherer.add(np.ascontiguousarray(item.T) if bands_last else item)
        total.add(gatherer.moments())
    frames = np.concatenate(items, axis=1).astype(np.float64)
    assert total.count == frames.shape[1]
    # Sums in float64: sixteen digits, less three for mean^2 / variance.
    np.testing.assert_allclose(total.mean, frames.mean(axis=1), rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(total.squares / total.count, frames.var(axis=1), rtol=1e-12)


@pytest.mark.parametrize("bands_last", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_moments_are_sums_in_float64(bands_last, dtype):
    random = np.random.default_rng(1)
    for rows, frames in [(1, 1), (3, 15), (5, 16), (2, 33), (130, 7), (64, 50), (80, 1000)]:
        x = (random.standard_normal((rows, frames)) * 3 - 7).astype(dtype)
        shift = random.standard_normal(rows)
        given = np.ascontiguousarray(x.T) if bands_last else x
        for less in (None, shift):
            got = _core.sum_moments(given, bands_last, less)
            far = x.astype(np.float64) - (0.0 if less is None else less[:, None])
            np.testing.assert_allclose(got[0], far.sum(axis=1), rtol=1e-12, atol=1e-11)
            np.testing.assert_allclose(got[1], (far * far).sum(axis=1), rtol=1e-13)


def test_moments_report_their_arguments():
    x = np.zeros((3, 5), np.float32)
    with pytest.raises(TypeError, match=r"features is 2-dimensional, of int16; it must be"):
        _core.sum_moments(x.astype(np.int16), False, None)
    with pytest.raises(ValueError, match=r"shift has 5 numbers in 1 dimensions; it must have 3"):
        _core.sum_moments(x, False, np.zeros(5))


def test_values_whose_squares_overflow_float32_are_counted_still():
    gatherer = Gatherer(False)
    big = np.array([[1e25, 3e25]], np.float32)
    assert gatherer.add(big)
    assert gatherer.moments().mean[0] == pytest.approx(2e25)


# ------------------------------------------------------------------------------- a second run


def test_a_finished_job_is_kept_and_nothing_is_written_anew(done, source):
    before = {path: path.stat().st_mtime_ns for path in (done / "shards").iterdir()}
    summary = sonogram.corpus.extract(source, done, corpora.SPEC, workers=0)
    assert (summary.kept, summary.shards, summary.items) == (3, 3, 40)
    assert before == {path: path.stat().st_mtime_ns for path in (done / "shards").iterdir()}


def _remove(path):
    path.unlink()


def _cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def _flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [_remove, _cut, _flip])
@pytest.mark.parametrize("what", ["shards/shard-000001.npy", ".sonogram/done/000001.json"])
def test_only_damaged_shards_are_made_again(done, source, finished, what, damage):
    damage(done / what)
    summary = sonogram.corpus.extract(source, done, corpora.SPEC, workers=0)
    assert summary.kept == 2
    assert corpora.contents(done) == corpora.contents(finished)


def test_verifying_sizes_alone_is_possible(done, source):
    _flip(done / "shards" / "shard-000001.npy")
    quick = sonogram.corpus.extract(source, done, corpora.SPEC, workers=0, verify="size")
    assert quick.kept == 3
    full = sonogram.corpus.extract(source, done, corpora.SPEC, workers=0)
    assert full.kept == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"spec": corpora.SPEC.replace(n_mels=40)}, "another job: n_mels is 40, there 80; give"),
        ({"channel": 0}, "another job: channel is 0, there 'mix'; give"),
        (
            {"format": "safetensors", "quality": "VHQ"},
            "format is 'safetensors', there 'npy'; quality is 'VHQ', ",
        ),
        ({"shard_items": 5}, "shard_items is 5, there None"),
        ({"pattern": "*.wav"}, r"pattern is \['\*.wav'\], there None"),
    ],
)
def test_another_job_in_the_same_folder_is_refused(done, source, changes, words):
    arguments = {"spec": corpora.SPEC, "workers": 0, **changes}
    before = corpora.contents(done)
    with pytest.raises(ValueError, match=words):
        sonogram.corpus.extract(source, done, **arguments)
    assert corpora.contents(done) == before


def test_a_list_of_other_items_is_refused(source, tmp_path):
    files = sorted(source.rglob("*.wav"))
    sonogram.corpus.extract(files, tmp_path, corpora.SPEC, workers=0)
    assert sonogram.corpus.extract(files, tmp_path, corpora.SPEC, workers=0).kept == 2
    with pytest.raises(sonogram.corpus.CorpusError, match=r"has changed .*: 1 item gone \("):
        sonogram.corpus.extract(files[1:], tmp_path, corpora.SPEC, workers=0)


def test_starting_over_leaves_nothing_of_the_old_job(done, source, tmp_path):
    spec = corpora.SPEC.replace(n_mels=40)
    more = {"workers": 0, "shard_items": 30}
    sonogram.corpus.extract(source, done, spec, resume=False, **more)
    sonogram.corpus.extract(source, tmp_path / "fresh", spec, **more)
    assert corpora.contents(done) == corpora.contents(tmp_path / "fresh")


# ------------------------------------------------------------------------------- what is left out


def test_filters_leave_items_out_and_report_them(tmp_path):
    for name, seconds, gain in (
        ("short", 0.5, 1),
        ("long", 3, 1),
        ("quiet", 1, 1e-4),
        ("fine", 1, 1),
    ):
        corpora.write(tmp_path / "in" / f"{name}.flac", gain * corpora.clip(0, seconds))
    summary = sonogram.corpus.extract(
        tmp_path / "in",
        tmp_path / "out",
        corpora.SPEC,
        min_duration=0.75,
        max_duration=2,
        min_level=-50,
        workers=0,
    )
    assert (summary.items, summary.failed, summary.filtered) == (1, 0, 3)
    assert sonogram.corpus.open(tmp_path / "out").ids == ["fine"]
    lines = (tmp_path / "out" / "failures.jsonl").read_text().splitlines()
    reasons = {entry["id"]: entry["reason"] for entry in map(json.loads, lines)}
    assert reasons["short"] == "its duration is 0.500 s; it must be at least 0.75"
    assert reasons["long"] == "its duration is 3.000 s; it must be at most 2"
    assert reasons["quiet"].startswith("its level is -")


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"format": "docx"}, ValueError, "format is 'docx'"),
        ({"compress": "zip"}, ValueError, "compress is 'zip'; for format npy it must be None"),
        ({"engine": "slurm"}, ValueError, "engine is 'slurm'"),
        ({"engine": 3}, TypeError, "engine is a int"),
        ({"kind": "floppy"}, ValueError, "kind is 'floppy'"),
        ({"shard_items": 0}, ValueError, "shard_items is 0"),
        ({"workers": -1}, ValueError, "workers is -1"),
        ({"workers": 1.5}, TypeError, "workers is 1.5"),
        ({"channel": "left"}, ValueError, "channel is 'left'"),
        ({"decoder": "sox"}, ValueError, "decoder is 'sox'"),
        ({"decoder": lambda *given: None}, ValueError, "must be able to import it by name"),
        ({"on_error": "ignore"}, ValueError, "on_error is 'ignore'"),
        ({"min_duration": "1"}, TypeError, "min_duration is '1'"),
        ({"item_timeout": 0}, ValueError, "item_timeout is 0"),
        ({"resume": 1}, TypeError, "resume is 1"),
        ({"spec": 80}, TypeError, "spec is a int"),
        ({"progress": "quiet"}, TypeError, "progress is 'quiet'; it must be None or a callable"),
        ({"pattern": 5}, TypeError, "pattern is 5; it must be None, a string or a list"),
        ({"pattern": ["*.wav", 5]}, TypeError, "pattern is ['*.wav', 5]"),
        ({"item_timeout": None}, TypeError, "item_timeout is None"),
        ({"min_duration": -1}, ValueError, "min_duration is -1; it must be at least 0"),
        ({"min_duration": 2, "max_duration": 1}, ValueError, "min_duration is 2; it must be at"),
        ({"min_level": -5, "max_level": -9}, ValueError, "min_level is -5; it must be at most"),
        ({"source": {"a.wav": 1}}, TypeError, "source is a dict; it must be a path, or a list"),
        ({"source": {"a.wav"}}, TypeError, "source is a set; it must be a path, or a list"),
        ({"source": 5}, TypeError, "source is a int"),
    ],
)
def test_wrong_arguments_are_named_before_anything_is_read(
    tmp_path, source, arguments, error, words
):
    arguments = {"source": source, "spec": corpora.SPEC, **arguments}
    with pytest.raises(error, match=re.escape(words)):
        sonogram.corpus.extract(out=tmp_path / "out", **arguments)
    assert not (tmp_path / "out" / "corpus.json").exists()


def test_progress_ends_at_everything(source, tmp_path):
    states = []
    sonogram.corpus.extract(
        source,
        tmp_path,
        corpora.SPEC,
        workers=1,
        progress=lambda state: states.append((state.items, state.total, state.seconds)),
    )
    assert states[-1][:2] == (40, 40)
    assert states[-1][2] == pytest.approx(sonogram.corpus.open(tmp_path).info["seconds"])
    assert [state[0] for state in states] == sorted(state[0] for state in states)


def test_the_corpus_is_imported_when_it_is_first_asked_for():
    code = "import sys, sonogram; old = 'sonogram.corpus' in sys.modules; sonogram.corpus.extract"
    code += "; print(old, 'sonogram.corpus' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300
    )
    assert done.stdout == "False True\n"
    with pytest.raises(AttributeError, match="no attribute 'corpora'"):
        sonogram.corpora  # noqa: B018
