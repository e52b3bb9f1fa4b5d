# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The index as a Parquet file, for pandas, DuckDB and the like."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from ..._support.optional import require
from ..disk.store import Store, discarded

NAME = "index.parquet"


@contextlib.contextmanager
def parquet_index(store: Store) -> Iterator[Callable[[list[dict[str, Any]]], None]]:
    """Yield a function that adds the entries of a shard; the file appears at the end."""
    pa = require("pyarrow", "arrow", "index='parquet'")
    parquet = require("pyarrow.parquet", "arrow", "index='parquet'")
    schema = pa.schema(
        [
            ("id", pa.string()),
            ("shard", pa.int64()),
            ("offset", pa.int64()),
            ("shape", pa.list_(pa.int64())),
            ("frames", pa.int64()),
            ("duration", pa.float64()),
            ("source", pa.string()),
            ("start", pa.float64()),
            ("channel", pa.int64()),
            ("checksum", pa.string()),
        ]
    )
    temporary = store.temporary(NAME)
    with discarded(temporary):
        with parquet.ParquetWriter(temporary, schema) as writer:
            yield lambda entries: writer.write_table(
                pa.Table.from_pylist(
                    [{name: entry.get(name) for name in schema.names} for entry in entries], schema
                )
            )
        store.commit(temporary, NAME)
