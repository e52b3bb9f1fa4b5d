# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A stream gives the bits of the whole, for any chunking."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from support import streams

import sonogram
from sonogram import Extractor, Spec, Stream

BASE: dict[str, Any] = {"filterbank": "mel", "n_mels": 40, "log": "ln", "hop_length": 160}
LENGTHS = (0, 1, 150, 201, 400, 777, 1601, 3333, 7000, 12345)

FRAMINGS: dict[str, dict[str, Any]] = {
    **{f"center {m}": {"pad_mode": m} for m in ("reflect", "constant", "replicate", "symmetric")},
    "two pad modes": {"pad_mode": ("reflect", "constant")},
    "no center": {"center": False},
    "snip": {"snip_edges": True},
    "mirror": {"snip_edges": False},
    "kaldi": {
        "snip_edges": True,
        "win_length": 300,
        "n_fft": 512,
        "window_align": "left",
        "remove_dc": True,
        "frame_preemphasis": 0.97,
    },
    "frame_pad": {"frame_pad": (120, 37), "pad_mode": "symmetric"},
    "long frame_pad": {"frame_pad": (0, 1200)},
    "round_up": {"round_up": True, "pad": (3, 9)},
    "round_up no center": {"round_up": True, "center": False},
    "frame_multiple": {"frame_multiple": 4},
    "drop_last": {"drop_last": True},
    "frame_span": {"frame_offset": 77, "frame_span": 513, "snip_edges": True},
    "long frame_span": {"frame_span": 900, "center": False},
    "far hops": {"hop_length": 1000, "pad_mode": "constant"},
    "farther hops": {"hop_length": 2000, "pad_mode": "reflect"},
    "far hops, dropped": {"hop_length": 1700, "drop_last": True, "center": False},
    "late": {"frame_offset": 3000},
    "late, no center": {"frame_offset": 3000, "center": False},
    "late mirror": {"frame_offset": 3000, "snip_edges": False},
    "late snip": {"frame_offset": 3000, "snip_edges": True, "round_up": True},
    "late, padded": {"frame_offset": 900, "frame_pad": (1100, 700), "pad_mode": "symmetric"},
    "late, rounded up": {"frame_offset": 3000, "round_up": True, "frame_multiple": 3},
}
CONDITIONS: dict[str, dict[str, Any]] = {
    "preemphasis": {"preemphasis": 0.97},
    "replicated preemphasis": {"preemphasis": 0.97, "preemphasis_kind": "replicate", "scale": 3.0},
    "dither": {"dither": 0.01, "seed": 7, "preemphasis": 0.9},
    "clip, quantize": {"clip": 0.2, "quantize": "int16", "scale": 1.1},
    "min_length": {"min_length": 3000, "length_step": 128},
    "length": {"length": 4000},
    "max_length": {"max_length": 2500},
    **{
        f"{kind} {mode}": {kind: 3500, "length_mode": mode}
        for kind in ("length", "min_length")
        for mode in ("repeat", "repeat_zeros", "zeros_both")
    },
}
FINISHES: dict[str, dict[str, Any]] = {
    "affine": {"finish": (("affine", 0.25, 1),)},
    "two affines": {"finish": (("affine", 0.25, 1), ("affine", -3, 1))},
    "bytes": {"finish": (("affine", 10, 100),), "dtype": "uint8"},
    "half": {"dtype": "float16", "layout": "time_freq"},
    "energy": {"energy": "raw"},
    "mfcc": {"energy": "raw", "finish": (("dct", 13), ("lifter", 22), ("energy", "replace"))},
    **{
        f"deltas {m}": {"finish": (("deltas", 2, 5, m), ("stack", 3, 2, 1))}
        for m in ("replicate", "kaldi", "interp")
    },
    **{
        f"stack {t}": {"finish": (("stack", 7, 6, 3, t),), "layout": "time_freq"}
        for t in ("drop", "replicate", "zero")
    },
    **{f"frames {m}": {"finish": (("frames", 30, -1, m),)} for m in ("fixed", "pad", "cut")},
    "pad": {"finish": (("pad", 2, 4, -2), ("multiple", 5))},
    "sliding_cmn": {"finish": (("sliding_cmn", 20, 7),)},
    "centred sliding_cmn": {"finish": (("sliding_cmn", 20, 7, True, True),)},
    "pcen": {"log": None, "finish": (("pcen", ("start", "first")),)},
    "by frame": {"finish": (("frame_norm",), ("normalize", "freq"), ("rotate", 3))},
    "argmax": {"finish": (("clip", -9, 1), ("argmax",))},
    **{
        f"mask {v}": {"valid_frames": v, "finish": (("mask", -7), ("stack", 2, 2), ("mask", 3))}
        for v in ("all", "floor", "ceil", "last")
    },
    "patches": {"layout": "time_freq", "finish": (("patches", 4, 10, 3, 7),)},
    "patches along rows": {"finish": (("patches", 40, 8, 1, 4),)},
}
SPECS = {
    **{k: Spec(**{**BASE, **v}) for k, v in {**FRAMINGS, **CONDITIONS, **FINISHES}.items()},
    "complex": Spec(power=None, hop_length=100),
    "complex by time": Spec(power=None, hop_length=100, layout="time_freq"),
    "waveform": Spec(output="waveform", preemphasis=0.9, pad=(5, 6), min_length=3000),
}


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("dtype", streams.DTYPES)
def test_stream_equals_the_whole_for_any_chunking(name: str, dtype: str) -> None:
    spec = SPECS[name]
    rng = np.random.default_rng([len(name), *name.encode(), len(dtype)])
    extract, stream = Extractor(spec), Stream(spec)
    for samples in rng.permutation(LENGTHS)[:4]:
        x = streams.signal(rng, int(samples), dtype)
        sizes = streams.chunks(rng, int(samples), int(rng.choice([1, 37, 160, 801, 1600])))
        want = streams.outcome(lambda x=x: extract(x))
        got = streams.outcome(
            lambda x=x, sizes=sizes: streams.joined(stream, x, sizes, flush=bool(rng.integers(2)))
        )
        streams.assert_same(got, want)
        stream.reset()


