# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The starts of a search: the given Spec and the nearest presets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import _core
from .._spec.finish_stages import read_finish, write_finish
from .._spec.presets import presets
from .._spec.record import Spec
from .evidence import Evidence
from .recipe import Fields, resolved
from .search import best_view

_MOST = 3  # presets to start from, at most
_FRAMES = 0.03  # tolerated relative error in the number of frames


@dataclass(frozen=True)
class Start:
    """A recipe to start from, and the Spec that it was derived from."""

    fields: Fields
    spec: Spec
    name: str | None


def given(evidence: Evidence, spec: Spec, name: str | None = None) -> list[Start]:
    """Return a Spec as starts, with the layout and the number of bands of the features."""
    fields = spec._fields()
    turned = "time_freq" if fields["layout"] == "freq_time" else "freq_time"
    made = []
    for layout in (fields["layout"], turned) if evidence.spectra else (fields["layout"],):
        fitted = _fitted(evidence, {**fields, "layout": layout})
        if fitted is not None:
            made.append(Start(fitted, spec, name))
    own = [s for s in made if s.fields["n_mels"] == fields["n_mels"]]
    return sorted(own or made, key=lambda s: _frames_off(evidence, s.fields))


def from_presets(evidence: Evidence, sample_rate: float | None) -> list[tuple[float, Start]]:
    """Return the nearest presets with their residuals; only of this rate, if it is known."""
    found: list[tuple[float, Start]] = []
    for name, preset in presets().items():
        if sample_rate is not None and preset.spec.sample_rate != sample_rate:
            continue
        for start in given(evidence, preset.spec, name)[:1]:
            off = _frames_off(evidence, start.fields)
            if off < _FRAMES or abs(off) * evidence.target(start.fields).shape[1] <= 3:
                found.append((_promise(evidence, start), start))
    found.sort(key=lambda f: f[0])
    return [one for one in found[:_MOST] if np.isfinite(one[0])]


def _promise(evidence: Evidence, start: Start) -> float:
    whole: float = evidence.residual(start.fields)
    view = best_view(evidence, start.fields)
    changed = 0.0 if start.fields["n_mels"] == start.spec.n_mels else 0.05
    return float(min(whole, view.residual(start.fields) if view else whole)) + changed


def _frames_off(evidence: Evidence, fields: Fields) -> float:
    made = evidence.run(fields)
    if made is None:
        return float("inf")
    frames = evidence.target(fields).shape[1]
    return abs(int(made.shape[1]) - int(frames)) / int(frames)


def _fitted(evidence: Evidence, fields: Fields) -> Fields | None:
    rows = evidence.target(fields).shape[0]
    have = _rows(fields)
    if have == rows or have is None:
        return fields if have else None
    if not isinstance(fields["filterbank"], str):
        if fields["filterbank"] is not None:
            return None
        n_fft, win, hop = resolved(fields)
        sized = {"n_fft": 2 * (rows - 1), "win_length": min(win, 2 * (rows - 1)), "hop_length": hop}
        return _checked({**fields, **sized}, rows) if rows > 1 and win == n_fft else None
    stages = read_finish(fields["finish"])
    dct = [values for name, values in stages if name == "dct"]
    if dct:
        dct[0]["n"] = max(1, dct[0]["n"] * rows // have)
        return _checked({**fields, "finish": write_finish(stages)}, rows)
    return _checked({**fields, "n_mels": max(1, fields["n_mels"] * rows // have)}, rows)


def _checked(fields: Fields, rows: int) -> Fields | None:
    return fields if _rows(fields) == rows else None


def _rows(fields: Fields) -> int | None:
    if fields["output"] == "waveform":
        return 1
    try:
        return int(_core.Extractor(fields).num_rows)
    except (ValueError, TypeError):
        return None
