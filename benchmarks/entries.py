# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Who does a workload: sonogram, and every other library that can.

An entry takes the signal, its sample rate and the number of threads, imports and plans whatever it
needs, and returns the call that is timed. A library that is not installed drops out by its
ImportError. Every call gives fresh memory back unless its name says otherwise.
"""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Call = Callable[[], Any]


@dataclass(frozen=True)
class Job:
    """One workload as a library gets it."""

    workload: str
    x: Any
    rate: int
    threads: int

    @property
    def recipe(self) -> dict[str, Any]:
        """The mel spectrogram that is asked for, in torchaudio's words."""
        return RECIPES[self.workload]


Entry = Callable[[Job], Call]
ENTRIES: dict[str, dict[str, Entry]] = {}  # workload -> name -> entry
ONE_THREAD = {"NumPy", "mkl_fft"}  # they have no more

WHISPER = {"n_fft": 400, "hop_length": 160, "n_mels": 80, "mel_scale": "slaney", "norm": "slaney"}
FINISH = {"log": "log10", "drop_last": True, "dynamic_range": 8, "affine": (0.25, 1.0)}
MEL = {"n_fft": 1024, "hop_length": 256, "n_mels": 80}
SLANEY = {"n_fft": 2048, "hop_length": 512, "n_mels": 128, "mel_scale": "slaney", "norm": "slaney"}
CALL = {"n_fft": 400, "hop_length": 160, "n_mels": 80}
RECIPES: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("W1", "W1L", "W1C"), WHISPER),
    **dict.fromkeys(("W2", "W2C"), MEL),
    "W4": {**SLANEY, "pad_mode": "constant"},
    "C25": {**CALL, "center": False},
    "C1000": CALL,
}
WHISPERS = ("W1", "W1L", "W1C")
MELS = ("W2", "W2C", "W4", "C25", "C1000")


def entry(name: str, *workloads: str) -> Callable[[Entry], Entry]:
    """Register a function as one library's way to do these workloads."""

    def register(make: Entry) -> Entry:
        for workload in workloads:
            ENTRIES.setdefault(workload, {})[name] = make
        return make

    return register


def torch_with(threads: int) -> Any:
    torch: Any = importlib.import_module("torch")
    torch.set_num_threads(threads)
    torch.set_grad_enabled(False)
    return torch


def torchaudio_transforms() -> Any:
    """Return torchaudio.transforms, also where its compiled part was made for another torch.

    The transforms are Python over torch; the part that fails to load reads and writes files.
    """
    try:
        return importlib.import_module("torchaudio.transforms")
    except (OSError, RuntimeError):
        for name in [n for n in sys.modules if n.partition(".")[0] == "torchaudio"]:
            del sys.modules[name]
    absent: Any = types.ModuleType("torchaudio._extension")
    absent._IS_TORCHAUDIO_EXT_AVAILABLE = absent._IS_ALIGN_AVAILABLE = False
    absent._check_cuda_version = absent.fail_if_no_align = lambda *given: (
        given[0] if given else None
    )
    absent.utils = types.ModuleType("torchaudio._extension.utils")
    sys.modules.update({absent.__name__: absent, absent.utils.__name__: absent.utils})
    return importlib.import_module("torchaudio.transforms")


def one_by_one(call: Callable[[Any], Any], clips: Any) -> Call:
    """Loop over the clips of a batch, for a library that takes one signal at a time."""
    return (lambda: [call(clip) for clip in clips]) if clips.ndim > 1 else (lambda: call(clips))


# ------------------------------------------------------------------------------------- sonogram
@entry("sonogram", *WHISPERS)
def sonogram_whisper(job: Job) -> Call:
    import sonogram

    extract = sonogram.LogMelSpectrogram(sample_rate=job.rate, **job.recipe, **FINISH)
    return lambda: extract(job.x, num_threads=job.threads)


@entry("sonogram", *MELS)
def sonogram_mel(job: Job) -> Call:
    import sonogram

    extract = sonogram.MelSpectrogram(sample_rate=job.rate, **job.recipe)
    return lambda: extract(job.x, num_threads=job.threads)


@entry("sonogram", "W5")
def sonogram_stft(job: Job) -> Call:
    import sonogram

    options = {"n_fft": 1024, "hop_length": 256, "num_threads": job.threads}
    return lambda: sonogram.stft(job.x, **options)


@entry("sonogram, out=", "W5")
def sonogram_stft_out(job: Job) -> Call:
    import sonogram

    options = {"n_fft": 1024, "hop_length": 256, "num_threads": job.threads}
    out = sonogram.stft(job.x, **options)
    return lambda: sonogram.stft(job.x, out=out, **options)


# --------------------------------------------------------------------------------- log-mel, mel
def whisper_finish(mel: Any) -> Any:
    """Take the logarithm and the range of each item as Whisper does, in NumPy."""
    log = np.log10(np.maximum(mel, np.float32(1e-10)))
    return (np.maximum(log, log.max(axis=(-2, -1), keepdims=True) - 8) + 4) / 4


@entry("asrfront", *WHISPERS)
def asrfront_whisper(job: Job) -> Call:
    from asrfront import whisper

    if job.x.ndim > 1:
        return lambda: whisper.log_mel_batch(job.x, pad_or_trim=False, n_threads=job.threads)
    return lambda: whisper.log_mel(job.x, pad_or_trim=False)


