# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Nothing outside the waveform is read and nothing outside the output is written.

Both are laid against pages that may not be touched, in a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from support import PROGRAMS, TESTS
from support.lanes import slow_but

import sonogram

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="guard pages are made by mprotect")


@pytest.mark.parametrize("isa", slow_but(sonogram.available_isas(), sonogram.available_isas()[-1]))
def test_nothing_outside_waveform_and_output_is_touched(isa):
    done = subprocess.run(
        [sys.executable, PROGRAMS / "guard_pages.py"],
        env={**os.environ, "PYTHONPATH": str(TESTS), "SONOGRAM_ISA": isa},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, (done.returncode, done.stderr[-2000:])
    assert done.stdout == "nothing outside\n"
