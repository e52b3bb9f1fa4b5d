# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Figures: numbers of the raster, and how matplotlib draws them."""
