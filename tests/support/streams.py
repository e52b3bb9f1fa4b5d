# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Seeded signals and chunkings, and a stream's pushes joined."""

from __future__ import annotations

from typing import Any

import numpy as np

import sonogram

DTYPES = ("float32", "float64", "int16", "int32")


def signal(
    rng: np.random.Generator, samples: int, dtype: str, channels: tuple[int, ...] = ()
) -> Any:
    """Return noise at -12 dB or so with a step of level in it."""
    x = rng.standard_normal((*channels, samples)) * 0.2
    x[..., samples // 3 : samples // 2] *= 0.01
    if dtype.startswith("int"):
        top = np.iinfo(dtype).max
        return np.clip(x * top, -top, top).astype(dtype)
    return x.astype(dtype)


def chunks(rng: np.random.Generator, samples: int, largest: int) -> list[int]:
    """Return chunk sizes from 0 to `largest` that sum to `samples`."""
    sizes: list[int] = []
    left = samples
    while left > 0:
        n = min(left, int(rng.integers(0, largest + 1)))
        sizes.append(n)
        left -= n
    return sizes


def time_axis(spec: sonogram.Spec) -> int:
    """Return the axis, from the end, along which pushes are joined."""
    if spec.output == "waveform":
        return -1
    if spec.finish and spec.finish[-1][0] == "patches":
        return -3
    return -1 if spec.layout == "freq_time" else -2


def joined(stream: sonogram.Stream, x: Any, sizes: list[int], flush: bool = False) -> Any:
    """Push `x` in pieces; the last push or `flush` ends it."""
    parts, at = [], 0
    for i, n in enumerate(sizes):
        last = not flush and i + 1 == len(sizes)
        parts.append(stream.push(x[..., at : at + n], last=last))
        at += n
    if flush or not sizes:
        parts.append(stream.flush() if sizes else stream.push(x, last=True))
    assert stream.num_frames == sum(p.shape[time_axis(stream.spec)] for p in parts)
    return np.concatenate(parts, axis=time_axis(stream.spec))


def outcome(call: Any) -> Any:
    """Return the result, or the text of its ValueError."""
    try:
        return call()
    except ValueError as error:
        return str(error)


def assert_same(got: Any, want: Any) -> None:
    """Assert the same bits (NaN is NaN), or the same error."""
    if isinstance(want, str) or isinstance(got, str):
        assert got == want
        return
    assert got.dtype == want.dtype
    np.testing.assert_array_equal(got, want)
