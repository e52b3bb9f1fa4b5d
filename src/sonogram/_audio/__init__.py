# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Containers and encodings of audio files, and the check of the lengths that they declare."""
