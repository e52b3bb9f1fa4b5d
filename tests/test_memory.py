# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Memory: no call allocates more than its output and a little scratch, and none is kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import signals

import sonogram

resource = pytest.importorskip("resource", reason="peak memory is asked of POSIX")

PEAK = """
import sys, resource
import numpy as np, sonogram
def peak():
    # ru_maxrss starts from the parent's on Linux, VmHWM from nothing
    if sys.platform == "linux":
        with open("/proc/self/status") as file:
            status = file.read()
        return 1024 * int(status.split("VmHWM:")[1].split()[0])
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
extractor = sonogram.Extractor(sonogram.Spec(**eval(sys.argv[1])))
x = np.random.default_rng(0).standard_normal((2, 16000 * 60), np.float32)
extractor(x[:, :20000])
before = peak()
got = extractor(x, num_threads=int(sys.argv[2]))
print(peak() - before, got.nbytes)
"""


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(
    "spec",
    [
        {"n_fft": 1024, "hop_length": 256, "power": None},
        {"n_fft": 400, "hop_length": 160, "filterbank": "mel", "n_mels": 80, "log": "ln"},
        {"n_fft": 512, "hop_length": 128, "preemphasis": 0.97, "remove_mean": True},
        {"n_fft": 2039, "hop_length": 512},
        {"n_fft": 1024, "hop_length": 256, "power": None, "compute_dtype": "float64"},
    ],
    ids=["stft", "log mel", "conditioned", "prime", "in float64"],
)
def test_a_call_needs_its_output_and_at_most_16_mb(spec, threads):
    done = subprocess.run(
        [sys.executable, "-c", PEAK, repr(spec), str(threads)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    grown, output = map(int, done.stdout.split())
    assert grown <= output + 16 * 2**20


def test_reading_strided_or_integer_samples_makes_no_copy_of_the_signal():
    code = PEAK.replace("x = np", "x = 1000 * np").replace(
        "extractor(x[:, :20000])",
        "x = np.repeat(x.astype('int16'), 8, axis=1)[:, ::2]; extractor(x[:, :20000])",
    )
    spec = {"n_fft": 4096, "hop_length": 4096, "filterbank": "mel", "n_mels": 10}
    done = subprocess.run(
        [sys.executable, "-c", code, repr(spec), "1"],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    grown, output = map(int, done.stdout.split())
    assert grown <= output + 4 * 2**20  # a float32 copy would be 29 MiB


def resident():
    """Memory in use now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.skipif(sys.platform != "linux", reason="memory in use is asked of /proc")
def test_many_calls_and_extractors_leave_nothing_behind():
    x = signals.noise(16000).astype(np.float32)

    def work(rounds):
        for i in range(rounds):
            sonogram.stft(x, 400 + i % 7)
            sonogram.mel_spectrogram(x, n_fft=1024, n_mels=40)

    work(150)
    before = resident()
    work(600)
    assert resident() - before < 8 * 2**20


@pytest.mark.skipif(sys.platform != "linux", reason="memory in use is asked of /proc")
def test_memory_kept_of_dead_results_is_bounded():
    code = """
import numpy as np, sonogram
def used():
    return int(open("/proc/self/statm").read().split()[1]) * 4096
x = np.ones(16000 * 10, np.float32)
call = lambda n: sonogram.stft(x[: n * 16000], 1024, hop_length=256)
call(1)
before = used()
for n in (2, 3, 5, 7, 10):
    held = [call(n) for _ in range(40)]
    del held
print(used() - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300
    )
    assert int(done.stdout) < 80 * 2**20  # 64 MiB are kept, of up to 100 MiB that were held
