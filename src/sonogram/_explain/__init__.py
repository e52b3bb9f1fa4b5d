# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Which stages differ between two recipes, and which recipe made given features."""

from ._explain import explain
from ._report import Difference, Explanation

__all__ = ["Difference", "Explanation", "explain"]
