# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Front ends inside PyTorch models: any Spec as a module, with gradients and on any device.

Needs PyTorch (``pip install 'sonogram[torch]'``).

>>> import torch, sonogram.torch
>>> mel = sonogram.torch.Module("whisper-80")
>>> mel(torch.zeros(2, 16000)).shape
torch.Size([2, 80, 100])
"""

from .._support.optional import require as _require

_require("torch", "torch", "sonogram.torch")

from .losses import MelLoss, STFTLoss  # noqa: E402
from .module import Module  # noqa: E402

__all__ = ["MelLoss", "Module", "STFTLoss"]
