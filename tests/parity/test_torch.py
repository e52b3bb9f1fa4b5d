# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Torch tensors come in and go out without a copy, or are refused; NumPy users need no torch."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from support import signals
from support.peers import peer
from support.recipes import WHISPER

import sonogram

X = signals.speech(4000).astype(np.float32).reshape(2, 2000)


class Clips:
    """A map-style data set that computes features in the worker."""

    def __init__(self):
        self.extractor = sonogram.Extractor(sonogram.Spec(**WHISPER))

    def __len__(self):
        return 8

    def __getitem__(self, i):
        x = np.random.default_rng(i).standard_normal(16000).astype(np.float32)
        return self.extractor(x)


def test_importing_sonogram_imports_no_torch():
    code = "import sys, sonogram; sonogram.stft([0.0] * 500); print('torch' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300
    )
    assert done.stdout == "False\n"


@pytest.mark.parametrize("dtype", ["float32", "float64", "int16", "int32"])
@pytest.mark.parametrize("power", [None, 2.0])
def test_a_tensor_gives_a_tensor_of_the_same_numbers(power, dtype):
    torch = peer("torch")
    x = (X * (1 if "float" in dtype else 30000)).astype(dtype)
    got = sonogram.spectrogram(torch.from_numpy(x), power=power)
    assert isinstance(got, torch.Tensor)
    want = sonogram.spectrogram(x, power=power)
    assert got.dtype == torch.from_numpy(want).dtype
    assert got.is_contiguous()
    assert np.array_equal(got.numpy(), want)


def test_classes_functions_and_extractors_take_tensors():
    torch = peer("torch")
    t = torch.from_numpy(X)
    for call in (
        sonogram.stft,
        sonogram.Spectrogram(),
        sonogram.MelSpectrogram(n_mels=20),
        sonogram.LogMelSpectrogram(n_mels=20),
        sonogram.Extractor(sonogram.Spec(**WHISPER)),
    ):
        assert np.array_equal(call(t).numpy(), call(X))


@pytest.mark.parametrize("view", ["transposed", "every other", "repeated"])
def test_strided_tensors_are_read_where_they_lie(view):
    torch = peer("torch")
    t = torch.from_numpy(signals.noise(4000).astype(np.float32))
    t = {
        "transposed": lambda: t.reshape(1000, 4).T,
        "every other": lambda: t[::2],
        "repeated": lambda: t[:1000].expand(3, 1000),
    }[view]()
    want = sonogram.stft(np.ascontiguousarray(t.numpy()))
    assert np.array_equal(sonogram.stft(t).numpy(), want)


def test_out_may_be_a_tensor_and_is_filled_in_place():
    torch = peer("torch")
    t = torch.from_numpy(X)
    out = torch.full((2, 201, 11), float("nan"))
    got = sonogram.spectrogram(t, out=out)
    assert got.data_ptr() == out.data_ptr()
    assert np.array_equal(out.numpy(), sonogram.spectrogram(X))


def test_the_result_owns_its_memory():
    torch = peer("torch")
    first = sonogram.spectrogram(torch.from_numpy(X))
    kept = first.clone()
    for _ in range(10):
        sonogram.spectrogram(torch.from_numpy(-X))
    assert torch.equal(first, kept)
    first.add_(1.0)  # writable


def test_a_tensor_that_requires_grad_is_an_error():
    torch = peer("torch")
    t = torch.from_numpy(X).clone().requires_grad_()
    with pytest.raises((TypeError, ValueError), match=r"waveform.*grad"):
        sonogram.stft(t)
    with pytest.raises((TypeError, ValueError), match=r"waveform.*grad"):
        sonogram.MelSpectrogram(n_mels=20)(t * 2)
    assert sonogram.stft(t.detach()).shape == (2, 201, 11)


def test_a_tensor_elsewhere_is_an_error_that_names_its_device():
    torch = peer("torch")
    with pytest.raises((TypeError, ValueError), match=r"waveform.*meta"):
        sonogram.stft(torch.zeros(2000, device="meta"))


@pytest.mark.parametrize("dtype", ["complex64", "float16", "bfloat16", "int64", "uint8", "bool"])
def test_other_tensor_dtypes_are_a_type_error(dtype):
    torch = peer("torch")
    with pytest.raises(TypeError, match=r"waveform.*float32"):
        sonogram.stft(torch.zeros(2000, dtype=getattr(torch, dtype)))


def test_sparse_and_conjugated_tensors_are_a_clear_error():
    torch = peer("torch")
    with pytest.raises((TypeError, ValueError), match="waveform"):
        sonogram.stft(torch.zeros(2000).to_sparse())
    negated = torch.zeros(2000, dtype=torch.complex64).conj().imag  # a lazily negated float32 view
    assert negated.is_neg()
    try:
        got = sonogram.stft(negated)
    except (TypeError, ValueError):
        return
    assert np.array_equal(got.numpy(), sonogram.stft(np.zeros(2000, np.float32)))


@pytest.mark.parametrize("window_fn", ["hann_window", "hamming_window", "blackman_window"])
def test_window_fn_may_be_torchs(window_fn):
    torch = peer("torch")
    window = getattr(torch, window_fn)
    got = sonogram.Spectrogram(window_fn=window, wkwargs={"periodic": False})(X)
    name = window_fn.removesuffix("_window")
    want = sonogram.spectrogram(X, window=name, periodic=False)
    np.testing.assert_allclose(got, want, rtol=0, atol=1e-5 * want.max())


@pytest.mark.parametrize("context", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # fork beside threads, as is the point
@pytest.mark.filterwarnings("ignore::UserWarning")  # torch on the number of CPUs
def test_a_data_loader_with_two_workers_gives_the_same_bits(context):
    torch = peer("torch")
    clips = Clips()
    sonogram.stft(signals.noise(200000), num_threads=2)
    loader = torch.utils.data.DataLoader(
        clips, batch_size=2, num_workers=2, multiprocessing_context=context, timeout=60
    )
    batches = [batch.numpy() for batch in loader]
    want = np.stack([clips[i] for i in range(8)])
    assert np.array_equal(np.concatenate(batches), want)


@pytest.mark.parametrize("order", ["torch, sonogram", "sonogram, torch"])
def test_torch_and_sonogram_share_a_process_in_either_import_order(order):
    peer("torch")
    code = f"""
import {order}
import numpy as np
x = torch.randn(4, 100000)
for _ in range(3):
    (x @ x.T).sum()
    torch.stft(x, 400, window=torch.hann_window(400), return_complex=True)
    sonogram.stft(x, num_threads=2)
print("both")
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "both\n"
