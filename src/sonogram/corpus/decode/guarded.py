# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Errors of a decoder, confined to the item that it decodes."""

from ..disk.errors import CorpusError, ItemError
from ..disk.store import is_remote
from ..sources.items import Item
from .decode import Reader, Waveform

# Exceptions that do not concern the item: the job stops, an extra is missing, Ctrl-C.
_PASSED_ON = (ItemError, CorpusError, ImportError, KeyboardInterrupt, GeneratorExit)


def decode_item(reader: Reader, item: Item, data: bytes | None = None) -> Waveform:
    """Return the waveform of an item.

    Raises
    ------
    ItemError
        For any exception of the decoder, including SystemExit and the panics of extensions.
    """
    try:
        return reader(item, data)
    except _PASSED_ON:
        raise
    except BaseException as error:
        lost = isinstance(error, OSError) or (data is None and is_remote(item.path))
        raise _item_error("unavailable" if lost else "damaged", error) from error


def _item_error(kind: str, error: BaseException) -> ItemError:
    text = " ".join(str(error).split())
    return ItemError(kind, f"{type(error).__name__}: {text}" if text else type(error).__name__)