def test_every_preset_that_streams_equals_the_whole() -> None:
    rng = np.random.default_rng(5)
    streamed = 0
    for preset in sonogram.presets().values():
        spec = preset.spec
        if sonogram.streaming(spec):
            continue
        streamed += 1
        x = streams.signal(rng, 20011, "float32")
        want = streams.outcome(lambda spec=spec, x=x: Extractor(spec)(x))
        sizes = streams.chunks(rng, 20011, 1600)
        got = streams.outcome(
            lambda spec=spec, x=x, sizes=sizes: streams.joined(Stream(spec), x, sizes)
        )
        streams.assert_same(got, want)
    assert streamed > 10


def test_channels_are_streamed_side_by_side() -> None:
    rng = np.random.default_rng(6)
    spec = Spec(**BASE, finish=(("deltas",),))
    x = streams.signal(rng, 5000, "float32", (2, 3))
    got = streams.joined(Stream(spec), x[..., ::1], streams.chunks(rng, 5000, 700))
    streams.assert_same(got, Extractor(spec)(x))
    turned = np.asfortranarray(x)
    got = streams.joined(Stream(spec), turned, streams.chunks(rng, 5000, 700))
    streams.assert_same(got, Extractor(spec)(x))


def test_the_first_push_fixes_channels_and_dtype_until_reset() -> None:
    stream = Stream(Spec(**BASE))
    stream.push(np.zeros((2, 100), np.int16))
    with pytest.raises(ValueError, match=r"chunk has shape \(100,\).*\[2, samples\]"):
        stream.push(np.zeros(100, np.int16))
    with pytest.raises(TypeError, match="chunk has dtype float32; it must be int16"):
        stream.push(np.zeros((2, 100), np.float32))
    assert stream.push(np.zeros((2, 300), np.int16), last=True).shape == (2, 40, 3)
    with pytest.raises(ValueError, match="has ended; reset it"):
        stream.push(np.zeros((2, 100), np.int16))
    stream.reset()
    assert stream.num_frames == 0
    assert stream.push(np.zeros(400, np.float64), last=True).dtype == np.float64


def test_a_signal_that_is_too_short_is_refused_at_its_end_as_the_extractor_does() -> None:
    spec = Spec(**BASE)
    stream = Stream(spec)
    stream.push(np.zeros(100, np.float32))
    with pytest.raises(ValueError, match="longer than the padding") as streamed:
        stream.flush()
    with pytest.raises(ValueError) as whole:
        Extractor(spec)(np.zeros(100, np.float32))
    assert str(streamed.value) == str(whole.value)
    with pytest.raises(ValueError, match="has ended"):
        stream.push(np.zeros(1, np.float32))


