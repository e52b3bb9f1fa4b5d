# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""config.json of HiFi-GAN and its descendants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .._spec.presets import preset
from .._spec.record import Spec
from .._support.spellings import names_arguments
from .fields import bands, changed
from .files import as_mapping, is_path, read_json
from .ignored_keys import HIFIGAN
from .keys import Keys


@names_arguments
def from_hifigan(source: Any, *, loss: bool = False) -> Spec:
    """Make a Spec from HiFi-GAN's or BigVGAN's ``config.json``.

    Parameters
    ----------
    source : path or mapping
        The file, a directory that holds it, or its contents.
    loss : bool
        Return the spectrogram of the training loss, which ends at ``fmax_for_loss``, instead of the
        generator's input.

    Returns
    -------
    Spec

    Raises
    ------
    TypeError, ValueError
        For unknown keys and for values that are not allowed; the message names them.

    Notes
    -----
    ``mel_spectrogram`` of jik876/hifi-gan, meldataset.py: ``ln(max(mel(sqrt(|X|^2 + 1e-9)),
    1e-5))`` with librosa's bands and ``(n_fft - hop) / 2`` reflected samples on each side. The
    preparation of the audio in training (cutting, a peak of 0.95) is not included.

    Examples
    --------
    >>> import sonogram
    >>> spec = sonogram.from_hifigan({
    ...     "n_fft": 1024, "num_mels": 80, "sampling_rate": 22050, "hop_size": 256,
    ...     "win_size": 1024, "fmin": 0, "fmax": 8000, "fmax_for_loss": None})
    >>> spec.frame_pad, spec.power_eps
    ((384, 384), 1e-09)
    """
    if is_path(source):
        path = Path(source)
        source = read_json(path / "config.json" if path.is_dir() else path)
    keys = Keys(as_mapping(source, "source"), "the HiFi-GAN config", HIFIGAN)
    rate, n_fft = keys.integer("sampling_rate", None), keys.integer("n_fft", None)
    hop_length = keys.integer("hop_size", None)
    high = keys.optional("fmax_for_loss" if loss else "fmax")
    keys.raw("fmax")
    n_mels, low = keys.integer("num_mels", None), keys.number("fmin", 0.0, low=0.0)
    pad = max(0, n_fft - hop_length) // 2
    base = preset("hifigan-22k")
    fields = {
        "sample_rate": rate,
        "n_fft": n_fft,
        "win_length": keys.integer("win_size", None),
        "hop_length": hop_length,
        "frame_pad": (pad, pad),
        **bands(base, rate, n_fft, n_mels, low, high or rate / 2, stretched=False),
    }
    keys.done()
    return changed(base, fields, keys)
