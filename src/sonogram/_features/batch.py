# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Padded batches of signals of different lengths, with lengths and mask."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from .._spec.as_spec import SpecLike
from .._spec.record import Spec
from .._support.arguments import (
    as_waveform,
    check_orientation,
    number_above,
    positive_int,
    require_one_of,
)
from .._support.arrays import as_tensor, is_tensor
from .._support.optional import require
from .._support.overloads import TensorLike
from .._support.spellings import check_names, names_arguments
from .extractor import Extractor
from .rates import at_rate

Array = npt.NDArray[Any]


class Batch(dict[str, Any]):
    """A padded batch: a dict whose values are also attributes.

    Attributes
    ----------
    input_features : ndarray or torch.Tensor, ``[batch, n_mels, time]`` or in the Spec's `layout`
        The features. Called ``input_values``, ``[batch, samples]``, if the Spec returns waveforms.
    attention_mask : int32 ndarray or torch.Tensor, ``[batch, time]``
        1 for valid frames, 0 for padding.
    lengths : int64 ndarray or torch.Tensor, ``[batch]``
        Number of valid frames of each item.
    """

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"a Batch of {', '.join(self)} has no {name!r}") from None

    def to(self, *arguments: Any, **options: Any) -> Batch:
        """Return a copy with every tensor moved by its method ``to``, for example to a device.

        NumPy arrays stay as they are. A dtype applies to floating-point tensors only.
        """

        def moved(value: Any) -> Any:
            if not is_tensor(value):
                return value
            if value.is_floating_point():
                return value.to(*arguments, **options)
            kept = [a for a in arguments if type(a).__name__ != "dtype"]
            rest = {k: v for k, v in options.items() if k != "dtype"}
            return value.to(*kept, **rest) if kept or rest else value

        return Batch({name: moved(value) for name, value in self.items()})


