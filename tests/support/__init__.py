# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What the tests share: signals, recipes, peers, checks, and where files lie."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
ROOT = TESTS.parent
PROGRAMS = TESTS / "support" / "programs"  # which tests run as processes of their own
AUDIO = ROOT / "examples" / "audio"
