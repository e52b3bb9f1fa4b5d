# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The start of a job: in a folder of its own, with a new plan or the existing one.

Nothing is written to a folder before it is known to be empty or to hold a job. Only files whose
names match a job's own patterns are ever deleted.
"""

import os
import re
from collections.abc import Iterator
from typing import Any

from ..disk.errors import CorpusError, source_is_gone
from ..disk.names import CMVN, CORPUS, DONE, FAILURES, INDEX, SHARDS, WORK
from ..disk.sealed_json import damaged, read_sealed, write_sealed
from ..disk.settings import Settings
from ..disk.store import Store, is_temporary
from ..formats import NAMES, module_of, suffix_of
from ..sources.items import Item
from ..sources.sources import describe, items_of
from .plan import HEAD, LINES, Plan, load_plan, make_plan, remove_plan
from .source_changes import require_unchanged
from .unique_ids import unique_items

JOB = f"{WORK}/job.json"  # written first and never removed: it marks the folder as a job's
LOCK = f"{WORK}/lock"
_SHOWN = 3  # names that a message shows
_LONGEST = 300  # characters of a value


def require_own(where: Store) -> None:
    """Refuse a folder that holds anything but a job.

    Raises
    ------
    ValueError
        If it is not empty and no job has claimed it.
    """
    if where.exists(JOB):
        return
    if not where.remote and os.path.exists(where.root) and not os.path.isdir(where.root):
        raise ValueError(f"out is {where.root!r}, which is not a folder")
    found = [name for name in _within(where, "") if name not in (WORK, SHARDS)]
    found += _within(where, SHARDS)
    found += [name for name in _within(where, WORK) if name not in (LOCK, DONE)]
    found += _within(where, DONE)
    if found:
        names = ", ".join(map(repr, found[:_SHOWN])) + (", ..." if len(found) > _SHOWN else "")
        raise ValueError(
            f"out is {where.root!r}, which is not empty ({names}) and holds no job: there is no "
            f"{JOB}; give a new folder"
        )


def _within(where: Store, folder: str) -> list[str]:
    """Return the entries of a folder, without the temporary files of a job killed at its start."""
    names = [name for name in where.names(folder) if not is_temporary(name)]
    return [f"{folder}/{name}" if folder else name for name in names]


def load_or_make_plan(
    where: Store,
    settings: Settings,
    source: Any,
    kind: str,
    pattern: Any,
    shard_items: int | None,
) -> Plan:
    """Return the plan of the same job if it was started before, else a new one.

    Raises
    ------
    ValueError
        If the folder holds another job, or the source makes no sense.
    CorpusError
        If the source has changed, or the plan is damaged.
    """
    job = {
        "job": settings.digest,
        "settings": settings.fields(),
        "source": describe(source),
        "kind": kind,
        "pattern": [pattern] if isinstance(pattern, str) else pattern and list(pattern),
        "shard_items": shard_items,
    }
    plan = load_plan(where) if settings.resume else None
    if plan is None:
        if settings.resume and (where.exists(CORPUS) or where.names(DONE)):
            raise damaged(where, HEAD, "is gone")
        plan = make_plan(
            where, _items(where, source, kind, pattern), shard_items, lambda: _claim(where, job)
        )
    else:
        _require_same(where, job)
        _require_unchanged(plan, source, kind, pattern)
    for folder in (SHARDS, DONE):
        where.make(folder)
    where.sweep("", SHARDS, DONE, WORK)
    return plan


def _claim(where: Store, job: dict[str, Any]) -> None:
    """Claim a folder for this job, and remove the files of the previous one."""
    where.make(WORK)
    if where.exists(JOB):
        _clear(where)
    write_sealed(where, JOB, job)


def _clear(where: Store) -> None:
    """Remove the files of a job except for JOB, beginning with the one that says it is complete."""
    try:
        before = (read_sealed(where, JOB) or {}).get("settings", {}).get("format")
    except CorpusError:
        before = None
    formats = NAMES if before not in NAMES else (before,)
    lists = getattr(module_of(before), "LISTS", ()) if before in NAMES else ()
    for name in (CORPUS, INDEX, "index.parquet", CMVN, FAILURES, *lists):
        where.remove(name)
    suffixes = "|".join(re.escape(suffix_of(name)) for name in formats)
    for folder, made in ((DONE, r"\d{6,}\.json"), (SHARDS, rf"shard-\d{{6,}}({suffixes})")):
        for name in where.names(folder):
            if re.fullmatch(made, name):
                where.remove(f"{folder}/{name}")
    remove_plan(where)


def _items(where: Store, source: Any, kind: str, pattern: Any) -> Iterator[Item]:
    """Return the items of a source, without the output folder if that lies inside it."""
    return items_of(source, kind, pattern, None if where.remote else where.root)


def _require_unchanged(plan: Plan, source: Any, kind: str, pattern: Any) -> None:
    try:
        items = _items(plan.store, source, kind, pattern)
        if plan.renamed:
            items = unique_items(plan.store, LINES, items)
        require_unchanged(plan.lines(), items, plan.store.root)
    except OSError as error:
        if isinstance(error, (FileNotFoundError, NotADirectoryError)) or source_is_gone(error):
            raise CorpusError(f"the source has disappeared: {error}") from error
        raise


def _require_same(where: Store, job: dict[str, Any]) -> None:
    before = read_sealed(where, JOB) or {}
    different = [name for name in job if name != "settings" and job[name] != before.get(name)]
    if not different:
        return
    said = [
        f"{name} is {_short(new)}, there {_short(old)}"
        for name in different
        for name, new, old in _differing(name, job, before)
    ]
    what = "; ".join(said) or "the front end has another fingerprint"
    raise ValueError(
        f"out is {where.root!r}, which holds another job: {what}; give another folder, "
        "or resume=False to begin anew"
    )


def _differing(
    name: str, job: dict[str, Any], before: dict[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    """Yield the differences under a key of the job; for "job", each setting and spec field."""
    if name != "job":
        yield name, job[name], before.get(name)
        return
    new, old = job["settings"], before.get("settings", {})
    for key in new:
        if key != "spec" and new[key] != old.get(key):
            yield key, new[key], old.get(key)
    spec, there = new["spec"], old.get("spec", {})
    for key in sorted({*spec, *there}):
        if spec.get(key) != there.get(key):
            yield key, spec.get(key), there.get(key)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
