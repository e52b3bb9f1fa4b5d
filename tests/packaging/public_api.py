# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The public names and their signatures, as a program that writes public_api.txt.

What the installed package has: install it again first. A line that is another than before is a
change for users: CHANGELOG.md gets a line too.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SNAPSHOT = Path(__file__).with_name("public_api.txt")
MODULES = ("sonogram", "sonogram.corpus", "sonogram.kaldi", "sonogram.transforms",
           "sonogram.audio", "sonogram.configs")  # fmt: skip
# Methods that people call without their names; the others of the language are no promise.
SPOKEN = ("__call__", "__contains__", "__enter__", "__exit__", "__getitem__", "__iter__", "__len__")


def signature(function: Any) -> inspect.Signature:
    """A signature without its annotations, which a type checker reads and no caller sees."""
    found = inspect.signature(function)
    bare = [p.replace(annotation=p.empty) for p in found.parameters.values()]
    return found.replace(parameters=bare, return_annotation=found.empty)


def owned(kind: type, name: str) -> Any:
    """What a class of the package says of a name; None where only Python's classes say it."""
    for owner in kind.__mro__:
        if name in vars(owner):
            return vars(owner)[name] if owner.__module__.split(".")[0] == "sonogram" else None
    return None


def members(name: str, kind: type) -> Iterator[tuple[str, Any, bool]]:
    """Public methods and properties of a class, and the methods of the language that it speaks."""
    for member in sorted(dir(kind)):
        if not member.startswith("_") or member in SPOKEN:
            thing = owned(kind, member)
            if isinstance(thing, (property, classmethod, staticmethod)) or inspect.isroutine(thing):
                yield f"{name}.{member}", thing, True


def names() -> Iterator[tuple[str, Any, bool]]:
    """Every public name, what it is, and whether it is a member of a class, which comes before it.

    What has two names is there twice, its members once.
    """
    seen: set[type] = set()
    for module in map(importlib.import_module, MODULES):
        for name in sorted(module.__all__):
            thing = getattr(module, name)
            yield f"{module.__name__}.{name}", thing, False
            if isinstance(thing, type) and thing not in seen:
                seen.add(thing)
                yield from members(f"{module.__name__}.{name}", thing)


def called(thing: Any) -> Any:
    """What has a signature of ours in a thing: a function, a class with its own way to be made."""
    if isinstance(thing, (classmethod, staticmethod)):
        return thing.__func__
    if isinstance(thing, type):
        return thing if owned(thing, "__init__") or owned(thing, "__new__") else None
    return thing if inspect.isroutine(thing) else None


def lines() -> list[str]:
    """The snapshot."""
    first: dict[Any, str] = {}
    found = []
    for name, thing, member in names():
        function = called(thing)
        again = not member and function is not None and first.setdefault(thing, name) != name
        if again:
            found.append(f"{name} = {first[thing]}")
        elif function is not None:
            kind = "classmethod " if isinstance(thing, classmethod) else ""
            found.append(f"{kind}{name}{signature(function)}")
        else:
            kind = thing.__base__ if isinstance(thing, type) else type(thing)
            found.append(f"{name}: {kind.__name__}")
    return found


if __name__ == "__main__":
    SNAPSHOT.write_text("\n".join(lines()) + "\n", encoding="utf-8")
