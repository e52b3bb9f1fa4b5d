# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""`sonogram.plot` of features: their rows, unit and range, and drawing on the caller's axes."""

import numpy as np
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

import sonogram

RATE = 16000
TIME = np.arange(RATE) / RATE
TONE = (0.5 * np.sin(2 * np.pi * 1000 * TIME)).astype(np.float32)
MEL = {"n_fft": 512, "hop_length": 160, "filterbank": "mel", "n_mels": 40}


def drawn(figure):
    """Return the spectrogram's axes, its mesh and the label of its colour bar."""
    ((axes, mesh),) = [
        (axes, artist)
        for axes in figure.axes
        for artist in axes.collections
        if isinstance(artist, QuadMesh) and axes.get_xlabel() == "time (s)"
    ]
    return axes, mesh, figure.axes[-1].get_ylabel().replace("\n", " ")


def plotted(waveform=TONE, *, top_db=None, vmin=None, vmax=None, freq_axis=None, **fields):
    spec = sonogram.Spec(sample_rate=RATE, **fields)
    features = sonogram.Extractor(spec)(waveform)
    options = {"top_db": top_db, "vmin": vmin, "vmax": vmax, "freq_axis": freq_axis}
    figure = sonogram.plot(waveform, RATE, features=features, spec=spec, **options)
    return features, *drawn(figure)


@pytest.mark.parametrize(
    ("fields", "per_db"),
    [
        ({"log": "ln"}, np.log(10) / 10),
        ({"log": "log10"}, 0.1),
        ({"log": "db"}, 1.0),
        ({"log": "ln", "power": 1.0}, np.log(10) / 20),
        ({"log": "log10", "power": 1.0}, 0.05),
        ({"log": "db", "power": 1.0}, 1.0),
        ({"log": "log10", "finish": (("dynamic_range", 8.0), ("affine", 0.25, 1.0))}, 0.025),
        ({"log": "ln", "finish": (("statistics", -4.0, 0.1),)}, 0.01 * np.log(10)),
        ({"log": "ln", "finish": (("normalize", ("std", False)),)}, np.log(10) / 10),
    ],
)
def test_top_db_is_heeded_in_the_unit_of_the_features(fields, per_db):
    features, _, mesh, _ = plotted(top_db=30, **MEL, **fields)
    low, high = mesh.get_clim()
    assert high == pytest.approx(features.max())
    assert high - low == pytest.approx(30 * per_db)


@pytest.mark.parametrize("log", ["ln", "log10", "db"])
def test_a_level_doubled_is_6_db_in_that_unit(log):
    """What `test_top_db...` takes for a decibel is one."""
    quiet, loud = (plotted(a * TONE, log=log, **MEL)[0].max() for a in (0.5, 1.0))
    _, _, mesh, _ = plotted(top_db=20 * np.log10(2), log=log, **MEL)
    low, high = mesh.get_clim()
    assert high - low == pytest.approx(loud - quiet, rel=1e-4)


def test_log_features_cover_80_db_by_default():
    waveform = np.concatenate([TONE, np.zeros(RATE, np.float32)])  # down to -100 dB
    features, _, mesh, _ = plotted(waveform, log="db", **MEL)
    assert features.max() - features.min() > 100
    assert mesh.get_clim() == pytest.approx((features.max() - 80, features.max()))
    noise = np.random.default_rng(0).standard_normal(RATE).astype(np.float32)
    features, _, mesh, _ = plotted(noise, log="db", **MEL)  # no range that is not there
    assert mesh.get_clim() == pytest.approx((features.min(), features.max()))


def test_top_db_of_what_is_no_level_is_an_error_that_names_it():
    with pytest.raises(ValueError, match=r"top_db is 60.*log-mel \(ln\), mean 0 and deviation 1"):
        plotted(top_db=60, log="ln", finish=(("normalize",),), **MEL)


def test_vmin_and_vmax_are_in_the_unit_of_the_bar():
    assert plotted(log="ln", vmin=-3.5, vmax=2.0, **MEL)[2].get_clim() == (-3.5, 2.0)
    figure = sonogram.plot(TONE, RATE, vmin=-120, vmax=-10)
    _, mesh, _ = drawn(figure)
    assert mesh.get_clim() == (-120, -10)
    assert mesh.get_array().min() < -100  # values reach as far down as there is a colour for them


