# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Reading a corpus back: a lazy sequence, torch datasets, hooks of other pipelines."""
