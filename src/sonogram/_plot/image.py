# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""`sonogram.image`: a spectrogram as a PNG of an exact size, without matplotlib."""

import os
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from .._spec.as_spec import SpecLike, as_spec
from .._support.arguments import number_above, positive_int, require_bool, require_one_of, shown
from .._support.optional import require
from .._support.overloads import TensorLike
from .._support.paths import as_path, written_whole
from .._support.spellings import names_arguments
from .canvas import (
    Canvas,
    Layout,
    Words,
    colour_table,
    draw_words,
    framed_layout,
    indices,
    plain_layout,
)
from .figure import limits_of
from .meaning import meaning_of
from .panels import AxisOptions, Resolution
from .png import encoded
from .pooling import Pooler, column_spans, row_spans
from .raster import Axis, Limits, coloured
from .sources import Frames, audio_frames, feature_frames

Array = npt.NDArray[Any]

_MOST_PIXELS = 1 << 16  # of a side


@names_arguments
def image(
    audio: str | os.PathLike[str] | npt.ArrayLike | TensorLike | None = None,
    sample_rate: float | None = None,
    *,
    spec: SpecLike | None = None,
    features: Any = None,
    width: int = 1000,
    height: int = 400,
    channel: int | None = None,
    n_fft: int | None = None,
    win_length: int | None = None,
    hop_length: int | None = None,
    window: Any = "hann",
    freq_axis: Literal["linear", "log", "mel", "bark"] | None = None,
    f_min: float | None = None,
    f_max: float | None = None,
    start: float = 0,
    end: float | None = None,
    top_db: float | None = None,
    vmin: float | None = None,
    vmax: float | None = None,
    ref: float | Literal["max"] = "max",
    cmap: Any = "magma",
    axes: bool = False,
    title: str | None = None,
    as_: Literal["png", "array", "pil"] = "png",
    path: str | os.PathLike[str] | None = None,
) -> Any:
    r"""Draw a spectrogram, or features, as a picture of an exact size, without matplotlib.

    Memory is bounded however long the audio: it is read in blocks, and each pixel keeps the maximum
    of what falls into it, so that a click of a millisecond is seen in hours. Channels lie one above
    the other. Where there are no numbers (NaN, or bands that end below the axis) it is blue-grey.

    Parameters
    ----------
    audio : str, os.PathLike, array_like or torch.Tensor
        A file, or a waveform ``[samples]`` or ``[channels, samples]``; None: ``features`` alone.
    sample_rate : float, optional
        Of a waveform, Hz: needed with one. A file is resampled to it.
    spec : Spec, str, Preset, Extractor or transform, optional
        A front end to draw instead of a spectrogram; audio is resampled to its rate. With
        ``features``: how they were made.
    features : array_like or torch.Tensor, optional
        Draw these, ``[..., rows, time]`` or as ``spec.layout`` says, instead of audio.
    width, height : int
        Of the whole picture in pixels, 1 to 65536.
    channel : int, optional
        This channel alone. Default: every channel, the first 8 if there are more.
    n_fft, win_length, hop_length, window
        Resolution of the spectrogram, as in `plot`. The default hop gives each column a frame of
        its own.
    freq_axis : {"linear", "log", "mel", "bark"}, optional
        How Hz are spread over the height, as in `plot`.
    f_min, f_max : float, optional
        Range of the axis in Hz.
    start, end : float, optional
        Range of time in seconds. Default: all.
    top_db : float, optional
        Colours end this many dB below the maximum. Default: 80, as in `plot`.
    vmin, vmax : float, optional
        Range of the colours, in dB or in the unit of the features, instead of what `top_db` says.
    ref : "max" or float
        Of spectra: which power is 0 dB, the largest that is drawn or a number, so that pictures
        compare.
    cmap : str or array_like
        "magma", "viridis", "inferno", "cividis" or "gray", reversed with "_r" behind it, or
        colours ``[n, 3]`` from low to high: integers up to 255 or floats up to 1.
    axes : bool
        Draw time, frequency and a colour bar inside the size that is given.
    title : str, optional
        A line above; needs ``axes=True``.
    as_ : {"png", "array", "pil"}
        The bytes of a PNG, RGB as uint8 ``[height, width, 3]``, or a ``PIL.Image.Image``.
    path : str or os.PathLike, optional
        Write the PNG here as well; the name must end in ``.png``.

    Returns
    -------
    bytes, numpy.ndarray or PIL.Image.Image

    Raises
    ------
    TypeError, ValueError
        Naming the argument, its value and what is allowed.
    OSError
        As `load` does, and where ``path`` cannot be written.

    Examples
    --------
    >>> import sonogram
    >>> picture = sonogram.image("examples/audio/speech.flac", width=600, height=200)
    >>> picture[:4], int.from_bytes(picture[16:20], "big")
    (b'\x89PNG', 600)
    >>> sonogram.image("examples/audio/speech.flac", spec="whisper-80", as_="array").shape
    (400, 1000, 3)
    """
    wide = positive_int("width", width, _MOST_PIXELS)
    high = positive_int("height", height, _MOST_PIXELS)
    require_one_of("as_", as_, ("png", "array", "pil"))
    require_bool("axes", axes)
    if title is not None and not axes:
        raise ValueError(f"title is {shown(title)}; it needs axes=True")
    target = None if path is None else as_path(path)
    if target is not None and target.suffix.lower() != ".png":
        raise ValueError(f"path is {str(target)!r}; its name must end in .png")
    table = colour_table(cmap)
    limits, peak = limits_of(top_db, vmin, vmax), reference(ref)
    frames, axis = _frames_and_axis(
        audio, sample_rate, spec, features, channel, AxisOptions(freq_axis, f_min, f_max),
        Resolution(n_fft, win_length, hop_length, window), _shown_span(start, end),
    )  # fmt: skip
    pixels = composed(frames, axis, (wide, high), limits, peak, title if axes else None, axes)
    made = encoded(pixels, table) if as_ == "png" or target is not None else b""
    if target is not None:
        with written_whole(target) as temporary:
            temporary.write_bytes(made)
    if as_ == "png":
        return made
    rgb = table[pixels]
    return rgb if as_ == "array" else require("PIL.Image", "plot", 'as_="pil"').fromarray(rgb)


