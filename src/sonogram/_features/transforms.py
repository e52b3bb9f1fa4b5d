# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Classes with the arguments of torchaudio's transforms, each a wrapper over its `Spec`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from .._spec import words
from .._spec.record import Spec
from .._support.arrays import from_tensor, is_tensor
from .._support.overloads import Tensor
from .._support.spellings import names_arguments
from .extractor import Extractor


def _window_field(
    window: Any, window_fn: Callable[..., Any] | None, wkwargs: Mapping[str, Any] | None, spec: Spec
) -> Any:
    """Return a window as a field of Spec: names stay names, callables are called."""
    if window_fn is not None and not callable(window_fn):
        raise TypeError(f"window_fn is {window_fn!r}; it must be a callable or None")
    if wkwargs is not None and not isinstance(wkwargs, Mapping):
        raise TypeError(f"wkwargs is {wkwargs!r}; it must be a mapping or None")
    win_length = spec.win_length or spec.n_fft
    given = window_fn if window_fn is not None else window
    if callable(given) and not is_tensor(given):
        given = given(win_length, **(wkwargs or {}))
    elif isinstance(given, (str, tuple, list)) and not wkwargs:
        return given
    elif wkwargs:
        raise ValueError(f"wkwargs is {wkwargs!r}; it needs a window_fn to go to")
    if is_tensor(given):
        given = from_tensor("window", given)
    values = np.asarray(given)
    if values.shape != (win_length,):
        raise ValueError(f"window has shape {values.shape}; it must have ({win_length},)")
    return values


def _pad_field(pad: Any) -> Any:
    return pad if isinstance(pad, (tuple, list)) else (pad, pad)


@names_arguments
class _Transform:
    """An `Extractor` with the argument names of a torchaudio transform."""

    def __init__(self, fields: dict[str, Any]) -> None:
        fields["pad"] = _pad_field(fields["pad"])
        onesided = fields.pop("onesided")
        if not isinstance(onesided, (bool, np.bool_)):
            raise TypeError(f"onesided is {onesided!r}; it must be True")
        if not onesided:
            raise ValueError("onesided is False; it must be True: only one-sided spectra are built")
        window, window_fn = fields.pop("window"), fields.pop("window_fn")
        wkwargs = fields.pop("wkwargs")
        spec = Spec(**fields)
        if window_fn is None and wkwargs is None and isinstance(window, str):
            spec = spec.replace(window=window) if window != spec.window else spec
        else:
            spec = spec.replace(window=_window_field(window, window_fn, wkwargs, spec))
        self._extractor = Extractor(spec)

    @property
    def spec(self) -> Spec:
        """The front end."""
        return self._extractor.spec

    @property
    def extractor(self) -> Extractor:
        """The extractor of the front end."""
        return self._extractor

    @property
    def filterbank(self) -> npt.NDArray[np.float64] | None:
        """The bands, float64 ``[n_mels, n_freqs]`` (torchaudio's is the transpose), or None."""
        return self._extractor.filterbank

    @property
    def window(self) -> npt.NDArray[np.float64]:
        """The window, float64 ``[win_length]``."""
        return self._extractor.window

    def num_frames(self, num_samples: int) -> int:
        """Return the number of frames of a signal of `num_samples` samples."""
        return self._extractor.num_frames(num_samples)

    def frame_times(
        self, num_frames: int, num_samples: int | None = None
    ) -> npt.NDArray[np.float64]:
        """Return the centre times of the first frames: see `Extractor.frame_times`."""
        return self._extractor.frame_times(num_frames, num_samples)

    @overload
    def __call__(
        self,
        waveform: Tensor,
        out: Tensor | None = None,
        num_threads: int | None = None,
        *,
        sample_rate: float | None = None,
        resample: bool = False,
    ) -> Tensor: ...
    @overload
    def __call__(
        self,
        waveform: npt.ArrayLike,
        out: npt.NDArray[Any] | None = None,
        num_threads: int | None = None,
        *,
        sample_rate: float | None = None,
        resample: bool = False,
    ) -> npt.NDArray[Any]: ...
    def __call__(
        self,
        waveform: Any,
        out: Any = None,
        num_threads: int | None = None,
        *,
        sample_rate: float | None = None,
        resample: bool = False,
    ) -> Any:
        """Compute the features of ``[..., samples]``: see `Extractor.__call__`."""
        if type(waveform) is np.ndarray and sample_rate is None and not resample:
            return self._extractor._core(waveform, out, num_threads)
        return self._extractor(
            waveform, out, num_threads, sample_rate=sample_rate, resample=resample
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.spec!r}>"


