# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The import of optional packages, all of which happens here."""

import importlib
from typing import Any

_PACKAGES = {
    "audio": "soundfile and soxr",
    "plot": "matplotlib",
    "cli": "typer and rich",
    "yaml": "PyYAML",
    "torch": "PyTorch",
    "corpus": "soundfile, soxr, xxhash and rich",
    "fsspec": "fsspec (and the package of that file system)",
    "av": "PyAV",
    "arrow": "pyarrow",
    "kaldi": "kaldiio",
    "hdf5": "h5py",
    "zarr": "zarr",
    "dask": "dask and distributed",
    "ray": "ray",
    "lhotse": "lhotse",
}


def require(module: str, extra: str, what: str) -> Any:
    """Import ``module`` for ``what``, or raise ImportError naming the extra that installs it."""
    try:
        return importlib.import_module(module)
    except (ImportError, OSError) as error:  # OSError: soundfile without its C library
        raise ImportError(
            f"{what} needs {_PACKAGES[extra]} ({error}); pip install 'sonogram[{extra}]'"
        ) from error
