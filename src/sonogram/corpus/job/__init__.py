# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A whole job: claim the folder, plan, run, commit, report progress."""
