# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The command ``sonogram``: pictures."""

import os
import subprocess
import sys

import numpy as np
import pytest
from support.commands import COMMANDS, FEW, MUSIC, SPEECH, fails

import sonogram
from sonogram._cli import main


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_plot_beside_the_features(here, command):
    assert main([command, MUSIC, "-o", "out.npy", "--plot", "out.png"]) == 0
    assert (here / "out.png").read_bytes().startswith(b"\x89PNG")
    assert main([command, SPEECH, MUSIC, "-o", "out", "--plot", "pictures"]) == 0
    assert sorted(os.listdir("pictures")) == ["chord_sweep.png", "speech.png"]


def test_plot_draws_an_audio_file(here):
    assert main(["plot", SPEECH, "-o", "a.png"]) == 0
    options = "--freq-axis mel --f-min 50 --f-max 7000 --top-db 60 --title hello --channel 1"
    more = "--n-fft 1024 --win-length 800 --hop-length 200 --window blackman --sample-rate 16000"
    assert main(["plot", MUSIC, "-o", "b.png", *options.split(), *more.split()]) == 0
    assert (here / "a.png").read_bytes().startswith(b"\x89PNG")
    assert (here / "b.png").read_bytes().startswith(b"\x89PNG")


def png_size(path):
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG")
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def test_plot_of_an_exact_size_reads_a_part(here):
    options = "--size 640x300 --start 0.5 --end 2 --cmap viridis --freq-axis bark --vmin -60"
    assert main(["plot", MUSIC, "-o", "a.png", *options.split()]) == 0
    assert png_size(here / "a.png") == (640, 300)
    picture = sonogram.image(MUSIC, start=0.5, end=2.0, width=640, height=300, cmap="viridis",
                             freq_axis="bark", vmin=-60, axes=True,
                             title="chord_sweep.flac")  # fmt: skip
    assert (here / "a.png").read_bytes() == picture
    assert main(["plot", MUSIC, "-o", "b.png", "--size", "640x300", "--mono", "--title", "x"]) == 0
    assert png_size(here / "b.png") == (640, 300)


def test_a_folder_of_pictures_at_one_common_level(here, capsys):
    waveform, rate = sonogram.load(SPEECH)
    sonogram.save("loud.wav", waveform, rate)
    sonogram.save("quiet.wav", waveform / 10, rate)
    files = ["loud.wav", "quiet.wav"]
    assert main(["plot", *files, "-o", "own", "--size", "500x300"]) == 0
    assert main(["plot", *files, "-o", "common", "--size", "500x300", "--common-level"]) == 0
    assert "quiet.wav -> common" in capsys.readouterr().out
    own, common = (
        {f.name: f.read_bytes() for f in (here / n).iterdir()} for n in ("own", "common")
    )
    assert set(own) == set(common) == {"loud.png", "quiet.png"}
    options = {"width": 500, "height": 300, "axes": True}
    from sonogram._plot.image import loudest

    peak = loudest("loud.wav", None, width=500, height=300)
    assert peak == pytest.approx(100 * loudest("quiet.wav", None, width=500, height=300), rel=1e-3)
    assert common["quiet.png"] == sonogram.image(
        "quiet.wav", ref=peak, title="quiet.wav", **options
    )
    assert own["quiet.png"] == sonogram.image("quiet.wav", title="quiet.wav", **options)
    assert main(["plot", "loud.wav", "nowhere.wav", "-o", "some", "--common-level"]) == 1
    assert os.listdir("some") == ["loud.png"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--size", "big"], "--size 'big' must be WIDTHxHEIGHT"),
        (["--size", "0x100"], "width is 0"),
        (["--size", "20x20"], "with axes they must be at least"),
        (["--start", "9"], "start is 9"),
        (["--size", "300x200", "--cmap", "jet"], "cmap is 'jet'"),
        (["--vmin", "-60", "--top-db", "60"], "one of them must be None"),
    ],
)
def test_a_wrong_option_of_an_exact_picture_is_named(here, capsys, options, says):
    assert says in fails(capsys, 2, "plot", SPEECH, "-o", "out.png", *options)
    assert os.listdir(here) == []


def test_an_exact_picture_is_a_png(here, capsys):
    said = fails(capsys, 2, "plot", SPEECH, "-o", "out.pdf", "--size", "300x200")
    assert "it must be a .png" in said


def test_without_matplotlib_pngs_are_drawn_all_the_same(here):
    for arguments in (
        ["plot", SPEECH, "-o", "a.png"],
        ["mel", SPEECH, "-o", "b.npy", "--plot", "b.png"],
        ["mel", SPEECH, "-o", "c.npy", "--plot", "c.png", "--preset", "kaldi-mfcc"],
    ):
        code = (
            "import sys; sys.modules['matplotlib'] = None\n"
            f"from sonogram._cli import main; sys.exit(main({arguments!r}))"
        )
        ran = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=300
        )
        assert (ran.returncode, ran.stderr) == (0, "")
    assert png_size(here / "a.png") == png_size(here / "b.png") == png_size(here / "c.png")


@pytest.mark.parametrize("output", ["a.xyz", "a", "a.npy"])
def test_a_picture_of_an_unknown_format_is_refused_before_anything_is_read(here, capsys, output):
    said = fails(capsys, 2, "plot", "nowhere.wav", "-o", output)
    assert "suffix must be one of" in said
    said = fails(capsys, 2, "mel", "nowhere.wav", "-o", "a.npy", "--plot", output)
    assert "suffix must be one of" in said


def test_features_are_written_where_their_picture_cannot_be(here, capsys):
    (here / "missing").write_bytes(b"a file, not a folder")
    arguments = ["-o", "out.npy", "--plot", "missing/a.png", *FEW]
    said = fails(capsys, 1, "mel", SPEECH, *arguments)
    assert said.startswith(f"sonogram: {SPEECH}: missing/a.png is not drawn: ")
    assert np.load("out.npy").shape[:2] == (1, 40)
    assert sorted(os.listdir(here)) == ["missing", "out.npy"]


@pytest.mark.parametrize(
    "options",
    [
        ["--finish", "dct:13"],
        ["--filterbank", "chroma", "--n-mels", "12", "--n-fft", "4096"],
        ["--energy", "raw"],
        ["--preset", "kaldi-mfcc"],
        ["--finish", "normalize;deltas:2"],
    ],
)
def test_features_of_every_kind_are_drawn(here, capsys, options):
    assert main(["mel", SPEECH, "-o", "out.npy", "--plot", "a.png", *options]) == 0
    assert capsys.readouterr().err == ""
    assert (here / "a.png").read_bytes().startswith(b"\x89PNG")
