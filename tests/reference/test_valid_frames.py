# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Which frames count as true, before and after stages that change how many there are."""

from __future__ import annotations

import numpy as np
import pytest
import reference
from support.checks import run

import sonogram

BASE = {"n_fft": 64, "hop_length": 10, "n_mels": 8, "filterbank": "mel", "log": "ln"}
NORMALIZE = (("normalize", ("eps", 1e-3)), ("mask", ("value", -9.0)))


def valid(n, finish=(), **fields):
    extractor = sonogram.Extractor(sonogram.Spec(**BASE, finish=finish, **fields))
    return extractor.num_valid_frames(n)


@pytest.mark.parametrize("n", [99, 100, 101, 109])
def test_every_rule_of_valid_frames_counts_as_documented(n):
    assert valid(n) == 1 + n // 10
    assert valid(n, valid_frames="floor") == n // 10
    assert valid(n, valid_frames="ceil") == min(-(-n // 10), 1 + n // 10)
    assert valid(n, valid_frames="last") == -(-n // 10) - 1
    assert valid(n, valid_frames="all_but_last") == n // 10
    assert valid(n, valid_frames="all_but_last", center=False) == (n - 64) // 10


@pytest.mark.parametrize("rule", ["all", "floor", "ceil", "last", "all_but_last"])
def test_stages_over_time_use_valid_frames_only(rule):
    x = np.random.default_rng(0).standard_normal(237)
    spec = {**BASE, "finish": NORMALIZE, "valid_frames": rule, "length": 400}
    want = reference.extract(spec, x)
    np.testing.assert_allclose(run(spec, x), want, rtol=0, atol=1e-10)


def test_samples_count_up_to_valid_min_at_least():
    assert valid(100, length=400, valid_frames="ceil", valid_min=200) == 20
    assert valid(300, length=400, valid_frames="ceil", valid_min=200) == 30
    assert valid(300, length=400, valid_frames="ceil", valid_min=900) == 41


@pytest.mark.parametrize("true", range(12))
@pytest.mark.parametrize("tail", ["drop", "replicate"])
@pytest.mark.parametrize("decides", [-1, 0, 1, 2])
def test_a_stacked_frame_is_valid_where_one_of_its_frames_was(true, tail, decides):
    stack = ("stack", 3, 3, ("tail", tail), ("valid", decides))
    got = valid(10 * true, (stack,), length=120, valid_frames="floor")
    index = (2 if tail == "drop" else 0) if decides < 0 else decides
    assert got == len(np.arange(13)[index::3][np.arange(13)[index::3] < true])


def test_the_reference_counts_as_the_core_does():
    for n in range(64, 140, 3):
        for rule in ("all", "floor", "ceil", "last", "all_but_last"):
            s = reference.complete({**BASE, "valid_frames": rule})
            want = reference.valid_frames(s, n, reference.num_frames(s, n))
            assert valid(n, valid_frames=rule) == want


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16"])
@pytest.mark.parametrize("finish", [("dynamic_range", 2.0), ("reference", "max")])
def test_the_maximum_covers_all_frames_valid_or_not(finish, dtype):
    """The last sample is loud, and no valid frame contains it: transformers uses every frame."""
    x = np.random.default_rng(0).standard_normal(1600).astype(np.float32) * 1e-3
    x[-1] = 1.0
    spec = sonogram.Spec(n_fft=400, hop_length=160, length=3200, log="log10", valid_frames="ceil",
                         finish=(finish,), dtype=dtype)  # fmt: skip
    got = sonogram.Extractor(spec)(x).astype(np.float64)
    plain = sonogram.Extractor(spec.replace(finish=(), dtype="float64"))(x)
    assert plain.max() > plain[:, :10].max() + 1
    want = plain - plain.max() if finish[0] == "reference" else np.maximum(plain, plain.max() - 2)
    np.testing.assert_allclose(got, want, rtol=0, atol=5e-3 if dtype == "float16" else 1e-4)
