# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Reading a corpus: a sequence of feature arrays that are memory-mapped, not loaded."""

import bisect
import itertools
import json
import os
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from ..._features.extractor import Extractor
from ..._spec.record import Spec
from ..._support.paths import as_path
from ..._support.spellings import names_arguments
from ..disk.names import CMVN, CORPUS, INDEX, SCHEMA
from ..disk.store import RemoteStore, Store, is_remote, store
from ..formats import module_of
from ..formats.integrity import has_size, is_right, is_sound, is_whole
from .shard_cache import local_copy

_KEPT = 16  # number of shards whose part of the index is kept in memory

Array = npt.NDArray[Any]


@names_arguments
class Corpus(Sequence[Array]):
    """The features that `extract` has computed, as `open` returns them.

    A sequence of arrays in the order of the source, each ``[n_mels, time]`` or in the spec's
    layout. Formats that store plain arrays (npy, safetensors, webdataset, uncompressed Kaldi) are
    memory-mapped: opening costs nothing, and slices read only their own bytes. A Corpus can be
    pickled and used in any number of processes.

    Attributes
    ----------
    path : str
        The folder of the corpus.
    spec : Spec
        The front end of the features.
    fingerprint : str
        Fingerprint of the spec.
    info : dict
        The contents of corpus.json: version, instruction sets, format, totals.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._store: Store = store(path)
        try:
            self.info: dict[str, Any] = json.loads(self._store.read(CORPUS))
        except FileNotFoundError:
            raise FileNotFoundError(
                f"{path!r} holds no finished corpus: there is no {CORPUS} (run the job again)"
            ) from None
        if self.info.get("schema") != SCHEMA:
            raise ValueError(
                f"{path!r}: schema is {self.info.get('schema')!r}; it must be {SCHEMA}"
            )
        self.spec = Spec.from_dict(self.info["spec"])
        self.fingerprint: str = self.info["fingerprint"]
        if self.spec.fingerprint() != self.fingerprint:
            raise ValueError(f"{path!r}: the spec does not have the fingerprint that is recorded")
        self._shards = self.info["shards"]
        self._starts = list(itertools.accumulate((s["items"] for s in self._shards), initial=0))
        self._read = module_of(self.info["format"]).read
        self._index: OrderedDict[int, list[dict[str, Any]]] = OrderedDict()
        self._copies: dict[int, str] = {}  # local copies of remote shards
        self._numbers: dict[str, int] | None = None
        self._lengths: npt.NDArray[np.int64] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return (Corpus, (self.path,))

    def __repr__(self) -> str:
        hours = self.info["seconds"] / 3600
        return f"<Corpus {self.path!r}: {len(self)} items, {hours:.2f} h, {self.info['format']}>"

    def __len__(self) -> int:
        return int(self._starts[-1])

    @overload
    def __getitem__(self, key: int | str) -> Array: ...
    @overload
    def __getitem__(self, key: slice) -> list[Array]: ...
    def __getitem__(self, key: Any) -> Any:
        """Return an item by its number or id, or a list of items by a slice."""
        if isinstance(key, slice):
            return [self[number] for number in range(*key.indices(len(self)))]
        return self._array(self.entry(key))

    def __iter__(self) -> Iterator[Array]:
        return (self._array(entry) for entry in self.entries())

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key in self._by_id()

    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:
        """Return the number of the item with this id, or of the first that equals an array.

        Raises
        ------
        ValueError
            If there is none from number `start` to before `stop`.
        """
        for number in range(len(self))[start:stop]:
            if self._same(number, value):
                return number
        shown = repr(value) if isinstance(value, str) else "these features"
        raise ValueError(f"{self.path!r} has no item {shown} there")

    def count(self, value: Any) -> int:
        """Return how many items have this id, or equal an array."""
        return sum(self._same(number, value) for number in range(len(self)))

    def _same(self, number: int, value: Any) -> bool:
        if isinstance(value, str):
            return self._by_id().get(value) == number
        entry = self.entry(number)
        alike = tuple(entry["shape"]) == np.shape(value)
        return alike and np.array_equal(self._array(entry), value)

    @property
    def ids(self) -> list[str]:
        """The ids, in order."""
        return [entry["id"] for entry in self.entries()]

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Number of frames of every item, int64 ``[items]``."""
        if self._lengths is None:
            frames = (entry["frames"] for entry in self.entries())
            self._lengths = np.fromiter(frames, np.int64, len(self))
        return self._lengths

    @property
    def cmvn(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Mean and standard deviation of each band over all frames, float64 ``[n_mels]`` both.

        Raises
        ------
        ValueError
            If the features are not real matrices, or there is no frame.
        """
        try:
            values = json.loads(self._store.read(CMVN))
        except FileNotFoundError:
            raise ValueError(f"{self.path!r} has no statistics") from None
        return np.array(values["mean"]), np.array(values["std"])

    def entries(self) -> Iterator[dict[str, Any]]:
        """Yield the index entry of each item: id, source, duration, frames, checksum, ..."""
        with self._store.open(INDEX) as file:
            for line in file:
                yield json.loads(line)

    def entry(self, key: int | str) -> dict[str, Any]:
        """Return the index entry of one item.

        Raises
        ------
        IndexError, KeyError
            If there is no such number or id.
        """
        if isinstance(key, str):
            numbers = self._by_id()
            if key not in numbers:
                raise KeyError(f"{self.path!r} has no item {key!r}")
            key = numbers[key]
        if isinstance(key, bool) or not hasattr(key, "__index__"):
            raise TypeError(f"an item is asked for by {key!r}; it must be an integer, id or slice")
        number = key.__index__()
        if not -len(self) <= number < len(self):
            raise IndexError(f"item {number} of {len(self)}")
        number %= len(self)
        shard = bisect.bisect_right(self._starts, number) - 1
        found: dict[str, Any] = self._part(shard)[number - self._starts[shard]]
        return found

    def slice(self, key: int | str, start: float = 0.0, stop: float | None = None) -> Array:
        """Return the frames of an item whose centres lie from `start` to before `stop`, in seconds.

        Raises
        ------
        ValueError
            If `stop` is before `start`, or the corpus holds patches or waveforms.
        TypeError
            If one of them is not a number, or NaN.
        """
        for name, value in (("start", start), ("stop", 0 if stop is None else stop)):
            real = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
            if not real or not value == value:
                raise TypeError(f"{name} is {value!r}; it must be a number of seconds")
        if stop is not None and stop < start:
            raise ValueError(f"stop is {stop!r}; it must be at least start = {start!r}")
        patched = bool(self.spec.finish) and self.spec.finish[-1][0] == "patches"
        if patched or self.spec.output == "waveform":
            what = "patches" if patched else "waveforms"
            raise ValueError(f"{self.path!r} has no frames at fixed times: {what}")
        entry = self.entry(key)
        features = self._array(entry)
        samples = round(entry["duration"] * self.spec.sample_rate)
        times = Extractor(self.spec).frame_times(entry["frames"], samples)
        first = int(np.searchsorted(times, start))
        last = len(times) if stop is None else int(np.searchsorted(times, stop))
        if self.spec.layout == "time_freq":
            return features[first:last]
        return features[..., first:last]

    def verify(self) -> list[str]:
        """Read everything from its original place, and return the ids whose checksum is wrong.

        If a shard is damaged outside its items (in its header, say), all of its ids are returned.
        """
        wrong = []
        for number in range(len(self._shards)):
            wrong += self._wrong(number)
        return wrong

    def _wrong(self, number: int) -> list[str]:
        part, kind = self._part(number), (self.info["format"], self.info["dtype"])
        try:
            path = self._path(number, fresh=True)
            sound = is_sound(path, *kind, self._shards[number]["checksum"])
        except (OSError, ValueError):
            return [entry["id"] for entry in part]
        wrong = []
        if not self.info["compress"]:  # compression may have changed the values
            wrong = [entry["id"] for entry in part if not is_right(path, *kind, entry)]
        return wrong if wrong or sound else [entry["id"] for entry in part]

    def dataset(self, ids: bool = False) -> Any:
        """Return a `torch.utils.data.Dataset` of float tensors.

        Parameters
        ----------
        ids : bool
            Return dicts with "id" and "features" instead of the features alone.
        """
        from .torch import view

        return view(self, ids)

    def _by_id(self) -> dict[str, int]:
        if self._numbers is None:
            self._numbers = {entry["id"]: number for number, entry in enumerate(self.entries())}
        return self._numbers

    def _part(self, shard: int) -> list[dict[str, Any]]:
        part = self._index.get(shard)
        if part is None:
            with self._store.open(INDEX) as file:
                file.seek(self._shards[shard]["index"])
                lines = itertools.islice(file, self._shards[shard]["items"])
                part = self._index[shard] = [json.loads(line) for line in lines]
            while len(self._index) > _KEPT:
                self._index.popitem(last=False)
        return part

    def shard_path(self, entry: dict[str, Any]) -> str:
        """Return the local path of the shard that holds an item."""
        return self._path(
            bisect.bisect_left(self._shards, entry["shard"], key=lambda s: s["number"])
        )

    def _path(self, number: int, fresh: bool = False) -> str:
        name: str = self._shards[number]["file"]
        if not isinstance(self._store, RemoteStore):
            return self._store.path(name)
        path = self._copies.get(number)
        if path is None or fresh or not os.path.exists(path):
            key = json.dumps([self._shards[number], self._part(number)])
            path = local_copy(
                self._store, name, key, lambda path: self._agrees(number, path), fresh
            )
            self._copies[number] = path
        return path

    def _agrees(self, number: int, path: str) -> bool:
        """Tell whether a file agrees with corpus.json and the index."""
        shard, format, dtype = self._shards[number], self.info["format"], self.info["dtype"]
        return has_size(path, shard["bytes"]) and is_whole(
            path, format, dtype, shard["checksum"], self._part(number)
        )

    def _array(self, entry: dict[str, Any]) -> Array:
        features: Array = self._read(self.shard_path(entry), entry, self.info["dtype"])
        return features


@names_arguments
def open(path: str | os.PathLike[str]) -> Corpus:
    """Open a corpus that `extract` has made.

    Parameters
    ----------
    path : path or address
        The `out` of `extract`.

    Returns
    -------
    Corpus
        A lazy sequence of feature arrays.

    Raises
    ------
    FileNotFoundError
        If there is no corpus, or its job has not finished.
    ValueError
        If its files are damaged or contradict each other.
    """
    name = os.fspath(path)
    return Corpus(name if is_remote(name) else os.path.abspath(as_path(name)))
