# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Kaldi's options, in Kaldi's spelling and in torchaudio's."""

from __future__ import annotations

import numpy as np
import pytest
from support import signals
from support.checks import LN, LN_RANGE_DB, OF_PEAK
from support.peers import peer

import sonogram

pytestmark = pytest.mark.filterwarnings("ignore:n_mels=:UserWarning")  # empty filters, on purpose

SPEECH = (signals.speech(9603) * 32768).astype(np.float32)

_FRAME = {
    "sample_frequency": (8000.0, 11025.0, 16000.0, 22050.0),
    "frame_length": (20.0, 25.0, 32.0),
    "frame_shift": (5.0, 10.0, 12.5),
    "preemphasis_coefficient": (0.0, 0.9, 0.97, 1.0),
    "remove_dc_offset": (True, False),
    "round_to_power_of_two": (True, True, False),
    "snip_edges": (True, False),
    "window_type": ("povey", "hamming", "hanning", "rectangular", "blackman"),
    "blackman_coeff": (0.42, 0.4),
    "raw_energy": (True, False),
    "energy_floor": (0.0, 1.0, 1e9),
    "subtract_mean": (True, False),
}
_BANDS = {
    "num_mel_bins": (15, 23, 40),
    "low_freq": (0.0, 20.0, 60.0),
    "high_freq": (0.0, -200.0, 3800.0),
    "vtln_warp": (1.0, 0.9, 1.1),
    "vtln_low": (100.0, 150.0),
    "vtln_high": (-500.0, 3400.0),
    "use_energy": (True, False),
    "htk_compat": (True, False),
}
OPTIONS = {
    "fbank": {**_FRAME, **_BANDS, "use_log_fbank": (True, True, False), "use_power": (True, False)},
    "mfcc": {**_FRAME, **_BANDS, "num_ceps": (1, 13, 15), "cepstral_lifter": (22.0, 0.0, 10.0)},
    "spectrogram": _FRAME,
}
CASES = [(kind, seed) for kind in OPTIONS for seed in range(24)]


def chosen(kind, seed):
    """Draw seeded options that torchaudio accepts: an even frame, a cutoff in the band."""
    rng = np.random.default_rng([list(OPTIONS).index(kind), seed])
    o = {k: v[int(rng.integers(len(v)))] for k, v in OPTIONS[kind].items()}
    if int(o["sample_frequency"] * o["frame_length"] * 0.001) % 2:
        o["round_to_power_of_two"] = True
    if o.get("high_freq") == 3800.0:
        o["vtln_high"] = 3400.0
    return o


@pytest.mark.parametrize(("kind", "seed"), CASES)
def test_kaldi_functions_equal_torchaudios_for_any_options(kind, seed):
    torch, _ = peer("torch"), peer("torchaudio")
    reference = getattr(peer("torchaudio.compliance.kaldi"), kind)
    options = chosen(kind, seed)
    x = SPEECH.astype(np.float64)[None]
    want = reference(torch.from_numpy(x), **options).numpy()
    got = getattr(sonogram.kaldi, kind)(x, **options)
    assert got.shape == want.shape
    assert got.dtype == want.dtype
    if options.get("use_log_fbank", True):
        # float64, but for torchaudio's bands, which it computes in float32: a weight near the
        # foot of a triangle is then off by up to 1e-4 of itself. Cepstra add up bands.
        tolerance = {"spectrogram": 1e-9, "fbank": 1e-4, "mfcc": 5e-4}[kind]
        np.testing.assert_allclose(got, want, rtol=0, atol=tolerance)
    else:
        np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-5 * np.abs(want).max())


@pytest.mark.parametrize("kind", list(OPTIONS))
def test_kaldi_defaults_are_torchaudios(kind):
    torch, _ = peer("torch"), peer("torchaudio")
    original = getattr(peer("torchaudio.compliance.kaldi"), kind)
    x = torch.from_numpy(SPEECH)[None]
    got, want, exact = getattr(sonogram.kaldi, kind)(x), original(x), original(x.double()).numpy()
    assert got.dtype == want.dtype
    for values in (got.numpy().astype(float), want.numpy().astype(float)):
        if kind == "mfcc":  # weighted sums of the bands' errors: at most 9e-4 on any processor
            np.testing.assert_allclose(values, exact, rtol=0, atol=5e-3)
        else:
            assert_powers_match(values, exact)


def assert_powers_match(got, exact):
    """Hold logs of powers to what tests/support/checks.py promises of either.

    A float32 FFT errs by 1e-7 of the frame's peak, which may be any part of a weak bin: the
    logarithm of that differs from processor to processor, and from torch's, by as much.
    """
    peak = np.exp(exact[:, 1:]).max(axis=1, keepdims=True)  # a spectrogram's first is the energy
    assert (np.abs(np.exp(got) - np.exp(exact)) <= OF_PEAK["float32"] * peak)[:, 1:].all()
    strong = np.exp(exact) >= peak * 10 ** (-LN_RANGE_DB["float32"] / 10)
    assert np.abs(got - exact)[strong].max() <= LN["float32"]


