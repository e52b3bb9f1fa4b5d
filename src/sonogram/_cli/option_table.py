# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The table of the options that make a `Spec`."""

import dataclasses
from collections.abc import Callable
from typing import Any

from .. import _core
from .option_readers import (
    filterbank,
    finish,
    name_or_pair,
    normalized,
    or_none,
    pair,
    reference,
    scale_and_offset,
    window,
)

ALL = ("stft", "spectrogram", "mel")
REAL = ("spectrogram", "mel")
MEL = ("mel",)


@dataclasses.dataclass(frozen=True)
class Option:
    """An option ``--name``: how its text is read, its help, and the commands that have it."""

    name: str
    read: Callable[[str], Any] | type
    help: str
    panel: str
    commands: tuple[str, ...] = ALL
    metavar: str | None = None
    spelling: str | None = None  # if the name means something else on a command line

    @property
    def kind(self) -> type:
        """The type that the parser of the command line reads."""
        return self.read if isinstance(self.read, type) and self.read is not str else str

    @property
    def placeholder(self) -> str:
        """The placeholder of the value in the help."""
        return self.metavar or {int: "N", float: "X", str: "NAME"}.get(self.kind, "")

    @property
    def key(self) -> str:
        """The name of the parameter."""
        return self.spelling or self.name

    @property
    def flag(self) -> str:
        """The spelling on the command line."""
        return "--" + self.key.replace("_", "-")


_FRAME, _WINDOW, _CONDITION = "Frames", "Window", "Signal before framing"
_EACH, _SPECTRUM, _BANK = "Each frame before the window", "Spectrum", "Filterbank"
_LOG, _FINISH, _OUT = "Logarithm", "Finish (in this order)", "Result"

