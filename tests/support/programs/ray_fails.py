# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""``ray_fails.py SOURCE OUT``: a corpus that Ray may not make, because of a bad file."""

import sys

import ray
from support import corpora

import sonogram.corpus

ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False)
said = None
try:
    sonogram.corpus.extract(
        sys.argv[1], sys.argv[2], corpora.SPEC, shard_items=4, engine="ray", on_error="fail"
    )
except sonogram.corpus.CorpusError as error:
    said = str(error)
assert said == "bad: is empty", said
print(1)
ray.shutdown()
