# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Make a corpus to try things on, from the example audio: many files, a few of them corrupt.

    python examples/make_corpus.py FOLDER [--files 2000] [--hours 10] [--formats flac,wav,ogg,mp3]

Every file is the example speech and music, mixed anew: each has its own speed, level and noise, so
that no two are alike and encoders cannot cheat. Everything follows from the number of a file; the
same arguments make the same samples. Needs numpy, soundfile and soxr (``sonogram[audio]``).
"""

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

import sonogram

RATE = 16000
AUDIO = Path(__file__).resolve().parent / "audio"
SUFFIXES = {"flac": "FLAC", "wav": "WAV", "ogg": "OGG", "mp3": "MP3"}
Waveform = npt.NDArray[np.float32]


def voices() -> list[Waveform]:
    """Return the example sentence at a few speeds, and the music."""
    speech, _ = sonogram.load(AUDIO / "speech.flac", RATE, mono=True)
    music, _ = sonogram.load(AUDIO / "chord_sweep.flac", RATE, mono=True)
    made = [
        np.asarray(sonogram.resample(speech[0], RATE, RATE * f)) for f in (0.85, 0.95, 1, 1.1, 1.2)
    ]
    return [*made, 0.3 * music[0]]


def clip(number: int, seconds: float, sources: list[Waveform]) -> Waveform:
    """Return one file's samples."""
    random = np.random.default_rng(number)
    wanted = round(seconds * random.uniform(0.5, 1.5) * RATE)
    parts: list[Waveform] = []
    length = 0
    while length < wanted:
        weights = [0.19] * 5 + [0.05]
        source = sources[random.choice(len(sources), p=weights)]
        pause = np.zeros(random.integers(RATE // 2), np.float32)
        parts += [source * np.float32(random.uniform(0.3, 1.0)), pause]
        length += len(source) + len(pause)
    samples = np.concatenate(parts)[:wanted]
    noise = random.standard_normal(wanted, dtype=np.float32) * np.float32(
        10 ** random.uniform(-4, -2.5)
    )
    mixed: Waveform = np.clip(samples + noise, -1, 1)
    return mixed


def corrupt(folder: Path, good: Path) -> int:
    """Write files that must not be read; return how many."""
    bad = folder / "corrupt"
    bad.mkdir()
    data = good.read_bytes()
    (bad / "empty.wav").touch()
    (bad / "text.flac").write_text("This is no audio.\n" * 100)
    (bad / "cut.flac").write_bytes(data[: len(data) // 2])
    (bad / "cut.wav").write_bytes(b"RIFF\xff\xff\xff\x7fWAVEfmt ")
    random = np.random.default_rng(0).integers(0, 256, 20000, np.uint8).tobytes()
    (bad / "random.mp3").write_bytes(random)
    (bad / "damaged.flac").write_bytes(
        data[: len(data) // 2] + random + data[len(data) // 2 + 20000 :]
    )
    return 6


def make(folder: Path, files: int, hours: float, formats: list[str], with_corrupt: bool) -> None:
    """Write the corpus."""
    sources = voices()
    for number in range(files):
        kind = formats[number % len(formats)]
        path = folder / f"speaker{number % 40:02d}" / f"utterance{number:05d}.{kind}"
        path.parent.mkdir(parents=True, exist_ok=True)
        samples = clip(number, hours * 3600 / files, sources)
        with soundfile.SoundFile(path, "w", RATE, 1, format=SUFFIXES[kind]) as file:
            for start in range(0, len(samples), RATE):  # Vorbis cannot take much at a time
                file.write(samples[start : start + RATE])
        if with_corrupt and number == 0:
            corrupt(folder, path)


def main() -> None:
    """Read the arguments and write the corpus."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--hours", type=float, default=10.0)
    parser.add_argument("--formats", default="flac,wav,ogg,mp3")
    parser.add_argument("--no-corrupt", action="store_true")
    given = parser.parse_args()
    make(given.folder, given.files, given.hours, given.formats.split(","), not given.no_corrupt)


if __name__ == "__main__":
    main()
