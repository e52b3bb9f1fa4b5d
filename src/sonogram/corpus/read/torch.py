# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""torch's two kinds of datasets: over a finished corpus, and with features computed on demand."""

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np

from ..._spec.as_spec import SpecLike, as_spec
from ..._spec.record import Spec
from ..._support.arrays import as_tensor
from ..._support.optional import require
from ..._support.spellings import names_arguments
from ..check_arguments import check_channel, check_choice, check_count, check_pattern, check_source
from ..decode.decode import Reader
from ..decode.guarded import decode_item
from ..disk.errors import ItemError
from ..sources.items import Item
from ..sources.sources import KINDS, items_of
from .reader import Corpus


def view(corpus: Corpus, ids: bool) -> Any:
    """Return a map-style dataset over a corpus."""
    torch = require("torch", "torch", "Corpus.dataset")
    return _dataset_class(torch)(corpus, ids)


@names_arguments
def stream(
    source: str | os.PathLike[str] | Sequence[Any],
    spec: SpecLike,
    *,
    kind: str = "auto",
    pattern: str | Sequence[str] | None = None,
    channel: int | str = "mix",
    on_error: str = "skip",
    rank: int = 0,
    world_size: int = 1,
) -> Any:
    """Return a `torch.utils.data.IterableDataset` that computes features on demand.

    The workers of a DataLoader, started by fork or spawn, and the processes of a distributed run
    (`rank` of `world_size`) each take every n-th item of the source.

    Parameters
    ----------
    source, spec, kind, pattern, channel
        As in `extract`.
    on_error : {"skip", "fail"}
        Leave out items that cannot be read, with a warning, or raise.
    rank, world_size : int
        The number of this process, and the number of processes.

    Returns
    -------
    torch.utils.data.IterableDataset
        A dataset of dicts with "id", "features" (a tensor in the spec's layout) and "duration".
    """
    torch = require("torch", "torch", "sonogram.corpus.stream")
    check_source(source)
    check_choice("kind", kind, KINDS)
    check_pattern(pattern)
    check_channel(channel)
    check_choice("on_error", on_error, ("skip", "fail"))
    check_count("world_size", world_size, 1)
    check_count("rank", rank, 0)
    if rank >= world_size:
        raise ValueError(f"rank is {rank}; it must be from 0 to {world_size - 1}")
    options = {"channel": channel, "on_error": on_error, "rank": rank, "world_size": world_size}
    made = _stream_class(torch)
    return made(source, as_spec(spec), kind, pattern, options)


_CLASSES: dict[str, Any] = {}


def _dataset_class(torch: Any) -> Any:
    if "dataset" in _CLASSES:
        return _CLASSES["dataset"]

    class CorpusDataset(torch.utils.data.Dataset):  # type: ignore[misc]
        """A corpus as a map-style dataset."""

        def __init__(self, corpus: Corpus, ids: bool) -> None:
            self.corpus = corpus
            self.ids = ids

        def __reduce__(self) -> tuple[Any, ...]:
            return (view, (self.corpus, self.ids))

        def __len__(self) -> int:
            return len(self.corpus)

        def __getitem__(self, key: int | str) -> Any:
            entry = self.corpus.entry(key)
            features = as_tensor(np.array(self.corpus._array(entry)), self.corpus.spec.dtype)
            return {"id": entry["id"], "features": features} if self.ids else features

    _CLASSES["dataset"] = CorpusDataset
    return CorpusDataset


def _rebuild_stream(
    source: Any, spec: Spec, kind: str, pattern: Any, options: dict[str, Any]
) -> Any:
    return _stream_class(require("torch", "torch", "sonogram.corpus.stream"))(
        source, spec, kind, pattern, options
    )


def _stream_class(torch: Any) -> Any:
    if "stream" in _CLASSES:
        return _CLASSES["stream"]

    class FeatureStream(torch.utils.data.IterableDataset):  # type: ignore[misc]
        """Features of a source, computed in the workers of a DataLoader."""

        def __init__(
            self, source: Any, spec: Spec, kind: str, pattern: Any, options: dict[str, Any]
        ) -> None:
            self._given = (source, spec, kind, pattern, options)

        def __reduce__(self) -> tuple[Any, ...]:
            return (_rebuild_stream, self._given)

        def __iter__(self) -> Iterator[dict[str, Any]]:
            source, spec, kind, pattern, options = self._given
            worker = torch.utils.data.get_worker_info()
            number, count = (worker.id, worker.num_workers) if worker else (0, 1)
            first = options["rank"] * count + number
            items = islice(
                items_of(source, kind, pattern), first, None, options["world_size"] * count
            )
            return _computed(items, spec, options["channel"], options["on_error"])

    _CLASSES["stream"] = FeatureStream
    return FeatureStream


def _computed(
    items: Iterator[Item], spec: Spec, channel: int | str, on_error: str
) -> Iterator[dict[str, Any]]:
    import warnings

    from ..._features.extractor import Extractor

    reader, extract = Reader(spec.sample_rate, channel), Extractor(spec)
    for item in items:
        try:
            waveform = decode_item(reader, item)
            features = extract(waveform, num_threads=1)
        except (ItemError, ValueError) as error:
            if on_error == "fail":
                raise
            warnings.warn(f"{item.id} is left out: {error}", UserWarning, stacklevel=2)
            continue
        yield {
            "id": item.id,
            "features": as_tensor(features, spec.dtype),
            "duration": len(waveform) / spec.sample_rate,
        }