def measured(spec: Spec, frames: int, samples: int | None) -> None:
    """With one sample fewer there are fewer frames, whatever the chunks; with so many they are."""
    stream = Stream(spec)
    if samples is None:
        stream.push(np.zeros(40 * (spec.n_fft + 1000), np.float32))
        assert stream.num_frames < frames
        return
    if samples > 0:
        stream.push(np.zeros(samples - 1, np.float32))
        assert stream.num_frames < frames
    stream.push(np.zeros(min(samples, 1), np.float32))
    assert stream.num_frames >= frames
    assert stream.samples_for(frames) == samples  # whatever has been pushed


@pytest.mark.parametrize("name", SPECS)
def test_samples_for_a_frame_are_those_after_which_it_is_out(name: str) -> None:
    stream = Stream(SPECS[name])
    for frames in (1, 2, 3, 7, 30, 31):
        measured(SPECS[name], frames, stream.samples_for(frames))
    assert stream.samples_for(0) == 0
    first, per_frame = stream.latency
    assert first == stream.samples_for(1)
    late = (stream.samples_for(n) for n in (1000, 1001))
    a, b = late
    if a is not None and b is not None and "patches" not in name:
        assert b - a == per_frame


@pytest.mark.filterwarnings("ignore:n_mels=")
def test_samples_for_a_frame_of_every_preset_are_those_after_which_it_is_out() -> None:
    for name, preset in sonogram.presets().items():
        if sonogram.streaming(preset.spec):
            continue
        stream = Stream(preset.spec)
        for frames in (1, 2, 3, 9):
            samples = stream.samples_for(frames)
            assert samples is not None, name
            measured(preset.spec, frames, samples)
        assert stream.latency.first == stream.samples_for(1)


def test_samples_for_a_frame_are_pinned() -> None:
    centred = Stream(Spec(**BASE))
    # frame 0 is reflected about its middle: x[200] lies at -200; frame k reads up to k hops + 200
    assert [centred.samples_for(n) for n in (1, 2, 3)] == [201, 360, 520]
    assert centred.latency == (201, 160)
    assert Stream(Spec(**BASE, finish=(("stack", 7, 6, 3),))).latency.per_frame == 960
    # repeats follow what has come: nothing waits for the 10 s that a short signal is repeated to
    clap = Stream(sonogram.preset("clap-htsat-unfused"))
    assert [clap.samples_for(n) for n in (1, 2, 900)] == [513, 992, 512 + 899 * 480]
    assert Stream(Spec(hop_length=2**47, center=False)).samples_for(2) == 2**47 + 400
    few = Stream(Spec(**BASE, finish=(("frames", 30),)))
    assert (few.samples_for(30), few.samples_for(31)) == (200 + 29 * 160, None)


@pytest.mark.parametrize("frames", [-1, 2**70, 1.5, True, None])
def test_samples_for_what_is_no_number_of_frames_is_refused(frames: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=r"frames is .*; it must be"):
        Stream(Spec(**BASE)).samples_for(frames)


@pytest.mark.parametrize("value", [4.5, "running"])
def test_a_maximum_stands_in_for_that_of_the_whole(value: Any) -> None:
    spec = sonogram.preset("whisper-80").replace(length=None, max_length=None)
    x = streams.signal(np.random.default_rng(8), 16000, "float32")
    with pytest.raises(ValueError, match=r"'dynamic_range' needs the whole.*: maximum, known or"):
        Stream(spec)
    raw = Extractor(spec.replace(finish=()))(x).astype(np.float64)
    most = np.full(raw.shape[1], value) if value == 4.5 else np.maximum.accumulate(raw.max(axis=0))
    got = streams.joined(Stream(spec, maximum=value), x, [777] * 20 + [460])
    np.testing.assert_allclose(got, (np.maximum(raw, most - 8) + 4) / 4, atol=1e-6)


def test_the_true_maximum_given_gives_the_bits_of_the_whole() -> None:
    spec = Spec(**BASE, finish=(("dynamic_range", 8), ("affine", 0.25, 1)))
    x = streams.signal(np.random.default_rng(9), 16000, "float32")
    most = float(Extractor(spec.replace(finish=()))(x).max())
    got = streams.joined(Stream(spec, maximum=most), x, [1000] * 16)
    streams.assert_same(got, Extractor(spec)(x))


