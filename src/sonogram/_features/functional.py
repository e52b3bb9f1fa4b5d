# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Functions with the waveform first and the rest by keyword, which cache recent extractors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy.typing as npt

from .._spec import words
from .._support.overloads import Out, TensorLike, of_waveform
from .._support.spellings import names_arguments
from .transforms import LogMelSpectrogram, MelSpectrogram, Spectrogram

_KEYS = (str, int, float, type(None))
_KEY_TYPES = frozenset((*_KEYS, bool))


@lru_cache(maxsize=64, typed=True)
def _kept(kind: type, **arguments: Any) -> Any:
    return kind(**arguments)


def _run(kind: type, arguments: dict[str, Any]) -> Any:
    """Call a transform with the locals of a function of this module."""
    waveform, out = arguments.pop("waveform"), arguments.pop("out")
    num_threads = arguments.pop("num_threads")
    values = arguments.values()
    if _KEY_TYPES.issuperset(map(type, values)) or all(isinstance(v, _KEYS) for v in values):
        transform = _kept(kind, **arguments)
    else:  # an array is not hashable, and a function may return something else next time
        transform = kind(**arguments)
    return transform(waveform, out, num_threads)


@of_waveform
@names_arguments
def stft(
    waveform: npt.ArrayLike | TensorLike,
    n_fft: int = 400,
    *,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: words.WindowLike = "hann",
    periodic: bool = True,
    center: bool = True,
    pad_mode: words.PadMode = "reflect",
    normalized: words.Normalized = False,
    layout: words.Layout = "freq_time",
    dtype: words.DType | None = None,
    out: Out = None,
    num_threads: int | None = None,
) -> Any:
    """Compute the short-time Fourier transform, complex ``[..., n_fft // 2 + 1, time]``.

    ``X[k, t] = sum_n w[n] x[t hop + n] exp(-2 pi i k n / n_fft)``; with ``center=True`` frame `t`
    is centred at sample ``t * hop_length`` (the framing of torch.stft).

    Parameters
    ----------
    waveform : array_like or torch.Tensor, ``[..., samples]``
        float32, float64, int16 or int32 (integers are scaled to [-1, 1)); a list of numbers is
        float32.
    n_fft : int
        FFT length, any number from 1 to 2**24.
    hop_length : int, optional
        None: ``win_length // 2``.
    win_length : int, optional
        None: `n_fft`. A shorter window is centred.
    window : str, tuple, array_like ``[win_length]`` or callable
        A name as in `Spec`, the values, or a function of `win_length` that returns them.
    periodic : bool
        Whether a window given by name is periodic rather than symmetric.
    center, pad_mode, normalized, layout, dtype
        As in `Spec`.
    out : ndarray or tensor, optional
        Memory for the result.
    num_threads : int, optional
        Number of threads of this call.

    Returns
    -------
    complex64 ndarray, or complex128 for float64 input; a tensor for a tensor

    Raises
    ------
    TypeError, ValueError
        Naming the argument, its value and what is allowed.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> sonogram.stft(np.zeros(16000, np.float32), n_fft=1024, hop_length=256).shape
    (513, 63)
    """
    return _run(Spectrogram, {**locals(), "power": None})


@of_waveform
@names_arguments
def spectrogram(
    waveform: npt.ArrayLike | TensorLike,
    *,
    n_fft: int = 400,
    win_length: int | None = None,
    hop_length: int | None = None,
    pad: int | tuple[int, int] = 0,
    power: float | None = 2.0,
    normalized: words.Normalized = False,
    center: bool = True,
    pad_mode: words.PadMode = "reflect",
    window: words.WindowLike = "hann",
    periodic: bool = True,
    window_fn: Callable[..., Any] | None = None,
    wkwargs: Mapping[str, Any] | None = None,
    onesided: bool = True,
    sample_rate: float = 16000,
    layout: words.Layout = "freq_time",
    dtype: words.DType | None = None,
    out: Out = None,
    num_threads: int | None = None,
) -> Any:
    """Compute a spectrogram ``[..., n_fft // 2 + 1, time]``.

    Keywords and defaults are those of `Spectrogram`. `waveform`, `out`, `num_threads` and the
    result are as in `stft`, except that the result is real unless `power` is None.

    Raises
    ------
    TypeError, ValueError
        Naming the argument, its value and what is allowed.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> sonogram.spectrogram(np.zeros(16000, np.float32), n_fft=512, power=1.0).shape
    (257, 63)
    """
    return _run(Spectrogram, locals())


