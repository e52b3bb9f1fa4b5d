# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The front ends that the presets promise to equal, as their own projects compute them."""

from __future__ import annotations

from . import conformers, kaldis, tagging, vocoders, whispers
from .record import Original, needed

ORIGINALS: dict[str, Original] = {
    **whispers.ORIGINALS,
    **vocoders.ORIGINALS,
    **kaldis.ORIGINALS,
    **conformers.ORIGINALS,
    **tagging.ORIGINALS,
}

__all__ = ["ORIGINALS", "Original", "needed"]
