# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The commands that compute features or draw: plan the outputs, compute, write atomically."""

import io
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np

from .._features.extractor import Extractor
from .._plot.figure import plot
from .._plot.raster import hop_length
from .._spec.record import Spec
from .._support.paths import written_whole
from ..audio import load
from .messages import UsageError, complain, complain_of, one_line
from .spec_options import base_fields, chosen_size, spec_fields
from .standard_streams import INPUT_NAME, STANDARD, check_standard, readable, write_standard

FORMATS = ("npy", "npz")
_FAILURES = (OSError, ValueError, TypeError, ImportError, MemoryError)


class _OptionsError(Exception):
    """Options that do not give a valid front end, for which no file is to blame."""


def compute(command: str, given: Mapping[str, Any]) -> int:
    """Run ``sonogram mel|spectrogram|stft`` and return the exit code."""
    _check_counts(given, "sample_rate", "num_threads")
    files = [os.fspath(file) for file in given["files"]]
    check_standard(files, given["output"])
    outputs = plan(files, given["output"], given["format"])
    _check_apart(files, outputs)
    pictures = plan_pictures(files, given["plot"])
    base = base_fields(command, given)
    fields = spec_fields(command, given, base)
    refused: set[str] = set()
    worst = 0
    for file, output, picture in zip(files, outputs, pictures, strict=True):
        try:
            worst = max(worst, _one(file, output, picture, fields, given))
        except _OptionsError as error:
            worst = 2
            if str(error) not in refused:  # report once for all files
                refused.add(str(error))
                complain(str(error))
        except BrokenPipeError:
            raise
        except _FAILURES as error:
            worst = max(worst, complain_of(file, error))
    return worst


def _one(
    file: str,
    output: Path | None,
    picture: Path | None,
    fields: Mapping[str, Any],
    given: Mapping[str, Any],
) -> int:
    # A preset or a spec has one sample rate: the audio is resampled to it.
    wanted = given["sample_rate"] or fields.get("sample_rate")
    with readable(file) as path:
        waveform, rate = load(path, None if wanted is None else int(wanted), given["mono"])
    try:
        extractor = Extractor(Spec(**{**chosen_size(fields, rate), "sample_rate": rate}))
    except (ValueError, TypeError) as error:
        raise _OptionsError(str(error)) from error
    features = np.asarray(extractor(waveform, num_threads=given["num_threads"]))

    if output is None:
        whole = io.BytesIO()
        _write(whole, f".{given['format'] or 'npy'}", features, extractor.spec)
        write_standard(whole.getbuffer())
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(output) as temporary, open(temporary, "wb") as target:
            _write(target, output.suffix.lower(), features, extractor.spec)
        if not given["quiet"]:
            shape = ", ".join(map(str, features.shape))
            print(one_line(f"{file} -> {output}: {features.dtype} [{shape}]"))
    if picture is None:
        return 0
    return _draw_beside(file, picture, waveform, features, extractor.spec)


def _draw_beside(file: str, picture: Path, waveform: Any, features: Any, spec: Spec) -> int:
    """Draw features that have been written: what goes wrong with it takes nothing from them."""
    try:
        picture.parent.mkdir(parents=True, exist_ok=True)
        plot(
            waveform,
            int(spec.sample_rate),
            features=features,
            spec=spec,
            title=_title(file),
            path=picture,
        )
    except _FAILURES as error:
        return complain_of(f"{file}: {picture} is not drawn", error)
    return 0


def _title(file: str) -> str:
    return INPUT_NAME if file == STANDARD else Path(file).name


def _write(target: IO[bytes], suffix: str, features: Any, spec: Spec) -> None:
    if suffix == ".npy":
        np.save(target, features, allow_pickle=False)
        return
    rate = spec.sample_rate
    np.savez(
        target,
        features=features,
        sample_rate=np.array(int(rate) if rate == int(rate) else rate),
        hop_length=np.int64(hop_length(spec)),
        spec=np.array(json.dumps(spec.to_dict())),
    )


def plan(files: Sequence[str], output: str, wanted: str | None) -> Sequence[Path | None]:
    """Return the output of each file, None for standard output.

    Nothing is written before all outputs are known to be distinct.
    """
    if wanted is not None and wanted not in FORMATS:
        raise UsageError(f"--format {wanted!r} is not one of npy, npz")
    if output == STANDARD:
        return [None]
    if not _is_folder(output, files):
        suffix = Path(output).suffix.lower()
        if suffix not in (".npy", ".npz"):
            raise UsageError(f"-o {output!r}: the suffix must be .npy or .npz")
        if wanted is not None and suffix != f".{wanted}":
            raise UsageError(f"-o {output!r} and --format {wanted} disagree")
        return [Path(output)]
    if (
        len(files) > 1
        and Path(output).suffix.lower() in (".npy", ".npz")
        and not os.path.isdir(output)
    ):
        raise UsageError(f"-o {output!r} must be a folder where there are several FILEs")
    return _in_folder(files, output, "-o", wanted or "npy")


def _check_apart(files: Sequence[str], outputs: Sequence[Path | None]) -> None:
    """Refuse to overwrite an input."""
    read = {os.path.realpath(file) for file in files if file != STANDARD}
    for output in outputs:
        if output is not None and os.path.realpath(output) in read:
            raise UsageError(f"-o: {str(output)!r} is one of the FILEs; it would be lost")


def plan_pictures(files: Sequence[str], picture: str | None) -> Sequence[Path | None]:
    """Return the path of a figure for each file, or None for each if no figures are wanted."""
    if picture is None:
        return [None] * len(files)
    if _is_folder(picture, files):
        if len(files) > 1 and Path(picture).suffix and not os.path.isdir(picture):
            raise UsageError(f"--plot {picture!r} must be a folder where there are several FILEs")
        paths = _in_folder(files, picture, "--plot", "png")
    else:
        paths = [Path(picture)]
    check_picture(paths[0], "--plot")
    return paths


def check_picture(path: Path, flag: str) -> None:
    """Refuse a suffix that matplotlib cannot write, before anything is computed."""
    from .._plot.figure import picture_format

    try:
        picture_format(path)
    except ValueError as error:
        raise UsageError(f"{flag}: {error}") from error


def _check_counts(given: Mapping[str, Any], *names: str) -> None:
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


def draw(given: Mapping[str, Any]) -> int:
    """Run ``sonogram plot`` and return the exit code."""
    _check_counts(given, "sample_rate")
    file = os.fspath(given["file"])
    check_standard([file])
    output = Path(given["output"])
    check_picture(output, "-o")
    names = (
        "channel",
        "n_fft",
        "win_length",
        "hop_length",
        "freq_axis",
        "f_min",
        "f_max",
        "top_db",
    )
    chosen = {name: given[name] for name in names if given[name] is not None}
    window = spec_fields("stft", {"window": given["window"]}).get("window", "hann")
    try:
        with readable(file) as path:
            waveform, rate = load(path, given["sample_rate"], given["mono"])
        if waveform.size == 0:
            return complain_of(file, ValueError("holds no samples"))
        title = _title(file) if given["title"] is None else given["title"]
        plot(waveform, rate, title=title, window=window, path=output, **chosen)
    except (ValueError, TypeError) as error:  # about the options, as the file has been read
        return complain(str(error), code=2)
    except _FAILURES as error:
        return complain_of(file, error)
    if not given["quiet"]:
        print(one_line(f"{file} -> {output}"))
    return 0
