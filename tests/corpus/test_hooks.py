# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The same features inside the pipelines of others: datasets, torch, lhotse, and Ray's batches."""

from __future__ import annotations

import itertools
import pickle
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
    return corpora.corpus(tmp_path_factory.mktemp("source"), files=12)


@pytest.fixture(scope="module")
def files(source):
    return sorted(source.rglob("*.*"))


def wanted(files):
    return [corpora.expected(path) for path in files]


# ------------------------------------------------------------------------------- batches


def test_a_batch_may_hold_paths_bytes_dicts_or_waveforms(files):
    path = files[0]
    waveform, rate = sonogram.load(path)
    batch = {
        "audio": [
            str(path),
            path.read_bytes(),
            {"bytes": path.read_bytes(), "path": None},
            {"bytes": None, "path": str(path)},
            {"array": waveform[0].astype(np.float64), "sampling_rate": rate},
            waveform,
            waveform[0],
        ]
    }
    features = sonogram.corpus.Features(corpora.SPEC)
    made = pickle.loads(pickle.dumps(features))(batch)
    for got in made["features"]:
        np.testing.assert_array_equal(got, corpora.expected(path))
    assert made["num_frames"] == [corpora.expected(path).shape[1]] * 7
    assert list(batch) == ["audio"]


def test_audio_that_cannot_be_read_raises_or_is_none(tmp_path, files):
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"RIFF")
    features = sonogram.corpus.Features(corpora.SPEC)
    with pytest.raises(sonogram.corpus.ItemError, match=r"bad\.wav"):
        features({"audio": [str(bad)]})
    features = sonogram.corpus.Features(corpora.SPEC, on_error="none")
    made = features({"audio": [str(bad), str(files[0])]})
    assert made["features"][0] is None
    assert made["num_frames"] == [0, corpora.expected(files[0]).shape[1]]
    with pytest.raises(KeyError, match="column is 'audio'"):
        features({"path": []})


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"time_first": "no"}, TypeError, "time_first is 'no'; it must be True or False"),
        ({"channel": -1}, ValueError, "channel is -1"),
        ({"on_error": "skip"}, ValueError, "on_error is 'skip'; it must be one of fail, none"),
        ({"sample_rate": "8k"}, TypeError, "sample_rate is '8k'"),
        ({"sample_rate": 0}, ValueError, "sample_rate is 0"),
        ({"column": 3}, TypeError, "column is 3"),
    ],
)
def test_wrong_arguments_of_a_hook_are_named(arguments, error, words):
    with pytest.raises(error, match=words):
        sonogram.corpus.Features(corpora.SPEC, **arguments)


def test_one_row_is_not_taken_for_a_batch(files):
    features = sonogram.corpus.Features(corpora.SPEC)
    path = str(files[0])
    waveform = sonogram.load(path)[0][0]
    for audio in (path, b"RIFF", {"path": path}, waveform, waveform.tolist()):
        with pytest.raises(TypeError, match=r"the audio of one row.*batched=True"):
            features({"audio": audio})


@pytest.mark.parametrize("processes", [None, 2])
def test_datasets_map(files, tmp_path, processes):
    datasets = peer("datasets")
    table = datasets.Dataset.from_dict({"audio": [str(path) for path in files]})
    features = sonogram.corpus.Features(corpora.SPEC, time_first=True)
    options = {"cache_file_name": str(tmp_path / "cache.arrow"), "num_proc": processes}
    mapped = table.map(features, batched=True, batch_size=4, **options).with_format("numpy")
    for row, want in zip(mapped, wanted(files), strict=True):
        np.testing.assert_array_equal(np.stack(row["features"]), want.T)


# ------------------------------------------------------------------------------- torch


def test_a_finished_corpus_is_a_data_set_of_torch(source, tmp_path, files):
    torch = peer("torch")
    sonogram.corpus.extract(source, tmp_path, corpora.SPEC, workers=0)
    dataset = sonogram.corpus.open(tmp_path).dataset(ids=True)
    assert isinstance(dataset, torch.utils.data.Dataset)
    assert len(dataset) == len(files)
    loader = torch.utils.data.DataLoader(dataset, batch_size=None)
    for sample, want in zip(loader, wanted(files), strict=True):
        np.testing.assert_array_equal(sample["features"].numpy(), want)
    assert torch.equal(sonogram.corpus.open(tmp_path).dataset()[3], dataset[3]["features"])


