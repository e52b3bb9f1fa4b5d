# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The position of samples in containers that are wider than they are."""

from typing import Any, Literal

import numpy as np

_BLOCK = 1 << 18  # samples examined at a time


def justified(
    file: Any, start: int, length: int, width: int, order: str, valid: int
) -> Literal["left", "right"] | None:
    """Return whether samples of `valid` bits are at the upper or lower end of `width` bytes.

    At the upper end ("left"), which the formats require, the bits below are zero; at the lower end,
    the bits above repeat the sign. None if neither holds: then only the writer knows.
    """
    spare = 8 * width - valid
    left = right = True
    done = 0
    file.seek(start)
    while done < length and (left or right):
        data = file.read(min(_BLOCK * width, length - done))
        if len(data) < width:
            break
        done += len(data)
        raw = np.frombuffer(data, np.uint8)[: len(data) // width * width].reshape(-1, width)
        if order == ">":
            raw = raw[:, ::-1]
        values = np.zeros((len(raw), 4), np.uint8)
        values[:, 4 - width :] = raw
        samples = values.view("<i4")[:, 0] >> (32 - 8 * width)
        left = left and not np.any(samples & ((1 << spare) - 1))
        limit = 1 << (valid - 1)
        right = right and bool(np.all((samples >= -limit) & (samples < limit)))
    return "left" if left else "right" if right else None
