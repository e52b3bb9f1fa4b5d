# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""How exact the numbers are, and torch's beside them: accuracy.py.

The truth is computed here in long double, where the machine has one, else in float64: frames by
index, the transform as a product with its matrix. float32 results are held against the float32
samples' exact spectrum, so what shows is the arithmetic alone.

    STFT    relative L2 error over everything
    power   largest error in a frame over the frame's largest bin, the worst frame
    mel     the same of a mel spectrogram (1024/256/80)
    ln      largest error of the natural logarithm, in bins within 50 dB (float64: 100 dB) of the
            frame's largest
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import numpy as np

RATE = 16000
SECONDS = 0.5
MEL = {"n_fft": 1024, "hop_length": 256, "n_mels": 80}
SPEECH = Path(__file__).resolve().parent.parent / "examples" / "audio" / "speech.flac"


def signals() -> dict[str, np.ndarray]:
    """Return float64 signals whose values float32 holds exactly."""
    import sonogram

    t = np.arange(int(RATE * SECONDS)) / RATE
    click = np.zeros(len(t))
    click[len(t) // 3] = 1
    try:
        speech, _ = sonogram.load(SPEECH, sample_rate=RATE, mono=True)
        speech = speech[0, RATE // 2 : RATE // 2 + len(t)]
    except ImportError as error:
        print(f"without speech: {error}", file=sys.stderr)
        speech = np.random.default_rng(1).standard_normal(len(t)) / 8
    made = {
        "speech": speech,
        "tone": 0.9 * np.sin(2 * np.pi * 997.3 * t),
        "chirp": 0.5 * np.sin(2 * np.pi * (50 * t + 7000 * t * t)),
        "click": click,
        "quiet": 1e-4 * np.random.default_rng(0).standard_normal(len(t)),
    }
    return {name: np.asarray(x, np.float32).astype(np.float64) for name, x in made.items()}


def exact_stft(x: np.ndarray, n_fft: int, hop: int) -> np.ndarray:
    """Return the STFT [n_freqs, time] by its definition, in the widest arithmetic there is."""
    wide = np.longdouble
    turn = 8 * np.arctan(wide(1))
    j = np.arange(n_fft)
    window = wide(0.5) - wide(0.5) * np.cos(turn * j / n_fft)
    padded = np.pad(x.astype(wide), n_fft // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, n_fft)[::hop] * window
    bins = np.arange(n_fft // 2 + 1)
    angle = turn * (np.outer(j, bins) % n_fft) / n_fft
    return (frames @ np.cos(angle) - 1j * (frames @ np.sin(angle))).T


def worst_in_frame(got: np.ndarray, want: np.ndarray) -> float:
    peak = want.max(axis=0)
    heard = peak > 1e-8
    return float((np.abs(got - want)[:, heard] / peak[heard]).max())


def worst_log(got: np.ndarray, want: np.ndarray, decibels: float) -> float:
    near = want > want.max(axis=0) * 10 ** (-decibels / 10)
    near &= want > 0
    return float(np.abs(np.log(got.astype(want.dtype)[near]) - np.log(want[near])).max())


def errors(
    stft: Any, mel: Any, x: np.ndarray, truth: tuple[Any, Any], decibels: float
) -> list[float]:
    """Return the four errors of one library."""
    spectrum, bands = truth
    got = stft(x).astype(np.clongdouble)
    power = np.abs(spectrum) ** 2
    return [
        float(np.linalg.norm((got - spectrum).astype(np.complex128).ravel())
              / np.linalg.norm(spectrum.astype(np.complex128).ravel())),
        worst_in_frame(np.abs(got) ** 2, power),
        worst_in_frame(mel(x).astype(np.longdouble), bands),
        worst_log(mel(x), bands, decibels),
    ]  # fmt: skip


def torchs() -> tuple[Any, Any]:
    """Return torch's STFT and the mel spectrogram that torchaudio makes of it, in float32."""
    import sonogram

    torch: Any = importlib.import_module("torch")
    window = torch.hann_window(1024)
    bank = sonogram.MelSpectrogram(sample_rate=RATE, **MEL).filterbank
    filters = torch.from_numpy(bank.astype(np.float32))

    def stft(x: np.ndarray) -> Any:
        return torch.stft(torch.from_numpy(x), 1024, 256, window=window, return_complex=True)

    return (lambda x: stft(x).numpy()), (lambda x: (filters @ stft(x).abs() ** 2).numpy())


def main() -> None:
    """Print a table for each precision, and one of sizes."""
    import sonogram

    extract = sonogram.MelSpectrogram(sample_rate=RATE, **MEL)
    bank = np.asarray(extract.filterbank, np.longdouble)
    ours = (lambda x: sonogram.stft(x, n_fft=1024, hop_length=256)), extract
    makers: list[tuple[str, Any, Any]] = [("sonogram float32", ours, np.float32)]
    try:
        makers.append(("torch float32", torchs(), np.float32))
    except ImportError as error:
        print(f"without torch: {error}", file=sys.stderr)
    makers.append(("sonogram float64", ours, np.float64))
    print("| 1024/256/80 | signal | STFT | power | mel | ln mel |")
    print("|---|---|---|---|---|---|")
    for name, x in signals().items():
        spectrum = exact_stft(x, 1024, 256)
        truth = spectrum, bank @ np.abs(spectrum) ** 2
        for who, (stft, mel), dtype in makers:
            decibels = 50 if dtype is np.float32 else 100
            row = errors(stft, mel, x.astype(dtype), truth, decibels)
            print(f"| {who} | {name} | " + " | ".join(f"{e:.1e}" for e in row) + " |", flush=True)
    print("\n| n_fft | STFT float32 | STFT float64 |\n|---|---|---|")
    x = signals()["chirp"]
    for n_fft in (320, 400, 480, 512, 882, 1000, 1009, 1021, 1024, 2039, 2048, 4096):
        truth = exact_stft(x, n_fft, n_fft)
        cells = []
        for dtype in (np.float32, np.float64):
            got = sonogram.stft(x.astype(dtype), n_fft=n_fft, hop_length=n_fft)
            wrong = (got - truth).astype(np.complex128)
            cells.append(np.linalg.norm(wrong) / np.linalg.norm(truth.astype(np.complex128)))
        print(f"| {n_fft} | {cells[0]:.1e} | {cells[1]:.1e} |", flush=True)


if __name__ == "__main__":
    main()
