"""One process at a time: who writes to a folder says so, and everybody else is told.

A claim is a locked file. The lock is the operating system's and ends with the process, however it
ends; the file's content only tells who it is.
"""

from __future__ import annotations

import errno
import fcntl
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from glesservice.errors import BusyError, Fault

# What file systems without locks answer. There a second process is not noticed.
NO_LOCKS = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}


@contextmanager
def claimed(path: Path, where: Path, mend: str) -> Iterator[bool]:
    """Hold a claim for as long as the block runs.

    Parameters
    ----------
    path
        The file that is locked; made, and removed at the end. One that a killed process has left
        is no claim.
    where
        What is claimed, for the message.
    mend
        What the second one may do instead.

    Yields
    ------
    bool
        Whether the claim is sure: false where the file system knows no locks.

    Raises
    ------
    BusyError
        If another process holds the claim.
    OSError
        If the file cannot be made.
    """
    file, sure = _locked(path, where, mend)
    try:
        begun = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
        with suppress(OSError):  # a full disk, another's file: the lock holds without words
            os.ftruncate(file, 0)
            os.write(file, f"process {os.getpid()} on {platform.node()} since {begun}".encode())
        yield sure
    finally:
        # First removed, then released: nobody locks a file that is about to go.
        with suppress(OSError):
            path.unlink()
        os.close(file)


def _locked(path: Path, where: Path, mend: str) -> tuple[int, bool]:
    """Open the file and lock it."""
    while True:
        file = _opened(path)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            said = os.read(file, 200).decode("utf-8", "replace")
            os.close(file)
            if error.errno in NO_LOCKS:
                return _opened(path), False
            if not isinstance(error, BlockingIOError):
                raise
            what = f"somebody else is writing here ({said or 'another process'})"
            raise BusyError(Fault(what, str(where), mend)) from None
        if _is_still(path, file):
            return file, True
        os.close(file)  # whoever held it has just removed it


def _opened(path: Path) -> int:
    """Open the file, making it if it is not there."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except PermissionError:
        if not path.exists():
            raise
        # Somebody else's, perhaps left by a process that is gone: it can be locked all the same.
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)


def _is_still(path: Path, file: int) -> bool:
    """Tell whether an open file is the one under its name."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file))
    except OSError:
        return False
