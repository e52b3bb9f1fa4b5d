# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What an original is, and how its package is found."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from support import tolerance
from support.peers import peer

Run = Callable[[np.ndarray], np.ndarray]

# Comparisons with these are owed by every run that requires peers (the project's "peers" group);
# the others live in an environment of their own, where SONOGRAM_REQUIRE_ORIGINALS=1 owes them all.
PEERS = ("torch", "torchaudio", "librosa", "whisper")

CONVOLVED = 4 * tolerance.NOISE  # sums of a thousand products, where an FFT has ten stages
NUMPY_FFT = "NumPy's FFT works in float64 inside, also on float32 samples, and rounds to complex64"


@dataclass(frozen=True)
class Original:
    """A model's front end as its own project computes it, in the preset's layout.

    `run` takes float32 samples. It is the original itself where `living`, else the recipe in this
    project's words, made of the same calls in the same order and precision. `double` is the recipe
    in float64 from end to end, from other code than this project's reference. `single` is the
    recipe with a float32 FFT, where `run` has none: the error of float32 is then the larger of the
    two. `wide` says that `run` keeps float64 to its last rounding, so that float64 meets it. On the
    signals of `undefined` the original is 0/0. `noise` is what its transform errs by, in the
    units of tests/support/tolerance.py.
    """

    run: Run
    needs: tuple[str, ...]
    double: Run | None = None
    single: Run | None = None
    living: bool = False
    wide: bool = False
    note: str = ""
    undefined: tuple[str, ...] = ()
    noise: float = tolerance.NOISE


def needed(original: Original) -> None:
    """Import what an original needs, or skip the test (or fail it, where it is required)."""
    for name in original.needs:
        package(name)


def package(name: str) -> Any:
    """Import a package that an original needs; see PEERS for what its absence means."""
    if name in PEERS:
        return peer(name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # theirs, not ours
            return shipped_file(name) if name.endswith(".py") else importlib.import_module(name)
    except ImportError as error:
        reason = f"the original needs {name}: {error}"
        if os.environ.get("SONOGRAM_REQUIRE_ORIGINALS", "0") not in ("", "0"):
            pytest.fail(reason)
        pytest.skip(reason)


def shipped_file(path: str) -> Any:
    """Load one module file of an installed package without the imports of the package around it."""
    distribution = path.split("/")[0].replace("_", "-")
    try:
        found = importlib.metadata.distribution(distribution).locate_file(path)
    except importlib.metadata.PackageNotFoundError as error:
        raise ImportError(str(error)) from error
    spec = importlib.util.spec_from_file_location(path.replace("/", "_")[:-3], found)
    if spec is None or spec.loader is None:
        raise ImportError(f"no module at {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def transformers_class(name: str) -> Any:
    """Return a feature extractor class of transformers, its log kept quiet."""
    peer("torchaudio")  # its stand-in must be there before transformers looks for it
    transformers = package("transformers")
    transformers.logging.set_verbosity_error()
    return getattr(transformers, name)


def both(recipe: Callable[..., np.ndarray], **parameters: Any) -> tuple[Run, Run]:
    """Return a recipe that takes a torch dtype, in float32 and in float64."""

    def run(x: np.ndarray) -> np.ndarray:
        return recipe(x, peer("torch").float32, **parameters)

    def double(x: np.ndarray) -> np.ndarray:
        return recipe(x, peer("torch").float64, **parameters)

    return run, double


def transcribed(
    recipe: Callable[..., np.ndarray],
    note: str = "",
    noise: float = tolerance.NOISE,
    **parameters: Any,
) -> Original:
    """Return the original that a recipe over torch and librosa transcribes."""
    run, double = both(recipe, **parameters)
    return Original(run, ("torch", "librosa"), double=double, note=note, noise=noise)
