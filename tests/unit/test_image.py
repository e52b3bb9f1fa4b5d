# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""`sonogram.image`: where tones and clicks lie in pixels, exact sizes, colours, levels."""

import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from support.peers import peer

import sonogram

RATE = 16000
TIME = np.arange(RATE) / RATE


def tone(frequency, seconds=1.0, rate=RATE):
    time = np.arange(int(seconds * rate)) / rate
    return (0.5 * np.sin(2 * np.pi * frequency * time)).astype(np.float32)


def click(at, seconds=1.0, rate=RATE, samples=16):
    waveform = np.zeros(int(seconds * rate), np.float32)
    waveform[int(at * rate) : int(at * rate) + samples] = 0.5
    return waveform


def levels(waveform, rate=RATE, **options):
    """Return the picture as levels from 0 to 251, the highest row first; gaps are -1."""
    picture = sonogram.image(waveform, rate, cmap="gray", as_="array", **options)
    return indices_of(picture)


def indices_of(picture):
    gray = (picture[..., 0] == picture[..., 1]) & (picture[..., 1] == picture[..., 2])
    gap = (picture == (112, 146, 160)).all(axis=-1)
    assert (gray ^ gap).all()
    return np.where(gap, -1, np.rint(picture[..., 0].astype(float) * 251 / 255))


def decoded(png):
    """Read a PNG of palette indices by the letter of its standard: header, colours, pixels."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        (check,) = struct.unpack(">I", png[at + 8 + size : at + 12 + size])
        assert check == zlib.crc32(kind + data)
        chunks[kind] = data
        at += 12 + size
    assert list(chunks) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    width, height, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert rest == [8, 3, 0, 0, 0]
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, width + 1)
    assert not lines[:, 0].any()
    return np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3)[lines[:, 1:]]


# ------------------------------------------------------------------------------ the file


@pytest.mark.parametrize(("width", "height"), [(1, 1), (7, 300), (1000, 400), (333, 2)])
@pytest.mark.parametrize("channels", [1, 2])
def test_the_size_is_exact(width, height, channels):
    waveform = np.stack([tone(1000)] * channels)
    picture = decoded(sonogram.image(waveform, RATE, width=width, height=height))
    assert picture.shape == (height, width, 3)


def test_png_array_and_pil_are_the_same_picture(tmp_path):
    peer("PIL")
    options = {"width": 300, "height": 200, "axes": True, "title": "A tone"}
    path = tmp_path / "a.png"
    png = sonogram.image(tone(1000), RATE, path=path, **options)
    array = sonogram.image(tone(1000), RATE, as_="array", **options)
    pil = sonogram.image(tone(1000), RATE, as_="pil", **options)
    assert path.read_bytes() == png
    np.testing.assert_array_equal(decoded(png), array)
    np.testing.assert_array_equal(np.asarray(pil), array)
    from PIL import Image

    with Image.open(path) as file:
        np.testing.assert_array_equal(np.asarray(file.convert("RGB")), array)


# --------------------------------------------------------------------- where things lie


def place(axis, hz):
    """Where the axes' definitions put a frequency between 0 and the Nyquist frequency."""
    to = {
        "linear": lambda f: f,
        "mel": lambda f: 2595 * np.log10(1 + f / 700),
        "bark": sonogram.hz_to_bark,
    }[axis]
    return float((to(hz) - to(0.0)) / (to(RATE / 2) - to(0.0)))


@pytest.mark.parametrize("axis", ["linear", "mel", "bark"])
@pytest.mark.parametrize("frequency", [250.0, 440.0, 1000.0, 3000.0, 7000.0])
@pytest.mark.parametrize("height", [100, 400, 1500])
def test_a_tone_lies_in_its_pixel_row(axis, frequency, height):
    found = levels(tone(frequency), freq_axis=axis, height=height, width=50, n_fft=2048)
    column = found[::-1, 25]
    # the tone's bin and its two neighbours, by where their edges are
    bins = np.clip(
        (np.rint(frequency * 2048 / RATE) + np.array([-1.5, 1.5])) * RATE / 2048, 0, RATE / 2
    )
    low, high = (place(axis, hz) * height for hz in bins)
    brightest = np.flatnonzero(column == column.max())
    assert low - 1 <= brightest.min() <= brightest.max() + 1 <= high + 1.0001


