# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Features of files of any length, in little memory."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from .. import _core
from .._spec.as_spec import SpecLike, as_spec
from .._support.arguments import require_bool
from .._support.paths import as_path, written_whole
from .._support.spellings import names_arguments
from .extractor import Extractor
from .signal_blocks import FileBlocks, run_blocks, signal_numbers
from .stream import Stream, streaming

_PIECE = 1 << 16  # bytes to gather before a contiguous write
_GATHERED = 1 << 25  # bytes gathered at most


@names_arguments
def extract_file(
    path: str | os.PathLike[str],
    spec: SpecLike,
    out: str | os.PathLike[str] | None = None,
    *,
    maximum: float | Literal["running"] | None = None,
    mean: npt.ArrayLike | None = None,
    std: npt.ArrayLike | None = None,
    window: int | None = None,
    resample: bool = False,
) -> npt.NDArray[Any]:
    """Compute the features of an audio file of any length in little memory.

    Parameters
    ----------
    path : str or os.PathLike
        Audio of any length, at ``spec.sample_rate`` or, with `resample`, at any rate.
    spec : Spec, str, Preset, Extractor or transform
        The front end: a Spec, the name of a preset, or an object with a Spec. Stages that need
        global statistics (a maximum, mean and variance, a level) get them from earlier passes over
        the file. The result has the bits of the `Extractor` in any case.
    out : str or os.PathLike, optional
        A file to write, with the suffix ``.npy``, which appears when it is complete. None: the
        features are returned in memory.
    maximum, mean, std, window
        As in `Stream`; they replace the earlier passes.
    resample : bool
        Resample audio of another rate to the spec's in blocks, with the bits of
        `sonogram.resample` of the whole file (soxr). Otherwise another rate is an error.

    Returns
    -------
    numpy.ndarray
        ``[channels, n_mels, time]``, or in the spec's `layout`; with `out`, a read-only memory map
        of the file.

    Raises
    ------
    ValueError
        For a file of another sample rate without `resample`, a file that is too short, a spec that
        cannot be computed in passes, or an `out` that equals `path` or has another suffix.
    OSError, ImportError
        As for `load`.

    Examples
    --------
    >>> import sonogram
    >>> spec = sonogram.preset("whisper-80")
    >>> sonogram.extract_file("examples/audio/speech.flac", spec).shape
    (1, 80, 582)
    """
    source, spec = as_path(path), as_spec(spec)
    require_bool("resample", resample)
    target = None if out is None else _target(out, source)
    given = maximum is not None or mean is not None or std is not None
    stream = None
    if given or not streaming(spec):
        stream = Stream(spec, maximum=maximum, mean=mean, std=std, window=window)
    signal = FileBlocks(source, spec.sample_rate, resample)
    channels, samples = signal.channels, signal.samples
    options = stream._options if stream else (None, None, None, 0, signal_numbers(signal, spec))
    fields = spec._fields()
    core = _core.Stream(fields, "float32", channels, *options)
    Extractor(spec)  # for its warnings
    shape = core.item_shape(samples)
    axis = 1 if len(shape) == 2 and spec.layout == "freq_time" else 0
    empty = core.push(np.zeros((channels, 0), np.float32), False)
    core.reset()
    if target is None:
        result = np.empty((channels, *shape), empty.dtype)
        run_blocks(signal, core, lambda at, part: _place(result, axis, at, part))
        return result
    with written_whole(target) as temporary, open(temporary, "wb") as file:
        writer = _Writer(file, (channels, *shape), empty.dtype, axis)
        run_blocks(signal, core, writer)
        writer.flush()
    mapped: npt.NDArray[Any] = np.load(target, mmap_mode="r")
    return mapped


def _target(out: object, source: Path) -> Path:
    target = as_path(out, "out")
    if target.suffix != ".npy":
        raise ValueError(f"out is {str(target)!r}; its name must end in '.npy'")
    if target.exists() and source.exists() and target.samefile(source):
        raise ValueError(f"out is {str(target)!r}; it must be another file than path")
    return target


def _place(result: npt.NDArray[Any], axis: int, at: int, part: npt.NDArray[Any]) -> None:
    where = [slice(None)] * result.ndim
    where[axis + 1] = slice(at, at + part.shape[axis + 1])
    result[tuple(where)] = part


class _Writer:
    """Writes frames to their places in a .npy file.

    If the frames of a band are contiguous in the file, many frames are gathered first: thousands of
    small pieces are slow to write, and slower to delete when the user interrupts.
    """

    def __init__(self, file: Any, shape: tuple[int, ...], dtype: np.dtype[Any], axis: int) -> None:
        header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False}
        np.lib.format.write_array_header_1_0(file, {**header, "shape": shape})
        file.flush()
        self._file, self._start = file, file.tell()
        self._runs = math.prod(shape[: axis + 1])  # contiguous pieces
        values = math.prod(shape[axis + 2 :])
        self._values = values * dtype.itemsize  # bytes per frame in each of them
        self._frames = shape[axis + 1]
        file.truncate(self._start + self._runs * self._frames * self._values)
        piece = min(_PIECE, _GATHERED // max(1, self._runs)) if self._runs > 1 else 0
        held = min(self._frames, piece // max(1, self._values))
        self._held = np.empty((self._runs, held * values), dtype)
        self._at = self._count = 0  # first and number of the gathered frames

    def __call__(self, at: int, part: npt.NDArray[Any]) -> None:
        pieces = part.reshape(self._runs, -1)
        if not pieces.size:
            return
        frames = pieces.nbytes // (self._runs * self._values)
        width = pieces.shape[1] // frames
        if (self._count + frames) * width > self._held.shape[1]:
            self.flush()
        if frames * width > self._held.shape[1]:
            self._write(at, pieces)
            return
        self._at = at - self._count
        self._held[:, self._count * width : (self._count + frames) * width] = pieces
        self._count += frames

    def flush(self) -> None:
        """Write the gathered frames."""
        if self._count:
            width = self._values // self._held.itemsize
            self._write(self._at, self._held[:, : self._count * width])
        self._count = 0

    def _write(self, at: int, pieces: npt.NDArray[Any]) -> None:
        for run in range(self._runs):
            self._file.seek(self._start + (run * self._frames + at) * self._values)
            self._file.write(pieces[run].data)
