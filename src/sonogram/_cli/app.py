# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The commands and their options for typer."""

import dataclasses
import inspect
import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

from .._core import __version__
from .._support.optional import require
from ..audio import info
from . import extract_command, plot_command
from .compute_commands import compute
from .explain_command import (
    EXPLAIN_HELP,
    PRESETS_HELP,
    explain_options,
    explain_these,
    list_presets,
    preset_options,
)
from .messages import complain_of, one_line
from .option_table import OPTIONS
from .parameters import Parameters, audio_files, parameter
from .spec_options import default_text
from .standard_streams import check_standard, readable

_HELP = {
    "mel": """Compute (log-)mel spectrograms of audio FILEs.

    Every option is a field of sonogram.Spec; defaults are those of sonogram.log_mel_spectrogram,
    but n_fft is a power of two of 25 ms or more and n_mels 80. --log none gives
    sonogram.mel_spectrogram.

    Example: sonogram mel speech.flac -o speech.npz --n-mels 80 --plot speech.png
    """,
    "spectrogram": """Compute power or magnitude spectrograms of audio FILEs.

    Every option is a field of sonogram.Spec; defaults are those of sonogram.spectrogram.
    """,
    "stft": """Compute complex short-time Fourier transforms of audio FILEs.

    Every option is a field of sonogram.Spec; defaults are those of sonogram.stft.
    """,
    "info": """Say what the headers of audio FILEs say.""",
}
_SUFFIXES = "Suffix .npy (the features) or .npz (also sample_rate, hop_length and the spec)."


def build() -> tuple[Any, tuple[type[BaseException], ...]]:
    """Return the application, and the exceptions that it raises when the user stops it."""
    typer = require("typer", "cli", "the command line")
    require("rich", "cli", "the command line")
    app = typer.Typer(
        add_completion=False,
        no_args_is_help=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        help="Audio files in, spectrograms out.",
        epilog="Exit codes: 0 done, 1 a file failed (extract: all, or it stopped), 2 wrong usage.",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_as_command(_top_level(typer), _version_only))
    for name in ("mel", "spectrogram", "stft"):
        app.command(name, help=_HELP[name])(
            _as_command(_transform(typer, name), _run_compute(name))
        )
    extract = _as_command(extract_command.parameters(typer), extract_command.run)
    app.command("extract", help=extract_command.HELP)(extract)
    plotting = [*plot_command.parameters(typer), *_input_options(typer)]
    app.command("plot", help=plot_command.HELP)(_as_command(plotting, plot_command.draw))
    app.command("info", help=_HELP["info"])(_as_command(_info(typer), _run_info))
    app.command("presets", help=PRESETS_HELP)(_as_command(preset_options(typer), list_presets))
    app.command("explain", help=EXPLAIN_HELP)(_as_command(explain_options(typer), explain_these))
    return app, (KeyboardInterrupt, typer.Abort)


def _as_command(parameters: Parameters, run: Callable[[dict[str, Any]], int]) -> Callable[..., int]:
    """Return a function of these parameters that passes their values on as one dict."""

    def command(**values: Any) -> int:
        return run(values)

    command.__annotations__ = {}
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return command


def _top_level(typer: Any) -> Parameters:
    def show(value: bool) -> None:
        if value:
            print(f"sonogram {__version__}")
            raise typer.Exit

    option = typer.Option(
        False, "--version", callback=show, is_eager=True, help="Print the version and stop."
    )
    return [parameter("version", bool, option)]


def _input_options(typer: Any) -> Parameters:
    rate = typer.Option(None, help="Resample to this rate first.", metavar="HZ")
    mono = typer.Option(False, "--mono", help="Average the channels into one.")
    quiet = typer.Option(False, "--quiet", "-q", help="Print nothing but errors.")
    return [
        parameter("sample_rate", int | None, rate),
        parameter("mono", bool, mono),
        parameter("quiet", bool, quiet),
    ]


def _transform(typer: Any, command: str) -> Parameters:
    def option(*names: str, **more: Any) -> Any:
        return typer.Option(None, *names, **more)

    output = typer.Option(
        ...,
        "--output",
        "-o",
        metavar="OUT",
        show_default=False,
        help=f"{_SUFFIXES} A folder where there are several FILEs; - writes to standard output.",
    )
    parameters = [
        audio_files(typer),
        parameter("output", str, output),
        parameter(
            "format", str | None, option(help="In a folder: npy (default) or npz.", metavar="TEXT")
        ),
        parameter(
            "plot", str | None, option(help="Draw the result too (a folder as -o).", metavar="PNG")
        ),
        parameter(
            "preset",
            str | None,
            option(help="A model's front end; options override.", metavar="NAME"),
        ),
        parameter(
            "spec",
            str | None,
            option(help="A Spec as JSON; options override.", metavar="FILE.json"),
        ),
        parameter("num_threads", int | None, option(help="Threads (default: all CPUs).")),
        *_input_options(typer),
    ]
    for entry in OPTIONS:
        if command in entry.commands:
            switch = entry.kind is bool
            names = f"{entry.flag}/--no-{entry.flag[2:]}" if switch else entry.flag
            default = default_text(entry, command)
            made = option(
                names,
                help=entry.help + (f" (default: {default})" if default else ""),
                metavar=None if switch else entry.placeholder,
                rich_help_panel=entry.panel,
            )
            parameters.append(parameter(entry.key, entry.kind | None, made))
    return parameters


def _info(typer: Any) -> Parameters:
    as_json = typer.Option(False, "--json", help="Print a JSON object a line.")
    return [audio_files(typer), parameter("json", bool, as_json)]


def _version_only(values: dict[str, Any]) -> int:
    return 0


def _run_compute(name: str) -> Callable[[dict[str, Any]], int]:
    return lambda values: compute(name, values)


def _run_info(values: dict[str, Any]) -> int:
    known, code = [], 0
    check_standard(values["files"])
    for file in values["files"]:
        try:
            with readable(file) as path:
                known.append({**dataclasses.asdict(info(path)), "path": file})
        except (OSError, ValueError, ImportError) as error:
            code = complain_of(file, error)
    if values["json"]:
        for entry in known:
            print(json.dumps(entry))
    elif known:
        _table(known)
    return code


def _table(entries: Iterable[dict[str, Any]]) -> None:
    """Print a table on a terminal, and lines of tab-separated fields elsewhere."""
    rows = [
        [
            one_line(entry["path"]),
            f"{entry['sample_rate']} Hz",
            f"{entry['channels']} ch",
            "? samples" if entry["num_samples"] is None else f"{entry['num_samples']} samples",
            "? s" if entry["duration"] is None else f"{entry['duration']:.3f} s",
            f"{entry['format']} {entry['subtype']}",
        ]
        for entry in entries
    ]
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(row))
        return
    table = require("rich.table", "cli", "the command line").Table(box=None, show_header=False)
    text = require("rich.text", "cli", "the command line").Text
    for row in rows:
        table.add_row(*(text(cell, overflow="fold") for cell in row))
    require("rich.console", "cli", "the command line").Console(highlight=False).print(table)
