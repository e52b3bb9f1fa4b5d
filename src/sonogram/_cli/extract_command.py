# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""``sonogram extract``: features of a whole corpus."""

import contextlib
import dataclasses
import json
import sys
from typing import Any

from .._spec.record import Spec
from .._support.optional import require
from .messages import UsageError, complain, one_line
from .parameters import Parameters, parameter
from .silence_stderr import silence_native_stderr

HELP = """Compute the features of a corpus: many files, in shards, resumed where it stopped.

SOURCE is a folder (recursive), a webdataset tar ({000..012} names many), a table (.csv, .tsv,
.jsonl, .parquet with path and optionally id, start, duration, channel), a list (.txt), Kaldi's
wav.scp or the folder with it, or a Hugging Face audio folder; s3:// and the like too.

Run it again to go on after whatever stopped it. Read it with sonogram.corpus.open(OUT).
A file that cannot be read is left out; at the end OUT/failures.jsonl lists them.

In kaldi, hdf5, zarr and webdataset ids are written as in addresses (%20 and the like).
Paths in kaldi's feats.scp are relative to OUT. Arrow shards are IPC files, not streams.

Exit codes: 0 done, though files may have failed; 1 the job stopped, or every file failed;
2 wrong usage.

Example: sonogram extract recordings -o features --preset whisper-80
"""

_PROGRESS = ("auto", "bar", "json", "quiet")
_SHOWN = 10


def parameters(typer: Any) -> Parameters:
    """Return the options."""

    def option(*names: str, default: Any = None, **more: Any) -> Any:
        return typer.Option(default, *names, **more)

    source = typer.Argument(..., metavar="SOURCE", help="What to read.", show_default=False)
    out = typer.Option(..., "--output", "-o", metavar="OUT", show_default=False, help="A folder.")
    run, read, left = "How it runs", "What is read", "What is left out"
    return [
        parameter("source", str, source),
        parameter("output", str, out),
        parameter("preset", str | None, option(help="The front end, by name.")),
        parameter("spec", str | None, option(help="Or a file with a Spec's JSON.", metavar="JSON")),
        parameter(
            "format",
            str,
            option(default="npy", help=_format_help()),
        ),
        parameter("compress", str | None, option(help=_compress_help())),
        parameter("index", str, option(default="jsonl", help="jsonl, or parquet too.")),
        parameter("shard_items", int | None, option(help="Items of a shard (default: 16 to 256).")),
        parameter(
            "kind", str, option(default="auto", help="What SOURCE is.", rich_help_panel=read)
        ),
        parameter(
            "pattern",
            list[str],
            option(default=[], help="Names that count, such as '*.flac'.", rich_help_panel=read),
        ),
        parameter(
            "channel",
            str,
            option(default="mix", help="A channel from 0, or mix.", rich_help_panel=read),
        ),
        parameter(
            "quality", str, option(default="HQ", help="Of resampling.", rich_help_panel=read)
        ),
        parameter(
            "decoder", str, option(default="auto", help="soundfile or av.", rich_help_panel=read)
        ),
        *(
            parameter(name, float | None, option(help=text, rich_help_panel=left))
            for name, text in (
                ("min_duration", "Shorter items, seconds."),
                ("max_duration", "Longer items, seconds."),
                ("min_level", "Quieter items, dB of full scale."),
                ("max_level", "Louder items, dB of full scale."),
            )
        ),
        parameter(
            "on_error", str, option(default="skip", help="skip or fail.", rich_help_panel=run)
        ),
        parameter("max_failures", int | None, option(help="Stop beyond.", rich_help_panel=run)),
        parameter(
            "nonfinite", str, option(default="fail", help="fail or keep.", rich_help_panel=run)
        ),
        parameter(
            "resume",
            bool,
            option(
                "--resume/--no-resume",
                default=True,
                help="Go on, or begin anew.",
                rich_help_panel=run,
            ),
        ),
        parameter(
            "verify",
            str,
            option(default="checksum", help="Old shards: checksum or size.", rich_help_panel=run),
        ),
        parameter(
            "retry_failed",
            bool,
            option("--retry-failed", default=False, help="Failed items too.", rich_help_panel=run),
        ),
        parameter(
            "engine",
            str,
            option(
                default="local",
                help="local, dask, dask:ADDRESS, ray, ray:ADDRESS.",
                rich_help_panel=run,
            ),
        ),
        parameter(
            "workers", int | None, option("--workers", "-j", help="Processes.", rich_help_panel=run)
        ),
        parameter(
            "item_timeout",
            float,
            option(default=600.0, help="Seconds for one item.", rich_help_panel=run),
        ),
        parameter(
            "progress",
            str,
            option(default="auto", help="auto, bar, json or quiet.", rich_help_panel=run),
        ),
        parameter("quiet", bool, option("--quiet", "-q", default=False, help="Print only errors.")),
    ]


