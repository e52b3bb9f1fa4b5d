# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Load the installed core where nothing above SSE2 runs: NumPy itself does not start there.

The library is loaded, the instruction set chosen, and an extractor planned in both precisions; the
arithmetic is covered by the C++ tests on the same emulated processor.
"""

import importlib.util
import sys
from pathlib import Path


def main() -> None:
    """Import the compiled module by itself and make extractors."""
    spec = importlib.util.find_spec("sonogram")
    if spec is None or spec.origin is None:
        sys.exit("sonogram is not installed")
    sys.path.insert(0, str(Path(spec.origin).parent))
    core = importlib.import_module("_core")
    if core.available_isas() != ["sse2"] or core.isa() != "sse2":
        sys.exit(f"on this processor {core.available_isas()} are offered and {core.isa()} chosen")
    for n_fft in (400, 1024, 1021):
        for dtype in ("float32", "float64"):
            extractor = core.Extractor({"n_fft": n_fft, "dtype": dtype, "log": "ln"})
            if extractor.num_rows != n_fft // 2 + 1:
                sys.exit(f"{extractor.num_rows} bins for n_fft {n_fft}")
    print("the core loads and plans with SSE2 alone")


if __name__ == "__main__":
    main()
