# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Who makes the shards: this process, workers of this machine, dask, Ray, an executor."""
