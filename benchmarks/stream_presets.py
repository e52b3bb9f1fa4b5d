# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Every preset: whether it streams, or what forbids it and what serves; and its bits in pieces.

python benchmarks/stream_presets.py --out docs/streaming.md   the table
python benchmarks/stream_presets.py 500    so many seeded chunkings of every preset that streams,
                                           over dtypes and edge modes
"""

from __future__ import annotations

import re
import sys
import warnings
from pathlib import Path

import numpy as np

import sonogram

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from support import streams

EDGES = ("reflect", "constant", "replicate", "symmetric")


HEAD = """\
# Presets in streams

Which preset a `sonogram.Stream` takes as it is, after how many samples its first frame comes and
how many there are from frame to frame (the second may come a little sooner: `Stream.samples_for`
counts exactly); and of the others which stages or fields need the whole signal, and what serves
instead, as `sonogram.streaming(spec)` says. Counts are samples. `maximum`, `mean`
and `std` are arguments of `Stream`: numbers that are known, or "running", those of the frames so
far or, with `window`, of the last ones. (C++ and C have options of the same names, with `deviation`
for `std`.) `extract_file` makes passes over a file and gives the bits of the `Extractor`; in C++,
`Survey` makes them. This page is made by `benchmarks/stream_presets.py --out`.

| preset | streams | first frame | each further frame | what needs the whole signal | what serves |
| --- | --- | --- | --- | --- | --- |
"""


def serving(found: tuple[sonogram.Obstacle, ...]) -> str:
    """Return what serves all of them, in the names of Python's arguments and functions."""
    choices = [o.choices for o in found]
    words = {word for c in choices for word in re.findall(r"\w+", c)}
    stand_ins = [name for name in ("maximum", "mean", "std") if name in words]
    ways = []
    if all(re.match("maximum|mean|std", c) for c in choices):
        ways.append(" and ".join(f"`{n}`" for n in stand_ins))
    if all("extract_file" in c for c in choices):
        ways.append("`extract_file`")
    return ", or ".join(ways) or "; ".join(choices)


def row(name: str, spec: sonogram.Spec) -> str:
    """Return a preset's line."""
    found = sonogram.streaming(spec)
    if found:
        stages = ", ".join(o.stage.removeprefix("finish stage ") for o in found)
        return f"| `{name}` | no |  |  | {stages} | {serving(found)} |\n"
    first, step = sonogram.Stream(spec).latency
    return f"| `{name}` | yes | {'at the end' if first is None else first} | {step} |  |  |\n"


def page() -> str:
    """Return docs/streaming.md."""
    return HEAD + "".join(row(name, p.spec) for name, p in sonogram.presets().items())


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
    if len(sys.argv) == 3 and sys.argv[1] == "--out":
        Path(sys.argv[2]).write_text(page(), encoding="utf-8")
    elif len(sys.argv) == 2:
        sys.exit(1 if sweep(int(sys.argv[1])) else 0)
    else:
        print(page(), end="")
