# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What a waveform may be: dtypes, strides, leading dimensions, lists."""

from __future__ import annotations

import numpy as np
import pytest
from support import signals
from support.checks import assert_matches, run

import sonogram

STFT = {"n_fft": 64, "hop_length": 20, "power": None}
MEL = {"n_fft": 256, "hop_length": 80, "filterbank": "mel", "n_mels": 20, "log": "ln"}


@pytest.mark.parametrize("spec", [STFT, MEL], ids=["stft", "mel"])
@pytest.mark.parametrize("dtype", ["int16", "int32"])
@pytest.mark.parametrize("out", [None, "float32", "float64"])
def test_integers_are_scaled_to_plus_minus_one(dtype, out, spec):
    full = 2.0 ** (8 * np.dtype(dtype).itemsize - 1)
    x = np.round(signals.speech(2000) * full).astype(dtype)
    x[:2] = np.iinfo(dtype).min, np.iinfo(dtype).max
    assert_matches({**spec, "dtype": out}, x)
    scaled = (x / full).astype(out or "float32")
    assert np.array_equal(run({**spec, "dtype": out}, x), run({**spec, "dtype": out}, scaled))


def strided_views():
    """One signal in many memory layouts, each `[2, 600]`."""
    rng = np.random.default_rng(0)
    interleaved = rng.uniform(-1, 1, (600, 2))
    wide = rng.uniform(-1, 1, (2, 600, 3))
    backwards = rng.uniform(-1, 1, (2, 600))
    yield "interleaved", interleaved.T
    yield "every third", wide[:, :, 1]
    yield "time reversed", backwards[:, ::-1]
    yield "items reversed", backwards[::-1]
    yield "both reversed and spaced", np.repeat(backwards, 2, axis=1)[::-1, ::-2]
    yield "one item repeated", np.broadcast_to(backwards[0], (2, 600))
    yield "one sample repeated", np.broadcast_to(backwards[:, :1], (2, 600))
    yield "fortran", np.asfortranarray(backwards)
    yield "cut from a larger one", rng.uniform(-1, 1, (5, 900))[1:3, 123:723]


