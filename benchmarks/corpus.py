# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A corpus turned into features, end to end, beside other libraries.

    python examples/make_corpus.py FOLDER --formats flac --no-corrupt
    python benchmarks/corpus.py FOLDER [--workers 2] [--rounds 3] [--only sonogram librosa ...]

Every entry reads the same 16 kHz mono files, computes Whisper's 80 bands and writes them, on the
same number of processes. Entries run one after the other, round after round, each in a process of
its own; an entry's time begins after its imports and ends when everything is on the disk. Given are
the medians. ``decode`` does nothing but decode, by soundfile, as fast as it goes: what no job can
be faster than. What is not installed is left out.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

RATE = 16000
WHISPER = {
    "sample_rate": RATE,
    "n_fft": 400,
    "hop_length": 160,
    "filterbank": "mel",
    "n_mels": 80,
    "mel_scale": "slaney",
    "norm": "slaney",
    "log": "log10",
    "floor": 1e-10,
    "drop_last": True,
    "finish": (("dynamic_range", 8), ("affine", 0.25, 1.0)),
}
_STATE: dict[str, Any] = {}


def paths(folder: str) -> list[str]:
    """Return the files, in order."""
    return sorted(str(path) for path in Path(folder).rglob("*.*"))


def finish(log_mel: Any) -> Any:
    """Whisper's last steps over log10 of the bands, by NumPy."""
    import numpy as np

    return (np.maximum(log_mel, log_mel.max() - 8.0) + 4.0) / 4.0


def target(path: str, out: str) -> str:
    """Return where the features of a file go."""
    return os.path.join(out, f"{Path(path).parent.name}-{Path(path).stem}.npy")


# ------------------------------------------------------------------------------- entries


def one_decode(path: str, out: str) -> None:
    """Decode a file into the same memory as the one before."""
    import numpy as np
    import soundfile

    buffer = _STATE.setdefault("buffer", np.empty(1 << 20, np.int16))
    with soundfile.SoundFile(path) as file:
        while len(file.read(len(buffer), out=buffer)) == len(buffer):
            pass


def one_librosa(path: str, out: str) -> None:
    """librosa, as its users write it."""
    import librosa
    import numpy as np

    waveform, _ = librosa.load(path, sr=None)
    mel = librosa.feature.melspectrogram(
        y=waveform, sr=RATE, n_fft=400, hop_length=160, n_mels=80, pad_mode="reflect"
    )
    np.save(target(path, out), finish(np.log10(np.maximum(mel[:, :-1], 1e-10))))


def one_asrfront(path: str, out: str) -> None:
    """asrfront's Whisper recipe over soundfile."""
    import numpy as np
    import soundfile
    from asrfront import whisper

    waveform, _ = soundfile.read(path, dtype="float32")
    np.save(target(path, out), whisper.log_mel(waveform, pad_or_trim=False))


def pooled(work: Callable[[str, str], None]) -> Callable[[str, str, int], None]:
    """Return an entry that hands files to a pool of processes."""

    def entry(folder: str, out: str, workers: int) -> None:
        with multiprocessing.get_context("fork").Pool(workers) as pool:
            jobs = [(path, out) for path in paths(folder)]
            pool.starmap(work, jobs, chunksize=16)

    return entry


def entry_sonogram(folder: str, out: str, workers: int) -> None:
    """This library."""
    import sonogram
    import sonogram.corpus

    summary = sonogram.corpus.extract(folder, out, sonogram.Spec(**WHISPER), workers=workers)
    _STATE["cpu"] = summary.cpu
    _STATE["seconds"] = summary.seconds


def entry_torch(folder: str, out: str, workers: int) -> None:
    """A DataLoader whose workers decode by soundfile and transform by torchaudio (or torch)."""
    import numpy as np
    import torch

    class Files(torch.utils.data.Dataset):  # type: ignore[misc]
        def __init__(self) -> None:
            self.paths = paths(folder)

        def __len__(self) -> int:
            return len(self.paths)

        def __getitem__(self, number: int) -> Any:
            import soundfile

            waveform, _ = soundfile.read(self.paths[number], dtype="float32")
            return number, torch_features(torch.from_numpy(waveform))

    files = Files()
    loader = torch.utils.data.DataLoader(files, batch_size=None, num_workers=workers)
    for number, features in loader:
        np.save(target(files.paths[number], out), features.numpy())


def torch_features(waveform: Any) -> Any:
    """Whisper's features by torch.stft, as its own code has them."""
    import torch

    if "bank" not in _STATE:
        import sonogram

        bank = sonogram.Extractor(sonogram.Spec(**WHISPER)).filterbank
        _STATE["bank"] = torch.as_tensor(bank, dtype=torch.float32)
        _STATE["window"] = torch.hann_window(400)
    spectrum = torch.stft(waveform, 400, 160, window=_STATE["window"], return_complex=True)
    mel = _STATE["bank"] @ spectrum[..., :-1].abs() ** 2
    log_mel = torch.clamp(mel, min=1e-10).log10()
    return (torch.maximum(log_mel, log_mel.max() - 8.0) + 4.0) / 4.0


