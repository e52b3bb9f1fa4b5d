# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Streams: features of signals that arrive in chunks."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Literal, NamedTuple, NoReturn, overload

import numpy as np
import numpy.typing as npt

from .. import _core
from .._spec.as_spec import SpecLike, as_spec
from .._spec.record import Spec
from .._support.arguments import (
    as_float,
    as_waveform,
    check_orientation,
    positive_int,
    require_bool,
    shown,
)
from .._support.arrays import as_tensor, is_tensor
from .._support.overloads import Tensor
from .._support.spellings import names_arguments
from .rates import Resampler, rate_to_change

_LONGEST_WINDOW = 1 << 24


class StreamLatency(NamedTuple):
    """The number of samples that frames need.

    Attributes
    ----------
    first : int or None
        Samples that must be pushed before the first frame is out: ``samples_for(1)``. None: no
        frame comes before the end of the signal.
    per_frame : int
        Samples from frame to frame in the steady state (for patches, from one row of the grid to
        the next). The first frames may be closer: a centred frame 0 waits for one sample more than
        half its window, because its start is reflected, and stages that look ahead release several
        frames at once. `Stream.samples_for` counts exactly.
    """

    first: int | None
    per_frame: int


class Obstacle(NamedTuple):
    """A stage or field that needs the whole signal, and the choices that a stream has instead."""

    stage: str
    choices: str


@names_arguments
def streaming(spec: SpecLike) -> tuple[Obstacle, ...]:
    """Return the obstacles to streaming `spec` as it is; an empty tuple if there are none.

    Parameters
    ----------
    spec : Spec, str, Preset, Extractor or transform
        The front end: a Spec, the name of a preset, or an object with a Spec.

    Returns
    -------
    tuple of Obstacle
        One for each stage or field that needs the whole signal, with the available choices:
        `Stream` accepts a maximum, mean and std; `extract_file` makes passes over a file.

    Raises
    ------
    TypeError
        If `spec` is none of these.
    ValueError
        For finish stages that do not fit the rows that reach them, as in `Stream` and `Extractor`.

    Examples
    --------
    >>> import sonogram
    >>> sonogram.streaming(sonogram.preset("kaldi-fbank-80"))
    ()
    >>> sonogram.streaming(sonogram.preset("whisper-80"))[0].stage
    "finish stage 'dynamic_range'"
    """
    return tuple(Obstacle(*found) for found in _core.obstacles(as_spec(spec)._fields()))


