# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Small corpora for tests, and how two outputs are compared."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import soundfile

import sonogram
from support import TESTS, signals
from support.recipes import WHISPER

SPEC = sonogram.Spec(**WHISPER)
# What a job says of its own course, which differs from run to run.
_APART = ("failures.jsonl", ".sonogram")


def write(path: Path, samples: np.ndarray, rate: int = 16000) -> Path:
    """Write a waveform, ``[samples]`` or ``[channels, samples]``, in the format of the suffix."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sonogram.save(path, samples.astype(np.float32), rate, subtype=_SUBTYPES.get(path.suffix))
    return path


_SUBTYPES = {".wav": "PCM_16"}


def clip(number: int, seconds: float) -> np.ndarray:
    """Return speech that is different for every number."""
    n = int(seconds * 16000)
    noise = np.random.default_rng(number).standard_normal(n)
    return np.roll(_SPEECH[:n], 977 * number) * 0.8 + 1e-3 * noise


_SPEECH = signals.speech(16000 * 8)


def corpus(folder: Path, files: int = 40, seconds: float = 1.5, suffixes=(".flac", ".wav")) -> Path:
    """Write a folder of clips, two speakers, of 1 to 2 times this long."""
    for number in range(files):
        suffix = suffixes[number % len(suffixes)]
        path = folder / f"speaker{number % 2}" / f"u{number:04d}{suffix}"
        write(path, clip(number, seconds * (1 + number % 7 / 7)))
    return folder


def contents(out: Path) -> dict[str, bytes]:
    """Return every file of a corpus but for what tells of the run."""
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.relative_to(out).parts[0] not in _APART
    }


def expected(path: Path, spec: sonogram.Spec = SPEC) -> np.ndarray:
    """Return the features of a whole file, by the public functions."""
    waveform, _ = sonogram.load(path, int(spec.sample_rate), mono=True)
    return sonogram.Extractor(spec)(waveform[0])


def features(tmp_path: Path, source, **options) -> dict[str, np.ndarray]:
    """Extract and return what came out, by id."""
    out = tmp_path / "out"
    summary = sonogram.corpus.extract(source, out, SPEC, workers=0, **options)
    assert summary.failed == 0
    opened = sonogram.corpus.open(out)
    return dict(zip(opened.ids, opened, strict=True))


def crashing(where, start, duration):
    """Decode, but die at files named for it."""
    if "crash" in os.path.basename(where):
        os.kill(os.getpid(), signal.SIGSEGV)
    return plain(where, start, duration)


def talking(where, start, duration):
    """Decode, and talk as native libraries do, as Python does, and before a crash."""
    os.write(2, b"Note: a library says this\n")
    print("Python says this", file=sys.stderr)
    if "crash" in os.path.basename(where):
        os.write(2, b"free(): invalid pointer\n")
    return crashing(where, start, duration)


def hanging(where, start, duration):
    """Decode, but never come back from files named for it, unless SONOGRAM_TEST_CALM is set."""
    while "hang" in os.path.basename(where) and "SONOGRAM_TEST_CALM" not in os.environ:
        time.sleep(0.1)
    return plain(where, start, duration)


def dying_once(where, start, duration):
    """Decode, but let the process be killed at the first file ever, as by a hand from outside."""
    mark = Path(os.environ["SONOGRAM_TEST_MARK"])
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(where, start, duration)


def plain(where, start, duration):
    """Decode with soundfile."""
    samples, rate = soundfile.read(where, dtype="int16", always_2d=True)
    return samples.T, rate


NONSENSE = {
    "fine": (np.zeros(16000, np.float32), 16000.0),
    "swapped": (np.zeros(16000, ">f4"), 16000),
    "rate": (np.zeros(16000, np.float32), "abc"),
    "norate": (np.zeros(16000, np.float32), float("nan")),
    "half": (np.zeros(16000, np.float32), 16000.5),
    "alone": np.zeros(16000, np.float32),
    "words": ("abc", 16000),
    "cube": (np.zeros((2, 2, 100), np.float32), 16000),
    "complex": (np.zeros(16000, np.complex64), 16000),
    "ragged": ([[1.0], [1.0, 2.0]], 16000),
    "nobody": (np.zeros((0, 16000), np.float32), 16000),
    "none": None,
}


def nonsense(where, start, duration):
    """Give what the name of the file says; all but two are no waveform and rate."""
    return NONSENSE[Path(where).stem]


def environment(**variables: str) -> dict[str, str]:
    """Return the environment of a process that imports this module."""
    return {**os.environ, "PYTHONPATH": str(TESTS), **variables}


class Panic(BaseException):
    """What an extension raises that lets no `except Exception` catch it."""


# What decoders have been seen to raise, by the name of the file.
RAISED = {
    "attribute": AttributeError("'NoneType' object has no attribute 'sample_rate'"),
    "assertion": AssertionError(),
    "division": ZeroDivisionError("division by zero"),
    "exit": SystemExit(3),
    "index": IndexError("list index out of range"),
    "overflow": OverflowError("int too large"),
    "panic": Panic("called `Option::unwrap()` on a `None` value"),
    "recursion": RecursionError("maximum recursion depth exceeded"),
    "runtime": RuntimeError("no such codec"),
    "type": TypeError("unsupported operand"),
}


def killed_from_outside(where, start, duration):
    """Decode, but be killed from outside at files named for it, while a mark exists."""
    if "kill" in os.path.basename(where) and Path(os.environ["SONOGRAM_TEST_MARK"]).exists():
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(where, start, duration)


def crashing_among_others(where, start, duration):
    """Decode, but crash at files named for it where another process decodes as well."""
    folder = Path(os.environ["SONOGRAM_TEST_MARK"])
    (folder / str(os.getpid())).touch()
    if "crowd" in os.path.basename(where):
        limit = time.monotonic() + 30
        while len(list(folder.iterdir())) == 1 and time.monotonic() < limit:
            time.sleep(0.01)  # the others have not begun
        if len(alive(folder)) > 1:
            os.kill(os.getpid(), signal.SIGSEGV)
    return plain(where, start, duration)


def alive(folder: Path) -> list[str]:
    """Return the names of files in a folder that are numbers of processes."""
    return [path.name for path in folder.iterdir() if os.path.exists(f"/proc/{path.name}/exe")]
