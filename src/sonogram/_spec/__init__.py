# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What to compute: the record `Spec`, and those of known models by name."""
