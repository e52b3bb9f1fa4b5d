# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The commands ``sonogram presets`` and ``sonogram explain``."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .._explain import Explanation, explain
from .._spec.presets import preset, presets
from .._spec.record import Spec
from .._support.optional import require
from ..audio import load
from .messages import UsageError, complain, complain_of, one_line
from .parameters import Parameters, parameter
from .spec_options import read_spec

PRESETS_HELP = """List the presets: models' front ends by name."""
EXPLAIN_HELP = """Say how two recipes differ, or which recipe made given features.

A and B are two recipes: names of presets or JSON files of a sonogram.Spec. Or A are features
(.npy, .npz) and B the audio file that they were made of; the search begins with --preset or --spec
where one is given. Exit code 1 where no recipe fits.

Example: sonogram explain features.npy speech.flac --preset whisper-80
"""
_FEATURES = (".npy", ".npz")


def preset_options(typer: Any) -> Parameters:
    """Return the parameters of ``presets``."""
    as_json = typer.Option(False, "--json", help="Print a JSON object a line, with the spec.")
    words = typer.Argument(None, metavar="[WORD...]", help="Only names that hold these.")
    return [parameter("words", list[str] | None, words), parameter("json", bool, as_json)]


def explain_options(typer: Any) -> Parameters:
    """Return the parameters of ``explain``."""
    a = typer.Argument(..., metavar="A", help="A recipe, or features.", show_default=False)
    b = typer.Argument(..., metavar="B", help="A recipe, or audio.", show_default=False)
    name = typer.Option(None, help="Begin with this preset.", metavar="NAME")
    spec = typer.Option(None, help="Begin with this Spec.", metavar="FILE.json")
    audio = typer.Option(None, help="Measure two recipes on this file.", metavar="FILE")
    mono = typer.Option(False, "--mono", help="Average the channels into one.")
    as_json = typer.Option(False, "--json", help="Print a JSON object.")
    return [
        parameter("a", str, a),
        parameter("b", str, b),
        parameter("preset", str | None, name),
        parameter("spec", str | None, spec),
        parameter("audio", str | None, audio),
        parameter("mono", bool, mono),
        parameter("json", bool, as_json),
    ]


def list_presets(given: Mapping[str, Any]) -> int:
    """Run ``sonogram presets`` and return the exit code."""
    words = given["words"] or []
    chosen = [
        p
        for p in presets().values()
        if all(any(w.lower() in n.lower() for n in (p.name, *p.aliases)) for w in words)
    ]
    if not chosen:
        return complain(f"no preset's name holds {' '.join(words)}")
    if given["json"]:
        for p in chosen:
            entry = {"name": p.name, "aliases": p.aliases, "reference": p.reference}
            print(json.dumps({**entry, "tolerance": p.tolerance, "spec": p.spec.to_dict()}))
        return 0
    rows = [
        (p.name, f"{p.spec.sample_rate:g} Hz", _size(p.spec), ", ".join(p.aliases), p.reference)
        for p in chosen
    ]
    _print_table(("name", "rate", "bands", "also", "reference"), rows)
    return 0


def _size(spec: Spec) -> str:
    if spec.output == "waveform":
        return "waveform"
    if spec.filterbank is None:
        return f"{spec.n_fft // 2 + 1} bins"
    kind = spec.filterbank if isinstance(spec.filterbank, str) else "matrix"
    return f"{spec.n_mels} {kind}"


def _print_table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Print a table on a terminal, and lines of tab-separated fields elsewhere."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(map(one_line, row)))
        return
    table = require("rich.table", "cli", "the command line").Table(*head, box=None)
    text = require("rich.text", "cli", "the command line").Text
    for row in rows:
        table.add_row(*(text(one_line(cell), overflow="fold") for cell in row))
    require("rich.console", "cli", "the command line").Console(highlight=False).print(table)


def explain_these(given: Mapping[str, Any]) -> int:
    """Run ``sonogram explain`` and return the exit code."""
    if Path(given["a"]).suffix.lower() in _FEATURES:
        return _of_features(given)
    if given["preset"] is not None or given["spec"] is not None:
        raise UsageError("--preset and --spec are for features; A and B are recipes already")
    a, b = _recipe(given["a"]), _recipe(given["b"])
    waveform = None
    if given["audio"] is not None:
        try:
            waveform = load(given["audio"], int(a.sample_rate), given["mono"])[0]
        except (OSError, ValueError, ImportError) as error:
            return complain_of(given["audio"], error)
    return _print_result(explain(a, b, waveform), given)


def _of_features(given: Mapping[str, Any]) -> int:
    if given["preset"] is not None and given["spec"] is not None:
        raise UsageError("--preset and --spec disagree; give one of them")
    start = None
    if given["preset"] is not None:
        start = _recipe(given["preset"])
    elif given["spec"] is not None:
        start = read_spec(given["spec"])
    try:
        features = _features(given["a"])
    except (OSError, ValueError) as error:
        return complain_of(given["a"], error)
    try:
        rate = None if start is None else int(start.sample_rate)
        waveform, rate = load(given["b"], rate, given["mono"])
    except (OSError, ValueError, ImportError) as error:
        return complain_of(given["b"], error)
    if features.ndim == 2 and waveform.shape[0] == 1:
        waveform = waveform[0]
    try:
        found = explain(features, waveform, start, sample_rate=rate)
    except (ValueError, TypeError) as error:
        return complain_of(given["a"], error)
    return _print_result(found, given)


def _features(path: str) -> Any:
    stored = np.load(path, allow_pickle=False)
    if isinstance(stored, np.ndarray):
        return stored
    with stored:
        if "features" not in stored:
            raise ValueError(f"holds {', '.join(stored)}; features are wanted")
        return stored["features"]


def _recipe(text: str) -> Spec:
    if text.lower().endswith(".json"):
        return read_spec(text)
    try:
        return preset(text)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _print_result(found: Explanation, given: Mapping[str, Any]) -> int:
    if given["json"]:
        print(json.dumps(found.to_dict()))
    else:
        print(found)
    return 1 if found.spec is None else 0
