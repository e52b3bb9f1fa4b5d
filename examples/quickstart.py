# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Load the spoken example, compute its log-mel spectrogram, draw both.

    python examples/quickstart.py [PICTURE]

Needs the extras: ``pip install 'sonogram[audio,plot]'``.
"""

import sys
from pathlib import Path

import sonogram


def main() -> None:
    """Print what was computed and write the picture."""
    picture = sys.argv[1] if len(sys.argv) > 1 else "quickstart.png"
    waveform, sample_rate = sonogram.load(Path(__file__).parent / "audio" / "speech.flac")
    transform = sonogram.LogMelSpectrogram(
        sample_rate=sample_rate, n_fft=1024, win_length=400, hop_length=160, n_mels=80
    )
    features = transform(waveform)
    seconds = waveform.shape[-1] / sample_rate
    print(f"{seconds:.2f} s of audio at {sample_rate} Hz, waveform {waveform.shape}")
    print(f"log-mel {features.shape}, from {features.min():.2f} to {features.max():.2f}")
    sonogram.plot(
        waveform,
        sample_rate,
        features=features,
        spec=transform.spec,
        title="She sells five blue boats, and no one knows why you chose the warm yellow moon.",
        path=picture,
    )
    print(f"picture: {picture}")


if __name__ == "__main__":
    main()
