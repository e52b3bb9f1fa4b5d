# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""``python -m sonogram`` is the command ``sonogram``."""

import sys

from ._cli import main

sys.exit(main())
