# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Check an installed sonogram with nothing but NumPy beside it: python smoke.py."""

from __future__ import annotations

import ctypes
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable

import numpy as np

import sonogram

RATE = 16000


def tones(seconds: float) -> np.ndarray:
    """Three tones and a little noise, the same on every machine."""
    t = np.arange(int(RATE * seconds)) / RATE
    x = sum(np.sin(2 * np.pi * f * t) / 4 for f in (220.0, 880.5, 3210.0))
    return (x + 0.01 * np.random.default_rng(0).standard_normal(len(t))).astype(np.float32)


def frames_of(x: np.ndarray, n_fft: int, hop: int) -> np.ndarray:
    padded = np.pad(x.astype(np.float64), n_fft // 2, mode="reflect")
    count = 1 + (len(padded) - n_fft) // hop
    return np.stack([padded[i * hop : i * hop + n_fft] for i in range(count)])


def power_of(x: np.ndarray, n_fft: int, hop: int) -> np.ndarray:
    """Return the power spectrum by NumPy's FFT, float64 [n_freqs, time]."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)
    return np.abs(np.fft.rfft(frames_of(x, n_fft, hop) * window, axis=1).T) ** 2


def stft_equals_numpys() -> None:
    x = tones(0.5)
    got = sonogram.stft(x, n_fft=512, hop_length=128)
    power = power_of(x, 512, 128)
    assert got.dtype == np.complex64
    np.testing.assert_allclose(np.abs(got) ** 2, power, atol=1e-5 * power.max())


def mel_equals_numpys_in_both_precisions() -> None:
    x = tones(0.5)
    extract = sonogram.MelSpectrogram(sample_rate=RATE, n_fft=1024, hop_length=256, n_mels=40)
    bank = sonogram.Extractor(extract.spec).filterbank
    want = bank @ power_of(x, 1024, 256)
    np.testing.assert_allclose(extract(x), want, atol=1e-5 * want.max())
    np.testing.assert_allclose(extract(x.astype(np.float64)), want, atol=1e-13 * want.max())


def whispers_log_mel_is_right_and_silence_is_exact() -> None:
    options = {"hop_length": 160, "n_mels": 80, "mel_scale": "slaney", "norm": "slaney"}
    finish = {"log": "log10", "drop_last": True, "dynamic_range": 8, "affine": (0.25, 1.0)}
    extract = sonogram.LogMelSpectrogram(sample_rate=RATE, n_fft=400, **options, **finish)
    x = tones(1.0)
    bank = sonogram.Extractor(extract.spec).filterbank
    want = np.log10(np.maximum(bank @ power_of(x, 400, 160)[:, :-1], 1e-10))
    want = np.maximum(want, want.max() - 8) / 4 + 1
    np.testing.assert_allclose(extract(x), want, atol=1e-4)
    assert np.all(extract(np.zeros(RATE, np.float32)) == -1.5)


def integers_batches_threads_and_out_agree() -> None:
    x = (np.stack([tones(1.0), tones(1.0)[::-1]]) * 20000).astype(np.int16)
    extract = sonogram.Spectrogram(n_fft=400, hop_length=160)
    want = np.stack([extract(item, num_threads=1) for item in x])
    out = np.empty_like(want)
    assert extract(x, out=out, num_threads=2) is out
    np.testing.assert_array_equal(out, want)
    np.testing.assert_array_equal(extract((x / 32768).astype(np.float32)), want)


def bad_input_is_refused() -> None:
    for wrong, error in ((np.zeros(9, np.complex64), TypeError), (np.zeros(0), ValueError)):
        try:
            sonogram.stft(wrong)
        except error:
            continue
        raise AssertionError(f"{wrong.dtype} array of {wrong.size} was taken")


def every_instruction_set_runs() -> None:
    code = "import smoke; smoke.mel_equals_numpys_in_both_precisions(); print(smoke.sonogram.isa())"
    for isa in sonogram.available_isas():
        environment = {**os.environ, "SONOGRAM_ISA": isa, "PYTHONPATH": os.path.dirname(__file__)}
        ran = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert ran.stdout.strip() == isa, ran.stderr


def the_library_inside_serves_c() -> None:
    library = ctypes.CDLL(sonogram.library_path())
    library.sonogram_version.restype = ctypes.c_char_p
    assert library.sonogram_version().decode() == sonogram.__version__
    assert os.path.isfile(os.path.join(sonogram.get_include(), "sonogram", "c_api.h"))
    assert os.path.isfile(os.path.join(sonogram.cmake_dir(), "sonogramConfig.cmake"))


CHECKS: tuple[Callable[[], None], ...] = (
    stft_equals_numpys,
    mel_equals_numpys_in_both_precisions,
    whispers_log_mel_is_right_and_silence_is_exact,
    integers_batches_threads_and_out_agree,
    bad_input_is_refused,
    the_library_inside_serves_c,
    every_instruction_set_runs,
)


def import_milliseconds(runs: int = 7) -> float:
    """Return what importing sonogram costs beyond NumPy's own import, the median of some runs."""
    times = []
    for _ in range(runs):
        command = [sys.executable, "-X", "importtime", "-c", "import numpy, sonogram"]
        ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
        lines = [line.split("|") for line in ran.stderr.splitlines()]
        times += [int(parts[1]) for parts in lines if parts[-1].strip() == "sonogram"]
    return statistics.median(times) / 1000


def main() -> None:
    """Run the checks; a failing one ends the program with its error."""
    # an emulated processor may have no other process to offer
    checks = [c for c in CHECKS if c is not every_instruction_set_runs or "--alone" not in sys.argv]
    for check in checks:
        check()
    facts = sonogram.show_config()
    if "--alone" not in sys.argv:
        facts["import_ms"] = round(import_milliseconds(), 1)
    print(json.dumps({"smoke": f"{len(checks)} checks passed", **facts}))


if __name__ == "__main__":
    main()
