# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Changes of the fields up to the filterbank to values that are common in other front ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .._spec.fields import WORDS
from .recipe import Fields, resolved

Change = dict[str, Any]
_WINDOWS = ("hann", "hamming", "povey", "blackman", "bartlett", "cosine", "rectangular")
_PADS = ("reflect", "constant", "replicate", "symmetric", "circular")
_LENGTHS = (256, 320, 400, 480, 512, 551, 600, 640, 800, 882, 960, 1024, 1102, 1200, 1280, 1323)
_LONGER = (1411, 1764, 1920, 2048, 2205, 2400, 4096)
_RATES = (None, 8000.0, 16000.0, 22050.0, 24000.0, 32000.0, 44100.0, 48000.0)
_AXES = (("htk", "hz"), ("slaney", "hz"), ("kaldi", "mel"), ("kaldi", "hz"), ("htk", "mel"))


def early_changes(fields: Fields, num_samples: int, num_frames: int) -> Iterator[Change]:
    """Yield changes of the stages from the waveform to the filterbank."""
    for changes in (
        _windows(fields),
        _conditioning(fields),
        _framing(fields),
        _sizes(fields, num_samples, num_frames),
        _spectrum(fields),
        _bands(fields),
    ):
        for change in changes:
            if any(
                fields[k] != v or isinstance(fields[k], str) != isinstance(v, str)
                for k, v in change.items()
            ):
                yield change


def _windows(fields: Fields) -> Iterator[Change]:
    for window in _WINDOWS:
        for periodic in (True, False):
            yield {"window": window, "periodic": periodic}
    if not isinstance(fields["window"], str):
        yield {"periodic": not fields["periodic"]}
    yield {"window_align": "left" if fields["window_align"] == "center" else "center"}


def _conditioning(fields: Fields) -> Iterator[Change]:
    yield {"remove_dc": not fields["remove_dc"]}
    yield {"remove_mean": not fields["remove_mean"]}
    yield {"quantize": None if fields["quantize"] else "int16"}
    yield {"clip": None if fields["clip"] else 1.0}
    kinds = ("keep", "replicate")
    for c in (0.0, 0.97):
        for kind in kinds:
            yield {"preemphasis": c, "preemphasis_kind": kind, "frame_preemphasis": 0.0}
        yield {"preemphasis": 0.0, "frame_preemphasis": c}
    waveform, frame = fields["preemphasis"], fields["frame_preemphasis"]
    for kind in kinds:
        yield {"preemphasis_kind": kind}
        yield {"preemphasis": frame, "frame_preemphasis": waveform, "preemphasis_kind": kind}
    for level in (("rms", 1.0), ("rms", 0.1), ("peak", 1.0), ("peak", 0.95)):
        yield {"level_kind": level[0], "level": level[1]}
    yield {"level": None}


def _framing(fields: Fields) -> Iterator[Change]:
    n_fft, win, hop = resolved(fields)
    centred = {"center": True, "frame_pad": None, "snip_edges": None}
    places: list[Change] = [centred, {"center": False, "frame_pad": None, "snip_edges": None}]
    for size in dict.fromkeys((n_fft, win)):
        if size > hop:
            half = (size - hop) // 2
            places.append({"center": True, "frame_pad": (half, half), "snip_edges": None})
    for snip in (True, False):
        for align in ("center", "left"):
            places.append({"frame_pad": None, "snip_edges": snip, "window_align": align})
    for place in places:
        yield place
        yield {**place, "drop_last": not fields["drop_last"]}
        if place.get("snip_edges") is None:
            for pad in _PADS[:2]:
                yield {**place, "pad_mode": pad}
    for pad in _PADS:
        yield {"pad_mode": pad}
    yield {"drop_last": not fields["drop_last"]}
    yield {"round_up": not fields["round_up"]}
    yield {"frame_multiple": 2 if fields["frame_multiple"] == 1 else 1}
    for right in dict.fromkeys((0, hop, n_fft // 2, n_fft, n_fft - hop, win - hop)):
        yield {"pad": (0, right)}
        yield {"pad": (right, right)}
    for left in dict.fromkeys((hop, n_fft - hop)):
        yield {"pad": (left, 0)}
    for offset in dict.fromkeys(
        (
            0,
            -hop,
            hop,
            hop // 2,
            -(hop // 2),
            n_fft // 2,
            -(n_fft // 2),
            win // 2,
            -(win // 2),
            1,
            -1,
        )
    ):
        yield {"frame_offset": offset}


def hops(num_samples: int, num_frames: int) -> list[int]:
    """Return hop lengths that give this many frames: one more than whole hops, or a few less."""
    low = num_samples / (num_frames + 1)
    high = num_samples / max(1, num_frames - 1)
    found = range(max(1, int(low)), int(high) + 2)
    nearest = sorted(found, key=lambda hop: abs(num_samples / hop - num_frames))
    return nearest[:12]


def _sizes(fields: Fields, num_samples: int, num_frames: int) -> Iterator[Change]:
    n_fft, win, hop = resolved(fields)
    places: tuple[int, ...] = (fields["hop_length"] or hop,)
    stacked = any(s[0] in ("stack", "frames") for s in fields["finish"])
    if not stacked and fields["length"] is None:
        places = tuple(dict.fromkeys((*places, *hops(num_samples, num_frames))))
    for step in places:
        yield {"hop_length": step}
    for length in (*_LENGTHS, *_LONGER):
        if length <= n_fft:
            yield {"win_length": length, "hop_length": hop}
        if length >= win:
            yield {"n_fft": length, "win_length": win, "hop_length": hop}
        yield {"n_fft": length, "win_length": None, "hop_length": hop}
        rounded = 1 << (length - 1).bit_length()
        yield {"n_fft": rounded, "win_length": length, "hop_length": hop}


def _spectrum(fields: Fields) -> Iterator[Change]:
    if fields["power"] is not None:
        for power in (1.0, 2.0):
            yield {"power": power}
    for way in (False, True, "frame_length"):
        yield {"normalized": way}


def _bands(fields: Fields) -> Iterator[Change]:
    bank = fields["filterbank"]
    if bank is None or not isinstance(bank, str):
        return
    for scale, triangle in _AXES:
        for norm in dict.fromkeys((fields["norm"], None, "slaney")):
            yield {"filterbank": "mel", "mel_scale": scale, "triangle": triangle, "norm": norm}
    yield {"filterbank": "mel", "mel_scale": "htk", "triangle": "isosceles"}
    for norm in (None, "slaney", "l1", "l2", "max"):
        yield {"norm": norm}
    for kind in WORDS["filterbank"]:
        if kind not in ("log", "chroma"):  # they have parameters of their own
            yield {"filterbank": kind}
    for shape in WORDS["filter_shape"]:
        yield {"filter_shape": shape}
    for scale in WORDS["bark_scale"]:
        yield {"bark_scale": scale}
    nyquist = fields["sample_rate"] / 2
    for low in (0.0, 20.0, 30.0, 50.0, 60.0, 80.0, 100.0, 125.0):
        yield {"f_min": low}
    for high in (None, 7500.0, 7600.0, 8000.0, 11025.0, 12000.0, 14000.0):
        if high is None or high < nyquist:
            yield {"f_max": high}
    for rate in _RATES:
        yield {"filterbank_sample_rate": rate}
        if rate is not None:
            yield {"filterbank_sample_rate": rate, "f_max": None}
