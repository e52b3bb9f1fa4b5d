# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Any combination of parameters: what hypothesis thinks of, the reference must confirm."""

from __future__ import annotations

import numpy as np
import pytest
import reference
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from support import signals
from support.checks import assert_matches, peaks, run
from support.strategies import conditions, counts, frames

import sonogram

bounded = settings(
    deadline=None,
    derandomize=True,
    max_examples=120,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    database=None,
)


@bounded
@given(frames(), st.sampled_from(["float32", "float64"]))
def test_any_framing_and_window_match_reference(frame, dtype):
    spec, n = frame
    assert_matches({**spec, "power": None}, signals.noise(n).astype(dtype))


def cancels(spec, x):
    """Whether subtractions leave next to nothing of a frame, and so of its relative accuracy."""
    differences = ("remove_mean", "remove_dc", "preemphasis", "frame_preemphasis")
    before = {name: value for name, value in spec.items() if name not in differences}
    s = reference.complete(spec)
    left, had = (peaks(s, reference.extract(y, x)) for y in (spec, before))
    if spec["remove_mean"] and had.size:
        had = had.max()  # what a mean errs by is a share of the loudest
    return left.size > 0 and (left < 1e-2 * had).any()


@pytest.mark.slow
@bounded
@given(frames(), conditions(), st.sampled_from(["hamming", "rectangular", "cosine"]))
def test_any_conditioning_matches_reference_in_float64(frame, condition, window):
    spec, n = frame
    spec = {**spec, **condition, "window": window}  # one that shows every sample
    x = signals.noise(n)
    assume(not cancels(spec, x))
    assert_matches(spec, x)


@pytest.mark.slow
@bounded
@given(frames(), counts(), st.sampled_from(["float32", "float64"]))
def test_any_length_and_count_of_frames_match_reference(frame, count, dtype):
    spec, n = frame
    spec = {**spec, **count, "power": None}
    x = signals.noise(n).astype(dtype)
    try:
        reference.extract(spec, x)
    except ValueError:
        with pytest.raises(ValueError, match="waveform"):
            run(spec, x)
        return
    assert_matches(spec, x)


@pytest.mark.slow
@bounded
@given(
    frames(),
    st.sampled_from(["ln", "log10", "db", "log1p"]),
    st.sampled_from([1.0, 2.0]),
    st.lists(
        st.one_of(
            st.tuples(st.just("dynamic_range"), st.floats(0.5, 20)),
            st.tuples(st.just("affine"), st.sampled_from([-2.0, 0.25, 1.5]), st.integers(-5, 5)),
            st.tuples(st.just("reference"), st.sampled_from(["max", -3.5, 0.25])),
        ),
        max_size=3,
    ),
)
def test_any_log_and_finish_match_reference(frame, log, power, finish):
    spec, n = frame
    spec = {**spec, "log": log, "power": power, "finish": tuple(finish), "floor": 1e-6}
    assert_matches(spec, signals.speech(n))


@pytest.mark.slow
@bounded
@given(frames(), st.integers(1, 4), st.integers(1, 8))
def test_any_spec_gives_the_same_bits_for_any_batch_and_threads(frame, items, threads):
    spec, n = frame
    x = signals.noise(items * n).astype(np.float32).reshape(items, n)
    want = run(spec, x, num_threads=1)
    assert np.array_equal(run(spec, x, num_threads=threads), want)
    assert np.array_equal(run(spec, x[-1]), want[-1])


@bounded
@given(frames(), conditions())
def test_any_spec_survives_its_dict_and_its_repr(frame, condition):
    spec = sonogram.Spec(**frame[0], **condition)
    assert sonogram.Spec.from_dict(spec.to_dict()) == spec
    assert eval(repr(spec), {"Spec": sonogram.Spec, "sonogram": sonogram}) == spec
