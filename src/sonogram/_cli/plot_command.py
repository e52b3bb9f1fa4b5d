# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""``sonogram plot``: pictures of audio files, by matplotlib or without it."""

import contextlib
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .._plot.figure import plot
from .._plot.image import image, loudest
from .._support.optional import require
from ..audio import info, load
from .messages import UsageError, complain, complain_of, one_line
from .output_plan import check_counts, plan_pictures, title_of
from .parameters import Parameters, audio_files, parameter
from .spec_options import spec_fields
from .standard_streams import STANDARD, check_standard, readable

HELP = """Draw the waveform and the spectrogram of audio FILEs.

Where matplotlib is not installed, and with --size, --start, --end or --common-level, the
spectrogram alone is drawn as a PNG without it: of hours of audio in little memory.
"""
SIZE = 1200, 600  # of pictures without matplotlib
_OF_BOTH = ("channel", "n_fft", "win_length", "hop_length", "freq_axis", "f_min", "f_max",
            "top_db", "vmin", "vmax", "cmap")  # fmt: skip
_FAILURES = (OSError, ImportError, MemoryError)


def parameters(typer: Any) -> Parameters:
    """Return the options."""

    def option(text: str, **more: Any) -> Any:
        return typer.Option(None, help=text, **more)

    output = typer.Option(
        ...,
        "--output",
        "-o",
        metavar="PNG",
        show_default=False,
        help="The picture; the suffix (.png, .pdf, .svg, ...) tells the format. "
        "A folder where there are several FILEs.",
    )
    common = typer.Option(False, "--common-level", help="0 dB is the loudest of all FILEs.")
    return [
        audio_files(typer),
        parameter("output", str, output),
        parameter("channel", int | None, option("This channel alone (default: all, up to 8).")),
        parameter("n_fft", int | None, option("Samples of a transform (default: about 40 ms).")),
        parameter("win_length", int | None, option("Samples of the window.")),
        parameter("hop_length", int | None, option("Samples between frames.")),
        parameter("window", str | None, option("As for spectrogram (default: hann).")),
        parameter("freq_axis", str | None, option("linear (default), log, mel or bark.")),
        parameter("f_min", float | None, option("Lowest frequency in Hz.")),
        parameter("f_max", float | None, option("Highest frequency in Hz.")),
        parameter("start", float | None, option("Begin at this time, in seconds.")),
        parameter("end", float | None, option("End at this time, in seconds.")),
        parameter("top_db", float | None, option("Range of the colours (default: 80).")),
        parameter("vmin", float | None, option("Lowest colour, in dB below the maximum.")),
        parameter("vmax", float | None, option("Highest colour, in dB below the maximum.")),
        parameter("cmap", str | None, option("Colours: magma (default), viridis, gray_r, ...")),
        parameter("size", str | None, option("Exact size in pixels.", metavar="WIDTHxHEIGHT")),
        parameter("common_level", bool, common),
        parameter("title", str | None, option("Default: the name of the file.")),
    ]


def draw(given: Mapping[str, Any]) -> int:
    """Run ``sonogram plot`` and return the exit code."""
    check_counts(given, "sample_rate")
    files = [os.fspath(file) for file in given["files"]]
    check_standard(files)
    if STANDARD in files and given["common_level"]:
        raise UsageError("--common-level reads FILEs twice; none of them can be -")
    outputs = plan_pictures(files, given["output"], "-o")
    options = {name: given[name] for name in _OF_BOTH if given[name] is not None}
    options["window"] = spec_fields("stft", {"window": given["window"]}).get("window", "hann")
    alone = ("size", "start", "end")
    plain = given["common_level"] or any(given[name] is not None for name in alone)
    one: Callable[..., None] = _with_matplotlib
    if plain or not has_matplotlib():
        if outputs[0].suffix.lower() != ".png":
            _refuse_suffix(outputs[0], plain)
        one = _without
        options.update(_size(given["size"]))
        options.update({n: given[n] for n in ("start", "end") if given[n] is not None})
    if given["common_level"]:
        options["ref"] = _loudest(files, given, options)
    worst = 0
    for file, output in zip(files, outputs, strict=True):
        worst = max(worst, _guarded(one, file, output, given, options))
    return worst


def has_matplotlib() -> bool:
    """Return whether matplotlib can be imported."""
    try:
        require("matplotlib.backends.backend_agg", "plot", "sonogram plot")
    except ImportError:
        return False
    return True


def _refuse_suffix(path: Path, plain: bool) -> None:
    if plain:
        raise UsageError(
            f"-o {str(path)!r}: with --size, --start, --end or --common-level it must be a .png"
        )
    require("matplotlib", "plot", f"a picture with the suffix {path.suffix}")


def _size(text: str | None) -> Mapping[str, int]:
    if text is None:
        return {"width": SIZE[0], "height": SIZE[1]}
    found = re.fullmatch(r"(\d{1,6})[xX](\d{1,6})", text)
    if found is None:
        raise UsageError(f"--size {text!r} must be WIDTHxHEIGHT in pixels, such as 1200x600")
    return {"width": int(found[1]), "height": int(found[2])}


def _guarded(
    one: Callable[..., None],
    file: str,
    output: Path,
    given: Mapping[str, Any],
    options: Mapping[str, Any],
) -> int:
    """Draw one file and return its exit code, after saying what went wrong."""
    try:
        one(file, output, given, options)
    except (ValueError, TypeError) as error:  # of the options: the file has been read
        if len(given["files"]) > 1:
            return complain_of(file, error, code=2)
        return complain(str(error), code=2)
    except BrokenPipeError:
        raise
    except _FAILURES as error:
        return complain_of(file, error)
    return 0


def _with_matplotlib(
    file: str, output: Path, given: Mapping[str, Any], options: Mapping[str, Any]
) -> None:
    with readable(file) as path:
        waveform, rate = load(path, given["sample_rate"], given["mono"])
    if waveform.size == 0:
        raise OSError("holds no samples")
    output.parent.mkdir(parents=True, exist_ok=True)
    plot(waveform, rate, title=_title(file, given), path=output, **options)
    _tell(file, output, given)


def _without(file: str, output: Path, given: Mapping[str, Any], options: Mapping[str, Any]) -> None:
    with readable(file) as path:
        audio, rate = _audio(path, given)
        output.parent.mkdir(parents=True, exist_ok=True)
        image(audio, rate, axes=True, title=_title(file, given), path=output, **options)
    _tell(file, output, given)


def _audio(path: str, given: Mapping[str, Any]) -> tuple[Any, int | None]:
    """Return what `image` reads in blocks, or the mean of its channels."""
    if given["mono"]:
        return load(path, given["sample_rate"], True)
    if info(path).num_samples == 0:
        raise OSError("holds no samples")
    return path, given["sample_rate"]


def _loudest(files: list[str], given: Mapping[str, Any], options: Mapping[str, Any]) -> float | str:
    """Return the greatest power that is drawn of any file; files that fail say so when drawn."""
    chosen = {n: v for n, v in options.items() if n not in ("cmap", "top_db", "vmin", "vmax")}
    powers = [0.0]
    for file in files:
        with contextlib.suppress(ValueError, TypeError, *_FAILURES):
            powers.append(loudest(*_audio(file, given), **chosen))
    return max(powers) or "max"


def _title(file: str, given: Mapping[str, Any]) -> str:
    return title_of(file) if given["title"] is None else str(given["title"])


def _tell(file: str, output: Path, given: Mapping[str, Any]) -> None:
    if not given["quiet"]:
        print(one_line(f"{file} -> {output}"))
