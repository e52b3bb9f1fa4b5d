# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The formats of shards, by name; their libraries are imported on first use."""

import importlib
from typing import Any, NamedTuple

from ..._support.optional import require
from ..disk.errors import ItemError


class _Format(NamedTuple):
    module: str
    writer: str
    suffix: str
    compressions: tuple[str, ...] = ()


_FORMATS = {
    "npy": _Format("npy", "NpyWriter", ".npy"),
    "parquet": _Format("arrow", "ParquetWriter", ".parquet", ("zstd", "snappy", "gzip", "lz4")),
    "arrow": _Format("arrow", "ArrowWriter", ".arrow", ("zstd", "lz4")),
    "kaldi": _Format(
        "kaldi",
        "KaldiWriter",
        ".ark",
        ("auto", "speech_feature", "two_byte_auto", "one_byte_auto"),
    ),
    "webdataset": _Format("webdataset", "TarWriter", ".tar"),
    "hdf5": _Format("hdf5", "HDF5Writer", ".h5", ("gzip", "lzf")),
    "zarr": _Format("zarr", "ZarrWriter", ".zarr", ("zstd",)),  # gzip would record the time
    "safetensors": _Format("safetensors", "SafetensorsWriter", ".safetensors"),
}
NAMES = tuple(_FORMATS)
# The library that writes a format, and the extra that installs it.
_LIBRARIES = {
    "parquet": ("pyarrow.parquet", "arrow"),
    "arrow": ("pyarrow", "arrow"),
    "hdf5": ("h5py", "hdf5"),
    "zarr": ("zarr", "zarr"),
}


def suffix_of(name: str) -> str:
    """Return the suffix of a format's shards."""
    return _FORMATS[name].suffix


def compressions(name: str) -> tuple[str, ...]:
    """Return the names of a format's compressions."""
    return _FORMATS[name].compressions


def require_library(name: str, compress: str | None) -> None:
    """Raise ImportError if the library that writes a format is not installed."""
    if name in _LIBRARIES:
        require(*_LIBRARIES[name], f"the format {name}")
    if name == "kaldi" and compress is not None:
        require("kaldiio", "kaldi", "compressed Kaldi matrices")


def module_of(name: str) -> Any:
    """Return the module of a format, which has ``read``."""
    return importlib.import_module(f"{__name__}.{_FORMATS[name].module}")


def refuse_id(name: str, key: str) -> None:
    """Raise ItemError for an id that a format cannot hold."""
    objection = getattr(module_of(name), "objection", None)
    if objection is not None and (reason := objection(key)) is not None:
        raise ItemError("invalid", f"its id is not possible in {name}: {reason}")


def writer_of(name: str) -> Any:
    """Return the class that writes a format."""
    return getattr(module_of(name), _FORMATS[name].writer)
