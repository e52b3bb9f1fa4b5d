# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Calls as a type checker sees them; test_typing.py gives them to mypy, nothing runs them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from typing_extensions import assert_type

import sonogram

Array = npt.NDArray[Any]
x = np.zeros(16000, np.float32)
signals = [x, np.zeros((2, 16000), np.int16), [0.0, 1.0], [[0.0], [1.0]]]

spec = sonogram.Spec(filterbank="mel", n_mels=80, mel_scale="slaney", norm="slaney", log="ln",
                     dtype=np.float32, pad_mode=("reflect", "constant"))  # fmt: skip
sonogram.Spec(window=np.ones(400), filterbank=np.ones((3, 201)), dtype="bfloat16")
sonogram.Spec(window=("kaiser", 8.0), filterbank=[[1.0, 2.0]], dtype=np.dtype("float64"))
assert_type(spec.n_mels, int)
assert_type(sonogram.preset("whisper-80"), sonogram.Spec)
assert_type(sonogram.presets(), Mapping[str, sonogram.Preset])
assert_type(sonogram.presets()["whisper-80"].spec, sonogram.Spec)

extract = sonogram.Extractor(spec)
for whole in ("whisper-80", sonogram.presets()["whisper-80"], extract, sonogram.MFCC()):
    sonogram.Extractor(whole)
    sonogram.Stream(whole)
    sonogram.batch([x], whole)
    sonogram.streaming(whole)
    sonogram.Collate(whole)
assert_type(extract(x), Array)
assert_type(extract(waveform=x, num_threads=1), Array)
assert_type(extract([0.0] * 400), Array)
assert_type(extract(x, out=np.empty((80, 81), np.float32), sample_rate=8000, resample=True), Array)
assert_type(extract.filterbank, npt.NDArray[np.float64] | None)

mel = sonogram.MelSpectrogram(sample_rate=16000, window_fn=np.hanning, norm="slaney", pad=3)
assert_type(mel(x), Array)
assert_type(mel(x, np.empty((128, 81), np.float32), 2), Array)
assert_type(sonogram.LogMelSpectrogram(log="log10", affine=(0.25, 1.0))(x), Array)

assert_type(sonogram.stft(x, 512, hop_length=128), Array)
assert_type(sonogram.spectrogram(waveform=x, power=None, window=np.ones(400)), Array)
assert_type(sonogram.mel_spectrogram(x, n_mels=80, window=np.hanning, dtype="float64"), Array)
assert_type(sonogram.log_mel_spectrogram([0.0, 1.0], log="db"), Array)
assert_type(sonogram.mfcc(x, norm=None, melkwargs={"n_mels": 40}), Array)
assert_type(sonogram.lfcc(x, dct_type=2), Array)
assert_type(sonogram.kaldi.fbank(x, num_mel_bins=80, window_type="hamming"), Array)
assert_type(sonogram.kaldi.mfcc(x), Array)
assert_type(sonogram.kaldi.spectrogram(x), Array)
assert_type(sonogram.compute_deltas(extract(x), mode="interp"), Array)
assert_type(sonogram.add_deltas(extract(x), 2, mode="kaldi", layout="time_freq"), Array)
assert_type(sonogram.sliding_window_cmn(extract(x)), Array)
assert_type(sonogram.pcen(extract(x), gain=0.5), Array)
assert_type(sonogram.resample(x, 16000, 8000, quality="VHQ"), Array)
assert_type(sonogram.mel_filterbank(mel_scale="kaldi", triangle="mel"), npt.NDArray[np.float64])
assert_type(sonogram.hz_to_mel([0.0, 1000.0], mel_scale="slaney"), npt.NDArray[np.float64])
assert_type(sonogram.power_to_db(extract(x), ref=np.max), Array)
assert_type(sonogram.load("x.flac"), tuple[npt.NDArray[np.float32], int])
assert_type(sonogram.extract_file("x.flac", "whisper-80", maximum=3.0), Array)

stream = sonogram.Stream(spec, maximum="running", mean=np.zeros(80), std=[1.0] * 80)
assert_type(stream.push(x), Array)
assert_type(stream.push([0.0], True), Array)
assert_type(stream.samples_for(3), int | None)
assert_type(sonogram.batch(iter([x, x]), spec, padding="max_length"), sonogram.Batch)
assert_type(sonogram.batch([x], spec).input_features, Any)
assert_type(sonogram.Collate(spec, key=0)([(x, 1)]), sonogram.Batch)

# What is refused: were it not, the comment would be one too many.
sonogram.Spec(mel_scale="HTK")  # type: ignore[arg-type]
sonogram.Spec(layout="time")  # type: ignore[arg-type]
sonogram.Spec(dtype="int8")  # type: ignore[arg-type]
sonogram.Spec(hop=3)  # type: ignore[call-arg]
sonogram.Extractor(3)  # type: ignore[arg-type]
sonogram.batch([x], spec, return_tensors="tf")  # type: ignore[arg-type]
sonogram.mel_spectrogram(x, hop=3)  # type: ignore[call-overload]
sonogram.mel_spectrogram(x, n_mels="80")  # type: ignore[call-overload]
sonogram.mel_spectrogram({"array": x})  # type: ignore[call-overload]
sonogram.add_deltas(x, mode="reflect")  # type: ignore[call-overload]
sonogram.hz_to_bark(3.0, "barks")  # type: ignore[arg-type]