def loudest(
    audio: Any,
    sample_rate: float | None,
    *,
    width: int,
    height: int,
    channel: int | None = None,
    n_fft: int | None = None,
    win_length: int | None = None,
    hop_length: int | None = None,
    window: Any = "hann",
    freq_axis: str | None = None,
    f_min: float | None = None,
    f_max: float | None = None,
    start: float = 0.0,
    end: float | None = None,
) -> float:
    """Return the greatest power that `image` would draw of a spectrum, its ``ref="max"``."""
    frames, axis = _frames_and_axis(
        audio, sample_rate, None, None, channel, AxisOptions(freq_axis, f_min, f_max),
        Resolution(n_fft, win_length, hop_length, window), _shown_span(start, end),
    )  # fmt: skip
    values = pooled(frames, axis, width, height)
    return float(values.max(initial=0.0, where=np.isfinite(values)))


def reference(ref: Any) -> float | None:
    """Return the power of 0 dB, None for the largest; an error names what it may be."""
    if isinstance(ref, str):
        require_one_of("ref", ref, ("max",))
        return None
    return number_above("ref", ref, 0)


def _shown_span(start: Any, end: Any) -> Callable[[float], tuple[float, float]]:
    """Return what says which part of a duration is drawn."""
    first = number_above("start", start, 0, included=True)
    last = None if end is None else number_above("end", end, 0)

    def span(duration: float) -> tuple[float, float]:
        stop = duration if last is None else last
        if first >= duration:
            raise ValueError(f"start is {first:g}; it must be below the duration, {duration:g} s")
        if stop > duration * (1 + 1e-9):
            raise ValueError(f"end is {stop:g}; it must be at most the duration, {duration:g} s")
        if stop <= first:
            raise ValueError(f"end is {stop:g}; it must be above start = {first:g}")
        return first, stop

    return span


