# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The package as users see it: what is public, what an import costs, what is typed."""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import sonogram

NUMERICAL = [
    *("Spec", "Extractor", "stft", "spectrogram", "mel_spectrogram", "log_mel_spectrogram"),
    *("Spectrogram", "MelSpectrogram", "LogMelSpectrogram", "mel_filterbank", "window"),
    *("hz_to_mel", "mel_to_hz", "fft_frequencies", "mel_frequencies", "power_to_db"),
    *("amplitude_to_db", "isa", "available_isas", "show_config"),
    *("set_num_threads", "get_num_threads", "get_include", "cmake_dir", "library_path"),
]


@pytest.mark.parametrize("name", NUMERICAL)
def test_public_names_are_there_and_documented(name):
    assert name in sonogram.__all__
    thing = getattr(sonogram, name)
    assert inspect.getdoc(thing)
    assert thing.__module__.split(".")[0] == "sonogram"


def test_all_lists_what_is_there():
    assert len(set(sonogram.__all__)) == len(sonogram.__all__)
    for name in sonogram.__all__:
        assert hasattr(sonogram, name)


def test_the_version_is_the_distributions():
    assert sonogram.__version__ == metadata.version("sonogram")


def test_an_import_brings_numpy_and_nothing_else():
    code = (
        "import numpy, sys; old = set(sys.modules); import sonogram; print(*set(sys.modules) - old)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300
    )
    new = {name.split(".")[0] for name in done.stdout.split()}
    heavy = {"scipy", "torch", "matplotlib", "soundfile", "soxr", "typer", "rich", "pandas"}
    assert not new & heavy
    assert not {name for name in new if name in ("multiprocessing", "asyncio", "concurrent")}


def test_the_package_says_that_it_is_typed():
    here = Path(sonogram.__file__).parent
    assert (here / "py.typed").is_file()
    assert list(here.glob("_core*.pyi"))


def test_core_dependency_is_numpy_alone():
    required = [r for r in metadata.requires("sonogram") or [] if "extra ==" not in r]
    assert [r.split(">")[0].split("=")[0].strip() for r in required] == ["numpy"]
