# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""`sonogram.explain`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from .._spec.as_spec import as_spec
from .._spec.record import Spec
from .._support.arguments import check_orientation
from .._support.arrays import is_tensor
from .._support.spellings import names_arguments
from .acceptance import fits
from .compare import compare
from .evidence import Evidence, distance
from .recipe import Fields, differing
from .report import Explanation
from .search import search
from .simplify import State
from .starts import Start, from_presets, given

_BUDGET = 15_000  # recipes tried from the first start
_LESS_PROMISING = 10  # presets whose residual is this many times the best so far are skipped


@names_arguments
def explain(
    a: Any,
    b: Any,
    c: Any = None,
    *,
    spec: Spec | str | None = None,
    waveform: Any = None,
    sample_rate: float | None = None,
) -> Explanation:
    """Find out how two recipes differ, or which recipe made given features.

    ``explain(spec_a, spec_b)`` changes one stage of the first Spec at a time into the second's, and
    measures the effect on the features of `waveform`, or of three seconds of a synthetic voice,
    noise, quiet and silence.

    ``explain(features, waveform)`` searches for the recipe of features of unknown origin, beginning
    with `spec` if it is given and with the nearest presets. The search tries the usual values of
    every field from `scale` to `finish`, and estimates pre-emphasis, band edges, gains, floors,
    epsilons and the parameters of finish stages, whatever their values. If no recipe reproduces the
    features, nothing is guessed: `spec` of the result is None.

    Parameters
    ----------
    a : Spec, str or array_like
        A Spec (or the name of a preset), or features ``[..., n_mels, time]`` or
        ``[..., time, n_mels]``.
    b : Spec, str or array_like
        A second Spec; or, after features, the waveform ``[..., samples]`` that they were computed
        from; or, after a Spec, the features, followed by the waveform.
    c : array_like or Spec, optional
        The waveform, after two Specs or a Spec and features; or a Spec, after features and
        waveform.
    spec : Spec or str, optional
        Start of the search (also as third argument).
    waveform : array_like, optional
        The audio (also as third argument).
    sample_rate : float, optional
        Sample rate of the waveform, Hz; only presets of this rate are tried.

    Returns
    -------
    Explanation
        `print` shows it in words; `spec`, `differences` and `stages` hold the details.

    Raises
    ------
    TypeError
        For arguments of unsupported types.
    ValueError
        For features and audio that have different items, or are empty.

    Examples
    --------
    >>> import sonogram
    >>> mel = sonogram.Spec(filterbank="mel", n_mels=40, hop_length=160, log="ln")
    >>> print(sonogram.explain(mel, mel.replace(gain=2.0)))
    The specs differ in 1 field:
      logarithm: mean 0.607, at most 0.693 (100 %)
        gain: 1 -> 2
    """
    first, second, third = (_spec(x) for x in (a, b, c))
    if first is not None and second is not None:
        return _two(first, second, c if waveform is None else waveform)
    start: Spec | None
    if first is not None:
        features, audio, start = b, c if waveform is None else waveform, first
    else:
        features, audio, start = a, b, third or _spec(spec)
    if audio is None:
        raise TypeError("waveform is None; features need the audio they were made of")
    items = list(_items(_array("features", features), _array("waveform", audio)))
    return _search(items, start, sample_rate)


def _spec(value: Any) -> Spec | None:
    """Return a Spec for an argument that names one, or None for anything else."""
    named = isinstance(value, (str, Spec)) or isinstance(getattr(value, "spec", None), Spec)
    return as_spec(value) if named else None


def _two(a: Spec, b: Spec, waveform: Any) -> Explanation:
    audio = None if waveform is None else _array("waveform", waveform)
    fields, stages = compare(a._fields(), b._fields(), audio)
    return Explanation(b, a, None, fields, stages, 0.0, b, 0, searched=False)


def _array(name: str, value: Any) -> npt.NDArray[Any]:
    if is_tensor(value):
        tensor = value.detach().cpu()
        value = tensor.float().numpy() if str(tensor.dtype) == "torch.bfloat16" else tensor.numpy()
    array = np.asarray(value)
    if array.dtype.kind not in "fiuc" or array.dtype == np.longdouble:
        raise TypeError(f"{name} has dtype {array.dtype}; it must be of numbers")
    if array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}; it must hold something")
    if name == "waveform":
        check_orientation(array)
        if array.dtype in (np.float32, np.float64, np.int16, np.int32):
            return np.ascontiguousarray(array)
        if array.dtype.kind != "f":
            raise TypeError(f"waveform has dtype {array.dtype}; it must be float, int16 or int32")
        return array.astype(np.float32)
    return array


def _items(features: npt.NDArray[Any], audio: npt.NDArray[Any]) -> Iterator[Evidence]:
    """Yield features and audio item by item."""
    waves = audio.reshape(-1, audio.shape[-1])
    plain = features.shape == audio.shape or (features.ndim == 1)
    axes = 1 if plain else 2
    each = features.reshape(-1, *features.shape[features.ndim - axes :])
    if len(each) != len(waves):
        raise ValueError(
            f"features of shape {features.shape} and waveform of shape {audio.shape} must have the "
            "same items: [..., n_mels, time] or [..., time, n_mels] beside [..., samples]"
        )
    for part, wave in zip(each, waves, strict=True):
        yield Evidence(part, wave)


def _search(items: list[Evidence], spec: Spec | None, rate: float | None) -> Explanation:
    loudest = max(items, key=lambda item: item.spread)
    best: tuple[State, Start] | None = None
    budget = _BUDGET
    for promise, start in _starts(loudest, spec, rate):
        if best is not None and promise > _LESS_PROMISING * best[0].score:
            continue
        state = search(loudest, start.fields, budget)
        budget = _BUDGET // 3
        if best is None or state.score < best[0].score:
            best = state, start
        if fits(items, state.fields):
            return _found(items, state.fields, start, spec)
    if best is None:
        shape = list(loudest.target({"layout": "freq_time"}).shape)
        raise ValueError(
            f"features of shape {shape} an item are not what a preset gives for this waveform; "
            "give the spec to begin with"
        )
    state, start = best
    return _none(items, state.fields, start)


def _starts(item: Evidence, spec: Spec | None, rate: float | None) -> Iterator[tuple[float, Start]]:
    """Yield recipes to start from, with the residual of each; the given one first."""
    if spec is not None:
        for start in given(item, spec):
            yield 0.0, start
    for promise, start in from_presets(item, rate if spec is None else spec.sample_rate):
        if spec is None or differing(start.spec._fields(), spec._fields()):
            yield promise, start


def _found(items: list[Evidence], fields: Fields, start: Start, spec: Spec | None) -> Explanation:
    made = Spec(**fields)
    base = spec if spec is not None else start.spec
    by_field, by_stage = compare(base._fields(), made._fields(), items[0].waveform)
    name = None if spec is not None else start.name
    return Explanation(
        made, base, name, by_field, by_stage, _left(items, fields), made, _tries(items)
    )


def _none(items: list[Evidence], fields: Fields, start: Start) -> Explanation:
    nearest = Spec(**fields)
    left = _left(items, fields)
    return Explanation(None, start.spec, start.name, [], [], left, nearest, _tries(items))


def _left(items: list[Evidence], fields: Fields) -> float:
    """Return the mean absolute difference over all items."""
    total = []
    for item in items:
        made, target = item.run(fields), item.target(fields)
        if made is None or made.shape != target.shape:
            return item.residual(fields) * item.spread
        total.append(float(distance(made, target).mean()))
    return float(np.mean(total))


def _tries(items: list[Evidence]) -> int:
    return sum(item.tries for item in items)
