# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What `sonogram.save` promises."""

import os
import stat

import numpy as np
import pytest
import soundfile
from support.waveforms import RATE, noise, tone

import sonogram


@pytest.mark.parametrize("suffix", ["wav", "w64", "rf64", "aiff", "au", "caf"])
@pytest.mark.parametrize("dtype", ["float32", "float64", "int16", "int32"])
def test_save_keeps_the_dtype_exactly_where_the_format_can(tmp_path, suffix, dtype):
    values = noise(2, 70000).astype(np.float64)
    if dtype.startswith("int"):
        values = np.round(values * np.iinfo(dtype).max)
    waveform = values.astype(dtype)
    sonogram.save(tmp_path / f"a.{suffix}", waveform, RATE)
    back, rate = soundfile.read(tmp_path / f"a.{suffix}", dtype=dtype)
    assert rate == RATE
    np.testing.assert_array_equal(back.T, waveform)


def test_saved_float32_loads_bit_for_bit(tmp_path):
    waveform = noise(3, 50000) * 4
    sonogram.save(tmp_path / "a.wav", waveform, 44100)
    back, rate = sonogram.load(tmp_path / "a.wav")
    assert rate == 44100
    np.testing.assert_array_equal(back, waveform)


@pytest.mark.parametrize(("dtype", "subtype"), [("int16", "PCM_16"), ("int32", "PCM_24")])
def test_save_flac_takes_the_widest_fitting_integers(tmp_path, dtype, subtype):
    waveform = (noise(1, 5000) * np.iinfo(dtype).max).astype(dtype)
    sonogram.save(tmp_path / "a.flac", waveform, RATE)
    assert sonogram.info(tmp_path / "a.flac").subtype == subtype
    scaled = waveform / -float(np.iinfo(dtype).min)
    np.testing.assert_allclose(sonogram.load(tmp_path / "a.flac")[0], scaled, atol=2**-23)


@pytest.mark.parametrize("name", ["a.ogg", "a.oga", "a.opus", "a.mp3"])
def test_save_writes_long_lossy_files(tmp_path, name):
    waveform = 0.5 * tone(440, 48000, 60)
    sonogram.save(tmp_path / name, waveform, 48000)
    back, rate = sonogram.load(tmp_path / name)
    assert (rate, back.shape) == (48000, (1, 48000 * 60))
    assert np.abs(back[0] - waveform)[4800:-4800].max() < 0.05


@pytest.mark.parametrize("order", ["C", "F", "strided", "reversed", "read-only", "big-endian"])
def test_save_takes_any_memory_layout(tmp_path, order):
    waveform = noise(2, 40000)
    given = {
        "C": waveform,
        "F": np.asfortranarray(waveform),
        "strided": np.repeat(waveform, 3, axis=1)[:, ::3],
        "reversed": waveform[:, ::-1].copy()[:, ::-1],
        "read-only": waveform,
        "big-endian": waveform.astype(">f4"),
    }[order]
    given.flags.writeable = order != "read-only"
    sonogram.save(tmp_path / "a.wav", given, RATE)
    np.testing.assert_array_equal(sonogram.load(tmp_path / "a.wav")[0], waveform)


def test_save_takes_one_channel_as_a_vector_and_a_list(tmp_path):
    sonogram.save(tmp_path / "a.wav", [0.0, 0.5, -0.5], RATE)
    np.testing.assert_array_equal(sonogram.load(tmp_path / "a.wav")[0], [[0.0, 0.5, -0.5]])
    assert sonogram.info(tmp_path / "a.wav").subtype == "FLOAT"


def test_save_warns_of_clipping_and_clips(tmp_path):
    waveform = np.array([0.5, 1.5, -3.0, 1.0, -1.0], np.float32)
    with pytest.warns(UserWarning, match=r"2 of 5 samples lie outside \[-1, 1\] \(peak 3\)"):
        sonogram.save(tmp_path / "a.wav", waveform, RATE, subtype="PCM_16")
    expected = np.array([[0.5, 32767 / 32768, -1, 32767 / 32768, -1]], np.float32)
    np.testing.assert_array_equal(sonogram.load(tmp_path / "a.wav")[0], expected)