LABELS = {
    "dB re max": {"n_fft": 512},
    "log-mel (ln)": {**MEL, "log": "ln"},
    "log10 mel": {**MEL, "log": "log10"},
    "mel (dB)": {**MEL, "log": "db"},
    "dB re max ": {**MEL, "log": "db", "finish": (("reference", "max"),)},
    "log-bark (ln)": {**MEL, "filterbank": "bark", "log": "ln"},
    "log-spectrum (ln)": {"n_fft": 512, "log": "ln"},
    "log1p mel": {**MEL, "log": "log1p"},
    "mel ^ 0.33": {**MEL, "log": "power", "exponent": 0.33},
    "PCEN of mel": {**MEL, "finish": (("pcen",),)},
    "log-mel (ln), mean 0 and deviation 1 per row": {
        **MEL, "log": "ln", "finish": (("normalize",),)},
    "log-mel (ln), mean 0 per row": {
        **MEL, "log": "ln", "finish": (("normalize", ("std", False)),)},
    "log-mel (ln), clipped to -5 .. 0": {**MEL, "log": "ln", "finish": (("clip", -5, 0),)},
    "MFCC of log-mel (ln), liftered": {
        **MEL, "log": "ln", "finish": (("dct", 13), ("lifter", 22))},
    "LFCC of linear bands (dB)": {
        **MEL, "filterbank": "linear", "log": "db", "finish": (("dct", 13),)},
}  # fmt: skip


@pytest.mark.parametrize("label", LABELS)
def test_the_colour_bar_says_the_unit_in_words(label):
    assert plotted(**LABELS[label])[-1] == label.strip()


def test_every_preset_has_a_unit_and_rows():
    """None is refused but those whose features are no picture."""
    from sonogram._plot.meaning import meaning_of
    from sonogram._plot.row_axis import rows_of

    refused = set()
    for name, preset in sonogram.presets().items():
        core = sonogram.Extractor(preset)._core
        if preset.spec.output == "waveform" or "patches" in str(preset.spec.finish):
            refused.add(name)
            with pytest.raises(ValueError, match="to be drawn"):
                rows_of(preset.spec)
            continue
        rows = rows_of(preset.spec)
        (count,) = set(core.item_shape(16 * RATE)) & {len(rows.names)}
        assert rows.edges is None or len(rows.edges) == count + 1
        assert meaning_of(preset.spec).label
    assert len(refused) < 10


def ticks(axes):
    return {round(place): text.get_text() for place, text in
            zip(axes.get_yticks(), axes.get_yticklabels(), strict=True)}  # fmt: skip


def test_chroma_has_note_names_at_its_rows():
    tone = np.sin(2 * np.pi * 440 * np.arange(2 * RATE) / RATE).astype(np.float32)
    features, axes, mesh, _ = plotted(tone, filterbank="chroma", n_mels=12, n_fft=4096)
    row = int(features.mean(axis=1).argmax())
    assert ticks(axes)[row] == "A"
    assert mesh.get_array().reshape(features.shape)[row].max() == pytest.approx(0, abs=1e-3)
    assert axes.get_ylabel() == "pitch class"
    assert len(ticks(axes)) == 12
    _, axes, _, _ = plotted(tone, filterbank="chroma", n_mels=36, n_fft=4096)
    assert ticks(axes)[27] == "A"


def test_cepstra_have_their_numbers_and_deltas_their_mark():
    _, axes, _, _ = plotted(**MEL, log="ln", finish=(("dct", 13),))
    assert axes.get_ylabel() == "cepstral coefficient"
    assert axes.get_ylim() == (-0.5, 12.5)
    assert ticks(axes) == {n: str(n) for n in range(13)}
    stages = (("dct", 13), ("deltas", 2))
    _, axes, _, _ = plotted(**MEL, log="ln", finish=stages)
    found = ticks(axes)
    assert axes.get_ylim() == (-0.5, 38.5)
    assert found[0] == "0"
    assert found[15] == "\N{GREEK CAPITAL LETTER DELTA}2"
    assert found[27] == "\N{GREEK CAPITAL LETTER DELTA}\N{GREEK CAPITAL LETTER DELTA}1"


@pytest.mark.parametrize(
    ("fields", "row", "name"),
    [
        ({"energy": "raw"}, 0, "energy"),
        ({"energy": "raw", "finish": (("energy", "last"),)}, 40, "energy"),
        ({"finish": (("rotate", 4),)}, 36, "65 Hz"),
        ({"finish": (("stack", 2, 2),)}, 0, "65 Hz"),
    ],
)
def test_rows_that_stages_move_keep_their_names(fields, row, name):
    from sonogram._plot.row_axis import rows_of

    spec = sonogram.Spec(**{**MEL, "n_mels": 40, "f_min": 20.0}, log="ln", **fields)
    assert rows_of(spec).names[row] == name
    assert sonogram.band_frequencies(spec)[0, 1] == pytest.approx(65, abs=0.5)
    plotted(**{**MEL, "f_min": 20.0}, log="ln", **fields)


