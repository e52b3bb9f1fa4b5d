# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""`load`, `info`, `extract_file`, corpora and blocks of any size agree on every file of the zoo."""

from __future__ import annotations

import errno
import io
import shutil
import signal
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from support import zoo
from support.peers import peer

import sonogram
import sonogram.corpus
from sonogram._audio import wav
from sonogram._audio.source import opened

SPEC = sonogram.Spec(sample_rate=zoo.RATE, n_fft=256, hop_length=128, log="ln", pad_mode="constant")
ANIMALS = {animal.name: animal for animal in zoo.animals()}
GOOD = [name for name, animal in ANIMALS.items() if animal.samples is not None]
BAD = [name for name in ANIMALS if name not in GOOD]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("zoo")
    for animal in ANIMALS.values():
        (place / animal.name).write_bytes(animal.content)
    return place


@pytest.fixture(scope="module")
def corpus(folder: Path, tmp_path_factory: pytest.TempPathFactory):
    out = tmp_path_factory.mktemp("corpus") / "out"
    summary = sonogram.corpus.extract(folder, out, SPEC, workers=0)
    opened_corpus = sonogram.corpus.open(out)
    features = dict(zip(opened_corpus.ids, opened_corpus, strict=True))
    sources = {Path(failure["source"]).name: failure for failure in summary.failures}
    return features, sources


def by_blocks(path: Path, size: int) -> np.ndarray:
    parts = []
    with opened(str(path)) as source:
        block = np.empty((size, source.channels), np.float32)
        while got := source.read(block):
            parts.append(block[:got].T.copy())
        return np.concatenate([np.empty((source.channels, 0), np.float32), *parts], axis=1)


@pytest.mark.parametrize("name", GOOD)
def test_every_way_gives_the_samples_of_the_file(name, folder):
    path, animal = folder / name, ANIMALS[name]
    waveform, rate = sonogram.load(path)
    assert rate == zoo.RATE
    assert waveform.shape == animal.samples.shape
    if animal.tolerance:
        # where the tag dropped samples at the ends of an MP3, the zoo knows only the rest
        known = animal.samples != 0
        np.testing.assert_allclose(
            waveform[known], animal.samples[known], rtol=0, atol=animal.tolerance
        )
    else:
        np.testing.assert_array_equal(waveform, animal.samples)
    assert sonogram.info(path).num_samples in (waveform.shape[1], None)
    for size in (1000, 16384, 1 << 17):
        np.testing.assert_array_equal(by_blocks(path, size), waveform)
    if waveform.shape[1]:
        np.testing.assert_array_equal(
            sonogram.extract_file(path, SPEC), sonogram.Extractor(SPEC)(waveform)
        )


def test_only_a_flac_without_a_length_has_none(folder):
    unknown = [name for name in GOOD if sonogram.info(folder / name).num_samples is None]
    assert unknown == [name for name in GOOD if name.startswith("unknown") and "flac" in name]


def test_corpora_agree_with_load(folder, corpus):
    features, failures = corpus
    empty = [name for name in GOOD if not ANIMALS[name].samples.shape[1]]
    stems = [Path(name).stem for name in ANIMALS]
    for name in GOOD:
        if name in empty or name.endswith(".sph"):  # a suffix that folders do not look for
            continue
        assert name not in failures
        mono, _ = sonogram.load(folder / name, mono=True)
        found = [key for key in (name, Path(name).stem) if key in features]
        assert found, name
        assert found[0] == name or stems.count(Path(name).stem) == 1
        np.testing.assert_array_equal(features[found[0]], sonogram.Extractor(SPEC)(mono[0]))
    assert {name for name in BAD if not name.endswith(".sph")} <= set(failures)


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_whole_is_one_error_everywhere(name, folder, corpus):
    path, animal = folder / name, ANIMALS[name]
    with pytest.raises(OSError, match=r"cut|trunc|decode|read as audio") as raised:
        sonogram.load(path)
    assert animal.error in str(raised.value)
    assert str(path) in str(raised.value)
    with pytest.raises(OSError, match=r"cut|trunc|decode|read as audio") as again:
        sonogram.extract_file(path, SPEC)
    assert str(again.value) == str(raised.value)
    if not name.endswith(".sph"):
        assert corpus[1][name]["reason"] == str(raised.value).removeprefix(f"{str(path)!r}: ")


