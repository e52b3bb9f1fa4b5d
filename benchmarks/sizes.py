# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""How even the speed is over transform sizes: sizes.py [ISA...].

For each n_fft, the nanoseconds that a frame of a power spectrogram costs, divided by
n_fft log2 n_fft, relative to those of 1024. Each instruction set runs in a process of its own; the
sizes are visited in turn, round after round, and the fastest visit of each counts.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from typing import Any

import numpy as np

IN_USE = (256, 320, 400, 480, 512, 600, 882, 960, 1000, 1024, 1200, 1920, 2048, 4096)
FRAMES = 128
ROUNDS = 7
VISIT = 2e-3  # seconds


def primes(below: int) -> list[int]:
    return [n for n in range(2, below) if all(n % d for d in range(2, math.isqrt(n) + 1))]


def runner(n_fft: int) -> Any:
    """Return the call that computes FRAMES frames into memory of its own."""
    import sonogram

    hop = max(1, n_fft // 4)
    signal = np.random.default_rng(n_fft).standard_normal(hop * (FRAMES - 1) + n_fft)
    extract = sonogram.Spectrogram(n_fft=n_fft, hop_length=hop, center=False)
    x = signal.astype(np.float32)
    out = extract(x)
    return lambda: extract(x, out=out, num_threads=1)


def nanoseconds_per_frame(call: Any) -> float:
    begin = now = time.perf_counter()
    calls = 0
    while now < begin + VISIT:
        call()
        calls += 1
        now = time.perf_counter()
    return 1e9 * (now - begin) / calls / FRAMES


def measure() -> dict[int, float]:
    """Return the nanoseconds per frame of every size on the instruction set that runs."""
    sizes = sorted({*IN_USE, *(p for p in primes(2048) if p > 2)})
    calls = {n: runner(n) for n in sizes}
    best = dict.fromkeys(sizes, math.inf)
    for _ in range(ROUNDS):
        for n, call in calls.items():
            best[n] = min(best[n], nanoseconds_per_frame(call))
    return best


def relative(best: dict[int, float]) -> dict[int, float]:
    unit = best[1024] / (1024 * math.log2(1024))
    return {n: t / (n * math.log2(n)) / unit for n, t in best.items()}


def measured_on(isa: str) -> dict[int, float]:
    """Measure in a process that runs this instruction set."""
    ran = subprocess.run(
        [sys.executable, __file__, "--here"],
        env={**os.environ, "SONOGRAM_ISA": isa},
        capture_output=True,
        text=True,
        check=True,
    )
    return {int(n): t for n, t in json.loads(ran.stdout).items()}


def main() -> None:
    """Print a table of the sizes in use, and what is to be said of the primes."""
    if sys.argv[1:] == ["--here"]:
        print(json.dumps(measure()))
        return
    import sonogram

    isas = sys.argv[1:] or sonogram.available_isas()
    times = {isa: measured_on(isa) for isa in isas}
    ratios = {isa: relative(times[isa]) for isa in isas}
    print("| n_fft | " + " | ".join(f"{isa}: ns a frame | to 1024" for isa in isas) + " |")
    print("|---" * (1 + 2 * len(isas)) + "|")
    for n in IN_USE:
        cells = [f"{times[isa][n]:.0f} | {ratios[isa][n]:.2f}" for isa in isas]
        print(f"| {n} | " + " | ".join(cells) + " |")
    print("\nPrimes from 3 to 2048, relative to 1024:\n")
    for isa in isas:
        of_primes = {p: ratios[isa][p] for p in primes(2048) if p > 2}
        large = {p: r for p, r in of_primes.items() if p >= 64}
        ranked = sorted(of_primes, key=of_primes.__getitem__)
        worst = ", ".join(f"{p} {of_primes[p]:.1f}" for p in ranked[-5:][::-1])
        over = max(large, key=large.__getitem__)
        print(
            f"- {isa}: median {of_primes[ranked[len(ranked) // 2]]:.1f}, worst {worst}; "
            f"worst from 64 up {over} {large[over]:.1f}"
        )


if __name__ == "__main__":
    main()