@entry("torch.stft and a matrix, as openai-whisper", *WHISPERS)
def torch_whisper(job: Job) -> Call:
    torch = torch_with(job.threads)
    import sonogram

    extract = sonogram.LogMelSpectrogram(sample_rate=job.rate, **WHISPER)
    filters = torch.from_numpy(extract.filterbank.astype(np.float32))
    window, waveform = torch.hann_window(400), torch.from_numpy(job.x)

    def one(clip: Any) -> Any:
        spectrum = torch.stft(clip, 400, 160, window=window, return_complex=True)
        mel = filters @ (spectrum[..., :-1].abs() ** 2)
        log = torch.clamp(mel, min=1e-10).log10()
        return (torch.maximum(log, log.max() - 8.0) + 4.0) / 4.0

    return one_by_one(one, waveform)


@entry("torchaudio", "W1", "W1C", *MELS)
def torchaudio_mel(job: Job) -> Call:
    torch = torch_with(job.threads)
    mel = torchaudio_transforms().MelSpectrogram(job.rate, **job.recipe)
    waveform = torch.from_numpy(job.x)
    if job.workload not in WHISPERS:
        return lambda: mel(waveform)

    def whisper() -> Any:
        log = mel(waveform)[..., :-1].clamp_(min=1e-10).log10_()
        return (torch.maximum(log, log.amax((-2, -1), keepdim=True) - 8.0) + 4.0) / 4.0

    return whisper


@entry("librosa", "W1", "W1C", *MELS)
def librosa_mel(job: Job) -> Call:
    import librosa

    recipe = {"pad_mode": "reflect", "norm": None, **job.recipe}
    recipe["htk"] = recipe.pop("mel_scale", "htk") == "htk"

    def mel() -> Any:
        return librosa.feature.melspectrogram(y=job.x, sr=job.rate, **recipe)

    if job.workload not in WHISPERS:
        return mel
    return lambda: whisper_finish(mel()[..., :-1])


@entry("auvux-dsp", *WHISPERS, "W2", "W2C", "W4", "C1000")
def auvux_mel(job: Job) -> Call:
    from auvux import dsp

    dsp.set_num_threads(job.threads)
    recipe = {"pad_mode": "reflect", "mel_scale": "htk", "norm": None, **job.recipe}
    mel = dsp.MelSpectrogram(sr=job.rate, mel_norm=recipe.pop("norm"), **recipe)
    if job.workload not in WHISPERS:
        return lambda: mel(job.x)
    return lambda: whisper_finish(mel(job.x)[..., :-1])


# ----------------------------------------------------------------------------------------- STFT
@entry("torch.stft", "W5")
def torch_stft(job: Job) -> Call:
    torch = torch_with(job.threads)
    waveform, window = torch.from_numpy(job.x), torch.hann_window(1024)
    return lambda: torch.stft(waveform, 1024, 256, window=window, return_complex=True)


@entry("auvux-dsp", "W5")
def auvux_stft(job: Job) -> Call:
    from auvux import dsp

    dsp.set_num_threads(job.threads)
    stft = dsp.STFT(sr=job.rate, n_fft=1024, hop_length=256, pad_mode="reflect")
    return lambda: stft(job.x)


@entry("librosa", "W5")
def librosa_stft(job: Job) -> Call:
    import librosa

    return lambda: librosa.stft(job.x, n_fft=1024, hop_length=256, pad_mode="reflect")


@entry("SciPy ShortTimeFFT", "W5")
def scipy_stft(job: Job) -> Call:
    from scipy import fft
    from scipy.signal import ShortTimeFFT, get_window

    stft = ShortTimeFFT(get_window("hann", 1024).astype(np.float32), 256, job.rate)

    def call() -> Any:
        with fft.set_workers(job.threads):
            return stft.stft(job.x)

    return call


# --------------------------------------------------------------------------------- bare real FFT
BARE = ("W6_400", "W6_512", "W6_1024", "W6_2048")


@entry("sonogram", *BARE)
def sonogram_log_mel(job: Job) -> Call:
    """Take the whole log-mel of a signal with as many frames of the same length."""
    import sonogram

    frames, n_fft = job.x.shape
    hop = n_fft * 2 // 5
    extract = sonogram.LogMelSpectrogram(
        sample_rate=job.rate, n_fft=n_fft, hop_length=hop, n_mels=80, **FINISH
    )
    signal = np.ascontiguousarray(job.x.ravel()[: frames * hop])
    out = extract(signal)
    return lambda: extract(signal, out=out, num_threads=job.threads)


def half(x: Any) -> Any:
    return np.empty((x.shape[0], x.shape[1] // 2 + 1), np.complex64)


@entry("NumPy", *BARE)
def numpy_fft(job: Job) -> Call:
    out = half(job.x)
    return lambda: np.fft.rfft(job.x, axis=1, out=out)


@entry("SciPy", *BARE)
def scipy_fft(job: Job) -> Call:
    from scipy import fft

    return lambda: fft.rfft(job.x, axis=1, workers=job.threads)


@entry("mkl_fft", *BARE)
def mkl(job: Job) -> Call:
    import mkl_fft

    out = half(job.x)
    return lambda: mkl_fft.rfft(job.x, axis=1, out=out)


@entry("ducc0", *BARE)
def ducc(job: Job) -> Call:
    import ducc0

    out = half(job.x)
    return lambda: ducc0.fft.r2c(job.x, axes=(1,), out=out, nthreads=job.threads)


@entry("FFTW, measured plan", *BARE)
def fftw(job: Job) -> Call:
    import pyfftw

    given = pyfftw.empty_aligned(job.x.shape, "float32")
    plan = pyfftw.FFTW(
        given,
        pyfftw.empty_aligned(half(job.x).shape, "complex64"),
        axes=(1,),
        flags=("FFTW_MEASURE",),
        threads=job.threads,
    )
    given[:] = job.x
    return plan
