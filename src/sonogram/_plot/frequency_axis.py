# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""An axis in Hz: its range, its scale and its ticks."""

from typing import Any

import numpy as np
import numpy.typing as npt

from .._banks.scales import bark_to_hz, hz_to_bark, hz_to_mel, mel_to_hz
from .._spec.record import Spec
from .._support.arguments import number_above, require_one_of

Array = npt.NDArray[Any]

KINDS = ("linear", "log", "mel", "bark")
# A Hann window's main lobe reaches two bins: what lies below this many is the mean's.
_LOG_BINS = 2.5


class FrequencyAxis:
    """One of the axes of `KINDS` over rows of a spec."""

    title = "frequency (Hz)"

    def __init__(
        self, kind: str, spec: Spec, edges: Array, f_min: float | None, f_max: float | None
    ) -> None:
        require_one_of("freq_axis", kind, KINDS)
        self.kind = kind
        self.edges = edges
        self._mel_scale, self._bark_scale = spec.mel_scale, spec.bark_scale
        nyquist = spec.sample_rate / 2
        lowest = _log_start(spec, edges) if kind == "log" else 0.0
        low = lowest if f_min is None else number_above("f_min", f_min, 0, included=True)
        high = nyquist if f_max is None else number_above("f_max", f_max, 0)
        if high > nyquist:
            raise ValueError(
                f"f_max is {high:g}; it must be at most the Nyquist frequency {nyquist:g} Hz"
            )
        if low >= high and f_min is None:
            low = high / 16
        if low >= high:
            raise ValueError(f"f_min is {low:g}; it must be below f_max = {high:g} Hz")
        if kind == "log" and low <= 0:
            raise ValueError(f"f_min is {low:g}; on a log axis it must be > 0")
        self.bounds = (low, high)

    def forward(self, hz: Array) -> Array:
        """Return the place on the axis of frequencies."""
        hz = np.asarray(hz, np.float64)
        if self.kind == "mel":
            return np.asarray(hz_to_mel(np.maximum(hz, 0), mel_scale=self._mel_scale))
        if self.kind == "bark":
            return np.asarray(hz_to_bark(np.maximum(hz, 0), bark_scale=self._bark_scale))
        return np.log(np.maximum(hz, 1e-9)) if self.kind == "log" else hz

    def inverse(self, place: Array) -> Array:
        """Return the frequencies at places on the axis."""
        place = np.asarray(place, np.float64)
        if self.kind == "mel":
            return np.asarray(mel_to_hz(np.maximum(place, 0), mel_scale=self._mel_scale))
        if self.kind == "bark":
            lowest = float(hz_to_bark(0.0, bark_scale=self._bark_scale))
            barks = np.maximum(place, lowest)
            return np.asarray(bark_to_hz(barks, bark_scale=self._bark_scale))
        return np.exp(place) if self.kind == "log" else place

    def ticks(self, most: int = 11) -> list[tuple[float, str]]:
        """Return at most about so many round frequencies, none too close to the one before."""
        places = self.forward(np.array(self.bounds))
        apart = (places[1] - places[0]) / max(1, most - 1)
        chosen: list[tuple[float, str]] = []
        last = -np.inf
        for hz in self._round(most):
            place = float(self.forward(np.array(hz)))
            if place - last >= apart * 0.999:
                chosen.append((hz, f"{hz:g}"))
                last = place
        return chosen

    def _round(self, most: int) -> list[float]:
        low, high = self.bounds
        if self.kind == "linear":
            step = next(
                digit * 10.0**exponent
                for exponent in range(-6, 12)
                for digit in (1, 2, 5)
                if (high - low) / (digit * 10.0**exponent) <= max(1, most - 1)
            )
            first = int(np.ceil(low / step - 1e-9))
            return [step * k for k in range(first, int(np.floor(high / step + 1e-9)) + 1)]
        found = [0.0] if low == 0 else []
        found += [d * 10.0**e for e in range(-6, 12) for d in (1, 2, 5)]
        return [hz for hz in found if low <= hz <= high]


def _log_start(spec: Spec, edges: Array) -> float:
    """Return where a logarithmic axis begins: at the lowest rows that tell frequencies apart."""
    if spec.filterbank is not None:
        return float(edges[0]) if edges[0] > 0 else float(edges[1]) / 2
    length = spec.win_length or spec.n_fft
    nyquist = spec.sample_rate / 2
    start = min(_LOG_BINS * spec.sample_rate / length, nyquist / 16)
    return max(start, spec.sample_rate / spec.n_fft / 2)
