# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""One job from end to end: plan, make the shards, commit."""

import contextlib
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..._spec.as_spec import SpecLike, as_spec
from ..._support.spellings import names_arguments
from ..check_arguments import check
from ..disk.errors import CorpusError
from ..disk.names import DONE, SHARDS, WORK
from ..disk.settings import Result, Settings
from ..disk.store import store
from ..engines.choose import Engine, engine_of, seen_by, workers_for
from ..sources.sources import named, root_of
from .claim_folder import planned, require_own
from .commit import commit
from .lock import alone
from .plan import Plan

_SHOWN = 100  # failures that a summary holds; the report has all


@dataclass
class Summary:
    """What a job did.

    Attributes
    ----------
    out : str
        The corpus.
    items, failed, filtered : int
        Items with features, without, and left out on purpose.
    shards, kept : int
        Shards, and those of them that were there already.
    seconds, kept_seconds, wall : float
        Seconds of audio, those of them that were there already, and seconds that the job took.
    frames, bytes : int
        Of the features.
    failures : list of dict
        The first failures: id, source, kind, reason. ``failures.jsonl`` has all.
    cpu : dict of str to float
        CPU seconds of the workers in this run: "decode", "features", "write" and "all".
    """

    out: str
    items: int = 0
    failed: int = 0
    filtered: int = 0
    shards: int = 0
    kept: int = 0
    seconds: float = 0.0
    kept_seconds: float = 0.0
    wall: float = 0.0
    frames: int = 0
    bytes: int = 0
    failures: list[dict[str, str]] = field(default_factory=list)
    cpu: dict[str, float] = field(default_factory=dict)

    @property
    def speed(self) -> float:
        """Seconds of audio computed in a second; what was there already does not count."""
        return (self.seconds - self.kept_seconds) / self.wall if self.wall else 0.0


@dataclass
class Progress:
    """What a job is at: given to `progress` a few times a second.

    Attributes
    ----------
    items, total : int
        Items done (failed ones included) and in all.
    seconds : float
        Seconds of audio done.
    failed : int
        Items without features.
    shards, shards_total, kept : int
        Shards done, in all, and found done at the start.
    kept_items, kept_seconds : int, float
        Items in the shards that were there, failed ones included, and their seconds of audio.
    elapsed : float
        Seconds since the job began.
    """

    items: int = 0
    total: int = 0
    seconds: float = 0.0
    failed: int = 0
    shards: int = 0
    shards_total: int = 0
    kept: int = 0
    kept_items: int = 0
    kept_seconds: float = 0.0
    elapsed: float = 0.0


