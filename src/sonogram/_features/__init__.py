# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""From waveforms to features: extractors, functions, transforms, batches, streams, long files."""
