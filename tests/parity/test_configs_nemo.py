# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""from_nemo: what NeMo's preprocessor gives outside training."""

from __future__ import annotations

import numpy as np
import pytest
from support import signals
from support.peers import peer

import sonogram

SPEECH = signals.speech(24003).astype(np.float32)
_OPTIONS = {
    "sample_rate": (8000, 16000, 22050),
    "window_size": (0.02, 0.025, 0.032),
    "window_stride": (0.008, 0.01, 0.0125),
    "window": ("hann", "hamming", "blackman", "bartlett"),
    "normalize": ("per_feature", "all_features", None, "NA"),
    "n_fft": (None, 512, 800, 1023),
    "preemph": (0.97, 0.9, None),
    "features": (40, 64, 80),
    "lowfreq": (0, 50),
    "highfreq": (None, 3900),
    "log": (True, True, False),
    "log_zero_guard_type": ("add", "clamp"),
    "log_zero_guard_value": (2.0**-24, 1e-5, "tiny", "eps"),
    "pad_to": (0, 1, 8, 16),
    "pad_value": (0.0, -2.5),
    "mag_power": (1.0, 2.0),
    "exact_pad": (False, False, True),
    "mel_norm": ("slaney", None),
}


def chosen(seed):
    rng = np.random.default_rng([7, seed])
    o = {k: v[int(rng.integers(len(v)))] for k, v in _OPTIONS.items()}
    if o["exact_pad"]:  # which NeMo refuses for an odd hop, and cuts short with pre-emphasis
        o |= {"preemph": None, "sample_rate": 16000, "window_stride": 0.01, "n_fft": 512}
    return o


@pytest.mark.parametrize("seed", range(12))
def test_from_nemo_equals_nemo(seed):
    features = peer(
        "nemo.collections.asr.parts.preprocessing.features", owed="SONOGRAM_REQUIRE_NEMO"
    )
    torch = peer("torch")
    options = chosen(seed)
    given = {k: v for k, v in options.items() if k not in ("window_size", "window_stride")}
    rate = options["sample_rate"]
    reference = features.FilterbankFeatures(
        n_window_size=int(options["window_size"] * rate),
        n_window_stride=int(options["window_stride"] * rate),
        nfilt=given.pop("features"),
        **given,
    ).eval()
    want, length = reference(torch.from_numpy(SPEECH)[None], torch.tensor([len(SPEECH)]))
    spec = sonogram.from_nemo({**options, "dither": 1e-5})
    batch = sonogram.batch([SPEECH], spec)
    assert batch.lengths[0] == int(length[0])
    got, want = batch.input_features[0], want[0].numpy()
    assert got.shape == want.shape
    # float32 FFTs differ by 1e-7 of a frame's peak, which is more of a weak bin.
    scale = 1.0 if options["log"] else np.abs(want).max()
    np.testing.assert_allclose(got, want, rtol=0, atol=2e-3 * scale)


def test_from_nemos_defaults_are_parakeets():
    recipe = {"window_size": 0.025, "features": 80, "pad_to": 0}
    ours = sonogram.from_nemo(recipe)
    parakeet = sonogram.from_hf({}, extractor="ParakeetFeatureExtractor")
    assert ours.replace(layout="time_freq") == parakeet


def test_the_mfcc_preprocessor_is_torchaudios():
    config = {"_target_": "nemo.collections.asr.modules.AudioToMFCCPreprocessor", "n_mfcc": 20}
    spec = sonogram.from_nemo(config)
    kwargs = {"n_fft": 512, "win_length": 320, "hop_length": 160, "n_mels": 64, "f_max": 8000.0}
    same = sonogram.MFCC(n_mfcc=20, log_mels=True, melkwargs=kwargs)
    np.testing.assert_array_equal(sonogram.Extractor(spec)(SPEECH), same(SPEECH))


YAML = """
name: model
sample_rate: &rate 16000
model:
  sample_rate: 16000
  preprocessor:
    _target_: nemo.collections.asr.modules.AudioToMelSpectrogramPreprocessor
    sample_rate: ${model.sample_rate}
    normalize: "per_feature"
    window_size: 0.025
    window_stride: 0.01
    window: "hann"
    features: 80
    n_fft: 512
    log: true
    frame_splicing: 1
    dither: 1e-5
    pad_to: 0
    log_zero_guard_value: 1e-5
    stft_conv: false
"""


def test_from_nemo_reads_a_models_yaml(tmp_path):
    pytest.importorskip("yaml")
    path = tmp_path / "model.yaml"
    path.write_text(YAML)
    spec = sonogram.from_nemo(path)
    assert (spec.sample_rate, spec.n_mels, spec.eps, spec.dither) == (16000, 80, 1e-5, 0.0)
    path.write_text("- 1")
    with pytest.raises(ValueError, match="mapping"):
        sonogram.from_nemo(path)
    path.write_text("a: [")
    with pytest.raises(ValueError, match="not valid YAML"):
        sonogram.from_nemo(path)


def test_without_pyyaml_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "yaml", None)
    with pytest.raises(ImportError, match=r"sonogram\[yaml\]"):
        sonogram.from_nemo(tmp_path / "model.yaml")


def test_lengths_in_samples_and_fixed_statistics():
    mean, std = [-1.0, -2.0], [2.0, 4.0]
    config = {"window_size": None, "n_window_size": 256, "n_window_stride": 100, "features": 2,
              "window_stride": None, "normalize": {"fixed_mean": mean, "fixed_std": std},
              "pad_to": 0}  # fmt: skip
    spec = sonogram.from_nemo(config)
    assert (spec.win_length or spec.n_fft, spec.hop_length) == (256, 100)
    plain = sonogram.from_nemo({**config, "normalize": None})
    x = sonogram.Extractor(plain)(SPEECH)[:, :-1]
    got = sonogram.Extractor(spec)(SPEECH)[:, :-1]
    want = (x - np.array(mean)[:, None]) / np.array(std)[:, None]
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("config", "error", "words"),
    [
        ({"feature": 80}, ValueError, ["feature", "features"]),
        ({"n_window_size": 320}, ValueError, ["n_window_size", "window_size"]),
        ({"frame_splicing": 3}, ValueError, ["frame_splicing", "3"]),
        ({"pad_to": "max"}, ValueError, ["pad_to", "max"]),
        ({"exact_pad": True}, ValueError, ["exact_pad", "preemph"]),
        ({"window": "ones"}, ValueError, ["window", "ones", "hann"]),
        ({"log_zero_guard_type": "max"}, ValueError, ["log_zero_guard_type", "max", "clamp"]),
        ({"log_zero_guard_value": "small"}, ValueError, ["log_zero_guard_value", "small"]),
        ({"mel_norm": "l1"}, ValueError, ["mel_norm", "l1"]),
        ({"normalize": {"fixed_mean": [0.0]}}, ValueError, ["fixed_mean", "64"]),
        ({"normalize": 3}, TypeError, ["normalize", "3"]),
        ({"sample_rate": "${rate}"}, ValueError, ["${rate}"]),
        ({"_target_": "nemo.AudioToSpectrogram"}, ValueError, ["AudioToSpectrogram"]),
        ({"_target_": "AudioToMFCCPreprocessor", "n_mfcc": 80}, ValueError, ["n_mfcc", "80"]),
    ],
    ids=str,
)
def test_from_nemo_names_refused_keys(config, error, words):
    with pytest.raises(error) as caught:
        sonogram.from_nemo(config)
    assert all(word in str(caught.value) for word in words)
