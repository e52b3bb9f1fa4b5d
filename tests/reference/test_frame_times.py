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
        [("stack", 3, 2, 1), ("stack", 1, 2), ("pad", 2, 1), ("multiple", 3), ("frames", 40)]
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
    win, hop, half = spec.win_length or 32, spec.hop_length or 16, 0.0
    for stage in finish:  # how far from the middle the windows reach
        if stage[0] == "stack":
            half += hop * (stage[1] - 1) / 2
            hop *= stage[2]
    reach = np.abs(times - (at + 0.5))
    inside = np.flatnonzero(reach < half + win / 2)
    if half == 0:
        assert set(hit) <= set(inside)
        # frames that are cut off, or filled with a constant, see nothing
        limit = Extractor(spec.replace(finish=())).num_frames(samples)
        if not finish:
            np.testing.assert_array_equal(hit, inside[inside < limit])
    else:
        assert set(hit) <= set(inside)


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
def test_what_is_no_count_is_named(value: Any) -> None:
    extract = Extractor(Spec())
    with pytest.raises((TypeError, ValueError), match="num_frames is"):
        extract.frame_times(value)
    with pytest.raises((TypeError, ValueError), match="num_samples is"):
        extract.frame_times(1, value)


def test_the_spec_of_every_preset_says_where_its_frames_lie() -> None:
    for name, preset in sonogram.presets().items():
        times = Extractor(preset.spec).frame_times(3, 40000)
        assert np.isfinite(times).all(), name