@pytest.mark.parametrize("name", [n for n in BAD if not n.endswith(".flac")])
def test_info_reports_errors_that_the_header_shows(name, folder):
    with pytest.raises(OSError, match=r"truncated|read as audio"):
        sonogram.info(folder / name)


# Where ffmpeg reads too little, or wide containers as floats, the bytes are the better witness.
OTHERWISE = ("aiff", "w64", "rf64", "caf", "sph")
# ffmpeg loses the frame before a tag and the one that needs its bits


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
@pytest.mark.parametrize("name", [n for n in GOOD if "in_" not in n and "24_of" not in n])
def test_ffmpeg_finds_as_many_samples(name, folder):
    if (
        name.split(".")[-1] in OTHERWISE
        or "joined" in name
        or "id3_inside" in name
        or name in ("block_2.wav", "begun_anew.wav")
        or "protected_behind" in name  # where ffmpeg does not look for a tag
        or not ANIMALS[name].samples.shape[1]
    ):
        pytest.skip("ffmpeg reads it otherwise")
    command = ["ffmpeg", "-v", "quiet", "-i", folder / name, "-ar", "16000", "-f", "f32le", "-"]
    raw = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=60).stdout
    count = len(raw) // 4 // len(ANIMALS[name].samples)
    wanted = ANIMALS[name].samples.shape[1]
    # Opus decodes at 48 kHz there, and Vorbis and tags may end a packet later.
    assert abs(count - wanted) <= (576 if name.endswith((".opus", ".ogg", ".mp3")) else 0)