def test_a_tone_on_a_log_axis_between_given_limits():
    found = levels(tone(1000), freq_axis="log", f_min=100, f_max=8000, height=600, n_fft=4096)
    row = 599 - found[:, 500].argmax()
    assert row == pytest.approx(600 * np.log(1000 / 100) / np.log(80), abs=2)


@pytest.mark.parametrize("width", [10, 100, 1000, 5000])
@pytest.mark.parametrize("at", [0.0, 0.25, 0.6, 0.98])
def test_a_click_lies_in_its_pixel_column(width, at):
    found = levels(click(at), width=width, height=40, n_fft=256)
    column = found.max(axis=0)
    brightest = np.flatnonzero(column == column.max()).mean()
    # half a window is 8 ms, of which the middle is the loudest
    assert brightest == pytest.approx((at + 0.0005) * width, abs=1 + 0.004 * width)


@pytest.mark.parametrize(("start", "end"), [(0.0, 1.0), (0.5, 1.0), (0.37, 0.71), (0.59, 0.62)])
def test_start_and_end_are_seconds_at_the_edges(start, end):
    found = levels(click(0.6), start=start, end=end, width=1000, height=40, n_fft=64)
    column = found.max(axis=0)
    brightest = np.flatnonzero(column == column.max()).mean()
    assert brightest == pytest.approx(1000 * (0.6005 - start) / (end - start), abs=40)


def test_a_part_is_drawn_as_it_is_in_the_whole():
    """Nothing of what is cut away is missing in the frames at the edges."""
    noise = np.random.default_rng(0).standard_normal(4 * RATE).astype(np.float32)
    options = {"n_fft": 512, "hop_length": 128, "height": 100, "ref": 100.0}
    whole = levels(noise, width=4000, **options)
    part = levels(noise, width=1000, start=1.0, end=2.0, **options)
    np.testing.assert_array_equal(part, whole[:, 1000:2000])


def test_pixels_are_the_maximum_of_what_falls_into_them():
    """Against the definition, in float64, for a picture much smaller than its frames."""
    noise = np.random.default_rng(0).standard_normal(RATE).astype(np.float32)
    options = {"n_fft": 512, "hop_length": 64, "pad_mode": "constant"}
    power = sonogram.spectrogram(noise.astype(np.float64), **options)
    bins = np.arange(257) * RATE / 512
    centres = np.clip(np.stack([bins - 15.625, bins + 15.625]), 0, 8000).mean(axis=0)
    times = np.arange(power.shape[1]) * 64 / RATE
    expected = np.empty((20, 50))
    for row in range(20):
        for column in range(50):
            inside = (centres >= row * 400) & (centres < (row + 1) * 400)
            when = (times >= column / 50 - 1e-9) & (times < (column + 1) / 50 - 1e-9)
            expected[19 - row, column] = power[np.ix_(inside, when)].max()
    level = 10 * np.log10(expected / expected.max())
    found = levels(noise, width=50, height=20, n_fft=512, hop_length=64, top_db=30)
    # half a level of rounding, and one where float32 and float64 fall on two sides of a limit
    assert np.abs(found - np.clip(np.floor((level + 30) / 30 * 252), 0, 251)).max() <= 1


