# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""_core.pyi says of the compiled module what the compiled module says of itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from support.peers import peer

import sonogram
from sonogram import _core

STUB = Path(sonogram.__file__).with_name("_core.pyi")


@pytest.mark.slow
def test_stubtest_finds_nothing(tmp_path):
    """Of names, classes and properties; there is no list of what it may find."""
    peer("mypy.stubtest")
    command = [sys.executable, "-m", "mypy.stubtest", "sonogram._core"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr


def functions(body, owner=""):
    """Functions and methods of a stub by their dotted names."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from functions(node.body, f"{node.name}.")
        elif isinstance(node, ast.FunctionDef):
            yield owner + node.name, node


STUBS = {
    name: node
    for name, node in functions(ast.parse(STUB.read_text()).body)
    if not name.startswith("RefusesUnknownArguments.")  # the one class that is not pybind11's
}


def compiled(name):
    """The signature that pybind11 writes into a docstring, parsed; None where it writes none."""
    owner, _, last = name.rpartition(".")
    thing = vars(getattr(_core, owner) if owner else _core)[last]
    text = (thing.fget if isinstance(thing, property) else thing).__doc__
    line = text.strip().splitlines()[0]
    if isinstance(thing, property):
        line = last + line.replace("arg0", "self", 1)
    if not line.startswith(f"{last}("):
        return None
    return ast.parse(f"def {line}: ...").body[0]


def arguments(function, of_class):
    """Names, with None for those that cannot be named in a call, and defaults."""
    given = function.args
    assert not given.kwonlyargs
    names = [None] * len(given.posonlyargs) + [a.arg for a in given.args]
    names = [None if name and name.startswith("arg") else name for name in names]
    if of_class:
        names[0] = "self"
    return names, [ast.literal_eval(value) for value in given.defaults]


@pytest.mark.parametrize("name", STUBS)
def test_arguments_are_those_of_the_compiled_function(name):
    """Stubtest does not look at them: Python has no signature of what pybind11 makes."""
    function = compiled(name)
    if function is None:
        assert name == "SignalNumbers.__init__"  # which always raises
        with pytest.raises(TypeError, match="No constructor"):
            _core.SignalNumbers()
        return
    of_class = "." in name
    assert arguments(STUBS[name], of_class) == arguments(function, of_class)


# What pybind11 says is returned, and the types that a stub may make of it; its "object" may be all.
RETURNED = {
    "None": {"None"}, "int": {"int"}, "str": {"str"}, "bool": {"bool"}, "dict": {"dict"},
    "list": {"list"}, "tuple": {"tuple"}, "numpy.ndarray": {"npt.NDArray"},
    "numpy.typing.NDArray": {"npt.NDArray"}, "sonogram._core.SignalNumbers": {"SignalNumbers"},
}  # fmt: skip


@pytest.mark.parametrize("name", STUBS)
def test_what_is_returned_is_what_the_compiled_function_returns(name):
    function = compiled(name)
    kind = "object" if function is None else outer(function.returns)
    if kind != "object":
        assert outer(STUBS[name].returns) in RETURNED[kind]


def outer(annotation):
    """A type without what is in its brackets."""
    bare = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return ast.unparse(bare)
