# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What can go wrong in a job, by what is to be done about it."""

import errno

# A write that fails so cannot succeed for the next shard either.
_OUTPUT_GONE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
# What a network file system says when it is the whole of it that has gone.
_SOURCE_GONE = (errno.ESTALE, errno.ENOTCONN, errno.ENODEV, errno.EHOSTDOWN, errno.ENXIO)


class CorpusError(Exception):
    """A job that stopped. What was finished stays, and running it again goes on from there."""


class ItemError(Exception):
    """One item that has no features.

    Attributes
    ----------
    kind : str
        "unavailable" (it could not be reached) and "killed" (its worker was ended from outside, as
        by a system short of memory): both are tried again when the job is resumed; "damaged",
        "invalid" (the request makes no sense for it), "nonfinite", "crash" (decoding it ended its
        worker twice while nothing else was under way), "timeout" or "filtered" (left out on
        purpose).
    reason : str
        In words.
    """

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(kind, reason)
        self.kind = kind
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class SourceLostError(CorpusError):
    """The place that the audio is read from has disappeared as a whole."""


def source_is_gone(error: OSError) -> bool:
    return error.errno in _SOURCE_GONE


def output_is_gone(error: OSError) -> bool:
    return error.errno in _OUTPUT_GONE