def test_every_row_is_seen_when_the_picture_is_enlarged():
    noise = np.random.default_rng(0).standard_normal(1600).astype(np.float32)
    spec = sonogram.Spec(n_fft=32, hop_length=160, log="db")
    features = sonogram.Extractor(spec)(noise)
    low, high = float(features.min()), float(features.max())
    options = {"width": 315, "height": 320, "vmin": low, "vmax": high, "cmap": "gray"}
    found = indices_of(sonogram.image(features=features, spec=spec, as_="array", **options))
    # 20 pixels a bin and 30 a frame, half of that at the edges but the last frame's
    rows = np.clip(np.arange(17) * 20, 5, 315)
    columns = np.clip(np.arange(11) * 30, 5, 310)
    wanted = np.clip(np.floor((features - low) / (high - low) * 252), 0, 251)
    assert np.abs(found[::-1][np.ix_(rows, columns)] - wanted).max() <= 1


@pytest.mark.slow
def test_a_click_of_a_millisecond_is_seen_in_an_hour(tmp_path):
    """However it lies to the frames; from a file, in little memory."""
    rate = 8000
    waveform = np.zeros(3600 * rate, np.int16)
    places = [1234567, 9000001, 20000063, 28000127]
    for at in places:
        waveform[at : at + 8] = 16000
    path = tmp_path / "hour.wav"
    sonogram.save(path, waveform, rate)
    code = (
        "import sys, resource, numpy as np, sonogram\n"
        "sonogram.image(sys.argv[1], end=5.0, width=100, height=50)\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "found = sonogram.image(sys.argv[1], width=800, height=300, cmap='gray', as_='array')\n"
        "after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(after - before, *np.flatnonzero(found[..., 0].max(axis=0) > 128))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, check=True, timeout=300
    )
    grown, *columns = map(int, ran.stdout.split())
    wanted = {at * 800 // len(waveform) for at in places}
    assert set(columns) >= wanted
    assert {min(abs(c - w) for w in wanted) for c in columns} <= {0, 1}
    assert grown < 50 * 1024  # KiB; the waveform alone has 56 MiB, its spectrogram 230


# ------------------------------------------------------------------------------- colours


@pytest.mark.parametrize("name", ["magma", "viridis", "inferno", "cividis", "gray"])
@pytest.mark.parametrize("suffix", ["", "_r"])
def test_palettes_are_matplotlibs_within_one_of_255(name, suffix):
    matplotlib = peer("matplotlib")
    from sonogram._plot.palettes import palette

    theirs = matplotlib.colormaps[name + suffix](np.arange(256))[:, :3] * 255
    ours = palette(name + suffix).astype(float)
    assert np.abs(ours - np.rint(theirs)).max() <= 1


def test_a_given_palette_is_used_from_low_to_high():
    cmap = np.array([[255, 0, 0], [0, 0, 255]], np.uint8)
    picture = sonogram.image(tone(1000), RATE, cmap=cmap, as_="array", n_fft=512)
    assert tuple(picture[0, 500]) == (255, 0, 0)
    assert picture.reshape(-1, 3)[:, 2].max() == 255
    assert (picture.astype(int).sum(axis=-1) - 255).max() <= 1
    floats = sonogram.image(tone(1000), RATE, cmap=cmap / 255.0, as_="array", n_fft=512)
    np.testing.assert_array_equal(floats, picture)


def test_levels_are_decibels_below_the_maximum():
    steps = np.concatenate([tone(1000) * 10 ** (-db / 20) for db in (0, 20, 40, 60, 100)])
    found = levels(steps, width=5, height=100, n_fft=512, top_db=80)
    middle = found.max(axis=0)
    # a loud neighbour's window reaches into the next column: look at the middle of each
    found = levels(steps, width=500, height=100, n_fft=512, top_db=80)
    middle = found[:, 50::100].max(axis=0)
    np.testing.assert_allclose(middle, [251, 252 * 0.75, 252 * 0.5, 252 * 0.25, 0], atol=1)


def test_top_db_vmin_and_vmax_set_the_range():
    quiet = np.concatenate([tone(1000), 0.1 * tone(1000)])
    options = {"width": 500, "height": 100, "n_fft": 512}
    for more, wanted in (
        ({"top_db": 40}, 126),
        ({"vmin": -40}, 126),
        ({"vmin": -30, "vmax": -10}, 126),
        ({"vmin": -20}, 0),
        ({"vmax": -20}, 251),
    ):
        assert levels(quiet, **options, **more)[:, 375].max() == pytest.approx(wanted, abs=1)


def test_a_reference_makes_pictures_compare():
    options = {"width": 50, "height": 100, "n_fft": 512}
    loud, quiet = tone(1000), 0.01 * tone(1000)
    peak = float(sonogram.spectrogram(loud, n_fft=512, pad_mode="constant").max())
    assert levels(quiet, **options).max() == levels(loud, **options).max() == 251
    assert levels(loud, ref=peak, **options).max() >= 250
    assert levels(quiet, ref=peak, **options).max() == pytest.approx(252 / 2, abs=1)


def test_silence_is_dark_and_nan_is_grey():
    assert (levels(np.zeros(RATE, np.float32)) == 0).all()
    waveform = tone(1000)
    waveform[8000] = np.nan
    found = levels(waveform, width=1000)
    gaps = np.flatnonzero((found == -1).all(axis=0))
    assert 480 <= gaps.min() <= gaps.max() <= 520
    assert not (np.delete(found, gaps, axis=1) == -1).any()
    assert (levels(np.full(RATE, np.nan, np.float32)) == -1).all()


# ------------------------------------------------------------------- sources of a picture


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 96000])
def test_a_file_and_its_waveform_give_the_same_picture(tmp_path, rate):
    peer("soundfile")
    rng = np.random.default_rng(0)
    waveform = rng.uniform(-0.5, 0.5, (2, 5 * rate)).astype(np.float32)
    sonogram.save(tmp_path / "a.wav", waveform, rate)
    for options in ({}, {"start": 1.3, "end": 3.1}, {"channel": 1, "freq_axis": "log"}):
        from_file = sonogram.image(tmp_path / "a.wav", **options)
        assert from_file == sonogram.image(waveform, rate, **options)
        assert from_file == sonogram.image(waveform.astype(np.float64), rate, **options)


