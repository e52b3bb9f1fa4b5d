# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Every format is read back by the library it is for, and is the same for the same job."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import tarfile

import numpy as np
import pytest
from support import corpora
from support.peers import peer

import sonogram
import sonogram.corpus
from sonogram.corpus.formats import NAMES, compressions

# What writes a format; the others are written without a library.
LIBRARY = {"parquet": "pyarrow", "arrow": "pyarrow", "hdf5": "h5py", "zarr": "zarr"}
NEEDED = {("kaldi", True): "kaldiio"}
TIME_FIRST = corpora.SPEC.replace(layout="time_freq")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the libraries


def library(format, compress=None):
    """Skip (or fail, where peers are required) without the library that writes a format."""
    name = LIBRARY.get(format) or NEEDED.get((format, compress is not None))
    if name:
        peer(name)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = corpora.corpus(tmp_path_factory.mktemp("source"), files=20)
    corpora.write(folder / "odd names" / "a.b c%d.wav", corpora.clip(99, 1))
    corpora.write(folder / "speaker0.wav", corpora.clip(98, 1))  # also the name of a folder
    return folder


@pytest.fixture(scope="module")
def plain(source, tmp_path_factory):
    """The same corpus as npy: what every format has to give back."""
    out = tmp_path_factory.mktemp("npy")
    sonogram.corpus.extract(source, out, corpora.SPEC, workers=0)
    return sonogram.corpus.open(out)


def extract(source, out, format, spec=corpora.SPEC, **options):
    summary = sonogram.corpus.extract(source, out, spec, format=format, workers=0, **options)
    assert (summary.items, summary.failed) == (22, 0)
    return sonogram.corpus.open(out)


@pytest.mark.parametrize("spec", [corpora.SPEC, TIME_FIRST], ids=["bands first", "time first"])
@pytest.mark.parametrize("format", NAMES)
def test_a_format_returns_the_computed_features(source, tmp_path, plain, format, spec):
    library(format)
    opened = extract(source, tmp_path, format, spec)
    assert opened.ids == plain.ids
    for key in opened.ids:
        want = plain[key] if spec.layout == "freq_time" else plain[key].T
        np.testing.assert_array_equal(opened[key], want)
    assert opened.verify() == []
    part = opened.slice(3, 0.2, 0.9)
    want = plain.slice(3, 0.2, 0.9)
    np.testing.assert_array_equal(part, want if spec.layout == "freq_time" else want.T)
    assert sonogram.corpus.extract(source, tmp_path, spec, format=format, workers=0).kept == 2


@pytest.mark.parametrize(
    ("format", "compress"), [(f, c) for f in NAMES for c in (None, *compressions(f))]
)
def test_the_same_job_gives_the_same_bytes(source, tmp_path, format, compress):
    library(format, compress)
    for name in ("first", "second"):
        extract(source, tmp_path / name, format, compress=compress)
    assert corpora.contents(tmp_path / "first") == corpora.contents(tmp_path / "second")


@pytest.mark.parametrize(
    ("format", "compress"), [(f, c) for f in NAMES for c in compressions(f) if f != "kaldi"]
)
def test_compressed_is_the_same_to_the_bit(source, tmp_path, plain, format, compress):
    library(format, compress)
    opened = extract(source, tmp_path, format, compress=compress)
    for number in range(len(plain)):
        np.testing.assert_array_equal(opened[number], plain[number])


@pytest.mark.parametrize("compress", compressions("kaldi"))
def test_kaldis_compression_loses_what_its_bits_cannot_hold(source, tmp_path, plain, compress):
    library("kaldi", compress)
    opened = extract(source, tmp_path, "kaldi", compress=compress)
    size = (tmp_path / "shards" / "shard-000000.ark").stat().st_size
    raw = sum(array.nbytes for array in plain[:16])
    bits = 16 if compress == "two_byte_auto" else 8
    assert size < raw * (bits / 32 + 0.1)
    for number in range(len(plain)):
        spread = np.ptp(plain[number])
        assert np.abs(opened[number] - plain[number]).max() <= 1.5 * spread / 2**bits * 4


@pytest.mark.parametrize("format", NAMES)
def test_an_opened_corpus_pickles(source, tmp_path, plain, format):
    library(format)
    opened = pickle.loads(pickle.dumps(extract(source, tmp_path, format)))
    np.testing.assert_array_equal(opened[7], plain[7])


