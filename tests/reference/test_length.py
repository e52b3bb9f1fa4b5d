# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""How an item is cut and extended, and how frames are counted on what results."""

from __future__ import annotations

import numpy as np
import pytest
import reference
from support import signals
from support.checks import assert_matches, run

import sonogram

MODES = ["zeros", "zeros_both", "repeat", "repeat_zeros"]
LENGTHS = {
    "length": {"length": 150},
    "at least": {"min_length": 150},
    "at most": {"max_length": 150},
    "whole steps": {"length_step": 64},
    "steps beyond the least": {"min_length": 100, "length_step": 64},
    "all": {"min_length": 90, "max_length": 200, "length_step": 33, "pad": (5, 9)},
}
SMALL = {"n_fft": 32, "hop_length": 9, "power": None, "pad_mode": "constant"}
FRAMINGS = {
    "torch": {},
    "torch, uncentred": {"center": False, "frame_pad": (40, 3)},
    "torch, left": {"win_length": 20, "window_align": "left"},
    "reflect": {"pad_mode": "reflect"},
    "snipped": {"win_length": 25, "snip_edges": True},
    "mirrored": {"win_length": 25, "snip_edges": False},
}
COUNTS = {
    "short span": {"frame_span": 7},
    "long span": {"frame_span": 45},
    "offset": {"frame_offset": 13},
    "rounded up": {"round_up": True},
    "multiple": {"frame_multiple": 4},
    "multiple without the last": {"frame_multiple": 3, "drop_last": True},
    "all": {"frame_span": 30, "frame_offset": 4, "round_up": True, "frame_multiple": 3},
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("fields", LENGTHS)
@pytest.mark.parametrize("n", [1, 49, 50, 74, 75, 99, 149, 150, 151, 300])
def test_an_item_is_cut_and_extended_as_the_reference_does(fields, mode, n):
    spec = {**LENGTHS[fields], "length_mode": mode, "output": "waveform"}
    x = signals.noise(2 * n).reshape(2, n)
    got = run(spec, x)
    assert np.array_equal(got, reference.extract(spec, x))
    assert_matches({**SMALL, **LENGTHS[fields], "length_mode": mode}, x.astype(np.float32))


def test_repeats_are_those_of_clap():
    x = signals.noise(70).astype(np.float32)
    spec = {"length": 300, "output": "waveform"}
    got = run({**spec, "length_mode": "repeat"}, x)
    assert np.array_equal(got, np.tile(x, 300 // 70 + 1)[:300])
    got = run({**spec, "length_mode": "repeat_zeros"}, x)
    assert np.array_equal(got, np.pad(np.tile(x, 300 // 70), (0, 300 - 280)))


@pytest.mark.parametrize("mode", MODES)
def test_repetition_uses_the_conditioned_samples(mode):
    fields = {"preemphasis": 0.97, "remove_mean": True, "level": 0.2, "output": "waveform"}
    x = signals.speech(90)
    whole = run(fields, x)
    for wanted in (40, 90, 250):
        fixed = {"length": wanted, "length_mode": mode}
        got = run({**fields, **fixed}, x)
        assert np.array_equal(got, run({**fixed, "output": "waveform"}, whole))


def test_a_repeat_dithers_no_sample_twice():
    x = np.zeros(64)
    fields = {"dither": 1.0, "length": 200, "output": "waveform"}
    got = run({**fields, "length_mode": "repeat"}, x)
    assert np.array_equal(got[64:128], got[:64])
    assert not run(fields, x)[64:].any()


@pytest.mark.parametrize("mode", MODES)
def test_an_empty_item_is_extended_with_zeros(mode):
    got = run({"length": 30, "length_mode": mode, "output": "waveform"}, np.zeros((2, 0)))
    assert np.array_equal(got, np.zeros((2, 30)))
    assert not run({**SMALL, "min_length": 50, "length_mode": mode}, np.zeros(0)).any()


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("n", [20, 33, 44, 45, 53, 54, 55, 63, 100, 500])
def test_frames_are_counted_and_cut_as_the_reference_does(framing, count, n):
    spec = {**SMALL, **FRAMINGS[framing], **COUNTS[count]}
    x = signals.noise(n).astype(np.float32)
    try:
        frames = reference.num_frames(spec, n)
    except ValueError:
        with pytest.raises(ValueError, match="waveform is"):
            run(spec, x)
        return
    assert sonogram.Extractor(sonogram.Spec(**spec)).num_frames(n) == frames
    assert_matches(spec, x)
    assert_matches(spec, x.astype(np.float64))


@pytest.mark.parametrize("hop", [16, 50, 64])
@pytest.mark.parametrize("n", [33, 64, 100, 127, 128, 129, 1000])
def test_rounding_up_gives_a_frame_for_every_hop_begun(hop, n):
    half = (64 - hop) // 2
    spec = {"n_fft": 64, "hop_length": hop, "frame_pad": (half, half), "round_up": True}
    x = signals.noise(n).astype(np.float32)
    got = run({**spec, "power": None}, x)
    assert got.shape[-1] == -(-n // hop)  # the padding of audiocraft's MultiScaleMelSpectrogramLoss
    padded = np.pad(np.pad(x, half, "reflect"), (0, 64 + hop))
    frames = np.stack([padded[hop * t : hop * t + 64] for t in range(got.shape[-1])])
    want = np.fft.rfft(frames * np.hanning(65)[:-1]).T
    np.testing.assert_allclose(got, want, rtol=0, atol=2e-6 * np.abs(want).max())


@pytest.mark.parametrize("n", [1, 512, 513, 640, 641, 15999, 16000, 16001, 16080, 16159, 16160])
def test_a_span_beyond_the_window_counts_as_gemma_3n_does(n):
    spec = {"n_fft": 1024, "win_length": 512, "hop_length": 160, "window_align": "left"}
    spec |= {"snip_edges": True, "frame_span": 513, "length_step": 128}
    padded = -(-n // 128) * 128
    want = max(0, 1 + (padded - 513) // 160)
    assert sonogram.Extractor(sonogram.Spec(**spec)).num_frames(n) == want
    assert run(spec, signals.noise(n)).shape[-1] == want


@pytest.mark.parametrize("dtype", ["float32", "int16"])
def test_extended_items_have_the_same_bits_for_any_threads_and_batch(dtype):
    x = np.stack([signals.speech(30011), signals.noise(30011)])
    x = (9000 * x).astype(dtype) if dtype == "int16" else x.astype(dtype)
    for mode in MODES:
        spec = {"n_fft": 400, "hop_length": 160, "log": "ln", "length": 170000}
        spec |= {"length_mode": mode, "preemphasis": 0.97, "frame_multiple": 8}
        want = run(spec, x, num_threads=1)
        assert np.array_equal(run(spec, x, num_threads=3), want)
        assert np.array_equal(run(spec, x[1], num_threads=2), want[1])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"length": 0}, ["length is 0", "from 1"]),
        ({"min_length": -1}, ["min_length is -1", "from 1"]),
        ({"max_length": 2**60}, ["max_length is", "to 281474976710656"]),
        ({"length_step": 0}, ["length_step is 0", "from 1"]),
        ({"length": 5, "min_length": 4}, ["length is 5", "min_length"]),
        ({"min_length": 9, "max_length": 8}, ["min_length is 9", "max_length = 8"]),
        ({"length_mode": "tile"}, ["length_mode", "'tile'", "repeat_zeros"]),
        ({"level": 0.0}, ["level is 0", "> 0"]),
        ({"level": float("nan")}, ["level is nan", "> 0"]),
        ({"level_eps": -1.0}, ["level_eps is -1", ">= 0"]),
        ({"level_kind": "lufs"}, ["level_kind", "'lufs'", "peak"]),
        ({"frame_span": 0}, ["frame_span is 0", "from 1"]),
        ({"frame_offset": -1}, ["frame_offset is -1", "from 0"]),
        ({"frame_multiple": 0}, ["frame_multiple is 0", "from 1"]),
    ],
)
def test_errors_name_the_field_its_value_and_what_is_allowed(fields, words):
    with pytest.raises(ValueError, match=r".") as error:
        sonogram.Spec(**fields)
    for word in words:
        assert word in str(error.value)


def test_too_few_samples_for_the_span_are_an_error_that_says_so():
    spec = {**SMALL, "center": False, "frame_span": 40, "frame_offset": 5}
    with pytest.raises(ValueError, match=r"44 samples long.*frame_span = 40.*frame_offset = 5"):
        run(spec, np.zeros(44))
    assert run(spec, np.zeros(45)).shape == (17, 1)
