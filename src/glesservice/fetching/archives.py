"""Zip archives from outside: unpacked nowhere but where they belong, and never without an end."""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from glesservice.errors import Fault, FetchError
from glesservice.fetching.judging import too_large
from glesservice.fetching.web import MEGABYTE

MOST_MEMBERS = 1000
CHUNK = 1 << 20


def unpack(archive: Path, folder: Path, most_mb: float) -> list[Path]:
    """Return the files of an archive, unpacked into a folder.

    Parameters
    ----------
    archive
        A zip file.
    folder
        Where to; made if it is not there.
    most_mb
        How much may come out of it in all, MB. What is counted is what comes, not what the archive
        says of itself.

    Returns
    -------
    list of Path
        By rising name.

    Raises
    ------
    FetchError
        If it is no zip file, is broken or encrypted, leads out of the folder, holds links or
        devices, or more than is allowed. Nothing is written outside the folder then.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            members = [item for item in packed.infolist() if not item.is_dir()]
            if len(members) > MOST_MEMBERS:
                raise _fault(archive, f"it holds {len(members)} files, more than {MOST_MEMBERS}")
            targets = [_target(item, folder, archive) for item in members]
            if len(set(targets)) != len(targets):
                raise _fault(archive, "two of its files have the same name")
            left = int(most_mb * MEGABYTE)
            for item, target in zip(members, targets, strict=True):
                target.parent.mkdir(parents=True, exist_ok=True)
                with packed.open(item) as source, target.open("wb") as file:
                    while chunk := source.read(min(CHUNK, left + 1)):
                        left -= len(chunk)
                        if left < 0:
                            raise too_large(str(archive), most_mb, "download_mb")
                        file.write(chunk)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise _fault(archive, f"the archive cannot be unpacked ({error})") from error
    except OSError as error:
        raise _fault(archive, f"the archive cannot be unpacked ({error.strerror})") from error
    return sorted(targets)


def _target(item: zipfile.ZipInfo, folder: Path, archive: Path) -> Path:
    """Tell where a member belongs; stop where that is not in the folder."""
    name = item.filename.replace("\\", "/")
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or ":" in name or "\0" in item.orig_filename:
        raise _fault(archive, f"the file {name!r} would be written outside the folder")
    kind = stat.S_IFMT(item.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        raise _fault(archive, f"{name!r} is no ordinary file")
    if item.flag_bits & 1:
        raise _fault(archive, f"the file {name!r} is encrypted")
    return folder.joinpath(*path.parts)


def _fault(archive: Path, what: str) -> FetchError:
    """Say what is wrong with an archive."""
    return FetchError(Fault(what, str(archive), "Unpack it yourself, and name the file in it"))
