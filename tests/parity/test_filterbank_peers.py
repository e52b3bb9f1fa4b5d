# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Banks beside those of other libraries, over random parameters.

Originals in float64 agree to 1e-12 of the highest weight. Those that place their points in float32
err by some ulp of the highest frequency of a filter, which the shorter of its flanks magnifies:
`float32_slack` is one such ulp, and a test allows the number that its chain of roundings has been
seen to need, and as much again at most.
"""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from support.peers import peer

import sonogram

pytestmark = pytest.mark.filterwarnings("ignore:.*([Ee]mpty|n_mels|zero values)")


def originals(name):
    return peer(name, "SONOGRAM_REQUIRE_ORIGINALS")


def random_bank(seed):
    """Return parameters that all libraries take alike: even rates and FFT lengths."""
    rng = np.random.default_rng(seed)
    rate = int(rng.choice([8000, 16000, 22050, 24000, 44100, 48000]))
    return rng, {
        "sample_rate": rate,
        "n_fft": 2 * int(rng.integers(100, 1100)),
        "n_mels": int(rng.integers(4, 100)),
        "f_min": float(rng.uniform(0, 300)),
        "f_max": float(rng.uniform(1500, rate / 2)),
    }


def float32_slack(along=None, **fields):
    bands = sonogram.band_frequencies(sonogram.Spec(**fields, hop_length=1))
    if along is not None:
        bands = along(bands)
    flank = np.minimum(bands[:, 1] - bands[:, 0], bands[:, 2] - bands[:, 1])
    return (2.0**-24 * bands[:, 2] / flank)[:, None]


def assert_within(got, want, slack):
    assert got.shape == want.shape
    worst = (np.abs(got - want) / slack).max()
    assert worst <= 1, f"error {worst:.3g} times the tolerance"


@pytest.mark.parametrize("norm", [None, "slaney"])
@pytest.mark.parametrize("mel_scale", ["htk", "slaney"])
def test_mel_equals_torchaudios_melscale_fbanks(mel_scale, norm):
    functional = peer("torchaudio").functional
    for seed in range(15):
        _, p = random_bank(seed)
        want = functional.melscale_fbanks(
            p["n_fft"] // 2 + 1, p["f_min"], p["f_max"], p["n_mels"], p["sample_rate"], norm,
            mel_scale,
        ).numpy().T  # fmt: skip
        got = sonogram.mel_filterbank(**p, mel_scale=mel_scale, norm=norm)
        slack = 24 * float32_slack(**p, filterbank="mel", mel_scale=mel_scale)
        if norm:
            spec = sonogram.Spec(**p, filterbank="mel", mel_scale=mel_scale, hop_length=1)
            edges = sonogram.band_frequencies(spec)
            slack = slack * (2 / (edges[:, 2] - edges[:, 0]))[:, None]
        assert_within(got, want, slack)


def test_linear_equals_torchaudios_linear_fbanks():
    functional = peer("torchaudio").functional
    for seed in range(15):
        _, p = random_bank(seed)
        want = functional.linear_fbanks(
            p["n_fft"] // 2 + 1, p["f_min"], p["f_max"], p["n_mels"], p["sample_rate"]
        )
        got = sonogram.linear_filterbank(**p)
        assert_within(got, want.numpy().T, 8 * float32_slack(**p, filterbank="linear"))


# barkscale_fbanks(9, 200, 4000, 3, 8000, scale) of torchaudio 2.8's prototype, rounded; later
# versions have no bark banks.
TORCHAUDIOS_BARK = {
    "traunmuller": [
        [0, 0.731255, 0.351792, 0, 0, 0, 0, 0, 0],
        [0, 0, 0.648208, 0.702133, 0.185861, 0, 0, 0, 0],
        [0, 0, 0, 0.297867, 0.814139, 0.824177, 0.549452, 0.274726, 0],
    ],
    "schroeder": [
        [0, 0.702079, 0.403103, 0, 0, 0, 0, 0, 0],
        [0, 0, 0.596897, 0.756002, 0.264676, 0, 0, 0, 0],
        [0, 0, 0, 0.243998, 0.735324, 0.866726, 0.577817, 0.288909, 0],
    ],
    "wang": [
        [0, 0.729515, 0.365929, 0, 0, 0, 0, 0, 0],
        [0, 0, 0.634071, 0.729116, 0.237741, 0, 0, 0, 0],
        [0, 0, 0, 0.270883, 0.762259, 0.853201, 0.5688, 0.2844, 0],
    ],
}


@pytest.mark.parametrize("scale", TORCHAUDIOS_BARK)
def test_bark_equals_torchaudios_barkscale_fbanks(scale):
    options = {"sample_rate": 8000, "n_fft": 16, "n_mels": 3, "f_min": 200.0, "f_max": 4000.0}
    got = sonogram.bark_filterbank(**options, bark_scale=scale)
    np.testing.assert_allclose(got, TORCHAUDIOS_BARK[scale], rtol=0, atol=2e-6)  # float32, rounded


@pytest.mark.parametrize("norm", [None, "slaney", "l1", "l2", "max"])
@pytest.mark.parametrize("htk", [False, True])
def test_mel_equals_librosas(htk, norm):
    filters = peer("librosa.filters")
    theirs = {"l1": 1, "l2": 2, "max": np.inf}.get(norm, norm)
    for seed in range(15):
        _, p = random_bank(seed)
        args = {"sr": p["sample_rate"], "n_fft": p["n_fft"], "n_mels": p["n_mels"]}
        args |= {"fmin": p["f_min"], "fmax": p["f_max"], "htk": htk, "norm": theirs}
        scale = "htk" if htk else "slaney"
        got = sonogram.mel_filterbank(**p, mel_scale=scale, norm=norm)
        want = filters.mel(**args, dtype=np.float64)
        # a norm makes 1 also of a row that holds the mere foot of its triangle
        whole = sonogram.mel_filterbank(**p, mel_scale=scale).max(axis=1) > 1e-3
        peak = want.max(axis=1, keepdims=True)
        assert_within(got[whole], want[whole], 1e-11 * peak[whole])


@pytest.mark.parametrize("htk", [False, True])
@pytest.mark.parametrize("norm", [None, "slaney"])
@pytest.mark.parametrize(
    ("rate", "n_fft", "n_mels", "f_min", "f_max"),
    [
        (16000, 400, 80, 0.0, None),
        (16000, 400, 128, 0.0, None),
        (16000, 512, 80, 0.0, 8000.0),
        (22050, 1024, 80, 0.0, 8000.0),
        (24000, 1024, 100, 0.0, 12000.0),
        (24000, 1920, 80, 0.0, 8000.0),
        (32000, 1024, 64, 50.0, 14000.0),
        (44100, 2048, 128, 0.0, None),
        (48000, 2048, 128, 0.0, None),
        (11025, 401, 20, 50.0, None),
    ],
)
def test_mel_in_float32_has_librosas_bits(rate, n_fft, n_mels, f_min, f_max, norm, htk):
    filters = peer("librosa.filters")
    options = {"sample_rate": rate, "n_fft": n_fft, "n_mels": n_mels, "f_min": f_min}
    scale = "htk" if htk else "slaney"
    ours = sonogram.mel_filterbank(**options, f_max=f_max, norm=norm, mel_scale=scale)
    got = ours.astype(np.float32)
    args = {"sr": rate, "n_fft": n_fft, "n_mels": n_mels, "fmin": f_min, "fmax": f_max}
    want = filters.mel(**args, htk=htk, norm=norm, dtype=np.float64)
    # A bin on the foot of a triangle has the weight 0, or one of 1e-15 where a rounding says so.
    foot = want <= 1e-13 * want.max()
    assert (ours[foot] <= 1e-13 * want.max()).all()
    assert np.array_equal(got[~foot], want.astype(np.float32)[~foot])
    # librosa's own float32 rounds before it normalises, and again after
    single = filters.mel(**args, htk=htk, norm=norm)
    ulps = 1 if norm else 0
    assert (np.abs(got - single) <= ulps * np.spacing(single))[~foot].all()


@pytest.mark.parametrize("warped", [False, True])
def test_kaldi_mel_equals_torchaudios_get_mel_banks(warped):
    assert peer("torchaudio")
    kaldi = peer("torchaudio.compliance.kaldi")
    for seed in range(20):
        rng, p = random_bank(seed)
        warp = float(rng.uniform(0.8, 1.25)) if warped else 1.0
        low = p["f_min"] + float(rng.uniform(10, 200))
        high = p["f_max"] - float(rng.uniform(10, 300))
        if seed % 2:
            high -= p["sample_rate"] / 2  # negative: from the Nyquist frequency down
        v = {"vtln_warp": warp, "vtln_low": low, "vtln_high": high}
        want, _ = kaldi.get_mel_banks(
            p["n_mels"], p["n_fft"], float(p["sample_rate"]), p["f_min"], p["f_max"], low, high,
            warp,
        )  # fmt: skip
        got = sonogram.mel_filterbank(**p, **v, mel_scale="kaldi", triangle="mel")
        assert not got[:, -1].any()  # theirs has no Nyquist bin
        slack = float32_slack(
            lambda hz: sonogram.hz_to_mel(hz, "kaldi"), **p, **v, filterbank="mel",
            mel_scale="kaldi", triangle="mel",
        )  # fmt: skip
        # the warp goes to Hz and back in float32
        assert_within(got[:, :-1], want.numpy(), (100 if warped else 24) * slack)


@pytest.mark.parametrize("mel_scale", ["htk", "slaney", "kaldi"])
@pytest.mark.parametrize(("triangle", "norm"), [("hz", None), ("hz", "slaney"), ("mel", None)])
def test_mel_equals_transformers_mel_filter_bank(triangle, norm, mel_scale):
    audio_utils = originals("transformers.audio_utils")
    for seed in range(15):
        _, p = random_bank(seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            want = audio_utils.mel_filter_bank(
                p["n_fft"] // 2 + 1, p["n_mels"], p["f_min"], p["f_max"], p["sample_rate"], norm,
                mel_scale, triangle == "mel",
            ).T  # fmt: skip
        got = sonogram.mel_filterbank(**p, mel_scale=mel_scale, norm=norm, triangle=triangle)
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-12 * want.max())


@pytest.mark.parametrize("width", [(5.0, 2.0), (4.2, 1.1), None])
@pytest.mark.parametrize("norm", ["l2", "l1"])
@pytest.mark.parametrize("n_chroma", [12, 24, 7])
def test_chroma_equals_transformers_chroma_filter_bank(n_chroma, norm, width):
    audio_utils = originals("transformers.audio_utils")
    octave, octaves = width or (5.0, None)
    for rate, n_fft, tuning in ((32000, 16384, 0.0), (22050, 2048, 0.3), (16000, 1000, -0.4)):
        power = {"l2": 2.0, "l1": 1.0}[norm]
        want = audio_utils.chroma_filter_bank(n_fft, n_chroma, rate, tuning, power, width)
        got = sonogram.chroma_filterbank(
            sample_rate=rate, n_fft=n_fft, n_chroma=n_chroma, tuning=tuning, norm=norm,
            chroma_octave=octave, chroma_width=octaves,
        )  # fmt: skip
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-12)


def test_the_chroma_bank_of_musicgen_melody_comes_out():
    transformers = originals("transformers")
    want = transformers.MusicgenMelodyFeatureExtractor().chroma_filters
    got = sonogram.chroma_filterbank(sample_rate=32000, n_fft=16384)
    assert np.array_equal(got.astype(np.float32), np.asarray(want, np.float32))


@pytest.mark.parametrize("norm", ["l2", "l1", "max"])
@pytest.mark.parametrize("n_chroma", [12, 24, 36, 5])
def test_chroma_equals_librosas(n_chroma, norm):
    filters = peer("librosa.filters")
    for seed in range(10):
        rng = np.random.default_rng(seed)
        rate, n_fft = int(rng.choice([16000, 22050, 44100])), int(rng.integers(500, 5000))
        p = {"tuning": float(rng.uniform(-0.5, 0.5)), "n_chroma": n_chroma}
        octave, width = float(rng.uniform(3, 7)), (float(rng.uniform(1, 3)) if seed % 3 else None)
        want = filters.chroma(
            sr=rate, n_fft=n_fft, **p, ctroct=octave, octwidth=width, dtype=np.float64,
            norm={"l1": 1, "l2": 2, "max": np.inf}[norm],
        )  # fmt: skip
        got = sonogram.chroma_filterbank(
            sample_rate=rate, n_fft=n_fft, **p, norm=norm, chroma_octave=octave, chroma_width=width
        )
        np.testing.assert_allclose(got, want, rtol=0, atol=1e-12)


@pytest.mark.parametrize("shape", ["triangle", "rectangle", "gaussian"])
def test_isosceles_mel_equals_speechbrains_filterbank(shape):
    torch = peer("torch")
    assert peer("torchaudio")
    features = originals("speechbrain.processing.features")
    name = {"triangle": "triangular", "rectangle": "rectangular"}.get(shape, shape)
    for seed in range(10):
        _, p = random_bank(seed)
        filterbank = features.Filterbank(filter_shape=name, log_mel=False, **p)
        want = filterbank(torch.eye(p["n_fft"] // 2 + 1)[None])[0].numpy().T
        got = sonogram.mel_filterbank(**p, triangle="isosceles", filter_shape=shape)
        if shape == "rectangle":
            assert np.array_equal(got, want)
        else:  # a bandwidth is the difference of two float32 points
            slack = 40 * float32_slack(**p, filterbank="mel", triangle="isosceles")
            assert_within(got, want, slack)
