# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Frame times say where in an item a frame lies: a click lands where they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import sonogram
from sonogram import Extractor, Spec

RATE = 8000

conditions = st.fixed_dictionaries(
    {"pad": st.tuples(st.integers(0, 90), st.integers(0, 90))},
    optional={
        "length_mode": st.sampled_from(["zeros", "zeros_both"]),
        "min_length": st.integers(1, 900),
        "frame_offset": st.integers(0, 50),
        "round_up": st.booleans(),
        "frame_multiple": st.integers(1, 4),
        "drop_last": st.booleans(),
        "frame_span": st.integers(1, 100),
        "window_align": st.sampled_from(["center", "left"]),
        "win_length": st.integers(1, 32),
        "hop_length": st.integers(1, 70),
    },
)
edges = st.sampled_from(
    [
        {"center": True},
        {"center": False},
        {"frame_pad": (25, 3)},
        {"frame_pad": (0, 40)},
        {"snip_edges": True},
        {"snip_edges": False},
    ]
)
finishes = st.lists(
    st.sampled_from(
        [
            ("stack", 3, 2, 1),
            ("stack", 3, 2, 1, "replicate"),
            ("stack", 7, 3, 2, "zero"),
            ("stack", 6, 3, 5, "drop"),
            ("stack", 1, 2),
            ("pad", 2, 1),
            ("multiple", 3),
            ("frames", 40),
        ]
    ),
    max_size=2,
)


def middles(spec: Spec, x: Any) -> tuple[Any, Any]:
    """Return which frames see a click, and where their middles are said to be, in samples."""
    energy = np.atleast_2d(Extractor(spec)(x).sum(axis=0))[0]
    times = Extractor(spec).frame_times(len(energy), len(x)) * spec.sample_rate
    return np.flatnonzero(energy), times


@settings(max_examples=300, deadline=None)
@given(conditions, edges, finishes, st.integers(150, 600), st.data())
def test_a_click_is_in_the_frames_whose_windows_lie_over_it(
    fields: dict[str, Any], edge: dict[str, Any], finish: list[Any], samples: int, data: Any
) -> None:
    spec = Spec(
        sample_rate=RATE, n_fft=32, window="rectangular", pad_mode="constant",
        finish=tuple(finish), **{"hop_length": 16, **fields, **edge},
    )  # fmt: skip
    at = data.draw(st.integers(60, samples - 61))  # beyond the reach of a mirror at the ends
    x = np.zeros(samples, np.float64)
    x[at] = 1
    try:
        Extractor(spec).num_frames(samples)
    except ValueError:  # a framing that the signal is too short for
        assume(False)
    hit, times = middles(spec, x)
    win = spec.win_length or 32
    plain = Extractor(spec.replace(finish=()))
    raw = plain.num_frames(samples)
    seen, first = middles(plain.spec, x)
    under = np.flatnonzero(np.abs(first - (at + 0.5)) < win / 2)
    np.testing.assert_array_equal(seen, under)
    # Of each frame of the result: the frames before the stages that it reads, and the first and the
    # last of them, None where a stage made one up.
    reads: list[tuple[set[int], Any]] = [({t}, (t, t)) for t in range(raw)]
    for stage in finish:
        reads = staged(reads, *stage)
    assert len(reads) == len(times)
    for t, (_, ends) in enumerate(reads):
        if ends is not None:
            middle = (first[ends[0]] + first[ends[1]]) / 2
            assert times[t] == pytest.approx(middle, abs=1e-6)  # seconds and back
    inside = [t for t, (frames, _) in enumerate(reads) if frames & set(seen)]
    np.testing.assert_array_equal(hit, inside)


def staged(reads: list[Any], name: str, *values: Any) -> list[Any]:
    """Which frames each frame reads after a stage, from its description."""
    made_up: Any = (set(), None)
    if name == "pad":
        return [made_up] * values[0] + reads + [made_up] * values[1]
    if name == "multiple":
        return reads + [made_up] * (-len(reads) % values[0])
    if name == "frames":
        return (reads + [made_up] * values[0])[: values[0]]
    size, stride, left, tail = (*values, *(0, "drop")[len(values) - 2 :])
    joined = []
    for start in range(-left, len(reads) - left, stride):
        if tail == "drop" and start + size > len(reads):
            break
        there = [reads[min(max(i, 0), len(reads) - 1)] for i in range(start, start + size)]
        ends = (there[0][1], there[-1][1])
        whole = None if None in ends else (ends[0][0], ends[1][1])
        joined.append((set().union(*(frames for frames, _ in there)), whole))
    return joined


