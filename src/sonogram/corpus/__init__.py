# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Features of whole corpora, computed once, in shards, whatever happens meanwhile.

`extract` reads a folder, table, archive or Kaldi list and writes a corpus; `open` reads it back as
a lazy sequence. `stream` and `Features` do the same inside other people's pipelines.
"""

from ._errors import CorpusError, ItemError, SourceLostError
from ._hooks import Features
from ._items import Item
from ._job import Progress, Summary, extract
from ._reader import Corpus, open
from ._torch import stream

__all__ = [
    "Corpus",
    "CorpusError",
    "Features",
    "Item",
    "ItemError",
    "Progress",
    "SourceLostError",
    "Summary",
    "extract",
    "open",
    "stream",
]