@names_arguments
def extract(
    source: str | os.PathLike[str] | Sequence[Any],
    out: str | os.PathLike[str],
    spec: SpecLike,
    *,
    kind: str = "auto",
    pattern: str | Sequence[str] | None = None,
    format: str = "npy",
    compress: str | None = None,
    index: str = "jsonl",
    shard_items: int | None = None,
    channel: int | str = "mix",
    quality: str = "HQ",
    decoder: str | Callable[..., Any] = "auto",
    min_duration: float | None = None,
    max_duration: float | None = None,
    min_level: float | None = None,
    max_level: float | None = None,
    nonfinite: str = "fail",
    on_error: str = "skip",
    max_failures: int | None = None,
    resume: bool = True,
    verify: str = "checksum",
    retry_failed: bool = False,
    engine: Any = "local",
    workers: int | None = None,
    item_timeout: float = 600.0,
    progress: Callable[[Progress], None] | None = None,
) -> Summary:
    """Compute the features of every item of a source, in shards, and survive whatever happens.

    Running the same job again goes on where it stopped, and the end is the same to the byte as
    if nothing had happened: items belong to shards by their order in the source alone.

    Parameters
    ----------
    source : path, address, or sequence
        A folder (recursive), a tar archive (webdataset; ``{000..012}`` names many), a table (.csv,
        .tsv, .jsonl, .parquet: `path` and optionally `id`, `start`, `duration`, `channel`), a list
        of paths (.txt), Kaldi's wav.scp or the folder with it (and segments), a Hugging Face audio
        folder; or a sequence of paths or of dicts with those fields. ``s3://`` and the like through
        fsspec.
    out : path or address
        The folder of the corpus: a new one, an empty one, or that of the same job, which then goes
        on. Read it with `sonogram.corpus.open`.
    spec : Spec or str
        What to compute, or a preset's name. Audio is resampled to its `sample_rate`.
    kind : str
        What `source` is: auto, folder, audiofolder, list, table, kaldi or webdataset.
    pattern : str or sequence of str, optional
        Names or relative paths in a folder that count, such as ``"*.flac"``; None: audio suffixes.
    format : str
        Of the shards: npy, parquet, arrow, kaldi, webdataset, hdf5, zarr or safetensors.
    compress : str, optional
        A compression of that format.
    index : {"jsonl", "parquet"}
        Write the index as Parquet, too.
    shard_items : int, optional
        Items of a shard; None: 16 to 256, by the number of all.
    channel : int or "mix"
        Channel to take where an item does not say, from 0; "mix" is their mean.
    quality : {"HQ", "VHQ"}
        Of the resampling.
    decoder : {"auto", "soundfile", "av"} or callable
        A callable is given ``(path or file, start, duration)`` and returns ``(waveform, rate)``,
        the waveform ``[channels, samples]`` or ``[samples]`` of float32, float64 or int16, the rate
        in whole Hz; it must be importable by name.
    min_duration, max_duration : float, optional
        Leave shorter and longer items out, in seconds.
    min_level, max_level : float, optional
        Leave quieter and louder items out: root mean square in dB of full scale.
    nonfinite : {"fail", "keep"}
        What to do with features that hold NaN or infinity.
    on_error : {"skip", "fail"}
        Leave items without features out and report them, or stop at the first.
    max_failures : int, optional
        Stop when more items than this have failed.
    resume : bool
        Go on with what is in `out`. False: begin anew, and remove what the job there has made.
    verify : {"checksum", "size"}
        How shards are looked at that are there already.
    retry_failed : bool
        Try all failed items again; else those alone that could not be reached or whose worker was
        killed.
    engine : {"local", "dask", "ray"} or executor
        ``"dask:ADDRESS"`` and ``"ray:ADDRESS"`` join a cluster; anything with ``submit`` will do.
    workers : int, optional
        Processes; None: one for each CPU. 0: in this process, unprotected, as is all that reads or
        writes ``memory://``, which no other process sees.
    item_timeout : float
        Seconds after which a decoder counts as hanging (local engine).
    progress : callable, optional
        Called with a `Progress` a few times a second.

    Returns
    -------
    Summary
        Counts, times, and the first failures.

    Raises
    ------
    CorpusError
        The job stopped: the disk is full, the source has disappeared, an item failed and `on_error`
        is "fail"; or it does not go on: the source holds other items than when it began, or files
        of other sizes, or its plan is damaged. What was finished stays.
    ValueError, TypeError
        An argument that makes no sense, a source without audio, or `out` holds another job or
        anything else.

    Examples
    --------
    >>> import sonogram.corpus
    >>> spec = sonogram.Spec(filterbank="mel", n_mels=40, hop_length=160, log="ln")
    >>> summary = sonogram.corpus.extract("examples/audio", "features", spec)
    >>> summary.items, summary.failed
    (2, 0)
    >>> sonogram.corpus.open("features")["speech"].shape
    (40, 583)
    """
    check(locals())
    workers = workers_for(engine, workers, named(source, out))
    where = store(os.fspath(out))
    root = root_of(source)
    settings = Settings(
        spec=as_spec(spec).to_dict(),
        format=format,
        compress=compress,
        channel=channel,
        quality=quality,
        decoder=decoder,
        min_duration=min_duration,
        max_duration=max_duration,
        min_level=min_level,
        max_level=max_level,
        nonfinite=nonfinite,
        out=where.root if where.remote else os.path.abspath(where.root),
        resume=resume,
        verify=verify,
        retry_failed=retry_failed,
        fail_fast=on_error == "fail",
        root=None if root is None else (root, os.stat(root).st_dev),
        run=os.urandom(8).hex(),
    )
    begun = time.monotonic()
    require_own(where)
    with alone(where):
        plan = planned(where, settings, source, kind, pattern, shard_items)
        made = engine_of(engine, settings, workers, item_timeout)
        summary = Summary(out=os.fspath(out), shards=plan.shards)
        try:
            _make(plan, made, summary, progress, max_failures, begun)
            head = commit(where, settings, plan.shards, index)
        finally:
            where.sweep("", SHARDS, DONE, WORK)
    summary.items, summary.frames, summary.seconds = head["items"], head["frames"], head["seconds"]
    summary.wall = time.monotonic() - begun
    return summary


def _make(
    plan: Plan,
    engine: Engine,
    summary: Summary,
    progress: Callable[[Progress], None] | None,
    max_failures: int | None,
    begun: float,
) -> None:
    state = Progress(total=plan.items, shards_total=plan.shards)
    finished = 0.0
    shown = 0.0
    results = engine.run(seen_by(engine, plan.tasks()))
    with contextlib.closing(results):  # type: ignore[type-var]
        for result in results:
            now = time.monotonic()
            if result is not None:
                _count(result, summary, state)
                finished += result.seconds
                if max_failures is not None and summary.failed > max_failures:
                    raise CorpusError(
                        f"{summary.failed} items failed, more than max_failures = {max_failures}; "
                        f"the last: {result.failures[-1]['id']}: {result.failures[-1]['reason']}"
                    )
            if progress is not None and (now - shown >= 0.1 or state.shards == state.shards_total):
                live = engine.seconds()
                state.seconds = finished if live is None else max(finished, live)
                state.elapsed = now - begun
                progress(state)
                shown = now


def _count(result: Result, summary: Summary, state: Progress) -> None:
    summary.failed += result.failed
    summary.filtered += result.filtered
    summary.kept += result.kept
    summary.bytes += result.bytes
    summary.failures.extend(result.failures[: max(0, _SHOWN - len(summary.failures))])
    for name, seconds in result.cpu.items():
        summary.cpu[name] = summary.cpu.get(name, 0.0) + seconds
    items = result.items + result.failed + result.filtered
    if result.kept:
        state.kept_items += items
        state.kept_seconds += result.seconds
        summary.kept_seconds = state.kept_seconds
    state.items += items
    state.failed += result.failed
    state.shards += 1
    state.kept += result.kept