@pytest.mark.parametrize(
    "name", ["whisper-80", "kaldi-fbank-80", "kaldi-mfcc", "nemo-80", "funasr-560", "hifigan-22k"]
)
def test_a_front_end_is_drawn_as_its_features_are(name):
    """Computed in blocks, with whole-signal statistics, or given: the same picture."""
    spec = sonogram.preset(name)
    noise = np.random.default_rng(0).uniform(-1, 1, int(20 * spec.sample_rate)).astype(np.float32)
    features = sonogram.Extractor(spec)(noise)
    low, high = float(features.min()), float(features.max())
    options = {"vmin": low, "vmax": high, "as_": "array", "end": 18.0, "width": 90}
    computed = sonogram.image(noise, spec.sample_rate, spec=name, **options)
    given = sonogram.image(features=features, spec=name, **options)
    np.testing.assert_array_equal(computed, given)
    assert len(np.unique(computed.reshape(-1, 3), axis=0)) > 20


def test_a_front_end_of_another_rate_resamples():
    peer("soxr")
    picture = sonogram.image(
        tone(1000, rate=44100), 44100, spec="whisper-80", as_="array", cmap="gray", height=800
    )
    found = indices_of(picture)
    row = 799 - found[:, 500].argmax()
    mel = sonogram.hz_to_mel(np.array([900.0, 1100.0, 8000.0]), mel_scale="slaney")
    assert mel[0] / mel[2] * 800 <= row <= mel[1] / mel[2] * 800


