# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Other people's libraries, for parity tests: imported when there, else the test is skipped.

SONOGRAM_REQUIRE_PEERS=1 turns a missing peer into a failure, so that a run that is meant to compare
cannot pass without comparing. Those outside the project's "peers" group are owed by another
variable, SONOGRAM_REQUIRE_ORIGINALS.
"""

from __future__ import annotations

import importlib
import os
import sys
import types
import warnings
from typing import Any

import pytest


def peer(name: str, owed: str = "SONOGRAM_REQUIRE_PEERS") -> Any:
    """Import a peer, or skip the test (or fail it, where the variable `owed` is set)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # theirs, not ours
            return _torchaudio() if name == "torchaudio" else importlib.import_module(name)
    except ImportError as error:
        reason = f"parity with {name} needs {name}: {error}"
        if os.environ.get(owed, "0") not in ("", "0"):
            pytest.fail(reason)
        pytest.skip(reason, allow_module_level=True)


def _torchaudio() -> Any:
    """Import torchaudio; its Python part alone where its compiled part does not load.

    The wheel may want another torch or CUDA than the one installed. Transforms and functional are
    pure Python over torch, so an empty stand-in for the loader is all they need.
    """
    importlib.import_module("torch")
    try:
        return importlib.import_module("torchaudio")
    except OSError:
        pass
    for name in [name for name in sys.modules if name.split(".")[0] == "torchaudio"]:
        del sys.modules[name]
    loader: Any = types.ModuleType("torchaudio._extension")
    loader._IS_TORCHAUDIO_EXT_AVAILABLE = False
    loader._IS_ALIGN_AVAILABLE = False
    loader._check_cuda_version = lambda: None
    loader.fail_if_no_align = lambda function: function
    loader.utils = types.ModuleType("torchaudio._extension.utils")
    sys.modules["torchaudio._extension"] = loader
    sys.modules["torchaudio._extension.utils"] = loader.utils
    return importlib.import_module("torchaudio")
