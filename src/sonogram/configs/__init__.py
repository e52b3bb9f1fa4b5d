# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Specs from the configuration files of models."""

from .hf import from_hf, hf_batch_options
from .hifigan import from_hifigan
from .kaldi import from_kaldi_conf
from .nemo import from_nemo

__all__ = ["from_hf", "from_hifigan", "from_kaldi_conf", "from_nemo", "hf_batch_options"]
