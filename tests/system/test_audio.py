# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Audio files in and out: what `sonogram.load`, `info`, `save` and `resample` promise."""

import dataclasses
import io
import os
import stat
import struct
import subprocess
import sys

import numpy as np
import pytest
import soundfile
from support import AUDIO

import sonogram

RATE = 16000


def noise(channels=2, samples=20000, seed=0, peak=0.9):
    values = np.random.default_rng(seed).uniform(-peak, peak, (channels, samples))
    return values.astype(np.float32)


def tone(frequency, rate, seconds=1.0):
    return np.sin(2 * np.pi * frequency * np.arange(int(rate * seconds)) / rate)


# ---------------------------------------------------------------------------------- load


def test_load_returns_float32_channels_by_samples_and_the_rate():
    waveform, rate = sonogram.load(AUDIO / "chord_sweep.flac")
    expected, expected_rate = soundfile.read(AUDIO / "chord_sweep.flac", dtype="float32")
    assert waveform.dtype == np.float32
    assert waveform.flags.c_contiguous
    assert rate == expected_rate == 44100
    np.testing.assert_array_equal(waveform, expected.T)


def test_load_takes_str_and_path_and_any_pathlike():
    class Somewhere:
        def __fspath__(self):
            return str(AUDIO / "speech.flac")

    first, _ = sonogram.load(str(AUDIO / "speech.flac"))
    for path in (AUDIO / "speech.flac", Somewhere()):
        np.testing.assert_array_equal(sonogram.load(path)[0], first)


def test_load_mono_averages_the_channels(tmp_path):
    waveform = noise(3)
    sonogram.save(tmp_path / "a.wav", waveform, RATE)
    mono, _ = sonogram.load(tmp_path / "a.wav", mono=True)
    assert mono.shape == (1, 20000)
    np.testing.assert_allclose(mono[0], waveform.astype(np.float64).mean(axis=0), atol=1e-7)


def test_load_resamples_to_the_rate_asked_for():
    waveform, rate = sonogram.load(AUDIO / "chord_sweep.flac", sample_rate=22050)
    original, _ = sonogram.load(AUDIO / "chord_sweep.flac")
    assert rate == 22050
    assert waveform.dtype == np.float32
    np.testing.assert_array_equal(waveform, sonogram.resample(original, 44100, 22050))


def test_load_of_a_file_without_samples_is_an_empty_waveform(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros((0, 2)), RATE)
    assert sonogram.load(tmp_path / "a.wav")[0].shape == (2, 0)
    assert sonogram.load(tmp_path / "a.wav", sample_rate=8000, mono=True)[0].shape == (1, 0)


def test_load_takes_a_flac_that_does_not_know_its_length(tmp_path):
    waveform = np.round(noise(2, 40000) * 32767) / 32768
    soundfile.write(tmp_path / "a.flac", waveform.T, RATE)
    content = bytearray((tmp_path / "a.flac").read_bytes())
    content[21] &= 0xF0  # the total of STREAMINFO, 36 bits
    content[22:26] = bytes(4)
    (tmp_path / "a.flac").write_bytes(content)
    np.testing.assert_array_equal(sonogram.load(tmp_path / "a.flac")[0], waveform)
    assert sonogram.info(tmp_path / "a.flac").num_samples is None
    assert sonogram.info(tmp_path / "a.flac").duration is None


@pytest.mark.parametrize("name", ["a.mp3", "a.ogg", "a.opus", "a.flac"])
def test_load_decodes_without_a_break(tmp_path, name):
    """Reading in blocks gives what one read gives: no seam where a block begins."""
    sonogram.save(tmp_path / name, 0.5 * tone(440, 48000, 4), 48000)
    whole, _ = soundfile.read(tmp_path / name, dtype="float32")
    np.testing.assert_array_equal(sonogram.load(tmp_path / name)[0], [whole])


