# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""From an item to samples: decoders, and bytes fetched ahead."""