@names_arguments
def batch(
    waveforms: Iterable[npt.ArrayLike | TensorLike],
    spec: SpecLike,
    *,
    padding: Literal["longest", "max_length"] = "longest",
    pad_to_multiple_of: int | None = None,
    max_frames: int | None = None,
    padding_value: float = 0.0,
    padding_side: Literal["right", "left"] = "right",
    name: str | None = None,
    return_tensors: Literal["np", "pt"] = "np",
    num_threads: int | None = None,
    sample_rate: float | None = None,
    resample: bool = False,
) -> Batch:
    """Compute the features of signals of different lengths, padded to a common length.

    Padding is added after the features are computed, so every item has the values that it would
    have alone.

    Parameters
    ----------
    waveforms : iterable of ``[samples]`` arrays, lists or tensors
        Signals in one of the dtypes that an `Extractor` accepts, the same for all.
    spec : Spec, str, Preset, Extractor or transform
        The front end: a Spec, the name of a preset, or an object with a Spec.
    padding : {"longest", "max_length"}
        Pad to the longest item, or to `max_frames`.
    pad_to_multiple_of : int, optional
        Then pad to a multiple of this many frames.
    max_frames : int, optional
        Cut items to at most this many frames.
    padding_value : float
        Value of padded frames.
    padding_side : {"right", "left"}
        Side of the padding.
    name : str, optional
        Name of the features in the batch. None: "input_features", or "input_values" if the Spec
        returns waveforms.
    return_tensors : {"np", "pt"}
        NumPy arrays or PyTorch tensors.
    num_threads : int, optional
        Number of threads of this call.
    sample_rate : float, optional
        Sample rate of the waveforms, Hz; one other than the Spec's is an error. None: the Spec's.
    resample : bool
        Resample waveforms of another `sample_rate` to the Spec's (soxr, `sonogram.resample`).

    Returns
    -------
    Batch
        The features, ``attention_mask`` and ``lengths``. The Spec's `valid_frames` decides which
        frames are valid: of features that are always padded to 30 s, those that hold the audio.

    Raises
    ------
    TypeError, ValueError
        Naming the argument, its value and what is allowed, and for a waveform its index.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> spec = sonogram.Spec(filterbank="mel", n_mels=80, hop_length=160)
    >>> b = sonogram.batch([np.zeros(16000, np.float32), np.zeros(8000, np.float32)], spec)
    >>> b.input_features.shape, b.lengths, b.attention_mask.sum(axis=1)
    ((2, 80, 101), array([101,  51]), array([101,  51]))
    """
    extractor = _extractor(spec)
    require_one_of("padding", padding, ("longest", "max_length"))
    require_one_of("padding_side", padding_side, ("right", "left"))
    require_one_of("return_tensors", return_tensors, ("np", "pt"))
    value = number_above("padding_value", padding_value, -np.inf)
    limit = None if max_frames is None else positive_int("max_frames", max_frames)
    step = 1 if pad_to_multiple_of is None else positive_int(
        "pad_to_multiple_of", pad_to_multiple_of)  # fmt: skip
    if padding == "max_length" and limit is None:
        raise ValueError("max_frames is None; it must be given with padding='max_length'")
    items = _items(waveforms, extractor.spec, sample_rate, resample)
    frames = [_frames(extractor, i, len(item)) for i, item in enumerate(items)]
    counts = frames if limit is None else [min(limit, n) for n in frames]
    longest = limit if padding == "max_length" and limit is not None else max(counts)
    total = -(-longest // step) * step
    padded = _filled(extractor, items[0].dtype, len(items[0]), (len(items), total), value)
    if padding_side == "right" and frames == counts and padded.ndim <= 3:
        extractor._core.run_batch(items, padded, num_threads)
    else:
        _run_each(extractor, items, counts, padded, padding_side, num_threads)
    true = [extractor.num_valid_frames(len(item)) for item in items]
    lengths = np.array([min(n, kept) for n, kept in zip(true, counts, strict=True)], np.int64)
    starts = np.array([total - n if padding_side == "left" else 0 for n in counts])
    at = np.arange(total) - starts[:, None]
    mask = ((at >= 0) & (at < lengths[:, None])).astype(np.int32)
    waveform = extractor.spec.output == "waveform"
    key = name or ("input_values" if waveform else "input_features")
    values = {key: padded, "attention_mask": mask, "lengths": lengths}
    if return_tensors == "pt":
        dtypes = {key: extractor.spec.dtype}
        values = {k: _tensor(v, dtypes.get(k)) for k, v in values.items()}
    return Batch(values)


@names_arguments
class Collate:
    """A ``collate_fn`` for torch's DataLoader: a list of examples becomes a `Batch`.

    Parameters
    ----------
    spec : Spec, str, Preset, Extractor or transform
        The front end: a Spec, the name of a preset, or an object with a Spec.
    key : str or int
        Key or index of the waveform in examples that are mappings or tuples, such as
        ``(waveform, label)`` with ``key=0``. The other values of a mapping are collected in tensors
        if they are numbers or arrays of one shape, else in lists. The other members of a tuple are
        treated alike; their keys are their indices as strings ("1" for a label after a waveform).
    **options
        Further arguments of `batch`; `return_tensors` is "pt" by default.

    Examples
    --------
    >>> import numpy as np, sonogram
    >>> spec = sonogram.Spec(filterbank="mel", n_mels=80, hop_length=160)
    >>> collate = sonogram.Collate(spec, return_tensors="np")
    >>> examples = [{"audio": np.zeros(n, np.float32), "label": n} for n in (16000, 8000)]
    >>> collate(examples).label
    array([16000,  8000])
    """

    def __init__(self, spec: SpecLike, key: str | int = "audio", **options: Any) -> None:
        if isinstance(key, bool) or not isinstance(key, (str, int)):
            raise TypeError(f"key is {key!r}; it must be a name, or an index of tuples")
        check_names("Collate", options, ("spec", "key", *_OPTIONS))
        self._extractor = _extractor(spec)
        self._key = key
        self._options = {"return_tensors": "pt", **options}

    def __call__(self, examples: Sequence[Any]) -> Batch:
        """Compute and pad the features of a list of examples."""
        if not len(examples):
            raise ValueError("examples is empty; it must hold at least one")
        first = examples[0]
        if isinstance(first, Mapping):
            names: Any = list(first)
            if self._key not in first:
                shown = ", ".join(map(repr, names))
                raise ValueError(f"key is {self._key!r}; it must be one of an example's: {shown}")
        elif _holds_waveform(first):
            names = range(len(first))
            if self._key not in names:
                kinds = ", ".join(type(member).__name__ for member in first)
                raise ValueError(
                    f"key is {self._key!r} and examples[0] a {type(first).__name__} ({kinds}); it "
                    f"must be the index of the waveform in it, as in Collate(spec, key=0)"
                )
        else:
            return batch(examples, self._extractor, **self._options)
        result = batch([e[self._key] for e in examples], self._extractor, **self._options)
        for name in names:
            if name != self._key:
                result[str(name)] = self._gathered([e[name] for e in examples])
        return result

    def _gathered(self, values: list[Any]) -> Any:
        try:
            array = np.array([np.asarray(v) for v in values])
        except (ValueError, TypeError):  # of different shapes
            return values
        if array.dtype.kind not in "biuf":
            return values
        return array if self._options["return_tensors"] == "np" else _tensor(array)


_OPTIONS = tuple(
    name for name in inspect.signature(batch).parameters if name not in ("waveforms", "spec")
)


def _holds_waveform(example: Any) -> bool:
    """Tell whether an example is a tuple with a waveform, rather than a list of samples."""
    return isinstance(example, (tuple, list)) and any(np.ndim(_plain(x)) for x in example)


def _plain(member: Any) -> Any:
    """Return a member as an object that has dimensions."""
    return member if hasattr(member, "ndim") else 0


def _extractor(spec: Any) -> Extractor:
    extractor = getattr(spec, "extractor", spec)
    return extractor if isinstance(extractor, Extractor) else Extractor(spec)


def _items(
    waveforms: Iterable[Any], spec: Spec, sample_rate: float | None, resample: bool
) -> list[Array]:
    if isinstance(waveforms, (str, bytes, Mapping)) or not isinstance(waveforms, Iterable):
        raise TypeError(
            f"waveforms is a {type(waveforms).__name__}; it must be a list of arrays [samples]"
        )
    if getattr(waveforms, "ndim", 1) > 1:
        check_orientation(as_waveform(waveforms), spec.win_length or spec.n_fft)
    items: list[Array] = []
    for i, waveform in enumerate(waveforms):
        try:
            item = as_waveform(waveform)
            if item.ndim == 1 and (sample_rate is not None or resample):
                item = at_rate(item, sample_rate, spec.sample_rate, resample)
        except (TypeError, ValueError) as error:
            raise type(error)(f"waveforms[{i}]: {error}") from None
        if item.ndim != 1:
            raise ValueError(
                f"waveforms[{i}] has shape {item.shape}; it must be [samples]"
                f"{_channel_advice(item.shape)}"
            )
        if items and item.dtype != items[0].dtype:
            raise TypeError(
                f"waveforms[{i}] has dtype {item.dtype}; it must be {items[0].dtype} as the first"
            )
        items.append(item)
    if not items:
        raise ValueError("waveforms is empty; it must hold at least one")
    return items


def _channel_advice(shape: tuple[int, ...]) -> str:
    """Return the advice on how to select one signal from channels."""
    if len(shape) != 2 or not all(shape):
        return ""
    place = "0" if shape[0] <= shape[1] else ":, 0"
    axis = 0 if shape[0] <= shape[1] else 1
    if shape[axis] == 1:
        return f": give waveform[{place}]"
    return f": give one channel, waveform[{place}], or their mean, waveform.mean({axis})"


def _frames(extractor: Extractor, i: int, samples: int) -> int:
    """Return the number of frames, samples or patches of an item."""
    try:
        shape = extractor._core.item_shape(samples)
    except ValueError as error:  # for example, too few samples
        raise ValueError(f"waveforms[{i}]: {error}") from None
    return shape[time_axis(extractor.spec)]


def time_axis(spec: Spec) -> int:
    """Return the axis of an item along which its frames, samples or patches run."""
    patched = bool(spec.finish) and spec.finish[-1][0] == "patches"
    return -1 if spec.layout == "freq_time" and spec.output == "spectrum" and not patched else 0


def _filled(
    extractor: Extractor, dtype: Any, samples: int, size: tuple[int, int], value: float
) -> Array:
    """Return an array for a batch, filled with padding."""
    spec = extractor.spec
    fill: float = value
    if spec.dtype == "uint8" and not (0 <= value <= 255 and value.is_integer()):
        raise ValueError(f"padding_value is {value!r}; it must be a whole number from 0 to 255")
    if spec.dtype == "bfloat16":
        fill = _bfloat16_bits(value)
    shape = list(extractor._core.item_shape(samples))
    shape[time_axis(spec)] = size[1]
    return np.full((size[0], *shape), fill, _dtype(spec, dtype))


def _dtype(spec: Spec, samples: Any) -> Any:
    """Return the dtype of the features of samples of a dtype."""
    name: Any = spec.dtype or ("float64" if samples == np.float64 else "float32")
    if spec.power is None and spec.output == "spectrum":
        return {"float32": np.complex64, "float64": np.complex128}[name]
    return np.dtype("uint16" if name == "bfloat16" else name)


def _run_each(
    extractor: Extractor, items: list[Array], counts: list[int], padded: Array, side: str,
    num_threads: int | None,
) -> None:  # fmt: skip
    """Compute the items one by one, for items that are right-aligned or cut."""
    axis = time_axis(extractor.spec)
    for row, item, count in zip(padded, items, counts, strict=True):
        target = row.swapaxes(0, axis)
        start = len(target) - count if side == "left" else 0
        features = extractor(item, num_threads=num_threads).swapaxes(0, axis)
        target[start : start + count] = features[:count]


def _bfloat16_bits(value: float) -> int:
    """Return the upper half of a float32, rounded to nearest, ties to even."""
    bits = int(np.float32(value).view(np.uint32))
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16) & 0xFFFF


def _tensor(array: Array, dtype: object = None) -> Any:
    require("torch", "torch", "return_tensors='pt'")
    return as_tensor(array, dtype)
