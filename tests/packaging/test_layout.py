# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The rooms of the tree stand in an order, and nothing reaches for a room that comes later.

The orders below are those of docs/architecture.md: a signal meets the rooms one after the other, so
a file may include or import from its own room and from those before it. Imports inside functions
and for type checkers count as well.
"""

import ast
import re

import pytest
from support import ROOT

CORE = ("base", "spec", "design", "signal", "finish", "extract", "stream", "presets", "capi")
KERNELS = ("vector", "fft", "frame", "rows")
PYTHON = (
    "_core",
    "_support",
    "_spec",
    "_banks",
    "_audio",
    "audio",
    "_features",
    "transforms",
    "configs",
    "kaldi",
    "torch",
    "_plot",
    "_explain",
    "corpus",
    "_cli",
    "__main__",
    "__init__",
)
CORPUS = (
    "disk",
    "sources",
    "decode",
    "formats",
    "shards",
    "check_arguments",
    "engines",
    "job",
    "read",
    "lhotse",
    "__init__",
)
pytestmark = pytest.mark.skipif(
    not (ROOT / "csrc").is_dir(), reason="the sources do not stand beside the tests"
)


def sources(folder, *suffixes):
    return sorted(p for p in (ROOT / folder).rglob("*") if p.suffix in suffixes)


def includes(path):
    return re.findall(r'^#include "([^"]+)"', path.read_text(encoding="utf-8"), flags=re.M)


def climbs(rooms, pairs):
    """Pairs of rooms whose second comes after the first, or that stand in no order."""
    return [
        f"{a} -> {b}: {where}"
        for a, b, where in pairs
        if a not in rooms or b not in rooms or rooms.index(b) > rooms.index(a)
    ]


def test_the_core_includes_only_rooms_before():
    pairs = []
    for path in sources("csrc/core", ".cpp", ".hpp"):
        room = path.relative_to(ROOT / "csrc/core").parts[0]
        for include in includes(path):
            if include.startswith("core/"):
                pairs.append((room, include.split("/")[1], f"{path.name} includes {include}"))
    assert len(pairs) > 50
    assert climbs(CORE, pairs) == []


def test_kernels_know_nothing_but_kernels():
    pairs = []
    for path in sources("csrc/kernels", ".cpp", ".hpp"):
        parts = path.relative_to(ROOT / "csrc/kernels").parts
        for include in includes(path):
            assert include.startswith("kernels/"), f"{path} includes {include}"
            target = include.split("/")[1:]
            if len(parts) > 1 and len(target) > 1:
                pairs.append((parts[0], target[0], f"{path.name} includes {include}"))
    assert climbs(KERNELS, pairs) == []


def test_the_core_knows_kernels_by_their_interface_alone():
    for path in sources("csrc/core", ".cpp", ".hpp"):
        for include in includes(path):
            assert include.split("/")[0] in ("core", "kernels", "sonogram"), f"{path}: {include}"
            if include.startswith("kernels/"):
                assert include == "kernels/kernel.hpp", f"{path} includes {include}"


def test_public_headers_include_public_headers_alone():
    for path in sources("csrc/include", ".h", ".hpp"):
        assert all(name.startswith("sonogram/") for name in includes(path)), path


def test_every_room_of_the_core_lists_its_sources():
    for path in sources("csrc/core", ".cpp"):
        listed = (path.parent / "CMakeLists.txt").read_text(encoding="utf-8")
        assert re.search(rf"\b{re.escape(path.name)}\b", listed), path


def imported(path):
    """Modules of the package that a module imports, as names below the package."""
    package = ("sonogram", *path.relative_to(ROOT / "src/sonogram").parts[:-1])
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1]] if node.level else []
            base += node.module.split(".") if node.module else []
            modules = [[*base, alias.name] for alias in node.names]
        else:
            continue
        for module in modules:
            if module[0] == "sonogram":
                yield tuple(module[1:]) or ("__init__",)


def room_of(path, top):
    parts = path.relative_to(top).with_suffix("").parts
    return parts[0]


def test_the_package_imports_only_rooms_before():
    top = ROOT / "src/sonogram"
    pairs = []
    for path in sources("src/sonogram", ".py"):
        room = room_of(path, top)
        for module in imported(path):
            # a name that is no room is a name of the package itself, which stands above all
            target = module[0] if module[0] in PYTHON else "__init__"
            pairs.append((room, target, f"{path.relative_to(top)} imports {'.'.join(module)}"))
    assert len(pairs) > 200
    assert climbs(PYTHON, pairs) == []


def test_the_corpus_imports_only_rooms_before():
    top = ROOT / "src/sonogram/corpus"
    pairs = []
    for path in sources("src/sonogram/corpus", ".py"):
        for module in imported(path):
            if module[0] == "corpus" and len(module) > 1:
                target = module[1] if module[1] in CORPUS else "__init__"
                pairs.append((room_of(path, top), target, f"{path.name}: {'.'.join(module)}"))
    assert len(pairs) > 80
    assert climbs(CORPUS, pairs) == []


def test_no_default_turns_a_new_value_into_an_old_one():
    """Without a default the compiler names the value of an enumeration that a switch forgets.

    One that says that it does not know, by throwing or by null, may stay.
    """
    honest = re.compile(r"default:\s*(throw_|return nullptr;)")
    any_radix = "default: return merge<0>(leaves, sink);"  # a number, not an enumeration
    for path in sources("csrc", ".cpp", ".hpp"):
        text = path.read_text(encoding="utf-8").replace(any_radix, "")
        for found in re.finditer(r"\bdefault:", text):
            line = text.count("\n", 0, found.start()) + 1
            assert honest.match(text, found.start()), f"{path.name}, line {line}"


def test_no_keyword_is_redefined():
    for path in sources("csrc", ".cpp", ".hpp", ".h"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"#\s*define\s+(private|protected|class)\b", text), path


@pytest.mark.parametrize("header", sources("csrc/kernels", ".hpp"), ids=lambda path: path.stem)
def test_every_kernel_header_includes_what_it_uses(header):
    """Names of other kernel headers are found through the includes of this one alone."""
    seen, todo = set(), [header]
    while todo:
        path = todo.pop()
        if path not in seen:
            seen.add(path)
            todo += [ROOT / "csrc" / name for name in includes(path)]
    reachable = {path.name for path in seen}
    text = header.read_text(encoding="utf-8")
    assert "#pragma once" in text
    for word, home in (
        ("Array<", "array.hpp"),
        ("Pack<", "simd.hpp"),
        ("RealFft<", "real_fft.hpp"),
    ):
        if word in text:
            assert home in reachable, f"{header} uses {word}> without {home}"
