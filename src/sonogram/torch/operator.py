# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The core as an operator of torch: one node of a compiled graph."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from .._features.extractor import Extractor
from .._spec.record import Spec


def result_dtype(spec: Spec, x: Tensor) -> torch.dtype:
    """Return the real dtype of features: the spec's, or float64 for float64 and else float32."""
    name = spec.dtype or ("float64" if x.dtype == torch.float64 else "float32")
    dtype: torch.dtype = getattr(torch, str(name))
    return dtype


@lru_cache(maxsize=64)
def extractor_of(json: str) -> Extractor:
    """Return the extractor of a Spec as JSON."""
    return Extractor(Spec.from_json(json))


def run_core(extractor: Extractor, x: Tensor) -> Tensor:
    """Compute features of a tensor on the CPU, outside of any graph."""
    features: Tensor = extractor(x.detach())
    return features


def _shape_of(x: Tensor, json: str) -> Tensor:
    """Features without their values."""
    extractor = extractor_of(json)
    shape = (*x.shape[:-1], *extractor._core.item_shape(x.shape[-1]))
    dtype = result_dtype(extractor.spec, x)
    return x.new_empty(shape, dtype=dtype.to_complex() if _is_complex(extractor.spec) else dtype)


def _is_complex(spec: Spec) -> bool:
    return spec.power is None and spec.output == "spectrum"


def _run(x: Tensor, json: str) -> Tensor:
    return run_core(extractor_of(json), x)


extract: Any = _run
if hasattr(torch.library, "custom_op"):  # torch 2.4
    extract = torch.library.custom_op("sonogram::extract", mutates_args=())(_run)
    extract.register_fake(_shape_of)
