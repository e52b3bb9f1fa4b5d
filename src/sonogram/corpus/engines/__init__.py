# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Engines, which make the shards: this process, local workers, dask, Ray or an executor."""
