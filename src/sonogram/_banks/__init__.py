# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Filterbanks, the scales that they are drawn on, and the check for empty filters."""
