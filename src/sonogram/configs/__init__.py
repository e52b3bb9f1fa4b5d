# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Specs from the configs that models come with."""

from ._hf import from_hf, hf_batch_options
from ._hifigan import from_hifigan
from ._kaldi import from_kaldi_conf
from ._nemo import from_nemo

__all__ = ["from_hf", "from_hifigan", "from_kaldi_conf", "from_nemo", "hf_batch_options"]