OPTIONS = (
    Option("n_fft", int, "Samples of a Fourier transform.", _FRAME),
    Option("win_length", int, "Samples of the window (default: n_fft).", _FRAME),
    Option("hop_length", int, "Samples between frames (default: win_length // 2).", _FRAME),
    Option("center", bool, "Centre frame t on sample t * hop_length.", _FRAME),
    Option(
        "pad_mode",
        name_or_pair,
        "Padding at the ends: constant, reflect, replicate, circular or symmetric; or LEFT,RIGHT.",
        _FRAME,
    ),
    Option("frame_pad", or_none(pair(int)), "Samples to extend by.", _FRAME, ALL, "LEFT,RIGHT"),
    Option(
        "snip_edges",
        bool,
        "Kaldi's frames: complete ones only, or rounded and mirrored (default: as torch.stft).",
        _FRAME,
    ),
    Option("drop_last", bool, "Omit the last frame.", _FRAME),
    Option(
        "frame_span",
        or_none(int),
        "Samples that a frame needs to be counted (default: n_fft, or win_length).",
        _FRAME,
        ALL,
        "N",
    ),
    Option("frame_offset", int, "Samples by which every frame is shifted.", _FRAME),
    Option("round_up", bool, "Count an incomplete last frame.", _FRAME),
    Option("frame_multiple", int, "Round the number of frames up to a multiple.", _FRAME),
    Option(
        "window",
        window,
        f"{', '.join(_core.window_names())}, with parameters as kaiser:12 or "
        "general_cosine:0.5,0.5; or an array in FILE.npy.",
        _WINDOW,
    ),
    Option("periodic", bool, "Periodic rather than symmetric.", _WINDOW),
    Option("window_align", str, "Position of a shorter window: center or left.", _WINDOW),
    Option("scale", float, "Multiply the samples by this.", _CONDITION),
    Option("clip", or_none(float), "Then clip to this absolute value.", _CONDITION, ALL, "X"),
    Option("quantize", or_none(str), "Then round them: none or int16.", _CONDITION),
    Option("remove_mean", bool, "Subtract the mean of the channel.", _CONDITION),
    Option("level", or_none(float), "Normalise the channel to this.", _CONDITION, ALL, "X"),
    Option("level_kind", str, "Kind of level: rms or peak.", _CONDITION),
    Option("level_when", str, "always, or only if the channel is quieter.", _CONDITION),
    Option("level_eps", float, "Epsilon in the denominator of the factor.", _CONDITION),
    Option("preemphasis", float, "Subtract this times the previous sample.", _CONDITION),
    Option("preemphasis_kind", str, "The first sample: keep, or replicate the edge.", _CONDITION),
    Option("length", or_none(int), "Cut or zero-pad to this length.", _CONDITION, ALL, "N"),
    Option("min_length", or_none(int), "Extend to this length.", _CONDITION, ALL, "N"),
    Option("max_length", or_none(int), "Cut to this length.", _CONDITION, ALL, "N"),
    Option("length_step", or_none(int), "Extend to a multiple.", _CONDITION, ALL, "N"),
    Option(
        "length_mode",
        str,
        "How to extend: zeros, zeros_both, repeat or repeat_zeros.",
        _CONDITION,
    ),
    Option("pad", pair(int), "Zeros to add.", _CONDITION, ALL, "LEFT,RIGHT"),
    Option("dither", float, "Standard deviation of Gaussian noise to add.", _EACH),
    Option("seed", int, "Seed of that noise.", _EACH),
    Option("remove_dc", bool, "Subtract the mean of the frame.", _EACH),
    Option("frame_preemphasis", float, "Kaldi's pre-emphasis inside the frame.", _EACH),
    Option("energy", or_none(str), "A row of log energy: raw, windowed or none.", _EACH, REAL),
    Option("energy_floor", float, "Floor of the energy.", _EACH, REAL),
    Option("power", or_none(float), "Exponent: 2 is power, 1 is magnitude.", _SPECTRUM, REAL, "X"),
    Option("power_eps", float, "Added to |X|^2.", _SPECTRUM, REAL),
    Option("power_floor", float, "Floor of |X|^2.", _SPECTRUM, REAL),
    Option("normalized", normalized, "Divide by: false, window or frame_length.", _SPECTRUM),
    Option(
        "output",
        str,
        "spectrum, or waveform: the conditioned signal before framing.",
        _SPECTRUM,
        ("spectrogram",),
        spelling="features",
    ),
    Option(
        "filterbank",
        filterbank,
        "mel, linear, bark, erb, log, chroma, or a matrix in FILE.npy.",
        _BANK,
        MEL,
    ),
    Option("n_mels", int, "Number of filters.", _BANK, MEL),
    Option("f_min", float, "Lowest frequency in Hz.", _BANK, MEL),
    Option("f_max", or_none(float), "Highest (default: half the sample rate).", _BANK, MEL, "X"),
    Option("mel_scale", str, "htk, slaney or kaldi.", _BANK, MEL),
    Option("bark_scale", str, "traunmuller, schroeder or wang.", _BANK, MEL),
    Option("norm", or_none(str), "Norm of filters: none, slaney, l1, l2 or max.", _BANK, MEL),
    Option(
        "filterbank_sample_rate",
        or_none(float),
        "Build the filters for this rate (default: that of the audio).",
        _BANK,
        MEL,
        "HZ",
    ),
    Option("triangle", str, "Sides straight in: hz, mel; or isosceles.", _BANK, MEL),
    Option("filter_shape", str, "triangle, rectangle or gaussian.", _BANK, MEL),
    Option("vtln_warp", float, "Kaldi's vocal tract length factor.", _BANK, MEL),
    Option("vtln_low", float, "Its lower cutoff in Hz.", _BANK, MEL),
    Option("vtln_high", float, "Its upper cutoff in Hz; below 0: from Nyquist.", _BANK, MEL),
    Option("bins_per_octave", float, "For filterbank log.", _BANK, MEL),
    Option("tuning", float, "For filterbank chroma, in bins.", _BANK, MEL),
    Option("chroma_octave", float, "Centre of its weights, in octaves.", _BANK, MEL),
    Option("chroma_width", or_none(float), "Width of its weights, or none.", _BANK, MEL, "X"),
    Option("log", or_none(str), "none, ln, log10, db, log1p, power or piecewise.", _LOG, REAL),
    Option("floor", float, "Floor of the values before the log.", _LOG, REAL),
    Option("eps", float, "Epsilon, added before the log.", _LOG, REAL),
    Option("gain", float, "Factor, applied before the log.", _LOG, REAL),
    Option("exponent", float, "Exponent of --log power.", _LOG, REAL),
    Option(
        "valid_frames",
        str,
        "Valid frames: all, floor or ceil (of samples / hop), last, all_but_last.",
        _FINISH,
        REAL,
    ),
    Option("valid_min", int, "Samples to assume for them, at least.", _FINISH, REAL),
    Option(
        "reference", reference, "Subtract a value, max or mean.", _FINISH, REAL, "VALUE|max|mean"
    ),
    Option("dynamic_range", float, "Limit to this far below the maximum.", _FINISH, REAL),
    Option(
        "affine",
        scale_and_offset,
        "x * SCALE + OFFSET. (Whisper: --log log10 --dynamic-range 8 --affine 0.25,1)",
        _FINISH,
        REAL,
        "SCALE,OFFSET",
    ),
    Option(
        "finish",
        finish,
        "More stages, separated by semicolons: dct:13;normalize:ddof=1,eps=1e-5. "
        "none: no stages of --preset or --spec.",
        _FINISH,
        REAL,
        "STAGES",
    ),
    Option("layout", str, "freq_time or time_freq.", _OUT),
    Option(
        "dtype",
        or_none(str),
        "float32, float64 (complex for stft), float16, bfloat16, uint8.",
        _OUT,
    ),
    Option(
        "compute_dtype",
        or_none(str),
        "float64: compute in float64 for any dtype of the result (default: that dtype).",
        _OUT,
    ),
)
