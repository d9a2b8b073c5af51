"""Files made one by one, and put in place together: an earlier fetch stays whole until then."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from glesservice.errors import Fault, OutputError
from glesservice.fetching.lock import LOCK, Lock, LockedFile, fingerprint
from glesservice.fetching.parts import write_whole

EARLIER = "earlier.lock.json"


@dataclass(frozen=True)
class About:
    """What the lock says of a file beside its fingerprint.

    Attributes
    ----------
    source, licence, date
        As in ``LockedFile``.
    urls
        The addresses that were asked.
    """

    source: str
    licence: str
    date: str | None
    urls: tuple[str, ...]


@dataclass(frozen=True)
class Staging:
    """Files that are ready, beside the folder's own.

    Attributes
    ----------
    folder
        Where the files are to go.
    work
        Where they are made; outlives an interruption.
    """

    folder: Path
    work: Path

    def made(self, name: str, make: Callable[[Path], About]) -> Path:
        """Return the path of a finished file, making it only if it is not there from before.

        Parameters
        ----------
        name
            The file's name.
        make
            Writes the file to the path that it gets, and says where its content comes from.

        Returns
        -------
        Path
            The file, in the working folder or already in place.
        """
        ready, writing = self.work / name, self._writing(name)
        if self._entry(name) is None:
            writing.unlink(missing_ok=True)
            about = make(writing)
            entry = LockedFile(
                file=name,
                source=about.source,
                licence=about.licence,
                date=about.date,
                urls=about.urls,
                fetched=datetime.now(UTC).isoformat(timespec="seconds"),
                bytes=writing.stat().st_size,
                sha256=fingerprint(writing),
            )
            # First the note: what it describes is then known as finished, under either name.
            write_whole(self._said(name), entry.model_dump_json().encode())
        if writing.exists():
            writing.replace(ready)
        return ready if ready.exists() else self.folder / name

    def lock(self, template: Lock, names: Sequence[str]) -> Lock:
        """Return the lock of the files that are ready.

        Parameters
        ----------
        template
            What is the same for all.
        names
            The files.
        """
        entries = [entry for name in sorted(names) if (entry := self._entry(name)) is not None]
        return template.model_copy(update={"files": tuple(entries)})

    def refuse_to_harm(self, names: Sequence[str], lock: Lock | None) -> None:
        """Stop if a file that would be replaced is not one that was fetched.

        Parameters
        ----------
        names
            The files that will be written.
        lock
            What was fetched before.

        Raises
        ------
        OutputError
            If files were changed, or came from elsewhere.
        """
        locks = [known for known in (lock, _read(self.work / EARLIER)) if known is not None]
        faults = []
        for name in names:
            path = self.folder / name
            if not path.exists() and not path.is_symlink():
                continue
            known = {
                entry.sha256
                for one in locks
                for entry in one.files
                if entry.file == name and not entry.accepted
            }
            if path.is_symlink() or not path.is_file() or fingerprint(path) not in known:
                faults.append(
                    Fault(
                        "this would be replaced, and it is not what was fetched",
                        str(path),
                        "Move it away, or fetch into another folder with --output",
                    )
                )
        if faults:
            raise OutputError(*faults)

    def settle(self, lock: Lock) -> None:
        """Put the files that are ready in place, with their lock.

        Parameters
        ----------
        lock
            What they are. It is written first: until all files are in place, those that are not
            differ from it, and no run takes the mixture for a data set.
        """
        earlier, target = self.work / EARLIER, self.folder / LOCK
        before = target.read_bytes() if target.is_file() else None
        if before != lock.as_json():
            if before is not None:
                write_whole(earlier, before)
            write_whole(target, lock.as_json())
        for entry in lock.files:
            ready = self.work / entry.file
            if ready.exists():
                ready.replace(self.folder / entry.file)

    def clear(self) -> None:
        """Remove the working folder."""
        shutil.rmtree(self.work, ignore_errors=True)

    def _writing(self, name: str) -> Path:
        """Return where a file is written until it is finished."""
        return self.work / f"writing.{name}"

    def _said(self, name: str) -> Path:
        """Return where it is written down that a file is ready."""
        return self.work / f"{name}.ready.json"

    def _entry(self, name: str) -> LockedFile | None:
        """Read what is known of a file that is ready, here or already in place."""
        try:
            entry = LockedFile.model_validate(json.loads(self._said(name).read_text("utf-8")))
        except (OSError, ValueError):
            return None
        places = (self.work / name, self._writing(name), self.folder / name)
        there = any(place.is_file() and fingerprint(place) == entry.sha256 for place in places)
        return entry if there else None


def _read(path: Path) -> Lock | None:
    """Read the lock that was there before, if one was."""
    try:
        return Lock.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
