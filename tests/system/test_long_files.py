# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""extract_file gives the Extractor's bits, whole-signal stages included, into memory or a file."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import streams

import sonogram
from sonogram import Extractor, Spec, extract_file
from sonogram._features import long_files, signal_blocks
from sonogram._support.paths import written_whole

BASE: dict[str, Any] = {"filterbank": "mel", "n_mels": 40, "log": "ln", "hop_length": 160}
WHOLE = {
    "streams": {},
    "whisper": {"finish": (("dynamic_range", 8), ("affine", 0.25, 1))},
    "top_db, mean": {
        "finish": (("dynamic_range", 80), ("reference", "mean")),
        "layout": "time_freq",
    },
    "affine, maximum": {"finish": (("affine", -2, 1), ("reference", "max"), ("dynamic_range", 9))},
    "nemo": {
        "preemphasis": 0.97,
        "valid_frames": "floor",
        "finish": (("normalize", ("ddof", 1), ("eps", 1e-5)), ("mask",)),
    },
    "all": {"finish": (("deltas",), ("normalize", "all", ("eps", 1e-5), ("eps_in", "var")))},
    "energy": {"energy": "raw", "finish": (("normalize",), ("energy", "last"))},
    "half": {"finish": (("normalize",), ("stack", 3, 2)), "dtype": "float16"},
    "level": {"remove_mean": True, "level": 0.1, "level_eps": 1e-7},
    "peak": {"level": 0.9, "level_kind": "peak", "finish": (("reference", "max"),)},
    "level first": {"level": 0.1, "level_when": "quieter", "finish": (("normalize",),)},
}
CASES = {name: Spec(**{**BASE, **fields}) for name, fields in WHOLE.items()} | {
    "waveform": Spec(output="waveform", remove_mean=True, level=1.0, level_eps=1e-7)
}


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    path = tmp_path_factory.mktemp("audio") / "two.wav"
    x = streams.signal(np.random.default_rng(3), 300_001, "float32", (2,))
    sonogram.save(path, x, 16000, subtype="FLOAT", clipping="ignore")
    return path, sonogram.load(path)[0]


@pytest.mark.parametrize("name", CASES)
def test_a_file_gives_the_bits_of_its_samples(
    name: str, speech: tuple[Path, Any], tmp_path: Path
) -> None:
    path, x = speech
    want = Extractor(CASES[name])(x)
    np.testing.assert_array_equal(extract_file(path, CASES[name]), want)
    out = tmp_path / "features.npy"
    mapped = extract_file(path, CASES[name], out)
    assert isinstance(mapped, np.memmap)
    assert mapped.dtype == want.dtype
    np.testing.assert_array_equal(np.load(out), want)
    assert [p.name for p in tmp_path.iterdir()] == ["features.npy"]


@pytest.mark.slow
def test_every_preset_extracts_from_a_file(tmp_path: Path) -> None:
    x = streams.signal(np.random.default_rng(4), 70_000, "float32", (1,))
    for preset in sonogram.presets().values():
        spec = preset.spec
        path = tmp_path / "one.wav"
        rate = int(spec.sample_rate)
        sonogram.save(path, x, rate, subtype="FLOAT", clipping="ignore")
        want = streams.outcome(lambda spec=spec: Extractor(spec)(x))
        got = streams.outcome(lambda spec=spec, path=path: extract_file(path, spec))
        if isinstance(got, str) and "the whole signal, which a stream does not have" in got:
            assert sonogram.streaming(spec), preset.name
            continue
        streams.assert_same(got, want)


def test_stand_ins_take_the_place_of_passes(speech: tuple[Path, Any]) -> None:
    path, x = speech
    spec = CASES["whisper"]
    got = extract_file(path, spec, maximum="running")
    stream = sonogram.Stream(spec, maximum="running")
    np.testing.assert_array_equal(got, stream.push(x, last=True))


