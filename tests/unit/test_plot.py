# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""`sonogram.plot`: exact axes, bounded size, any audio."""

import subprocess
import sys

import numpy as np
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from support.lanes import slow_but

import sonogram

RATE = 16000


def chirp(seconds=1.0, rate=RATE):
    time = np.arange(int(seconds * rate)) / rate
    return np.cos(2 * np.pi * (200 + 3000 * time) * time).astype(np.float32)


def burst(frequency, start, stop, rate=RATE, seconds=1.0):
    time = np.arange(int(seconds * rate)) / rate
    inside = (time >= start) & (time < stop)
    return (np.sin(2 * np.pi * frequency * time) * inside).astype(np.float32)


def meshes(figure):
    found = []
    for axes in figure.axes:
        for artist in axes.collections:
            if isinstance(artist, QuadMesh) and axes.get_ylabel() == "frequency (Hz)":
                corners = artist.get_coordinates()
                shape = corners.shape[0] - 1, corners.shape[1] - 1
                values = artist.get_array().reshape(shape)  # matplotlib < 3.8 has it flat
                found.append((corners[0, :, 0], corners[:, 0, 1], values))
    return found


def brightest(figure):
    """Return the edges in seconds and Hz of the loudest cell."""
    ((times, frequencies, values),) = meshes(figure)
    row, column = np.unravel_index(np.argmax(np.ma.filled(values, -np.inf)), values.shape)
    return times[column : column + 2], frequencies[row : row + 2]


def panels(figure):
    """Return the axes of the waveforms and of the spectrograms."""
    spectra = [axes for axes in figure.axes if axes.get_ylabel() == "frequency (Hz)"]
    return [a for a in figure.axes if a not in spectra and a.get_ylabel() != "dB re max"], spectra


@pytest.mark.parametrize("freq_axis", ["linear", "log", "mel", "bark"])
@pytest.mark.parametrize("frequency", [440.0, 1000.0, 5512.5])
def test_a_tone_lies_at_its_frequency_on_every_axis(freq_axis, frequency):
    figure = sonogram.plot(burst(frequency, 0, 1), RATE, freq_axis=freq_axis)
    _, hertz = brightest(figure)
    assert hertz[0] <= frequency <= hertz[1]
    assert hertz[1] - hertz[0] < 70


def test_a_click_lies_at_its_time():
    waveform = np.zeros(RATE, np.float32)
    for sample in (0, 4000, 8003, 15990):
        waveform[:] = 0
        waveform[sample] = 1
        times, _ = brightest(sonogram.plot(waveform, RATE, n_fft=64, hop_length=8))
        assert times[0] - 1e-9 <= sample / RATE <= times[1] + 1e-9


def test_cells_reach_half_a_hop_and_half_a_bin_around_frame_and_bin():
    figure = sonogram.plot(chirp(), RATE, n_fft=256, win_length=256, hop_length=100)
    ((times, frequencies, values),) = meshes(figure)
    assert values.shape == (129, 161)
    np.testing.assert_allclose(times[:-1], (np.arange(161) - 0.5) * 100 / RATE)
    bins = np.clip((np.arange(130) - 0.5) * RATE / 256, 0, RATE / 2)
    np.testing.assert_allclose(frequencies, bins, atol=1e-9)


def test_values_are_those_of_spectrogram_in_db_below_the_maximum():
    waveform = chirp()
    figure = sonogram.plot(waveform, RATE, n_fft=256, hop_length=100, top_db=60)
    power = sonogram.spectrogram(waveform, n_fft=256, hop_length=100, pad_mode="constant")
    expected = 10 * np.log10(np.maximum(power / power.max(), 1e-6))
    ((_, _, values),) = meshes(figure)
    np.testing.assert_allclose(values, expected, atol=1e-3)


def test_both_panels_share_one_time_axis_in_seconds():
    figure = sonogram.plot(chirp(2.5), RATE)
    ((above,), (below,)) = panels(figure)
    assert above.get_xlim() == below.get_xlim() == (0, 2.5)
    assert above.get_shared_x_axes().joined(above, below)
    assert below.get_xlabel() == "time (s)"
    figure.canvas.draw()
    assert above.get_position().x0 == pytest.approx(below.get_position().x0)
    assert above.get_position().x1 == pytest.approx(below.get_position().x1)


