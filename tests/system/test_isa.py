# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Every instruction set that this machine runs keeps the promises; others are refused by name."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from support import PROGRAMS, TESTS

import sonogram

pytestmark = pytest.mark.slow


def python(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        env={**os.environ, "PYTHONPATH": str(TESTS), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_fastest_available_set_is_in_use_unless_forced():
    available = sonogram.available_isas()
    assert len(available) == len(set(available)) >= 1
    assert sonogram.isa() in available
    if not os.environ.get("SONOGRAM_ISA"):
        assert sonogram.isa() == available[-1]  # best last


@pytest.mark.parametrize("isa", sonogram.available_isas())
def test_each_instruction_set_keeps_the_promises(isa):
    done = python(PROGRAMS / "promises.py", isa, SONOGRAM_ISA=isa)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "checked\n"


@pytest.mark.parametrize("isa", ["avx9000", "AVX 2", " ", "sse2,avx2"])
def test_an_unsupported_instruction_set_is_an_error_that_lists_the_supported(isa):
    done = python("-c", "import sonogram; sonogram.stft([0.0] * 500)", SONOGRAM_ISA=isa)
    assert done.returncode == 1, (done.returncode, done.stderr)
    last = done.stderr.strip().splitlines()[-1]
    assert "SONOGRAM_ISA" in last
    assert isa in last
    assert all(name in last for name in sonogram.available_isas())


def test_an_empty_variable_forces_nothing():
    done = python("-c", "import sonogram; print(sonogram.isa())", SONOGRAM_ISA="")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in sonogram.available_isas()


def test_show_config_names_what_runs(capsys):
    shown = sonogram.show_config()
    text = capsys.readouterr().out or str(shown)
    assert sonogram.isa() in text
    assert sonogram.__version__ in text
    assert str(sonogram.get_num_threads()) in text