@of_waveform
@names_arguments
def mel_spectrogram(
    waveform: npt.ArrayLike | TensorLike,
    *,
    sample_rate: float = 16000,
    n_fft: int = 400,
    win_length: int | None = None,
    hop_length: int | None = None,
    pad: int | tuple[int, int] = 0,
    power: float = 2.0,
    normalized: words.Normalized = False,
    center: bool = True,
    pad_mode: words.PadMode = "reflect",
    window: words.WindowLike = "hann",
    periodic: bool = True,
    window_fn: Callable[..., Any] | None = None,
    wkwargs: Mapping[str, Any] | None = None,
    onesided: bool | None = None,
    n_mels: int = 128,
    f_min: float = 0.0,
    f_max: float | None = None,
    norm: words.Norm | None = None,
    mel_scale: words.MelScale = "htk",
    layout: words.Layout = "freq_time",
    dtype: words.DType | None = None,
    out: Out = None,
    num_threads: int | None = None,
) -> Any:
    """Compute a mel spectrogram ``[..., n_mels, time]``.

    Keywords and defaults are those of `MelSpectrogram`. `waveform`, `out`, `num_threads` and the
    result are as in `stft`, except that the result is real.

    Raises
    ------
    TypeError, ValueError
        Naming the argument, its value and what is allowed.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> sonogram.mel_spectrogram(np.zeros(16000, np.float32), n_fft=1024, n_mels=80).shape
    (80, 32)
    """
    return _run(MelSpectrogram, locals())


@of_waveform
@names_arguments
def log_mel_spectrogram(
    waveform: npt.ArrayLike | TensorLike,
    *,
    sample_rate: float = 16000,
    n_fft: int = 400,
    win_length: int | None = None,
    hop_length: int | None = None,
    pad: int | tuple[int, int] = 0,
    power: float = 2.0,
    normalized: words.Normalized = False,
    center: bool = True,
    pad_mode: words.PadMode = "reflect",
    window: words.WindowLike = "hann",
    periodic: bool = True,
    window_fn: Callable[..., Any] | None = None,
    wkwargs: Mapping[str, Any] | None = None,
    onesided: bool | None = None,
    n_mels: int = 128,
    f_min: float = 0.0,
    f_max: float | None = None,
    norm: words.Norm | None = None,
    mel_scale: words.MelScale = "htk",
    log: words.Log = "ln",
    floor: float = 1e-10,
    eps: float = 0.0,
    drop_last: bool = False,
    dynamic_range: float | None = None,
    affine: tuple[float, float] | None = None,
    layout: words.Layout = "freq_time",
    dtype: words.DType | None = None,
    out: Out = None,
    num_threads: int | None = None,
) -> Any:
    """Compute a log-mel spectrogram ``[..., n_mels, time]``.

    Keywords and defaults are those of `LogMelSpectrogram`. `waveform`, `out`, `num_threads` and
    the result are as in `stft`, except that the result is real.

    Raises
    ------
    TypeError, ValueError
        Naming the argument, its value and what is allowed.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> x = np.zeros(16000, np.float32)
    >>> float(sonogram.log_mel_spectrogram(x, n_fft=512, n_mels=40, log="log10").max())
    -10.0
    """
    return _run(LogMelSpectrogram, locals())
