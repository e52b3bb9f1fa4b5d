# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A Spec as a torch module."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, overload

import torch
from torch import Tensor, nn

from .._features.batch import time_axis
from .._features.extractor import Extractor
from .._spec.as_spec import SpecLike, as_spec
from .._spec.finish_stages import read_finish
from .._spec.record import Spec
from . import operator
from .positions import conditioned, reads
from .spectra import compress, condition, frame, log_energy, per_frame, spectrum
from .stages import finish

_INTEGERS = {torch.int16: 16, torch.int32: 32}
_KEPT = 8  # tables of indices, one for each length seen


class Module(nn.Module):
    """A front end as an ``nn.Module``: any Spec, with gradients, on any device.

    Without a gradient, waveforms on the CPU go through the core. Where one is asked for, on other
    devices and in exported graphs the same Spec is made of torch operations; both agree within the
    tolerance of the precision (docs/torch.md). ``torch.compile`` sees one graph either way.

    Parameters
    ----------
    spec : Spec, str, Preset, Extractor or transform
        What to compute: a Spec, the name of a preset, or what has a Spec.
    learn_window : bool
        Make the window a parameter, ``window``, ``[win_length]``.
    learn_filterbank : bool
        Make the filters a parameter, ``filterbank``, ``[n_mels, n_freqs]``.

    Raises
    ------
    TypeError, ValueError
        Where `spec` is none, and where the Spec has no window or filterbank to learn.

    Notes
    -----
    Rounding to int16 (`quantize`) passes gradients as if nothing had been rounded. The gradient of
    a magnitude or deviation of 0 is 0. Results of ``dtype="uint8"`` and "argmax" have none. Dither
    is computed by the core alone: with `dither` a gradient or another device is an error.

    Examples
    --------
    >>> import torch, sonogram.torch
    >>> mel = sonogram.torch.Module("hifigan-22k")
    >>> x = torch.zeros(1, 8192, requires_grad=True)
    >>> mel(x).sum().backward()
    >>> x.grad.shape
    torch.Size([1, 8192])
    """

    def __init__(
        self, spec: SpecLike, *, learn_window: bool = False, learn_filterbank: bool = False
    ) -> None:
        super().__init__()
        self._learned = learn_window or learn_filterbank
        self._set_spec(as_spec(spec))
        if self._learned and self.spec.output == "waveform":
            raise ValueError("the spec gives the waveform; it has no window or filterbank to learn")
        if learn_filterbank and self.filterbank is None:
            raise ValueError("learn_filterbank is True; the spec has no filterbank to learn")
        for name, learn in (("window", learn_window), ("filterbank", learn_filterbank)):
            if learn:
                values = getattr(self, name)
                delattr(self, name)
                self.register_parameter(name, nn.Parameter(values.float()))

    def _set_spec(self, spec: Spec) -> None:
        self.spec = spec
        self._extractor = Extractor(spec)
        # Frames before the finish stages.
        self._frames = Extractor(spec.replace(finish=(), dtype=None, layout="freq_time"))
        self._stages = read_finish(spec.finish)
        self._json = spec.to_json()
        self._indices: OrderedDict[tuple[int, torch.device], Tensor] = OrderedDict()
        bank = self._extractor.filterbank
        constants = {
            "window": torch.tensor(self._extractor.window),
            "filterbank": None if bank is None else torch.tensor(bank),
        }
        self._rounded: dict[tuple[str, torch.device, torch.dtype], Tensor] = {}
        for name, values in constants.items():
            if name not in self._parameters:
                # no buffers: a cast of the module would round them
                setattr(self, name, values)

    window: Tensor
    filterbank: Tensor | None

    def extra_repr(self) -> str:
        """Show the spec."""
        return repr(self.spec)

    def get_extra_state(self) -> dict[str, str]:
        """Keep the spec with the weights."""
        return {"spec": self._json}

    def set_extra_state(self, state: dict[str, str]) -> None:
        """Take the spec that was kept."""
        spec = Spec.from_json(state["spec"])
        if spec != self.spec:
            self._set_spec(spec)

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        state["_indices"], state["_rounded"] = OrderedDict(), {}
        return state

    def num_frames(self, num_samples: int) -> int:
        """Return how many frames (samples, patches) the result has of so many samples."""
        return self._extractor._core.item_shape(num_samples)[time_axis(self.spec)]

    @overload
    def forward(self, waveform: Tensor) -> Tensor: ...
    @overload
    def forward(self, waveform: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]: ...

    def forward(
        self, waveform: Tensor, lengths: Tensor | None = None
    ) -> Tensor | tuple[Tensor, Tensor]:
        """Compute features.

        Parameters
        ----------
        waveform : Tensor, ``[..., samples]``
            float64, float32, float16, bfloat16 (computed in float32), int16 or int32.
        lengths : integer Tensor, ``[items]``, optional
            Samples of each item of a waveform ``[items, samples]``; what follows them is not read.

        Returns
        -------
        Tensor, ``[..., n_mels, time]`` or as the spec's layout says
            In the spec's dtype; where it has none, float64 for float64 and else float32.
        Tensor, int64 ``[items]``
            With `lengths`: the valid frames of each item. Frames after an item's last are 0.

        Raises
        ------
        TypeError, ValueError
            Naming the argument, its value and what is allowed.
        """
        if not isinstance(waveform, Tensor):
            raise TypeError(f"waveform is a {type(waveform).__name__}; it must be a tensor")
        if waveform.ndim == 0:
            raise ValueError("waveform has no dimension; it must be [..., samples]")
        if not (waveform.is_floating_point() or waveform.dtype in _INTEGERS):
            raise TypeError(
                f"waveform has dtype {waveform.dtype}; it must be floating, int16 or int32"
            )
        if lengths is None:
            return self._compute(waveform)
        return self._ragged(waveform, lengths)

    def _ragged(self, waveform: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """Compute items of lengths of their own, padded with zeros to one number of frames."""
        if waveform.ndim != 2:
            raise ValueError(
                f"waveform has shape {tuple(waveform.shape)}; with lengths it must be "
                "[items, samples]"
            )
        if lengths.shape != waveform.shape[:1] or lengths.is_floating_point():
            raise ValueError(
                f"lengths has shape {tuple(lengths.shape)} and dtype {lengths.dtype}; it must be "
                f"integers [{len(waveform)}]"
            )
        counts = lengths.tolist()
        if counts and not 0 <= min(counts) <= max(counts) <= waveform.shape[1]:
            raise ValueError(
                f"lengths is {counts}; each must be from 0 to the {waveform.shape[1]} samples"
            )
        items = [self._compute(x[:n]) for x, n in zip(waveform, counts, strict=True)]
        axis = time_axis(self.spec)
        total = max((item.shape[axis] for item in items), default=0)
        padded = [_padded(item, axis, total) for item in items]
        valid = [self._extractor.num_valid_frames(n) for n in counts]
        return torch.stack(padded), torch.tensor(valid, device=waveform.device)

    def _compute(self, waveform: Tensor) -> Tensor:
        x = waveform
        if x.dtype in (torch.float16, torch.bfloat16):
            x = x.float()
        differentiated = torch.is_grad_enabled() and (x.requires_grad or self._learned)
        plain = x.device.type == "cpu" and not self._learned and not _exporting()
        if plain and not differentiated:
            if torch.compiler.is_compiling():
                features: Tensor = operator.extract(x, self._json)
                return features
            return operator.run_core(self._extractor, x)
        if self.spec.dither:
            raise ValueError(
                f"dither is {self.spec.dither!r}; the core alone computes it, on the CPU and "
                "without a gradient: give a spec with dither=0"
            )
        with torch.autocast(x.device.type, enabled=False):
            return self._of_operations(x)

    def _of_operations(self, x: Tensor) -> Tensor:
        """Compute by operations of torch."""
        dtype = operator.result_dtype(self.spec, x)
        double = dtype == torch.float64 or self.spec.compute_dtype == "float64"
        items = x.reshape(-1, x.shape[-1]).to(torch.float64 if double else torch.float32)
        if x.dtype in _INTEGERS:
            items = items / 2.0 ** (_INTEGERS[x.dtype] - 1)
        y = self._features(items)
        result = y.reshape(*x.shape[:-1], *y.shape[1:])
        if y.is_complex():
            return result.to(dtype.to_complex())
        if dtype == torch.uint8:
            result = result.round().clamp(0, 255)
        return result.to(dtype)

    def _features(self, items: Tensor) -> Tensor:
        spec, samples = self.spec, items.shape[-1]
        conditioned = condition(spec, items)
        indices = self._table(samples, items.device)
        if spec.output == "waveform":
            return nn.functional.pad(conditioned, (0, 1))[:, indices]
        window = self._as(items, "window")
        win_length = len(window)
        cut = frame(conditioned, indices, win_length, spec.hop_length or win_length // 2)
        windowed = per_frame(spec, cut) * window
        energy = log_energy(spec, per_frame(spec, cut, emphasised=False), windowed)
        y = spectrum(spec, windowed, window)
        if self.filterbank is not None:
            y = y @ self._as(items, "filterbank").T
        valid = _valid_frames(self._frames, samples)
        return finish(self._stages, spec.layout, compress(spec, y), energy, valid)

    def _as(self, items: Tensor, name: str) -> Tensor:
        """Return the window or the filterbank in the precision and on the device of items."""
        values: Tensor = getattr(self, name)
        key = (name, items.device, items.dtype)
        if name in self._parameters or torch.compiler.is_compiling():
            return values.to(items.device, items.dtype)
        if key not in self._rounded:
            self._rounded[key] = values.to(items.device, items.dtype)
        return self._rounded[key]

    def _table(self, samples: int, device: torch.device) -> Tensor:
        if torch.compiler.is_compiling():  # a constant of the graph
            table: Tensor = _index_table(self._frames, samples, device)
            return table
        key = (samples, device)
        if key not in self._indices:
            self._indices[key] = _index_table(self._frames, samples, device)
            if len(self._indices) > _KEPT:
                self._indices.popitem(last=False)
        return self._indices[key]


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def _index_table(extractor: Extractor, samples: int, device: torch.device) -> Tensor:
    if extractor.spec.output == "waveform":
        indices = conditioned(extractor.spec, samples)
    else:
        indices = reads(extractor.spec, samples, extractor.num_frames(samples)).indices
    return torch.as_tensor(indices, device=device)


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def _valid_frames(extractor: Extractor, samples: int) -> int:
    return extractor.num_valid_frames(samples)


def _padded(item: Tensor, axis: int, total: int) -> Tensor:
    shape = list(item.shape)
    shape[axis] = total - item.shape[axis]
    return torch.cat([item, item.new_zeros(shape)], axis)


def _exporting() -> bool:
    asked = getattr(torch.compiler, "is_exporting", None)
    return bool(asked()) if asked is not None else False
