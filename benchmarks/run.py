# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Measure everything and write it down: run.py [--threads 1,2] [WORKLOAD...].

Speed beside the other libraries, evenness over sizes, memory and accuracy. The tables go into
benchmarks/README.md below its marker, the speed rows also into benchmarks/results.json.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE / "README.md"
MARKER = "<!-- written by run.py -->"


def output_of(script: str, *arguments: str) -> str:
    """Return what a script prints; what it says besides is shown as it comes."""
    print(f"{script} ...", file=sys.stderr)
    command = [sys.executable, str(HERE / script), *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def main() -> None:
    """Run the four scripts and rewrite the page."""
    speed = output_of("speed.py", *sys.argv[1:], "--json", str(HERE / "results.json"))
    machine, _, tables = speed.partition("\n")
    parts = [
        f"Measured on: {machine.strip()}.",
        "## Speed",
        tables.strip(),
        "## Sizes",
        output_of("sizes.py"),
        "## Memory",
        output_of("memory.py"),
        "## Accuracy",
        output_of("accuracy.py"),
    ]
    head, _, _ = PAGE.read_text().partition(MARKER)
    PAGE.write_text(head + MARKER + "\n\n" + "\n\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