def test_decoders_print_nothing(folder, tmp_path):
    code = (
        "import sys, sonogram\n"
        "for path in sys.argv[1:]:\n"
        "    for function in (sonogram.load, sonogram.info):\n"
        "        try: function(path)\n"
        "        except OSError: pass\n"
    )
    plain = b"APIC" + struct.pack(">I", 200) + b"\0\0" + bytes(200)  # 2.4 has 7 bits a byte
    tagged = b"ID3\4\0\0" + bytes([0, 0, 1, 82]) + plain + zoo.encoded(zoo.noise(200000), "MP3")
    (tmp_path / "plain.mp3").write_bytes(tagged)
    paths = [str(folder / name) for name in ANIMALS] + [str(tmp_path / "plain.mp3")]
    ran = subprocess.run(
        [sys.executable, "-c", code, *paths],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    # libmpg123 warns by itself of tags that count bytes wrongly, which these are made to do
    said = [line for line in ran.stderr.splitlines() if "Xing stream size" not in line]
    assert (ran.stdout, said) == ("", [])


def test_a_tag_that_counts_one_frame_too_many_is_corrected(tmp_path):
    mp3 = zoo.encoded(zoo.noise(30000), "MP3")
    tag, *frames = zoo.frames_of(mp3)
    for count in (len(frames) - 1, len(frames) + 1):
        wrong = zoo.xing(tag, count, None) + b"".join(frames)
        (tmp_path / "a.mp3").write_bytes(wrong)
        waveform, _ = sonogram.load(tmp_path / "a.mp3")
        # without the numbers of LAME, mpg123 drops its own delay alone
        assert waveform.shape[1] == 576 * len(frames) - 529
        assert sonogram.info(tmp_path / "a.mp3").num_samples == waveform.shape[1]


class Failing(io.BytesIO):
    """A file that cannot be read behind its first third."""

    def __init__(self, content: bytes, fail: Callable[[], None]) -> None:
        super().__init__(content)
        self.fail = fail

    def readinto(self, buffer) -> int:
        if self.tell() + len(buffer) > len(self.getbuffer()) // 3:
            self.fail()
        return super().readinto(buffer)


def press_ctrl_c() -> None:
    signal.raise_signal(signal.SIGINT)


def lose_disk() -> None:
    raise OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize(
    ("fail", "error"), [(press_ctrl_c, KeyboardInterrupt), (lose_disk, OSError)]
)
@pytest.mark.parametrize("name", ["whole.flac", "unknown_id3v1.flac", "bare_constant.mp3"])
def test_what_stops_the_reading_of_a_file_makes_no_shorter_signal(name, fail, error):
    file = Failing(ANIMALS[name].content, fail)

    def read() -> None:
        with opened(file) as source:
            block = np.empty((1000, source.channels), np.float32)
            while source.read(block):
                pass

    with pytest.raises(error):
        read()


def test_wave64_in_the_extensible_layout_is_what_its_guid_says(tmp_path):
    values = zoo.unit(zoo.noise())
    for tag, data, want in ((3, values.tobytes(), values), (1, zoo.noise().tobytes(), values)):
        bits = 32 if tag == 3 else 16
        content = zoo.wave64(data, zoo.layout(tag, bits=bits, valid=bits)[8:])
        (tmp_path / "a.w64").write_bytes(content)
        np.testing.assert_array_equal(sonogram.load(tmp_path / "a.w64")[0], want)
        assert sonogram.info(tmp_path / "a.w64").subtype == ("FLOAT" if tag == 3 else "PCM_16")


def test_a_decoder_that_takes_one_encoding_for_another_is_not_believed(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    monkeypatch.setitem(wav._SUBTYPES, 3, ("DOUBLE",))
    content = zoo.wav(zoo.layout(3, bits=32), zoo.chunk(b"data", bytes(4000)))
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(OSError, match="libsndfile takes it for FLOAT, and its header says DOUBLE"):
        sonogram.load(tmp_path / "a.wav")


# ------------------------------------------------------------------------------ PyAV

ADTS = b"".join(b"\xff\xf1\x60\x40\x02\x1f\xfc" + bytes(9) for _ in range(5))  # of 16 bytes
M4A = b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42"


@pytest.mark.parametrize(("name", "content"), [("a.aac", ADTS), ("a.m4a", M4A), ("b.mp3", M4A)])
def test_formats_that_need_pyav_name_the_extra(tmp_path, monkeypatch, name, content):
    monkeypatch.setitem(sys.modules, "av", None)
    (tmp_path / name).write_bytes(content)
    for function in (sonogram.load, sonogram.info):
        with pytest.raises(OSError, match=r"not read by libsndfile \(pip install 'sonogram\[av\]'"):
            function(tmp_path / name)


def test_a_cut_or_joined_m4a_is_refused(tmp_path):
    film = b"\0\0\0\x10moov" + bytes(8)
    (tmp_path / "cut.m4a").write_bytes(M4A + film + b"\0\0\1\0mdat" + bytes(100))
    with pytest.raises(OSError, match="truncated: the header announces 296 bytes"):
        sonogram.load(tmp_path / "cut.m4a")
    (tmp_path / "two.m4a").write_bytes((M4A + film) * 2)
    with pytest.raises(OSError, match="2 MP4 files joined"):
        sonogram.load(tmp_path / "two.m4a")


def by_pyav(path: Path, form: str, codec: str) -> bytes:
    """Encode 20480 samples with PyAV, at 48 kHz where 16 is too low."""
    av = peer("av", "SONOGRAM_REQUIRE_CORPUS_PEERS")
    rate = zoo.RATE if codec in ("aac", "pcm_s16le", "wavpack") else 48000
    with av.open(str(path), "w", format=form) as container:
        stream = container.add_stream(codec, rate=rate, layout="mono")
        stream.bit_rate = 64000  # none is too much for WMA
        wanted = stream.codec_context.format.name
        resampler = av.AudioResampler(wanted, "mono", rate, stream.codec_context.frame_size or 1024)
        samples = zoo.unit(zoo.noise(1024 * 20))
        frame = av.AudioFrame.from_ndarray(samples, "fltp", "mono")
        frame.sample_rate = rate
        for block in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(block))
        container.mux(stream.encode(None))
    return path.read_bytes()


@pytest.fixture(scope="module")
def aac(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return by_pyav(tmp_path_factory.mktemp("aac") / "a.aac", "adts", "aac")


@pytest.mark.parametrize(
    ("form", "codec"),
    [
        ("webm", "libopus"),
        ("matroska", "aac"),
        ("matroska", "pcm_s16le"),
        ("avi", "aac"),
        ("asf", "wmav2"),
    ],
)
def test_a_container_that_is_cut_or_joined_is_refused(tmp_path, form, codec):
    path = tmp_path / "a"
    whole = by_pyav(path, form, codec)
    samples = sonogram.load(path)[0].shape[1]
    assert samples > 18000  # WMA ends a frame early
    for kept in (len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:kept])
        for function in (sonogram.load, sonogram.info):
            with pytest.raises(OSError, match="truncated: the header announces"):
                function(path)
    path.write_bytes(whole * 2)
    with pytest.raises(OSError, match=r"2 \w+ files joined"):
        sonogram.load(path)
    path.write_bytes(whole + zoo.ID3V1)
    assert sonogram.load(path)[0].shape[1] == samples


@pytest.mark.parametrize(
    ("form", "codec"),
    [
        ("ac3", "ac3"),
        ("eac3", "eac3"),
        ("wv", "wavpack"),
        ("mpegts", "aac"),
        ("ipod", "aac"),
        ("mov", "aac"),
    ],
)
@pytest.mark.parametrize("tail", [bytes(500), zoo.ID3V1, zoo.ape(300) + zoo.ID3V1])
def test_zeros_and_tags_behind_the_audio_change_nothing(tmp_path, form, codec, tail):
    path = tmp_path / "a"
    content = by_pyav(path, form, codec)
    whole, _ = sonogram.load(path)
    assert whole.shape[1] >= 20480
    path.write_bytes(content + tail)
    np.testing.assert_array_equal(sonogram.load(path)[0], whole)
    np.testing.assert_array_equal(by_blocks(path, 1000), whole)


def test_joined_ogg_of_which_libsndfile_knows_one_alone_is_refused_by_info_too(tmp_path):
    ogg = zoo.encoded(zoo.noise(), "OGG", "VORBIS")
    (tmp_path / "a.ogg").write_bytes(ogg + ogg.replace(b"\x01vorbis", b"\x01unheard", 1))
    for function in (sonogram.load, sonogram.info):
        with pytest.raises(OSError, match="in one of 2 recordings that are joined"):
            function(tmp_path / "a.ogg")


def test_vorbis_that_begins_before_its_first_sample_is_read_whole(tmp_path, monkeypatch):
    peer("av", "SONOGRAM_REQUIRE_CORPUS_PEERS")
    path = tmp_path / "a.ogg"
    ogg = zoo.encoded(zoo.noise(30000, 2, seed=3), "OGG", "VORBIS")
    path.write_bytes(zoo.later(ogg, -700))
    # FFmpeg's decoder rounds otherwise than libvorbis
    np.testing.assert_allclose(sonogram.load(path)[0], zoo.decoded(ogg), rtol=0, atol=1e-5)
    path.write_bytes(zoo.later(ogg, -700) + ogg)
    with pytest.raises(OSError, match="joined files, and in one Vorbis begins before its sample 0"):
        sonogram.info(path)
    monkeypatch.setitem(sys.modules, "av", None)
    path.write_bytes(zoo.later(ogg, -700))
    with pytest.raises(OSError, match=r"begins before its sample 0.*pip install 'sonogram\[av\]'"):
        sonogram.load(path)


def test_aac_is_read_whatever_lies_around_its_frames(tmp_path, aac):
    def read(content: bytes) -> np.ndarray:
        (tmp_path / "a.aac").write_bytes(content)
        waveform, rate = sonogram.load(tmp_path / "a.aac")
        assert rate == zoo.RATE
        np.testing.assert_array_equal(
            sonogram.extract_file(tmp_path / "a.aac", SPEC), sonogram.Extractor(SPEC)(waveform)
        )
        reader = sonogram.corpus.decode.decode.Reader(zoo.RATE)
        item = sonogram.corpus.sources.items.Item(id="a", path=str(tmp_path / "a.aac"))
        np.testing.assert_array_equal(reader(item), waveform[0])
        return waveform

    whole = read(aac)
    assert whole.shape[1] % 1024 == 0
    assert whole.shape[1] >= 20 * 1024
    np.testing.assert_array_equal(read(aac + zoo.ID3V1), whole)
    np.testing.assert_array_equal(read(zoo.id3(3000) + aac + zoo.ID3V1), whole)
    np.testing.assert_array_equal(read(aac[:-40]), whole[:, :-1024])
    assert read(aac + zoo.ID3V1 + zoo.id3(300) + aac).shape[1] == 2 * whole.shape[1]
