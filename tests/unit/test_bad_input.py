# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Bad input is refused with the right exception, naming argument, value and what is allowed."""

from __future__ import annotations

import re
import warnings

import numpy as np
import pytest
from support import signals
from support.checks import assert_matches

import sonogram

X = signals.noise(2000).astype(np.float32)
FUNCTIONS = [
    sonogram.stft,
    sonogram.spectrogram,
    sonogram.mel_spectrogram,
    sonogram.log_mel_spectrogram,
]


def quietly(function, *arguments, **options):
    """Call with warnings of empty filters off: the default mel has some, as torchaudio's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return function(*arguments, **options)


def assert_names(error, *words):
    message = str(error.value)
    for word in words:
        assert re.search(word, message), f"{word!r} is not in {message!r}"


# ---------------------------------------------------------------- the waveform


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    "dtype",
    [
        "complex64",
        "complex128",
        "bool",
        "int8",
        "uint8",
        "uint16",
        "int64",
        "uint32",
        "uint64",
        "float16",
        "longdouble",
        "object",
        "U4",
        "S4",
        "M8[s]",
        "m8[s]",
        "V4",
    ],
)
def test_other_dtypes_are_a_type_error_that_names_the_four(function, dtype):
    if dtype == "longdouble" and np.dtype(dtype) == np.float64:
        dtype = "float16"  # where long double is double, there is no such dtype to refuse
    x = np.zeros(2000, dtype)
    with pytest.raises(TypeError) as error:
        quietly(function, x)
    assert_names(error, "waveform", "float32", "float64", "int16", "int32")
    if dtype not in ("U4", "S4", "V4"):
        assert_names(error, re.escape(x.dtype.name))


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    "waveform",
    [None, "audio.wav", b"bytes", {"array": [0.0]}, {1.0, 2.0}, object(), True, len, 1 + 2j],
    ids=lambda v: type(v).__name__,
)
def test_an_argument_that_is_not_a_waveform_is_a_type_error(function, waveform):
    with pytest.raises(TypeError) as error:
        quietly(function, waveform)
    assert_names(error, "waveform")


@pytest.mark.parametrize(
    "waveform",
    [["a", "b"], [None, None], [1.0, None], [1 + 2j, 3.0], [True, False], [[0.0, 1.0], [2.0]]],
    ids=str,
)
def test_lists_of_other_things_are_a_type_error_or_ragged_a_value_error(waveform):
    with pytest.raises((TypeError, ValueError)) as error:
        sonogram.stft(waveform, 1, hop_length=1)
    assert_names(error, "waveform")
    ragged = waveform[0] == [0.0, 1.0]
    assert isinstance(error.value, (TypeError, ValueError) if ragged else TypeError)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("scalar", [np.float32(1), np.array(0.5), 1.0, 3], ids=repr)
def test_zero_dimensions_are_an_error(function, scalar):
    with pytest.raises((TypeError, ValueError)) as error:
        quietly(function, scalar)
    assert_names(error, "waveform")
    if isinstance(scalar, np.ndarray):
        assert isinstance(error.value, ValueError)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("empty", [np.zeros(0, np.float32), np.zeros((2, 0)), []], ids=repr)
@pytest.mark.parametrize("pad_mode", ["reflect", "constant"])
def test_no_samples_are_a_value_error(function, empty, pad_mode):
    with pytest.raises(ValueError) as error:
        quietly(function, empty, pad_mode=pad_mode)
    assert_names(error, "waveform", "empty|0 samples")


@pytest.mark.parametrize("n", [1, 199, 200])
def test_too_few_samples_to_reflect_are_a_value_error(n):
    with pytest.raises(ValueError) as error:
        sonogram.stft(X[:n], 400)
    assert_names(error, "waveform", "reflect", rf"\b{n}\b", r"\b200\b")
    sonogram.stft(X[:201], 400)


@pytest.mark.parametrize("n", [1, 201])
def test_too_few_samples_to_go_round_are_a_value_error(n):
    with pytest.raises(ValueError) as error:
        sonogram.stft(X[:n], 800, pad_mode="circular")
    assert_names(error, "waveform", "circular", rf"\b{n}\b", r"\b400\b")


@pytest.mark.parametrize("n", [1, 300, 399])
def test_too_few_samples_for_one_frame_are_a_value_error(n):
    with pytest.raises(ValueError) as error:
        sonogram.stft(X[:n], 400, win_length=300, center=False)
    assert_names(error, "waveform", rf"\b{n}\b", r"\b400\b")
    with pytest.raises(ValueError):
        sonogram.Extractor(sonogram.Spec(center=False)).num_frames(n)


@pytest.mark.parametrize("n", [-1, -(2**40), 2**80])
def test_num_frames_of_an_impossible_length_is_a_value_error(n):
    with pytest.raises(ValueError, match=f"num_samples is {n}"):
        sonogram.Extractor(sonogram.Spec()).num_frames(n)


@pytest.mark.parametrize("n", [None, "400", 1.5, True, [3]])
def test_num_frames_takes_an_integer(n):
    with pytest.raises(TypeError):
        sonogram.Extractor(sonogram.Spec()).num_frames(n)


# ---------------------------------------------------------------- values of fields

BAD_VALUES = [
    ("n_fft", 0, "1"),
    ("n_fft", -1, "1"),
    ("n_fft", 2**62, "from 1"),
    ("n_fft", 2**80, "from 1|63 bits"),
    ("hop_length", 0, "1"),
    ("hop_length", -160, "1"),
    ("hop_length", 2**80, "1"),
    ("win_length", 0, "1"),
    ("win_length", 401, "400"),
    ("win_length", -3, "1"),
    ("sample_rate", 0, "> 0"),
    ("sample_rate", -16000, "> 0"),
    ("sample_rate", float("nan"), "> 0|finite"),
    ("sample_rate", float("inf"), "finite"),
    ("scale", float("nan"), "finite"),
    ("clip", 0.0, "> 0"),
    ("clip", -1.0, "> 0"),
    ("clip", float("nan"), "finite"),
    ("quantize", "int8", "int16"),
    ("preemphasis", float("inf"), "finite"),
    ("preemphasis_kind", "drop", "keep.*replicate"),
    ("length", 0, "1"),
    ("length", -5, "1"),
    ("pad", (-1, 0), "0"),
    ("frame_pad", (0, -2), "0"),
    ("pad_mode", "mirror", "reflect.*replicate"),
    ("pad_mode", ("reflect", "mirror"), "reflect.*replicate"),
    ("window", "hanning", "hann.*hamming"),
    ("window", (), "window|win_length"),
    ("window", (1.0,) * 399, "400"),
    ("window", (1.0,) * 399 + (float("nan"),), "finite"),
    ("window", ("kaiser",), "parameter"),
    ("window", ("hann", 3.0), "parameter"),
    ("window", ("gaussian", 0.0), "> 0"),
    ("window_align", "right", "center.*left|left.*center"),
    ("power", 0.0, "> 0"),
    ("power", -2.0, "> 0"),
    ("power", float("nan"), "> 0|finite"),
    ("power_eps", -1e-9, ">= 0"),
    ("power_floor", -1e-9, ">= 0"),
    ("normalized", "energy", "window.*frame_length"),
    ("filterbank", "melt", "mel.*linear|linear.*mel"),
    ("filterbank", ((1.0, 2.0), (3.0, 4.0)), "201"),
    ("filterbank", (), "row|n_freqs"),
    ("log", "log2", "ln.*log10.*db.*log1p"),
    ("floor", -1.0, ">= 0"),
    ("floor", float("nan"), "finite"),
    ("eps", -1.0, ">= 0"),
    ("gain", float("inf"), "finite"),
    ("layout", "time", "freq_time.*time_freq"),
    ("dtype", "int16", "float32.*float64"),
    ("finish", (("dynamic_range", -8.0),), "> 0"),
    ("finish", (("affine", 0.25),), "affine"),
    ("finish", (("reference", "median"),), "max"),
]
BAD_MEL_VALUES = [
    ("n_mels", 0, "1"),
    ("n_mels", -80, "1"),
    ("n_mels", 2**62, "from 1"),
    ("f_min", -1.0, ">= 0"),
    ("f_min", 8000.0, "f_max"),
    ("f_min", 9000.0, "f_max"),
    ("f_min", float("nan"), "finite"),
    ("f_max", 8000.1, "Nyquist.*8000"),
    ("f_max", -1.0, "Nyquist|above 0|> 0"),
    ("f_max", float("nan"), "Nyquist|finite"),
    ("mel_scale", "bark", "htk.*slaney.*kaldi"),
    ("norm", "area", "slaney"),
    ("triangle", "round", "hz.*mel"),
    ("filterbank_sample_rate", 0, "> 0"),
    ("power", None, "complex"),
]


def shown(value):
    """Return how a message may spell a value."""
    if isinstance(value, tuple):
        value = next((v for v in value if isinstance(v, str) or v != v or v <= 0), "")
    return re.escape(f"{value:.15g}" if isinstance(value, float) else str(value))


@pytest.mark.parametrize(
    ("field", "value", "allowed", "base"),
    [(*case, {}) for case in BAD_VALUES]
    + [(*case, {"filterbank": "mel", "n_mels": 20}) for case in BAD_MEL_VALUES],
    ids=lambda v: str(v)[:20],
)
def test_a_bad_value_of_any_field_is_named_with_what_is_allowed(field, value, allowed, base):
    with pytest.raises(ValueError) as error:
        sonogram.Extractor(sonogram.Spec(**{**base, field: value}))
    assert_names(error, field, allowed)
    if not (isinstance(value, tuple) and field in ("window", "filterbank", "finish")):
        assert_names(error, shown(value))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (field, value)
        for field in ("n_fft", "win_length", "hop_length", "n_mels", "length")
        for value in (400.0, "400", True, [400], 4 + 0j, object())
    ]
    + [("n_fft", None), ("n_mels", None)]
    + [
        (field, value)
        for field in ("power", "f_min", "f_max", "floor", "eps", "gain", "scale", "sample_rate")
        for value in ("2", True, [2.0], 2j)
    ]
    + [
        (field, value)
        for field in ("center", "drop_last", "remove_mean", "remove_dc", "periodic", "snip_edges")
        for value in ("yes", 1, 0.0, [])
    ]
    + [("center", None), ("drop_last", None), ("periodic", None)]
    + [
        (field, value)
        for field in ("pad_mode", "mel_scale", "norm", "log", "layout", "quantize", "triangle")
        for value in (5, b"reflect", True, 1.0)
    ]
    + [("pad_mode", None), ("mel_scale", None), ("layout", None), ("window", None)]
    + [("window", 5), ("window", {"hann": 1}), ("pad", 3.5), ("pad", "both"), ("pad", None)]
    + [("finish", "max"), ("finish", 5), ("finish", None), ("filterbank", 5), ("dtype", 32)],
    ids=lambda v: str(v)[:20],
)
def test_a_bad_type_of_any_field_is_a_type_error_that_names_it(field, value):
    with pytest.raises(TypeError) as error:
        sonogram.Extractor(sonogram.Spec(**{"filterbank": "mel", "n_mels": 20, field: value}))
    assert_names(error, field)


@pytest.mark.parametrize(
    ("field", "value"),
    [("pad", (1, 2, 3)), ("frame_pad", (1,)), ("frame_pad", ()), ("pad_mode", ("reflect",))],
    ids=str,
)
def test_anything_but_a_pair_is_an_error_that_asks_for_one(field, value):
    with pytest.raises((TypeError, ValueError), match=rf"{field}.*pair"):
        sonogram.Spec(**{field: value})


@pytest.mark.parametrize("function", FUNCTIONS)
def test_functions_refuse_bad_values_as_the_record_does(function):
    for field, value in (
        ("n_fft", 0),
        ("hop_length", 0),
        ("win_length", 500),
        ("window", "hanning"),
        ("window", np.ones(399)),
        ("window", lambda n: np.ones(n + 1)),
        ("pad_mode", "mirror"),
        ("normalized", "energy"),
        ("layout", "time"),
    ):
        with pytest.raises(ValueError) as error:
            quietly(function, X, **{field: value})
        assert_names(error, field)
    with pytest.raises(TypeError, match="n_ftt"):
        function(X, n_ftt=512)


@pytest.mark.parametrize(
    "window",
    [np.ones(400, complex), np.ones(400, bool), ["a"] * 400, np.full(400, None)],
    ids=["complex", "bool", "strings", "object"],
)
def test_a_window_of_no_numbers_is_a_type_error(window):
    with pytest.raises(TypeError, match="window"):
        sonogram.stft(X, window=window)


@pytest.mark.parametrize(
    "window", [np.ones((20, 20)), lambda n: np.ones((1, n)), lambda n: "hann", lambda n: 1.0]
)
def test_a_window_of_another_shape_is_a_value_error(window):
    with pytest.raises(ValueError, match="window") as error:
        sonogram.stft(X, window=window)
    assert_names(error, "400")
    assert len(str(error.value)) < 300


def test_dtype_takes_the_names_of_its_precisions():
    assert sonogram.spectrogram(X, dtype="float64").dtype == np.float64
    assert sonogram.spectrogram(X.astype(float), dtype="float32").dtype == np.float32
    for dtype in ("float8", "int16", "complex64", np.int32, "double precision", 64):
        with pytest.raises((TypeError, ValueError), match=r"dtype.*float32.*float64"):
            sonogram.spectrogram(X, dtype=dtype)


def test_a_complex_spectrum_has_no_filterbank_log_or_finish():
    for fields in (
        {"log": "ln"},
        {"filterbank": "mel", "n_mels": 20},
        {"finish": (("affine", 1.0, 2.0),)},
    ):
        with pytest.raises(ValueError) as error:
            sonogram.Extractor(sonogram.Spec(power=None, **fields))
        assert_names(error, "power", "None", "complex")
    with pytest.raises(ValueError, match="power"):
        sonogram.log_mel_spectrogram(X, n_mels=20, power=None)


@pytest.mark.parametrize("threads", [0, -1, 2**40, 2**80])
def test_a_bad_number_of_threads_is_a_value_error(threads):
    with pytest.raises(ValueError, match=rf"\bn is {threads};.*\b1\b"):
        sonogram.set_num_threads(threads)
    with pytest.raises(ValueError, match=rf"num_threads is {threads};.*\b1\b"):
        sonogram.stft(X, num_threads=threads)


@pytest.mark.parametrize("threads", ["2", 1.0, True, [1]])
def test_a_number_of_threads_is_an_integer(threads):
    with pytest.raises(TypeError, match=r"\bn is .*integer"):
        sonogram.set_num_threads(threads)
    with pytest.raises(TypeError, match=r"num_threads is .*integer"):
        sonogram.stft(X, num_threads=threads)


def test_a_result_too_large_for_memory_is_an_error_not_a_crash():
    frames = np.lib.stride_tricks.as_strided(X, (1 << 40,), (0,))
    with pytest.raises((MemoryError, ValueError)):
        sonogram.stft(frames, 4096, hop_length=1)


def test_a_failed_call_leaves_the_extractor_usable():
    extractor = sonogram.Extractor(sonogram.Spec())
    want = extractor(X)
    for wrong in (X[:5], X.astype(complex), np.float32(1)):
        with pytest.raises((TypeError, ValueError)):
            extractor(wrong)
    assert np.array_equal(extractor(X), want)


def test_window_and_bank_functions_check_their_arguments():
    for n in (0, -1, 2**62):
        with pytest.raises(ValueError):
            sonogram.window("hann", n)
    for n in (1.5, "8", None, True):
        with pytest.raises(TypeError):
            sonogram.window("hann", n)
    with pytest.raises(ValueError, match="f_max"):
        sonogram.mel_filterbank(n_mels=20, f_max=9000.0)
    with pytest.raises(ValueError, match="n_mels"):
        sonogram.mel_filterbank(n_mels=0)
    with pytest.raises(TypeError, match="n_mels"):
        sonogram.mel_filterbank(n_mels="20")


def test_empty_strings_are_not_none():
    for field in ("norm", "log", "quantize", "dtype", "filterbank"):
        with pytest.raises(ValueError, match=field):
            sonogram.Extractor(sonogram.Spec(**{field: ""}))


def test_good_neighbours_of_bad_values_are_accepted():
    for fields in (
        {"n_fft": 1, "hop_length": 1},
        {"win_length": 400, "hop_length": 10**9},
        {"filterbank": "mel", "n_mels": 1, "f_max": 8000.0},
        {"filterbank": "mel", "n_mels": 5, "f_min": 0.0, "f_max": 7999.9},
        {"floor": 0.0, "eps": 0.0, "log": "ln", "gain": 0.5},
        {"sample_rate": 22050.5, "power": 1},
    ):
        assert_matches(fields, X)
