# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Kaldi's features with the arguments of ``torchaudio.compliance.kaldi``.

As there, floating-point samples are not scaled: Kaldi's own samples have the values of int16, so
audio in [-1, 1] is often multiplied by 32768 first. Integer arrays are scaled to [-1, 1).
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import numpy.typing as npt

from ._features.extractor import Extractor
from ._support.arguments import as_waveform, check_orientation, number_above, shown
from ._support.arrays import is_tensor
from ._support.overloads import TensorLike, of_waveform
from ._support.spellings import names_arguments
from .configs.kaldi import ALLOWED, Options, spec_of

__all__ = ["fbank", "mfcc", "spectrogram"]

WindowType: TypeAlias = Literal["povey", "hamming", "hanning", "rectangular", "blackman", "sine"]


@lru_cache(maxsize=64, typed=True)
def _extractor(kind: str, **options: Any) -> Extractor:
    spec = spec_of(kind, Options(**options), scale=1.0)
    return Extractor(spec.replace(dtype=None))  # torchaudio's follows the waveform's


def _run(kind: str, arguments: dict[str, Any]) -> Any:
    """Call an extractor with the locals of a function of this module."""
    waveform = arguments["waveform"]
    data = as_waveform(waveform)
    if data.ndim > 2:
        raise ValueError(f"waveform has shape {data.shape}; it must be [channels, samples]")
    milliseconds = number_above("frame_length", arguments["frame_length"], 0.0)
    rate = number_above("sample_frequency", arguments["sample_frequency"], 0.0)
    check_orientation(data, max(1, round(min(milliseconds * 1e-3 * rate, 1 << 24))))
    channel = arguments["channel"]
    if isinstance(channel, bool) or not hasattr(channel, "__index__"):
        raise TypeError(f"channel is {shown(channel)}; it must be an integer, -1 for the first")
    channels = data.shape[0] if data.ndim == 2 else 1
    if not -1 <= channel < channels:
        raise ValueError(f"channel is {shown(channel)}; it must be from -1 to {channels - 1}")
    item = data[max(channel, 0)] if data.ndim == 2 else data
    seconds = number_above("min_duration", arguments["min_duration"], 0.0, included=True)
    extractor = _extractor(kind, **{name: arguments[name] for name in ALLOWED[kind]})
    if len(item) < seconds * arguments["sample_frequency"]:
        item = item[:0]  # Kaldi skips a signal that is too short
    if not is_tensor(waveform):
        return extractor(item)
    return extractor(sys.modules["torch"].from_numpy(item))


@of_waveform
@names_arguments
def fbank(
    waveform: npt.ArrayLike | TensorLike,
    blackman_coeff: float = 0.42,
    channel: int = -1,
    dither: float = 0.0,
    energy_floor: float = 1.0,
    frame_length: float = 25.0,
    frame_shift: float = 10.0,
    high_freq: float = 0.0,
    htk_compat: bool = False,
    low_freq: float = 20.0,
    min_duration: float = 0.0,
    num_mel_bins: int = 23,
    preemphasis_coefficient: float = 0.97,
    raw_energy: bool = True,
    remove_dc_offset: bool = True,
    round_to_power_of_two: bool = True,
    sample_frequency: float = 16000.0,
    snip_edges: bool = True,
    subtract_mean: bool = False,
    use_energy: bool = False,
    use_log_fbank: bool = True,
    use_power: bool = True,
    vtln_high: float = -500.0,
    vtln_low: float = 100.0,
    vtln_warp: float = 1.0,
    window_type: WindowType = "povey",
) -> Any:
    """Compute Kaldi's log-mel filterbank, ``[time, n_mels]``, with one more column for the energy.

    Parameters
    ----------
    waveform : array_like or torch.Tensor, ``[channels, samples]`` or ``[samples]``
        Samples in a dtype that an `Extractor` accepts.
    blackman_coeff : float
        Coefficient of the Blackman window.
    channel : int
        Channel of the waveform; -1: the first.
    dither : float
        Amplitude of the noise, which is seeded.
    energy_floor : float
        Floor of the energy.
    frame_length, frame_shift : float
        Length of a frame and distance between frames, in milliseconds.
    high_freq, low_freq : float
        Edges of the bands, Hz; a `high_freq` that is not positive is an offset from Nyquist.
    htk_compat : bool
        Put the energy last.
    min_duration : float
        Minimum duration in seconds; a shorter signal gives no frames.
    num_mel_bins : int
        Number of bands.
    preemphasis_coefficient : float
        Pre-emphasis, 0 to 1.
    raw_energy : bool
        Measure the energy before pre-emphasis and window, rather than after.
    remove_dc_offset : bool
        Subtract each frame's mean.
    round_to_power_of_two : bool
        Round the FFT length up to a power of two, rather than using the frame's length.
    sample_frequency : float
        Sample rate, Hz.
    snip_edges : bool
        Use only frames that fit completely, rather than one per shift with mirrored ends.
    subtract_mean : bool
        Subtract each column's mean over time.
    use_energy : bool
        Add a column of log energy.
    use_log_fbank, use_power : bool
        Take the logarithm of the bands; sum power rather than magnitude.
    vtln_high, vtln_low, vtln_warp : float
        Vocal tract length normalisation; a negative `vtln_high` is an offset from Nyquist.
    window_type : {"povey", "hamming", "hanning", "rectangular", "blackman", "sine"}
        Symmetric window.

    Returns
    -------
    ndarray, or torch.Tensor for a tensor
        Without frames for a signal that is too short for one.

    Raises
    ------
    TypeError, ValueError
        Naming the argument, its value and what is allowed.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> sonogram.kaldi.fbank(np.zeros(16000, np.float32), num_mel_bins=80).shape
    (98, 80)
    """
    return _run("fbank", locals())


