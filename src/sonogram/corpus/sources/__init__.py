# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The sources of items: folders, lists, tables, Kaldi data directories and archives."""