@pytest.mark.parametrize("rate", [44100, 8000, 16001])
@pytest.mark.parametrize("name", ["streams", "whisper", "level"])
def test_another_rate_is_resampled_where_asked_with_the_bits_of_the_whole(
    name: str, rate: int, tmp_path: Path
) -> None:
    """More than one block, and an odd number of samples."""
    x = streams.signal(np.random.default_rng(6), 300_001, "float32", (2,))
    for suffix, subtype in (("wav", "FLOAT"), ("flac", "PCM_16")):
        path = tmp_path / f"{rate}.{suffix}"
        sonogram.save(path, x, rate, subtype=subtype, clipping="ignore")
        waveform, _ = sonogram.load(path, 16000)
        want = Extractor(CASES[name])(waveform)
        np.testing.assert_array_equal(extract_file(path, CASES[name], resample=True), want)
        extract_file(path, CASES[name], tmp_path / "a.npy", resample=True)
        np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), want)


def test_resampling_changes_nothing_at_the_rate_of_the_spec(speech: tuple[Path, Any]) -> None:
    path, x = speech
    got = extract_file(path, CASES["whisper"], resample=True)
    np.testing.assert_array_equal(got, Extractor(CASES["whisper"])(x))


@pytest.mark.parametrize(("rate", "wanted"), [(8000, 192000), (192000, 8000)])
def test_resampling_a_file_takes_little_memory(rate: int, wanted: int, tmp_path: Path) -> None:
    """However far the rates are apart; soxr holds samples back and gives them later."""
    path = tmp_path / "a.wav"
    sonogram.save(path, np.zeros((1, 400_000), np.int16), rate)
    spec = Spec(**BASE, sample_rate=wanted)
    signal = signal_blocks.FileBlocks(path, spec.sample_rate, True)
    blocks = [chunk.shape[1] for chunk in signal.chunks()]
    assert max(blocks) <= 1.25 * signal_blocks._BLOCK
    assert sum(blocks) == round(400_000 * wanted / rate)


def test_a_ratio_of_rates_beyond_soxrs_limits_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    sonogram.save(path, np.zeros((1, 1000), np.int16), 1)
    with pytest.raises(ValueError, match="within a factor of 65536"):
        extract_file(path, Spec(**BASE, sample_rate=192000), resample=True)
    with pytest.raises(TypeError, match="resample is 1"):
        extract_file(path, Spec(**BASE), resample=1)  # type: ignore[arg-type]


def test_a_bad_file_is_reported_and_nothing_is_left_behind(
    speech: tuple[Path, Any], tmp_path: Path
) -> None:
    path, x = speech
    with pytest.raises(
        ValueError, match=r"sample rate of 16000 Hz.*spec.sample_rate = 22050.*resample=True"
    ):
        extract_file(path, Spec(**BASE, sample_rate=22050), tmp_path / "a.npy")
    short = tmp_path / "short.wav"
    sonogram.save(short, x[:, :100], 16000, subtype="FLOAT", clipping="ignore")
    for spec in (CASES["streams"], CASES["whisper"]):
        with pytest.raises(ValueError, match="longer than the padding"):
            extract_file(short, spec, tmp_path / "a.npy")
    assert [p.name for p in tmp_path.iterdir()] == ["short.wav"]
    with pytest.raises(FileNotFoundError):
        extract_file(tmp_path / "none.wav", CASES["streams"])


