# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Features of whole corpora, computed once, in shards, whatever happens meanwhile.

`extract` reads a folder, table, archive or Kaldi list and writes a corpus; `open` reads it back as
a lazy sequence. `stream` and `Features` do the same inside other people's pipelines.
"""

from typing import TYPE_CHECKING

from .._late import late as _lazily

if TYPE_CHECKING:
    from ._errors import CorpusError, ItemError, SourceLostError
    from ._hooks import Features
    from ._items import Item
    from ._job import Progress, Summary, extract
    from ._reader import Corpus, open
    from ._torch import stream

# Imported when they are first asked for: a worker process needs few of them, and starts sooner.
_LATE = {
    "Corpus": "_reader",
    "CorpusError": "_errors",
    "Features": "_hooks",
    "Item": "_items",
    "ItemError": "_errors",
    "Progress": "_job",
    "SourceLostError": "_errors",
    "Summary": "_job",
    "extract": "_job",
    "open": "_reader",
    "stream": "_torch",
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
