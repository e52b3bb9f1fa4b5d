# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Whatever a decoder raises costs its item alone."""

from ..disk.errors import CorpusError, ItemError
from ..disk.store import is_remote
from ..sources.items import Item
from .decode import Reader, Waveform

# What is no word about the item: the job stops, an extra is missing, the user interrupts.
_PASSED_ON = (ItemError, CorpusError, ImportError, KeyboardInterrupt, GeneratorExit)


def decode_item(reader: Reader, item: Item, data: bytes | None = None) -> Waveform:
    """Return the waveform of an item.

    Raises
    ------
    ItemError
        For whatever the decoder raised, SystemExit and the panics of extensions among it.
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
