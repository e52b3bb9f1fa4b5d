# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""How near every preset is to its original: the table of docs/presets.md, on standard output.

    python benchmarks/presets.py [PRESET ...] > docs/presets.md

Needs the originals' packages (see tests/originals); what is not installed is said in its row.
"""

from __future__ import annotations

import sys
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
recipe in the calls that it makes. *wide*: the original computes in float64, and its second figure
is what the same recipe gives in float32.
"""
COLUMNS = ("preset", "also", "original", "tolerance", "speech", "silence", "click", "quiet", "odd")


def cell(row: Any) -> str:
    """Return one signal's figures."""
    if row is None:
        return "0/0"
    if isinstance(row, str):
        return "—"
    return f"{row.between:.1e} ({row.ours:.1e}, {row.original:.1e})"


def line(cells: Any) -> str:
    """Return a row of the table."""
    return "| " + " | ".join(cells) + " |"


def main(names: list[str]) -> int:
    """Print the table, and after it why a tolerance is what it is."""
    sys.path.insert(0, str(TESTS))
    from originals import ORIGINALS
    from originals.measure import measured

    import sonogram

    table = sonogram.presets()
    wanted = {name: table[name] for name in names or table}
    print(HEAD)
    print(line(COLUMNS))
    print(line("---" for _ in COLUMNS))
    missing: dict[str, str] = {}
    for name, entry in wanted.items():
        rows = measured(name)
        reasons = [row for row in rows if isinstance(row, str)]
        if reasons:
            missing[name] = reasons[0]
        original = ORIGINALS[name]
        kind = ", ".join(k for k in ("living", "wide") if getattr(original, k))
        source = entry.reference + (f" (*{kind}*)" if kind else "")
        also = ", ".join(f"`{alias}`" for alias in entry.aliases)
        print(line([f"`{name}`", also, source, f"{entry.tolerance:g}", *map(cell, rows)]))
    print("\n## Reasons\n")
    for name, entry in wanted.items():
        note = f"; {ORIGINALS[name].note}" if ORIGINALS[name].note else ""
        print(f"- `{name}`: {entry.reason}{note}.")
    for name, reason in missing.items():
        print(f"\n`{name}` was not measured: {reason}")
    return 1 if missing and not names else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