@pytest.mark.parametrize("dtype", ["float32", "float64", "int16", "int32"])
@pytest.mark.parametrize(
    ("name", "view"), list(strided_views()), ids=lambda v: v if isinstance(v, str) else ""
)
@pytest.mark.parametrize("spec", [STFT, MEL], ids=["stft", "mel"])
def test_strides_do_not_change_the_result(spec, name, view, dtype):
    typed = view.astype(dtype) if dtype.startswith("f") else (view * 32767).astype(dtype)
    # astype makes its own layout: lay the bytes out as the view's again
    strides = tuple(s // view.itemsize * typed.itemsize for s in view.strides)
    base = np.zeros(20000, dtype)
    start = base[10000 - 1 :][:1]
    same = np.lib.stride_tricks.as_strided(start, view.shape, strides)
    if 0 in view.strides:
        same = np.broadcast_to(typed[:1] if view.strides[0] == 0 else typed[:, :1], view.shape)
    else:
        same[...] = typed
    assert same.strides == strides or 0 in view.strides
    assert np.array_equal(run(spec, same), run(spec, np.ascontiguousarray(typed)))


def test_unaligned_samples_are_read_correctly():
    x = signals.speech(900).astype(np.float32)
    raw = np.zeros(x.nbytes + 1, np.uint8)
    raw[1:] = x.view(np.uint8)
    unaligned = raw[1:].view(np.float32)
    assert not unaligned.flags.aligned
    assert np.array_equal(run(STFT, unaligned), run(STFT, x))


def test_a_field_of_a_record_array_is_a_waveform():
    records = np.zeros(700, [("flag", "u1"), ("sample", "<f4"), ("other", "<f8")])
    records["sample"] = signals.noise(700)
    assert np.array_equal(
        run(STFT, records["sample"]), run(STFT, np.ascontiguousarray(records["sample"]))
    )


@pytest.mark.parametrize("dtype", [">f4", ">f8", ">i2", ">i4"])
def test_foreign_byte_order_is_refused_as_such(dtype):
    x = (signals.speech(900) * (20000 if "i" in dtype else 1)).astype(dtype)
    with pytest.raises(TypeError, match=r"waveform.*byte order"):
        run(STFT, x)
    run(STFT, x.astype(x.dtype.newbyteorder("=")))


def test_read_only_samples_are_fine():
    x = signals.speech(900).astype(np.float32)
    want = run(STFT, x)
    x.flags.writeable = False
    assert np.array_equal(run(STFT, x), want)


def test_a_list_of_numbers_is_float32():
    x = signals.speech(900)
    got = sonogram.stft(x.tolist(), 64)
    assert got.dtype == np.complex64
    assert np.array_equal(got, sonogram.stft(x.astype(np.float32), 64))
    pair = sonogram.stft([x.tolist(), x.tolist()], 64)
    assert pair.shape == (2, *got.shape)


@pytest.mark.parametrize("layout", ["freq_time", "time_freq"])
@pytest.mark.parametrize("lead", [(), (1,), (3,), (2, 1, 3), (1, 1, 1, 1, 2)])
def test_leading_dimensions_are_kept(lead, layout):
    x = signals.noise(int(np.prod(lead)) * 300).astype(np.float32).reshape(*lead, 300)
    spec = {**MEL, "layout": layout}
    got = run(spec, x)
    frames = 1 + 300 // 80
    assert got.shape == (*lead, *((20, frames) if layout == "freq_time" else (frames, 20)))
    for at in np.ndindex(*lead):
        assert np.array_equal(got[at], run(spec, x[at]))
    assert_matches(spec, x)


@pytest.mark.parametrize("lead", [(0,), (0, 3), (3, 0), (2, 0, 4)])
def test_no_items_give_an_empty_result_of_the_right_shape(lead):
    got = run(STFT, np.zeros((*lead, 300), np.float32))
    assert got.shape == (*lead, 33, 16)
    assert got.dtype == np.complex64
    assert run({**MEL, "layout": "time_freq"}, np.zeros((*lead, 300))).shape == (*lead, 4, 20)


def test_many_items_of_few_samples_match_reference():
    x = signals.noise(200 * 33).astype(np.float32).reshape(200, 33)
    assert_matches({"n_fft": 32, "hop_length": 8, "power": None}, x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_denormals_are_ordinary_numbers(dtype):
    tiny = np.finfo(dtype).tiny
    x = (signals.noise(900) * tiny * 0.5).astype(dtype)
    assert (np.abs(x)[np.abs(x) > 0] < tiny).any()
    got = run(STFT, x)
    want = run(STFT, (x.astype("float64") * 2.0**60).astype("float64")) / 2.0**60
    # The result may be flushed, or denormal: never larger than a few smallest normal numbers off.
    assert np.abs(got - want).max() <= 4 * tiny
    assert np.isfinite(run(MEL, x)).all()


def test_the_callers_floating_point_state_is_left_alone():
    tiny = np.float32(1e-40)
    for threads in (1, 2):
        run(MEL, signals.noise(90000).astype(np.float32) * tiny, num_threads=threads)
        assert np.add(tiny, tiny) > tiny
        assert np.multiply(np.float32(1e-30), np.float32(1e-10)) > 0


@pytest.mark.parametrize("scale", [1e-39, 1e-38, 1e-37])
@pytest.mark.parametrize("n_fft", [64, 400, 1009])
def test_denormals_cost_nothing(n_fft, scale):
    """No denormal number comes out, read or made: the processor takes them for zeros.

    Where it does not, each costs a trap to microcode, 100 cycles and more.
    """
    fading = signals.noise(20000).astype(np.float32) * np.float32(scale)
    parts = run({"n_fft": n_fft, "power": None}, fading, num_threads=1).view(np.float32)
    assert (np.abs(parts[parts != 0]) >= np.finfo(np.float32).tiny).all()
    assert parts.any() == (scale > 1e-38)


def test_large_samples_do_not_overflow_before_they_must():
    x = (signals.tone(900) * 1e15).astype(np.float32)
    assert np.isfinite(run({"n_fft": 64}, x)).all()


def test_a_zero_length_item_with_a_given_length_is_silence():
    got = run({**MEL, "length": 400}, np.zeros(0, np.float32))
    assert got.shape == (20, 6)
    assert np.array_equal(got, run(MEL, np.zeros(400, np.float32)))
