# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Paths given by users, and atomically written files."""

import contextlib
import errno
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path


def as_path(path: object, argument: str = "path") -> Path:
    """Return ``path`` as a `pathlib.Path`; TypeError unless it is a str or os.PathLike."""
    name = os.fspath(path) if isinstance(path, os.PathLike) else path
    if hasattr(name, "read"):
        raise TypeError(
            f"{argument} is {path!r}; it must be a str or os.PathLike: give the name of an open "
            "file, and write bytes in memory to a file first (tempfile.NamedTemporaryFile)"
        )
    if not isinstance(name, str):
        raise TypeError(f"{argument} is {path!r}; it must be a str or os.PathLike")
    if not name or "\0" in name:
        raise ValueError(f"{argument} is {name!r}; it must name a file")
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        raise ValueError(f"{argument} is {name!r}; it must be text that a name can hold") from None
    return Path(name)


def require_regular_file(path: Path) -> int:
    """Return the size of a file; raise an OSError that names it if it is not a readable file."""
    mode = path.stat()
    if stat.S_ISDIR(mode.st_mode):
        raise IsADirectoryError(errno.EISDIR, "is a folder, not a file", str(path))
    if not stat.S_ISREG(mode.st_mode):
        raise OSError(errno.EINVAL, "is not a regular file", str(path))
    return mode.st_size


@contextlib.contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``, which is renamed to ``path`` if the block succeeds.

    If the block raises, an existing file at ``path`` stays as it was and the temporary file is
    removed. A symbolic link is followed, and the permissions of a replaced file are kept.
    """
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, "is a folder, not a file", str(path))
    if target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "is not a regular file", str(path))
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, "the folder to write to does not exist", str(path))
    # Not longer than a file name may be, and without a suffix that a reader would pick up.
    temporary = target.with_name(f".{target.name[:100]}.{os.urandom(6).hex()}.tmp")
    try:
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from None
    try:
        yield temporary
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            _remove(temporary)
        raise


def _remove(path: Path) -> None:
    """Remove a file's name at once; freeing the contents of a large file may take seconds."""
    kept = os.open(path, os.O_RDONLY)
    path.unlink()
    try:
        threading.Thread(target=os.close, args=(kept,), daemon=True).start()
    except RuntimeError:  # no thread can be started, or the interpreter is shutting down
        os.close(kept)
