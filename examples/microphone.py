# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Read samples 10 ms at a time, as a microphone gives them, and print Whisper's frames at once.

    python examples/microphone.py FILE.wav [--maximum 1.5]
    arecord -q -f S16_LE -r 16000 -c 1 -t raw | python examples/microphone.py -

A file is what soundfile reads at 16 kHz; "-" is standard input, raw 16-bit integers of one channel
at 16 kHz. Whisper clips at 8 below the largest log10 power of the signal, which nobody knows before
its end: --maximum stands in for it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import soundfile

import sonogram

SPEC = sonogram.preset("whisper-80")
CHUNK = int(SPEC.sample_rate) // 100


def chunks(source: str) -> Iterator[npt.NDArray[np.int16] | npt.NDArray[np.float32]]:
    """Yield the first channel, 10 ms at a time."""
    if source == "-":
        while data := sys.stdin.buffer.read(2 * CHUNK):
            yield np.frombuffer(data[: len(data) // 2 * 2], np.dtype("<i2"))
        return
    with open(source, "rb") as raw, soundfile.SoundFile(raw) as file:
        if file.samplerate != SPEC.sample_rate:
            sys.exit(f"{source} must have samples at {SPEC.sample_rate:g} Hz")
        for block in file.blocks(CHUNK, dtype="float32", always_2d=True):
            yield block[:, 0]


def show(features: npt.NDArray[np.float32]) -> None:
    for frame in features.T:
        print(" ".join(f"{value:.9g}" for value in frame), flush=True)


def main() -> None:
    """Print one line of 80 numbers for each frame."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("source")
    parser.add_argument("--maximum", type=float, default=1.5)
    arguments = parser.parse_args()
    try:
        run(arguments.source, sonogram.Stream(SPEC, maximum=arguments.maximum))
    except BrokenPipeError:  # whoever read the frames has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except soundfile.LibsndfileError as error:
        sys.exit(f"{arguments.source} cannot be read: {error.error_string}")
    except OSError as error:
        sys.exit(f"{arguments.source} cannot be read: {error.strerror}")
    except ValueError as error:  # of the stream: there are too few samples
        sys.exit(f"{arguments.source}: {error}")


def run(source: str, stream: sonogram.Stream) -> None:
    """Push all there is, and print what comes back."""
    try:
        for chunk in chunks(source):
            show(stream.push(chunk))
    except KeyboardInterrupt:
        pass
    show(stream.flush())


if __name__ == "__main__":
    main()
