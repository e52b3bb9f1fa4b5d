# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The command ``sonogram``: recordings and options for it, and how to run it."""

import subprocess
import sys

from sonogram._cli import main

from . import AUDIO

SPEECH = str(AUDIO / "speech.flac")
MUSIC = str(AUDIO / "chord_sweep.flac")
COMMANDS = ("mel", "spectrogram", "stft")
FEW = ["--n-fft", "400", "--n-mels", "40"]


def run(*arguments, **options):
    """Run the command for real, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "sonogram", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        **options,
        timeout=300,
    )


def fails(capsys, code, *arguments):
    """Run the command in this process; return its one line on stderr."""
    capsys.readouterr()
    assert main(list(map(str, arguments))) == code
    said = capsys.readouterr().err
    assert said.count("\n") == 1, said
    assert said.startswith("sonogram: ")
    return said
