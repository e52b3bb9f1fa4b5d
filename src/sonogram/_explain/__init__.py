# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Which stages differ between two recipes, and which recipe made given features."""

from .api import explain
from .report import Difference, Explanation

__all__ = ["Difference", "Explanation", "explain"]
