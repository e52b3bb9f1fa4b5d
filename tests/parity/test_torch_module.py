# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""`sonogram.torch`: what torch operations compute is what the core computes, with its gradient."""

from __future__ import annotations

import copy
import io
import pickle
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from support import signals, tolerance
from support.peers import peer
from support.stages import MEL, STAGES
from support.strategies import conditions, counts, frames

import sonogram
from sonogram import Extractor, Spec

torch = peer("torch")
import sonogram.torch  # noqa: E402

bounded = settings(deadline=None, derandomize=True, max_examples=80, database=None)
DOUBLE = torch.float64
# One-hot rows have no gradient; what jumps has none that a difference would confirm.
JUMPS = ("argmax", "dynamic_range", "clip")


def by_operations(spec, x):
    """Features by operations of torch, which a gradient asks for."""
    features = sonogram.torch.Module(spec)(torch.tensor(x, requires_grad=True))
    return features.detach().numpy()


def by_core(spec, x):
    return Extractor(spec)(x)


def outcome(compute, spec, x):
    """The features, or what the error says."""
    try:
        return compute(spec, x)
    except ValueError as error:
        return str(error)


def assert_equal_in_double(spec, x):
    """Both compute in float64: what differs is the order of sums.

    Logarithms of bins far below a frame's largest carry it the furthest: 4e-13 of the largest value
    is the worst of the presets.
    """
    want, got = outcome(by_core, spec, x), outcome(by_operations, spec, x)
    if isinstance(want, str):
        assert got == want
        return
    assert (got.shape, got.dtype) == (want.shape, want.dtype)
    scale = max(1.0, np.abs(want).max(initial=0))
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-11 * scale)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(sonogram.presets()))
def test_every_preset_is_the_cores(name):
    spec = sonogram.preset(name).replace(dither=0)
    x = signals.speech(24000) + 1e-5 * signals.noise(24000)
    if spec.dtype != "float64":
        spec = spec.replace(dtype="float64")
    assert_equal_in_double(spec, x)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(sonogram.presets()))
def test_every_preset_keeps_the_tolerance_in_float32(name):
    spec = sonogram.preset(name).replace(dither=0)
    x = signals.speech(24000).astype(np.float32)
    got, want = by_operations(spec, x), by_core(spec, x)
    assert (got.shape, got.dtype) == (want.shape, want.dtype)
    stated = sonogram.presets()[name].tolerance
    assert tolerance.used(spec.to_dict(), x, got, want, stated) <= 1


@pytest.mark.slow
@bounded
@given(frames())
def test_any_framing_is_the_cores(frame):
    spec, n = frame
    assert_equal_in_double(Spec(**spec, power=None), signals.noise(n))


@pytest.mark.slow
@bounded
@given(conditions(), counts())
def test_any_condition_is_the_cores(condition, count):
    spec = Spec(**condition, **count, n_fft=64, hop_length=20, center=False, frame_pad=(70, 90))
    x = signals.noise(1500)
    assert_equal_in_double(spec, x)


@pytest.mark.parametrize("layout", ["freq_time", "time_freq"])
@pytest.mark.parametrize("stage", STAGES, ids=str)
def test_every_stage_is_the_cores(stage, layout):
    spec = Spec(**MEL, finish=(stage,), layout=layout, valid_frames="floor")
    assert_equal_in_double(spec, signals.speech(16000))


@pytest.mark.parametrize("start", ["unit", "first"])
@pytest.mark.parametrize("power", [0.5, 0.0])
def test_pcen_is_the_cores(power, start):
    stage = ("pcen", {"power": power, "start": start, "smooth": 0.04, "bias": 1.5})
    spec = Spec(**{**MEL, "log": None}, power=1, scale=2.0**15, finish=(stage,))
    assert_equal_in_double(spec, signals.speech(16000))


