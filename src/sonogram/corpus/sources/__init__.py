# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Where items come from: folders, lists, tables, Kaldi data directories, archives."""
