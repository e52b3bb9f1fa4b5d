# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Time `sonogram.image` of a long recording beside other ways to a PNG, in one interleaved run.

Example: python benchmarks/pictures.py --minutes 10 --rounds 3
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import matplotlib
import numpy as np

import sonogram

RATE = 16000


def figure_png(figure: matplotlib.figure.Figure) -> bytes:
    """The PNG of a figure."""
    held = io.BytesIO()
    figure.savefig(held, format="png")
    return held.getvalue()


def ways(waveform: np.ndarray, folder: Path) -> dict[str, Callable[[], object]]:
    """What draws the waveform, or the file of it, as a picture of about 1000 by 400 pixels."""
    path, out = folder / "a.wav", folder / "a.png"
    sonogram.save(path, waveform, RATE, subtype="PCM_16")

    def specgram() -> bytes:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure(figsize=(10, 4), dpi=100)
        FigureCanvasAgg(figure)
        figure.subplots().specgram(waveform, NFFT=512, Fs=RATE, noverlap=256)
        return figure_png(figure)

    found: dict[str, Callable[[], object]] = {
        "sonogram.image": lambda: sonogram.image(waveform, RATE),
        "sonogram.image, file": lambda: sonogram.image(path),
        "sonogram.plot": lambda: figure_png(sonogram.plot(waveform, RATE)),
        "matplotlib specgram": specgram,
    }
    commands = {
        "sox": ["sox", path, "-n", "spectrogram", "-x", "1000", "-y", "257", "-o", out],
        "ffmpeg": ["ffmpeg", "-v", "error", "-y", "-i", path, "-lavfi",
                   "showspectrumpic=s=1000x400:legend=0", out],
    }  # fmt: skip
    for name, command in commands.items():
        if shutil.which(name):
            found[name] = lambda c=command: subprocess.run(c, check=True)
    return found


def cpu_seconds() -> float:
    """Time of this process and of its children."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    rng = np.random.default_rng(0)
    waveform = 0.05 * rng.standard_normal(int(given.minutes * 60 * RATE)).astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        entries = ways(waveform, Path(folder))
        wall: dict[str, list[float]] = {name: [] for name in entries}
        cpu: dict[str, list[float]] = {name: [] for name in entries}
        for _ in range(given.rounds):
            for name, run in entries.items():
                begun, spent = time.perf_counter(), cpu_seconds()
                run()
                wall[name].append(time.perf_counter() - begun)
                cpu[name].append(cpu_seconds() - spent)
    base = statistics.median(wall["sonogram.image"])
    print(f"{given.minutes:g} minutes at {RATE} Hz, medians of {given.rounds}")
    for name in entries:
        seconds = statistics.median(wall[name])
        print(f"{name:22} {seconds:8.3f} s  cpu {statistics.median(cpu[name]):7.2f} s  "
              f"{seconds / base:6.1f}x")  # fmt: skip


if __name__ == "__main__":
    main()