FIELDS = {
    "magnitude": {"power": 1.0},
    "magnitude with epsilon": {"power": 1.0, "power_eps": 1e-9},
    "floor": {"power": 1.0, "power_floor": 1e-3},
    "power 1.3": {"power": 1.3, "power_eps": 1e-6},
    "window": {"normalized": True},
    "frame_length": {"normalized": "frame_length"},
    "energy raw": {**MEL, "energy": "raw", "remove_dc": True, "frame_preemphasis": 0.97},
    "energy windowed": {**MEL, "energy": "windowed", "finish": (("energy", ("place", "last")),)},
    "energy replaces": {**MEL, "energy": "raw", "finish": (("energy", ("place", "replace")),)},
    "db": {**MEL, "log": "db"},
    "db of magnitudes": {**MEL, "log": "db", "power": 1.0},
    "log10": {**MEL, "log": "log10", "gain": 100.0, "eps": 1e-3},
    "log1p": {**MEL, "log": "log1p", "gain": 1e4},
    "cube root": {**MEL, "log": "power", "exponent": 1 / 3},
    "piecewise": {**MEL, "log": "piecewise", "gain": 1e3},
    "int16": {"quantize": "int16", "scale": 0.5},
    "waveform": {"output": "waveform", "level": 0.1, "length": 5000, "length_mode": "repeat"},
}


@pytest.mark.parametrize("name", FIELDS)
def test_fields_are_the_cores(name):
    assert_equal_in_double(Spec(**FIELDS[name]), signals.speech(4000))


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "uint8"])
def test_narrow_results_are_rounded_as_the_cores(dtype):
    spec = Spec(**{**MEL, "log": "db"}, finish=(("affine", 2.0, 120.0),), dtype=dtype)
    x = torch.tensor(signals.speech(8000).astype(np.float32), requires_grad=True)
    got, want = sonogram.torch.Module(spec)(x), Extractor(spec)(x.detach())
    assert got.dtype == want.dtype
    steps = {"float16": 2**-10, "bfloat16": 2**-7, "uint8": 1.0}  # another float32 may round apart
    error = (got.detach().double() - want.double()).abs()
    limit = steps[dtype] * (1 if dtype == "uint8" else want.double().abs())
    assert (error <= limit).all()
    assert (error == 0).double().mean() > 0.99


