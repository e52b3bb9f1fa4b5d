# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Bits depend on nothing but the samples: not on threads, company, position or length."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from support import signals
from support.checks import run
from support.lanes import but_slow
from support.recipes import RECIPES, WHISPER
from support.together import together

import sonogram

SPECS = {
    "complex": {"n_fft": 256, "hop_length": 64, "power": None},
    "awkward": {"n_fft": 331, "hop_length": 77, "power": 1.0},
    "rows": {"n_fft": 400, "hop_length": 160, "layout": "time_freq"},
    "long": {"n_fft": 2048, "hop_length": 300, "filterbank": "mel", "n_mels": 100, "log": "db"},
    **RECIPES,
}


@pytest.mark.parametrize("dtype", but_slow(["float32", "float64"], "float64"))
@pytest.mark.parametrize("name", SPECS)
def test_bits_do_not_depend_on_the_number_of_threads(name, dtype):
    x = signals.speech(120000).astype(dtype).reshape(3, 40000)
    one = run(SPECS[name], x, num_threads=1)
    for threads in (2, 3, 8):
        assert np.array_equal(run(SPECS[name], x, num_threads=threads), one)
    assert np.array_equal(run(SPECS[name], x), one)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", SPECS)
def test_bits_do_not_depend_on_the_batch_or_the_place_in_it(name, dtype):
    x = signals.speech(7 * 5003).astype(dtype).reshape(7, 5003)
    together = run(SPECS[name], x)
    for i in range(7):
        assert np.array_equal(together[i], run(SPECS[name], x[i]))
    assert np.array_equal(run(SPECS[name], x[::-1]), together[::-1])


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "n_fft", [1, 2, 8, 31, 64, 97, 100, 256, 400, 512, 600, 1009, 1024, 1920, 2048, 4096]
)
def test_the_first_frames_of_a_long_signal_are_those_of_a_short_one(n_fft, dtype):
    hop = max(1, n_fft // 4)
    for fields in ({"power": None}, {"power": 2.0}, {"log": "ln", "window_align": "left"}):
        spec = {"n_fft": n_fft, "win_length": max(1, n_fft - 1), "hop_length": hop, **fields}
        spec |= {"center": False}
        x = signals.speech(n_fft + 80 * hop).astype(dtype)
        long = run(spec, x)
        for k in (*range(1, 20), 31, 32, 33, 48, 63, 64, 65):
            assert np.array_equal(run(spec, x[: n_fft + (k - 1) * hop]), long[:, :k]), k


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("n_fft", [30, 64, 400, 1009])
def test_a_frame_does_not_depend_on_where_it_lies(n_fft, dtype):
    spec = {"n_fft": n_fft, "hop_length": n_fft // 2, "center": False, "log": "ln"}
    period = signals.speech(n_fft // 2).astype(dtype)
    got = run(spec, np.tile(period, 60))
    assert np.array_equal(got, np.repeat(got[:, :1], got.shape[1], axis=1))


@pytest.mark.parametrize("offset", range(8))
def test_bits_do_not_depend_on_the_alignment_of_memory(offset):
    x = signals.speech(3000).astype(np.float32)
    moved = np.zeros(3100, np.float32)
    moved[offset : offset + 3000] = x
    assert np.array_equal(run(WHISPER, moved[offset : offset + 3000]), run(WHISPER, x))


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0, 1e30])
def test_bits_do_not_depend_on_the_neighbours_values(value):
    spec = {"n_fft": 64, "hop_length": 64, "center": False, "power": None}
    x = signals.noise(64 * 40).astype(np.float32)
    want = run(spec, x)
    for f in (0, 1, 15, 16, 20, 39):
        y = x.copy()
        y[64 * f : 64 * f + 64] = value
        keep = [k for k in range(40) if k != f]
        assert np.array_equal(run(spec, y)[:, keep], want[:, keep])


def test_the_same_call_twice_gives_the_same_bits():
    x = signals.noise(60000).astype(np.float32)
    for spec in SPECS.values():
        extractor = sonogram.Extractor(sonogram.Spec(**spec))
        assert np.array_equal(extractor(x), extractor(x))


def test_one_extractor_serves_many_threads_at_once():
    extractor = sonogram.Extractor(sonogram.Spec(**WHISPER))
    clips = [signals.noise(8000 + 511 * i).astype(np.float32) for i in range(8)]
    want = [extractor(clip) for clip in clips]
    wrong = []

    def work(i):
        for _ in range(20):
            if not np.array_equal(extractor(clips[i]), want[i]):
                wrong.append(i)

    together(*(partial(work, i) for i in range(8)))
    assert not wrong


def test_thread_settings_are_kept_and_checked():
    before = sonogram.get_num_threads()
    assert before >= 1
    try:
        sonogram.set_num_threads(2)
        assert sonogram.get_num_threads() == 2
        run(WHISPER, signals.noise(5000), num_threads=1)
        assert sonogram.get_num_threads() == 2
    finally:
        sonogram.set_num_threads(before)
