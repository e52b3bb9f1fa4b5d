# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Names of the files and folders of a corpus."""

SCHEMA = 1  # of corpus.json and what it lists
CORPUS = "corpus.json"  # written last: a folder that has it is complete
INDEX = "index.jsonl"
CMVN = "cmvn.json"
FAILURES = "failures.jsonl"
SHARDS = "shards"
WORK = ".sonogram"  # state that a job needs to resume
DONE = f"{WORK}/done"
