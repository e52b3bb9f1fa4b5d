# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Changes that a configuration makes to a preset; the presets alone hold the recipes."""

from __future__ import annotations

import math
from typing import Any

from .. import _core
from .._spec.record import DEFAULTS, Spec
from .keys import Keys

FLOAT_EPSILON = 1.1920928955078125e-07  # Kaldi's floor of energies and bands
Fields = dict[str, Any]

_MOST_TIMES = 16  # ratio of the rate that the original's bands need to the actual rate, at most
_MOST_WEIGHTS = 1 << 24  # weights of a filterbank that is built with more bins than it keeps


def power_of_two(length: int) -> int:
    """Return the smallest power of two that is at least ``length``."""
    return 1 << max(0, length - 1).bit_length()


def changed(base: Spec, fields: Fields, keys: Keys | None = None) -> Spec:
    """Return `base` with other fields, each in the canonical form of the presets.

    A window as long as the FFT, and bands up to the Nyquist frequency, are defaults and left unset,
    so that a configuration that describes a preset gives that preset. A configuration of a model,
    which has `keys`, has the filters that the model was trained with.
    """
    fields = dict(fields)
    if fields.get("win_length") == fields.get("n_fft", base.n_fft):
        fields["win_length"] = None
    rate = fields.get("filterbank_sample_rate", base.filterbank_sample_rate)
    if fields.get("f_max") == (rate or fields.get("sample_rate", base.sample_rate)) / 2:
        fields["f_max"] = None
    if keys is None:
        return base.replace(**fields)
    try:
        spec = base.replace(**fields)
    except ValueError as error:
        raise keys.impossible(error) from None
    spec._mark_as_model()
    return spec


def bands(
    base: Spec,
    rate: float,
    n_fft: int,
    n_mels: int,
    f_min: float,
    f_max: float,
    *,
    stretched: bool = True,
    key: str = "sampling_rate",
) -> Fields:
    """Return mel bands of `base`'s kind over bins at ``k * rate / (2 * (n_fft // 2))`` Hz.

    That is where ``linspace(0, rate / 2, n_fft // 2 + 1)`` puts them in torchaudio and
    transformers: stretched if `n_fft` is odd. Librosa (not `stretched`) has the true frequencies.

    A Spec's bands end at the Nyquist frequency. If an original lets them continue above it (Whisper
    for a rate below 16 kHz), they are built over more bins and the upper bins are dropped. `key` is
    the configuration's name for the rate.
    """
    fields: Fields = {"n_mels": n_mels, "f_min": f_min, "f_max": f_max}
    stretch = n_fft / (2 * (n_fft // 2)) if stretched and n_fft > 1 else 1.0
    if f_max <= rate * stretch / 2:
        if stretch != 1:
            fields["filterbank_sample_rate"] = rate * stretch
        return fields
    times = math.ceil(2 * f_max / (rate * stretch))
    if times > _MOST_TIMES:
        raise ValueError(
            f"{key} is {rate:g}; it must be at least {math.ceil(2 * f_max / _MOST_TIMES)} "
            f"for bands that end at {f_max:g} Hz"
        )
    longest = _MOST_WEIGHTS // (times * n_mels)
    if n_fft > longest:
        raise ValueError(
            f"{key} is {rate:g}, and {n_mels} bands that end at {f_max:g} Hz go on above half of "
            f"it: the FFT's length is {n_fft}; it must be at most {longest}"
        )
    kind = {name: getattr(base, name) for name in ("mel_scale", "norm", "triangle")}
    wide = Spec(
        sample_rate=times * rate * stretch, n_fft=times * n_fft, hop_length=1, filterbank="mel",
        **fields, **kind,
    )  # fmt: skip
    bank = _core.filterbank(wide._fields())
    assert bank is not None
    idle = {name: DEFAULTS[name] for name in ("f_min", "f_max", *kind)}
    return {**idle, "filterbank": bank[:, : n_fft // 2 + 1], "n_mels": n_mels}