def entry_lhotse(folder: str, out: str, workers: int) -> None:
    """lhotse's compute_and_store_features with its own Whisper features, one file an array."""
    import lhotse
    from lhotse.features.whisper_fbank import WhisperFbank, WhisperFbankConfig

    recordings = [lhotse.Recording.from_file(path) for path in paths(folder)]
    cuts = lhotse.CutSet.from_cuts(recording.to_cut() for recording in recordings).to_eager()
    cuts.compute_and_store_features(
        WhisperFbank(WhisperFbankConfig(num_filters=80)),
        os.path.join(out, "store"),
        num_jobs=workers,
        storage_type=lhotse.NumpyFilesWriter,
        progress_bar=False,
    )


ENTRIES: dict[str, tuple[str, Callable[[str, str, int], None]]] = {
    "decode": ("decoding alone", pooled(one_decode)),
    "sonogram": ("sonogram.corpus.extract", entry_sonogram),
    "asrfront": ("asrfront, multiprocessing", pooled(one_asrfront)),
    "torch": ("torch, DataLoader", entry_torch),
    "librosa": ("librosa, multiprocessing", pooled(one_librosa)),
    "lhotse": ("lhotse compute_and_store_features", entry_lhotse),
}
IMPORTS = {
    "decode": "soundfile",
    "sonogram": "sonogram.corpus",
    "asrfront": "asrfront",
    "torch": "torch",
    "librosa": "librosa",
    "lhotse": "lhotse",
}

# ------------------------------------------------------------------------------- measuring


def run_one(name: str, folder: str, out: str, workers: int) -> None:
    """Run an entry in this process and print what it took."""
    for module in (IMPORTS[name], "numpy", "soundfile"):
        __import__(module)
    if name == "librosa":
        import librosa  # its functions are imported when they are first used

        _ = librosa.load, librosa.feature.melspectrogram
    before = _cpu()
    begun = time.perf_counter()
    ENTRIES[name][1](folder, out, workers)
    os.sync()
    wall = time.perf_counter() - begun
    print(json.dumps({"wall": wall, "cpu": _cpu() - before, "parts": _STATE.get("cpu")}))


def _cpu() -> float:
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, who))


def measure(name: str, folder: str, workers: int) -> dict[str, Any] | None:
    """Run an entry in a process of its own, its output thrown away."""
    with tempfile.TemporaryDirectory(dir=os.path.dirname(os.path.abspath(folder))) as out:
        command = [sys.executable, __file__, folder, "--entry", name, "--out", out]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        done = subprocess.run(
            [*command, "--workers", str(workers)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        shutil.rmtree(out, ignore_errors=True)
        os.makedirs(out, exist_ok=True)
    if done.returncode:
        print(f"{name}: left out", file=sys.stderr)
        return None
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def duration(folder: str) -> float:
    """Return the seconds of audio."""
    import soundfile

    return sum(soundfile.info(path).duration for path in paths(folder))


def table(results: dict[str, list[dict[str, Any]]], seconds: float, workers: int) -> str:
    """Return the medians as a table, and what share decoding has."""
    lines = [
        f"| {workers} processes, {seconds / 3600:.1f} h | wall s | x real time | wall / decode |",
        "|---|---|---|---|",
    ]
    medians = {
        name: {key: statistics.median(run[key] for run in runs) for key in ("wall", "cpu")}
        for name, runs in results.items()
        if runs
    }
    bare = medians.get("decode", {}).get("wall")
    for name, median in medians.items():
        ratio = f"{median['wall'] / bare:.2f}" if bare else ""
        lines.append(
            f"| {ENTRIES[name][0]} | {median['wall']:.2f} | {seconds / median['wall']:.0f} "
            f"| {ratio} |"
        )
    if parts := [run["parts"] for run in results.get("sonogram", []) if run["parts"]]:
        shares = [(p["all"] + p["write"] - p["decode"]) / p["decode"] for p in parts]
        lines += [
            "",
            f"sonogram's CPU time for all but decoding is {100 * statistics.median(shares):.1f} % "
            "of that for decoding, in its workers: features "
            f"{100 * statistics.median(p['features'] / p['decode'] for p in parts):.1f} %.",
        ]
    return "\n".join(lines)


def main() -> None:
    """Read the arguments; measure everything, or be one entry."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("folder")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", choices=list(ENTRIES))
    parser.add_argument("--entry", choices=list(ENTRIES))
    parser.add_argument("--out")
    given = parser.parse_args()
    if given.entry:
        run_one(given.entry, given.folder, given.out, given.workers)
        return
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in given.only or ENTRIES}
    for _ in range(given.rounds):
        for name in list(results):
            result = measure(name, given.folder, given.workers)
            if result is None:
                del results[name]
            else:
                results[name].append(result)
    print(table(results, duration(given.folder), given.workers))


if __name__ == "__main__":
    main()
