# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Making one shard: all the work of a worker, in any process."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import numpy as np

from ..._features.extractor import Extractor
from ..._support.runtime import isa
from ..decode.decode import Reader, level_of
from ..decode.fetch import with_bytes
from ..decode.guarded import decode_item
from ..disk.async_writer import AsyncWriter
from ..disk.checksum import digest, digest_file
from ..disk.errors import CorpusError, ItemError
from ..disk.settings import Result, Settings, Task, shard_name
from ..disk.store import discard, store
from ..formats import refuse_id, suffix_of, writer_of
from ..formats.base import Array, Entry, ShardInfo, file_size
from ..sources.items import Item
from .journal import plan_digest, valid_record, write_record
from .stats import Gatherer, real

_SHOWN = 20  # failures that a result carries; the record of the shard has all
_LOCAL = threading.local()
Watch = Callable[[int, int, float], None]  # shard, index of the current item, seconds so far


class Maker:
    """Makes the shards of one job, one after the other; each process or thread has its own."""

    def __init__(self, settings: Settings, watch: Watch | None = None) -> None:
        spec = settings.spec
        self._settings = settings
        self._rate = spec.sample_rate
        self._bands_last = spec.layout == "time_freq"
        self._dtype = np.dtype(settings.dtype)
        self._wide = self._dtype.str[1:] in ("f8", "c16")
        self._extract = Extractor(spec)
        self._reader = Reader(
            spec.sample_rate, settings.channel, settings.quality, settings.decoder, settings.root
        )
        self._async_writer = AsyncWriter()
        self._store = store(settings.out)
        self._metadata = settings.metadata()
        self._watch = watch or (lambda shard, index, seconds: None)
        self._bands: int | None = None
        self._in_place = True
        self._seconds = 0.0
        self._cpu = {"decode": 0.0, "features": 0.0, "all": 0.0}

    def close(self) -> None:
        """Wait until everything is written."""
        self._async_writer.close()

    def make(self, task: Task) -> "Future[Result]":
        """Compute a shard; the future is done when the shard is committed.

        Raises
        ------
        CorpusError
            If the job cannot go on; nothing of this shard is left behind.
        """
        begun = time.thread_time()
        self._cpu = dict.fromkeys(self._cpu, 0.0)
        if self._settings.resume and (kept := self._kept(task)) is not None:
            return self._async_writer.submit(lambda: kept)
        shard = _Shard(task, self._bands_last, self._settings.spec_fields["dtype"])
        temporary = self._store.temporary(shard_name(task.number, suffix_of(self._settings.format)))
        writer = None
        try:
            for index, (item, data) in enumerate(with_bytes(_items(task))):
                self._watch(task.number, index, self._seconds)
                try:
                    if index in task.skip:
                        raise ItemError(*task.skip[index])
                    refuse_id(self._settings.format, item.id)
                    features, length = self._features(item, data, writer)
                    shard.gather(features, self._settings.nonfinite)
                except ItemError as error:
                    shard.refuse(item, error)
                    if self._settings.fail_fast and error.kind != "filtered":
                        raise CorpusError(f"{item.id}: {error.reason}") from None
                    continue
                if writer is None:
                    writer = self._writer(temporary, features)
                entry = self._entry(task.number, item, features, length)
                writer.add(entry, features)
                shard.entries.append(entry)
                self._seconds += entry["duration"]
        except BaseException:
            if writer is not None:
                writer.abort()
            self._async_writer.submit(discard, temporary)
            raise
        self._watch(task.number, len(task.lines), self._seconds)
        self._cpu["all"] = time.thread_time() - begun
        return self._async_writer.submit(self._finish, shard, writer, temporary, dict(self._cpu))

    def _kept(self, task: Task) -> Result | None:
        record = valid_record(self._store, self._settings, task)
        if record is None:
            return None
        self._seconds += record["seconds"]
        return _result(record, kept=True)

    def _features(self, item: Item, data: bytes | None, writer: Any) -> tuple[Array, int]:
        clock = time.thread_time
        begun = clock()
        waveform = decode_item(self._reader, item, data)
        self._filter(waveform)
        decoded = clock()
        if waveform.dtype == np.float64 and not self._wide:
            waveform = waveform.astype(np.float32)
        elif waveform.dtype != np.float64 and self._wide:
            waveform = waveform / 32768 if waveform.dtype == np.int16 else waveform
        try:
            features = self._extracted(waveform, writer)
        except (ValueError, ArithmeticError) as error:
            raise ItemError("invalid", f"{len(waveform)} samples: {error}") from None
        except MemoryError:
            raise ItemError("damaged", "too long for the memory") from None
        self._cpu["decode"] += decoded - begun
        self._cpu["features"] += clock() - decoded
        return features, len(waveform)

    def _extracted(self, waveform: Array, writer: Any) -> Array:
        if writer is not None and self._bands is not None and self._in_place:
            frames = self._extract.num_frames(len(waveform))
            shape = (frames, self._bands) if self._bands_last else (self._bands, frames)
            space = writer.space(shape, self._dtype)
            if space is not None:
                try:
                    self._extract(waveform, out=space, num_threads=1)
                    return space  # type: ignore[no-any-return]
                except ValueError:  # a front end whose shapes cannot be predicted this way
                    self._in_place = False
        features: Array = self._extract(waveform, num_threads=1)
        if features.ndim == 2:
            self._bands = features.shape[1 if self._bands_last else 0]
        return features

    def _filter(self, waveform: Array) -> None:
        s = self._settings
        seconds = len(waveform) / self._rate
        _within("duration", seconds, "s", s.min_duration, s.max_duration)
        if s.min_level is not None or s.max_level is not None:
            _within("level", level_of(waveform), "dB", s.min_level, s.max_level)

    def _writer(self, temporary: str, features: Array) -> Any:
        bands = features.shape[1 if self._bands_last else 0] if features.ndim == 2 else None
        s = self._settings
        info = ShardInfo(
            s.dtype, self._bands_last, bands, self._metadata, s.compress, self._async_writer
        )
        return writer_of(s.format)(temporary, info)

    def _entry(self, number: int, item: Item, features: Array, length: int) -> Entry:
        entry: Entry = {
            "id": item.id,
            "shard": number,
            "shape": list(features.shape),
            "frames": features.shape[1 if features.ndim == 2 and not self._bands_last else 0],
            "duration": length / self._rate,
            "source": item.source,
        }
        if item.start is not None:
            entry["start"] = item.start
        if item.channel is not None:
            entry["channel"] = item.channel
        entry["checksum"] = digest(np.ascontiguousarray(features))
        return entry

    def _finish(
        self, shard: "_Shard", writer: Any, temporary: str, cpu: dict[str, float]
    ) -> Result:
        """Bring the shard to its place, and then its record (in the async_writer's thread)."""
        settings, number = self._settings, shard.task.number
        name = shard_name(number, suffix_of(settings.format))
        size, checksum = 0, None
        begun = time.thread_time()
        try:
            if writer is None:
                self._store.remove(name)  # from an earlier attempt, in which items could be read
            else:
                writer.close()
                size = file_size(temporary)
                if settings.format != "npy":  # whose items have checksums and leave no gaps
                    checksum = digest_file(temporary)
                self._store.commit(temporary, name)
        except BaseException:
            discard(temporary)
            raise
        record = {
            "shard": number,
            "job": settings.digest,
            "plan": plan_digest(shard.task),
            "isa": isa(),
            "bytes": size,
            "checksum": checksum,
            "seconds": sum(entry["duration"] for entry in shard.entries),
            "moments": shard.moments(),
            "items": shard.entries,
            "failures": shard.failures,
            "filtered": shard.filtered,
        }
        write_record(self._store, number, record)
        cpu["write"] = time.thread_time() - begun
        return _result(record, cpu=cpu)


