# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What audio files declare: encodings, and lengths that are not kept."""
