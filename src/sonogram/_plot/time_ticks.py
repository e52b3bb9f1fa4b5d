# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Round times, as people write them: 0.5 s, 1:30, 2:00:00."""

import math

_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)


def time_ticks(start: float, end: float, most: int) -> list[tuple[float, str]]:
    """Return at most about so many round times from start to end, and what they are called."""
    span = end - start
    step = next((s for s in _STEPS if 3 * s <= span <= most * s), None)
    if step is None and span > _STEPS[-1]:
        step = _STEPS[-1] * math.ceil(span / most / _STEPS[-1])
    if step is not None:
        first = math.ceil(start / step - 1e-9)
        last = math.floor(end / step + 1e-9)
        return [(n * float(step), _clock(n * step, end)) for n in range(first, last + 1)]
    exponent = math.floor(math.log10(span / most))
    digit = next(d for d in (1, 2, 5, 10) if span / (d * 10.0**exponent) <= most * (1 + 1e-9))
    fine = digit * 10.0**exponent
    places = max(0, -exponent - (digit == 10))
    first, last = math.ceil(start / fine - 1e-9), math.floor(end / fine + 1e-9)
    return [(n * fine, f"{n * fine:.{places}f} s") for n in range(first, last + 1)]


def _clock(seconds: int, longest: float) -> str:
    if longest < 60:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    if longest < 3600:
        return f"{minutes}:{rest:02}"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
