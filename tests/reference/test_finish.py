# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Finish stages: each against its slow NumPy form, and against the libraries it is named after."""

import json

import numpy as np
import pytest
import reference
from reference_finish import run_stage
from support import signals
from support.peers import peer
from support.stages import MEL, STAGES

from sonogram import Extractor, Spec, _core

SPEECH = signals.speech(16000).astype(np.float32)[None]
RNG = np.random.default_rng(20261125)


def relative(got, want):
    return np.abs(got - want).max() / max(1.0, np.abs(want).max()) if want.size else 0.0


@pytest.mark.parametrize("layout", ["freq_time", "time_freq"])
@pytest.mark.parametrize("stage", STAGES, ids=str)
def test_every_stage_equals_its_reference(stage, layout):
    x = SPEECH[0, :16000].astype(np.float64)
    fields = {**MEL, "finish": (stage,), "layout": layout, "valid_frames": "floor"}
    want = reference.extract(fields, x)
    got = Extractor(Spec(**fields))(x)
    assert got.shape == want.shape
    # double sums over 100 frames and 40 rows, after a log within 1e-11 of its reference
    assert relative(got, want) < 1e-10
    single = Extractor(Spec(**fields))(x.astype(np.float32))
    assert single.dtype == np.float32
    # an ln within 1e-4 (the promise), which a deviation of 1 and sums of 40 rows carry on
    assert relative(single, want) < 1e-3


@pytest.mark.parametrize("power", [0.5, 0.0])
@pytest.mark.parametrize("start", ["unit", "first"])
def test_pcen_equals_its_reference(power, start):
    x = SPEECH[0].astype(np.float64)
    stage = ("pcen", {"power": power, "start": start, "smooth": 0.04, "bias": 1.5})
    fields = {**MEL, "log": None, "scale": 2.0**15, "power": 1.0, "finish": (stage,)}
    want = reference.extract(fields, x)
    assert relative(Extractor(Spec(**fields))(x), want) < 1e-10
    assert relative(Extractor(Spec(**fields))(x.astype(np.float32)), want) < 1e-4


def random_stage(rng, rows, frames):
    stages = [
        ("affine", rng.uniform(0.1, 2), rng.uniform(-2, 2)),
        ("clip", -6.0, rng.uniform(0, 3)),
        ("normalize", ("ddof", int(rng.integers(2))), ("eps", 1e-3)),
        ("normalize", ("axis", "freq"), ("eps", 1e-2)),
        ("sliding_cmn", ("window", int(rng.integers(2, 50))), ("center", bool(rng.integers(2)))),
        ("dct", int(rng.integers(2, rows + 1))),
        ("lifter", rng.uniform(5, 30)),
        ("deltas", ("win_length", int(rng.choice([3, 5, 9])))),
        ("deltas", ("order", 2), ("mode", "kaldi")),
        ("stack", int(rng.integers(1, 4)), int(rng.integers(1, 4)), ("tail", "replicate")),
        ("frames", int(rng.integers(5, 120)), ("value", 1.0)),
        ("pad", int(rng.integers(4)), int(rng.integers(4))),
        ("multiple", int(rng.integers(1, 9))),
        ("frame_norm", ("order", "l2"), ("eps", 1e-2)),
        ("rotate", int(rng.integers(rows))),
        ("mask", ("value", -1.0)),
        ("dynamic_range", rng.uniform(3, 9)),
    ]
    return stages[rng.integers(len(stages))]


@pytest.mark.parametrize("seed", range(60))
def test_any_chain_of_stages_equals_its_reference(seed):
    rng = np.random.default_rng(seed)
    energy = [None, "raw", "windowed"][rng.integers(3)]
    fields = {
        **MEL,
        "energy": energy,
        "valid_frames": ["all", "floor", "ceil", "last"][rng.integers(4)],
        "layout": ["freq_time", "time_freq"][rng.integers(2)],
        "remove_dc": bool(rng.integers(2)),
        "frame_preemphasis": [0.0, 0.97][rng.integers(2)],
    }
    stages, rows = [], 40
    if energy is not None:
        stages = [("dct", 20), ("energy", ["first", "last", "replace"][rng.integers(3)])]
        rows = 20 if stages[1][1] == "replace" else 21
    for _ in range(rng.integers(1, 5)):
        stage = random_stage(rng, rows, 80)
        if stage[0] == "dct":
            rows = stage[1]
        elif stage[0] in ("deltas", "stack"):
            rows = run_stage(stage, np.zeros((80, rows)), None, 80)[0].shape[1]
        stages.append(stage)
    fields["finish"] = tuple(stages)
    x = SPEECH[0, : int(rng.integers(4000, 14000))].astype(np.float64)
    want = reference.extract(fields, x)
    got = Extractor(Spec(**fields))(x)
    assert got.shape == want.shape
    # a normalisation by a deviation near its epsilon enlarges what came before by up to 1e3
    assert relative(got, want) < 1e-8


