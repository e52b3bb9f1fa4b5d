# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""How near every preset is to its original: docs/presets.md, or, of recordings, docs/tolerances.md.

    python benchmarks/presets.py [PRESET ...] [--recordings DIR] [--out FILE]

Needs the originals' packages (see tests/originals); what is not installed is said in its row.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parent.parent / "tests"

HEAD = """\
# Presets

`sonogram.preset(name)` gives the `Spec` of a model's front end, `sonogram.presets()` all of them.
This page is made by `benchmarks/presets.py`.

The features of a preset are float32, as the model takes them, whatever comes in: it has
`dtype="float32"`. `preset(name).replace(dtype="float64")` gives and computes float64, and
`replace(dtype=None)` float64 for float64 samples alone. Specs that `from_hf`, `from_nemo`,
`from_hifigan` and the like read from a configuration are the same; `sonogram.kaldi` follows its
input, as torchaudio does.

## The tolerance

A float32 FFT errs by a part of the frame's size in every bin alike, so that no absolute number
holds for weak bins of any audio. The tolerance is a rule of two parts, for the difference of two
float32 results, sonogram's and the original's:

- where a value comes of bins within 50 dB of the largest bin of its frame's spectrum, the mean of
  the frame included, they differ by the `tolerance` of the table at most;
- elsewhere by the tolerance and what a shift of `16 * 2**-24 * |x|` of every bin's magnitude makes
  of the value, through everything that the recipe does with it; `|x|` is the Euclidean norm of the
  frame before the window, as it was read or after pre-emphasis, whichever is larger. A value that
  is normalised over time or transformed is made of others; one without a logarithm has no 50 dB.
  Where the original's transform is a convolution in float32, 64 stands for 16.

`tests/support/tolerance.py` computes that bound stage by stage, and `tests/parity/test_presets.py`
asks for it on twelve signals: those of the table, a chord, band-limited, quiet on a large constant,
clipped, with gaps of zeros, a tone, a sweep and noise. [tolerances.md](tolerances.md) has what
recordings used of it.

Where the original's FFT is in float64, the preset has `compute_dtype="float64"`: the second part is
then the rounding of the result alone. CLAP's bins at the floor, 6 dB off in float32, are within 8
millionths of a dB. Such a preset takes 2.0 to 2.5 times as long as in float32 (ratios of
interleaved runs, 10 s of noise, one thread of an AVX-512 Xeon: clap 2.0, univnet 2.1, vggish 2.2,
lasr 2.3, speecht5 2.4, seamless-m4t 2.5). `preset(name).replace(compute_dtype=None)` is the one in
float32.

## Figures

Each figure is a largest absolute difference over all values, in float32: of sonogram from the
original, and in brackets of sonogram and of the original from the same recipe in float64. The
signals, at the preset's rate: 1.2 s of the speech in `examples/audio` (taken sample by sample at
every rate), digital silence, one full-scale click, a 12-bit recording 50 dB down, and 1.07 s of
speech of an odd length. *living*: the original itself ran, from its package; the others are its
recipe in the calls that it makes. *wide*: the original computes in float64 to the last rounding.
Where an original's FFT is in float64, or a float32 convolution, its own error is the larger of what
it has and what the same recipe has with a float32 FFT.
"""
COLUMNS = ("preset", "also", "original", "tolerance", "speech", "silence", "click", "quiet", "odd")


def cell(row: Any) -> str:
    """Return one signal's figures."""
    if row is None:
        return "0/0"
    if isinstance(row, str):
        return "—"
    return f"{row.between:.1e} ({row.ours:.1e}, {row.original:.1e})"


def line(cells: Iterable[str]) -> str:
    """Return a row of the table."""
    return "| " + " | ".join(cells) + " |"


RECORDED = """\
# Tolerances on recordings

How much of what [presets.md](presets.md) allows the presets' differences from their originals use
on recordings, brought to each preset's rate, of which the first 3 s: 1 would be all of it. Made by
`benchmarks/presets.py --recordings DIR`.
"""


def recorded(names: list[str], folder: Path) -> tuple[str, bool]:
    """Return the page of a folder of recordings, and whether all presets hold."""
    sys.path.insert(0, str(TESTS))
    from originals.measure import allowance_used

    import sonogram

    files = sorted(p for p in folder.iterdir() if p.suffix in (".wav", ".flac", ".ogg", ".mp3"))
    rows, worst = [], 0.0
    for name in names or sonogram.presets():
        rate = int(sonogram.presets()[name].spec.sample_rate)
        used = {}
        for file in files:
            audio, _ = sonogram.load(file, sample_rate=rate, mono=True)
            used[file.stem] = allowance_used(name, audio[0][: 3 * rate].astype("float32"))
        most = max(used, key=lambda stem: used[stem])
        worst = max(worst, used[most])
        rows.append(line([f"`{name}`", f"{used[most]:.3f}", most]))
        print(rows[-1], file=sys.stderr)
    told = f"\n{len(files)} recordings: {', '.join(file.stem for file in files)}.\n"
    head = [line(("preset", "used at most", "of")), line("---" for _ in range(3))]
    return "\n".join([RECORDED + told, *head, *rows]) + "\n", worst <= 1


def table(names: list[str]) -> tuple[str, bool]:
    """Return the page, and whether every original was there."""
    sys.path.insert(0, str(TESTS))
    from originals import ORIGINALS
    from originals.measure import measured

    import sonogram

    presets = sonogram.presets()
    wanted = {name: presets[name] for name in names or presets}
    lines = [HEAD, line(COLUMNS), line("---" for _ in COLUMNS)]
    reasons, missing = ["\n## Reasons\n"], []
    for name, entry in wanted.items():
        original = ORIGINALS[name]
        rows = measured(name)
        missing += [f"\n`{name}` was not measured: {row}" for row in rows if isinstance(row, str)][
            :1
        ]
        kind = ", ".join(k for k in ("living", "wide") if getattr(original, k))
        source = entry.reference + (f" (*{kind}*)" if kind else "")
        also = ", ".join(f"`{alias}`" for alias in entry.aliases)
        lines.append(line([f"`{name}`", also, source, f"{entry.tolerance:g}", *map(cell, rows)]))
        note = f"; {original.note}" if original.note else ""
        reasons.append(f"- `{name}`: {entry.reason}{note}.")
    return "\n".join([*lines, *reasons, *missing]) + "\n", not missing


def main() -> int:
    """Print the page or write it; 1 where an original is missing or a preset does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("presets", nargs="*", metavar="PRESET")
    parser.add_argument("--recordings", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, metavar="FILE")
    options = parser.parse_args()
    if options.recordings is None:
        page, complete = table(options.presets)
    else:
        page, complete = recorded(options.presets, options.recordings)
    if options.out is None:
        print(page, end="")
    else:
        options.out.write_text(page, encoding="utf-8")
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
