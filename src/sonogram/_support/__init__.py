# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Shared helpers: argument checks, arrays, paths, optional libraries and threads."""
