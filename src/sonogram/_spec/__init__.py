# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The record `Spec`, which says what to compute, and the Specs of known models by name."""