@pytest.mark.parametrize("length", [0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF000, 0x80000000])
def test_load_takes_a_wav_written_to_a_pipe(tmp_path, length):
    waveform = noise(1, 3000)
    sonogram.save(tmp_path / "a.wav", waveform, RATE)
    content = bytearray((tmp_path / "a.wav").read_bytes())
    where = content.index(b"data") + 4
    content[4:8] = content[where : where + 4] = struct.pack("<I", length)
    (tmp_path / "a.wav").write_bytes(content)
    np.testing.assert_array_equal(sonogram.load(tmp_path / "a.wav")[0], waveform)


def test_load_ignores_what_follows_the_audio(tmp_path):
    waveform = noise(1, 3001)
    sonogram.save(tmp_path / "a.wav", waveform, RATE, subtype="PCM_U8")
    content = (tmp_path / "a.wav").read_bytes()
    (tmp_path / "b.wav").write_bytes(content + b"LIST" + struct.pack("<I", 100) + b"cut off")
    np.testing.assert_array_equal(
        sonogram.load(tmp_path / "b.wav")[0], sonogram.load(tmp_path / "a.wav")[0]
    )


FORMATS = [
    ("a.wav", {}),
    ("a.wav", {"subtype": "PCM_16"}),
    ("a.wav", {"subtype": "PCM_24"}),
    ("a.wav", {"subtype": "ULAW"}),
    ("a.rf64", {}),
    ("a.w64", {}),
    ("a.aiff", {}),
    ("a.au", {}),
    ("a.caf", {}),
    ("a.flac", {}),
    ("a.ogg", {}),
    ("a.opus", {}),
    ("a.mp3", {}),
]


@pytest.mark.parametrize(("name", "options"), FORMATS)
@pytest.mark.parametrize("kept", [0.999, 0.9, 0.5, 0.05])
@pytest.mark.filterwarnings("ignore:.*clips")
def test_load_refuses_a_truncated_file_of_any_format(tmp_path, name, options, kept):
    sonogram.save(tmp_path / name, noise(2, 48000, peak=0.5), RATE, **options)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(OSError, match=name):
        sonogram.load(tmp_path / name)


@pytest.mark.parametrize("kept", range(0, 60, 3))
@pytest.mark.parametrize("name", ["a.wav", "a.w64", "a.aiff", "a.au", "a.flac", "a.ogg", "a.mp3"])
def test_load_refuses_a_file_cut_inside_its_header(tmp_path, name, kept):
    sonogram.save(tmp_path / name, noise(1, 8000), RATE)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:kept])
    with pytest.raises(OSError, match=name):
        sonogram.load(tmp_path / name)


def test_load_refuses_a_header_that_announces_more_than_memory_holds(tmp_path):
    soundfile.write(tmp_path / "a.flac", noise(2, 8000).T, RATE)
    content = bytearray((tmp_path / "a.flac").read_bytes())
    content[21] |= 0x0F
    content[22:26] = b"\xff" * 4
    (tmp_path / "a.flac").write_bytes(content)
    with pytest.raises(OSError, match=r"a\.flac.*announces"):
        sonogram.load(tmp_path / "a.flac")


@pytest.mark.parametrize(
    "start", [b"RIFF\0\0\0\0WAVE", b"RF64\0\0\0\0WAVE", b"caff\0\1\0\0", b"riff"]
)
def test_a_container_of_endless_empty_chunks_is_refused_at_once(tmp_path, start):
    with open(tmp_path / "a.wav", "wb") as file:
        file.write(start)
        file.truncate(2**30)
    with pytest.raises(OSError, match=r"a\.wav"):
        sonogram.load(tmp_path / "a.wav")


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".ogg", ".mp3", ".raw", ".txt", ".mat", ""])
@pytest.mark.parametrize("content", [b"", b"x", b"no audio in here\n" * 200, bytes(5000)])
@pytest.mark.parametrize("function", [sonogram.load, sonogram.info])
def test_a_file_without_audio_is_an_oserror_that_names_the_path(
    tmp_path, suffix, content, function
):
    path = tmp_path / f"thing{suffix}"
    path.write_bytes(content)
    with pytest.raises(OSError, match="thing"):
        function(path)


