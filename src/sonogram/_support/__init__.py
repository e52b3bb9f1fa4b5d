# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What every room needs: checks of arguments, paths, optional libraries, threads."""