class _Shard:
    """The state of a shard while it is made."""

    def __init__(self, task: Task, bands_last: bool, dtype: str | None) -> None:
        self.task = task
        self._dtype = dtype
        self.entries: list[Entry] = []
        self.failures: list[dict[str, str]] = []
        self.filtered: list[dict[str, str]] = []
        self._gatherer = Gatherer(bands_last)

    def gather(self, features: Array, nonfinite: str) -> None:
        if features.dtype.kind == "c":
            finite = bool(np.isfinite(features).all())
        else:
            features = real(features, self._dtype)
            matrix = features.ndim == 2
            finite = self._gatherer.add(features) if matrix else bool(np.isfinite(features).all())
        if not finite and nonfinite == "fail":
            raise ItemError("nonfinite", "its features hold NaN or infinity")

    def refuse(self, item: Item, error: ItemError) -> None:
        to = self.filtered if error.kind == "filtered" else self.failures
        to.append(
            {"id": item.id, "source": item.source, "kind": error.kind, "reason": error.reason}
        )

    def moments(self) -> dict[str, Any]:
        return self._gatherer.moments().to_dict()


def _items(task: Task) -> Iterator[Item]:
    return (Item.from_line(line) for line in task.lines)


def _within(what: str, value: float, unit: str, low: float | None, high: float | None) -> None:
    if (low is not None and value < low) or (high is not None and value > high):
        limit = f"at least {low}" if low is not None and value < low else f"at most {high}"
        raise ItemError("filtered", f"its {what} is {value:.3f} {unit}; it must be {limit}")


def _result(
    record: dict[str, Any], kept: bool = False, cpu: dict[str, float] | None = None
) -> Result:
    entries = record["items"]
    return Result(
        number=record["shard"],
        kept=kept,
        items=len(entries),
        failed=len(record["failures"]),
        filtered=len(record["filtered"]),
        seconds=record["seconds"],
        frames=sum(entry["frames"] for entry in entries),
        bytes=record["bytes"],
        failures=record["failures"][:_SHOWN],
        cpu=cpu or {},
    )


def make_shard(settings: Settings, task: Task) -> Result:
    """Make one shard, in any process: the function that is sent to executors, dask and Ray.

    Each thread keeps one Maker, so that buffers and plans are made once.
    """
    key = (repr(settings), os.getpid())
    maker = getattr(_LOCAL, "maker", None)
    if maker is None or _LOCAL.key != key:
        if maker is not None:
            maker.close()
        maker = _LOCAL.maker = Maker(settings)
        _LOCAL.key = key
    return maker.make(task).result()
