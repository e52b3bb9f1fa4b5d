# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Whether a recipe fits: every item, every frame, nearly every number."""

from __future__ import annotations

import numpy as np

from .evidence import Evidence
from .recipe import Fields

# In standard deviations of the features. Originals that compute the same thing in another order
# differ by 2e-6 on average and 5e-3 in single near-silent bins; a wrong epsilon, window or edge
# leaves more.
MEAN = 1e-5
MOST = 0.998  # share of the numbers that must lie within NEAR
NEAR = 2e-3


def fits(items: list[Evidence], fields: Fields) -> bool:
    """Say whether a recipe gives these features, of every item."""
    return all(_fits(item, fields) for item in items)


def _fits(item: Evidence, fields: Fields) -> bool:
    made, target = item.run(fields), item.target(fields)
    if (
        made is None
        or made.shape != target.shape
        or np.iscomplexobj(made) != np.iscomplexobj(target)
    ):
        return False
    far = item.far(made, target) / item.spread
    return bool(far.mean() <= MEAN and np.mean(far <= NEAR) >= MOST)