def test_save_clips_without_a_word_or_refuses_when_asked(tmp_path):
    waveform = np.array([0.5, 1.5], np.float32)
    sonogram.save(tmp_path / "a.flac", waveform, RATE, clipping="ignore")
    assert sonogram.load(tmp_path / "a.flac")[0].max() == 32767 / 32768
    with pytest.raises(ValueError, match="1 of 2 samples"):
        sonogram.save(tmp_path / "b.flac", waveform, RATE, clipping="raise")
    assert not (tmp_path / "b.flac").exists()


@pytest.mark.parametrize("name", ["a.wav", "a.ogg"])
def test_save_does_not_warn_where_nothing_is_clipped(tmp_path, name):
    sonogram.save(tmp_path / name, 2 * tone(100, RATE), RATE)
    assert np.abs(sonogram.load(tmp_path / name)[0]).max() > 1.9


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_save_refuses_nan_and_inf_where_integers_are_written(tmp_path, bad):
    waveform = np.array([0.5, bad], np.float32)
    for name in ("a.flac", "a.ogg", "a.mp3"):
        with pytest.raises(ValueError, match="NaN or Inf"):
            sonogram.save(tmp_path / name, waveform, RATE)
    sonogram.save(tmp_path / "a.wav", waveform, RATE)
    np.testing.assert_array_equal(sonogram.load(tmp_path / "a.wav")[0], waveform[None])


def test_a_failed_save_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "a.ogg"
    sonogram.save(path, noise(1), RATE)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="channel"):
        sonogram.save(path, noise(300), RATE)

    def broken(self, data):
        raise soundfile.LibsndfileError(2)

    monkeypatch.setattr(soundfile.SoundFile, "write", broken)
    with pytest.raises(OSError, match=r"a\.ogg"):
        sonogram.save(path, noise(1), RATE)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["a.ogg"]


