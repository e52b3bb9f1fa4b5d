# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Audio files in: what `sonogram.load` and `info` promise, and what they need."""

import dataclasses
import io
import os
import struct
import subprocess
import sys

import numpy as np
import pytest
import soundfile
from support import AUDIO
from support.waveforms import RATE, noise, tone

import sonogram

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
