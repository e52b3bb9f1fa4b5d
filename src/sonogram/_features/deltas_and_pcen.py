# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Finish stages over existing features, with the arguments of other libraries."""

from __future__ import annotations

import math
import sys
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from .. import _core
from .._spec import words
from .._spec.record import Spec
from .._support.arguments import number_above, positive_int, require_bool, require_one_of
from .._support.arrays import from_tensor, is_tensor
from .._support.overloads import TensorLike, of_specgram
from .._support.spellings import names_arguments


def _apply(name: str, features: Any, stage: tuple[Any, ...], layout: words.Layout) -> Any:
    """Run one stage over an array or tensor of features."""
    tensor = is_tensor(features)
    data = from_tensor(name, features) if tensor else np.asarray(features)
    if data.dtype.name not in ("float32", "float64"):
        raise TypeError(f"{name} has dtype {data.dtype}; it must be float32 or float64")
    if data.ndim < 2:
        axes = "[..., freq, time]" if layout == "freq_time" else "[..., time, freq]"
        raise ValueError(f"{name} has shape {data.shape}; it must be {axes}")
    spec = Spec(finish=(stage,), layout=layout)
    native = np.ascontiguousarray(data, data.dtype.newbyteorder("="))
    result = _core.apply_finish(native, spec._fields())
    return sys.modules["torch"].from_numpy(result) if tensor else result


@of_specgram
@names_arguments
def compute_deltas(
    specgram: npt.ArrayLike | TensorLike,
    win_length: int = 5,
    mode: Literal["replicate", "interp"] = "replicate",
) -> Any:
    """Compute the differences of features over time, with torchaudio's arguments.

    ``d[t] = sum_n n (x[t + n] - x[t - n]) / (2 sum_n n^2)``, n = 1 .. ``win_length // 2``.

    Parameters
    ----------
    specgram : array_like or torch.Tensor, ``[..., freq, time]``
        float32 or float64.
    win_length : int
        Number of frames, odd, at least 3.
    mode : {"replicate", "interp"}
        Handling of the ends: repeat the first and last frame, or librosa's straight line through
        the frames at the end.

    Returns
    -------
    ndarray, or torch.Tensor for a tensor, of the shape of `specgram`

    Raises
    ------
    TypeError, ValueError
        Naming the argument, its value and what is allowed.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> sonogram.compute_deltas(np.arange(6.0)[None])
    array([[0.5, 0.8, 1. , 1. , 0.8, 0.5]])
    """
    require_one_of("mode", mode, ("replicate", "interp"))
    both: Any = add_deltas(specgram, order=1, win_length=win_length, mode=mode)
    return both[..., both.shape[-2] // 2 :, :]


@of_specgram
@names_arguments
def add_deltas(
    specgram: npt.ArrayLike | TensorLike,
    order: int = 2,
    win_length: int = 5,
    mode: Literal["replicate", "kaldi", "interp"] = "replicate",
    *,
    layout: words.Layout = "freq_time",
) -> Any:
    """Append the differences of features over time, their differences, and so on.

    Parameters
    ----------
    specgram : array_like or torch.Tensor, ``[..., freq, time]`` or in the given `layout`
        float32 or float64.
    order : int
        Number of orders of differences.
    win_length : int
        Number of frames of one difference, odd, at least 3.
    mode : {"replicate", "kaldi", "interp"}
        torchaudio's ``compute_deltas``, applied repeatedly; Kaldi's add-deltas, which composes the
        filters and repeats the first and last frame once; or librosa's ``feature.delta``.
    layout : {"freq_time", "time_freq"}
        Layout of the features.

    Returns
    -------
    ndarray, or torch.Tensor for a tensor, ``[..., (1 + order) * freq, time]``

    Raises
    ------
    TypeError, ValueError
        Naming the argument, its value and what is allowed.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> sonogram.add_deltas(np.zeros((13, 100), np.float32)).shape
    (39, 100)
    """
    width = positive_int("win_length", win_length)
    stage = ("deltas", positive_int("order", order), width, mode)
    require_one_of("mode", mode, ("replicate", "kaldi", "interp"))
    require_one_of("layout", layout, ("freq_time", "time_freq"))
    if width < 3 or width % 2 == 0:
        raise ValueError(f"win_length is {width}; it must be odd and at least 3")
    return _apply("specgram", specgram, stage, layout)


@of_specgram
@names_arguments
def sliding_window_cmn(
    specgram: npt.ArrayLike | TensorLike,
    cmn_window: int = 600,
    min_cmn_window: int = 100,
    center: bool = False,
    norm_vars: bool = False,
) -> Any:
    """Subtract the mean over a sliding window, with torchaudio's arguments.

    Parameters
    ----------
    specgram : array_like or torch.Tensor, ``[..., time, freq]``
        float32 or float64.
    cmn_window : int
        Number of frames of the window.
    min_cmn_window : int
        Minimum number of frames at the start; ignored with `center`.
    center : bool
        Centre the window on its frame instead of ending it there.
    norm_vars : bool
        Divide by the standard deviation too.

    Returns
    -------
    ndarray, or torch.Tensor for a tensor, of the shape of `specgram`

    Raises
    ------
    TypeError, ValueError
        Naming the argument, its value and what is allowed.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> sonogram.sliding_window_cmn(np.ones((300, 40), np.float32)).any()
    np.False_
    """
    require_bool("center", center)
    require_bool("norm_vars", norm_vars)
    width = positive_int("cmn_window", cmn_window)
    least = positive_int("min_cmn_window", min_cmn_window)
    stage = ("sliding_cmn", width, least, bool(center), bool(norm_vars))
    return _apply("specgram", specgram, stage, "time_freq")


@of_specgram
@names_arguments
def pcen(
    specgram: npt.ArrayLike | TensorLike,
    *,
    sr: float = 22050,
    hop_length: int = 512,
    gain: float = 0.98,
    bias: float = 2.0,
    power: float = 0.5,
    time_constant: float = 0.4,
    eps: float = 1e-6,
    b: float | None = None,
) -> Any:
    """Apply per-channel energy normalisation, with librosa's arguments.

    ``(x / (eps + m)^gain + bias)^power - bias^power``, where ``m`` is `x` smoothed over time
    (Wang et al., Trainable frontend, 2017).

    Parameters
    ----------
    specgram : array_like or torch.Tensor, ``[..., freq, time]``
        Magnitudes or power, float32 or float64.
    sr, hop_length : float, int
        Sample rate of the audio, Hz, and samples from frame to frame.
    gain, bias, power, eps : float
        Parameters of the formula.
    time_constant : float
        Time constant of the smoother, in seconds.
    b : float, optional
        Coefficient of the smoother ``m[t] = b x[t] + (1 - b) m[t - 1]``, instead of the one that
        `time_constant` implies.

    Returns
    -------
    ndarray, or torch.Tensor for a tensor, of the shape of `specgram`

    Raises
    ------
    TypeError, ValueError
        Naming the argument, its value and what is allowed.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> sonogram.pcen(np.ones((40, 100), np.float32)).shape
    (40, 100)
    """
    if b is None:
        frames = (number_above("time_constant", time_constant, 0.0) * number_above("sr", sr, 0.0)
                  / positive_int("hop_length", hop_length))  # fmt: skip
        b = (math.sqrt(1 + 4 * frames**2) - 1) / (2 * frames**2)
    stage = ("pcen", {"gain": gain, "bias": bias, "power": power, "smooth": b, "eps": eps})
    return _apply("specgram", specgram, stage, "freq_time")
