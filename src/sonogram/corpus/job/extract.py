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
from ..engines.choose import Engine, engine_of, refuse_private, workers_for
from ..sources.sources import named, root_of
from .claim_folder import load_or_make_plan, require_own
from .commit import commit
from .lock import exclusive
from .plan import Plan

_SHOWN = 100  # failures that a summary holds; failures.jsonl has all


@dataclass
class Summary:
    """The result of a job.

    Attributes
    ----------
    out : str
        The folder of the corpus.
    items, failed, filtered : int
        Number of items with features, of items without, and of items left out on purpose.
    shards, kept : int
        Number of shards, and of those that existed before this run.
    seconds, kept_seconds, wall : float
        Seconds of audio, seconds in shards that existed before, and the duration of this run.
    frames, bytes : int
        Size of the features.
    failures : list of dict
        The first failures: id, source, kind, reason. ``failures.jsonl`` has all of them.
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
        """Seconds of audio computed per second, without shards that existed before."""
        return (self.seconds - self.kept_seconds) / self.wall if self.wall else 0.0


@dataclass
class Progress:
    """The state of a running job, passed to `progress` a few times a second.

    Attributes
    ----------
    items, total : int
        Number of items done, including failed ones, and of all items.
    seconds : float
        Seconds of audio done.
    failed : int
        Number of items without features.
    shards, shards_total, kept : int
        Number of shards done, of all shards, and of those that existed at the start.
    kept_items, kept_seconds : int, float
        Items in the shards that existed at the start, including failed ones, and their seconds of
        audio.
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
    """Compute the features of every item of a source in shards, by a job that can be resumed.

    Running the same job again resumes it where it stopped. The result is the same to the byte as
    that of an undisturbed run, because items are assigned to shards by their order in the source.

    Parameters
    ----------
    source : path, address, or sequence
        A folder (recursive), a tar archive (webdataset; ``{000..012}`` names many), a table (.csv,
        .tsv, .jsonl, .parquet: `path` and optionally `id`, `start`, `duration`, `channel`), a list
        of paths (.txt), Kaldi's wav.scp or the folder with it (and segments), a Hugging Face audio
        folder; or a sequence of paths or of dicts with those fields. ``s3://`` and the like through
        fsspec.
    out : path or address
        The folder of the corpus: new, empty, or holding the same job, which is then resumed. Read
        it with `sonogram.corpus.open`.
    spec : Spec or str
        What to compute, or the name of a preset. Audio is resampled to its `sample_rate`.
    kind : str
        Kind of `source`: auto, folder, audiofolder, list, table, kaldi or webdataset.
    pattern : str or sequence of str, optional
        Names or relative paths of the files in a folder to include, such as ``"*.flac"``; None: all
        files with an audio suffix.
    format : str
        Format of the shards: npy, parquet, arrow, kaldi, webdataset, hdf5, zarr or safetensors.
    compress : str, optional
        A compression of that format.
    index : {"jsonl", "parquet"}
        "parquet" writes the index as Parquet too.
    shard_items : int, optional
        Items per shard; None: 16 to 256, depending on the number of items.
    channel : int or "mix"
        Channel to use, from 0, for items that do not say; "mix": the mean of all channels.
    quality : {"HQ", "VHQ"}
        Quality of the resampling (soxr).
    decoder : {"auto", "soundfile", "av"} or callable
        A callable is given ``(path or file, start, duration)`` and returns ``(waveform, rate)``:
        the waveform ``[channels, samples]`` or ``[samples]`` in float32, float64 or int16, and the
        rate in whole Hz. It must be importable by name.
    min_duration, max_duration : float, optional
        Leave out shorter and longer items, in seconds.
    min_level, max_level : float, optional
        Leave out quieter and louder items: root mean square in dB relative to full scale.
    nonfinite : {"fail", "keep"}
        Whether features that hold NaN or infinity count as a failure.
    on_error : {"skip", "fail"}
        Leave out items without features and report them, or stop at the first.
    max_failures : int, optional
        Stop when more items than this have failed.
    resume : bool
        Resume the job in `out`. False: start over, and remove the files of the job there.
    verify : {"checksum", "size"}
        How existing shards are verified.
    retry_failed : bool
        Retry all failed items; otherwise only those that could not be reached or whose worker was
        killed.
    engine : {"local", "dask", "ray"} or executor
        ``"dask:ADDRESS"`` and ``"ray:ADDRESS"`` join a cluster. An executor is any object with a
        method ``submit``.
    workers : int, optional
        Number of processes; None: one per CPU. 0: in this process, without protection from crashes;
        always so where ``memory://`` is read or written, which no other process can see.
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
        If the job stops: the disk is full, the source has disappeared, or an item failed and
        `on_error` is "fail"; or if it cannot be resumed: items were added to the source or removed
        from it, files changed in size, or the plan is damaged. Finished shards are kept.
    ValueError, TypeError
        For an argument that makes no sense, a source without audio, or an `out` that holds another
        job or anything else.

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
        spec_fields=as_spec(spec).to_dict(),
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
    with exclusive(where):
        plan = load_or_make_plan(where, settings, source, kind, pattern, shard_items)
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
    results = engine.run(refuse_private(engine, plan.tasks()))
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
