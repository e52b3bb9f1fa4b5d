# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""``peak_of_a_corpus.py SOURCE OUT``: the most memory, in KiB, that making a corpus takes."""

import sys

from support import corpora

import sonogram.corpus

sonogram.corpus.extract(sys.argv[1], sys.argv[2], corpora.SPEC, workers=0, shard_items=256)
with open("/proc/self/status") as file:
    print(int(file.read().split("VmHWM:")[1].split()[0]))