@pytest.mark.parametrize(
    ("freq_axis", "low"), [("linear", 0), ("mel", 0), ("bark", 0), ("log", 2.5 * RATE / 1024)]
)
def test_the_axis_reaches_half_the_sample_rate(freq_axis, low):
    figure = sonogram.plot(chirp(), RATE, freq_axis=freq_axis, n_fft=1024)
    (_, (below,)) = panels(figure)
    assert below.get_ylim() == (low, 8000)
    ticks = [tick for tick in below.get_yticks() if low <= tick <= 8000]
    assert len(ticks) >= 4


@pytest.mark.parametrize("freq_axis", ["linear", "log", "mel"])
def test_f_min_and_f_max_bound_the_axis(freq_axis):
    figure = sonogram.plot(chirp(), RATE, freq_axis=freq_axis, f_min=300, f_max=3000)
    (_, (below,)) = panels(figure)
    assert below.get_ylim() == (300, 3000)
    ((_, frequencies, _),) = meshes(figure)
    assert frequencies[0] == 300
    assert frequencies[-1] == 3000


def test_a_colour_bar_says_db():
    figure = sonogram.plot(chirp(), RATE, top_db=50)
    bar = figure.axes[-1]
    assert bar.get_ylabel() == "dB re max"
    assert bar.get_ylim() == (-50, 0)


@pytest.mark.parametrize("samples", slow_but([1, 2, 3, 15, 160, 400, 1600], 1, 400))
@pytest.mark.parametrize("freq_axis", ["linear", "log", "mel"])
def test_short_audio_is_drawn(samples, freq_axis, tmp_path):
    figure = sonogram.plot(chirp()[:samples], RATE, freq_axis=freq_axis, path=tmp_path / "a.png")
    ((above,), _) = panels(figure)
    assert above.get_xlim() == (0, samples / RATE)
    ((times, _, values),) = meshes(figure)
    assert times[0] <= 0
    assert times[-1] >= samples / RATE
    assert np.ma.max(values) == pytest.approx(0, abs=1e-4)


def test_ten_milliseconds_show_structure_in_time():
    ((_, _, values),) = meshes(sonogram.plot(chirp()[:160], RATE))
    assert values.shape[1] > 100


def test_long_audio_is_bounded_and_keeps_a_click():
    rate = 8000
    waveform = np.zeros(20 * 60 * rate, np.int16)
    waveform[1_000_003 * 5] = 20000
    figure = sonogram.plot(waveform, rate)
    ((_, _, values),) = meshes(figure)
    assert values.shape[0] <= 600
    assert 1000 <= values.shape[1] <= 2000
    times, _ = brightest(figure)
    assert times[0] - 0.03 <= 5_000_015 / rate <= times[1] + 0.03
    ((above,), _) = panels(figure)
    (drawn,) = above.collections
    (path,) = drawn.get_paths()
    assert len(path.vertices) < 20000
    assert path.vertices[:, 1].max() == pytest.approx(20000 / 32768)


def test_merged_columns_are_the_maximum_of_their_frames():
    waveform = np.random.default_rng(0).standard_normal(RATE * 3).astype(np.float32)
    options = {"n_fft": 64, "win_length": 64, "hop_length": 8}
    ((times, _, values),) = meshes(sonogram.plot(waveform, RATE, **options))
    power = sonogram.spectrogram(waveform, n_fft=64, hop_length=8, pad_mode="constant")
    every = 10 * np.log10(np.maximum(power / power.max(), 1e-8))
    edges = np.round(times * RATE / 8 + 0.5).astype(int)[:-1]
    assert len(np.unique(np.diff(edges))) == 1
    np.testing.assert_allclose(values, np.maximum.reduceat(every, edges, axis=1), atol=1e-3)