@names_arguments
class Stream:
    """Computes the features of a signal that arrives in chunks, with the bits of the `Extractor`.

    The results of the pushes, joined along time, equal ``Extractor(spec)`` of the joined chunks,
    bit for bit (on one instruction set), for any chunks. Memory does not grow. A Stream can be used
    by one thread at a time (a call during another thread's call raises RuntimeError), and cannot be
    copied.

    Parameters
    ----------
    spec : Spec, str, Preset, Extractor or transform
        The front end: a Spec, the name of a preset, or an object with a Spec.
    maximum : float or "running", optional
        The largest value of the signal, for "dynamic_range" and "reference" 'max': a known number,
        or "running" for the largest value so far. A number applies to the frames at the first such
        stage; the values for later ones are derived from it through stages that preserve order
        ("affine" with scale >= 0, "clip", "dynamic_range", "reference"). Other stages between them
        are an error.
    mean, std : float, array_like [n_mels] or "running", optional
        The statistics of the signal, for "normalize" and "reference" 'mean': known numbers, for one
        stage, or "running" for those of the frames so far. A standard deviation must be at least 0,
        and above 0 if the stage divides by it. A running one that is not above 0 yet counts as 1.
    window : int, optional
        Number of frames, including the newest, that running statistics cover: each frame is treated
        as if the signal consisted of these. None: all frames so far.
    sample_rate : float, optional
        Sample rate of the signal, Hz; one other than the Spec's is an error without `resample`.
    resample : bool
        Resample a signal of another `sample_rate` to the Spec's (soxr). The frames are those of
        `sonogram.resample` of the whole signal. `latency` and `samples_for` then count samples at
        the Spec's rate, as they leave the resampler, which holds some back.

    Notes
    -----
    Running statistics over all frames so far skip frames with NaN or Inf. Those over a `window` do
    not: while the window contains such a frame, the results follow the Extractor's rules for a
    signal with such a frame.

    Raises
    ------
    TypeError, ValueError
        For a spec with stages that need the whole signal and have no substitute; the message names
        all of them and the choices. `streaming` lists them.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> stream = sonogram.Stream(sonogram.preset("kaldi-fbank-80"))
    >>> [stream.push(np.zeros(160, np.float32)).shape for _ in range(4)]
    [(0, 80), (0, 80), (1, 80), (1, 80)]
    >>> stream.flush().shape, stream.num_frames
    ((0, 80), 2)
    """

    __slots__ = (
        "__weakref__",
        "_core",
        "_dtype",
        "_given",
        "_leading",
        "_options",
        "_plain",
        "_rate",
        "_resampler",
        "_spec",
        "_tensor",
    )

    def __init__(
        self,
        spec: SpecLike,
        *,
        maximum: float | Literal["running"] | None = None,
        mean: npt.ArrayLike | None = None,
        std: npt.ArrayLike | None = None,
        window: int | None = None,
        sample_rate: float | None = None,
        resample: bool = False,
    ) -> None:
        self._spec = as_spec(spec)
        self._rate = rate_to_change(sample_rate, self._spec.sample_rate, resample)
        self._given = {"maximum": maximum, "mean": mean, "std": std, "window": window}
        self._options = (
            _substitute("maximum", maximum),
            _substitute("mean", mean),
            _substitute("std", std),
            _window(window),
            None,
        )
        self._forget()
        self._core = self._made(np.dtype(np.float32), 1)

    def _made(self, dtype: np.dtype[Any], channels: int) -> Any:
        return _core.Stream(self._spec._fields(), dtype.name, channels, *self._options)

    def _forget(self) -> None:
        self._dtype: np.dtype[Any] | None = None
        self._resampler: Resampler | None = None
        self._leading: tuple[int, ...] = ()
        self._tensor = False
        self._plain: Callable[[Any, Any], npt.NDArray[Any] | None] = _not_plain

    @property
    def spec(self) -> Spec:
        """The front end."""
        return self._spec

    @property
    def latency(self) -> StreamLatency:
        """Samples until the first frame, and from frame to frame: see `StreamLatency`."""
        first, per_frame = self._core.latency
        return StreamLatency(None if first < 0 else first, per_frame)

    @property
    def num_frames(self) -> int:
        """Number of frames (or patches, or samples) returned since the first push."""
        frames: int = self._core.num_frames
        return frames

    def samples_for(self, frames: int) -> int | None:
        """Return how many samples must have been pushed before this many frames are out.

        Counted from the first sample of the signal, for any chunks: with one sample fewer, the
        pushes have returned fewer than `frames` frames.

        Parameters
        ----------
        frames : int
            Number of frames (or patches, or samples), from 0.

        Returns
        -------
        int or None
            None if this many frames come only at the end of the signal, or never.

        Raises
        ------
        TypeError, ValueError
            If `frames` is not an integer from 0 to 2**48.
        """
        if isinstance(frames, (bool, np.bool_)) or not hasattr(frames, "__index__"):
            raise TypeError(f"frames is {shown(frames)}; it must be an integer >= 0")
        if not 0 <= frames.__index__() <= 2**48:
            raise ValueError(f"frames is {shown(frames)}; it must be from 0 to 2**48")
        samples = int(self._core.samples_for(frames.__index__()))
        return None if samples < 0 else samples

    @overload
    def push(self, chunk: Tensor, last: bool = False) -> Tensor: ...
    @overload
    def push(self, chunk: npt.ArrayLike, last: bool = False) -> npt.NDArray[Any]: ...
    def push(self, chunk: Any, last: bool = False) -> Any:
        """Add the next samples and return the frames that they complete.

        Parameters
        ----------
        chunk : array_like or torch.Tensor, ``[..., samples]``
            Any number of samples, including 0. The leading dimensions (the channels) and the dtype
            (float32, float64, int16 or int32) must be those of the first push.
        last : bool
            Whether the signal ends with this chunk; the remaining frames are then returned too.

        Returns
        -------
        ndarray or torch.Tensor
            ``[..., n_mels, k]``, or in the spec's `layout`, with ``k >= 0``.

        Raises
        ------
        TypeError
            For an unsupported type, or a dtype that differs from that of the first push or is not
            in native byte order.
        ValueError
            For other leading dimensions; after the end of the signal; or, with `last`, for a signal
            that is too short for the Extractor (the stream has then ended).
        RuntimeError
            If another thread is using the stream, or this call interrupts another one.

        Notes
        -----
        A signal handler that raises (Ctrl-C) interrupts a push of more than 4096 samples. The
        samples of that push are lost, and the stream must be `reset`.
        """
        features = self._plain(chunk, last)
        return self._push_any(chunk, last) if features is None else features

    def _push_any(self, chunk: Any, last: bool) -> Any:
        require_bool("last", last)
        tensor = is_tensor(chunk)
        data = as_waveform(_native(chunk))
        if self._dtype is None:
            self._begin(data, tensor)
        elif data.dtype != self._dtype:
            raise TypeError(f"chunk has dtype {data.dtype}; it must be {self._dtype}, as the first")
        if data.shape[:-1] != self._leading:
            raise ValueError(
                f"chunk has shape {data.shape}; it must be "
                f"[{''.join(f'{n}, ' for n in self._leading)}samples], as the first"
            )
        if self._resampler is not None and not self._core.ended:
            data = self._resampler(data, bool(last))
        result = self._core.push(data, bool(last))
        return as_tensor(result, self._spec.dtype) if tensor else result

    def _begin(self, data: npt.NDArray[Any], tensor: bool) -> None:
        channels = int(np.prod(data.shape[:-1], dtype=np.int64))
        if channels >= _MANY_CHANNELS and data.shape[-1] in _FEW_SAMPLES:
            check_orientation(data, self._spec.win_length or self._spec.n_fft)
        taken = data.dtype
        if self._rate is not None:
            taken = as_float(data[..., :0]).dtype
            self._resampler = Resampler(self._rate, self._spec.sample_rate, channels, taken)
        if taken != np.float32 or channels != 1:
            self._core = self._made(taken, channels)
        self._dtype, self._leading, self._tensor = data.dtype, data.shape[:-1], tensor
        if self._rate is not None:
            return
        self._plain = self._core.plain_push(len(self._leading)) or _not_plain

    def flush(self) -> Any:
        """End the signal and return the remaining frames, as `push` of no samples with `last`."""
        nothing: Any = np.zeros((*self._leading, 0), self._dtype or np.float32)
        return self.push(
            sys.modules["torch"].from_numpy(nothing) if self._tensor else nothing, True
        )

    def reset(self) -> None:
        """Begin a new signal, which may have other channels and another dtype."""
        self._core.reset()
        if self._dtype not in (None, np.float32) or self._leading not in ((), (1,)):
            self._core = self._made(np.dtype(np.float32), 1)
        self._forget()

    def __getattr__(self, name: str) -> NoReturn:
        if name in Stream.__slots__:
            raise RuntimeError(f"Stream.__init__ of this {type(self).__name__} has not been called")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Stream cannot be copied or pickled: make another one of its spec")

    def __repr__(self) -> str:
        given = [f", {name}={value!r}" for name, value in self._given.items() if value is not None]
        return f"Stream({self._spec!r}{''.join(given)})"


