# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What a corpus is on disk: stores, checksums, sealed files, settings, writers."""
