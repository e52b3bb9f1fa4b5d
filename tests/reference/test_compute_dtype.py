# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""`compute_dtype="float64"`: the bits of float64, rounded once, in every way of running a spec."""

from __future__ import annotations

import json

import numpy as np
import pytest
import reference
from support import signals
from support.lanes import but_slow
from support.streams import chunks, joined, time_axis

import sonogram
from sonogram import Extractor, Spec

MEL = {"n_fft": 400, "hop_length": 160, "filterbank": "mel", "n_mels": 40}
WHISPER = {**MEL, "log": "log10", "finish": (("dynamic_range", 3.0), ("affine", 0.25, 1.0))}
SPECS = {
    "power": {"n_fft": 400, "hop_length": 160},
    "magnitude, time first": {"n_fft": 1024, "power": 1.0, "layout": "time_freq"},
    "complex": {"n_fft": 512, "power": None},
    "complex, time first": {"n_fft": 60, "power": None, "layout": "time_freq"},
    "log mel": {**MEL, "log": "ln"},
    "clamped": WHISPER,
    "clamped, time first": {**WHISPER, "layout": "time_freq"},
    "clamped alone": {**MEL, "log": "db", "finish": (("dynamic_range", 30.0),)},
    "padded with silence": {**WHISPER, "length": 60000},
    "range": {**MEL, "log": "db", "finish": (("reference", "max"), ("dynamic_range", 50.0))},
    "range, time first": {
        **MEL,
        "log": "db",
        "finish": (("affine", -1.0, 0.3), ("reference", 7.0)),
        "layout": "time_freq",
    },
    "energy": {**MEL, "log": "ln", "energy": "raw", "remove_dc": True},
    "a chain": {**MEL, "log": "ln", "finish": (("normalize", ("ddof", 1)), ("stack", 2, 2))},
    "a chain, time first": {
        **MEL,
        "log": "ln",
        "finish": (("deltas",), ("dct", 13)),
        "layout": "time_freq",
    },
    "patches": {**MEL, "log": "ln", "finish": (("patches", 8, 8, 4, 4),)},
    "conditioned": {**MEL, "log": "ln", "remove_mean": True, "level": 0.1, "preemphasis": 0.97},
    "waveform": {"output": "waveform", "remove_mean": True, "level": 1.0, "scale": 3.0},
}
every_spec = pytest.mark.parametrize("fields", SPECS.values(), ids=SPECS)


def both(fields):
    """The spec that computes in float64, and the one that follows its input."""
    return Spec(**fields, compute_dtype="float64"), Spec(**fields)


def rounded(features):
    """Float64 features as float32, complex or real."""
    return features.astype(np.complex64 if np.iscomplexobj(features) else np.float32)


def waveform(shape=(30011,)):
    x = np.stack([signals.speech(shape[-1]), signals.quiet(shape[-1]), signals.tone(shape[-1])])
    return x[: shape[0] if len(shape) > 1 else 1].reshape(shape).astype(np.float32)


@every_spec
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("dtype", but_slow(["float32", "int16"], "int16"))
def test_the_result_is_that_of_float64_rounded_once(fields, threads, dtype):
    narrowed, wide = both(fields)
    x = waveform((3, 30011))
    x = x if dtype == "float32" else (x * 32767).astype(dtype)
    as_double = x.astype(np.float64) / (1 if dtype == "float32" else 32768)
    want = rounded(Extractor(wide)(as_double))
    got = Extractor(narrowed)(x, num_threads=threads)
    assert got.dtype == want.dtype
    np.testing.assert_array_equal(got, want)


@pytest.mark.slow
@every_spec
def test_it_matters(fields):
    narrowed, plain = both(fields)
    x = waveform()
    assert (Extractor(narrowed)(x) != Extractor(plain)(x)).any()


def test_it_meets_the_reference_where_float32_cannot():
    fields = {"n_fft": 1024, "hop_length": 256, "window": "blackmanharris", "log": "db"}
    x = signals.tone(20000).astype(np.float32)
    want = reference.extract({**fields, "compute_dtype": "float64"}, x)
    error = {
        how: np.abs(Extractor(Spec(**fields, compute_dtype=how))(x) - want).max()
        for how in ("float64", None)
    }
    # the reference is float64 and of other code: both are then rounded to float32, half an ulp
    # of 100 dB or 4e-6, and differ by 1e-14 of the frame 200 dB above
    assert error["float64"] <= 1e-5
    assert error[None] > 0.1


