# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Make the example audio of this repository, from nothing but espeak-ng and arithmetic.

    python examples/make_audio.py [FOLDER]

Needs the program espeak-ng and the Python packages numpy and soundfile. The same version of
espeak-ng gives the same samples; espeak-ng 1.51 made the files that are committed.

``speech.flac`` (16 kHz, mono): a sentence of plosives, fricatives, nasals and long vowels with a
pause in its middle. ``chord_sweep.flac`` (44.1 kHz, stereo): an A major chord that decays, its
notes spread from left to right, then a logarithmic sweep from 60 Hz to 18 kHz that moves from
left to right.
"""

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

SENTENCE = (
    '<speak>She sells five blue boats, <break time="600ms"/>'
    "and no one knows why you chose the warm yellow moon.</speak>"
)


def speech(rate: int = 16000) -> npt.NDArray[np.float64]:
    """Speak the sentence and bring it to ``rate`` by cutting its spectrum, smoothly at the end."""
    command = ["espeak-ng", "-m", "-v", "en-gb", "-s", "150", "--stdout", SENTENCE]
    spoken = subprocess.run(command, check=True, capture_output=True).stdout
    samples, original = soundfile.read(io.BytesIO(_with_lengths(spoken)))
    divisor = np.gcd(original, rate)
    up, down = rate // divisor, original // divisor
    blocks = -(-len(samples) // down)
    padded = np.pad(samples, (0, blocks * down - len(samples)))
    spectrum = np.fft.rfft(padded)[: blocks * up // 2 + 1]
    slope = np.clip((1 - np.arange(len(spectrum)) / (blocks * up / 2)) / 0.05, 0, 1)
    spectrum *= np.sin(slope * np.pi / 2) ** 2
    resampled = np.fft.irfft(spectrum, blocks * up) * (up / down)
    return 0.7 * resampled / np.abs(resampled).max()


def _with_lengths(wav: bytes) -> bytes:
    """Fill in the lengths that a WAV written to a pipe does not know."""
    data = wav.index(b"data") + 8
    lengths = (len(wav) - 8).to_bytes(4, "little"), (len(wav) - data).to_bytes(4, "little")
    return wav[:4] + lengths[0] + wav[8 : data - 4] + lengths[1] + wav[data:]


def chord_sweep(rate: int = 44100) -> npt.NDArray[np.float64]:
    """Return ``[samples, 2]``: 1.5 s of chord, 2 s of sweep."""
    time = np.arange(int(1.5 * rate)) / rate
    chord = np.zeros((len(time), 2))
    for pan, note in zip((0.1, 0.35, 0.65, 0.9), (220.0, 277.18, 329.63, 440.0), strict=True):
        for harmonic in range(1, 7):
            tone = np.sin(2 * np.pi * note * harmonic * time) * np.exp(-2.0 * harmonic * time)
            chord += 0.09 / harmonic * tone[:, None] * _gains(pan)
    chord *= np.minimum(1, np.minimum(time, time[-1] - time) / 0.005)[:, None]
    length = 2.0
    time = np.arange(int(length * rate)) / rate
    low, high = 60.0, 18000.0
    growth = np.log(high / low)
    phase = 2 * np.pi * low * length / growth * np.expm1(growth * time / length)
    sweep = 0.3 * np.sin(phase) * np.minimum(1, np.minimum(time, time[-1] - time) / 0.02)
    return np.concatenate([chord, sweep[:, None] * _gains(time / length)])


def _gains(pan: float | npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the gains of left and right, of constant power: 0 is left, 1 is right."""
    angle = np.asarray(pan) * np.pi / 2
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def main() -> None:
    """Write both files."""
    default = Path(__file__).resolve().parent / "audio"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    folder.mkdir(parents=True, exist_ok=True)
    soundfile.write(folder / "speech.flac", speech(), 16000, subtype="PCM_16")
    soundfile.write(folder / "chord_sweep.flac", chord_sweep(), 44100, subtype="PCM_16")
    for path in sorted(folder.glob("*.flac")):
        print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
