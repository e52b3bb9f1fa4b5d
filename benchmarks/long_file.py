# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Time and peak anonymous memory of extract_file over a synthetic file of many hours.

python benchmarks/long_file.py HOURS FOLDER [PRESET]

FOLDER needs room for the audio (115 MB an hour) and the features (115 MB an hour for 80 bands).
The first minute is compared with the same features in memory where the preset streams.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import numpy as np

import sonogram


def write_audio(path: Path, hours: float) -> None:
    """Write noise whose level wanders, 16 kHz, 16 bits."""
    import soundfile

    rng = np.random.default_rng(1)
    minute = (rng.standard_normal(16000 * 60) * 3000).astype(np.int16)
    with soundfile.SoundFile(path, "w", 16000, 1, "PCM_16", format="RF64") as file:
        for i in range(round(hours * 60)):
            file.write(minute // (1 + i % 7))


def anonymous_mb() -> float:
    """Return RssAnon of this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) / 1024
    return 0.0


def main(hours: float, folder: Path, name: str) -> None:
    """Print one line."""
    audio, out = folder / "long.wav", folder / "long.npy"
    if not audio.exists():
        write_audio(audio, hours)
    spec = sonogram.preset(name)
    peak, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            peak[0] = max(peak[0], anonymous_mb())

    watcher = threading.Thread(target=watch)
    watcher.start()
    begin = time.perf_counter()
    features = sonogram.extract_file(audio, spec, out)
    spent = time.perf_counter() - begin
    done.set()
    watcher.join()
    same = "not compared"
    if not sonogram.streaming(spec):
        import soundfile

        x, _ = soundfile.read(audio, frames=16000 * 60, dtype="float32")
        whole = sonogram.Extractor(spec)(x)
        axis = 1 if spec.layout == "freq_time" else 0
        n = whole.shape[axis] - 3  # the last frames of the minute see its end
        part = np.take(features[0], np.arange(n), axis=axis)
        same = str(np.array_equal(part, np.take(whole, np.arange(n), axis=axis)))
    print(
        f"{name}: {hours:g} h, {features.shape}, {spent:.1f} s, peak RssAnon {peak[0]:.0f} MB, "
        f"first minute equal: {same}"
    )


if __name__ == "__main__":
    main(float(sys.argv[1]), Path(sys.argv[2]), (sys.argv[3:] or ["kaldi-fbank-80"])[0])
