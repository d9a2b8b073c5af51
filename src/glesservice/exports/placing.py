"""A finished folder into its place: in one step where the system has one."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path

# Linux: renameat2(2), RENAME_EXCHANGE; macOS: renamex_np(2), RENAME_SWAP. Both exchange two names
# at once, so that there is no moment without an earlier run's folder.
AT_FDCWD, RENAME_EXCHANGE, RENAME_SWAP = -100, 2, 2


def put_in_place(folder: Path, target: Path, aside: Path) -> None:
    """Let a finished folder take the target's place; an earlier target is removed afterwards.

    Parameters
    ----------
    folder
        The finished folder.
    target
        Its place, on the same file system.
    aside
        Where an earlier target is put for a moment if the system cannot exchange two folders.

    Raises
    ------
    OSError
        If it cannot be done. The target is as it was.
    """
    if not target.exists():
        folder.rename(target)
        _sync(target.parent)
        return
    if exchanged(folder, target):
        _sync(target.parent)
        shutil.rmtree(folder, ignore_errors=True)
        return
    target.rename(aside)
    try:
        folder.rename(target)
    except OSError:
        aside.rename(target)
        raise
    _sync(target.parent)
    shutil.rmtree(aside, ignore_errors=True)


def exchanged(one: Path, other: Path) -> bool:
    """Return whether two folders have changed places, in one step.

    Parameters
    ----------
    one, other
        Folders on one file system.
    """
    names = os.fsencode(one), os.fsencode(other)
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return int(library.renamex_np(*names, ctypes.c_uint(RENAME_SWAP))) == 0
        call = library.renameat2
    except (AttributeError, OSError):  # an older system, or another
        return False
    flag = ctypes.c_uint(RENAME_EXCHANGE)
    return int(call(AT_FDCWD, names[0], AT_FDCWD, names[1], flag)) == 0


def on_disk(folder: Path) -> None:
    """Wait until all files of a folder are on the disk, so that a power cut leaves none empty.

    Parameters
    ----------
    folder
        The folder.

    Raises
    ------
    OSError
        If the disk will not take them: some systems tell of a full disk only now.
    """
    for item in sorted(folder.rglob("*")):
        _sync(item)
    _sync(folder)


def _sync(path: Path) -> None:
    """Wait until a file or a folder is on the disk."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