@of_waveform
@names_arguments
def mfcc(
    waveform: npt.ArrayLike | TensorLike,
    blackman_coeff: float = 0.42,
    cepstral_lifter: float = 22.0,
    channel: int = -1,
    dither: float = 0.0,
    energy_floor: float = 1.0,
    frame_length: float = 25.0,
    frame_shift: float = 10.0,
    high_freq: float = 0.0,
    htk_compat: bool = False,
    low_freq: float = 20.0,
    num_ceps: int = 13,
    min_duration: float = 0.0,
    num_mel_bins: int = 23,
    preemphasis_coefficient: float = 0.97,
    raw_energy: bool = True,
    remove_dc_offset: bool = True,
    round_to_power_of_two: bool = True,
    sample_frequency: float = 16000.0,
    snip_edges: bool = True,
    subtract_mean: bool = False,
    use_energy: bool = False,
    vtln_high: float = -500.0,
    vtln_low: float = 100.0,
    vtln_warp: float = 1.0,
    window_type: WindowType = "povey",
) -> Any:
    """Compute Kaldi's cepstra, ``[time, num_ceps]``.

    Parameters are those of `fbank`, and:

    Parameters
    ----------
    cepstral_lifter : float
        Multiply coefficient ``i`` by ``1 + lifter/2 sin(pi i / lifter)``; 0: no liftering.
    num_ceps : int
        Number of cepstral coefficients, at most `num_mel_bins`.
    use_energy : bool
        Replace the first coefficient by the log energy.
    htk_compat : bool
        Put the first coefficient last, without the transform's factor unless it is the energy.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> sonogram.kaldi.mfcc(np.zeros(16000, np.float32)).shape
    (98, 13)
    """
    return _run("mfcc", locals())


@of_waveform
@names_arguments
def spectrogram(
    waveform: npt.ArrayLike | TensorLike,
    blackman_coeff: float = 0.42,
    channel: int = -1,
    dither: float = 0.0,
    energy_floor: float = 1.0,
    frame_length: float = 25.0,
    frame_shift: float = 10.0,
    min_duration: float = 0.0,
    preemphasis_coefficient: float = 0.97,
    raw_energy: bool = True,
    remove_dc_offset: bool = True,
    round_to_power_of_two: bool = True,
    sample_frequency: float = 16000.0,
    snip_edges: bool = True,
    subtract_mean: bool = False,
    window_type: WindowType = "povey",
) -> Any:
    """Compute Kaldi's log power spectrogram, ``[time, n_fft // 2 + 1]``.

    The first column is the log energy. Parameters are those of `fbank`.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> sonogram.kaldi.spectrogram(np.zeros(16000, np.float32)).shape
    (98, 257)
    """
    return _run("spectrogram", locals())