@pytest.mark.parametrize("valid", ["all", "floor", "last", "all_but_last"])
def test_a_maximum_is_that_of_the_frames_that_the_extractor_looks_at(
    valid: str, tmp_path: Path
) -> None:
    path = tmp_path / "late.wav"
    for samples in (1, 40, 160, 4000):
        x = np.full((1, samples), 1e-3, np.float32)
        x[:, -40:] = np.sin(np.arange(min(40, samples)))  # the last frame is the loudest
        sonogram.save(path, x, 16000, subtype="FLOAT", clipping="ignore")
        for finish in (
            (("dynamic_range", 2.0),),
            (("reference", "max"), ("dynamic_range", 3.0)),
            (("dynamic_range", 2.0), ("mask", 9.0)),
        ):
            spec = Spec(
                **(BASE | {"n_fft": 40, "hop_length": 40, "n_mels": 2, "log": "log10"}),
                pad_mode="constant",
                valid_frames=valid,
                finish=finish,
            )
            with np.errstate(invalid="ignore"):
                np.testing.assert_array_equal(extract_file(path, spec), Extractor(spec)(x))


def test_stages_that_give_frames_at_the_end_alone_are_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "one.wav"
    x = streams.signal(np.random.default_rng(5), 3000, "float32", (1,))
    sonogram.save(path, x, 16000, subtype="FLOAT", clipping="ignore")
    for spec in (
        Spec(n_fft=64, hop_length=16, finish=(("normalize",), ("frames", 3), ("deltas", 1, 9))),
        Spec(n_fft=512, hop_length=256, frame_multiple=2, finish=(("deltas",),)),
    ):
        np.testing.assert_array_equal(extract_file(path, spec), Extractor(spec)(x))


def test_one_sample_is_enough_where_it_is_for_the_extractor(tmp_path: Path) -> None:
    path = tmp_path / "one.wav"
    x = np.full((1, 1), 0.5, np.float32)
    sonogram.save(path, x, 16000, subtype="FLOAT", clipping="ignore")
    spec = Spec(n_fft=2, hop_length=2, frame_pad=(2, 2), frame_multiple=3, finish=(("pcen",),))
    np.testing.assert_array_equal(extract_file(path, spec), Extractor(spec)(x))


def test_out_is_another_file_and_named_for_what_it_holds(
    speech: tuple[Path, Any], tmp_path: Path
) -> None:
    path = speech[0]
    before = path.read_bytes()
    with pytest.raises(ValueError, match=r"out is .*a.txt'; its name must end in '.npy'"):
        extract_file(path, CASES["streams"], tmp_path / "a.txt")
    link = tmp_path / "features.npy"
    link.symlink_to(path)
    with pytest.raises(ValueError, match="it must be another file than path"):
        extract_file(path, CASES["streams"], link)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["features.npy"]


def test_an_interrupt_leaves_at_once_however_much_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk takes seconds to free a large file: that is not waited for."""
    freed = threading.Event()
    close, held = os.close, []

    def slowly(number: int) -> None:
        if threading.current_thread() is not threading.main_thread():
            held.append(freed.wait(60))
        close(number)

    monkeypatch.setattr("sonogram._support.paths.os.close", slowly)

    def interrupted() -> None:
        with written_whole(tmp_path / "a.npy") as temporary:
            temporary.write_bytes(bytes(100))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert held == []  # not freed yet, and here we are
    assert list(tmp_path.iterdir()) == []
    freed.set()


@pytest.mark.parametrize("piece", [1, 3, 40, 10_000])
def test_frames_are_gathered_whatever_room_there_is(
    piece: int, speech: tuple[Path, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, x = speech
    spec = CASES["streams"]
    monkeypatch.setattr(signal_blocks, "_BLOCK", 5000)
    monkeypatch.setattr(long_files, "_PIECE", 4 * piece)
    np.testing.assert_array_equal(extract_file(path, spec, tmp_path / "a.npy"), Extractor(spec)(x))


def test_bands_are_written_in_few_pieces(
    speech: tuple[Path, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of the 2 x 40 bands lies by itself: once for the whole file, not once a block."""
    written: list[int] = []
    write = long_files._Writer._write
    monkeypatch.setattr(
        long_files._Writer,
        "_write",
        lambda self, at, pieces: (written.append(at), write(self, at, pieces)),
    )
    extract_file(speech[0], CASES["streams"], tmp_path / "a.npy")
    assert written == [0]
