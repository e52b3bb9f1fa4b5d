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
from support.windows import NAMES

import sonogram

bounded = settings(
    deadline=None,
    derandomize=True,
    max_examples=120,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    database=None,
)
NEED_PARAMETERS = ("kaiser", "gaussian", "tukey", "general_hamming", "general_cosine")
PAD_MODES = st.sampled_from(["constant", "reflect", "replicate", "circular", "symmetric"])


@st.composite
def frames(draw):
    """Fields of the frame and window stages, with a length that gives at least one frame."""
    n_fft = draw(st.one_of(st.integers(1, 70), st.sampled_from([96, 127, 200, 256, 400, 401])))
    win = draw(st.integers(1, n_fft))
    spec = {"n_fft": n_fft, "win_length": win, "hop_length": draw(st.integers(1, n_fft + 9))}
    spec["window"] = draw(
        st.one_of(
            st.sampled_from([name for name in NAMES if name not in NEED_PARAMETERS]),
            st.tuples(st.just("kaiser"), st.floats(0, 30)),
            st.tuples(st.just("tukey"), st.one_of(st.just(0.0), st.floats(1e-6, 1))),
            st.tuples(st.just("general_hamming"), st.floats(0.5, 1)),
            st.tuples(st.just("gaussian"), st.floats(0.15 * win, 2 * win)),
        )
    )
    spec["periodic"] = draw(st.booleans())
    assume(reference.window(spec["window"], win, spec["periodic"]).max() > 0.1)
    spec["window_align"] = draw(st.sampled_from(["center", "left"]))
    spec["snip_edges"] = draw(st.sampled_from([None, None, None, True, False]))
    spec["center"] = draw(st.booleans())
    spec["pad_mode"] = draw(st.one_of(PAD_MODES, st.tuples(PAD_MODES, PAD_MODES)))
    spec["drop_last"] = draw(st.booleans())
    spec["layout"] = draw(st.sampled_from(["freq_time", "time_freq"]))
    if spec["snip_edges"] is None and draw(st.booleans()):
        spec["frame_pad"] = draw(st.tuples(st.integers(0, n_fft), st.integers(0, n_fft)))
    least = n_fft + 1 if spec["snip_edges"] is None else 1
    return spec, draw(
        st.integers(least, least + 40 * spec["hop_length"]).filter(lambda n: n < 4000)
    )


@st.composite
def conditions(draw):
    """Fields of the condition and per-frame stages."""
    spec = {}
    if draw(st.booleans()):
        spec["scale"] = draw(st.sampled_from([0.5, -1.0, 32768.0]))
    if draw(st.booleans()):
        spec["clip"] = draw(st.floats(0.1, 2))
    spec["remove_mean"] = draw(st.booleans())
    spec["preemphasis"] = draw(st.sampled_from([0.0, 0.5, 0.97]))
    spec["preemphasis_kind"] = draw(st.sampled_from(["keep", "replicate"]))
    spec["pad"] = draw(st.tuples(st.integers(0, 90), st.integers(0, 90)))
    spec["remove_dc"] = draw(st.booleans())
    spec["frame_preemphasis"] = draw(st.sampled_from([0.0, 0.6, 0.97]))
    return spec


@bounded
@given(frames(), st.sampled_from(["float32", "float64"]))
def test_any_framing_and_window_match_reference(frame, dtype):
    spec, n = frame
    assert_matches({**spec, "power": None}, signals.noise(n).astype(dtype))


@st.composite
def counts(draw):
    """Fields that level and extend an item and that count its frames."""
    spec = {"level": draw(st.sampled_from([None, 0.1, 3.0]))}
    spec["level_kind"] = draw(st.sampled_from(["rms", "peak"]))
    spec["level_when"] = draw(st.sampled_from(["always", "quieter"]))
    spec["level_eps"] = draw(st.sampled_from([0.0, 1e-7, 0.5]))
    spec["length_mode"] = draw(st.sampled_from(["zeros", "zeros_both", "repeat", "repeat_zeros"]))
    if draw(st.booleans()):
        spec["length"] = draw(st.integers(1, 3000))
    else:
        limits = sorted(draw(st.tuples(st.integers(1, 3000), st.integers(1, 3000))))
        spec["min_length"], spec["max_length"] = (draw(st.sampled_from([None, n])) for n in limits)
        spec["length_step"] = draw(st.one_of(st.none(), st.integers(1, 300)))
    spec["frame_span"] = draw(st.one_of(st.none(), st.integers(1, 300)))
    spec["frame_offset"] = draw(st.integers(0, 50))
    spec["round_up"] = draw(st.booleans())
    spec["frame_multiple"] = draw(st.integers(1, 5))
    return spec


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
