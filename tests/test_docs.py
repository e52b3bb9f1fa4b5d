# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The examples of the docstrings run and print what they say."""

import doctest
import importlib
import inspect
import re
import runpy
from pathlib import Path

import pytest

import sonogram

ROOT = Path(__file__).parent.parent
MODULES = (
    "",
    "._banks.scales",
    "._spec.record",
    "._features.extractor",
    "._features.functional",
    "._features.transforms",
    ".audio",
    "._plot.figure",
    "._features.batch",
    "._features.cepstra",
    "._features.deltas_and_pcen",
    ".kaldi",
    ".configs.hf",
    ".configs.hifigan",
    ".configs.kaldi",
    ".configs.nemo",
    ".corpus.job.extract",
    ".corpus.read.integrations",
    "._support.embed",
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


def test_the_page_of_streams_says_what_the_library_does():
    script = ROOT / "benchmarks" / "stream_presets.py"
    page = (ROOT / "docs" / "streaming.md").read_text(encoding="utf-8")
    assert runpy.run_path(str(script))["page"]() == page


@pytest.mark.parametrize("name", sonogram.presets())
def test_what_is_said_to_serve_a_stream_serves_it(name):
    spec = sonogram.preset(name)
    choices = " ".join(o.choices for o in sonogram.streaming(spec))
    given = {n: "running" for n in ("maximum", "mean", "std") if re.search(rf"\b{n}\b", choices)}
    if all(o.stage.startswith("finish stage") for o in sonogram.streaming(spec)):
        assert sonogram.Stream(spec, **given).num_frames == 0
    else:
        with pytest.raises(ValueError, match="the whole signal, which a stream does not have"):
            sonogram.Stream(spec, **given)
