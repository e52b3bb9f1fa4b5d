# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Check that no instruction set leaks out of its kernels: check_symbols.py BUILD_FOLDER...

The linker keeps one copy of a weak function and may keep any. So the kernels of the wider
instruction sets must hold no weak function at all, nor export one: their table is all that the
rest may see of them. And whatever runs before the dispatch, or after it on a plain processor, must
hold no instruction above SSE2. The shared library shows what is marked SONOGRAM_API, and nothing of
the kernels or of the standard library.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

WIDER = ("avx2", "avx512")
# Instructions of SSE3, SSSE3, SSE4 and of AVX and later, whose names begin with v or which touch
# registers that only they have.
ABOVE_SSE2 = re.compile(
    r"%[yz]mm\d|%k[1-7]\b|\bv[a-z0-9]+\s.*%xmm"
    r"|\b(addsubp[sd]|h(add|sub)p[sd]|lddqu|mov(d|sh|sl)dup|fisttp\w*|pshufb|ph(add|sub)\w+"
    r"|pabs[bwd]|palignr|psign[bwd]|pmaddubsw|pmulhrsw|p?blend\w+|dpp[sd]|round[ps][sd]|pmulld"
    r"|pmuldq|pm(in|ax)(s[bd]|u[wd])|pmov[sz]x\w+|pextr[bdq]|pinsr[bdq]|extractps|insertps"
    r"|packusdw|pcmp(eqq|gtq|[ei]str[im])|phminposuw|movntdqa|ptest|mpsadbw|popcnt|crc32[bwlq]?)\b"
)

INTERFACE = re.compile(r"sonogram_|_ZNK?8sonogram(?!6kernel)|_ZT[IS]N8sonogram(?!6kernel)")


def objects(folders: list[str]) -> Iterator[tuple[Path, str]]:
    """Yield every compiled object of the library under `folders`, and the kernel that it is."""
    for folder in folders:
        for path in sorted(Path(folder).rglob("*.o")):
            kernel = re.search(r"sonogram_kernel_(\w+?)\.dir", str(path))
            if kernel or "sonogram_core.dir" in str(path) or "_core.dir" in str(path):
                yield path, kernel.group(1) if kernel else ""


def output_of(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout


def leaks(path: Path) -> list[str]:
    """Return the symbols of a kernel, its table aside, that the linker could give to others."""
    found = []
    for line in output_of("nm", "-C", str(path)).splitlines():
        kind, name = line[17:].split(" ", 1)
        if kind == "U" or "DW.ref." in name or "sonogram::kernel::table_" in name:
            continue
        if kind in "WVwvu" or kind.isupper():
            found.append(f"{kind} {name}")
    return found


def wide_instructions(path: Path) -> list[str]:
    """Return what a processor with SSE2 alone could not run."""
    lines = output_of("objdump", "-d", "--no-show-raw-insn", str(path)).splitlines()
    return [line.strip() for line in lines if ABOVE_SSE2.search(line)]


def shown_too_much(library: Path) -> list[str]:
    """Return the symbols of the shared library that are not its interface."""
    lines = output_of("nm", "-D", "--defined-only", str(library)).splitlines()
    names = [line.split()[-1] for line in lines]
    return [name for name in names if not INTERFACE.match(name)] or ([] if names else ["nothing"])


def main() -> int:
    """Check the objects of the build folders that are named on the command line."""
    checked = failed = 0
    kernels = set()
    for path, kernel in objects(sys.argv[1:]):
        found = leaks(path) if kernel else []
        if kernel not in WIDER:
            found += wide_instructions(path)
        kernels.add(kernel)
        checked += 1
        failed += bool(found)
        for words in found[:10]:
            print(f"{path}: {words}")
    libraries = [path for folder in sys.argv[1:] for path in Path(folder).glob("libsonogram.so*")]
    for library in libraries:
        found = shown_too_much(library)
        failed += bool(found)
        for words in found[:10]:
            print(f"{library}: shows {words}")
    if not libraries:
        print(f"no shared library under {sys.argv[1:]}")
        failed += 1
    missing = {"", "sse2", *WIDER} - kernels
    if missing:
        print(f"no object of the kernels {sorted(missing)} under {sys.argv[1:]}")
        failed += 1
    print(f"{checked} objects, {failed} with symbols or instructions that leak")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
