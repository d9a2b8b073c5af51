"""The lock file: what was fetched, from where and when, and whether it is still the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from glesservice.config import Section
from glesservice.errors import Fault, InputError

LOCK = "glesservice.lock.json"
MOST_BYTES = 10_000_000
CHUNK = 1 << 20


class LockedFile(Section):
    """One fetched file."""

    file: Annotated[str, Field(pattern=r"^[^/\\\x00]+$")] = Field(description="Its name.")
    source: str = Field(description="Who made the data, and which layer it is.")
    licence: str = Field(description="Licence of the data.")
    date: str | None = Field(description="The day or year that the data describe.")
    urls: tuple[str, ...] = Field(description="The addresses that were asked.")
    fetched: str = Field(description="When, UTC.")
    bytes: int = Field(ge=0, description="Size.")
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] = Field(description="Fingerprint.")
    accepted: bool = Field(
        default=False, description="Whether it was changed by hand after fetching, and accepted."
    )


class Lock(Section):
    """What one fetch brought."""

    glesservice: str = Field(description="Version of the program that fetched.")
    kommun: str = Field(description="Municipality code.")
    year: int = Field(description="The year it was fetched for.")
    buffer_km: float = Field(description="How far around the municipality.")
    files: tuple[LockedFile, ...] = Field(description="The files, by name.")

    def entry(self, name: str) -> LockedFile | None:
        """Return what is said of a file.

        Parameters
        ----------
        name
            Its name.

        Returns
        -------
        LockedFile or None
            Nothing where it was not fetched.
        """
        return next((entry for entry in self.files if entry.file == name), None)

    def as_json(self) -> bytes:
        """Return the lock file's content."""
        text = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=2)
        return f"{text}\n".encode()


def read_lock(folder: Path) -> Lock | None:
    """Return the lock of a folder, or nothing where there is none.

    Parameters
    ----------
    folder
        A folder of inputs.

    Returns
    -------
    Lock or None
        The lock.

    Raises
    ------
    InputError
        If there is one that cannot be read.
    """
    path = folder / LOCK
    if not path.is_file():
        return None
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError("too large")
        return Lock.model_validate_json(path.read_bytes())
    except (OSError, ValidationError, ValueError) as error:
        reason = f"{error.error_count()} faults" if isinstance(error, ValidationError) else error
        raise InputError(
            Fault(
                f"the lock file cannot be read ({reason})",
                str(path),
                "Fetch again into another folder, or remove it if the inputs are your own",
            )
        ) from error


def changed(paths: Iterable[Path]) -> Sequence[Fault]:
    """Return the inputs that are not what was fetched.

    Parameters
    ----------
    paths
        Input files. A file that no lock beside it names is nobody's business.

    Returns
    -------
    sequence of Fault
        One for each file whose content is another than the lock says.

    Raises
    ------
    InputError
        If a lock cannot be read.
    """
    locks: dict[Path, Lock | None] = {}
    faults = []
    for path in dict.fromkeys(paths):
        if path.parent not in locks:
            locks[path.parent] = read_lock(path.parent)
        lock = locks[path.parent]
        entry = lock.entry(path.name) if lock else None
        if entry is None or not path.is_file():
            continue
        if (path.stat().st_size, fingerprint(path)) != (entry.bytes, entry.sha256):
            faults.append(
                Fault(
                    f"the file is not the one that was fetched on {entry.fetched[:10]}",
                    str(path),
                    "Fetch it again (glesservice fetch --renew); or accept the change for good "
                    "(glesservice fetch --relock) or for this run (--accept-changed)",
                )
            )
    return faults


def relocked(lock: Lock, folder: Path) -> Lock:
    """Return a lock that says what the files are now.

    Parameters
    ----------
    lock
        What was fetched.
    folder
        Where the files are.

    Returns
    -------
    Lock
        Files that are another than before are marked as accepted; files that are gone are left out.
    """
    entries = []
    for entry in lock.files:
        path = folder / entry.file
        if path.is_file():
            now = fingerprint(path)
            same = now == entry.sha256
            entries.append(
                entry.model_copy(
                    update={
                        "bytes": path.stat().st_size,
                        "sha256": now,
                        "accepted": entry.accepted or not same,
                    }
                )
            )
    return lock.model_copy(update={"files": tuple(entries)})


def fingerprint(path: Path) -> str:
    """Return a file's SHA-256.

    Parameters
    ----------
    path
        The file.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
