# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""How near every preset is to its original: the table of docs/presets.md.

    python benchmarks/presets.py [PRESET ...] [--out FILE]

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
    """Print the page or write it; 1 where an original is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("presets", nargs="*", metavar="PRESET")
    parser.add_argument("--out", type=Path, metavar="FILE")
    options = parser.parse_args()
    page, complete = table(options.presets)
    if options.out is None:
        print(page, end="")
    else:
        options.out.write_text(page, encoding="utf-8")
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
