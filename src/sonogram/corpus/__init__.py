# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Features of whole corpora, computed in shards by jobs that can be interrupted and resumed.

`extract` reads a folder, table, archive or Kaldi list and writes a corpus; `open` reads it back as
a lazy sequence. `stream` and `Features` compute features inside other pipelines.
"""

from typing import TYPE_CHECKING

from .._support.lazy import lazy_names as _lazily

if TYPE_CHECKING:
    from .disk.errors import CorpusError, ItemError, SourceLostError
    from .job.extract import Progress, Summary, extract
    from .read.integrations import Features
    from .read.reader import Corpus, open
    from .read.torch import stream
    from .sources.items import Item

# Imported on first use: a worker process needs only a few of them, and starts sooner.
_LATE = {
    "Corpus": "read.reader",
    "CorpusError": "disk.errors",
    "Features": "read.integrations",
    "Item": "sources.items",
    "ItemError": "disk.errors",
    "Progress": "job.extract",
    "SourceLostError": "disk.errors",
    "Summary": "job.extract",
    "extract": "job.extract",
    "open": "read.reader",
    "stream": "read.torch",
}
__getattr__, __dir__ = _lazily(globals(), _LATE)

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
