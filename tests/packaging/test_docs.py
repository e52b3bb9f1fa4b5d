# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The examples of docstrings, README and docs run and print what they say."""

import ast
import doctest
import importlib
import inspect
import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT
from support.peers import peer

import sonogram

PACKAGE = Path(sonogram.__file__).parent
# What a module needs beside the test group, else its examples are skipped.
NEEDS = {"sonogram.corpus.lhotse": "lhotse", "sonogram.torch": "torch"}
PAGES_THAT_NEED = {"docs/torch.md": "torch"}


def modules_with_examples():
    """Find the modules whose text holds a prompt, without importing them."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if re.search(r"^\s*>>> ", path.read_text(encoding="utf-8"), re.MULTILINE):
            parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.fixture
def here(monkeypatch, tmp_path):
    if not (ROOT / "examples").is_dir():
        pytest.fail("the examples folder stands beside the tests")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("module", list(modules_with_examples()))
def test_docstring_examples_print_their_documented_output(module, here):
    for needing, package in NEEDS.items():
        if module.startswith(needing):
            peer(package)
    (here / "examples").symlink_to(ROOT / "examples")
    found = doctest.testmod(importlib.import_module(module))
    assert found.attempted > 0
    assert found.failed == 0


def blocks(page, languages):
    """Return the language and the text of every block of these, in order."""
    return re.findall(rf"^```({languages})\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def described(value):
    """Return what a comment beside the value may begin with."""
    shape = getattr(value, "shape", None)
    if shape is None or not shape:
        return [repr(value)]
    return [str(value.tolist()), f"{list(shape)}", f"{value.dtype} {list(shape)}"]


def run_python(block, names):
    """Run a block; what is said beside an expression of values or shapes is what it gives."""
    lines = block.splitlines()
    checked = 0
    for statement in ast.parse(block).body:
        code = ast.unparse(statement)
        if not isinstance(statement, ast.Expr):
            exec(code, names)
            continue
        value = eval(code, names)
        said = lines[statement.end_lineno - 1].partition("  # ")[2].strip()
        if re.match(r"\(\)|\d|\[\d|\(+\d|True|False|(float|complex)\d+ \[", said):
            assert any(said.startswith(words) for words in described(value)), (code, said)
            checked += 1
    return checked


def run_page(page):
    """Run the blocks for Python and the shell in order; return how many of each were checked.

    Of the shell, pip's lines are the gate's and cmake's those of test_embed.py.
    """
    bin_folder = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": bin_folder + os.pathsep + os.environ["PATH"]}
    names, checked, ran = {}, 0, 0
    for language, text in blocks(page.read_text(encoding="utf-8"), "python|bash"):
        if language == "python":
            checked += run_python(text, names)
            continue
        for line in text.replace("\\\n", " ").splitlines():
            if line.startswith(("sonogram ", "python ")):
                subprocess.run(["sh", "-c", line], env=environment, check=True, timeout=300)
                ran += 1
    return checked, ran


def runnable_pages():
    """Find the pages with blocks of Python, or of commands that `run_page` runs."""
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for language, text in blocks(page.read_text(encoding="utf-8"), "python|bash"):
            if language == "python" or re.search(r"^(sonogram|python) ", text, re.MULTILINE):
                yield str(page.relative_to(ROOT))
                break


@pytest.mark.slow
@pytest.mark.parametrize("page", list(runnable_pages()))
def test_the_blocks_of_a_page_run_in_order_and_leave_nothing_that_git_sees(page, here):
    if page in PAGES_THAT_NEED:
        peer(PAGES_THAT_NEED[page])
    shutil.copytree(ROOT / "examples", here / "examples")
    shutil.copy(ROOT / ".gitignore", here)
    git = shutil.which("git")
    if git:
        subprocess.run([git, "init", "-q"], check=True, timeout=60)
        subprocess.run([git, "add", "-A"], check=True, timeout=60)
    checked, ran = run_page(ROOT / page)
    assert checked + ran > 0
    if page == "README.md":
        assert checked >= 4
        assert ran >= 2
    if git:
        status = [git, "status", "--porcelain"]
        left = subprocess.run(status, check=True, timeout=60, capture_output=True, text=True)
        assert [line for line in left.stdout.splitlines() if not line.startswith("A ")] == []


def test_links_between_pages_lead_somewhere():
    """Relative ones, and the headings that they name."""
    pages = [ROOT / "README.md", *ROOT.glob("*/*.md"), *(ROOT / "docs").glob("*/*.md")]
    for page in pages:
        text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
        for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
            path, _, heading = link.partition("#")
            target = page.parent / path if path else page
            assert target.exists(), f"{page}: {link}"
            if heading:
                lines = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.M)
                names = [re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in lines]
                assert heading in names, f"{page}: {link}"


@pytest.mark.parametrize("name", sorted(set(sonogram.__all__) - {"__version__"}))
def test_every_public_name_has_a_docstring(name):
    assert inspect.getdoc(getattr(sonogram, name))


def test_the_streaming_page_agrees_with_the_library():
    script = ROOT / "benchmarks" / "stream_presets.py"
    page = (ROOT / "docs" / "streaming.md").read_text(encoding="utf-8")
    assert runpy.run_path(str(script))["page"]() == page


@pytest.mark.parametrize("name", sonogram.presets())
def test_the_choices_that_streaming_lists_work(name):
    spec = sonogram.preset(name)
    choices = " ".join(o.choices for o in sonogram.streaming(spec))
    given = {n: "running" for n in ("maximum", "mean", "std") if re.search(rf"\b{n}\b", choices)}
    if all(o.stage.startswith("finish stage") for o in sonogram.streaming(spec)):
        assert sonogram.Stream(spec, **given).num_frames == 0
    else:
        with pytest.raises(ValueError, match="the whole signal, which a stream does not have"):
            sonogram.Stream(spec, **given)