def _format_help() -> str:
    from ..corpus.formats import NAMES

    return f"{', '.join(NAMES[:-1])} or {NAMES[-1]}."


def _compress_help() -> str:
    from ..corpus.formats import NAMES, compressions

    known = [f"{name}: {', '.join(compressions(name))}" for name in NAMES if compressions(name)]
    return f"{'; '.join(known)}."


def run(given: dict[str, Any]) -> int:
    """Run the command and return its exit code."""
    from .. import corpus
    from ..corpus.job.progress import progress_display

    arguments = dict(given)
    mode, quiet = arguments.pop("progress"), arguments.pop("quiet")
    if mode not in _PROGRESS:
        raise UsageError(f"--progress {mode!r} is not one of {', '.join(_PROGRESS)}")
    spec = _spec(arguments.pop("preset"), arguments.pop("spec"))
    source, out = arguments.pop("source"), arguments.pop("output")
    arguments["pattern"] = arguments["pattern"] or None
    if arguments["channel"].isdigit():
        arguments["channel"] = int(arguments["channel"])
    # The workers of the local engine do this themselves; without workers, decoding happens here.
    silence = silence_native_stderr() if arguments["workers"] == 0 else contextlib.nullcontext()
    try:
        with silence, progress_display("quiet" if quiet else mode) as progress:
            summary = corpus.extract(source, out, spec, progress=progress, **arguments)
    except (ValueError, TypeError) as error:
        return complain(_as_options(str(error)), code=2)
    except (corpus.CorpusError, OSError) as error:
        return complain(_as_options(str(error)))
    if not quiet:
        _print_result(summary, mode == "json")
    return 1 if summary.failed and not summary.items else 0


def _as_options(message: str) -> str:
    """Return a message of the library with its advice translated to command-line options."""
    return message.replace("or resume=False to begin anew", "or --no-resume to begin anew")


def _spec(preset: str | None, path: str | None) -> Spec:
    from .._spec.as_spec import as_spec

    if preset is None and path is None:
        raise UsageError("--preset or --spec must be given")
    if preset is not None and path is not None:
        raise UsageError("--preset and --spec are both given; one of them says the front end")
    try:
        if preset is not None:
            return as_spec(preset)
        assert path is not None
        with open(path, encoding="utf-8") as file:
            return Spec.from_json(file.read())
    except (ValueError, TypeError, OSError) as error:
        name = "--preset" if preset is not None else "--spec"
        raise UsageError(f"{name}: {error}") from error


def _print_result(summary: Any, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"done": True, **dataclasses.asdict(summary), "speed": summary.speed}))
        return
    print(
        one_line(
            f"{summary.out}: {summary.items} items, {summary.seconds / 3600:.2f} h in "
            f"{summary.wall:.1f} s ({summary.speed:.0f}x real time computed), "
            f"{summary.shards} shards" + (f" ({summary.kept} were there)" if summary.kept else "")
        )
    )
    if summary.filtered:
        print(f"{summary.filtered} left out as asked")
    if summary.failed:
        print(f"{summary.failed} failed; failures.jsonl lists them")
        _failures(summary.failures[:_SHOWN])


def _failures(failures: list[dict[str, str]]) -> None:
    rows = [[one_line(failure[name]) for name in ("id", "kind", "reason")] for failure in failures]
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(row))
        return
    table = require("rich.table", "cli", "the command line").Table(
        "item", "kind", "reason", box=None
    )
    text = require("rich.text", "cli", "the command line").Text
    for row in rows:
        table.add_row(*(text(cell, overflow="fold") for cell in row))
    require("rich.console", "cli", "the command line").Console(highlight=False).print(table)
