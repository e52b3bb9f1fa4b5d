# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The commands that compute features: plan the outputs, compute, write atomically."""

import io
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np

from .._features.extractor import Extractor
from .._plot.figure import plot
from .._plot.image import image
from .._plot.raster import hop_length
from .._spec.record import Spec
from .._support.paths import written_whole
from ..audio import load
from .messages import complain, complain_of, one_line
from .output_plan import check_apart, check_counts, plan, plan_pictures, title_of
from .plot_command import SIZE, has_matplotlib
from .spec_options import base_fields, chosen_size, spec_fields
from .standard_streams import check_standard, readable, write_standard

_FAILURES = (OSError, ValueError, TypeError, ImportError, MemoryError)


class _OptionsError(Exception):
    """Options that do not give a valid front end, for which no file is to blame."""


def compute(command: str, given: Mapping[str, Any]) -> int:
    """Run ``sonogram mel|spectrogram|stft`` and return the exit code."""
    check_counts(given, "sample_rate", "num_threads")
    files = [os.fspath(file) for file in given["files"]]
    check_standard(files, given["output"])
    outputs = plan(files, given["output"], given["format"])
    check_apart(files, outputs)
    pictures: Sequence[Path | None] = [None] * len(files)
    if given["plot"] is not None:
        pictures = plan_pictures(files, given["plot"], "--plot")
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
        title = title_of(file)
        if has_matplotlib():
            rate = int(spec.sample_rate)
            plot(waveform, rate, features=features, spec=spec, title=title, path=picture)
        else:
            width, height = SIZE
            image(
                features=features,
                spec=spec,
                title=title,
                axes=True,
                path=picture,
                width=width,
                height=height,
            )
    except _FAILURES as error:
        return complain_of(f"{file}: {picture} is not drawn", error)
    return 0


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
