# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""How much memory a call needs besides its output: memory.py.

Each workload runs in a fresh process that reads ten minutes of audio from a file, after a call on
two seconds has loaded and planned everything. What counts is how far the peak of resident memory
grows.
"""

from __future__ import annotations

import itertools
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from workloads import hum

RATE, SECONDS = 16000, 600
MEL = {"n_fft": 400, "hop_length": 160, "filterbank": "mel", "n_mels": 80}
WHISPER = {"log": "log10", "finish": (("dynamic_range", 8.0), ("affine", 0.25, 1.0))}
SPECS: dict[str, dict[str, Any]] = {
    "complex STFT 1024/256": {"n_fft": 1024, "hop_length": 256, "power": None},
    "power 1024/256": {"n_fft": 1024, "hop_length": 256},
    "mel 400/160/80": MEL,
    "Whisper log-mel": {**MEL, **WHISPER},
    "mel with pre-emphasis and mean removal": {**MEL, "preemphasis": 0.97, "remove_mean": True},
    "power of a prime n_fft, 2039/512": {"n_fft": 2039, "hop_length": 512},
}


def peak() -> int:
    """Return the peak of resident memory so far, in bytes.

    Linux's own figure of this address space: that of getrusage starts from the parent's.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def measure(name: str, threads: int, path: str) -> dict[str, int]:
    """Return how far one call lets the peak grow, and the size of its output."""
    import sonogram

    extract = sonogram.Extractor(sonogram.Spec(sample_rate=RATE, **SPECS[name]))
    x = np.load(path)
    extract(x[: 2 * RATE], num_threads=threads)
    before = peak()
    got = extract(x, num_threads=threads)
    return {"grown": peak() - before, "output": got.nbytes}


def main() -> None:
    """Print a table."""
    if len(sys.argv) == 4:
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), sys.argv[3])))
        return
    print("| 10 min at 16 kHz | threads | peak grows, MB | output, MB | beyond the output, MB |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "signal.npy")
        np.save(path, hum(RATE * SECONDS, RATE, 0))
        for name, threads in itertools.product(SPECS, (1, 2)):
            command = [sys.executable, __file__, name, str(threads), path]
            ran = subprocess.run(command, capture_output=True, text=True, check=True)
            got = json.loads(ran.stdout)
            grown, output = got["grown"] / 1e6, got["output"] / 1e6
            print(f"| {name} | {threads} | {grown:.1f} | {output:.1f} | {grown - output:.1f} |")


if __name__ == "__main__":
    main()
