# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Calls with tensors as a type checker sees them; test_typing.py gives them to mypy."""

import numpy as np
import torch
from torch import Tensor
from typing_extensions import assert_type

import sonogram

x = torch.zeros(16000)
extract = sonogram.Extractor("whisper-80")
assert_type(extract(x), Tensor)
assert_type(extract(x, out=torch.empty(80, 101), num_threads=2), Tensor)
assert_type(sonogram.MelSpectrogram()(x), Tensor)
assert_type(sonogram.MFCC()(waveform=x, sample_rate=16000), Tensor)
assert_type(sonogram.stft(x, 512), Tensor)
assert_type(sonogram.spectrogram(x, window=torch.hann_window(400)), Tensor)
assert_type(sonogram.mel_spectrogram(x, n_mels=80, window_fn=torch.hann_window), Tensor)
assert_type(sonogram.log_mel_spectrogram(waveform=x, out=torch.empty(128, 81)), Tensor)
assert_type(sonogram.mfcc(x), Tensor)
assert_type(sonogram.lfcc(x), Tensor)
assert_type(sonogram.kaldi.fbank(x, num_mel_bins=80), Tensor)
assert_type(sonogram.kaldi.mfcc(x), Tensor)
assert_type(sonogram.kaldi.spectrogram(x), Tensor)
assert_type(sonogram.compute_deltas(x[None]), Tensor)
assert_type(sonogram.add_deltas(specgram=x[None]), Tensor)
assert_type(sonogram.sliding_window_cmn(x[None]), Tensor)
assert_type(sonogram.pcen(x[None]), Tensor)
assert_type(sonogram.resample(x, 16000, 8000), Tensor)
assert_type(sonogram.Stream("kaldi-fbank-80").push(x, last=True), Tensor)
assert_type(sonogram.batch([x, x], "whisper-80", return_tensors="pt").to("cpu"), sonogram.Batch)
sonogram.save("x.wav", x, 16000)

extract(np.zeros(16000), out=torch.empty(80, 101))  # type: ignore[call-overload]