@pytest.mark.parametrize("function", [sonogram.load, sonogram.info])
def test_a_missing_file_a_folder_and_a_pipe_are_named(tmp_path, function):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        function(tmp_path / "nowhere.wav")
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(IsADirectoryError, match="folder"):
        function(tmp_path / "folder.wav")
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(OSError, match=r"pipe\.wav"):
        function(tmp_path / "pipe.wav")


@pytest.mark.parametrize("path", [None, 3, b"a.wav", ["a.wav"], 1.5])
@pytest.mark.parametrize("function", [sonogram.load, sonogram.info])
def test_a_path_of_a_wrong_type_is_a_typeerror(function, path):
    with pytest.raises(TypeError, match="path"):
        function(path)


def test_an_open_file_is_a_typeerror_that_says_what_to_do(tmp_path):
    with open(tmp_path / "a.wav", "wb") as file:
        for opened in (file, io.BytesIO(b"RIFF")):
            with pytest.raises(TypeError, match=r"name of an open file, and write bytes in memory"):
                sonogram.load(opened)


@pytest.mark.parametrize("path", ["", "a\0b.wav"])
def test_a_path_that_names_no_file_is_a_valueerror(path):
    with pytest.raises(ValueError, match="path"):
        sonogram.load(path)


@pytest.mark.parametrize("rate", [0, -1, -(2**70)])
def test_load_refuses_a_wrong_rate_before_it_reads(rate):
    with pytest.raises(ValueError, match=f"sample_rate is {rate}; it must be"):
        sonogram.load("nowhere.wav", sample_rate=rate)


@pytest.mark.parametrize("rate", [16000.0, "16000", True, np.float32(3)])
def test_load_refuses_a_rate_of_a_wrong_type(rate):
    with pytest.raises(TypeError, match="sample_rate"):
        sonogram.load("nowhere.wav", sample_rate=rate)


@pytest.mark.parametrize("mono", [1, "yes", None])
def test_load_refuses_mono_of_a_wrong_type(mono):
    with pytest.raises(TypeError, match="mono"):
        sonogram.load("nowhere.wav", mono=mono)


# ---------------------------------------------------------------------------------- info


def test_info_agrees_with_the_header():
    path = AUDIO / "chord_sweep.flac"
    assert sonogram.info(path) == sonogram.AudioInfo(
        path=str(path),
        sample_rate=44100,
        channels=2,
        num_samples=154350,
        duration=3.5,
        format="FLAC",
        subtype="PCM_16",
    )


def test_info_is_frozen_and_hashable():
    about = sonogram.info(AUDIO / "speech.flac")
    with pytest.raises(dataclasses.FrozenInstanceError):
        about.channels = 2
    assert hash(about) == hash(sonogram.info(AUDIO / "speech.flac"))


# ---------------------------------------------------------------------------------- save


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


# ------------------------------------------------------------------------------ resample


