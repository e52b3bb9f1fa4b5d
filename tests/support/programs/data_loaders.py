# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""``data_loaders.py SOURCE OUT START``: the workers of data loaders read a source and a corpus."""

import sys
from pathlib import Path

import numpy as np
import torch
from support import corpora

import sonogram.corpus


def main():
    source, out, start = sys.argv[1:]
    files = sorted(Path(source).rglob("*.*"))
    want = {str(p.relative_to(source).with_suffix("")): corpora.expected(p) for p in files}
    options = {"batch_size": None, "num_workers": 2, "multiprocessing_context": start}
    seen = []
    stream = sonogram.corpus.stream(source, corpora.SPEC)
    for sample in torch.utils.data.DataLoader(stream, **options):
        assert np.array_equal(sample["features"].numpy(), want[sample["id"]])
        seen.append(sample["id"])
    assert sorted(seen) == sorted(want)
    dataset = sonogram.corpus.open(out).dataset(ids=True)
    dataset[0]
    for sample in torch.utils.data.DataLoader(dataset, **options):
        assert np.array_equal(sample["features"].numpy(), want[sample["id"]])
    print("same")


if __name__ == "__main__":
    main()
