# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A waveform [samples, channels] is refused by every entry, and no batch [items, samples] is."""

import numpy as np
import pytest
from support.peers import peer

import sonogram

SPEC = sonogram.Spec(hop_length=160)
MEL = sonogram.Spec(filterbank="mel", n_mels=40, n_fft=512)
FULL = "whisper-80-hf"  # whatever the signal, 30 s of it


def entries():
    yield "extractor", sonogram.Extractor(SPEC)
    yield "preset", sonogram.Extractor(FULL)
    yield "class", sonogram.Spectrogram()
    yield "function", sonogram.stft
    yield "mfcc", lambda x: sonogram.mfcc(x, melkwargs={"n_mels": 40})
    yield "batch", lambda x: sonogram.batch(x, MEL)
    yield "kaldi", sonogram.kaldi.fbank
    yield "explain", lambda x: sonogram.explain(np.zeros((2, 40, 63), np.float32), x)
    yield "waveform", sonogram.Extractor("wav2vec2")
    yield "plot", lambda x: sonogram.plot(x, 16000)


ENTRIES = dict(entries())


@pytest.mark.parametrize("shape", [(16000, 2), (48000, 1), (128, 8), (480, 2), (2048, 32)], ids=str)
@pytest.mark.parametrize("entry", ENTRIES)
def test_samples_along_the_first_axis_are_refused(entry, shape):
    with pytest.raises(ValueError, match=r"shape \(\d+, \d+\).*last axis.*give waveform\.T"):
        ENTRIES[entry](np.zeros(shape, np.float32))


def test_resampling_refuses_them_too():
    with pytest.raises(ValueError, match=r"shape \(16000, 2\).*\.T"):
        sonogram.resample(np.zeros((16000, 2), np.float32), 16000, 8000)


def test_an_item_of_a_batch_says_how():
    for shape, how in (((16000, 2), r"waveform\[:, 0\]"), ((1, 16000), r"waveform\[0\]")):
        with pytest.raises(ValueError, match=rf"waveforms\[0\] has shape .*give .*{how}"):
            sonogram.batch([np.zeros(shape, np.float32)], SPEC)


def test_a_column_of_a_pipeline_is_refused():
    peer("soxr")
    features = sonogram.corpus.Features(MEL)
    with pytest.raises(sonogram.corpus.ItemError, match=r"shape \(16000, 2\).*\.T"):
        features({"audio": [np.zeros((16000, 2), np.float32)]})


def test_tensors_are_refused():
    torch = peer("torch")
    with pytest.raises(ValueError, match=r"shape \(16000, 2\).*\.T"):
        sonogram.Extractor(SPEC)(torch.zeros(16000, 2))


def test_the_axis_is_named_where_there_are_more():
    with pytest.raises(ValueError, match=r"shape \(4, 16000, 2\).*swapaxes\(1, -1\)"):
        sonogram.Extractor(SPEC)(np.zeros((4, 16000, 2), np.float32))


def test_features_beyond_reason_are_refused_before_there_is_memory():
    """40 channels, 16000 times 30 s: 15 GB."""
    with pytest.raises(ValueError, match=r"shape \(16000, 40\), 40 samples in each of 16000"):
        sonogram.Extractor(FULL)(np.zeros((16000, 40), np.float32))


def test_no_samples_at_all_are_no_batch_of_30_s_each():
    with pytest.raises(ValueError, match=r"shape \(16000, 0\): no samples.*\(16000, 80, 3000\)"):
        sonogram.Extractor(FULL)(np.zeros((16000, 0), np.float32))
    with pytest.raises(ValueError, match=r"shape \(40, 400, 0\): no samples"):
        sonogram.Extractor(FULL)(np.zeros((40, 400, 0), np.float32))
    assert sonogram.Extractor(FULL)(np.zeros((2, 0), np.float32)).shape == (2, 80, 3000)


def test_an_error_of_short_signals_names_the_shape():
    with pytest.raises(ValueError, match=r"200 samples of padding is of 100.*shape \(300, 100\)"):
        sonogram.Extractor(SPEC)(np.zeros((300, 100), np.float32))


@pytest.mark.parametrize(
    ("shape", "fields"),
    [
        ((64, 400), {}),
        ((2000, 320), {}),
        ((1000, 25), {"n_fft": 25, "center": False}),
        ((4096, 16), {"n_fft": 16, "center": False}),
        ((4096, 2), {"n_fft": 2, "center": False}),
        ((5, 3), {"n_fft": 4}),
        ((100, 20), {"n_fft": 32}),
        ((3, 1), {"pad_mode": "constant"}),
        ((2, 16000), {}),
        ((8, 1, 16000), {}),
        ((500, 1, 1600), {}),
        ((5000, 33), {"n_fft": 64}),
        ((0, 400), {}),
        ((1000, 0), {"length": 400}),
    ],
    ids=str,
)
def test_items_of_few_samples_are_taken(shape, fields):
    x = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    extract = sonogram.Extractor(sonogram.Spec(**{"hop_length": 1 if fields else 160, **fields}))
    made = extract(x)
    assert made.shape[:-2] == shape[:-1]
    if x.size:
        first = (0,) * (x.ndim - 1)
        assert np.array_equal(made[first], extract(x[first]))


def test_a_stream_takes_what_its_first_push_allows():
    stream = sonogram.Stream("kaldi-fbank-80")
    assert stream.push(np.zeros((2, 160), np.float32)).shape == (2, 0, 80)
    assert stream.push(np.zeros((2, 1), np.float32)).shape == (2, 0, 80)
    many = sonogram.Stream("kaldi-fbank-80")
    assert many.push(np.zeros((200, 160), np.float32)).shape == (200, 0, 80)


@pytest.mark.parametrize("shape", [(128, 1), (1024, 1), (64, 1), (200, 20)], ids=str)
def test_a_stream_takes_a_short_first_chunk(shape):
    stream = sonogram.Stream("kaldi-fbank-80")
    assert stream.push(np.zeros(shape, np.float32)).shape == (shape[0], 0, 80)


def test_a_stream_refuses_a_block_of_samples_by_channels():
    with pytest.raises(ValueError, match=r"shape \(16000, 2\).*last axis.*give waveform\.T"):
        sonogram.Stream("kaldi-fbank-80").push(np.zeros((16000, 2), np.float32))