def _frames_and_axis(
    audio: Any,
    sample_rate: Any,
    spec: Any,
    features: Any,
    channel: int | None,
    wanted_axis: AxisOptions,
    wanted: Resolution,
    span: Callable[[float], tuple[float, float]],
) -> tuple[Frames, Axis]:
    """Return what is drawn, and along which axis."""
    if (audio is None) == (features is None):
        raise TypeError("audio and features: one of them must be given, and not both")
    if features is not None and spec is None:
        raise TypeError("spec is None; it must be the Spec of the features")
    if spec is None:
        seconds = wanted_axis.window_seconds
        frames = audio_frames(audio, sample_rate, None, channel, wanted, seconds, span)
        return frames, wanted_axis.over_bins(frames.spec)
    wanted.refuse_beside_spec()
    axis = wanted_axis.over(as_spec(spec))
    if features is not None:
        return feature_frames(features, spec, len(axis.edges) - 1, channel, span), axis
    return audio_frames(audio, sample_rate, spec, channel, wanted, 0.0, span), axis


def pooled(frames: Frames, axis: Axis, width: int, height: int) -> Array:
    """Return the largest value of each pixel, ``[channels, height, width]``."""
    times = frames.times(width)
    columns = column_spans(width, *frames.duration, times)
    pooler = Pooler(len(frames.channels), columns, row_spans(height, axis))
    frames.run(pooler.take, pooler.frames)
    return pooler.pixels()


def composed(
    frames: Frames,
    axis: Axis,
    size: tuple[int, int],
    limits: Limits,
    peak: float | None,
    title: str | None,
    framed: bool,
) -> Array:
    """Return palette indices of the whole picture, ``[height, width]``."""
    count = len(frames.channels)
    meaning = meaning_of(frames.spec)
    spectrum = meaning.exponent is not None
    if peak is not None and not spectrum:
        raise ValueError(
            f"ref is {peak:g}; it must be 'max': these features ({meaning.label}) are no power; "
            "vmin and vmax make pictures of them compare"
        )
    label = "dB re max" if peak is None else f"dB re power {peak:.3g}"
    label = label if spectrum else meaning.label
    words = _words(frames, axis, label, title)
    layout = framed_layout(*size, words, count) if framed else plain_layout(*size, count)
    _, _, width, height = max(layout.panels, key=lambda panel: panel[3])
    values = pooled(frames, axis, width, height)
    if peak is not None and meaning.exponent is not None:
        peak **= meaning.exponent / 2  # given as a power
    values, low, high = coloured(values, meaning, limits, peak)
    return _paint(values, (low, high), size, layout, words if framed else None)


def _words(frames: Frames, axis: Axis, label: str, title: str | None) -> Words:
    numbers = frames.channels
    names = [f"channel {number}" for number in numbers] if frames.total > 1 else []
    if names and len(numbers) < frames.total and len(numbers) > 1:
        names[-1] += f" of {frames.total}"
    start, end = frames.duration
    return Words(axis, start, end, label, tuple(names), title or "")


def _paint(
    values: Array,
    colours: tuple[float, float],
    size: tuple[int, int],
    layout: Layout,
    words: Words | None,
) -> Array:
    canvas = Canvas(*size, layout.scale)
    found = indices(values, *colours)
    for panel, (x, y, width, height) in zip(found, layout.panels, strict=True):
        # where heights differ by a pixel, the lowest row is left out
        canvas.pixels[y : y + height, x : x + width] = panel[:height]
    if words is not None:
        draw_words(canvas, layout, words, colours)
    return canvas.pixels