@pytest.mark.parametrize(
    ("fields", "samples", "click", "frame", "middle"),
    [
        # the four: a window of 64 over a click at sample 132 of 1600
        ({"center": False}, None, 132, 2, 160),
        ({"center": False, "frame_offset": 100}, None, 132, 0, 132),
        ({"center": False, "length": 3200, "length_mode": "zeros_both"}, 1600, 132, 14, 128),
        ({"center": False, "min_length": 3200, "length_mode": "zeros_both"}, 1600, 132, 14, 128),
        ({}, None, 132, 2, 128),
        ({"pad": (100, 0), "center": False}, None, 132, 3, 124),
        ({"finish": (("pad", 5, 0),), "center": False}, None, 132, 7, 160),
        ({"finish": (("stack", 1, 2),), "center": False}, None, 132, 1, 160),
        ({"finish": (("stack", 3, 2),), "center": False}, None, 150, 0, 96),
        # frame 0 reads the first frame three times and the next: 0 to 128; frame 1 reads 64 to 320
        ({"finish": (("stack", 5, 2, 3),), "center": False}, None, 10, 0, 64),
        ({"finish": (("stack", 4, 3, 2),), "center": False}, None, 200, 1, 192),
        # 25 frames; the last one reads the frame from 1536 on, and nothing beyond it
        ({"finish": (("stack", 4, 4, 0, "zero"),), "center": False}, 1600, 1599, 6, 1568),
        ({"finish": (("stack", 4, 4, 0, "replicate"),), "center": False}, 1600, 1599, 6, 1568),
        ({"finish": (("stack", 4, 4, 0, "zero"),), "center": False}, None, 1599, 6, 1664),
    ],
)
def test_frame_times_of_a_click_are_pinned(
    fields: dict[str, Any], samples: int | None, click: int, frame: int, middle: float
) -> None:
    spec = Spec(n_fft=64, hop_length=64, window="rectangular", pad_mode="constant", **fields)
    x = np.zeros(1600, np.float32)
    x[click] = 1
    extract = Extractor(spec)
    hit = np.flatnonzero(extract(x).sum(axis=0))
    assert hit[0] == frame
    assert extract.frame_times(frame + 1, samples)[frame] * 16000 == middle


def test_frame_times_that_depend_on_the_length_ask_for_it() -> None:
    both = Extractor(Spec(length=3200, length_mode="zeros_both"))
    with pytest.raises(ValueError, match=r"num_samples is not given.*zeros_both"):
        both.frame_times(3)
    assert both.frame_times(1, 1600)[0] == -800 / 16000
    assert both.frame_times(1, 3200)[0] == 0
    assert Extractor(Spec(length_mode="zeros_both")).frame_times(1)[0] == 0
    grid = Spec(n_mels=8, filterbank="mel", hop_length=64, finish=(("patches", 4, 2, 4, 2),))
    with pytest.raises(ValueError, match=r"num_samples is not given.*patches"):
        Extractor(grid).frame_times(3)
    times = Extractor(grid).frame_times(6, 320) * 16000  # 6 frames: 3 columns, 2 rows
    np.testing.assert_array_equal(times, [32, 160, 288, 32, 160, 288])
    by_time = grid.replace(layout="time_freq", finish=(("patches", 2, 4, 2, 4),))
    np.testing.assert_array_equal(Extractor(by_time).frame_times(4) * 16000, [32, 32, 160, 160])


def test_times_of_a_waveform_are_those_of_its_samples() -> None:
    extract = Extractor(Spec(output="waveform", pad=(3, 0)))
    np.testing.assert_array_equal(extract.frame_times(5) * 16000, [-2.5, -1.5, -0.5, 0.5, 1.5])


@pytest.mark.parametrize("value", [-1, 2**60, 1.5, True, "3"])
def test_an_invalid_count_is_named(value: Any) -> None:
    extract = Extractor(Spec())
    with pytest.raises((TypeError, ValueError), match="num_frames is"):
        extract.frame_times(value)
    with pytest.raises((TypeError, ValueError), match="num_samples is"):
        extract.frame_times(1, value)


def test_the_spec_of_every_preset_says_where_its_frames_lie() -> None:
    for name, preset in sonogram.presets().items():
        times = Extractor(preset.spec).frame_times(3, 40000)
        assert np.isfinite(times).all(), name