@names_arguments
class Spectrogram(_Transform):
    """Spectrogram ``[..., n_fft // 2 + 1, time]``, with torchaudio's arguments and defaults.

    Parameters
    ----------
    n_fft, win_length, hop_length, pad, power, normalized, center, pad_mode
        As in `Spec`; `pad` zeros are added on both sides. ``power=None`` returns the complex
        spectrum.
    window_fn : callable, optional
        ``window_fn(win_length, **wkwargs)`` returns the window, instead of `window`.
    wkwargs : mapping, optional
        Keywords of `window_fn`.
    onesided : bool
        Only True is supported.
    window, periodic, sample_rate, layout, dtype
        As in `Spec`.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> sonogram.Spectrogram(n_fft=512)(np.zeros((2, 16000), np.float32)).shape
    (2, 257, 63)
    """

    def __init__(
        self,
        n_fft: int = 400,
        win_length: int | None = None,
        hop_length: int | None = None,
        pad: int | tuple[int, int] = 0,
        window_fn: Callable[..., Any] | None = None,
        power: float | None = 2.0,
        normalized: words.Normalized = False,
        wkwargs: Mapping[str, Any] | None = None,
        center: bool = True,
        pad_mode: words.PadMode = "reflect",
        onesided: bool = True,
        *,
        window: words.WindowLike = "hann",
        periodic: bool = True,
        sample_rate: float = 16000,
        layout: words.Layout = "freq_time",
        dtype: words.DType | None = None,
    ) -> None:
        super().__init__({k: v for k, v in locals().items() if k not in ("self", "__class__")})


@names_arguments
class MelSpectrogram(_Transform):
    """Mel spectrogram ``[..., n_mels, time]``, with torchaudio's arguments and defaults.

    Parameters
    ----------
    sample_rate, n_fft, win_length, hop_length, f_min, f_max, pad, n_mels, power, normalized, \
center, pad_mode, norm, mel_scale
        As in `Spec`; as in torchaudio, ``hop_length=None`` is ``win_length // 2``, ``norm=None``
        leaves the triangles at height 1 and ``mel_scale="htk"`` is the default. Bin `k` is at
        ``k * sample_rate / n_fft``; torchaudio's bins, and therefore its filters, are stretched if
        `n_fft` is odd and end at ``sample_rate // 2`` if the rate is odd.
    window_fn, wkwargs, onesided, window, periodic, layout, dtype
        As in `Spectrogram`.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> mel = sonogram.MelSpectrogram(sample_rate=22050, n_fft=1024, hop_length=256, n_mels=80)
    >>> mel(np.zeros((1, 22050), np.float32)).shape
    (1, 80, 87)
    """

    def __init__(
        self,
        sample_rate: float = 16000,
        n_fft: int = 400,
        win_length: int | None = None,
        hop_length: int | None = None,
        f_min: float = 0.0,
        f_max: float | None = None,
        pad: int | tuple[int, int] = 0,
        n_mels: int = 128,
        window_fn: Callable[..., Any] | None = None,
        power: float = 2.0,
        normalized: words.Normalized = False,
        wkwargs: Mapping[str, Any] | None = None,
        center: bool = True,
        pad_mode: words.PadMode = "reflect",
        onesided: bool | None = None,
        norm: words.Norm | None = None,
        mel_scale: words.MelScale = "htk",
        *,
        window: words.WindowLike = "hann",
        periodic: bool = True,
        layout: words.Layout = "freq_time",
        dtype: words.DType | None = None,
    ) -> None:
        fields = {k: v for k, v in locals().items() if k not in ("self", "__class__")}
        fields["onesided"] = True if onesided is None else onesided
        super().__init__({**fields, "filterbank": "mel"})


