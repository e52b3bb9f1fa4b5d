# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Latency of pushing 10 ms at 16 kHz: median and 99.9th percentile, entries visited in turn.

python benchmarks/stream.py [pushes]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

import sonogram

CHUNK = 160


def sonogram_stream(name: str) -> Callable[[np.ndarray], object]:
    """Push to a Stream; the frames come back from the push."""
    return sonogram.Stream(sonogram.preset(name).replace(finish=())).push


def kaldi_native_fbank() -> Callable[[np.ndarray], object]:
    """Push to OnlineFbank and take its new frames."""
    import kaldi_native_fbank as knf

    options = knf.FbankOptions()
    options.frame_opts.dither = 0
    options.mel_opts.num_bins = 80
    fbank = knf.OnlineFbank(options)
    taken = 0

    def push(chunk: np.ndarray) -> object:
        nonlocal taken
        fbank.accept_waveform(16000, chunk)
        frames = []
        while taken < fbank.num_frames_ready:
            frames.append(fbank.get_frame(taken))
            taken += 1
        fbank.pop(len(frames))
        return frames

    return push


def main(pushes: int) -> None:
    """Print a line for each entry."""
    entries = {
        "sonogram whisper-80, no maximum": sonogram_stream("whisper-80"),
        "sonogram kaldi-fbank-80": sonogram_stream("kaldi-fbank-80"),
        "kaldi-native-fbank OnlineFbank 80": kaldi_native_fbank(),
    }
    x = np.random.default_rng(0).standard_normal(CHUNK * 100).astype(np.float32) * 0.1
    times: dict[str, list[float]] = {name: [] for name in entries}
    for i in range(pushes):
        chunk = x[i % 100 * CHUNK :][:CHUNK]
        for name, push in entries.items():
            begin = time.perf_counter()
            push(chunk)
            times[name].append((time.perf_counter() - begin) * 1e6)
    print(f"instruction set {sonogram.isa()}; microseconds per push of 10 ms, {pushes} pushes")
    for name, spent in times.items():
        middle, late = np.percentile(spent[100:], [50, 99.9])
        print(f"{name:36s} median {middle:6.2f}  99.9% {late:7.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20000)