def test_32_bit_integers_keep_their_digits_in_double():
    spec = Spec(**MEL, dtype="float64")
    x = np.round(signals.speech(8000) * 2e9).astype(np.int32)
    module = sonogram.torch.Module(spec, learn_window=True)  # operations alone
    module.window.data = torch.tensor(Extractor(spec).window)  # the parameter is float32
    got = module(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(got, Extractor(spec)(x), rtol=0, atol=1e-9)


def test_16_bit_and_integer_waveforms():
    spec = Spec(**MEL)
    x = (signals.speech(8000) * 20000).astype(np.int16)
    module = sonogram.torch.Module(spec, learn_window=True)  # operations alone
    got = module(torch.tensor(x)).detach().numpy()
    assert tolerance.used(spec.to_dict(), x / 2.0**15, got, Extractor(spec)(x), 1e-4) <= 1
    half = module(torch.tensor(signals.speech(8000)).half())
    assert half.dtype == torch.float32


# ------------------------------------------------------------------------------------ gradients

SMALL = {"n_fft": 32, "hop_length": 12, "filterbank": "mel", "n_mels": 6, "sample_rate": 8000}
GRADIENTS = {
    "power": {"n_fft": 16, "hop_length": 5},
    "magnitude": {"n_fft": 16, "power": 1.0},
    "complex": {"n_fft": 16, "power": None},
    "power 0.7": {"n_fft": 16, "power": 0.7, "power_eps": 1e-3},
    "normalized": {"n_fft": 16, "normalized": True, "win_length": 11},
    "condition": {**SMALL, "scale": 2.0, "remove_mean": True, "preemphasis": 0.9, "pad": (3, 4)},
    "level": {**SMALL, "level": 0.3},
    "peak": {**SMALL, "level": 0.3, "level_kind": "peak", "length": 150, "length_mode": "repeat"},
    "kaldi": {
        **SMALL, "snip_edges": False, "remove_dc": True, "frame_preemphasis": 0.97, "energy": "raw",
        "log": "ln", "win_length": 25,
    },
    "circular": {**SMALL, "pad_mode": "circular", "log": "log10"},
    "db": {**SMALL, "log": "db"},
    "log1p": {**SMALL, "log": "log1p", "gain": 10.0},
    "cube root": {**SMALL, "log": "power", "exponent": 1 / 3},
    "piecewise": {**SMALL, "log": "piecewise", "gain": 50.0},
    "waveform": {"output": "waveform", "level": 0.1, "min_length": 140},
    "pcen": {**SMALL, "finish": (("pcen",),)},
    "patches": {**SMALL, "log": "ln", "finish": (("patches", 4, 3, 2, 2),)},
}  # fmt: skip
GRADIENTS |= {
    str(stage): {**SMALL, "log": "ln", "n_mels": 40, "n_fft": 256, "hop_length": 20,
                 "floor": 1e-12, "finish": (stage,)}
    for stage in STAGES if stage[0] not in JUMPS
    and stage[0] != "patches"
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_are_those_of_differences(name):
    rng = np.random.default_rng(4)
    n = 260 if GRADIENTS[name].get("n_fft") == 256 else 120
    x = torch.tensor(0.3 * rng.standard_normal((1, n)), requires_grad=True)
    module = sonogram.torch.Module(Spec(**GRADIENTS[name]))
    assert torch.autograd.gradcheck(module, (x,), fast_mode=True)
    assert torch.autograd.gradgradcheck(module, (x,), fast_mode=True)


@pytest.mark.parametrize(
    "stage", [s for s in STAGES if s[0] in JUMPS and s[0] != "argmax"], ids=str
)
def test_gradients_of_limits_are_those_of_what_stands(stage):
    """Where a limit holds a value, its gradient is 0; elsewhere that of the value before."""
    x = torch.tensor(signals.speech(4000), requires_grad=True)
    before = sonogram.torch.Module(Spec(**MEL))(x)
    after = sonogram.torch.Module(Spec(**MEL, finish=(stage,)))(x)
    stands = (before == after).double().detach()
    assert 0 < stands.mean() < 1
    if stage[0] == "dynamic_range":  # the limit moves with the maximum, which has a gradient
        limit = before.amax() - 6.0
        want = torch.autograd.grad((before * stands + limit * (1 - stands)).sum(), x)[0]
    else:
        want = torch.autograd.grad((before * stands).sum(), x)[0]
    got = torch.autograd.grad(after.sum(), x)[0]
    torch.testing.assert_close(got, want)


def test_gradient_is_torchaudios():
    transforms = peer("torchaudio").transforms
    x = torch.tensor(signals.speech(8000), requires_grad=True)
    options = {"sample_rate": 16000, "n_fft": 400, "hop_length": 160, "n_mels": 40}
    theirs = transforms.MelSpectrogram(**options).double()
    ours = sonogram.torch.Module(sonogram.MelSpectrogram(**options))
    weight = torch.tensor(signals.noise(40 * 51)).reshape(40, 51)
    want = torch.autograd.grad((weight * theirs(x)).sum(), x)[0]
    got = torch.autograd.grad((weight * ours(x)).sum(), x)[0]
    # torchaudio's bank is float32
    assert (got - want).abs().max() <= 1e-5 * want.abs().max()


def test_silence_has_finite_gradients():
    for fields in ({"power": 1.0}, {**MEL, "finish": (("normalize", ("eps", 1e-5)),)},
                   {**MEL, "level": 0.1, "power": 1.0, "log": "ln"}):  # fmt: skip
        x = torch.zeros(4000, requires_grad=True)
        sonogram.torch.Module(Spec(**fields))(x).sum().backward()
        assert torch.isfinite(x.grad).all(), fields


# --------------------------------------------------------------------------------- as a module


def test_without_a_gradient_the_core_computes():
    spec, x = Spec(**MEL), signals.speech(8000).astype(np.float32)
    module, want = sonogram.torch.Module(spec), Extractor(spec)(x)
    assert np.array_equal(module(torch.tensor(x)).numpy(), want)
    with torch.no_grad():
        same = module(torch.tensor(x, requires_grad=True))
    assert np.array_equal(same.numpy(), want)


def test_leading_dimensions_are_kept():
    module = sonogram.torch.Module("whisper-80")
    x = torch.tensor(signals.speech(2 * 3 * 8000).reshape(2, 3, 8000), requires_grad=True)
    y = module(x)
    assert y.shape == (2, 3, 80, 50)
    torch.testing.assert_close(y[1, 2], module(x[1, 2]))


@pytest.mark.parametrize("gradient", [False, True])
def test_lengths_give_each_item_its_own_features(gradient):
    spec = sonogram.preset("whisper-80-hf").replace(length=None, dtype="float64")
    x = torch.tensor(signals.speech(30000).reshape(3, 10000), requires_grad=gradient)
    lengths = torch.tensor([10000, 4000, 7123])
    module = sonogram.torch.Module(spec)
    features, valid = module(x, lengths)
    want = sonogram.batch([i[:n].detach() for i, n in zip(x, lengths, strict=True)], spec)
    assert valid.tolist() == want.lengths.tolist()
    np.testing.assert_allclose(features.detach().numpy(), want.input_features, atol=1e-8)
    if gradient:
        features.sum().backward()
        assert (x.grad[1, 4000:] == 0).all()


@pytest.mark.parametrize("learn", ["learn_window", "learn_filterbank"])
def test_what_is_learned_changes_and_is_saved(learn):
    module = sonogram.torch.Module(Spec(**MEL), **{learn: True})
    parameter = dict(module.named_parameters())[learn.removeprefix("learn_")]
    x = torch.tensor(signals.speech(8000).astype(np.float32))
    before = module(x)
    want = Extractor(Spec(**MEL))(x).numpy()
    assert (
        tolerance.used(Spec(**MEL).to_dict(), x.numpy(), before.detach().numpy(), want, 1e-4) <= 1
    )
    optimizer = torch.optim.SGD(module.parameters(), lr=1e-3)
    before.mean().backward()
    assert parameter.grad.abs().max() > 0
    optimizer.step()
    after = module(x).detach()
    assert not torch.equal(after, before)
    other = sonogram.torch.Module(Spec(**MEL), **{learn: True})
    other.load_state_dict(module.state_dict())
    assert torch.equal(other(x).detach(), after)


def test_the_spec_is_saved_with_the_weights():
    module, other = sonogram.torch.Module("hifigan-22k"), sonogram.torch.Module("whisper-80")
    file = io.BytesIO()
    torch.save(module.state_dict(), file)
    file.seek(0)
    other.load_state_dict(torch.load(file))
    assert other.spec == module.spec
    x = torch.tensor(signals.speech(8000).astype(np.float32))
    assert torch.equal(other(x), module(x))
    for twin in (pickle.loads(pickle.dumps(module)), copy.deepcopy(module)):
        assert twin.spec == module.spec
        assert torch.equal(twin(x), module(x))


def test_casting_the_module_leaves_its_numbers():
    x = torch.tensor(signals.speech(8000).astype(np.float32), requires_grad=True)
    module = sonogram.torch.Module(Spec(**MEL))
    want = module(x)
    assert torch.equal(module.half()(x), want)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert sonogram.torch.Module(Spec(**MEL))(x).dtype == torch.float32


FINISH = (
    ("normalize",),
    ("dct", 20),
    ("deltas", ("win_length", 9), ("mode", "interp")),
    ("sliding_cmn", ("window", 30)),
    ("stack", 4, 3),
)


@pytest.mark.slow
@pytest.mark.parametrize("gradient", [False, True])
def test_compiled_graphs_have_no_break(gradient):
    spec = Spec(**MEL, finish=FINISH)
    module = sonogram.torch.Module(spec)
    compiled = torch.compile(module, fullgraph=True, backend="aot_eager")
    x = torch.tensor(signals.speech(8000).astype(np.float32), requires_grad=gradient)
    got, want = compiled(x), module(x)
    torch.testing.assert_close(got, want)
    if gradient:
        grads = [torch.autograd.grad(y.square().sum(), x)[0] for y in (got, want)]
        torch.testing.assert_close(*grads)


PLAIN = sonogram.torch.Module(Spec())


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: sonogram.torch.Module(3), TypeError, "spec is a int"),
        (lambda: sonogram.torch.Module(Spec(), learn_filterbank=True), ValueError, "no filterbank"),
        (lambda: sonogram.torch.Module(Spec(output="waveform"), learn_window=True), ValueError,
         "gives the waveform"),
        (lambda: PLAIN(np.zeros(800)), TypeError, "waveform is a ndarray"),
        (lambda: PLAIN(torch.zeros(800, dtype=torch.bool)), TypeError,
         "waveform has dtype torch.bool"),
        (lambda: PLAIN(torch.tensor(1.0)), ValueError, "no dimension"),
        (lambda: PLAIN(torch.zeros(3, requires_grad=True)), ValueError,
         "samples"),
        (lambda: PLAIN(torch.zeros(2, 800), torch.tensor([800])), ValueError,
         "lengths has shape"),
        (lambda: PLAIN(torch.zeros(1, 800), torch.tensor([801])), ValueError,
         "from 0 to the 800 samples"),
        (lambda: sonogram.torch.Module(Spec(dither=1.0))(torch.zeros(800, requires_grad=True)),
         ValueError, "dither is 1.0"),
        (lambda: sonogram.torch.MelLoss([]), ValueError, "specs is empty"),
        (lambda: sonogram.torch.MelLoss("whisper-80", [1.0, 2.0]), ValueError, "weights has 2"),
        (lambda: sonogram.torch.STFTLoss("whisper-80"), ValueError, "log=.log10.; each must have"),
        (lambda: sonogram.torch.STFTLoss(Spec()), ValueError, "specs has one of power=2"),
        (lambda: sonogram.torch.STFTLoss()(torch.zeros(9000), torch.zeros(8000)), ValueError,
         "target has shape"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, error, said):
    with pytest.raises(error, match=said):
        call()


# --------------------------------------------------------------------------------------- losses


def test_the_stft_loss_is_parallel_wavegans():
    """The formula of the paper's code, with torch.stft."""
    x, y = (torch.tensor(f(12000)) for f in (signals.speech, signals.noise))

    def magnitude(x, n_fft, hop, win):
        window = torch.hann_window(win, dtype=DOUBLE)
        z = torch.stft(x, n_fft, hop, win, window, return_complex=True)
        return torch.sqrt(torch.clamp(z.real**2 + z.imag**2, min=1e-7))

    losses = []
    for sizes in ((1024, 120, 600), (2048, 240, 1200), (512, 50, 240)):
        a, b = magnitude(x, *sizes), magnitude(y, *sizes)
        losses.append(torch.norm(b - a) / torch.norm(b) + (b.log() - a.log()).abs().mean())
    want = sum(losses) / 3
    torch.testing.assert_close(sonogram.torch.STFTLoss()(x, y), want, rtol=1e-9, atol=0)


def test_the_dac_loss_has_librosas_mel_scales():
    filters = peer("librosa").filters
    x, y = (torch.tensor(f(22050)) for f in (signals.speech, signals.noise))
    losses = []
    for bands, win in (
        (5, 32),
        (10, 64),
        (20, 128),
        (40, 256),
        (80, 512),
        (160, 1024),
        (320, 2048),
    ):
        window = torch.hann_window(win, dtype=DOUBLE)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # librosa's, on empty filters
            bank = torch.tensor(filters.mel(sr=44100, n_fft=win, n_mels=bands, dtype=np.float64))
        logs = [
            (bank @ torch.stft(z, win, win // 4, win, window, return_complex=True).abs())
            .clamp(min=1e-5).log10() for z in (x, y)
        ]  # fmt: skip
        losses.append((logs[0] - logs[1]).abs().mean())
    got = sonogram.torch.MelLoss("dac")(x, y)
    torch.testing.assert_close(got, sum(losses) / 7, rtol=1e-6, atol=0)


def test_a_mel_loss_trains():
    """A gain and a filter are found from the loss alone."""
    target = torch.tensor(signals.speech(16000).astype(np.float32))
    kernel = torch.tensor([0.2, 0.5, 0.2], requires_grad=True)
    loss = sonogram.torch.MelLoss(Spec(**MEL))
    optimizer = torch.optim.Adam([kernel], lr=0.05)
    first = last = 0.0
    for step in range(60):
        optimizer.zero_grad()
        estimate = torch.conv1d(target[None, None], kernel[None, None], padding=1)[0, 0]
        value = loss(estimate, target)
        value.backward()
        optimizer.step()
        first, last = first if step else value.item(), value.item()
    assert last < 0.2 * first
