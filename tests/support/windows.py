# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Window functions from their definitions, in plain NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

NAMES = (
    "hann",
    "hamming",
    "blackman",
    "bartlett",
    "rectangular",
    "povey",
    "cosine",
    "sine",
    "blackmanharris",
    "nuttall",
    "flattop",
    "kaiser",
    "gaussian",
    "tukey",
    "general_hamming",
    "general_cosine",
)
# Cosine sums, a0 - a1 cos(t) + a2 cos(2 t) - ...: Harris (1978), Nuttall (1981), D'Antona and
# Ferrero (2006).
COSINE_SUMS = {
    "blackmanharris": ("0.35875", "0.48829", "0.14128", "0.01168"),
    "nuttall": ("0.3635819", "0.4891775", "0.1365995", "0.0106411"),
    "flattop": ("0.21557895", "0.41663158", "0.277263158", "0.083578947", "0.006947368"),
}


def bessel_i0(x: np.ndarray) -> np.ndarray:
    """I0(x) = sum_k ((x / 2)^k / k!)^2, the series summed until its terms vanish."""
    term = np.ones_like(x)
    total = np.ones_like(x)
    k = 0
    while np.any(term > total * np.finfo(x.dtype).eps / 16):
        k += 1
        term = term * (x / (2 * k)) ** 2
        total = total + term
    return total


def window(
    kind: Any, n: int, periodic: bool = True, real: type[np.floating[Any]] = np.float64
) -> np.ndarray:
    """Return n samples of a window; periodic leaves out the last of n + 1 symmetric ones.

    `kind` is a name, or (name, parameters): ("kaiser", beta), ("gaussian", standard deviation in
    samples), ("tukey", alpha), ("blackman", c), ("general_hamming", a), ("general_cosine", a0, a1,
    ...). A window of length 1 is [1].
    """
    name, *parameters = (kind,) if isinstance(kind, str) else kind
    if n == 1:
        return np.ones(1, real)
    pi = 4 * np.arctan(real(1))
    span = n if periodic else n - 1  # samples in one period, or from end to end
    i = np.arange(n).astype(real)
    t = np.minimum(i, span - i) / span  # all are symmetric about 1/2: exact zeros at both ends
    if name == "hann":
        return np.sin(pi * t) ** 2
    if name == "povey":  # Kaldi, feature-window.cc: hann ** 0.85
        return (np.sin(pi * t) ** 2) ** (real(85) / 100)
    if name == "hamming":
        return (54 - 46 * np.cos(2 * pi * t)) / 100
    if name == "blackman":  # Kaldi: c - cos / 2 + (1/2 - c) cos of twice the angle
        c = real(parameters[0]) if parameters else real(42) / 100
        return c - np.cos(2 * pi * t) / 2 + (real(0.5) - c) * np.cos(4 * pi * t)
    if name == "general_hamming":
        parameters = [parameters[0], 1 - real(parameters[0])]
    if name in COSINE_SUMS or name.startswith("general_"):
        terms = map(real, COSINE_SUMS.get(name, parameters))
        return sum((-1) ** k * a * np.cos(2 * pi * k * t) for k, a in enumerate(terms))
    if name == "tukey":  # a Hann window with a flat middle of 1 - alpha
        alpha = real(parameters[0])
        return np.sin(pi / 2 * np.minimum(2 * t / alpha, 1)) ** 2 if alpha else np.ones(n, real)
    if name == "sine":  # Kaldi, feature-window.cc
        return np.sin(pi * t)
    if name == "bartlett":
        return 2 * t
    if name == "rectangular":
        return np.ones(n, real)
    if name == "cosine":
        return np.sin(pi * (i + real(0.5)) / (span + 1))
    if name == "gaussian":
        return np.exp(-(((i - real(span) / 2) / parameters[0]) ** 2) / 2)
    if name == "kaiser":
        beta = real(parameters[0])
        return bessel_i0(beta * np.sqrt(4 * t * (1 - t))) / bessel_i0(beta[None])
    raise ValueError(f"no window is called {name!r}")