def native(kind, options):
    """Run kaldi-native-fbank, whose names are these or shorter."""
    knf = peer("kaldi_native_fbank")
    opts = knf.MfccOptions() if kind == "mfcc" else knf.FbankOptions()
    frame = {"sample_frequency": "samp_freq", "frame_length": "frame_length_ms",
             "frame_shift": "frame_shift_ms", "preemphasis_coefficient": "preemph_coeff",
             "num_mel_bins": "num_bins"}  # fmt: skip
    opts.frame_opts.dither = 0
    for name, value in options.items():
        short = frame.get(name, name)
        holder = next(
            (h for h in (opts.frame_opts, opts.mel_opts, opts) if hasattr(h, short)), None
        )
        assert holder is not None, name
        setattr(holder, short, value)
    run = (knf.OnlineMfcc if kind == "mfcc" else knf.OnlineFbank)(opts)
    run.accept_waveform(options["sample_frequency"], SPEECH.tolist())
    run.input_finished()
    return np.array([run.get_frame(t) for t in range(run.num_frames_ready)])


@pytest.mark.parametrize(
    ("kind", "seed"), [(kind, seed) for kind in ("fbank", "mfcc") for seed in range(12)]
)
def test_from_kaldi_conf_equals_kaldi_native_fbank(kind, seed):
    options = chosen(kind, seed)
    for name in ("vtln_warp", "subtract_mean"):  # of Kaldi's programs, not of its library
        del options[name]
    want = native(kind, options)
    lines = [f"--{name.replace('_', '-')}={str(value).lower()}" for name, value in options.items()]
    spec = sonogram.from_kaldi_conf([*lines, "--dither=0"], kind, scale=1.0)
    got = sonogram.Extractor(spec)(SPEECH)
    assert got.shape == want.shape
    if options.get("use_log_fbank", True):
        np.testing.assert_allclose(got, want, rtol=0, atol=5e-3 * (1 if kind == "fbank" else 4))
    else:
        np.testing.assert_allclose(got, want, rtol=1e-3, atol=1e-5 * np.abs(want).max())


def test_from_kaldi_conf_reads_a_file_with_comments(tmp_path):
    conf = tmp_path / "fbank.conf"
    conf.write_text("# ours\n--num-mel-bins=80  # more\n\n--snip-edges=false\n--htk-compat\n")
    spec = sonogram.from_kaldi_conf(conf)
    assert (spec.n_mels, spec.snip_edges, spec.dither, spec.scale) == (80, False, 1.0, 32768.0)
    assert spec == sonogram.from_kaldi_conf(
        {"num-mel-bins": 80, "snip-edges": False, "htk_compat": True}
    )
    assert spec == sonogram.from_kaldi_conf(str(conf))


def test_from_kaldi_conf_has_each_programs_defaults():
    assert sonogram.from_kaldi_conf([], "mfcc").energy == "raw"
    assert sonogram.from_kaldi_conf([], "fbank").energy is None
    assert sonogram.from_kaldi_conf([], "spectrogram").filterbank is None


@pytest.mark.parametrize(
    ("lines", "kind", "words"),
    [
        (["--num-mel-bin=80"], "fbank", ["num-mel-bin", "num-mel-bins"]),
        (["--num-ceps=13"], "fbank", ["num-ceps"]),
        (["--use-energy=true"], "spectrogram", ["use-energy"]),
        (["num-mel-bins=80"], "fbank", ["num-mel-bins=80"]),
        (["--num-mel-bins=many"], "fbank", ["num-mel-bins", "many"]),
        (["--num-mel-bins=8.5"], "fbank", ["num-mel-bins", "8.5"]),
        (["--snip-edges=maybe"], "fbank", ["snip-edges", "maybe"]),
        (["--window-type=hann"], "fbank", ["window_type", "hann", "hanning"]),
        (["--num-ceps=30"], "mfcc", ["num_ceps", "30", "23"]),
        (["--allow-downsample=true"], "fbank", ["allow-downsample"]),
        (["--vtln-map=ark:warps"], "fbank", ["vtln-map", "vtln-warp"]),
        (["--min-duration=1"], "fbank", ["min-duration"]),
        (["--frame-shift=0.01"], "fbank", ["frame_shift"]),
        (["--frame-length=0.01"], "fbank", ["frame_length"]),
        (["--preemphasis-coefficient=2"], "fbank", ["preemphasis_coefficient", "2"]),
        (["--dither=0", "--dither=1"], "fbank", ["dither", "'0'", "'1'"]),
        ([], "plp", ["kind", "plp", "mfcc"]),
    ],
)
def test_from_kaldi_conf_names_refused_options(lines, kind, words):
    with pytest.raises(ValueError) as error:
        sonogram.from_kaldi_conf(lines, kind)
    assert all(word in str(error.value) for word in words)


def test_kaldi_functions_take_one_channel_and_leave_short_signals_out():
    two = np.stack([SPEECH, SPEECH[::-1]])
    alone = sonogram.kaldi.fbank(SPEECH[::-1])
    np.testing.assert_array_equal(sonogram.kaldi.fbank(two, channel=1), alone)
    np.testing.assert_array_equal(sonogram.kaldi.fbank(two), sonogram.kaldi.fbank(SPEECH))
    assert sonogram.kaldi.fbank(SPEECH[:100]).shape == (0, 23)
    assert sonogram.kaldi.fbank(SPEECH, min_duration=10.0).shape == (0, 23)


@pytest.mark.parametrize(
    ("error", "options", "words"),
    [
        (ValueError, {"channel": 2}, ["channel", "2", "0"]),
        (TypeError, {"channel": "left"}, ["channel", "left"]),
        (ValueError, {"min_duration": -1.0}, ["min_duration", "-1"]),
        (ValueError, {"window_type": "hann"}, ["window_type", "hanning"]),
    ],
)
def test_kaldi_functions_name_refused_arguments(error, options, words):
    with pytest.raises(error) as caught:
        sonogram.kaldi.fbank(SPEECH, **options)
    assert all(word in str(caught.value) for word in words)
