# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""`sonogram.explain`: how two recipes differ, and which recipe made given features."""

from .api import explain
from .report import Difference, Explanation

__all__ = ["Difference", "Explanation", "explain"]
