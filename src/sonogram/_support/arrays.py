# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Conversion between arrays and torch tensors, which share their memory."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import numpy.typing as npt


def is_tensor(value: Any) -> bool:
    """Return whether a value is a torch tensor, without importing torch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def as_tensor(features: npt.NDArray[Any], dtype: object) -> Any:
    """Return features as a tensor that shares their memory; `dtype` is that of their Spec."""
    torch = sys.modules["torch"]
    if dtype == "bfloat16":  # held by NumPy as its bits
        return torch.from_numpy(features.view(np.int16)).view(torch.bfloat16)
    return torch.from_numpy(features)


def widened(features: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Return bfloat16 features, which NumPy holds as their bits, as float32."""
    return (features.astype(np.uint32) << 16).view(np.float32)


def from_tensor(name: str, tensor: Any) -> npt.NDArray[Any]:
    """Return an array that shares a tensor's memory; nothing is copied, moved or detached."""
    if not is_tensor(tensor):
        raise TypeError(f"{name} is a {type(tensor).__name__}; it must be a tensor, as waveform is")
    if tensor.device.type != "cpu":
        raise ValueError(f"{name} is on device {tensor.device}; it must be on the CPU")
    if tensor.requires_grad:
        raise ValueError(f"{name} requires grad, which is not supported; give {name}.detach()")
    if str(tensor.layout) != "torch.strided":
        raise ValueError(f"{name} has layout {tensor.layout}; it must be strided")
    dtype = str(tensor.dtype).removeprefix("torch.")
    if name == "waveform" and dtype not in ("float32", "float64", "int16", "int32"):
        raise TypeError(f"{name} has dtype {dtype}; it must be float32, float64, int16 or int32")
    if tensor.is_neg() or tensor.is_conj():
        raise ValueError(
            f"{name} is a lazy negation or conjugate; give {name}.resolve_conj().resolve_neg()"
        )
    array: npt.NDArray[Any] = tensor.numpy()
    return array


def as_array(waveform: Any) -> npt.NDArray[Any]:
    """Return an array-like as an array; lists of numbers become float32."""
    if isinstance(waveform, np.ma.MaskedArray):
        raise TypeError("waveform is a masked array; it must be a plain one: give .filled(value)")
    if isinstance(waveform, np.ndarray):
        return np.asarray(waveform)
    if isinstance(waveform, (list, tuple)):
        _require_no_pair(waveform)
        try:
            array = np.asarray(waveform)
        except ValueError as error:
            raise ValueError(f"waveform is a ragged {type(waveform).__name__}: {error}") from None
        if array.size == 0:
            return array.astype(np.float32)
        if array.dtype.kind not in "fiu":
            raise TypeError(f"waveform is a list of {array.dtype}; it must be numbers")
        return array.astype(np.float32)
    if isinstance(waveform, np.generic):
        return np.asarray(waveform)
    if hasattr(waveform, "__array__") and not isinstance(waveform, (str, bytes)):
        return np.asarray(waveform)
    kind = type(waveform).__name__
    raise TypeError(
        f"waveform is a {kind}; it must be an array or tensor [..., samples]{_advice(kind)}"
    )


_LOADED = "x, sample_rate = sonogram.load(path)"


def _advice(kind: str) -> str:
    """Return the advice on how to get a waveform from an object that is none."""
    if kind in ("str", "bytes") or kind.endswith("Path"):
        return f": {_LOADED} reads a file"
    if kind == "dict":
        return ': pass its "array" and, as sample_rate=, its "sampling_rate"'
    return ""


def _require_no_pair(waveform: Any) -> None:
    """Refuse a loader's (waveform, sample_rate), in either order."""
    if len(waveform) != 2:
        return
    for array, number in (waveform, waveform[::-1]):
        if np.ndim(number) == 0 and np.ndim(array) and hasattr(array, "shape"):
            pair = "(waveform, sample_rate)" if array is waveform[0] else "(sample_rate, waveform)"
            raise TypeError(
                f"waveform is a {type(waveform).__name__} {pair}, as loaders return it; it must be "
                f"the waveform alone: {_LOADED}"
            )
