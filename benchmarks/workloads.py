# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What is timed: the workloads and the signals that they run on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Signal = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Workload:
    """A job that several libraries can do, and the signal it is done on."""

    title: str
    sample_rate: int
    shape: tuple[int, ...]  # of the signal; the last axis is time
    unit: str = "signal"  # "call": what counts is the cost of a call, not the rate

    @property
    def seconds(self) -> float:
        """Seconds of programme in the signal: channels run side by side, clips do not."""
        clips = self.shape[0] if len(self.shape) > 1 and self.shape[0] > 2 else 1
        return clips * self.shape[-1] / self.sample_rate


BARE = "bare real FFT (sonogram: the whole log-mel) of 256 frames of"
WORKLOADS = {
    "W1": Workload("Whisper log-mel 80, 30 s at 16 kHz", 16000, (480000,)),
    "W1L": Workload("Whisper log-mel 80, 600 s at 16 kHz", 16000, (9600000,)),
    "W1C": Workload("Whisper log-mel 80, 200 clips of 3 s at 16 kHz", 16000, (200, 48000)),
    "W2": Workload("mel 1024/256/80 power, 10 s at 22.05 kHz", 22050, (220500,)),
    "W2C": Workload("mel 1024/256/80 power, 200 clips of 3 s at 16 kHz", 16000, (200, 48000)),
    "W4": Workload("mel 2048/512/128 Slaney, 180 s stereo at 44.1 kHz", 44100, (2, 7938000)),
    "W5": Workload("complex STFT 1024/256, 30 s at 16 kHz", 16000, (480000,)),
    "W6_400": Workload(f"{BARE} 400", 16000, (256, 400), "call"),
    "W6_512": Workload(f"{BARE} 512", 16000, (256, 512), "call"),
    "W6_1024": Workload(f"{BARE} 1024", 16000, (256, 1024), "call"),
    "W6_2048": Workload(f"{BARE} 2048", 16000, (256, 2048), "call"),
    "C25": Workload("one call on 25 ms: mel 400/160/80, not centred", 16000, (400,), "call"),
    "C1000": Workload("one call on 1 s: mel 400/160/80", 16000, (16000,), "call"),
}


def hum(samples: int, sample_rate: int, seed: int) -> Signal:
    """Synthesise something like a voice: a gliding, pulsing pitch with harmonics, over noise.

    Made in pieces, so that a long signal needs little more memory than itself.
    """
    draw = np.random.default_rng(seed)
    out = np.empty(samples, np.float32)
    piece, phase = 1 << 18, 0.0
    for begin in range(0, samples, piece):
        t = np.arange(begin, min(begin + piece, samples)) / sample_rate
        pitch = 140 + 50 * np.sin(2 * np.pi * 0.3 * t + seed) + 20 * np.sin(2 * np.pi * 4.7 * t)
        angle = phase + 2 * np.pi * np.cumsum(pitch) / sample_rate
        phase = float(angle[-1] % (2 * np.pi))
        pulse = 0.5 - 0.5 * np.cos(2 * np.pi * 2.9 * t)
        voice = sum(np.sin(k * angle) / k for k in range(1, 9))
        noise = 0.01 * draw.standard_normal(len(t))
        out[begin : begin + len(t)] = np.clip(0.25 * pulse * voice + noise, -1, 1)
    return out


def signal(name: str) -> Signal:
    """Return the signal of a workload: the same on every machine and at every run."""
    load = WORKLOADS[name]
    count = int(np.prod(load.shape))
    return hum(count, load.sample_rate, seed=sum(map(ord, name))).reshape(load.shape)


def stored(name: str, folder: Path) -> Path:
    """Return the file of a workload's signal in `folder`, made where it is missing."""
    path = folder / f"{name}.npy"
    if not path.exists():
        np.save(path, signal(name))
    return path
