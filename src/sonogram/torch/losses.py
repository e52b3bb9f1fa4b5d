# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Losses over several spectrograms: mel losses, and STFT losses of published vocoders."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from .._spec.as_spec import SpecLike, as_spec
from .._spec.presets import preset
from .._spec.record import Spec
from .module import Module


class MelLoss(nn.Module):
    """Mean absolute difference of features, averaged over front ends.

    Parameters
    ----------
    specs : Spec, preset name, or a sequence of them
        The front ends; "dac" names the seven log-mel scales of the Descript Audio Codec
        (Kumar et al., 2023: windows of 32 to 2048 samples, 5 to 320 bands, log10 of magnitudes).
    weights : sequence of float, optional
        One for each front end; None: 1 for each.
    sample_rate : float
        Of the waveforms, for names that hold for any rate ("dac").

    Examples
    --------
    >>> import torch, sonogram.torch
    >>> loss = sonogram.torch.MelLoss("hifigan-22k")
    >>> float(loss(torch.zeros(1, 8192), torch.zeros(1, 8192)))
    0.0
    """

    def __init__(
        self,
        specs: SpecLike | Sequence[SpecLike],
        weights: Sequence[float] | None = None,
        *,
        sample_rate: float = 44100,
    ) -> None:
        super().__init__()
        if specs == "dac":
            listed: list[Spec] = _dac_scales(sample_rate)
        elif isinstance(specs, (list, tuple)):
            listed = [as_spec(s) for s in specs]
        else:
            listed = [as_spec(specs)]
        if not listed:
            raise ValueError("specs is empty; it must hold at least one")
        self.weights = _weights(weights, len(listed))
        self.front_ends = nn.ModuleList([Module(s) for s in listed])

    def forward(self, estimate: Tensor, target: Tensor) -> Tensor:
        """Compare waveforms ``[..., samples]``; return a scalar."""
        _require_alike(estimate, target)
        losses = [
            weight * (module(estimate) - module(target)).abs().mean()
            for weight, module in zip(self.weights, self.front_ends, strict=True)
        ]
        return torch.stack(losses).mean()


class STFTLoss(nn.Module):
    """Multi-resolution STFT loss: spectral convergence plus log-magnitude distance.

    ``|| |Y| - |X| ||_F / || |Y| ||_F + mean |ln |Y| - ln |X| |``, averaged over resolutions, of
    magnitudes ``sqrt(max(|X|^2, 1e-7))``, as Parallel WaveGAN computes it (Yamamoto et al., 2020).

    Parameters
    ----------
    specs : Spec, preset name, or a sequence of them, optional
        Magnitude spectrograms; None: Parallel WaveGAN's, n_fft 1024, 2048 and 512, hop_length 120,
        240 and 50, win_length 600, 1200 and 240.

    Examples
    --------
    >>> import torch, sonogram.torch
    >>> loss = sonogram.torch.STFTLoss()
    >>> float(loss(torch.ones(1, 8192), torch.ones(1, 8192)))
    0.0
    """

    def __init__(self, specs: SpecLike | Sequence[SpecLike] | None = None) -> None:
        super().__init__()
        if specs is None:
            listed = [
                Spec(n_fft=n, hop_length=hop, win_length=win, power=1, power_floor=1e-7)
                for n, hop, win in ((1024, 120, 600), (2048, 240, 1200), (512, 50, 240))
            ]
        else:
            many = specs if isinstance(specs, (list, tuple)) else [specs]
            listed = [as_spec(s) for s in many]
        if not listed:
            raise ValueError("specs is empty; it must hold at least one")
        for spec in listed:
            if spec.log is not None or spec.power != 1:
                raise ValueError(
                    f"specs has one of power={spec.power!r} and log={spec.log!r}; each must have "
                    "power=1 and log=None: magnitudes"
                )
        self.front_ends = nn.ModuleList([Module(s) for s in listed])

    def forward(self, estimate: Tensor, target: Tensor) -> Tensor:
        """Compare waveforms ``[..., samples]``; return a scalar."""
        _require_alike(estimate, target)
        losses = []
        for module in self.front_ends:
            got, want = module(estimate), module(target)
            convergence = torch.linalg.vector_norm(want - got) / torch.linalg.vector_norm(want)
            losses.append(convergence + (want.log() - got.log()).abs().mean())
        return torch.stack(losses).mean()


def _dac_scales(sample_rate: float) -> list[Spec]:
    """The presets of that loss, at another rate."""
    presets = (preset(f"dac-loss-44k-{2**k}") for k in range(5, 12))
    return [spec.replace(sample_rate=sample_rate, dtype=None) for spec in presets]


def _weights(weights: Sequence[float] | None, count: int) -> list[float]:
    if weights is None:
        return [1.0] * count
    if len(weights) != count:
        raise ValueError(f"weights has {len(weights)} numbers; it must have {count}, one each")
    return [float(w) for w in weights]


def _require_alike(estimate: Tensor, target: Tensor) -> None:
    if estimate.shape != target.shape:
        raise ValueError(
            f"target has shape {tuple(target.shape)}; it must be estimate's {tuple(estimate.shape)}"
        )
