# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""One output for each input file, planned before anything is computed."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .._plot.figure import picture_format
from .messages import UsageError
from .standard_streams import INPUT_NAME, STANDARD

FORMATS = ("npy", "npz")
_SUFFIXES = tuple(f".{name}" for name in FORMATS)


def title_of(file: str) -> str:
    return INPUT_NAME if file == STANDARD else Path(file).name


def plan(files: Sequence[str], output: str, wanted: str | None) -> Sequence[Path | None]:
    """Return the output of each file, None for standard output.

    Nothing is written before all outputs are known to be distinct.
    """
    if wanted is not None and wanted not in FORMATS:
        raise UsageError(f"--format {wanted!r} is not one of {', '.join(FORMATS)}")
    if output == STANDARD:
        return [None]
    if not _is_folder(output, files):
        suffix = Path(output).suffix.lower()
        if suffix not in _SUFFIXES:
            raise UsageError(f"-o {output!r}: the suffix must be {' or '.join(_SUFFIXES)}")
        if wanted is not None and suffix != f".{wanted}":
            raise UsageError(f"-o {output!r} and --format {wanted} disagree")
        return [Path(output)]
    several = len(files) > 1
    if several and Path(output).suffix.lower() in _SUFFIXES and not os.path.isdir(output):
        raise UsageError(f"-o {output!r} must be a folder where there are several FILEs")
    return _in_folder(files, output, "-o", wanted or FORMATS[0])


def check_apart(files: Sequence[str], outputs: Sequence[Path | None]) -> None:
    """Refuse to overwrite an input."""
    read = {os.path.realpath(file) for file in files if file != STANDARD}
    for output in outputs:
        if output is not None and os.path.realpath(output) in read:
            raise UsageError(f"-o: {str(output)!r} is one of the FILEs; it would be lost")


def plan_pictures(files: Sequence[str], picture: str, flag: str) -> list[Path]:
    """Return the path of a figure for each file."""
    if _is_folder(picture, files):
        if len(files) > 1 and Path(picture).suffix and not os.path.isdir(picture):
            raise UsageError(f"{flag} {picture!r} must be a folder where there are several FILEs")
        paths = _in_folder(files, picture, flag, "png")
    else:
        paths = [Path(picture)]
    check_picture(paths[0], flag)
    return paths


def check_picture(path: Path, flag: str) -> None:
    """Refuse a suffix that cannot be written, before anything is computed."""
    if path.suffix.lower() == ".png":  # without matplotlib too
        return
    try:
        picture_format(path)
    except ValueError as error:
        raise UsageError(f"{flag}: {error}") from error


def check_counts(given: Mapping[str, Any], *names: str) -> None:
    for name in names:
        if given[name] is not None and given[name] < 1:
            raise UsageError(f"--{name.replace('_', '-')} {given[name]} must be at least 1")


def _is_folder(output: str, files: Sequence[str]) -> bool:
    return len(files) > 1 or os.path.isdir(output) or output.endswith(("/", os.sep))


def _in_folder(files: Sequence[str], folder: str, flag: str, suffix: str) -> list[Path]:
    if os.path.exists(folder) and not os.path.isdir(folder):
        raise UsageError(f"{flag} {folder!r} must be a folder where there are several FILEs")
    taken: dict[str, str] = {}
    for file in files:
        name = f"{INPUT_NAME if file == STANDARD else Path(file).stem}.{suffix}"
        if name in taken:
            raise UsageError(f"{taken[name]} and {file} would both be written to {name}")
        taken[name] = file
    return [Path(folder, name) for name in taken]