@pytest.mark.slow
@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_the_workers_of_a_data_loader_give_the_same_features(source, tmp_path, start):
    peer("torch")
    sonogram.corpus.extract(source, tmp_path / "out", corpora.SPEC, workers=0)
    done = subprocess.run(
        [sys.executable, PROGRAMS / "data_loaders.py", source, tmp_path / "out", start],
        env=corpora.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.stdout == "same\n", done.stderr


def test_the_processes_of_a_distributed_run_share_a_stream(source, files):
    peer("torch")
    parts = [
        [
            sample["id"]
            for sample in sonogram.corpus.stream(source, corpora.SPEC, rank=n, world_size=3)
        ]
        for n in range(3)
    ]
    assert sorted(itertools.chain(*parts)) == sonogram_ids(source, files)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    with pytest.raises(ValueError, match="rank is 3"):
        sonogram.corpus.stream(source, corpora.SPEC, rank=3, world_size=3)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"rank": "a"}, TypeError, "rank is 'a'; it must be an integer"),
        ({"rank": -1}, ValueError, "rank is -1"),
        ({"world_size": 0}, ValueError, "world_size is 0; it must be at least 1"),
        ({"channel": -1}, ValueError, "channel is -1"),
        ({"kind": "floppy"}, ValueError, "kind is 'floppy'"),
        ({"pattern": 5}, TypeError, "pattern is 5"),
        ({"source": {"a.wav": 1}}, TypeError, "source is a dict"),
    ],
)
def test_wrong_arguments_of_a_stream_are_named(source, arguments, error, words):
    peer("torch")
    with pytest.raises(error, match=words):
        sonogram.corpus.stream(**{"source": source, "spec": corpora.SPEC, **arguments})


def sonogram_ids(source, files):
    return sorted(str(path.relative_to(source).with_suffix("")) for path in files)


def test_a_stream_skips_unreadable_items_or_raises(tmp_path, files):
    peer("torch")
    bad = tmp_path / "bad.wav"
    bad.touch()
    stream = sonogram.corpus.stream([bad, files[0]], corpora.SPEC)
    with pytest.warns(UserWarning, match=r"bad is left out: is empty"):
        (sample,) = stream
    assert sample["duration"] == sonogram.info(files[0]).duration
    with pytest.raises(sonogram.corpus.ItemError, match="is empty"):
        list(sonogram.corpus.stream([bad], corpora.SPEC, on_error="fail"))


# ------------------------------------------------------------------------------- lhotse


def test_lhotse_computes_and_stores_through_the_extractor_named_sonogram(source, tmp_path, files):
    lhotse = peer("lhotse")
    from sonogram.corpus.lhotse import SonogramFeatures

    recordings = [lhotse.Recording.from_file(path) for path in files]
    cuts = lhotse.CutSet.from_cuts(r.to_cut() for r in recordings)
    extractor = SonogramFeatures.of(corpora.SPEC)
    stored = cuts.compute_and_store_features(
        extractor, tmp_path / "store", storage_type=lhotse.NumpyFilesWriter, progress_bar=False
    )
    for cut, want in zip(stored, wanted(files), strict=True):
        got = cut.load_features()
        assert cut.features.type == "sonogram"
        assert got.shape[0] - want.shape[1] in (0, 1)
        np.testing.assert_array_equal(got[: want.shape[1]], want.T)
        lhotse.validate(cut, read_data=True)
    extractor.to_yaml(tmp_path / "extractor.yaml")
    again = lhotse.FeatureExtractor.from_yaml(tmp_path / "extractor.yaml")
    assert again._extractor == extractor._extractor
    assert again.feature_dim(16000) == 80
    with pytest.raises(ValueError, match="sampling_rate is 8000"):
        extractor.extract(np.zeros(8000, np.float32), 8000)


@pytest.mark.parametrize(
    ("format", "layout"), [("kaldi", "freq_time"), ("kaldi", "time_freq"), ("hdf5", "time_freq")]
)
def test_lhotse_reads_the_shards_of_a_finished_corpus(source, tmp_path, files, format, layout):
    lhotse = peer("lhotse")
    for name in ("h5py", "kaldi_native_io"):
        peer(name)
    from sonogram.corpus.lhotse import feature_set

    spec = corpora.SPEC.replace(layout=layout)
    sonogram.corpus.extract(source, tmp_path, spec, workers=0, format=format)
    opened = sonogram.corpus.open(tmp_path)
    found = feature_set(opened)
    for features, want in zip(found, wanted(files), strict=True):
        np.testing.assert_array_equal(features.load(), want.T)
    assert [features.recording_id for features in found] == opened.ids
    lhotse.close_cached_file_handles()
    sonogram.corpus.extract(source, tmp_path / "npy", corpora.SPEC, workers=0)
    with pytest.raises(ValueError, match="is of format npy"):
        feature_set(sonogram.corpus.open(tmp_path / "npy"))