def test_parquet_in_pandas(source, tmp_path, plain):
    library("parquet")
    pandas = peer("pandas")
    extract(source, tmp_path, "parquet", index="parquet")
    shards = sorted((tmp_path / "shards").iterdir())
    table = pandas.concat([pandas.read_parquet(shard) for shard in shards], ignore_index=True)
    assert table["id"].tolist() == plain.ids
    for number, row in table.iterrows():
        np.testing.assert_array_equal(np.stack(row["features"]), plain[number].T)
    index = pandas.read_parquet(tmp_path / "index.parquet")
    assert index["frames"].tolist() == plain.lengths.tolist()
    lines = pandas.read_json(tmp_path / "index.jsonl", lines=True, dtype={"checksum": str})
    assert index["checksum"].tolist() == lines["checksum"].tolist()


@pytest.mark.parametrize("format", ["parquet", "arrow"])
def test_parquet_and_arrow_in_datasets(source, tmp_path, plain, format):
    library(format)
    datasets = peer("datasets")
    extract(source, tmp_path / "out", format)
    files = sorted(map(str, (tmp_path / "out" / "shards").iterdir()))
    cache = str(tmp_path / "cache")
    loaded = datasets.load_dataset(format, data_files=files, split="train", cache_dir=cache)
    assert loaded["id"][:] == plain.ids
    loaded = loaded.with_format("numpy")
    for number in range(0, len(plain), 5):
        np.testing.assert_array_equal(np.stack(loaded[number]["features"]), plain[number].T)


@pytest.mark.parametrize("compress", [None, "speech_feature"])
def test_kaldi_in_kaldiio_and_kaldi_native_io(source, tmp_path, plain, compress, monkeypatch):
    kaldiio, native = peer("kaldiio"), peer("kaldi_native_io")
    opened = extract(source, tmp_path, "kaldi", compress=compress)
    monkeypatch.chdir(tmp_path)
    by_key = kaldiio.load_scp("feats.scp")
    keys = [line.split(maxsplit=1)[0] for line in open_lines("feats.scp")]
    assert "odd%20names/a.b%20c%25d" in keys
    for number, key in enumerate(keys):
        np.testing.assert_allclose(by_key[key], opened[number].T, rtol=0, atol=1e-6)
    reader = native.SequentialFloatMatrixReader
    if compress is None:
        with reader("scp:feats.scp") as found:
            for number, (key, value) in enumerate(found):
                assert key == keys[number]
                np.testing.assert_array_equal(np.asarray(value), plain[number].T)
            assert number == len(plain) - 1
    frames = dict(line.split() for line in open_lines("utt2num_frames"))
    assert list(map(int, frames.values())) == plain.lengths.tolist()


def open_lines(name):
    with open(name) as file:
        return file.read().splitlines()


# In a process of its own, because webdataset leaves its files open.
READ_TARS = """
import sys, webdataset
import numpy as np
samples = webdataset.WebDataset(sys.argv[2:], shardshuffle=False).decode()
found = [(said["id"], features) for said, features in samples.to_tuple("json", "npy")]
arrays = {f"f{n}": features for n, (_, features) in enumerate(found)}
np.savez(sys.argv[1], ids=[key for key, _ in found], **arrays)
"""


def test_webdataset_in_webdataset(source, tmp_path, plain):
    peer("webdataset")
    extract(source, tmp_path, "webdataset")
    with tarfile.open(tmp_path / "shards" / "shard-000001.tar") as archive:
        said = json.load(archive.extractfile("__sonogram__"))
    assert sonogram.Spec.from_json(said["sonogram.spec"]) == corpora.SPEC
    shards = sorted((tmp_path / "shards").iterdir())
    command = [sys.executable, "-c", READ_TARS, tmp_path / "found.npz", *shards]
    subprocess.run(command, check=True, timeout=300)
    with np.load(tmp_path / "found.npz") as found:
        assert found["ids"].tolist() == plain.ids
        for number in range(len(plain)):
            np.testing.assert_array_equal(found[f"f{number}"], plain[number])


