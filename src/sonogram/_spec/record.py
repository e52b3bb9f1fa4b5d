# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The record `Spec`."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy.typing as npt

from .. import _core
from .._support.arguments import shown
from .._support.html import table
from .._support.spellings import names_arguments
from . import words
from .fields import NAMES, group
from .serial import Serial, plain, require_known

# The fields that decide which bins a filter covers.
_BANK = ("sample_rate", "n_fft", "filterbank", "n_mels", "f_min", "f_max", "mel_scale",
         "bark_scale", "filterbank_sample_rate", "triangle", "filter_shape", "vtln_warp",
         "vtln_low", "vtln_high", "bins_per_octave")  # fmt: skip


@names_arguments
@dataclass(frozen=True, kw_only=True, repr=False)
class Spec(Serial):
    """A front end, stage by stage: one flat, immutable, hashable record.

    A signal ``[..., samples]`` passes through the stages in the order of the fields. Every item
    (every leading index) is processed independently. Integers are scaled to [-1, 1) first.

    Parameters
    ----------
    sample_rate : float
        Sample rate, Hz.
    scale : float
        Factor by which the waveform is multiplied.
    clip : float, optional
        Clip to ``[-clip, clip]``.
    quantize : {"int16"}, optional
        Round trip through 16-bit integers: ``trunc(x * 32767) / 32767``.
    remove_mean : bool
        Subtract the mean of the whole item.
    level : float, optional
        Normalise the whole item, after `remove_mean`, to this root mean square or peak, by the
        factor ``level / sqrt(mean(x^2) + level_eps)`` or ``level / (max|x| + level_eps)``.
        Silence stays silence. NaN or Inf in an item makes all of it NaN.
    level_kind : {"rms", "peak"}
        Whether `level` is a root mean square or a peak.
    level_when : {"always", "quieter"}
        "quieter": only if that makes the item louder.
    level_eps : float
        Epsilon in the factor of `level`.
    preemphasis : float
        ``y[n] = x[n] - c x[n-1]`` over the whole waveform.
    preemphasis_kind : {"keep", "replicate"}
        Whether the first sample is kept as it is, or serves as its own predecessor.
    length : int, optional
        Extend or cut to this many samples.
    min_length, max_length, length_step : int, optional
        Cut to at most `max_length` samples, then extend to at least `min_length`, then extend until
        the excess over `min_length` (or 0) is a multiple of `length_step`.
    length_mode : {"zeros", "zeros_both", "repeat", "repeat_zeros"}
        How an item is extended: by zeros after it; by zeros on both sides, an odd one on the right;
        by repeating it; or by as many whole repeats as fit, then zeros.
    pad : (int, int)
        Zeros added on the left and on the right (torchaudio's ``pad``).
    n_fft : int
        FFT length, 1 to 2**24.
    win_length : int, optional
        Window length, at most ``n_fft``; None: ``n_fft``.
    hop_length : int, optional
        Samples from frame to frame; None: ``win_length // 2``.
    center : bool
        Centre frame ``t`` at sample ``t * hop_length`` by padding ``n_fft // 2`` samples on each
        side.
    frame_pad : (int, int), optional
        Samples of padding on the left and on the right, instead of those that `center` implies.
    pad_mode : {"reflect", "constant", "replicate", "circular", "symmetric"} or a pair of them
        Content of the padding of `center` and `frame_pad`; a pair: left, right.
    snip_edges : bool, optional
        Kaldi's framing: True gives only frames that fit completely, False one frame per hop with
        the signal mirrored at its ends. None: torch's framing.
    frame_span : int, optional
        Samples that must be available, from its start, for a frame to be counted. None: `n_fft` in
        torch's framing, `win_length` with ``snip_edges=True`` and half of `hop_length`, rounded up,
        with ``snip_edges=False``.
    frame_offset : int
        Number of samples by which every frame is shifted to the right.
    round_up : bool
        Count an incomplete last frame; zeros follow the padded signal.
    frame_multiple : int
        Round the number of frames up to a multiple of this; zeros extend the signal up to the
        sample on which the last frame is centred.
    drop_last : bool
        Omit the last frame.
    dither : float
        Amplitude of Gaussian noise added to every sample. Sample `n` gets the same noise for the
        same `seed`, for any chunks, batch and number of threads.
    seed : int
        Seed of the dither.
    remove_dc : bool
        Subtract each frame's mean.
    frame_preemphasis : float
        Pre-emphasis within each frame, Kaldi's: the first sample is its own predecessor.
    energy : {"raw", "windowed"}, optional
        Adds a row with the log energy of each frame, ``ln(max(sum x^2, energy_floor))``, measured
        after `remove_dc` ("raw") or after the window ("windowed"). It is the first row, unless the
        finish stage "energy" places it elsewhere.
    energy_floor : float
        Floor of the energy under the logarithm.
    window : str, (str, float, ...) or tuple of float
        A name that `sonogram.window` knows, with its parameters, or `win_length` values.
    periodic : bool
        Use periodic windows (one period of the DFT) rather than symmetric ones.
    window_align : {"center", "left"}
        Position of a window that is shorter than `n_fft`.
    output : {"spectrum", "waveform"}
        "waveform" returns the conditioned signal ``[..., samples]`` itself, without frames and
        without the stages after `pad`.
    power : float, optional
        Exponent of the magnitude: 1 for magnitude, 2 for power. None: the complex spectrum. Every
        exponent is computed from ``|X|^2``: in float32, magnitudes outside about 1e-18 to 1e18
        become 0 or inf. Denormal numbers count as zero.
    power_eps : float
        Epsilon of ``|X|^2 + power_eps``, before the exponent.
    power_floor : float
        Floor of ``max(|X|^2 + power_eps, power_floor)``, before the exponent.
    normalized : bool or {"window", "frame_length"}
        Divide by the window's L2 norm (True, "window") or by ``sqrt(n_fft)`` ("frame_length").
    filterbank : {"mel", "linear", "bark", "erb", "log", "chroma"}, matrix or None
        Kind of bands. A matrix is ``[n_mels, n_freqs]`` and determines `n_mels`. Bin `k` is at
        ``k * sample_rate / n_fft`` Hz.
    n_mels : int
        Number of bands.
    f_min, f_max : float
        Edges of the bands, Hz; `f_max` None: the Nyquist frequency.
    mel_scale : {"htk", "slaney", "kaldi"}
        Scale on which mel bands are evenly spaced.
    bark_scale : {"traunmuller", "schroeder", "wang"}
        Scale on which the bands of ``filterbank="bark"`` are evenly spaced.
    norm : {"slaney", "l1", "l2", "max"}, optional
        Divide each filter by half its width in Hz, its sum, its L2 norm or its maximum. For chroma,
        this applies to each bin's column, and None means "l2". "slaney" is not available for
        chroma and matrices.
    filterbank_sample_rate : float, optional
        Build the bands for this rate instead of `sample_rate`.
    triangle : {"hz", "mel", "isosceles"}
        Axis on which the sides of the triangles are straight. "mel" (the scale of the bands) is
        Kaldi's and gives the Nyquist bin no weight. "isosceles": in Hz, with the width of the left
        side on both sides (SpeechBrain).
    filter_shape : {"triangle", "rectangle", "gaussian"}
        Shape of a band between the edges that `triangle` implies. A rectangle includes bins on its
        edges; the standard deviation of a Gaussian is half the width of each side (SpeechBrain's,
        with ``triangle="isosceles"``).
    vtln_warp, vtln_low, vtln_high : float
        Kaldi's vocal tract length normalisation of a mel filterbank: warp factor, and cutoffs in
        Hz. A negative `vtln_high` is an offset from the Nyquist frequency.
    bins_per_octave : float
        For ``filterbank="log"``: band `m` is centred at ``f_min * 2**(m / bins_per_octave)`` and
        extends to the neighbouring centres; `f_max` must not be given.
    tuning, chroma_octave, chroma_width : float
        For ``filterbank="chroma"`` with `n_mels` classes (librosa.filters.chroma): tuning in bins,
        and centre and width of the weighting in octaves; `chroma_width` None: no weighting.
    log : {"ln", "log10", "db", "log1p", "power", "piecewise"}, optional
        ``log(max(gain * x, floor) + eps)``. "db" is 10 log10 of power and 20 log10 of magnitude
        (``power=1``); "log1p" is ``log1p(gain * x)``. With ``a = max(gain * x, floor) + eps``,
        "power" is ``a ** exponent``, and "piecewise" is ``ln(a)`` where ``a > e``, else ``a / e``.
    floor, eps : float
        Floor and epsilon of the logarithm.
    gain : float
        Factor by which power or bands are multiplied, with or without a logarithm.
    exponent : float
        Exponent of ``log="power"``.
    valid_frames : {"all", "floor", "ceil", "last", "all_but_last"}
        Number of valid frames of an item: all; ``samples // hop_length``; the same rounded up; one
        less than that; or all but the last. Stages over time use valid frames only.
    valid_min : int
        Minimum number of samples that `valid_frames` assumes for an item, for recipes that pad
        short items to a minimum length and count the padding as audio.
    finish : tuple of tuples
        Stages over an item's features, in order. Each is a name followed by its values: by
        position, as ``(name, value)`` pairs or in a dict at the end. See Notes.
    layout : {"freq_time", "time_freq"}
        ``[..., n_mels, time]`` or ``[..., time, n_mels]``.
    dtype : {"float32", "float64", "float16", "bfloat16", "uint8"} or NumPy's types, optional
        Dtype of the arithmetic and the result. None: float64 for float64 input, else float32. The
        last three are computed in float32 and rounded to nearest (ties to even); "uint8" is clipped
        to 0 .. 255. NumPy has no bfloat16 and gets its bits as uint16.
    compute_dtype : {"float64"} or numpy.float64, optional
        Dtype of the arithmetic alone. "float64" computes in float64 for any input and rounds the
        result to `dtype`, as recipes based on NumPy's FFT do. Weak bins beside strong ones are then
        exact. None: the dtype of the result.

    Raises
    ------
    TypeError, ValueError
        Naming the field, its value and what is allowed.

    Notes
    -----
    NaN and Inf propagate to the frames whose window reads them and to no others, except through
    stages that use the whole item: `remove_mean`, `level`, "dynamic_range", "reference" and
    "normalize".

    Finish stages, with defaults after each name; `x` is an item's features:

    - ``dynamic_range(range)``: ``max(x, max(x) - range)``; ``affine(scale, offset)``;
      ``clip(low, high)``; ``reference(value)`` subtracts a number, or the "max" or "mean" of the
      item.
    - ``normalize(axis "time", mean True, std True, ddof 0, eps 0, eps_in "std")``: subtracts the
      mean of each row over its valid frames ("time"), of each frame ("freq") or of everything
      ("all"), and divides by ``std + eps``, ``sqrt(var + eps)`` ("var") or ``max(std, eps)``
      ("floor"). Too few valid frames are an error.
    - ``statistics(mean, scale)``: ``(x - mean) * scale``, with one number for all rows or one for
      each.
    - ``sliding_cmn(window 600, min_window 100, center False, std False)``: Kaldi's
      apply-cmvn-sliding.
    - ``pcen(gain 0.98, bias 2, power 0.5, smooth 0.025, eps 1e-6, start "unit")``: per-channel
      energy normalisation (Wang et al., 2017) as librosa computes it; start "first" begins the
      smoother at the first frame.
    - ``dct(n, type 2, norm "ortho")`` over the rows; ``lifter(length, first 0)`` multiplies row `i`
      by ``1 + length/2 sin(pi (i + first) / length)``; ``energy(place "first")`` puts the log
      energy "first" or "last", or lets it "replace" the first row; ``rotate(rows)`` moves the first
      rows to the end.
    - ``deltas(order 1, win_length 5, mode "replicate")`` appends differences: torchaudio's, "kaldi"
      (composed filters) or "interp" (librosa's).
    - ``stack(size, stride, left 0, tail "drop", valid -1)``: frame `t` of the result joins `size`
      frames, beginning with ``t * stride - left``; the first frame is repeated before the start. An
      incomplete last group is dropped, or filled with the last frame ("replicate") or zeros
      ("zero"). Frame `t` is valid if frame ``t * stride + valid`` was; -1 stands for the last of
      its frames with "drop", else for the first.
    - ``frames(count, value 0, mode "fixed")``, ``pad(left, right, value 0)`` and
      ``multiple(of, value 0)`` add or cut frames; ``mask(value 0)`` overwrites frames that are not
      valid.
    - ``frame_norm(order "max", eps 0)`` divides each frame by ``max(norm, eps)``; ``argmax()`` is
      one-hot.
    - ``patches(height, width, stride_height, stride_width)``, last: rectangles of the features in
      the spec's layout, ``[..., n_patches, height, width]``, in row-major order.

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
        for field in NAMES:
            value = getattr(self, field)
            held = plain(field, value)
            if held is not value:
                object.__setattr__(self, field, held)
        mode = self.pad_mode
        if isinstance(mode, tuple) and len(mode) == 2 and mode[0] == mode[1]:
            object.__setattr__(self, "pad_mode", mode[0])
        object.__setattr__(self, "finish", _core.check_spec(self._fields()))

    def __repr__(self) -> str:
        parts = [
            f"{f.name}={getattr(self, f.name)!r}"
            for f in dataclasses.fields(self)
            if getattr(self, f.name) != f.default
        ]
        return f"Spec({', '.join(parts)})"

    def _repr_html_(self) -> str:
        """Return the fields that differ from their defaults as a table, for notebooks."""
        rows = [
            (f.name, shown(getattr(self, f.name)), shown(f.default))
            for f in dataclasses.fields(self)
            if getattr(self, f.name) != f.default
        ]
        return table("Spec", ("field", "value", "default"), rows)

    def replace(self, **fields: Any) -> Spec:
        """Return a copy with some fields replaced.

        Another `filterbank`, or None, also resets the fields of bands that it does not use to
        their defaults, unless they are given.

        Raises
        ------
        TypeError
            For unknown fields.
        """
        require_known(fields)
        if "filterbank" in fields:  # then no field may describe bands of another kind
            unused = {name: DEFAULTS[name] for name in unused_bands(fields["filterbank"])}
            fields = {**unused, **fields}
        copy = dataclasses.replace(self, **fields)
        if self._of_model and all(getattr(copy, n) == getattr(self, n) for n in _BANK):
            copy._mark_as_model()
        return copy

    def _mark_as_model(self) -> None:
        """Note that the filterbank is a model's and not the caller's choice: no advice on it."""
        object.__setattr__(self, "_of_model", True)


DEFAULTS = {f.name: f.default for f in dataclasses.fields(Spec)}
_OF_BANDS = tuple(name for name in group("filterbank") if name != "filterbank")


def unused_bands(filterbank: Any) -> list[str]:
    """Return the fields of bands that this filterbank (a name, a matrix or None) does not use."""
    used = _core.band_fields({**DEFAULTS, "filterbank": plain("filterbank", filterbank)})
    return [name for name in _OF_BANDS if name not in used]
