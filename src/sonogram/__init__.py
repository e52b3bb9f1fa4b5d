# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Fast, exact audio spectrograms and the front ends of models, with NumPy as the only dependency.

>>> import numpy as np, sonogram
>>> mel = sonogram.MelSpectrogram(sample_rate=16000, n_fft=1024, hop_length=256, n_mels=80)
>>> mel(np.zeros((1, 16000), np.float32)).shape
(1, 80, 63)
"""

from typing import TYPE_CHECKING

from ._banks.check_filterbank import FilterbankReport, WeakFilter, check_filterbank
from ._banks.filterbanks import (
    band_frequencies,
    bark_filterbank,
    chroma_filterbank,
    erb_filterbank,
    linear_filterbank,
    log_filterbank,
    mel_filterbank,
)
from ._banks.scales import (
    amplitude_to_db,
    bark_to_hz,
    erb_to_hz,
    fft_frequencies,
    hz_to_bark,
    hz_to_erb,
    hz_to_mel,
    mel_frequencies,
    mel_to_hz,
    power_to_db,
    window,
)
from ._core import __version__
from ._features.batch import Batch, Collate, batch
from ._features.cepstra import LFCC, MFCC, lfcc, mfcc
from ._features.deltas_and_pcen import add_deltas, compute_deltas, pcen, sliding_window_cmn
from ._features.extractor import Extractor
from ._features.functional import log_mel_spectrogram, mel_spectrogram, spectrogram, stft
from ._features.long_files import extract_file
from ._features.stream import Obstacle, Stream, StreamLatency, streaming
from ._features.transforms import LogMelSpectrogram, MelSpectrogram, Spectrogram
from ._plot.figure import plot
from ._plot.image import image
from ._plot.specshow import specshow
from ._spec.presets import Preset, preset, presets
from ._spec.record import Spec
from ._support import runtime as _runtime
from ._support.lazy import lazy_names as _lazily
from ._support.runtime import available_isas, get_num_threads, isa, set_num_threads, show_config
from .audio import AudioInfo, info, load, resample, save

_runtime.go_serial_in_forked_workers()


if TYPE_CHECKING:
    from . import corpus, kaldi
    from . import torch as torch  # not in __all__: it would take the place of PyTorch
    from ._explain import Difference, Explanation, explain
    from ._support.embed import cmake_dir, get_include, library_path
    from .configs import from_hf, from_hifigan, from_kaldi_conf, from_nemo, hf_batch_options

# Imported on first use, so that importing the package stays quick.
_LATE = {
    "corpus": "corpus",
    "kaldi": "kaldi",
    "torch": "torch",
    **dict.fromkeys(("cmake_dir", "get_include", "library_path"), "_support.embed"),
    **dict.fromkeys(("Difference", "Explanation", "explain"), "_explain"),
    **dict.fromkeys(
        ("from_hf", "from_hifigan", "from_kaldi_conf", "from_nemo", "hf_batch_options"), "configs"
    ),
}
__getattr__, __dir__ = _lazily(globals(), _LATE)

__all__ = [
    "LFCC",
    "MFCC",
    "AudioInfo",
    "Batch",
    "Collate",
    "Difference",
    "Explanation",
    "Extractor",
    "FilterbankReport",
    "LogMelSpectrogram",
    "MelSpectrogram",
    "Obstacle",
    "Preset",
    "Spec",
    "Spectrogram",
    "Stream",
    "StreamLatency",
    "WeakFilter",
    "__version__",
    "add_deltas",
    "amplitude_to_db",
    "available_isas",
    "band_frequencies",
    "bark_filterbank",
    "bark_to_hz",
    "batch",
    "check_filterbank",
    "chroma_filterbank",
    "cmake_dir",
    "compute_deltas",
    "corpus",
    "erb_filterbank",
    "erb_to_hz",
    "explain",
    "extract_file",
    "fft_frequencies",
    "from_hf",
    "from_hifigan",
    "from_kaldi_conf",
    "from_nemo",
    "get_include",
    "get_num_threads",
    "hf_batch_options",
    "hz_to_bark",
    "hz_to_erb",
    "hz_to_mel",
    "image",
    "info",
    "isa",
    "kaldi",
    "lfcc",
    "library_path",
    "linear_filterbank",
    "load",
    "log_filterbank",
    "log_mel_spectrogram",
    "mel_filterbank",
    "mel_frequencies",
    "mel_spectrogram",
    "mel_to_hz",
    "mfcc",
    "pcen",
    "plot",
    "power_to_db",
    "preset",
    "presets",
    "resample",
    "save",
    "set_num_threads",
    "show_config",
    "sliding_window_cmn",
    "specshow",
    "spectrogram",
    "stft",
    "streaming",
    "window",
]