def test_running_statistics_are_those_of_the_frames_so_far_or_of_the_window() -> None:
    spec = Spec(**BASE, finish=(("normalize", ("eps", 1e-5)),))
    x = streams.signal(np.random.default_rng(10), 16000, "float64")
    raw = Extractor(spec.replace(finish=()))(x)
    for window in (None, 13):
        stream = Stream(spec, mean="running", std="running", window=window)
        got = streams.joined(stream, x, [333] * 48 + [16])
        for t in (1, 5, 40, 100):
            seen = raw[:, 0 if window is None else max(0, t - window + 1) : t + 1]
            want = (raw[:, t] - seen.mean(axis=1)) / (seen.std(axis=1) + 1e-5)
            np.testing.assert_allclose(got[:, t], want, rtol=1e-9, atol=1e-9)


def test_known_statistics_normalise_as_a_statistics_stage() -> None:
    spec = Spec(**BASE, finish=(("normalize",),))
    x = streams.signal(np.random.default_rng(11), 8000, "float32")
    mean, std = np.linspace(-9, -5, 40), np.linspace(1, 2, 40)
    got = streams.joined(Stream(spec, mean=mean, std=std), x, [500] * 16)
    given = spec.replace(finish=(("statistics", tuple(mean), tuple(1 / std)),))
    np.testing.assert_array_equal(got, Extractor(given)(x))


def test_stages_without_a_substitute_are_named() -> None:
    for fields, word in (
        ({"remove_mean": True}, "remove_mean"),
        ({"level": 0.1}, "level"),
        ({"pad_mode": "circular"}, "circular"),
        ({"finish": (("patches", 4, 4, 4, 4),)}, "patches"),
    ):
        spec = Spec(**BASE, **fields)
        with pytest.raises(ValueError, match=f"{word}.*needs the whole signal"):
            Stream(spec)
        assert word in sonogram.streaming(spec)[0].stage
    with pytest.raises(ValueError, match="maximum is given"):
        Stream(Spec(**BASE), maximum=1.0)
    with pytest.raises(ValueError, match="window is 5"):
        Stream(Spec(**BASE), window=5)
    with pytest.raises(TypeError, match="maximum is"):
        Stream(Spec(**BASE), maximum=[[1], None])


MULTIPLES = {
    "of 3": {"n_fft": 512, "hop_length": 128, "frame_multiple": 3},
    "of 2": {"n_fft": 512, "hop_length": 256, "frame_multiple": 2, "finish": (("deltas",),)},
    "short hops": {"n_fft": 100, "hop_length": 25, "frame_multiple": 3},
    "long padding": {"n_fft": 16, "hop_length": 3, "frame_pad": (0, 30), "frame_multiple": 5},
    "padding alone": {"n_fft": 2, "hop_length": 2, "frame_pad": (2, 2), "frame_multiple": 3},
}


