# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Which samples each frame reads, and how many frames there are."""

from __future__ import annotations

import numpy as np
import pytest
import reference
from support import signals
from support.checks import assert_matches, run

import sonogram

PAD_MODES = ["constant", "reflect", "replicate", "circular", "symmetric"]
SMALL = {"n_fft": 32, "hop_length": 9, "power": None}


@pytest.mark.parametrize("pad_mode", PAD_MODES)
@pytest.mark.parametrize("n", [17, 31, 32, 33, 40, 100, 1000])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_pad_mode_extends_the_signal_as_defined(pad_mode, n, dtype):
    assert_matches({**SMALL, "pad_mode": pad_mode}, signals.noise(n).astype(dtype))


@pytest.mark.parametrize("left", PAD_MODES)
@pytest.mark.parametrize("right", PAD_MODES)
def test_each_end_may_have_its_own_pad_mode(left, right):
    x = signals.noise(50).astype(np.float32)
    assert_matches({**SMALL, "pad_mode": (left, right)}, x)


@pytest.mark.parametrize("pad_mode", PAD_MODES)
@pytest.mark.parametrize("frame_pad", [(0, 0), (12, 11), (0, 16), (30, 0), (3, 29)])
def test_explicit_pads_replace_the_centring(pad_mode, frame_pad):
    x = signals.noise(77).astype(np.float32)
    spec = {**SMALL, "pad_mode": pad_mode, "frame_pad": frame_pad}
    assert_matches(spec, x)
    assert np.array_equal(run(spec, x), run({**spec, "center": False}, x))


@pytest.mark.parametrize("n_fft", [1, 2, 5, 16, 31])
@pytest.mark.parametrize("hop", [1, 4, 37])
@pytest.mark.parametrize("center", [True, False])
def test_frame_count_is_torchs(n_fft, hop, center):
    extractor = sonogram.Extractor(
        sonogram.Spec(n_fft=n_fft, hop_length=hop, center=center, pad_mode="constant")
    )
    for n in range(n_fft, n_fft + 80):
        padded = n + 2 * (n_fft // 2) * center
        assert extractor.num_frames(n) == 1 + (padded - n_fft) // hop
    x = signals.noise(n_fft + 40)
    assert extractor(x).shape[-1] == extractor.num_frames(len(x))


@pytest.mark.parametrize("win", [1, 5, 20, 25])
@pytest.mark.parametrize("hop", [1, 7, 10, 30])
@pytest.mark.parametrize("snip_edges", [True, False])
@pytest.mark.parametrize("window_align", ["left", "center"])
def test_frames_are_kaldis_with_snip_edges(win, hop, snip_edges, window_align):
    spec = {"n_fft": 32, "win_length": win, "hop_length": hop, "snip_edges": snip_edges}
    spec |= {"window": "povey", "periodic": False, "power": None, "window_align": window_align}
    extractor = sonogram.Extractor(sonogram.Spec(**spec))
    for n in (win, win + 1, 31, 32, 33, 90, 200):
        x = signals.noise(n)
        count = 1 + (n - win) // hop if snip_edges else (n + hop // 2) // hop
        assert extractor.num_frames(n) == max(0, count)
        assert_matches(spec, x)


@pytest.mark.parametrize("n", [1, 2, 9, 11, 19, 24])
def test_the_mirror_of_a_short_signal_is_mirrored_again(n):
    spec = {"n_fft": 32, "win_length": 25, "hop_length": 4, "snip_edges": False, "power": None}
    assert_matches(spec, signals.noise(n).astype(np.float32))


@pytest.mark.parametrize("n", [0, 1, 24])
def test_too_short_for_one_snipped_frame_gives_no_frames(n):
    spec = {"n_fft": 32, "win_length": 25, "hop_length": 10, "snip_edges": True}
    assert run(spec, np.zeros(n, np.float32)).shape == (17, 0)
    assert run({**spec, "layout": "time_freq"}, np.zeros((3, n))).shape == (3, 0, 17)


@pytest.mark.parametrize("n", [33, 90, 91, 500])
def test_drop_last_leaves_out_the_last_frame_only(n):
    x = signals.noise(n).astype(np.float32)
    assert np.array_equal(run({**SMALL, "drop_last": True}, x), run(SMALL, x)[:, :-1])


@pytest.mark.parametrize("center", [True, False])
def test_drop_last_of_a_single_frame_leaves_none(center):
    spec = {**SMALL, "hop_length": 100, "center": center, "drop_last": True}
    assert run(spec, signals.noise(40)).shape == (17, 0)
    assert sonogram.Extractor(sonogram.Spec(**spec)).num_frames(40) == 0


@pytest.mark.parametrize("pad", [(0, 5), (7, 0), (40, 41)])
def test_pad_adds_zeros_before_the_frames_are_centred(pad):
    x = signals.noise(60).astype(np.float32)
    zeros = np.zeros(pad[0], np.float32), np.zeros(pad[1], np.float32)
    got = run({**SMALL, "pad": pad}, x)
    assert np.array_equal(got, run(SMALL, np.concatenate([zeros[0], x, zeros[1]])))
    assert_matches({**SMALL, "pad": pad}, x)


@pytest.mark.parametrize("length", [20, 59, 60, 61, 200])
def test_length_cuts_or_fills_with_zeros(length):
    x = signals.noise(60).astype(np.float32)
    spec = {**SMALL, "length": length}
    fixed = np.concatenate([x, np.zeros(200, np.float32)])[:length]
    assert np.array_equal(run(spec, x), run(SMALL, fixed))
    extractor = sonogram.Extractor(sonogram.Spec(**spec))
    assert extractor.num_frames(60) == extractor.num_frames(1) == run(spec, x).shape[-1]


def test_num_frames_agrees_with_the_reference_everywhere():
    for fields in (
        {},
        {"center": False},
        {"drop_last": True},
        {"pad": (3, 50)},
        {"frame_pad": (7, 90)},
        {"length": 900},
        {"win_length": 300, "snip_edges": True},
        {"win_length": 300, "snip_edges": False},
    ):
        spec = {"n_fft": 400, "hop_length": 160, **fields}
        extractor = sonogram.Extractor(sonogram.Spec(**spec))
        for n in (400, 401, 559, 560, 561, 16000, 2**40 + 1):
            assert extractor.num_frames(n) == reference.num_frames(spec, n)
