# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Memory: no call allocates more than its output and a little scratch, and none is kept."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from support import PROGRAMS

import sonogram

resource = pytest.importorskip("resource", reason="peak memory is asked of POSIX")


def printed(program, *arguments):
    """Run a program; return the numbers that it prints."""
    done = subprocess.run(
        [sys.executable, PROGRAMS / program, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return [int(word) for word in done.stdout.split()]


def peak(spec, threads, waveform="float32"):
    """Return by how much a call lets memory grow, and the size of its result."""
    return printed("peak_memory.py", json.dumps(spec), threads, waveform)


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
    grown, output = peak(spec, 1, "strided int16")
    assert grown <= output + 4 * 2**20  # a float32 copy would be 29 MiB


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is asked of /proc")
@pytest.mark.parametrize(
    "options", [{}, {"preemphasis": 0.97}, {"compute_dtype": "float64"}, {"pad_mode": "constant"}]
)
def test_memory_does_not_grow_with_the_hop(options):
    """Of 64 frames 2**20 samples apart, each copy of what lies between would be 256 MiB."""
    (grown,) = printed("far_frames.py", json.dumps(options))
    assert grown < 12 * 2**20


@pytest.mark.skipif(sys.platform != "linux", reason="memory in use is asked of /proc")
@pytest.mark.parametrize(
    "options",
    [
        {"frame_offset": 16000 * 3600},
        {"frame_offset": 16000 * 3600, "center": False, "preemphasis": 0.9},
        {"frame_offset": 16000 * 3600, "snip_edges": True},
    ],
)
def test_samples_before_the_first_frame_are_not_kept(options):
    """25 minutes of which no frame reads a sample: 92 MiB, were they kept."""
    (grown,) = printed("late_frames.py", json.dumps(options))
    assert grown < 2**20


@pytest.mark.skipif(sys.platform != "linux", reason="memory in use is asked of glibc")
def test_many_calls_and_extractors_leave_nothing_behind():
    """Counted in bytes by malloc itself: 0, where 560 calls that lose a window lose 800 KiB."""
    grown = printed("memory_in_use.py")
    if not grown:
        pytest.skip("memory in use is asked of glibc 2.33 and later")
    assert grown[0] <= 16384


@pytest.mark.skipif(sys.platform != "linux", reason="memory in use is asked of /proc")
def test_memory_kept_of_dead_results_is_bounded():
    kept, died = printed("memory_kept.py")
    assert died > 250 * 2**20
    # 64 MiB (kept_bytes in output_pool.cpp) of results, and a quarter for what surrounds them
    assert kept < 80 * 2**20


def streaming_presets():
    return [n for n, p in sonogram.presets().items() if not sonogram.streaming(p.spec)]


def streamed(seconds, names):
    done = subprocess.run(
        [sys.executable, PROGRAMS / "streamed_memory.py", str(seconds), *names],
        capture_output=True,
        text=True,
        check=True,
        timeout=900,
    )
    grown = dict(line.split() for line in done.stdout.splitlines())
    assert list(grown) == list(names)
    return {name: int(size) for name, size in grown.items()}


# Tests of the C++ core count every allocation of every preset over two minutes.
@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory in use is asked of /proc")
def test_no_stream_grows_in_ten_minutes():
    """Nor do those whose result ends."""
    grown = streamed(600, streaming_presets())
    assert max(grown.values()) < 2**20, grown


@pytest.mark.slow
@pytest.mark.parametrize("name", ["kaldi-fbank-80", "hifigan-22k"])
@pytest.mark.skipif(sys.platform != "linux", reason="memory in use is asked of /proc")
def test_no_stream_grows_in_an_hour(name):
    grown = streamed(3600, [name])
    assert max(grown.values()) < 2**20, grown