def test_every_sample_of_a_webdataset_has_features_whatever_its_id(source, tmp_path):
    peer("webdataset")
    path = str(source / "speaker0.wav")
    keys = ["__a__/b", "__sonogram__", "a.npy", "x/", ".hidden", "a%2Enpy"]
    items = [{"id": key, "path": path} for key in keys]
    sonogram.corpus.extract(items, tmp_path, corpora.SPEC, format="webdataset", workers=0)
    (shard,) = (tmp_path / "shards").iterdir()
    subprocess.run(
        [sys.executable, "-c", READ_TARS, tmp_path / "found.npz", shard], check=True, timeout=300
    )
    with np.load(tmp_path / "found.npz") as found:
        assert found["ids"].tolist() == keys


def test_webdatasets_in_datasets(source, tmp_path, plain):
    datasets = peer("datasets")
    extract(source, tmp_path / "out", "webdataset")
    files = sorted(map(str, (tmp_path / "out" / "shards").iterdir()))
    options = {"data_files": files, "split": "train", "cache_dir": str(tmp_path / "cache")}
    loaded = datasets.load_dataset("webdataset", **options)
    assert [said["id"] for said in loaded["json"]] == plain.ids
    np.testing.assert_array_equal(np.array(loaded[3]["npy"], np.float32), plain[3])


def test_hdf5_in_h5py(source, tmp_path, plain):
    h5py = peer("h5py")
    extract(source, tmp_path, "hdf5")
    found = {}
    for path in sorted((tmp_path / "shards").iterdir()):
        with h5py.File(path) as file:
            assert sonogram.Spec.from_json(file.attrs["sonogram.spec"]) == corpora.SPEC
            found.update({data.attrs["id"]: data[...] for data in file.values()})
    assert sorted(found) == sorted(plain.ids)
    for key, features in found.items():
        np.testing.assert_array_equal(features, plain[key])


def test_zarr_in_zarr(source, tmp_path, plain):
    zarr = peer("zarr")
    extract(source, tmp_path, "zarr")
    found = {}
    for path in sorted((tmp_path / "shards").iterdir()):
        group = zarr.open_group(path, mode="r")
        assert group.attrs["sonogram.fingerprint"] == plain.fingerprint
        found.update({array.attrs["id"]: array[...] for _, array in group.arrays()})
    assert sorted(found) == sorted(plain.ids)
    for key, features in found.items():
        np.testing.assert_array_equal(features, plain[key])


def test_safetensors_in_safetensors(source, tmp_path, plain):
    safetensors = peer("safetensors")
    extract(source, tmp_path, "safetensors")
    found = set()
    for path in sorted((tmp_path / "shards").iterdir()):
        with safetensors.safe_open(path, "np") as file:
            assert file.metadata()["sonogram.fingerprint"] == plain.fingerprint
            for key in file.keys():  # noqa: SIM118 (it is no mapping)
                np.testing.assert_array_equal(file.get_tensor(key), plain[key])
                found.add(key)
    assert found == set(plain.ids)


@pytest.mark.parametrize("format", ["parquet", "kaldi"])
def test_formats_of_real_matrices_refuse_complex_features(source, tmp_path, format):
    library(format)
    spec = corpora.SPEC.replace(power=None, filterbank=None, log=None, finish=())
    with pytest.raises(sonogram.corpus.CorpusError, match="complex64"):
        sonogram.corpus.extract(source, tmp_path, spec, format=format, workers=0)


@pytest.mark.parametrize(
    ("options", "module", "extra"),
    [
        ({"format": "parquet"}, "pyarrow", "arrow"),
        ({"format": "arrow"}, "pyarrow", "arrow"),
        ({"index": "parquet"}, "pyarrow", "arrow"),
        ({"format": "hdf5"}, "h5py", "hdf5"),
        ({"format": "zarr"}, "zarr", "zarr"),
        ({"format": "kaldi", "compress": "auto"}, "kaldiio", "kaldi"),
        ({"engine": "dask"}, "distributed", "dask"),
        ({"engine": "ray:auto"}, "ray", "ray"),
        ({"decoder": "av"}, "av", "av"),
        ({}, "xxhash", "corpus"),
        ({}, "soundfile", "corpus"),
        ({}, "soxr", "corpus"),
    ],
)
def test_a_missing_library_is_named_with_its_extra_before_anything_is_made(
    source, tmp_path, monkeypatch, options, module, extra
):
    for name in [name for name in sys.modules if name.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=rf"pip install 'sonogram\[{extra}\]'"):
        sonogram.corpus.extract(source, tmp_path / "out", corpora.SPEC, **options)
    assert not (tmp_path / "out").exists()
