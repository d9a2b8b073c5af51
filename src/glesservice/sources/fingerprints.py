"""What a file held: its size and a digest, so that a change is seen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from glesservice.errors import Fault

CHUNK = 1 << 20
# Files that are read along with another, whose name they share.
BESIDE = {
    ".shp": (".cpg", ".dbf", ".prj", ".shx"),
    ".tif": (".aux.xml", ".prj", ".tfw"),
    ".tiff": (".aux.xml", ".prj", ".tfw"),
    ".asc": (".aux.xml", ".prj"),
}

# When a file was last written, and its size.
Stamp = tuple[int, int]


def fingerprint(path: Path) -> dict[str, Any]:
    """Return a file's size and SHA-256.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    dict
        ``bytes`` and ``sha256``.
    """
    now = path.stat()
    size, digest = _digest(
        path, (now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)
    )
    return {"bytes": size, "sha256": digest}


@lru_cache(maxsize=64)
def _digest(path: Path, _stamp: tuple[int, ...]) -> tuple[int, str]:
    """Return size and SHA-256: the roads of a country are read once, not for each municipality."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def files_of(path: Path) -> tuple[Path, ...]:
    """Return the files that are read where one is named: itself first, then those beside it.

    Parameters
    ----------
    path
        A file, or a folder that is read as one (a file geodatabase).
    """
    if path.is_dir():
        return tuple(sorted(item for item in path.rglob("*") if item.is_file()))
    endings = BESIDE.get(path.suffix.lower(), ())
    named = (
        one
        for ending in endings
        for one in (path.with_suffix(ending), path.with_name(path.name + ending))
    )
    return (path, *sorted({one for one in named if one.is_file()}))


def stamps(paths: Iterable[Path]) -> dict[Path, Stamp]:
    """Return when files were last written, and how large they are.

    Parameters
    ----------
    paths
        Input files; those that are not there are left out.
    """
    found = {}
    for path in paths:
        for file in files_of(path):
            if file.exists():
                status = file.stat()
                found[file] = (status.st_mtime_ns, status.st_size)
    return found


def touched(before: Mapping[Path, Stamp]) -> list[Fault]:
    """Return the files that were written since.

    Parameters
    ----------
    before
        What ``stamps`` returned when they were read.

    Returns
    -------
    list of Fault
        One for each. Of such a file nobody can say which of its contents went into the result.
    """
    now = stamps(before)
    return [
        Fault("the input was changed during the run", str(path), "Run again")
        for path, stamp in before.items()
        if now.get(path) != stamp
    ]
