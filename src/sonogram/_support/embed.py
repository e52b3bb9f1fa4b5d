# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Locations at which C++ and C programs find the library inside this package."""

from __future__ import annotations

import sys
from pathlib import Path

from .. import _core

# Beside the compiled module, which is elsewhere than the Python files in an editable install.
_HERE = Path(_core.__file__).parent


def _found(path: Path) -> str:
    if not path.exists():
        raise FileNotFoundError(
            f"{path} is not there: this copy of sonogram was put together without its C++ part"
        )
    return str(path)


def get_include() -> str:
    """Return the folder of the C++ and C headers, for ``-I`` and ``#include "sonogram/c_api.h"``.

    Raises
    ------
    FileNotFoundError
        If the package was built without the library, which no wheel is.

    Examples
    --------
    >>> import pathlib, sonogram
    >>> (pathlib.Path(sonogram.get_include()) / "sonogram" / "c_api.h").is_file()
    True
    """
    return _found(_HERE / "include")


def cmake_dir() -> str:
    """Return the folder for ``cmake -Dsonogram_DIR=...`` and ``find_package(sonogram)``.

    Raises
    ------
    FileNotFoundError
        If the package was built without the library, which no wheel is.

    Examples
    --------
    >>> import pathlib, sonogram
    >>> (pathlib.Path(sonogram.cmake_dir()) / "sonogramConfig.cmake").is_file()
    True
    """
    return _found(_HERE / "cmake")


def library_path() -> str:
    """Return the path of the shared library, which this package uses itself.

    Raises
    ------
    FileNotFoundError
        If the package was built without the library, which no wheel is.

    Examples
    --------
    >>> import ctypes, sonogram
    >>> library = ctypes.CDLL(sonogram.library_path())
    >>> library.sonogram_version.restype = ctypes.c_char_p
    >>> library.sonogram_version().decode() == sonogram.__version__
    True
    """
    # A wheel cannot hold links: its one file has the name that linked programs look for.
    version = ".".join(_core.__version__.split(".")[:2])
    mac = sys.platform == "darwin"
    name = f"libsonogram.{version}.dylib" if mac else f"libsonogram.so.{version}"
    return _found(_HERE / name)
