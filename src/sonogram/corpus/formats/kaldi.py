# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Kaldi's ark, with feats.scp and utt2num_frames beside corpus.json.

Matrices are ``[time, bands]`` in float32 or float64, or one of Kaldi's compressed kinds, written by
kaldiio. Blanks in an id are written as %20 (and % as %25). Paths in feats.scp are relative to the
folder of the corpus, which can therefore be moved: read it from there.
"""

import struct
from typing import Any

import numpy as np

from ..._support.optional import require
from ..disk.errors import CorpusError
from .base import Array, Entry, PlainWriter, ShardInfo, mapped, time_first

# Kaldi's CompressionMethod (matrix/compressed-matrix.h)
_METHODS = {"auto": 1, "speech_feature": 2, "two_byte_auto": 3, "one_byte_auto": 5}
_TOKENS = {"<f4": b"FM ", "<f8": b"DM "}


def key_of(name: str) -> str:
    """Return an id in the form that Kaldi can hold."""
    quoted = name.replace("%", "%25")
    return "".join(f"%{ord(c):02X}" if c.isspace() else c for c in quoted)


def _scp(entry: Entry, file: str) -> str:
    return f"{key_of(entry['id'])} {file}:{entry['ark']}"


def _num_frames(entry: Entry, file: str) -> str:
    return f"{key_of(entry['id'])} {entry['frames']}"


LISTS = {"feats.scp": _scp, "utt2num_frames": _num_frames}


class KaldiWriter(PlainWriter):
    """Appends matrices to an ark."""

    def __init__(self, path: str, info: ShardInfo) -> None:
        if info.dtype not in _TOKENS:
            raise CorpusError(f"Kaldi has no matrices of {np.dtype(info.dtype)}")
        self._token = _TOKENS[info.dtype]
        self._bands_last = info.bands_last
        self._method = None if info.compress is None else _METHODS[info.compress]
        self._kaldiio: Any = None
        if self._method is not None:
            self._kaldiio = require("kaldiio", "kaldi", "compressed Kaldi matrices")
        self._file = open(path, "xb")  # noqa: SIM115 (close and abort)

    def add(self, entry: Entry, features: Array) -> None:
        """Append a matrix; ``ark`` in its entry is the offset for scp files."""
        matrix = time_first(features, self._bands_last)
        key = key_of(entry["id"])
        entry["ark"] = self._file.tell() + len(key.encode()) + 1
        if self._kaldiio is not None:
            self._kaldiio.save_ark(self._file, {key: matrix}, compression_method=self._method)
            return
        rows, columns = matrix.shape
        head = key.encode() + b" \0B" + self._token
        self._file.write(head + struct.pack("<bibi", 4, rows, 4, columns))
        entry["offset"] = self._file.tell()
        self._file.write(matrix.data)

    def close(self) -> None:
        """Close the ark."""
        self._file.close()

    def abort(self) -> None:
        """Close the ark."""
        self._file.close()


def read(path: str, entry: Entry, dtype: str) -> Array:
    """Return an item in the layout of the corpus, memory-mapped or decompressed."""
    bands_last = entry["shape"][0] == entry["frames"]
    rows, columns = entry["shape"] if bands_last else entry["shape"][::-1]
    if "offset" in entry:
        matrix = mapped(path, dtype, entry, (rows, columns))
    else:
        kaldiio = require("kaldiio", "kaldi", "compressed Kaldi matrices")
        matrix = kaldiio.load_mat(f"{path}:{entry['ark']}")
    return matrix if bands_last else matrix.T
