# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The acceptance test of a recipe: every item, every frame and nearly every value must agree."""

from __future__ import annotations

import numpy as np

from .evidence import Evidence
from .recipe import Fields

# In standard deviations of the features. Implementations that compute the same in another order
# differ by 2e-6 on average and by 5e-3 in single near-silent bins; a wrong epsilon, window or band
# edge causes more.
MEAN = 1e-5
MOST = 0.998  # share of the values that must be within NEAR
NEAR = 2e-3


def fits(items: list[Evidence], fields: Fields) -> bool:
    """Tell whether a recipe reproduces the features of every item."""
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
