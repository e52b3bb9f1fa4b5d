# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The words that arguments take, for type checkers; the core reads them and says what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

LevelKind: TypeAlias = Literal["rms", "peak"]
LevelWhen: TypeAlias = Literal["always", "quieter"]
PreemphasisKind: TypeAlias = Literal["keep", "replicate"]
LengthMode: TypeAlias = Literal["zeros", "zeros_both", "repeat", "repeat_zeros"]
PadWord: TypeAlias = Literal["constant", "reflect", "replicate", "circular", "symmetric"]
PadMode: TypeAlias = PadWord | tuple[PadWord, PadWord]
Energy: TypeAlias = Literal["raw", "windowed"]
WindowAlign: TypeAlias = Literal["center", "left"]
Output: TypeAlias = Literal["spectrum", "waveform"]
Normalized: TypeAlias = bool | Literal["window", "frame_length"]
Bank: TypeAlias = Literal["mel", "linear", "bark", "erb", "log", "chroma"]
MelScale: TypeAlias = Literal["htk", "slaney", "kaldi"]
BarkScale: TypeAlias = Literal["traunmuller", "schroeder", "wang"]
Norm: TypeAlias = Literal["slaney", "l1", "l2", "max"]
Triangle: TypeAlias = Literal["hz", "mel", "isosceles"]
FilterShape: TypeAlias = Literal["triangle", "rectangle", "gaussian"]
Log: TypeAlias = Literal["ln", "log10", "db", "log1p", "power", "piecewise"]
ValidFrames: TypeAlias = Literal["all", "floor", "ceil", "last", "all_but_last"]
Layout: TypeAlias = Literal["freq_time", "time_freq"]
DTypeWord: TypeAlias = Literal["float32", "float64", "float16", "bfloat16", "uint8"]
DType: TypeAlias = DTypeWord | type[np.generic] | type[float] | np.dtype[Any]
ComputeDType: TypeAlias = Literal["float64"] | type[np.float64] | type[float] | np.dtype[Any]
# A window by its name, or with its parameters, or by its values.
Window: TypeAlias = str | Sequence[Any] | npt.NDArray[Any]
# And as a transform takes it: a tensor is an array too, and a function of the length will do.
WindowLike: TypeAlias = Window | npt.ArrayLike | Callable[..., Any]
DctNorm: TypeAlias = Literal["ortho"]