@pytest.mark.parametrize("freq_axis", slow_but(["linear", "log", "mel"], "mel"))
def test_silence_is_all_dark(freq_axis, tmp_path):
    figure = sonogram.plot(
        np.zeros(RATE, np.float32), RATE, freq_axis=freq_axis, path=tmp_path / "a.png"
    )
    ((_, _, values),) = meshes(figure)
    assert (values == -80).all()


def test_nan_and_inf_leave_gaps_and_nothing_else(tmp_path):
    waveform = chirp()
    waveform[8000] = np.nan
    waveform[12000] = np.inf
    figure = sonogram.plot(waveform, RATE, path=tmp_path / "a.png")
    ((times, _, values),) = meshes(figure)
    missing = np.ma.getmaskarray(np.ma.masked_invalid(values)).any(axis=0)
    assert missing.any()
    assert missing.mean() < 0.2
    affected = times[:-1][missing]
    near = np.minimum(np.abs(affected - 0.5), np.abs(affected - 0.75))
    assert near.max() < 0.05
    sonogram.plot(np.full(RATE, np.nan, np.float32), RATE, path=tmp_path / "b.png")


def test_every_channel_is_drawn_in_its_own_pair():
    waveform = np.stack([burst(1000, 0, 1), 0.1 * burst(3000, 0, 1)])
    figure = sonogram.plot(waveform, RATE)
    above, below = panels(figure)
    assert [axes.get_ylabel() for axes in above] == ["channel 0", "channel 1"]
    first, second = (values for _, _, values in meshes(figure))
    assert first.max() == pytest.approx(0, abs=1e-3)
    assert second.max() == pytest.approx(-20, abs=0.1)
    assert len(below) == 2


def test_one_channel_can_be_chosen():
    waveform = np.stack([burst(1000, 0, 1), burst(3000, 0, 1)])
    _, hertz = brightest(sonogram.plot(waveform, RATE, channel=1))
    assert hertz[0] <= 3000 <= hertz[1]


@pytest.mark.slow
def test_many_channels_show_the_first_eight_and_say_so():
    figure = sonogram.plot(np.tile(chirp(0.1), (40, 1)), RATE, title="array")
    assert len(meshes(figure)) == 8
    assert figure.axes[0].get_title(loc="left") == "array (channels 0 to 7 of 40)"


@pytest.mark.parametrize("dtype", ["float64", "int16", "int32"])
def test_other_dtypes_give_the_same_picture(dtype):
    waveform = np.round(chirp() * 16384) / 32768
    scale = {"float64": 1, "int16": 2**15, "int32": 2**31}[dtype]
    ((_, _, expected),) = meshes(sonogram.plot(waveform.astype(np.float32), RATE))
    ((_, _, values),) = meshes(sonogram.plot((waveform * scale).astype(dtype), RATE))
    np.testing.assert_allclose(values, expected, atol=0.2)
    assert np.percentile(np.abs(np.asarray(values - expected)), 99) < 1e-3


SPECS = {
    "whisper": {
        "n_fft": 400,
        "hop_length": 160,
        "filterbank": "mel",
        "n_mels": 80,
        "log": "log10",
        "finish": (("dynamic_range", 8.0), ("affine", 0.25, 1.0)),
    },
    "time_freq": {"n_fft": 512, "filterbank": "mel", "n_mels": 40, "layout": "time_freq"},
    "magnitude": {"n_fft": 512, "power": 1.0},
    "complex": {"n_fft": 512, "power": None},
    "off-centre": {"n_fft": 512, "win_length": 400, "hop_length": 160, "center": False},
    "linear": {"n_fft": 512, "filterbank": "linear", "n_mels": 64, "log": "db"},
    "bark": {"n_fft": 512, "filterbank": "bark", "n_mels": 40, "log": "db"},
    "erb": {"n_fft": 512, "filterbank": "erb", "n_mels": 40, "log": "db"},
    "octaves": {"n_fft": 512, "filterbank": "log", "n_mels": 30, "f_min": 600.0, "norm": "max"},
    "narrow": {"n_fft": 512, "filterbank": "mel", "n_mels": 30, "f_min": 100.0, "f_max": 4000.0},
    "padded": {"n_fft": 512, "pad": (4000, 0)},
    "kaldi": {"n_fft": 512, "win_length": 400, "hop_length": 160, "snip_edges": True},
}