def test_channels_lie_one_above_the_other():
    stereo = np.stack([tone(1000), tone(5000)])
    found = levels(stereo, width=50, height=200, n_fft=512)
    assert 99 - found[:100, 25].argmax() == pytest.approx(1000 / 80, abs=1.5)
    assert 99 - found[100:, 25].argmax() == pytest.approx(5000 / 80, abs=1.5)
    np.testing.assert_array_equal(levels(stereo, channel=1, ref=1.0), levels(stereo[1], ref=1.0))


def test_bands_that_end_below_the_axis_leave_it_grey():
    spec = sonogram.Spec(n_fft=512, filterbank="mel", n_mels=40, f_max=4000.0, log="db")
    picture = sonogram.image(tone(1000), RATE, spec=spec, freq_axis="linear", cmap="gray",
                             as_="array", height=100)  # fmt: skip
    found = indices_of(picture)
    assert (found[:49] == -1).all()
    assert not (found[51:] == -1).any()


# ---------------------------------------------------------------------------------- axes


def test_axes_lie_inside_the_size_and_show_the_same_pixels():
    options = {"width": 800, "height": 300, "n_fft": 512, "as_": "array"}
    framed = sonogram.image(tone(1000), RATE, axes=True, **options)
    assert framed.shape == (300, 800, 3)
    white = (framed == 255).all(axis=-1)
    assert white[-1].mean() > 0.9
    assert white[:, 0].mean() > 0.5
    black = (framed == 0).all(axis=-1)
    assert 500 < black[:, :40].sum() + black[-20:].sum() < 5000  # there is text


