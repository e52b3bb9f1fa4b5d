# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""The errors of a job, classified by how the job responds to them."""

import errno

# Errors of a write that the next shard would meet too.
_OUTPUT_GONE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
# Errors of a network file system that is gone as a whole.
_SOURCE_GONE = (errno.ESTALE, errno.ENOTCONN, errno.ENODEV, errno.EHOSTDOWN, errno.ENXIO)


class CorpusError(Exception):
    """The job stopped. Finished shards are kept, and running the job again resumes it."""


class ItemError(Exception):
    """One item has no features.

    Attributes
    ----------
    kind : str
        "unavailable" (could not be reached) and "killed" (the worker was ended from outside, for
        example by a system that is short of memory) are tried again when the job is resumed. The
        others are "damaged", "invalid" (the request makes no sense for the item), "nonfinite",
        "crash" (decoding ended the worker twice while nothing else was running), "timeout" and
        "filtered" (left out on purpose).
    reason : str
        The reason in words.
    """

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(kind, reason)
        self.kind = kind
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class SourceLostError(CorpusError):
    """The whole source of the audio has disappeared."""


def source_is_gone(error: OSError) -> bool:
    return error.errno in _SOURCE_GONE


def output_is_gone(error: OSError) -> bool:
    return error.errno in _OUTPUT_GONE