@pytest.mark.parametrize("name", MULTIPLES)
def test_lengths_that_reflection_refuses_do_not_matter_before_the_end(name: str) -> None:
    spec = Spec(**MULTIPLES[name])
    extract, stream = Extractor(spec), Stream(spec)
    x = streams.signal(np.random.default_rng(12), 600, "float32")
    refused = 0
    for samples in range(0, 600, 1 if spec.n_fft < 100 else 7):
        for size in (7, 28, 256):
            sizes = [size] * (samples // size) + [samples % size]
            part = x[:samples]
            want = streams.outcome(lambda part=part: extract(part))
            got = streams.outcome(
                lambda part=part, sizes=sizes: streams.joined(stream, part, sizes)
            )
            streams.assert_same(got, want)
            refused += isinstance(want, str)
            stream.reset()
    assert refused > 0


def test_a_first_push_of_a_length_that_alone_is_too_short_is_kept() -> None:
    spec = Spec(n_fft=512, hop_length=128, frame_multiple=3, finish=(("clip", 0, 9),))
    x = streams.signal(np.random.default_rng(13), 2000, "float32")
    with pytest.raises(ValueError, match="longer than the padding"):
        Extractor(spec)(x[:256])
    streams.assert_same(streams.joined(Stream(spec), x, [256, 1744]), Extractor(spec)(x))


@pytest.mark.parametrize(
    ("first", "substitute"),
    [
        ((("affine", 1.0, 0.0), ("frames", 3), ("deltas", 1, 9)), {}),
        ((("affine", 1.0, 0.0), ("frames", 3), ("stack", 4, 2)), {}),
        (
            (("dynamic_range", 3.0), ("frames", 17), ("sliding_cmn", 28, 2, True)),
            {"maximum": "running"},
        ),
        ((("normalize",), ("frames", 3), ("deltas", 1, 9)), {"mean": 0.0, "std": 1.0}),
    ],
)
def test_frames_may_all_come_at_the_end(first: Any, substitute: dict[str, Any]) -> None:
    spec = Spec(n_fft=64, hop_length=16, finish=first)
    stream = Stream(spec, **substitute)
    assert stream.latency == (None, stream.latency.per_frame)
    x = streams.signal(np.random.default_rng(14), 3000, "float32")
    got = streams.joined(stream, x, [100] * 30)
    assert got.shape == Extractor(spec)(x).shape
    if not substitute:
        streams.assert_same(got, Extractor(spec)(x))


@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0)])
def test_no_channels_give_the_shapes_of_the_extractor(shape: tuple[int, ...]) -> None:
    for spec in (sonogram.preset("kaldi-fbank-80"), Spec(**BASE, finish=(("deltas",),))):
        x = np.zeros((*shape, 1600), np.float32)
        stream = Stream(spec)
        axis = streams.time_axis(spec)
        got = np.concatenate([stream.push(x[..., :900]), stream.push(x[..., 900:], True)], axis)
        streams.assert_same(got, Extractor(spec)(x))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_known_maximum_goes_through_the_stages_to_the_next_that_asks(dtype: str) -> None:
    x = streams.signal(np.random.default_rng(15), 5000, dtype)
    for finish in (
        (("dynamic_range", 3), ("affine", 2, 1), ("reference", "max")),
        (("affine", 0.5, 3), ("reference", "max"), ("clip", -4, 9), ("dynamic_range", 2.5)),
        (("reference", "max"), ("reference", -20.0), ("dynamic_range", 6), ("reference", "max")),
    ):
        spec = Spec(**BASE, finish=finish)
        asks = [s[0] == "dynamic_range" or s[1] == "max" for s in finish].index(True)
        most = float(Extractor(spec.replace(finish=finish[:asks]))(x).max())
        got = streams.joined(Stream(spec, maximum=most), x, [500] * 10)
        streams.assert_same(got, Extractor(spec)(x))


def test_known_values_that_say_nothing_of_a_later_stage_are_refused() -> None:
    for between in (("affine", -1, 0), ("normalize", "freq"), ("deltas",)):
        spec = Spec(**BASE, finish=(("dynamic_range", 3), between, ("reference", "max")))
        with pytest.raises(ValueError, match=f"maximum is known.*behind finish.*{between[0]}"):
            Stream(spec, maximum=1.0)
        assert Stream(spec, maximum="running").num_frames == 0
    twice = Spec(**BASE, finish=(("reference", "mean"), ("normalize", "all", ("std", False))))
    with pytest.raises(ValueError, match="mean is known for finish stage 'reference' 'mean'"):
        Stream(twice, mean=1.0)
    assert Stream(twice, mean="running").num_frames == 0


@pytest.mark.parametrize("std", [-1.0, 0.0, [1.0] * 39 + [-1e-3]])
def test_a_deviation_that_cannot_be_one_is_refused(std: Any) -> None:
    with pytest.raises(ValueError, match=r"std is (-1|0|-0.001); it must be a(bove|t least) 0"):
        Stream(Spec(**BASE, finish=(("normalize",),)), mean=0.0, std=std)
    spec = Spec(**BASE, finish=(("normalize", ("eps", 0.5)),))
    assert np.isfinite(Stream(spec, mean=0.0, std=0.0).push(np.zeros(800, np.float32))).all()


def test_every_obstacle_is_named_with_its_alternatives() -> None:
    for name, words in (
        ("speechbrain-ecapa-80", ("'dynamic_range'", "'normalize'", "maximum, known", "mean, kno")),
        ("wav2vec2", ("remove_mean and level need the whole signal", "extract_file")),
    ):
        with pytest.raises(ValueError) as refused:
            Stream(sonogram.preset(name))
        for word in words:
            assert word in str(refused.value)