@pytest.mark.parametrize("name", slow_but(SPECS, "whisper", "complex", "padded"))
def test_given_features_lie_at_their_time_and_frequency(name, tmp_path):
    spec = sonogram.Spec(sample_rate=RATE, **SPECS[name])
    waveform = burst(1500, 0.5, 0.52)
    features = sonogram.Extractor(spec)(waveform)
    figure = sonogram.plot(waveform, RATE, features=features, spec=spec, path=tmp_path / "a.png")
    times, hertz = brightest(figure)
    assert times[0] - 0.015 <= 0.51 <= times[1] + 0.015
    assert hertz[0] - 40 <= 1500 <= hertz[1] + 40


def test_given_features_are_drawn_as_they_are():
    spec = sonogram.Spec(sample_rate=RATE, **SPECS["whisper"])
    features = sonogram.Extractor(spec)(chirp())
    figure = sonogram.plot(chirp(), RATE, features=features, spec=spec)
    ((_, _, values),) = meshes(figure)
    np.testing.assert_array_equal(values, features)
    (_, (below,)) = panels(figure)
    assert below.get_yscale() == "function"
    said = figure.axes[-1].get_ylabel().replace("\n", " ")
    assert said == "log10 mel, at most 8 below max, x 0.25 + 1"


def test_it_returns_a_figure_that_pyplot_does_not_know():
    figure = sonogram.plot(chirp(), RATE)
    assert isinstance(figure, Figure)
    code = (
        "import sys, numpy, sonogram\n"
        "sonogram.plot(numpy.zeros(999, numpy.float32), 8000)\n"
        "print('matplotlib.pyplot' in sys.modules)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin", "PYTHONPATH": ":".join(sys.path)},
        timeout=300,
    )
    assert ran.stdout == "False\n"


@pytest.mark.parametrize("title", slow_but(["$x^", "50 % _ {", "a" * 300], "$x^"))
def test_any_title_is_drawn_as_it_stands(title, tmp_path):
    figure = sonogram.plot(chirp(0.1), RATE, title=title, path=tmp_path / "a.png")
    assert figure.axes[0].get_title(loc="left").replace("\n", "") == title


@pytest.mark.parametrize(
    ("suffix", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<?xml")]
)
def test_path_saves_the_picture_in_the_format_of_its_suffix(suffix, start, tmp_path):
    path = tmp_path / f"a.{suffix}"
    sonogram.plot(chirp(0.1), RATE, path=path)
    assert path.read_bytes().startswith(start)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_failed_save_keeps_the_existing_file(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    path.write_bytes(b"before")

    def broken(self, *args, **kwargs):
        raise OSError("no space")

    monkeypatch.setattr(Figure, "savefig", broken)
    with pytest.raises(OSError, match="no space"):
        sonogram.plot(chirp(0.1), RATE, path=path)
    assert path.read_bytes() == b"before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.png"]


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"freq_axis": "octave"}, ValueError, "freq_axis is 'octave'; it must be one of"),
        ({"channel": 1}, ValueError, "channel is 1; it must be from 0 to 0"),
        ({"channel": -1}, ValueError, "channel is -1"),
        ({"channel": "left"}, TypeError, "channel"),
        ({"f_min": 5000, "f_max": 4000}, ValueError, "f_min is 5000"),
        ({"f_max": 8001}, ValueError, "f_max is 8001"),
        ({"f_min": -1}, ValueError, "f_min is -1"),
        ({"f_min": "low"}, TypeError, "f_min"),
        ({"f_min": 0, "freq_axis": "log"}, ValueError, "f_min is 0"),
        ({"top_db": 0}, ValueError, "top_db"),
        ({"top_db": "80"}, TypeError, "top_db"),
        ({"n_fft": 0}, ValueError, "n_fft"),
        ({"hop_length": 0}, ValueError, "hop_length"),
        ({"win_length": 0}, ValueError, "win_length"),
        ({"win_length": 300, "n_fft": 200}, ValueError, "win_length"),
        ({"window": "nonsense"}, ValueError, "nonsense"),
        (
            {"features": np.zeros((3, 3), np.float32)},
            TypeError,
            "spec is None; it must be the Spec",
        ),
        ({"spec": []}, ValueError, "spec is empty"),
        ({"spec": sonogram.Spec(), "n_fft": 512}, ValueError, "n_fft is 512; it must be None"),
        ({"spec": [sonogram.Spec()], "features": []}, ValueError, "features are 0"),
        ({"vmin": 1, "vmax": 0}, ValueError, "vmin is 1; it must be below vmax = 0"),
        ({"vmin": -60, "top_db": 60}, ValueError, "one of them must be None"),
        ({"vmax": "loud"}, TypeError, "vmax is 'loud'"),
        ({"ax": 3}, TypeError, "ax is a int; it must be matplotlib Axes"),
        ({"path": "a.xyz"}, ValueError, "suffix must be one of"),
        ({"path": 5}, TypeError, "path"),
    ],
)
def test_a_wrong_option_is_named(options, kind, message):
    with pytest.raises(kind, match=message):
        sonogram.plot(chirp(0.1), RATE, **options)


