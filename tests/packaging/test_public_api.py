# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Public names and signatures change on purpose alone."""

import difflib
from dataclasses import is_dataclass
from inspect import Parameter, signature
from pkgutil import resolve_name

import public_api
import pytest

import sonogram

HOW = """\
the public names or signatures are not those of tests/packaging/public_api.txt:

{}

If that is meant: say it in CHANGELOG.md, under [Unreleased], and run

    python tests/packaging/public_api.py
"""


def test_the_public_api_is_what_it_was():
    before = public_api.SNAPSHOT.read_text(encoding="utf-8").splitlines()
    changes = list(difflib.unified_diff(before, public_api.lines(), "before", "now", "", "", 0, ""))
    if changes:
        pytest.fail(HOW.format("\n".join(changes)), pytrace=False)


def test_no_line_hangs_on_the_run():
    """Nor on the machine: addresses and paths would make it another one each time."""
    for line in public_api.SNAPSHOT.read_text(encoding="utf-8").splitlines():
        assert " at 0x" not in line
        assert "/" not in line


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda p: p.setattr(sonogram, "__all__", [*sonogram.__all__, "_core"]), "+sonogram._core"),
        (lambda p: p.setattr(sonogram, "stft", lambda waveform, n_fft=512: None), "n_fft=512"),
        (lambda p: p.delattr(sonogram.Extractor, "num_frames"), "-sonogram.Extractor.num_frames"),
        (lambda p: p.setattr(sonogram.Extractor, "mean", property(id), raising=False), "or.mean: "),
    ],
)
def test_a_change_is_seen_and_said(change, line, monkeypatch):
    change(monkeypatch)
    with pytest.raises(pytest.fail.Exception, match="CHANGELOG") as failure:
        test_the_public_api_is_what_it_was()
    assert line in str(failure.value)
    assert "python tests/packaging/public_api.py" in str(failure.value)


def methods_and_functions():
    """Public functions, methods and classes, with the objects that methods get first."""
    for name, thing, member in public_api.names():
        function = public_api.called(thing)
        made = isinstance(thing, type)
        if made and (is_dataclass(thing) or issubclass(thing, (tuple, Exception))):
            continue  # what calls return, and Spec, which is asked above
        if function is None or (name.endswith("__") and not name.endswith("__call__")):
            continue
        owner = resolve_name(name.rpartition(".")[0])
        given = ()
        if member:
            given = (owner,) if isinstance(thing, classmethod) else (owner.__new__(owner),)
        known = list(signature(function).parameters.values())[len(given) :]
        if known and known[-1].kind is not Parameter.VAR_KEYWORD:
            yield name, function, given, known[0].name


def test_every_public_name_answers_an_unknown_argument():
    asked = list(methods_and_functions())
    assert len(asked) > 90
    for name, function, given, known in asked:
        with pytest.raises(TypeError) as caught:
            function(*given, nonesuch=1)
        assert f"has no argument 'nonesuch'; it has {known}" in str(caught.value), name