FRAMES_IN_CHAINS = {
    "frames": (("frames", 30),),
    "cut behind deltas": (("deltas", 2), ("frames", 30, 0, "cut"), ("affine", 2, 1)),
    "before deltas": (("frames", 30, -1), ("deltas", 1, 9)),
    "before stack": (("sliding_cmn", 20, 7, True), ("frames", 31), ("stack", 7, 6, 3, "replicate")),
    "behind pad": (("pad", 4, 7, -2), ("frames", 33, 5), ("mask", -1), ("stack", 2, 2)),
    "before pad": (("frames", 11), ("pad", 3, 50, 2)),
    "before mask": (("frames", 12, 0, "cut"), ("mask", -3), ("multiple", 8)),
    "twice": (("frames", 40), ("pcen",), ("frames", 20, 0, "cut"), ("frames", 25, 9)),
    "interp": (("frames", 9), ("deltas", 1, 9, "interp")),
}


@pytest.mark.parametrize("name", FRAMES_IN_CHAINS)
@pytest.mark.parametrize("valid", ["all", "floor", "last"])
def test_frames_that_are_cut_off_change_no_earlier_bit(name: str, valid: str) -> None:
    spec = Spec(**BASE, valid_frames=valid, finish=FRAMES_IN_CHAINS[name])
    rng = np.random.default_rng([21, *name.encode()])
    extract, stream = Extractor(spec), Stream(spec)
    for samples in (300, 1700, 4800, 4900, 5300, 30000):
        x = streams.signal(rng, samples, "float32")
        want = streams.outcome(lambda x=x: extract(x))
        for size in (1, 160, 4097, 30000):
            if size == 1 and samples > 5000:
                continue
            sizes = [size] * (samples // size) + [samples % size]
            got = streams.outcome(lambda x=x, sizes=sizes: streams.joined(stream, x, sizes, True))
            streams.assert_same(got, want)
            stream.reset()


@pytest.mark.parametrize("mode", ["repeat", "repeat_zeros"])
@pytest.mark.parametrize("kind", ["length", "min_length"])
def test_frames_before_the_repeats_do_not_wait_for_them(kind: str, mode: str) -> None:
    spec = Spec(**BASE, length_mode=mode, **{kind: 9000})
    extract, stream = Extractor(spec), Stream(spec)
    assert stream.latency == (201, 160)
    rng = np.random.default_rng([22, len(kind), len(mode)])
    for samples in (201, 2999, 4500, 8999, 9000, 9001, 20000):
        x = streams.signal(rng, samples, "float32")
        sizes = streams.chunks(rng, samples, 1000)
        streams.assert_same(streams.joined(stream, x, sizes, True), extract(x))
        stream.reset()


def test_a_stream_that_has_given_all_still_checks_what_it_is_given() -> None:
    stream = Stream(Spec(**BASE, finish=(("frames", 3),)))
    assert stream.push(np.ones(10**6, np.float32)).shape == (40, 3)
    assert stream.push(np.ones(10**6, np.float32)).shape == (40, 0)
    with pytest.raises(ValueError, match="must be"):
        stream.push(np.zeros((2, 100), np.float32))
    with pytest.raises(TypeError, match="chunk has dtype int16"):
        stream.push(np.zeros(100, np.int16))
    assert stream.flush().shape == (40, 0)
    with pytest.raises(ValueError, match="has ended"):
        stream.push(np.zeros(1, np.float32))


@pytest.mark.parametrize("name", ["length", "max_length", "length repeat", "length zeros_both"])
@pytest.mark.parametrize("size", [1000, 3500, 4096, 10000])
def test_samples_beyond_a_fixed_length_change_no_bit(name: str, size: int) -> None:
    spec = SPECS[name]
    x = np.full(10000, np.nan, np.float32)
    kept = spec.length or spec.max_length
    assert kept is not None
    x[:kept] = streams.signal(np.random.default_rng(5), kept, "float32")
    sizes = [min(size, 10000 - at) for at in range(0, 10000, size)]
    got = streams.joined(Stream(spec), x, sizes)
    assert np.isfinite(got).all()
    np.testing.assert_array_equal(got, Extractor(spec)(x[:kept]))