@pytest.mark.parametrize("quality", ["HQ", "VHQ"])
@pytest.mark.parametrize(("old", "new"), [(44100, 16000), (16000, 44100), (22050, 8000)])
def test_resample_keeps_a_tone_below_both_nyquists(old, new, quality):
    given = tone(1000, old)
    result = sonogram.resample(given, old, new, quality=quality)
    assert result.shape == (new,)
    assert result.dtype == np.float64
    middle = slice(new // 10, -new // 10)
    tolerance = 1e-5 if quality == "HQ" else 1e-7
    np.testing.assert_allclose(result[middle], tone(1000, new)[middle], atol=tolerance)


def test_resample_removes_frequencies_above_the_new_nyquist():
    result = sonogram.resample(tone(10000, 44100), 44100, 16000)
    assert np.abs(result[1000:-1000]).max() < 1e-5


@pytest.mark.parametrize("shape", [(500,), (1, 500), (2, 3, 500), (0, 500), (2, 0), (0,)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_resample_treats_every_leading_index_by_itself(shape, dtype):
    given = np.random.default_rng(3).standard_normal(shape).astype(dtype)
    result = sonogram.resample(given, 3, 2)
    assert result.dtype == dtype
    assert result.shape[:-1] == shape[:-1]
    assert result.shape[-1] == round(shape[-1] * 2 / 3)
    for index in np.ndindex(shape[:-1]):
        np.testing.assert_array_equal(result[index], sonogram.resample(given[index], 3, 2))


def test_resample_to_the_same_rate_is_the_waveform_itself():
    given = noise()
    assert sonogram.resample(given, 16000, 16000.0) is given


def test_resample_scales_integers_to_one():
    given = np.array([[-32768, 16384, 0]], np.int16)
    np.testing.assert_array_equal(sonogram.resample(given, 5, 5), [[-1, 0.5, 0]])
    assert sonogram.resample(given, 5, 5).dtype == np.float32
    wide = given.astype(np.int32) << 16
    np.testing.assert_array_equal(
        sonogram.resample(np.repeat(wide, 50, axis=1), 2, 1),
        sonogram.resample(np.repeat(given, 50, axis=1), 2, 1),
    )


def test_resample_takes_strided_and_read_only_input():
    given = noise(2, 3000)
    expected = sonogram.resample(given, 4, 3)
    strided = np.repeat(given, 2, axis=1)[:, ::2]
    strided.flags.writeable = False
    np.testing.assert_array_equal(sonogram.resample(strided, 4, 3), expected)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (0, 1, ValueError),
        (1, -1, ValueError),
        (float("nan"), 1, ValueError),
        (1, float("inf"), ValueError),
        ("16000", 1, TypeError),
        (1, None, TypeError),
        (True, 1, TypeError),
        (1, 70000, ValueError),
        (1, 1e300, ValueError),
        (1e12, 2, ValueError),
    ],
)
def test_resample_names_a_wrong_rate(old, new, kind):
    with pytest.raises(kind, match="orig_freq is" if new == 1 else "new_freq is"):
        sonogram.resample(noise(), old, new)


def test_resample_names_a_wrong_quality():
    with pytest.raises(ValueError, match="quality is 'best'; it must be one of 'HQ', 'VHQ'"):
        sonogram.resample(noise(), 1, 2, quality="best")


# -------------------------------------------------------------------------------- extras


def python(code, **modules):
    """Run code where the modules named cannot be imported."""
    hide = "".join(f"sys.modules[{name!r}] = None\n" for name in modules)
    script = f"import sys\n{hide}{code}"
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_import_does_not_import_the_extras():
    code = (
        "import sonogram\n"
        "extras = {'soundfile', 'soxr', 'matplotlib', 'typer', 'rich', 'click', 'torch'}\n"
        "print(sorted(extras & set(sys.modules)))\n"
    )
    assert python(code).stdout == "[]\n"


@pytest.mark.parametrize(
    ("call", "hidden"),
    [
        ("load({path!r})", "soundfile"),
        ("info({path!r})", "soundfile"),
        ("save('a.wav', [0.0], 16000)", "soundfile"),
        ("resample([0.0], 1, 2)", "soxr"),
    ],
)
def test_a_missing_extra_is_an_importerror_that_names_it(call, hidden, tmp_path):
    call = call.format(path=str(AUDIO / "speech.flac"))
    ran = python(f"import sonogram\nsonogram.{call}", **{hidden: None})
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1].startswith("ImportError: ")
    assert "pip install 'sonogram[audio]'" in ran.stderr


# ------------------------------------------------------------------------------ examples


def test_the_example_audio_is_what_its_script_promises():
    speech = sonogram.info(AUDIO / "speech.flac")
    assert (speech.sample_rate, speech.channels) == (16000, 1)
    assert 4 <= speech.duration <= 6
    music = sonogram.info(AUDIO / "chord_sweep.flac")
    assert (music.sample_rate, music.channels) == (44100, 2)
    assert sum(path.stat().st_size for path in AUDIO.iterdir()) < 300_000


def test_the_spoken_example_has_a_pause_between_two_parts():
    waveform, rate = sonogram.load(AUDIO / "speech.flac")
    block = rate // 20
    blocks = waveform[0, : waveform.shape[1] // block * block].reshape(-1, block)
    loud = np.flatnonzero(np.abs(blocks).max(axis=1) > 0.01)
    gap = np.diff(loud).max() * block / rate
    assert gap > 0.4
    assert 0.2 < loud[np.diff(loud).argmax()] / len(blocks) < 0.8
