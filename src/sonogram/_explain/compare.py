# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The contribution of each differing field to the difference between two recipes."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .. import _core
from .evidence import distance
from .probe_signal import probe
from .recipe import Fields, differing, resolved, stage_of
from .report import Difference


def compare(
    a: Fields, b: Fields, waveform: npt.NDArray[Any] | None
) -> tuple[list[Difference], list[Difference]]:
    """Return the differences between two recipes by field and by stage, measured on the audio."""
    names = differing(a, b)
    if not names:
        return [], []
    audio = waveform if waveform is not None else _audio(a, b)
    before = _run(a, audio)
    stages: dict[str, list[str]] = {}
    for name in names:
        stages.setdefault(stage_of(name), []).append(name)
    by_stage = [_measured(group, stage, a, b, audio, before) for stage, group in stages.items()]
    by_field = [_measured([name], stage_of(name), a, b, audio, before) for name in names]
    return _shares(by_field), _shares(by_stage)


def _audio(a: Fields, b: Fields) -> npt.NDArray[Any]:
    sizes = [*resolved(a), *resolved(b), a["frame_span"] or 0, b["frame_span"] or 0]
    return probe(a["sample_rate"], 8 * max(sizes))


def _run(fields: Fields, audio: npt.NDArray[Any]) -> npt.NDArray[Any] | str:
    plain = {**fields, "dtype": fields["dtype"] if fields["dtype"] == "float64" else None}
    try:
        return np.asarray(_core.Extractor(plain)(audio))
    except (ValueError, TypeError, MemoryError) as error:
        return str(error)


def _measured(
    names: list[str],
    stage: str,
    a: Fields,
    b: Fields,
    audio: npt.NDArray[Any],
    before: npt.NDArray[Any] | str,
) -> Difference:
    one = len(names) == 1
    left = a[names[0]] if one else {n: a[n] for n in names}
    right = b[names[0]] if one else {n: b[n] for n in names}
    after = _run({**a, **{n: b[n] for n in names}}, audio)
    if isinstance(before, str):
        return Difference(", ".join(names), stage, left, right, note=f"not measured: {before}")
    if isinstance(after, str):
        note = f"not by itself: {after}"
        return Difference(", ".join(names), stage, left, right, note=note)
    mean, most, note = _change(before, after, "layout" in names)
    return Difference(", ".join(names), stage, left, right, mean, most, note=note)


def _change(
    before: npt.NDArray[Any], after: npt.NDArray[Any], turned: bool
) -> tuple[float | None, float | None, str]:
    note = ""
    if turned and after.ndim > 1:
        after, note = np.swapaxes(after, -1, -2), "axes swapped"
    if before.shape != after.shape:
        shapes = f"shape {list(before.shape)} -> {list(after.shape)}"
        note = f"{note}; {shapes}" if note else shapes
        rows = before.ndim == after.ndim and all(
            min(p, q) >= 0.5 * max(p, q) for p, q in zip(before.shape, after.shape, strict=True)
        )
        if not rows:
            return None, None, note
        shared = tuple(slice(min(p, q)) for p, q in zip(before.shape, after.shape, strict=True))
        before, after = before[shared], after[shared]
    far = distance(after.astype(_wide(after)), before.astype(_wide(before)))
    if far.size == 0:
        return None, None, note
    return float(far.mean()), float(far.max()), note


def _wide(array: npt.NDArray[Any]) -> type:
    return np.complex128 if np.iscomplexobj(array) else np.float64


def _shares(found: list[Difference]) -> list[Difference]:
    total = sum(d.mean for d in found if d.mean is not None and np.isfinite(d.mean))
    if not total:
        return found
    return [
        Difference(d.field, d.stage, d.a, d.b, d.mean, d.max, d.mean / total, d.note)
        if d.mean is not None and np.isfinite(d.mean)
        else d
        for d in found
    ]
