# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""``ray_cluster.py SOURCE OUT DECODER``: a corpus made by two nodes of Ray, of which one may go."""

import sys

import ray
from ray.cluster_utils import Cluster
from support import corpora

import sonogram.corpus


def main():
    source, out, decoder = sys.argv[1:]
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    node = cluster.add_node(num_cpus=1)
    ray.init(address=cluster.address, log_to_driver=False)
    progress = None
    if decoder == "kill_node":
        decoder, removed = "auto", []

        def progress(state):
            if state.shards >= 2 and not removed:
                removed.append(cluster.remove_node(node))
                cluster.add_node(num_cpus=1)

    summary = sonogram.corpus.extract(
        source,
        out,
        corpora.SPEC,
        shard_items=4,
        engine="ray",
        progress=progress,
        decoder=getattr(corpora, decoder) if decoder != "auto" else "auto",
    )
    print(summary.items, summary.failed)

    # Ray Data beside it, on the same two CPUs: its readers must find room
    if sys.argv[3] == "auto":
        from pathlib import Path

        import numpy as np

        files = sorted(map(str, Path(source).rglob("*.*")))
        data = ray.data.from_items([{"audio": path} for path in files])
        rows = data.map_batches(sonogram.corpus.Features(corpora.SPEC), batch_size=8).take_all()
        for row in rows[::9]:
            assert np.array_equal(row["features"], corpora.expected(row["audio"]))
        assert len(rows) == len(files)
    ray.shutdown()
    cluster.shutdown()


if __name__ == "__main__":
    main()
