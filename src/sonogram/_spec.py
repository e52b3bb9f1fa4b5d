# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The record that says what to compute."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import _core

SCHEMA = 1


def _plain(name: str, value: Any) -> Any:
    """Arrays and lists become tuples, NumPy scalars Python's, so that a record can be hashed."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "fiu":
            raise TypeError(f"{name} is an array of {value.dtype}; it must be of real numbers")
        return _plain(name, value.tolist())
    if isinstance(value, (list, tuple)):
        return tuple(_plain(name, v) for v in value)
    if isinstance(value, (np.bool_, np.integer, np.floating)):
        return value.item()
    if name == "dtype" and (isinstance(value, (type, np.dtype))):
        return np.dtype(value).name
    return value


def _listed(value: Any) -> Any:
    return [_listed(v) for v in value] if isinstance(value, tuple) else value


@dataclass(frozen=True, kw_only=True, repr=False)
class Spec:
    """What to compute, stage by stage: one flat, immutable, hashable record.

    A signal ``[..., samples]`` goes through the stages in the order of the fields; every item
    (every leading index) is processed alone. Integers are scaled to [-1, 1) first.

    Parameters
    ----------
    sample_rate : float
        Samples per second, Hz.
    scale : float
        Factor on the waveform.
    clip : float, optional
        Clip to ``[-clip, clip]``.
    quantize : {"int16"}, optional
        Round trip through 16-bit integers: ``trunc(x * 32767) / 32767``.
    remove_mean : bool
        Subtract the mean of the whole item.
    preemphasis : float
        ``y[n] = x[n] - c x[n-1]`` over the whole waveform.
    preemphasis_kind : {"keep", "replicate"}
        The first sample stays as it is, or is its own predecessor.
    length : int, optional
        Pad with zeros or cut to this many samples.
    pad : (int, int)
        Zeros added on the left and on the right (torchaudio's ``pad``).
    n_fft : int
        FFT length, 1 to 2**24.
    win_length : int, optional
        Window length, at most ``n_fft``; None: ``n_fft``.
    hop_length : int, optional
        Samples from frame to frame; None: ``win_length // 2``.
    center : bool
        Frame ``t`` is centred at sample ``t * hop_length``: ``n_fft // 2`` samples of padding on
        each side.
    frame_pad : (int, int), optional
        This many samples of padding on the left and right instead of what `center` says.
    pad_mode : {"reflect", "constant", "replicate", "circular", "symmetric"} or a pair of them
        How `center` and `frame_pad` fill what lies outside; a pair: left, right.
    snip_edges : bool, optional
        Kaldi's framing: True gives the frames that fit whole, False one frame per hop with the
        signal mirrored at its ends. None: torch's framing.
    drop_last : bool
        Leave the last frame out.
    dither : float
        Amplitude of Gaussian noise added to every sample; sample `n` gets the same noise for the
        same `seed`, whatever the chunking, the batch or the threads.
    seed : int
        Of the dither.
    remove_dc : bool
        Subtract each frame's mean.
    frame_preemphasis : float
        Pre-emphasis within each frame, Kaldi's: the first sample is its own predecessor.
    energy : None
        Not built yet.
    window : str, (str, float) or tuple of float
        "hann", "hamming", "blackman", "bartlett", "povey", "cosine", "rectangular",
        ("kaiser", beta), ("gaussian", standard deviation in samples), or `win_length` values.
    periodic : bool
        Periodic windows (of the DFT), or symmetric ones.
    window_align : {"center", "left"}
        Where a window shorter than `n_fft` lies.
    power : float, optional
        Exponent of the magnitude: 1 magnitude, 2 power. None: the complex spectrum. Every exponent
        goes through ``|X|^2``: in float32, magnitudes beyond about 1e-18 to 1e18 become 0 or inf.
        Denormal numbers count as zero.
    power_eps : float
        ``|X|^2 + eps``, before the exponent.
    power_floor : float
        ``max(|X|^2 + eps, floor)``, before the exponent.
    normalized : bool or {"window", "frame_length"}
        Divide by the window's L2 norm (True, "window") or by ``sqrt(n_fft)``.
    filterbank : {"mel", "linear"}, matrix or None
        Bands; a matrix is ``[n_mels, n_freqs]`` and `n_mels` is then not read. Bin `k` lies at
        ``k * sample_rate / n_fft`` Hz.
    n_mels : int
        Number of bands.
    f_min, f_max : float
        Edges of the bands, Hz; `f_max` None: the Nyquist frequency.
    mel_scale : {"htk", "slaney", "kaldi"}
        Scale along which the bands are spaced evenly.
    norm : {"slaney"}, optional
        Divide each triangle by its width in Hz over 2.
    filterbank_sample_rate : float, optional
        Build the bands for this rate instead of `sample_rate`.
    triangle : {"hz", "mel"}
        Axis along which the triangles are straight; "mel" is Kaldi's and gives the Nyquist bin no
        weight.
    log : {"ln", "log10", "db", "log1p"}, optional
        ``log(max(gain * x, floor) + eps)``; "log1p" is ``log1p(gain * x)``; "db" is 10 log10, of
        magnitudes (``power=1``) 20 log10.
    floor, eps : float
        Of the logarithm.
    gain : float
        Factor on power or bands, with a logarithm or without.
    finish : tuple of tuples
        Stages over an item's features, in order: ``("dynamic_range", d)`` is
        ``max(x, max(x) - d)``, ``("affine", a, b)`` is ``a x + b``, ``("reference", v)`` subtracts
        ``v`` or, with "max", the item's maximum. NaN in an item makes its maximum NaN, and so all
        of the item (but no other).
    layout : {"freq_time", "time_freq"}
        ``[..., n_mels, time]`` or ``[..., time, n_mels]``.
    dtype : {"float32", "float64"} or NumPy's types, optional
        Of the arithmetic and the result; None: float64 for float64 input, else float32.

    Raises
    ------
    TypeError, ValueError
        Naming the field, its value and what is allowed.

    Notes
    -----
    NaN and Inf spoil the frames whose window reads them and no others, except where a stage looks
    at the whole item: `remove_mean`, "dynamic_range" and the "max" reference.

    Examples
    --------
    >>> import sonogram
    >>> spec = sonogram.Spec(n_fft=1024, hop_length=256, filterbank="mel", n_mels=80)
    >>> spec.replace(log="ln")
    Spec(n_fft=1024, hop_length=256, filterbank='mel', n_mels=80, log='ln')
    """

    sample_rate: float = 16000
    scale: float = 1.0
    clip: float | None = None
    quantize: str | None = None
    remove_mean: bool = False
    preemphasis: float = 0.0
    preemphasis_kind: str = "keep"
    length: int | None = None
    pad: tuple[int, int] = (0, 0)
    n_fft: int = 400
    win_length: int | None = None
    hop_length: int | None = None
    center: bool = True
    frame_pad: tuple[int, int] | None = None
    pad_mode: str | tuple[str, str] = "reflect"
    snip_edges: bool | None = None
    drop_last: bool = False
    dither: float = 0.0
    seed: int = 0
    remove_dc: bool = False
    frame_preemphasis: float = 0.0
    energy: None = None
    window: str | Sequence[Any] = "hann"
    periodic: bool = True
    window_align: str = "center"
    power: float | None = 2.0
    power_eps: float = 0.0
    power_floor: float = 0.0
    normalized: bool | str = False
    filterbank: str | Sequence[Sequence[float]] | None = None
    n_mels: int = 128
    f_min: float = 0.0
    f_max: float | None = None
    mel_scale: str = "htk"
    norm: str | None = None
    filterbank_sample_rate: float | None = None
    triangle: str = "hz"
    log: str | None = None
    floor: float = 1e-10
    eps: float = 0.0
    gain: float = 1.0
    finish: tuple[tuple[Any, ...], ...] = ()
    layout: str = "freq_time"
    dtype: Any = None

    def __post_init__(self) -> None:
        for field in _FIELDS:
            value = getattr(self, field)
            plain = _plain(field, value)
            if plain is not value:
                object.__setattr__(self, field, plain)
        _core.check_spec(self._fields())

    def _fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _FIELDS}

    def __repr__(self) -> str:
        parts = [
            f"{f.name}={getattr(self, f.name)!r}"
            for f in dataclasses.fields(self)
            if getattr(self, f.name) != f.default
        ]
        return f"Spec({', '.join(parts)})"

    def replace(self, **fields: Any) -> Spec:
        """Return a copy with some fields replaced.

        Raises
        ------
        TypeError
            For a field that a Spec does not have.
        """
        _known(fields)
        return dataclasses.replace(self, **fields)

    def to_dict(self) -> dict[str, Any]:
        """Return every field and the schema number, in values that JSON can hold."""
        return {"schema": SCHEMA, **{k: _listed(v) for k, v in self._fields().items()}}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Spec:
        """Make a Spec from what `to_dict` returned; absent fields take their defaults.

        Raises
        ------
        TypeError
            For fields that a Spec does not have, or something that is no mapping.
        ValueError
            For a schema that this version does not read.
        """
        if not isinstance(fields, Mapping):
            raise TypeError(f"fields is a {type(fields).__name__}; it must be a mapping")
        rest = dict(fields)
        schema = rest.pop("schema", SCHEMA)
        if type(schema) is not int or schema != SCHEMA:
            raise ValueError(f"schema is {schema!r}; it must be {SCHEMA}")
        _known(rest)
        return cls(**rest)

    def to_json(self) -> str:
        """Return `to_dict` as a JSON string."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> Spec:
        """Make a Spec from what `to_json` returned."""
        return cls.from_dict(json.loads(text))


_FIELDS = tuple(f.name for f in dataclasses.fields(Spec))


def _known(fields: Mapping[str, Any]) -> None:
    unknown = [name for name in fields if name not in _FIELDS]
    if unknown:
        names = ", ".join(map(repr, unknown))
        raise TypeError(f"unknown fields {names}; a Spec has {', '.join(_FIELDS)}")
