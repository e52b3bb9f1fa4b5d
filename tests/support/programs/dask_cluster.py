# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""``dask_cluster.py SOURCE OUT DECODER``: a corpus made by two workers of Dask."""

import sys

from distributed import Client, LocalCluster
from support import corpora

import sonogram.corpus


def main():
    source, out, decoder = sys.argv[1:]
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, processes=True
        ) as cluster,
        Client(cluster) as client,
    ):
        summary = sonogram.corpus.extract(
            source,
            out,
            corpora.SPEC,
            shard_items=4,
            engine=client,
            decoder=getattr(corpora, decoder) if decoder != "auto" else "auto",
        )
    print(summary.items, summary.failed)


if __name__ == "__main__":
    main()