def test_features_that_do_not_fit_are_named():
    spec = sonogram.Spec(sample_rate=RATE, n_fft=64)
    features = sonogram.Extractor(spec)(chirp(0.1))
    with pytest.raises(ValueError, match="it must be that of spec, 16000"):
        sonogram.plot(chirp(0.1), 8000, features=features, spec=spec)
    with pytest.raises(ValueError, match="features has shape"):
        sonogram.plot(np.tile(chirp(0.1), (2, 1)), RATE, features=features, spec=spec)
    with pytest.raises(ValueError, match="features has 32 rows; it must have the 33"):
        sonogram.plot(chirp(0.1), RATE, features=features[:32], spec=spec)


@pytest.mark.parametrize(
    ("waveform", "kind"),
    [
        (np.zeros(0, np.float32), ValueError),
        (np.zeros((2, 0), np.float32), ValueError),
        (np.float32(1), ValueError),
        (np.zeros((2, 2, 2), np.float32), ValueError),
        (np.zeros(9, np.complex64), TypeError),
        (np.zeros(9, np.uint8), TypeError),
        ("waveform", TypeError),
        (None, TypeError),
    ],
)
def test_an_argument_that_is_not_a_waveform_is_named(waveform, kind):
    with pytest.raises(kind, match="waveform"):
        sonogram.plot(waveform, RATE)


@pytest.mark.parametrize(("rate", "kind"), [(0, ValueError), ("16000", TypeError)])
def test_a_wrong_rate_is_named(rate, kind):
    with pytest.raises(kind, match="sample_rate"):
        sonogram.plot(chirp(0.1), rate)


@pytest.mark.slow
@pytest.mark.parametrize("rate", [1, 10, 999, 192000, 10**6])
@pytest.mark.parametrize("freq_axis", ["linear", "log", "mel"])
def test_any_rate_is_drawn(rate, freq_axis, tmp_path):
    waveform = np.random.default_rng(0).standard_normal(5000).astype(np.float32)
    path = tmp_path / "a.png"
    figure = sonogram.plot(waveform, rate, freq_axis=freq_axis, path=path)
    assert path.read_bytes().startswith(b"\x89PNG")
    _, (spectrum,) = panels(figure)
    assert spectrum.get_ylim()[1] == pytest.approx(rate / 2)
    ((seconds, hertz, values),) = meshes(figure)
    assert seconds[-1] >= 5000 / rate * 0.99
    assert hertz[-1] >= rate / 2 * 0.99
    assert np.isfinite(values).all()


def test_a_missing_extra_is_an_importerror_that_names_it():
    code = (
        "import sys, numpy\n"
        "sys.modules['matplotlib'] = None\n"
        "import sonogram\n"
        "sonogram.plot(numpy.zeros(99, numpy.float32), 8000)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=300
    )
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1].startswith("ImportError: ")
    assert "pip install 'sonogram[plot]'" in ran.stderr