@pytest.mark.parametrize("stage", STAGES, ids=str)
def test_threads_and_batches_do_not_change_bits(stage):
    extract = Extractor(Spec(**MEL, finish=(stage,), layout="time_freq"))
    x = np.stack([np.tile(SPEECH[0], 4), np.tile(SPEECH[0], 4)[::-1]])
    one = np.stack([extract(item, num_threads=1) for item in x])
    assert np.array_equal(one[0], extract(x[0], num_threads=4))
    assert np.array_equal(one, extract(x, num_threads=1))
    assert np.array_equal(one, extract(x, num_threads=4))


def test_a_stage_is_written_one_way_however_it_is_given():
    ways = [
        ("normalize", ("ddof", 1), ("eps", 1e-7)),
        ("normalize", {"eps": 1e-7, "ddof": 1}),
        ["normalize", ["eps", 1e-7], ["ddof", 1]],
        ("normalize", "time", True, True, 1, 1e-7),
    ]
    specs = [Spec(finish=(way,)) for way in ways]
    assert len({*specs}) == 1
    assert specs[0].finish == (("normalize", ("ddof", 1), ("eps", 1e-7)),)
    assert len({spec.fingerprint() for spec in specs}) == 1
    assert eval(repr(specs[0])) == specs[0]
    assert Spec.from_json(json.dumps(specs[0].to_dict())) == specs[0]


@pytest.mark.parametrize(
    ("stage", "message"),
    [
        (("normalize", ("ddof", 2)), "normalize: ddof.*2.*from 0 to 1"),
        (("normalize", ("axis", "rows")), "normalize: axis.*rows.*time"),
        (("normalize", ("epsilon", 1)), "normalize.*epsilon.*eps"),
        (("dct",), "dct.*without 'n'"),
        (("dct", 41), "dct: n.*41.*40"),
        (("stack", 2), "stack.*stride"),
        (("stack", 2, 2, ("left", 2)), "stack: left.*2.*below size"),
        (("deltas", ("win_length", 4)), "win_length.*4.*odd"),
        (("clip", 2, 1), "clip: low.*2.*at most high"),
        (("statistics", (1.0, 2.0), 1.0), "statistics: mean.*list of 2.*40"),
        (("patches", 99, 3, 1, 1), "patches: height.*99.*40"),
        (("energy",), "energy=None"),
        (("affine", 1.0), "affine.*without 'offset'"),
        (("affine", 1.0, float("nan")), "affine: offset.*nan.*finite"),
        (("affine", 1.0, 2.0, 3.0), "affine|values of"),
        (("dynamic_range", 0), "dynamic_range: range.*> 0"),
    ],
    ids=str,
)
def test_a_bad_stage_is_named_with_what_is_allowed(stage, message):
    with pytest.raises(ValueError, match=message):
        Extractor(Spec(**MEL, finish=(stage,)))(SPEECH[0])


def test_deltas_equal_torchaudios():
    torch = peer("torch")
    assert peer("torchaudio")
    from torchaudio.functional import compute_deltas

    y = RNG.standard_normal((2, 40, 90)).astype(np.float32)
    got = _core.apply_finish(y, {"finish": (("deltas", 2, 7),)})
    first = compute_deltas(torch.from_numpy(y), 7)
    second = compute_deltas(first, 7)
    assert np.array_equal(got[:, :40], y)
    # sums of seven terms in float32
    np.testing.assert_allclose(got[:, 40:80], first.numpy(), rtol=0, atol=2e-6)
    np.testing.assert_allclose(got[:, 80:], second.numpy(), rtol=0, atol=2e-6)


@pytest.mark.parametrize("center", [False, True])
@pytest.mark.parametrize("std", [False, True])
def test_sliding_cmn_equals_torchaudios(center, std):
    torch = peer("torch")
    assert peer("torchaudio")
    from torchaudio.functional import sliding_window_cmn

    y = RNG.standard_normal((2, 300, 20))
    want = sliding_window_cmn(torch.from_numpy(y), 60, 20, center, std).numpy()
    stage = ("sliding_cmn", 60, 20, center, std)
    got = _core.apply_finish(y, {"finish": (stage,), "layout": "time_freq"})
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-11)


def test_pcen_and_deltas_equal_librosas():
    librosa = peer("librosa")
    y = RNG.uniform(0, 1000, (40, 200))
    want = librosa.pcen(y, sr=16000, hop_length=160, time_constant=0.4)
    frames = 0.4 * 16000 / 160
    smooth = (np.sqrt(1 + 4 * frames**2) - 1) / (2 * frames**2)
    got = _core.apply_finish(y, {"finish": (("pcen", {"smooth": float(smooth)}),)})
    np.testing.assert_allclose(got, want, rtol=1e-9)
    got = _core.apply_finish(y, {"finish": (("deltas", 2, 9, "interp"),)})
    for k in (1, 2):
        want = librosa.feature.delta(y, width=9, order=k)
        np.testing.assert_allclose(got[40 * k : 40 * (k + 1)], want, rtol=0, atol=1e-9)


