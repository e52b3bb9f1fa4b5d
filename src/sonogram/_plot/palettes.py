# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Colours without matplotlib.

The perceptual palettes are those of matplotlib, given here by a few colours that a cubic
(Catmull and Rom, 1974) passes through: no channel of 256 colours is off by more than 1 of 255.
Magma, inferno and viridis are by N. J. Smith and S. van der Walt (2015, CC0), cividis by
J. R. Nunez, C. R. Anderton and R. S. Renslow (2018).
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from .._support.arguments import shown

Array = npt.NDArray[Any]

_POINTS = {
    "magma": (
        "000003 030311 0a0822 130d33 1d1146 28115a 36106a 430f76 50127c 5d177f 691c81 762181 "
        "822681 8f2a81 9c2e7f a9327d b63779 c33b75 cf4170 db486a e65163 ee5c5e f5695c f9785d "
        "fb8761 fd9668 fea571 feb47b fec387 fed194 fde0a2 fceeb0 fcfdbf"
    ),
    "viridis": (
        "440154 470d60 48186a 482374 472d7b 453681 424086 3f4989 3b528b 375a8d 33638d 2f6a8e "
        "2c728e 297a8e 26818e 23898e 21908c 1f988b 1f9f88 21a685 28ae80 31b57b 3ebc74 4cc26c "
        "5dc963 6ece58 82d34c 96d83f abdc32 c0df24 d5e21a eae51a fde724"
    ),
    "inferno": (
        "000003 030312 0b0724 150b37 210c4a 2f0a5a 3c0965 4a0c6b 57106d 63146e 70196e 7d1e6d "
        "89226a 962766 a32b61 af315c bb3755 c63e4d d14644 db4f3b e35932 eb6528 f1711e f67f14 "
        "f98d0a fb9c06 fcab0f fbba1f f9ca32 f5d949 f2e865 f3f586 fcffa5"
    ),
    "cividis": (
        "00224e 002554 00285b 002b62 002e6a 003070 043370 123570 1a386f 213b6e 273e6e 2d416d "
        "32436d 36466c 3b496c 3f4c6c 434e6c 47516c 4b546c 4f576c 52596d 565c6d 5a5f6e 5d626e "
        "61656f 646770 686a71 6b6d72 6f7073 727374 757676 797877 7c7b78 807e78 848179 878478 "
        "8b8778 8f8a78 938d78 979077 9b9376 9f9676 a39a75 a79d74 aba072 afa371 b3a670 b7aa6e "
        "bbad6c bfb06b c3b469 c8b766 ccba64 d0be61 d4c15f d9c55c ddc958 e1cc55 e6d051 ead44c "
        "efd748 f4db42 f8df3c fde335 fee837"
    ),
    "gray": ("000000 ffffff"),
}  # fmt: skip
NAMES = tuple(_POINTS)


def palette(cmap: Any, count: int = 256) -> Array:
    """Return colours from low to high, uint8 ``[count, 3]``.

    Parameters
    ----------
    cmap : str or array_like
        A name of `NAMES`, reversed with "_r" behind it, or colours ``[n, 3]`` evenly spaced from
        low to high: integers from 0 to 255, or floats from 0 to 1.
    count : int
        How many.
    """
    if isinstance(cmap, str):
        name = cmap.removesuffix("_r")
        if name not in _POINTS:
            raise ValueError(
                f"cmap is {cmap!r}; it must be one of {', '.join(map(repr, NAMES))}, one of these "
                "with '_r' behind it, or colours [n, 3]"
            )
        points = np.array([list(bytes.fromhex(one)) for one in _POINTS[name].split()], np.float64)
        places = np.linspace(0, len(points) - 1, count)
        colours = _cubic(points, places)[:: -1 if cmap.endswith("_r") else 1]
        return np.asarray(np.rint(np.clip(colours, 0, 255)), np.uint8)
    points = _given(cmap)
    places = np.linspace(0, len(points) - 1, count)
    listed = [np.interp(places, np.arange(len(points)), points[:, channel]) for channel in range(3)]
    return np.asarray(np.rint(np.stack(listed, axis=1)), np.uint8)


def _given(cmap: Any) -> Array:
    """Return given colours as floats from 0 to 255."""
    try:
        points = np.asarray(cmap)
    except ValueError:
        points = np.zeros(0)
    if (
        points.dtype.kind not in "fiu"
        or points.ndim != 2
        or points.shape[1] != 3
        or not len(points)
    ):
        raise TypeError(
            f"cmap is {shown(cmap)}; it must be the name of a palette or colours [n, 3]"
        )
    most = 1.0 if points.dtype.kind == "f" else 255
    if not (np.isfinite(points).all() and points.min() >= 0 and points.max() <= most):
        raise ValueError(
            f"cmap has values from {points.min():g} to {points.max():g}; they must be integers "
            "from 0 to 255, or floats from 0 to 1"
        )
    made: Array = points * (255.0 / most)
    return made


def _cubic(points: Array, places: Array) -> Array:
    """Interpolate rows of `points` with the cubic of Catmull and Rom, straight on at the ends."""
    whole = np.minimum(places.astype(int), len(points) - 2)
    part = (places - whole)[:, None]
    ends = [2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]]
    padded = np.concatenate(ends)
    before, start, stop, after = (padded[whole + step] for step in range(4))
    slope = stop - before
    square = 2 * before - 5 * start + 4 * stop - after
    cube = 3 * (start - stop) + after - before
    return np.asarray(start + 0.5 * part * (slope + part * (square + part * cube)))
