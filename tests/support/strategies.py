# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Fields of a Spec as hypothesis draws them."""

from __future__ import annotations

import reference
from hypothesis import assume
from hypothesis import strategies as st

from .windows import NAMES

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