@pytest.mark.parametrize("energy", ["raw", "windowed"])
def test_energy_equals_kaldis(energy):
    torch = peer("torch")
    assert peer("torchaudio")
    kaldi = peer("torchaudio.compliance.kaldi")
    want = kaldi.fbank(
        torch.from_numpy(SPEECH[:1]) * 32768,
        num_mel_bins=40,
        use_energy=True,
        raw_energy=energy == "raw",
        energy_floor=0.0,
    ).numpy()
    spec = Spec(
        scale=32768.0,
        n_fft=512,
        win_length=400,
        hop_length=160,
        snip_edges=True,
        remove_dc=True,
        frame_preemphasis=0.97,
        energy=energy,
        window="povey",
        periodic=False,
        window_align="left",
        filterbank="mel",
        n_mels=40,
        f_min=20,
        mel_scale="kaldi",
        triangle="mel",
        log="ln",
        floor=float(np.finfo(np.float32).eps),
        layout="time_freq",
    )
    got = Extractor(spec)(SPEECH[0])
    assert got.shape == want.shape
    np.testing.assert_allclose(got[:, 0], want[:, 0], rtol=0, atol=1e-4)


def test_half_bfloat_and_bytes_are_rounded_to_nearest_even():
    torch = peer("torch")
    x = SPEECH[0]
    full = Extractor(Spec(**MEL))(x)
    half = Extractor(Spec(**MEL, dtype="float16"))(x)
    assert half.dtype == np.float16
    assert np.array_equal(half, full.astype(np.float16))
    brain = Extractor(Spec(**MEL, dtype="bfloat16"))
    assert np.array_equal(
        brain(torch.from_numpy(x)).view(torch.int16).numpy().view(np.uint16), brain(x)
    )
    assert torch.equal(brain(torch.from_numpy(x)), torch.from_numpy(full).bfloat16())
    scaled = (("affine", 20.0, 200.0),)
    byte = Extractor(Spec(**MEL, finish=scaled, dtype="uint8"))(x)
    want = Extractor(Spec(**MEL, finish=(*scaled, ("clip", 0.0, 255.0))))(x)
    assert np.abs(byte - want).max() <= 0.5
    assert byte.dtype == np.uint8


@pytest.mark.parametrize("value", [0.0, -0.0, 1e-8, 6e-8, 5.96e-8, 2.98e-8, 1e5, 65519.9, 65520.0])
def test_half_precision_is_right_at_its_edges(value):
    y = np.array([[value, -value, np.inf, -np.inf, np.nan]], np.float32)
    spec = {"output": "waveform", "dtype": "float16"}
    with np.errstate(over="ignore"):
        want = y.astype(np.float16)
    got = Extractor(Spec(**spec))(y)
    assert np.array_equal(got.view(np.uint16) & 0x7FFF, want.view(np.uint16) & 0x7FFF)


def test_nan_stays_in_its_frames_and_rows_where_a_stage_is_local():
    x = SPEECH[0].copy()
    x[5000] = np.nan
    plain = Extractor(Spec(**MEL))
    affected = np.isnan(plain(x)).any(axis=0)
    assert affected.any()
    assert not affected.all()
    for stage in [("affine", 2.0, 1.0), ("frame_norm",), ("dct", 13), ("argmax",)]:
        got = np.isnan(Extractor(Spec(**MEL, finish=(stage,)))(x)).any(axis=0)
        assert np.array_equal(got, affected)
    slid = np.isnan(Extractor(Spec(**MEL, finish=(("sliding_cmn", 10, 1),)))(x)).any(axis=0)
    assert slid.sum() == affected.sum() + 10


def test_waveforms_of_any_length_run_as_one_batch():
    for layout in ("freq_time", "time_freq"):
        spec = Spec(**MEL, finish=(("normalize",),), layout=layout)
        extract = Extractor(spec)
        items = [SPEECH[0, :n] for n in (3000, 9000, 700)]
        frames = max(extract.num_frames(len(item)) for item in items)
        shape = (3, 40, frames) if layout == "freq_time" else (3, frames, 40)
        out = np.full(shape, 7.0, np.float32)
        extract._core.run_batch(items, out)
        for item, got in zip(items, out, strict=True):
            want = extract(item)
            rows = got if layout == "freq_time" else got.T
            expected = want if layout == "freq_time" else want.T
            assert np.array_equal(rows[:, : expected.shape[1]], expected)
            assert (rows[:, expected.shape[1] :] == 7.0).all()
