# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A whole job: claiming the folder, planning, running, committing and reporting progress."""