def test_an_interrupted_save_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "a.wav"
    sonogram.save(path, noise(1), RATE)
    before = path.read_bytes()

    def interrupted(self, data):
        raise KeyboardInterrupt

    monkeypatch.setattr(soundfile.SoundFile, "write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        sonogram.save(path, noise(2), RATE)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["a.wav"]


def test_save_keeps_permissions_and_follows_links(tmp_path):
    real = tmp_path / "real.wav"
    sonogram.save(real, noise(1), RATE)
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(real.stat().st_mode) == 0o666 & ~umask
    real.chmod(0o640)
    (tmp_path / "link.wav").symlink_to(real)
    sonogram.save(tmp_path / "link.wav", noise(1, seed=1), RATE)
    assert (tmp_path / "link.wav").is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    np.testing.assert_array_equal(sonogram.load(real)[0], noise(1, seed=1))


def test_save_names_a_path_that_cannot_be_written(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        sonogram.save(tmp_path / "nowhere" / "a.wav", noise(), RATE)
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(IsADirectoryError, match="folder"):
        sonogram.save(tmp_path / "folder.wav", noise(), RATE)


@pytest.mark.parametrize("name", ["a.txt", "a", "a.raw", ".wav"])
def test_save_refuses_an_unknown_suffix_and_names_those_it_knows(tmp_path, name):
    with pytest.raises(ValueError, match=r"suffix must be one of \.wav, \.flac"):
        sonogram.save(tmp_path / name, noise(), RATE)


@pytest.mark.parametrize(
    ("name", "subtype"),
    [("a.wav", "VORBIS"), ("a.flac", "FLOAT"), ("a.ogg", "OPUS"), ("a.wav", "nonsense")],
)
def test_save_refuses_a_subtype_that_the_format_does_not_have(tmp_path, name, subtype):
    with pytest.raises(ValueError, match=f"subtype is '{subtype}'; for .* one of"):
        sonogram.save(tmp_path / name, noise(), RATE, subtype=subtype)


@pytest.mark.parametrize(
    ("name", "rate", "channels"),
    [
        ("a.ogg", 200001, 1),
        ("a.ogg", 16000, 256),
        ("a.opus", 44100, 1),
        ("a.mp3", 7000, 1),
        ("a.mp3", 16000, 3),
        ("a.flac", 16000, 9),
        ("a.flac", 10**9, 1),
        ("a.wav", 2**31, 1),
        ("a.wav", 16000, 1025),
    ],
)
def test_save_refuses_rates_and_channels_that_the_format_cannot_hold(
    tmp_path, name, rate, channels
):
    with pytest.raises(ValueError, match=f"sample_rate is {rate} with {channels} channel"):
        sonogram.save(tmp_path / name, noise(channels, 100), rate)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("shape", [(700, 2), (16000, 2), (2000, 1)])
def test_save_refuses_samples_along_the_first_axis(tmp_path, shape):
    with pytest.raises(ValueError, match=r"along the last axis.*waveform\.T"):
        sonogram.save(tmp_path / "a.wav", np.zeros(shape, np.float32), RATE)
    assert os.listdir(tmp_path) == []


def test_save_refuses_a_wav_above_4_gigabytes(tmp_path):
    endless = np.broadcast_to(np.float32(0), (1, 2**30))
    with pytest.raises(ValueError, match=r"for WAV it must fit in 4 GB \(.w64"):
        sonogram.save(tmp_path / "a.wav", endless, RATE)


def test_save_of_no_samples(tmp_path):
    sonogram.save(tmp_path / "a.wav", np.zeros((2, 0), np.float32), RATE)
    assert sonogram.load(tmp_path / "a.wav")[0].shape == (2, 0)
    with pytest.raises(ValueError, match="at least 1 sample"):
        sonogram.save(tmp_path / "a.mp3", np.zeros((2, 0), np.float32), RATE)
    with pytest.raises(ValueError, match="at least 1 channel"):
        sonogram.save(tmp_path / "a.wav", np.zeros((0, 2), np.float32), RATE)


WRONG_DTYPES = [
    np.zeros(9, np.complex64),
    np.zeros(9, bool),
    np.zeros(9, np.int64),
    np.zeros(9, np.uint8),
    np.zeros(9, np.float16),
    np.zeros(9, object),
    "waveform",
    None,
    True,
]


@pytest.mark.parametrize("waveform", WRONG_DTYPES)
def test_a_waveform_of_a_wrong_dtype_is_a_typeerror(tmp_path, waveform):
    with pytest.raises(TypeError, match=r"waveform (has|is)"):
        sonogram.save(tmp_path / "a.wav", waveform, RATE)
    with pytest.raises(TypeError, match=r"waveform (has|is)"):
        sonogram.resample(waveform, 1, 2)


def test_a_waveform_of_a_wrong_shape_is_a_valueerror(tmp_path):
    with pytest.raises(ValueError, match=r"waveform has shape \(2, 2, 2\); it must be \[channels"):
        sonogram.save(tmp_path / "a.wav", np.zeros((2, 2, 2)), RATE)
    with pytest.raises(
        ValueError, match=r"waveform has shape \(\); it must be \[\.\.\., samples\]"
    ):
        sonogram.resample(np.float32(1), 1, 2)


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"sample_rate": 0}, ValueError),
        ({"sample_rate": 16000.5}, TypeError),
        ({"clipping": "maybe"}, ValueError),
        ({"subtype": 16}, TypeError),
    ],
)
def test_save_names_a_wrong_option(tmp_path, options, kind):
    (name,) = options
    with pytest.raises(kind, match=name):
        sonogram.save(tmp_path / "a.wav", noise(), **{"sample_rate": RATE, **options})