def test_a_given_filterbank_has_its_bands_by_number():
    bank = np.eye(7, 257) / 2
    features, axes, mesh, _ = plotted(n_fft=512, filterbank=bank, log="ln")
    assert axes.get_ylim() == (-0.5, 6.5)
    np.testing.assert_array_equal(mesh.get_array().reshape(features.shape), features)


@pytest.mark.parametrize(
    ("option", "value"), [("freq_axis", "mel"), ("f_min", 100.0), ("f_max", 200.0)]
)
def test_an_axis_in_hz_of_what_has_none_is_named(option, value):
    spec = sonogram.Spec(**MEL, log="ln", finish=(("dct", 13),))
    with pytest.raises(ValueError, match=rf"{option} is .*cepstral coefficient"):
        sonogram.plot(TONE, RATE, spec=spec, **{option: value})


def test_features_that_are_no_picture_are_named():
    spec = sonogram.Spec(**MEL, log="ln", finish=(("patches", 10, 10, 10, 10),))
    with pytest.raises(ValueError, match="'patches'; to be drawn"):
        sonogram.plot(TONE, RATE, spec=spec)
    with pytest.raises(ValueError, match="'waveform'; to be drawn"):
        sonogram.plot(TONE, RATE, spec=sonogram.Spec(output="waveform"))


def test_a_front_end_alone_is_computed_at_its_own_rate():
    waveform = np.sin(2 * np.pi * 1000 * np.arange(44100) / 44100).astype(np.float32)
    axes, mesh, _ = drawn(sonogram.plot(waveform, 44100, spec="whisper-80"))
    corners, values = mesh.get_coordinates(), mesh.get_array()
    values = values.reshape(corners.shape[0] - 1, corners.shape[1] - 1)
    row = values[:, values.shape[1] // 2].argmax()
    assert corners[row, 0, 1] <= 1000 <= corners[row + 1, 0, 1]
    assert corners[0, -1, 0] == pytest.approx(1.0, abs=0.011)
    assert axes.get_xlim() == (0, 1)


def test_front_ends_are_compared_on_one_time_axis():
    specs = ["whisper-80", "kaldi-mfcc", sonogram.Spec(sample_rate=8000, n_fft=256)]
    waveform = np.zeros(RATE, np.float32)
    waveform[9600:9700] = TONE[:100]
    figure = sonogram.plot(waveform, RATE, spec=specs)
    pictures = [a for a in figure.axes if a.get_title(loc="left")]
    assert [a.get_title(loc="left") for a in pictures] == [
        "whisper-80",
        "kaldi-mfcc",
        "front end 2",
    ]
    assert {a.get_xlim() for a in pictures} == {(0, 1)}
    assert all(figure.axes[0].get_shared_x_axes().joined(figure.axes[0], a) for a in pictures)
    for axes in (pictures[0], pictures[2]):
        (mesh,) = axes.collections
        corners = mesh.get_coordinates()
        values = np.ma.filled(mesh.get_array(), 0)
        values = values.reshape(corners.shape[0] - 1, corners.shape[1] - 1)
        column = values.max(axis=0).argmax()
        assert corners[0, column, 0] - 0.02 <= 0.603 <= corners[0, column + 1, 0] + 0.02
    features = [sonogram.Extractor(spec)(waveform) for spec in ("whisper-80", "kaldi-mfcc")]
    figure = sonogram.plot(waveform, RATE, spec=specs[:2], features=features)
    assert sum(bool(a.get_title(loc="left")) for a in figure.axes) == 2


def test_ax_takes_the_picture_and_leaves_the_figure_to_the_caller():
    mine = Figure()
    first, second = mine.subplots(2)
    assert sonogram.plot(TONE, RATE, ax=second) is mine
    assert not first.collections
    assert [type(artist) for artist in second.collections] == [QuadMesh]
    assert second.get_ylabel() == "frequency (Hz)"
    assert mine.axes[-1].get_ylabel() == "dB re max"
    stereo = np.stack([TONE, TONE])
    sonogram.plot(stereo, RATE, ax=[first, second])
    assert [a.get_title(loc="left") for a in (first, second)] == ["channel 0", "channel 1"]
    with pytest.raises(ValueError, match="ax has 1 axes; it must have 2"):
        sonogram.plot(stereo, RATE, ax=first)


def test_cmap_colours_the_picture():
    _, mesh, _ = drawn(sonogram.plot(TONE, RATE))
    assert mesh.get_cmap().name == "magma"
    _, mesh, _ = drawn(sonogram.plot(TONE, RATE, cmap="viridis"))
    assert mesh.get_cmap().name == "viridis"
    with pytest.raises(ValueError, match="nonsense"):
        sonogram.plot(TONE, RATE, cmap="nonsense")


def test_a_notebook_shows_the_picture():
    figure = sonogram.plot(TONE, RATE)
    picture = figure._repr_png_()
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20], "big") == 1000


