# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The Extractor, which computes the features of a Spec."""

from __future__ import annotations

import sys
import warnings
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from .. import _core
from .._banks.check_filterbank import empty_filters
from .._spec.as_spec import SpecLike, as_spec
from .._spec.record import Spec
from .._support.arguments import shown
from .._support.arrays import as_array, as_tensor, from_tensor, is_tensor
from .._support.overloads import Tensor
from .._support.spellings import names_arguments
from .rates import at_rate


@names_arguments
class Extractor:
    """Computes the features of a `Spec`; immutable, and safe to share between threads.

    Parameters
    ----------
    spec : Spec, str, Preset, Extractor or transform
        The front end: a Spec, the name of a preset, or an object with a Spec.

    Raises
    ------
    TypeError
        If `spec` is none of these.
    ValueError
        If there is no preset of this name.

    Warns
    -----
    UserWarning
        If filters are empty because `n_fft` is too small for their number; names them and the
        `n_fft` that fills them. Not for the filterbank of a preset or of a model's configuration.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> extract = sonogram.Extractor(sonogram.Spec(filterbank="mel", n_mels=40, hop_length=160))
    >>> extract(np.zeros(16000, np.float32)).shape
    (40, 101)
    """

    __slots__ = ("_core", "_spec")

    def __init__(self, spec: SpecLike) -> None:
        self._spec = spec = as_spec(spec)
        self._core = _core.Extractor(spec._fields())
        message = empty_filters(spec)
        if message:
            warnings.warn(message, UserWarning, stacklevel=_caller_level())

    @property
    def spec(self) -> Spec:
        """The front end."""
        return self._spec

    @property
    def filterbank(self) -> npt.NDArray[np.float64] | None:
        """The bands, float64 ``[n_mels, n_freqs]`` (torchaudio's is the transpose), or None."""
        bank: npt.NDArray[np.float64] | None = self._core.filterbank
        return bank

    @property
    def window(self) -> npt.NDArray[np.float64]:
        """The window, float64 ``[win_length]``."""
        return self._core.window

    def num_frames(self, num_samples: int) -> int:
        """Return the number of frames of a signal of `num_samples` samples.

        Raises
        ------
        TypeError
            If `num_samples` is not an integer.
        ValueError
            If there are too few samples for one frame, or for the padding.
        """
        if isinstance(num_samples, (bool, np.bool_)) or not hasattr(num_samples, "__index__"):
            raise TypeError(f"num_samples is {shown(num_samples)}; it must be an integer >= 0")
        if not 0 <= num_samples.__index__() < 2**62:
            raise ValueError(f"num_samples is {shown(num_samples)}; it must be from 0 to 2**62 - 1")
        return self._core.num_frames(num_samples.__index__())

    def num_valid_frames(self, num_samples: int) -> int:
        """Return the number of valid frames of a signal, by the spec's `valid_frames`.

        If the spec returns the waveform: the number of samples up to the last one of the signal.

        Raises
        ------
        TypeError, ValueError
            As for `num_frames`.
        """
        self.num_frames(num_samples)
        return self._core.num_valid_frames(num_samples.__index__())

    def frame_times(
        self, num_frames: int, num_samples: int | None = None
    ) -> npt.NDArray[np.float64]:
        """Return the centre times of the first `num_frames` frames, in seconds.

        The centre of the samples under a frame's window, relative to the item's first sample;
        negative inside the padding before it. The centre of frames joined by "stack", and of
        patches, is that of the span from their first window that exists to their last. The times
        of a waveform are those of its samples.

        Parameters
        ----------
        num_frames : int
            Number of frames after the finish stages; frames beyond the last one are extrapolated.
        num_samples : int, optional
            Number of samples of the item. Required where the times depend on it: with
            ``length_mode="zeros_both"``, and with patches above one another. Without it, frames are
            joined as if the item continued.

        Raises
        ------
        TypeError, ValueError
            If one of them is not an integer of at least 0, or `num_samples` is required but
            missing.
        """
        counts = [("num_frames", num_frames)]
        if num_samples is not None:
            counts.append(("num_samples", num_samples))
        for name, value in counts:
            if isinstance(value, (bool, np.bool_)) or not hasattr(value, "__index__"):
                raise TypeError(f"{name} is {shown(value)}; it must be an integer >= 0")
            if not 0 <= value.__index__() <= 2**48:
                raise ValueError(
                    f"{name} is {shown(value)}; it must be at least 0 and at most 2**48"
                )
        samples = -1 if num_samples is None else num_samples.__index__()
        middles = self._core.frame_middles(num_frames.__index__(), samples)
        return middles / float(self._spec.sample_rate)

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
        """Compute the features of `waveform`.

        Parameters
        ----------
        waveform : array_like or torch.Tensor, ``[..., samples]``
            float32, float64, int16 or int32 (integers are scaled to [-1, 1)) with any strides; a
            list of numbers is float32. A tensor must be on the CPU and must not require gradients.
        out : ndarray or torch.Tensor, optional
            Memory for the result, C-contiguous and of exactly its shape and dtype.
        num_threads : int, optional
            Number of threads of this call; None: `sonogram.get_num_threads()`.
        sample_rate : float, optional
            Sample rate of the waveform, Hz; one other than the Spec's is an error. None: the
            Spec's.
        resample : bool
            Resample a waveform of another `sample_rate` to the Spec's (soxr, `sonogram.resample`).

        Returns
        -------
        ndarray or torch.Tensor
            ``[..., n_mels, time]``, or in the Spec's `layout`; `out` if it is given. A tensor for a
            tensor.

        Raises
        ------
        TypeError
            For an unsupported type or dtype of the waveform.
        ValueError
            For too few samples, samples along an axis other than the last, another sample rate, or
            a wrong `out`.
        """
        if sample_rate is not None or resample:
            waveform = at_rate(waveform, sample_rate, self._spec.sample_rate, resample)
        if type(waveform) is np.ndarray:
            return self._core(waveform, out, num_threads)
        return self._call_with(waveform, out, num_threads)

    def _call_with(self, waveform: Any, out: Any, num_threads: int | None) -> Any:
        if is_tensor(waveform):
            array = from_tensor("waveform", waveform)
            target = None
            if is_tensor(out) and str(out.dtype) == "torch.bfloat16":
                bits = out.view(sys.modules["torch"].int16)
                target = from_tensor("out", bits).view(np.uint16)
            elif out is not None:
                target = from_tensor("out", out)
            result = self._core(array, target, num_threads)
            return out if out is not None else as_tensor(result, self._spec.dtype)
        return self._core(as_array(waveform), out, num_threads)

    def __eq__(self, other: object) -> bool:
        return self._spec == other._spec if isinstance(other, Extractor) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._spec)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Extractor, (self._spec,))

    def __repr__(self) -> str:
        return f"Extractor({self._spec!r})"


def _caller_level() -> int:
    """Return the stack level of the first caller outside this package."""
    level = 1
    frame = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").startswith("sonogram."):
        level += 1
        if frame.f_back is None:
            break
        frame = frame.f_back
    return level