@every_spec
def test_streams_give_the_bits_of_the_whole(fields):
    spec, _ = both(fields)
    if sonogram.streaming(spec):
        with pytest.raises(ValueError, match="whole"):
            sonogram.Stream(spec)
        return
    rng = np.random.default_rng(5)
    x = waveform()
    got = joined(sonogram.Stream(spec), x, chunks(rng, len(x), 2000))
    assert got.dtype == Extractor(spec)(x).dtype
    np.testing.assert_array_equal(got, Extractor(spec)(x))


@pytest.mark.parametrize("layout", ["freq_time", "time_freq"])
def test_a_stream_with_the_maximum_gives_the_bits_of_the_whole(layout):
    spec = Spec(**WHISPER, layout=layout, compute_dtype="float64")
    x = waveform()
    logs = Extractor(spec.replace(finish=(), dtype="float64"))(x)
    stream = sonogram.Stream(spec, maximum=float(logs.max()))
    got = joined(stream, x, chunks(np.random.default_rng(6), len(x), 3000))
    np.testing.assert_array_equal(got, Extractor(spec)(x))


@pytest.mark.slow
@every_spec
def test_a_file_in_pieces_gives_the_bits_of_the_whole(fields, tmp_path):
    spec, _ = both({**fields, "sample_rate": 16000})
    if time_axis(spec) == -3:
        spec = spec.replace(layout="time_freq")
    path = tmp_path / "x.wav"
    x = waveform((1, 30011))
    sonogram.save(path, x, 16000)
    np.testing.assert_array_equal(sonogram.extract_file(path, spec), Extractor(spec)(x))


def test_out_batch_and_narrower_results():
    spec, wide = both(WHISPER)
    x, extractor = waveform((2, 20000)), Extractor(spec)
    want = extractor(x)
    out = np.empty_like(want)
    assert extractor(x, out=out) is out
    np.testing.assert_array_equal(out, want)
    with pytest.raises(TypeError, match="out has dtype float64; it must be float32"):
        extractor(x, out=out.astype(np.float64))
    batch = sonogram.batch([x[0], x[1, :9000]], spec)
    assert batch.input_features.dtype == np.float32
    np.testing.assert_array_equal(batch.input_features[0], want[0])
    frames = batch.lengths[1]
    np.testing.assert_array_equal(batch.input_features[1][:, :frames], extractor(x[1, :9000]))
    half = Extractor(spec.replace(dtype="float16"))(x)
    np.testing.assert_array_equal(half, want.astype(np.float16))
    double = Extractor(spec)(x.astype(np.float64))
    assert double.dtype == np.float64  # what the result is stays a matter of dtype
    np.testing.assert_array_equal(double, Extractor(wide)(x.astype(np.float64)))
    single = Extractor(spec.replace(dtype="float32"))(x.astype(np.float64))
    np.testing.assert_array_equal(single, want)


@pytest.mark.slow
@every_spec
def test_nan_propagates_as_in_float64(fields):
    narrowed, wide = both(fields)
    x = waveform((2, 30011))
    x[0, 12345] = np.nan
    with np.errstate(invalid="ignore"):
        want = rounded(Extractor(wide)(x.astype(np.float64)))
    np.testing.assert_array_equal(Extractor(narrowed)(x), want)


def test_a_record_without_the_field_means_what_it_meant():
    spec = Spec(**WHISPER)
    old = {k: v for k, v in spec.to_dict().items() if k != "compute_dtype"}
    assert Spec.from_dict(old) == spec
    assert Spec.from_json(json.dumps(old)).fingerprint() == spec.fingerprint()
    # of the version before the field was there
    assert Spec().fingerprint() == "67d6291b301412df4a6ca7808aeafac9"
    wide = spec.replace(compute_dtype=np.float64)
    assert wide.compute_dtype == "float64"
    assert wide.fingerprint() != spec.fingerprint()
    assert Spec.from_json(wide.to_json()) == wide
    assert "compute_dtype='float64'" in repr(wide)


@pytest.mark.parametrize(
    ("value", "error"),
    [("float32", ValueError), ("double", ValueError), (64, TypeError), (True, TypeError)],
)
def test_other_words_are_refused_by_name(value, error):
    with pytest.raises(error, match=r"compute_dtype is .* must be one of 'float64' or None"):
        Spec(compute_dtype=value)


def test_explain_names_the_field():
    a, b = both({**MEL, "log": "ln"})
    assert [d.field for d in sonogram.explain(a, b).differences] == ["compute_dtype"]
