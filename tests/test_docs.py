# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The examples of the docstrings run and print what they say."""

import doctest
import importlib
import inspect
from pathlib import Path

import pytest

import sonogram

ROOT = Path(__file__).parent.parent
MODULES = (
    "",
    "._scales",
    "._spec",
    "._extractor",
    "._functional",
    ".transforms",
    ".audio",
    "._plot",
    "._batch",
    "._cepstra",
    "._dynamics",
    ".kaldi",
    ".configs._hf",
    ".configs._hifigan",
    ".configs._kaldi",
    ".configs._nemo",
    ".corpus._job",
    ".corpus._hooks",
    "._embed",
)


@pytest.mark.parametrize("module", MODULES, ids=lambda name: f"sonogram{name}")
def test_examples_of_the_docstrings_print_what_they_say(module, monkeypatch, tmp_path):
    if not (ROOT / "examples").is_dir():
        pytest.fail("the examples folder stands beside the tests")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    found = doctest.testmod(importlib.import_module(f"sonogram{module}"))
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize("name", sorted(set(sonogram.__all__) - {"__version__"}))
def test_every_public_name_says_what_it_is(name):
    assert inspect.getdoc(getattr(sonogram, name))