def test_ipython_shows_it_once_with_and_without_pyplot():
    formatters = pytest.importorskip("IPython.core.formatters")
    figure = sonogram.plot(TONE, RATE)
    shown, _ = formatters.DisplayFormatter().format(figure)
    assert shown["image/png"].startswith(b"\x89PNG")
    registered = formatters.DisplayFormatter()
    registered.formatters["image/png"].for_type(Figure, lambda given: b"\x89PNG of pyplot")
    assert registered.format(figure)[0]["image/png"] == b"\x89PNG of pyplot"


def test_a_log_axis_begins_where_frequencies_are_told_apart():
    """The lowest row takes less than a twelfth of the height, for any resolution."""
    for n_fft in (None, 400, 512, 4096):
        axes, mesh, _ = drawn(sonogram.plot(TONE, RATE, freq_axis="log", n_fft=n_fft))
        low, high = axes.get_ylim()
        edges = mesh.get_coordinates()[:, 0, 1]
        assert edges[0] == low
        assert np.log(edges[1] / low) / np.log(high / low) < 1 / 12
    axes, _, _ = drawn(sonogram.plot(TONE, RATE, freq_axis="log", f_min=5.0))
    assert axes.get_ylim()[0] == 5.0


def test_specshow_places_features_by_their_spec():
    """A burst of 1500 Hz at 0.5 s lies there, on axes of any scale and shifted by `start`."""
    burst = TONE * 0
    burst[8000:8320] = np.sin(2 * np.pi * 1500 * TIME[:320])
    for name, axis in (("whisper-80", None), ("kaldi-fbank-80", "log"), ("kaldi-fbank-80", "bark")):
        features = sonogram.Extractor(name)(burst)
        axes = Figure().subplots()
        mesh = sonogram.specshow(features, name, ax=axes, freq_axis=axis, start=2.0)
        corners = mesh.get_coordinates()
        values = np.ma.filled(mesh.get_array(), -np.inf)
        values = values.reshape(corners.shape[0] - 1, corners.shape[1] - 1)
        row, column = np.unravel_index(values.argmax(), values.shape)
        assert corners[row, 0, 1] - 40 <= 1500 <= corners[row + 1, 0, 1] + 40
        assert corners[0, column, 0] - 0.015 <= 2.51 <= corners[0, column + 1, 0] + 0.015
        assert (axes.get_ylabel(), axes.get_xlabel()) == ("frequency (Hz)", "time (s)")
        assert len(axes.figure.axes) == 1


def test_specshow_has_librosas_habits():
    """pyplot's current axes, the mesh as the result, options of pcolormesh, a bar if asked."""
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("agg")
    spec = sonogram.Spec(filterbank="chroma", n_mels=12, n_fft=4096)
    features = sonogram.Extractor(spec)(TONE)
    figure, axes = pyplot.subplots()
    mesh = sonogram.specshow(features, spec, cmap="viridis", alpha=0.5, colorbar=True)
    assert mesh.axes is axes
    assert (mesh.get_cmap().name, mesh.get_alpha()) == ("viridis", 0.5)
    assert "A" in ticks(axes).values()
    assert figure.axes[-1].get_ylabel() == "dB re max"
    pyplot.close(figure)
    stereo = np.stack([features, features])
    with pytest.raises(ValueError, match="features has 2 channels; it must have one"):
        sonogram.specshow(stereo, spec, ax=Figure().subplots())
    with pytest.raises(ValueError, match="features has 12 rows; it must have the 80 of spec"):
        sonogram.specshow(features, "whisper-80", ax=Figure().subplots())
    with pytest.raises(TypeError, match="ax is a str"):
        sonogram.specshow(features, spec, ax="here")
