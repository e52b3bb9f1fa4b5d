# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A corpus on disk: stores, checksums, sealed files, settings and writers."""