def test_a_tick_lies_at_its_frequency_and_its_time(monkeypatch):
    """The row of the tick "1000" is the brightest of 1000 Hz, and so is the column of a click."""
    from sonogram._plot import canvas, font

    places = {}

    class Seen(canvas.Canvas):
        def write(self, text, x, y, **options):
            places[text] = x, y + (font.HEIGHT // 2 - 1) * self._scale
            super().write(text, x, y, **options)

    monkeypatch.setattr("sonogram._plot.image.Canvas", Seen)
    options = {"axes": True, "n_fft": 1024, "cmap": "gray", "as_": "array", "title": "$x_{1}"}
    picture = sonogram.image(tone(1000, 4), RATE, freq_axis="mel", width=1500, **options)
    column = picture[20:-40, 700, 0].astype(int)
    brightest = np.flatnonzero(column == column.max()) + 20
    assert np.abs(brightest - places["1000"][1]).min() <= 3
    assert {"0 s", "1 s", "2 s", "time", "frequency (Hz)", "dB re max", "$x_{1}"} <= set(places)
    picture = sonogram.image(click(2, 4), RATE, width=1500, **options)
    row = picture[300, 100:1380, 0].astype(int)
    brightest = np.flatnonzero(row == row.max()).mean() + 100
    assert brightest == pytest.approx(places["2 s"][0], abs=5)


def test_too_small_for_axes_is_named():
    with pytest.raises(ValueError, match="width and height are 60 and 400; with axes they must be"):
        sonogram.image(tone(1000), RATE, axes=True, width=60)


@pytest.mark.parametrize("text", ["a", "", "\N{SNOWMAN}", "0123456789", "~!@#$%^&*()_+{}|"])
def test_text_is_as_wide_as_it_is_long(text):
    from sonogram._plot.font import drawn_text

    assert drawn_text(text, 2).shape == (16, 12 * len(text))


def test_every_printable_character_has_a_form_of_its_own():
    from sonogram._plot.font import drawn_text

    forms = {chr(c): drawn_text(chr(c)).tobytes() for c in range(32, 127)}
    assert len(set(forms.values())) == 95
    assert drawn_text("\N{SNOWMAN}").tobytes() not in forms.values()


@pytest.mark.parametrize(
    ("start", "end", "most", "names"),
    [
        (0, 5.8, 10, ["0 s", "1 s", "2 s", "3 s", "4 s", "5 s"]),
        (0, 0.01, 5, ["0.000 s", "0.002 s", "0.004 s", "0.006 s", "0.008 s", "0.010 s"]),
        (60, 200, 5, ["1:00", "1:30", "2:00", "2:30", "3:00"]),
        (0, 7200, 5, ["0:00:00", "0:30:00", "1:00:00", "1:30:00", "2:00:00"]),
    ],
)
def test_times_are_round(start, end, most, names):
    from sonogram._plot.time_ticks import time_ticks

    found = time_ticks(start, end, most)
    assert [name for _, name in found] == names
    assert all(start <= seconds <= end * (1 + 1e-9) for seconds, _ in found)


# --------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("options", "kind", "says"),
    [
        ({"width": 0}, ValueError, "width is 0"),
        ({"height": 2**20}, ValueError, "height is 1048576"),
        ({"width": 1.5}, TypeError, "width is 1.5"),
        ({"as_": "jpg"}, ValueError, "as_ is 'jpg'; it must be one of 'png', 'array', 'pil'"),
        ({"cmap": "jet"}, ValueError, "cmap is 'jet'; it must be one of 'magma'"),
        ({"cmap": [1, 2]}, TypeError, "cmap is"),
        ({"cmap": [[0.0, 0.0, 2.0]]}, ValueError, "cmap has values from 0 to 2"),
        ({"axes": 1}, TypeError, "axes is 1"),
        ({"title": "x"}, ValueError, "title is 'x'; it needs axes=True"),
        ({"start": -1}, ValueError, "start is -1"),
        ({"start": 1}, ValueError, "start is 1; it must be below the duration, 1 s"),
        ({"end": 1.5}, ValueError, "end is 1.5; it must be at most the duration, 1 s"),
        ({"start": 0.5, "end": 0.5}, ValueError, "end is 0.5; it must be above start"),
        ({"ref": "mean"}, ValueError, "ref is 'mean'"),
        ({"ref": 0}, ValueError, "ref is 0"),
        ({"ref": 1.0, "spec": "whisper-80"}, ValueError, r"ref is 1; .*log10 mel"),
        ({"top_db": 10, "spec": "nemo-80"}, ValueError, "top_db is 10"),
        ({"spec": "whisper-80", "n_fft": 512}, ValueError, "n_fft is 512; it must be None"),
        ({"spec": "kaldi-mfcc", "freq_axis": "mel"}, ValueError, "freq_axis is 'mel'"),
        ({"path": "a.jpg"}, ValueError, "path is 'a.jpg'; its name must end in .png"),
        ({"features": np.zeros((3, 3))}, TypeError, "one of them must be given"),
        ({"channel": 1}, ValueError, "channel is 1"),
        ({"n_mels": 3}, TypeError, "n_mels"),
    ],
)
def test_a_wrong_argument_is_named(options, kind, says):
    with pytest.raises(kind, match=says):
        sonogram.image(tone(1000), RATE, **options)


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(TypeError, match="one of them must be given"):
        sonogram.image()
    with pytest.raises(TypeError, match="sample_rate is None"):
        sonogram.image(tone(1000))
    with pytest.raises(TypeError, match="spec is None"):
        sonogram.image(features=np.zeros((3, 3)))
    with pytest.raises(FileNotFoundError, match=r"nowhere\.wav"):
        sonogram.image(tmp_path / "nowhere.wav")
    with pytest.raises(ValueError, match="sample_rate is 8000; it must be that of spec, 16000"):
        sonogram.image("a.wav", 8000, spec="whisper-80")


def test_it_needs_nothing_but_numpy():
    code = (
        "import sys\n"
        "for name in ('matplotlib', 'PIL', 'soundfile', 'soxr'): sys.modules[name] = None\n"
        "import numpy, sonogram\n"
        "picture = sonogram.image(numpy.ones(999, numpy.float32), 8000, axes=True, title='ones')\n"
        "assert picture.startswith(b'\\x89PNG')\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=300)