# A short first chunk alone does not tell that the axes are swapped; a short chunk of thousands of
# channels, such as a block [samples, channels] of a file, does.
_MANY_CHANNELS = 4000
_FEW_SAMPLES = range(2, 33)


def _not_plain(_chunk: object, _last: object) -> None:
    return None


def _native(chunk: Any) -> Any:
    """Return `chunk`; refuse an array in foreign byte order, as the Extractor does."""
    if isinstance(chunk, np.ndarray) and not chunk.dtype.isnative:
        raise TypeError(f"chunk has dtype {chunk.dtype}; it must be in native byte order")
    return chunk


def _window(window: Any) -> int:
    if window is None:
        return 0
    return positive_int("window", window, _LONGEST_WINDOW)


def _substitute(name: str, value: Any) -> str | list[float] | None:
    """Return None, "running", or the numbers as a list."""
    if value is None:
        return None
    allowed = "a number" + ("" if name == "maximum" else ", numbers") + ', "running" or None'
    if isinstance(value, str):
        if value != "running":
            raise ValueError(f"{name} is {value!r}; it must be {allowed}")
        return value
    try:
        numbers = np.asarray(value)
    except ValueError:
        numbers = np.empty(0, object)
    if numbers.dtype == object and numbers.size and all(type(n) is int for n in numbers.flat):
        raise ValueError(f"{name} is {shown(value)}; it must be finite: {allowed}")
    if numbers.dtype.kind not in "fiu":
        raise TypeError(f"{name} is {shown(value)}; it must be {allowed}")
    if numbers.ndim > (0 if name == "maximum" else 1) or not np.isfinite(numbers).all():
        raise ValueError(f"{name} is {value!r}; it must be finite: {allowed}")
    return [float(x) for x in np.atleast_1d(numbers)]
