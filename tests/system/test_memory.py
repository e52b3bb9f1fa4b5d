# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Memory: no call allocates more than its output and a little scratch, and none is kept."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
x = eval(sys.argv[3])
extractor(x[:, :20000])
before = peak()
got = extractor(x, num_threads=int(sys.argv[2]))
print(peak() - before, got.nbytes)
"""


def printed(code, *arguments):
    """Run a program; return the numbers that it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return [int(word) for word in done.stdout.split()]


def peak(spec, threads, waveform="x"):
    """Return by how much a call lets memory grow, and the size of its result."""
    return printed(PEAK, spec, threads, waveform)


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
    grown, output = peak(spec, threads)
    assert grown <= output + 16 * 2**20


def test_reading_strided_or_integer_samples_makes_no_copy_of_the_signal():
    spec = {"n_fft": 4096, "hop_length": 4096, "filterbank": "mel", "n_mels": 10}
    every_second = "np.repeat((1000 * x).astype('int16'), 8, axis=1)[:, ::2]"
    grown, output = peak(spec, 1, every_second)
    assert grown <= output + 4 * 2**20  # a float32 copy would be 29 MiB


IN_USE = """
import ctypes, sys
import numpy as np, sonogram
names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()
class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in names]
ask = getattr(ctypes.CDLL(None), "mallinfo2", None)
if ask is None:
    sys.exit()  # not glibc: no numbers
ask.restype = Info
def used():
    info = ask()
    return info.uordblks + info.hblkhd
x = np.random.default_rng(0).standard_normal(16000).astype(np.float32)
def work(rounds):
    for i in range(rounds):
        sonogram.stft(x, 400 + i % 7)
        sonogram.mel_spectrogram(x, n_fft=1024, n_mels=40)
work(140)
before = used()
work(280)
print(used() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory in use is asked of glibc")
def test_many_calls_and_extractors_leave_nothing_behind():
    """Counted in bytes by malloc itself: 0, where 560 calls that lose a window lose 800 KiB."""
    grown = printed(IN_USE)
    if not grown:
        pytest.skip("memory in use is asked of glibc 2.33 and later")
    assert grown[0] <= 16384


KEPT = """
import numpy as np, sonogram
def used():
    return int(open("/proc/self/statm").read().split()[1]) * 4096
x = np.ones(16000 * 10, np.float32)
call = lambda n: sonogram.stft(x[: n * 16000], 1024, hop_length=256)
call(1)
before = used()
died = 0
for n in (2, 3, 5, 7, 10):
    held = [call(n) for _ in range(40)]
    died += sum(a.nbytes for a in held)
    del held
print(used() - before, died)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory in use is asked of /proc")
def test_memory_kept_of_dead_results_is_bounded():
    kept, died = printed(KEPT)
    assert died > 250 * 2**20
    # 64 MiB (kept_bytes in output_pool.cpp) of results, and a quarter for what surrounds them
    assert kept < 80 * 2**20


STREAMED = """
import sys, warnings
import numpy as np, sonogram
def used():
    return int(open("/proc/self/statm").read().split()[1]) * 4096
warnings.simplefilter("ignore")
for name in sys.argv[2:]:
    spec = sonogram.preset(name)
    stream = sonogram.Stream(spec)
    second = np.zeros(int(spec.sample_rate), np.float32)
    for _ in range(45):
        stream.push(second)
    before = used()
    for _ in range(int(sys.argv[1]) - 45):
        stream.push(second)
    print(name, used() - before)
"""


def streaming_presets():
    return [n for n, p in sonogram.presets().items() if not sonogram.streaming(p.spec)]


def streamed(seconds, names):
    done = subprocess.run(
        [sys.executable, "-c", STREAMED, str(seconds), *names],
        capture_output=True,
        text=True,
        check=True,
        timeout=900,
    )
    grown = dict(line.split() for line in done.stdout.splitlines())
    assert list(grown) == list(names)
    return {name: int(size) for name, size in grown.items()}


# Tests of the C++ core count every allocation of every preset over two minutes.
@pytest.mark.skipif(sys.platform != "linux", reason="memory in use is asked of /proc")
def test_streams_whose_result_ends_do_not_grow_for_ten_minutes():
    grown = streamed(600, ["ast-128", "ast-128-speech-commands"])
    assert max(grown.values()) < 2**20, grown


@pytest.mark.slow
@pytest.mark.parametrize("name", streaming_presets())
@pytest.mark.skipif(sys.platform != "linux", reason="memory in use is asked of /proc")
def test_no_stream_grows_in_an_hour(name):
    grown = streamed(3600, [name])
    assert max(grown.values()) < 2**20, grown
