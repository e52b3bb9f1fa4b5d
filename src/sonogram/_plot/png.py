# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""PNG files of up to 256 colours (Portable Network Graphics, second edition, W3C 2003)."""

import struct
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_PALETTE_COLOURS = 3  # a byte a pixel, an index of PLTE
# Noise has nothing that deflate's better matches find: higher levels double the time for 3 %.
_LEVEL = 3


def encoded(pixels: Array, colours: Array) -> bytes:
    """Return the PNG of uint8 indices ``[height, width]`` into uint8 colours ``[n, 3]``."""
    height, width = pixels.shape
    header = struct.pack(">IIBBBBB", width, height, 8, _PALETTE_COLOURS, 0, 0, 0)
    # every line begins with the number of its filter: 0, none, as indices have no gradient
    lines = np.zeros((height, width + 1), np.uint8)
    lines[:, 1:] = pixels
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"PLTE", colours.astype(np.uint8).tobytes()),
            _chunk(b"IDAT", zlib.compress(lines.data, _LEVEL)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