@names_arguments
class LogMelSpectrogram(_Transform):
    """Log-mel spectrogram ``[..., n_mels, time]``: ``log(max(mel, floor) + eps)``.

    Parameters
    ----------
    sample_rate, n_fft, win_length, hop_length, f_min, f_max, pad, n_mels, window_fn, power, \
normalized, wkwargs, center, pad_mode, onesided, norm, mel_scale, window, periodic, layout, dtype
        As in `MelSpectrogram`.
    log : {"ln", "log10", "db", "log1p"}
        "db" is 10 log10 of power and 20 log10 of magnitude (``power=1``).
    floor, eps : float
        Floor and epsilon of the logarithm; "log1p" uses neither.
    drop_last : bool
        Omit the last frame.
    dynamic_range : float, optional
        After the logarithm, ``max(x, item's maximum - dynamic_range)``.
    affine : (float, float), optional
        After that, ``x * scale + offset``.

    Examples
    --------
    Whisper's features (openai/whisper, ``whisper/audio.py``):

    >>> import numpy as np, sonogram
    >>> whisper = sonogram.LogMelSpectrogram(
    ...     sample_rate=16000, n_fft=400, hop_length=160, n_mels=80, mel_scale="slaney",
    ...     norm="slaney", log="log10", drop_last=True, dynamic_range=8, affine=(0.25, 1.0))
    >>> whisper(np.zeros(48000, np.float32)).shape
    (80, 300)
    """

    def __init__(
        self,
        sample_rate: float = 16000,
        n_fft: int = 400,
        win_length: int | None = None,
        hop_length: int | None = None,
        f_min: float = 0.0,
        f_max: float | None = None,
        pad: int | tuple[int, int] = 0,
        n_mels: int = 128,
        window_fn: Callable[..., Any] | None = None,
        power: float = 2.0,
        normalized: words.Normalized = False,
        wkwargs: Mapping[str, Any] | None = None,
        center: bool = True,
        pad_mode: words.PadMode = "reflect",
        onesided: bool | None = None,
        norm: words.Norm | None = None,
        mel_scale: words.MelScale = "htk",
        *,
        log: words.Log = "ln",
        floor: float = 1e-10,
        eps: float = 0.0,
        drop_last: bool = False,
        dynamic_range: float | None = None,
        affine: tuple[float, float] | None = None,
        window: words.WindowLike = "hann",
        periodic: bool = True,
        layout: words.Layout = "freq_time",
        dtype: words.DType | None = None,
    ) -> None:
        fields = {k: v for k, v in locals().items() if k not in ("self", "__class__")}
        fields["onesided"] = True if onesided is None else onesided
        if log is None:
            raise ValueError("log is None; it must be 'ln', 'log10', 'db' or 'log1p'")
        fields["finish"] = _finish_field(fields.pop("dynamic_range"), fields.pop("affine"))
        super().__init__({**fields, "filterbank": "mel"})


def _finish_field(dynamic_range: float | None, affine: Any) -> tuple[tuple[Any, ...], ...]:
    stages: list[tuple[Any, ...]] = []
    if dynamic_range is not None:
        stages.append(("dynamic_range", dynamic_range))
    if affine is not None:
        if not isinstance(affine, (tuple, list)) or len(affine) != 2:
            raise TypeError(f"affine is {affine!r}; it must be a pair (scale, offset), or None")
        stages.append(("affine", *affine))
    return tuple(stages)
