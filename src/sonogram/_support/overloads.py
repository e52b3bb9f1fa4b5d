# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What type checkers are told of functions that give a tensor for a tensor, else an array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, Protocol, TypeAlias, TypeVar, cast, overload

import numpy.typing as npt

P = ParamSpec("P")


class TensorLike(Protocol):
    """A torch.Tensor, known by what an array does not have: checking needs no torch."""

    requires_grad: bool

    def detach(self) -> Any:
        """Return it without its history."""


Tensor = TypeVar("Tensor", bound=TensorLike)
Out: TypeAlias = npt.NDArray[Any] | TensorLike | None


class OfWaveform(Protocol[P]):
    """A function of a waveform and more."""

    @overload
    def __call__(self, waveform: Tensor, *args: P.args, **kwargs: P.kwargs) -> Tensor: ...
    @overload
    def __call__(
        self, waveform: npt.ArrayLike, *args: P.args, **kwargs: P.kwargs
    ) -> npt.NDArray[Any]: ...


class OfSpecgram(Protocol[P]):
    """A function of features and more."""

    @overload
    def __call__(self, specgram: Tensor, *args: P.args, **kwargs: P.kwargs) -> Tensor: ...
    @overload
    def __call__(
        self, specgram: npt.ArrayLike, *args: P.args, **kwargs: P.kwargs
    ) -> npt.NDArray[Any]: ...


def of_waveform(function: Callable[Concatenate[Any, P], Any]) -> OfWaveform[P]:
    """Decorate a function whose result is of the kind of its first argument, `waveform`."""
    return cast("OfWaveform[P]", function)


def of_specgram(function: Callable[Concatenate[Any, P], Any]) -> OfSpecgram[P]:
    """Decorate a function whose result is of the kind of its first argument, `specgram`."""
    return cast("OfSpecgram[P]", function)
