# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The record that says what to compute."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from .. import _core
from .._support.json_text import parse_json
from .._support.spellings import did_you_mean, names_arguments
from . import words

SCHEMA = 1
# What says which bins a filter has.
_BANK = ("sample_rate", "n_fft", "filterbank", "n_mels", "f_min", "f_max", "mel_scale",
         "bark_scale", "filterbank_sample_rate", "triangle", "filter_shape", "vtln_warp",
         "vtln_low", "vtln_high", "bins_per_octave")  # fmt: skip


def _plain(name: str, value: Any) -> Any:
    """Arrays and lists become tuples, NumPy scalars Python's, so that a record can be hashed."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "fiu":
            raise TypeError(f"{name} is an array of {value.dtype}; it must be of real numbers")
        return _plain(name, value.tolist())
    if isinstance(value, (list, tuple)):
        return tuple(_plain(name, v) for v in value)
    if isinstance(value, Mapping):  # the parameters of a finish stage by name
        return {key: _plain(name, v) for key, v in value.items()}
    if isinstance(value, (np.bool_, np.integer, np.floating)):
        return value.item()
    if name in ("dtype", "compute_dtype") and (isinstance(value, (type, np.dtype))):
        return np.dtype(value).name
    return value


def _listed(value: Any) -> Any:
    return [_listed(v) for v in value] if isinstance(value, tuple) else value


@names_arguments
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
    level : float, optional
        Scale the whole item, after `remove_mean`, so that its root mean square or its peak is this:
        the factor is ``level / sqrt(mean(x^2) + level_eps)`` or ``level / (max|x| + level_eps)``.
        Silence stays silence. NaN or Inf in an item makes all of it NaN.
    level_kind : {"rms", "peak"}
        What `level` is.
    level_when : {"always", "quieter"}
        "quieter": only where that makes the item louder.
    level_eps : float
        Of the factor.
    preemphasis : float
        ``y[n] = x[n] - c x[n-1]`` over the whole waveform.
    preemphasis_kind : {"keep", "replicate"}
        The first sample stays as it is, or is its own predecessor.
    length : int, optional
        Extend or cut to this many samples.
    min_length, max_length, length_step : int, optional
        Cut to at most `max_length` samples, then extend to at least `min_length`, then until what
        goes beyond `min_length` (or 0) is a multiple of `length_step`.
    length_mode : {"zeros", "zeros_both", "repeat", "repeat_zeros"}
        What extends an item: zeros after it; zeros on both sides, the odd one on the right; the
        item again and again; or whole repeats as far as they fit, then zeros.
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
    frame_span : int, optional
        Samples that a frame must have to be counted; None: `n_fft`, or `win_length` where
        `snip_edges` is True, or the first half of the hop where it is False.
    frame_offset : int
        Samples by which every frame lies later.
    round_up : bool
        Count a last frame that is not whole; zeros lie beyond the padded signal.
    frame_multiple : int
        Round the number of frames up to a multiple of this; zeros extend the signal so that the
        sample on which the last frame is centred exists.
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
    energy : {"raw", "windowed"}, optional
        Log energy of each frame, ``ln(max(sum x^2, energy_floor))``, as a row of its own: of the
        frame after `remove_dc`, or after the window. It becomes the first row, or what the finish
        stage "energy" says.
    energy_floor : float
        Of that logarithm.
    window : str, (str, float, ...) or tuple of float
        A name that `sonogram.window` knows, with its parameters, or `win_length` values.
    periodic : bool
        Periodic windows (of the DFT), or symmetric ones.
    window_align : {"center", "left"}
        Where a window shorter than `n_fft` lies.
    output : {"spectrum", "waveform"}
        "waveform" gives the conditioned signal ``[..., samples]`` itself: no frames, no stages
        after `pad`.
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
    filterbank : {"mel", "linear", "bark", "erb", "log", "chroma"}, matrix or None
        Bands; a matrix is ``[n_mels, n_freqs]`` and `n_mels` is then not read. Bin `k` lies at
        ``k * sample_rate / n_fft`` Hz.
    n_mels : int
        Number of bands.
    f_min, f_max : float
        Edges of the bands, Hz; `f_max` None: the Nyquist frequency.
    mel_scale : {"htk", "slaney", "kaldi"}
        Scale along which the bands are spaced evenly.
    bark_scale : {"traunmuller", "schroeder", "wang"}
        Of ``filterbank="bark"``.
    norm : {"slaney", "l1", "l2", "max"}, optional
        Divide each filter by its width in Hz over 2, its sum, its L2 norm or its maximum (chroma:
        each bin's column; L2 where None). "slaney" is of bands alone, not of chroma or a matrix.
    filterbank_sample_rate : float, optional
        Build the bands for this rate instead of `sample_rate`.
    triangle : {"hz", "mel", "isosceles"}
        Axis along which the triangles are straight; "mel" (the scale of the bands) is Kaldi's and
        gives the Nyquist bin no weight. "isosceles": in Hz, the left width on both sides
        (SpeechBrain).
    filter_shape : {"triangle", "rectangle", "gaussian"}
        Shape of a band between its edges, as `triangle` places them: a rectangle holds bins on its
        edges, a Gaussian has half the width of each flank as deviation (SpeechBrain's, with
        ``triangle="isosceles"``).
    vtln_warp, vtln_low, vtln_high : float
        Kaldi's vocal tract length normalisation of a mel bank: factor, and cutoffs in Hz, a
        negative `vtln_high` from the Nyquist frequency down.
    bins_per_octave : float
        Of ``filterbank="log"``: band `m` is centred at ``f_min * 2**(m / bins_per_octave)`` and
        reaches to the centres beside it; `f_max` is not read.
    tuning, chroma_octave, chroma_width : float
        Of ``filterbank="chroma"`` with `n_mels` classes (librosa.filters.chroma): tuning in bins,
        centre and width in octaves of the weighting; `chroma_width` None: no weighting.
    log : {"ln", "log10", "db", "log1p", "power", "piecewise"}, optional
        ``log(max(gain * x, floor) + eps)``; "log1p" is ``log1p(gain * x)``; "db" is 10 log10, of
        magnitudes (``power=1``) 20 log10; "power" is ``a ** exponent`` and "piecewise"
        ``ln(a)`` where ``a > e``, else ``a / e``, of ``a = max(gain * x, floor) + eps``.
    floor, eps : float
        Of the logarithm.
    gain : float
        Factor on power or bands, with a logarithm or without.
    exponent : float
        Of ``log="power"``.
    valid_frames : {"all", "floor", "ceil", "last", "all_but_last"}
        How many frames of an item count as true: all, ``samples // hop_length``, that rounded up,
        one less than that, or all but the last. Stages over time look at true frames alone.
    valid_min : int
        Count an item's samples as so many at least (of what is padded to a minimum and then on).
    finish : tuple of tuples
        Stages over an item's features, in order: a name and its values, by position, as
        ``(name, value)`` pairs or in a dict at the end. See Notes.
    layout : {"freq_time", "time_freq"}
        ``[..., n_mels, time]`` or ``[..., time, n_mels]``.
    dtype : {"float32", "float64", "float16", "bfloat16", "uint8"} or NumPy's types, optional
        Of the arithmetic and the result; None: float64 for float64 input, else float32. The last
        three are computed in float32 and rounded to the nearest (ties to even); "uint8" is clipped
        to 0 .. 255, and NumPy, which has no bfloat16, gets its bits as uint16.
    compute_dtype : {"float64"} or numpy.float64, optional
        Of the arithmetic alone: "float64" computes in float64 whatever the input is, and rounds the
        result to what `dtype` says, as recipes do whose FFT is NumPy's. Weak bins beside strong
        ones are then exact. None: as the result.

    Raises
    ------
    TypeError, ValueError
        Naming the field, its value and what is allowed.

    Notes
    -----
    NaN and Inf spoil the frames whose window reads them and no others, except where a stage looks
    at the whole item: `remove_mean`, `level`, "dynamic_range", "reference" and "normalize".

    Finish stages (defaults in brackets), `x` an item's features:

    - ``dynamic_range(range)``: ``max(x, max(x) - range)``; ``affine(scale, offset)``;
      ``clip(low, high)``; ``reference(value)`` subtracts a number, "max" or "mean" of the item.
    - ``normalize(axis "time", mean True, std True, ddof 0, eps 0, eps_in "std")``: each row over
      its true frames ("time"), each frame ("freq") or everything ("all") less its mean, over
      ``std + eps``, ``sqrt(var + eps)`` ("var") or ``max(std, eps)`` ("floor"). Too few true frames
      for that are an error.
    - ``statistics(mean, scale)``: ``(x - mean) * scale``, numbers or one for every row.
    - ``sliding_cmn(window 600, min_window 100, center False, std False)``: Kaldi's
      apply-cmvn-sliding.
    - ``pcen(gain 0.98, bias 2, power 0.5, smooth 0.025, eps 1e-6, start "unit")``: per-channel
      energy normalisation (Wang et al., 2017) as librosa computes it; start "first" begins the
      smoother at the first frame.
    - ``dct(n, type 2, norm "ortho")`` over the rows; ``lifter(length, first 0)``: row `i` times
      ``1 + length/2 sin(pi (i + first) / length)``; ``energy(place "first")``: where the log
      energy goes, "first", "last" or in "replace" of the first row; ``rotate(rows)``: the first
      rows go to the end.
    - ``deltas(order 1, win_length 5, mode "replicate")`` appends differences: torchaudio's, "kaldi"
      (composed filters) or "interp" (librosa's).
    - ``stack(size, stride, left 0, tail "drop", valid -1)``: frame `t` becomes `size` frames from
      ``t * stride - left`` on, copies of the first before it; an incomplete last one is dropped,
      filled with the last frame ("replicate") or zeros ("zero"). It is true where frame
      ``t * stride + valid`` was; -1: the last of its frames with "drop", else the first.
    - ``frames(count, value 0, mode "fixed")``, ``pad(left, right, value 0)``,
      ``multiple(of, value 0)``: frames added or cut; ``mask(value 0)``: frames that are not true.
    - ``frame_norm(order "max", eps 0)``: each frame over ``max(norm, eps)``; ``argmax()``: one-hot.
    - ``patches(height, width, stride_height, stride_width)``, last: pieces of the picture in the
      spec's layout, ``[..., n_patches, height, width]``, row by row.

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
    quantize: Literal["int16"] | None = None
    remove_mean: bool = False
    level: float | None = None
    level_kind: words.LevelKind = "rms"
    level_when: words.LevelWhen = "always"
    level_eps: float = 0.0
    preemphasis: float = 0.0
    preemphasis_kind: words.PreemphasisKind = "keep"
    length: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    length_step: int | None = None
    length_mode: words.LengthMode = "zeros"
    pad: tuple[int, int] = (0, 0)
    n_fft: int = 400
    win_length: int | None = None
    hop_length: int | None = None
    center: bool = True
    frame_pad: tuple[int, int] | None = None
    pad_mode: words.PadMode = "reflect"
    snip_edges: bool | None = None
    frame_span: int | None = None
    frame_offset: int = 0
    round_up: bool = False
    frame_multiple: int = 1
    drop_last: bool = False
    dither: float = 0.0
    seed: int = 0
    remove_dc: bool = False
    frame_preemphasis: float = 0.0
    energy: words.Energy | None = None
    energy_floor: float = 1.1920928955078125e-07
    window: words.Window = "hann"
    periodic: bool = True
    window_align: words.WindowAlign = "center"
    output: words.Output = "spectrum"
    power: float | None = 2.0
    power_eps: float = 0.0
    power_floor: float = 0.0
    normalized: words.Normalized = False
    filterbank: words.Bank | Sequence[Sequence[float]] | npt.NDArray[Any] | None = None
    n_mels: int = 128
    f_min: float = 0.0
    f_max: float | None = None
    mel_scale: words.MelScale = "htk"
    bark_scale: words.BarkScale = "traunmuller"
    norm: words.Norm | None = None
    filterbank_sample_rate: float | None = None
    triangle: words.Triangle = "hz"
    filter_shape: words.FilterShape = "triangle"
    vtln_warp: float = 1.0
    vtln_low: float = 100.0
    vtln_high: float = -500.0
    bins_per_octave: float = 12.0
    tuning: float = 0.0
    chroma_octave: float = 5.0
    chroma_width: float | None = 2.0
    log: words.Log | None = None
    floor: float = 1e-10
    eps: float = 0.0
    gain: float = 1.0
    exponent: float = 1.0
    valid_frames: words.ValidFrames = "all"
    valid_min: int = 0
    finish: tuple[tuple[Any, ...], ...] = ()
    layout: words.Layout = "freq_time"
    dtype: words.DType | None = None
    compute_dtype: words.ComputeDType | None = None
    _of_model: ClassVar[bool] = False

    def __post_init__(self) -> None:
        for field in _FIELDS:
            value = getattr(self, field)
            plain = _plain(field, value)
            if plain is not value:
                object.__setattr__(self, field, plain)
        mode = self.pad_mode
        if isinstance(mode, tuple) and len(mode) == 2 and mode[0] == mode[1]:
            object.__setattr__(self, "pad_mode", mode[0])
        object.__setattr__(self, "finish", _core.check_spec(self._fields()))

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

        ``filterbank=None`` takes the fields that only bands read back to their defaults.

        Raises
        ------
        TypeError
            For a field that a Spec does not have.
        """
        _known(fields)
        if fields.get("filterbank", "") is None:  # without bands, what only they read goes as well
            fields = {**{name: _DEFAULTS[name] for name in _OF_BANDS}, **fields}
        copy = dataclasses.replace(self, **fields)
        if self._of_model and all(getattr(copy, n) == getattr(self, n) for n in _BANK):
            copy._keep_bank()
        return copy

    def _keep_bank(self) -> None:
        """Note that the bank is a model's, not the caller's choice: no advice on its filters."""
        object.__setattr__(self, "_of_model", True)

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

    def fingerprint(self) -> str:
        """Return 32 hexadecimal digits that name what this Spec computes.

        They depend on the fields that differ from their defaults alone, and on values, not on how
        they were written: the same for ``scale=2`` and ``scale=2.0``, on every machine and in every
        version that reads this schema.
        """
        own, defaults = _core.canonical_fields(self._fields()), _core.default_fields()
        changed = {k: _listed(v) for k, v in own.items() if v != defaults[k]}
        text = json.dumps({"schema": SCHEMA, **changed}, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def to_json(self) -> str:
        """Return `to_dict` as a JSON string."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> Spec:
        """Make a Spec from what `to_json` returned.

        Raises
        ------
        TypeError, ValueError
            As `from_dict`, for text that is no JSON, and for a field given twice.
        """
        return cls.from_dict(parse_json(text, _once))


_FIELDS = tuple(f.name for f in dataclasses.fields(Spec))
_DEFAULTS = {f.name: f.default for f in dataclasses.fields(Spec)}
# From n_mels to chroma_width.
_OF_BANDS = _FIELDS[_FIELDS.index("filterbank") + 1 : _FIELDS.index("log")]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} is given twice; it must be given once")
    return fields


def _known(fields: Mapping[str, Any]) -> None:
    unknown = [name for name in fields if name not in _FIELDS]
    if unknown:
        names = ", ".join(map(repr, unknown))
        meant = did_you_mean([name for name in unknown if isinstance(name, str)], _FIELDS)
        raise TypeError(f"unknown fields {names}{meant}; a Spec has {', '.join(_FIELDS)}")
