# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Every preset: whether it streams, or what forbids it and what serves; and its bits in pieces.

python benchmarks/stream_presets.py        the table
python benchmarks/stream_presets.py 500    so many seeded chunkings of every preset that streams,
                                           over dtypes and edge modes
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np

import sonogram

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
import streams

EDGES = ("reflect", "constant", "replicate", "symmetric")


def table() -> None:
    """Print a line for each preset, in Markdown."""
    print("| preset | streams | samples to the first frame | what forbids it | what serves |")
    print("|---|---|---|---|---|")
    for name, preset in sonogram.presets().items():
        found = sonogram.streaming(preset.spec)
        first = sonogram.Stream(preset.spec).latency.first if not found else ""
        stages = "; ".join(o.stage for o in found)
        choices = "; ".join(dict.fromkeys(o.choices for o in found))
        print(f"| {name} | {'no' if found else 'yes'} | {first} | {stages} | {choices} |")


def sweep(chunkings: int) -> int:
    """Compare pushes with the whole; return how many comparisons failed."""
    failed = compared = refused = 0
    for name, preset in sonogram.presets().items():
        if sonogram.streaming(preset.spec):
            continue
        rng = np.random.default_rng(list(name.encode()))
        runs = []
        for edge in EDGES if preset.spec.snip_edges is None else EDGES[:1]:
            spec = preset.spec.replace(pad_mode=edge)
            runs.append((sonogram.Extractor(spec), sonogram.Stream(spec)))
        for i in range(chunkings):
            extract, stream = runs[i % len(runs)]
            hop = stream.latency.per_frame
            samples = int(rng.integers(0, 12 * hop + 2 * preset.spec.n_fft))
            x = streams.signal(rng, samples, streams.DTYPES[i % 3])
            largest = max(samples // 40, int(rng.choice([1, hop // 3 + 1, hop, 10 * hop])))
            sizes = streams.chunks(rng, samples, largest)
            want = streams.outcome(lambda extract=extract, x=x: extract(x))
            got = streams.outcome(
                lambda stream=stream, x=x, sizes=sizes: streams.joined(stream, x, sizes)
            )
            stream.reset()
            compared += 1
            refused += isinstance(want, str)
            try:
                streams.assert_same(got, want)
            except AssertionError as error:
                failed += 1
                print(name, samples, sizes[:5], str(error)[:300])
    print(f"{compared} chunkings, {refused} of them of too few samples, {failed} differ")
    return failed


if __name__ == "__main__":
    warnings.simplefilter("ignore", UserWarning)
    if len(sys.argv) > 1:
        sys.exit(1 if sweep(int(sys.argv[1])) else 0)
    table()
