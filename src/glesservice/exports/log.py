"""The log beside a run's folder: when, where and how fast; one line of JSON a run.

It is this machine's own record, no product: it names paths, and differs from run to run.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from glesservice.config import Settings
from glesservice.exports.folder import MARK
from glesservice.sources.fingerprints import fingerprint

ENDING = ".log.jsonl"
# The last lines of a log are read; nobody needs the whole of a log of many years.
TAIL_BYTES = 1_000_000


def log_of(folder: Path) -> Path:
    """Return where the log of a run's folder lies.

    Parameters
    ----------
    folder
        The run's folder.
    """
    return folder.absolute().with_name(folder.absolute().name + ENDING)


def write_log(
    folder: Path, settings: Settings, begun: datetime, seconds: Mapping[str, float]
) -> None:
    """Add a run to the log beside its folder.

    Parameters
    ----------
    folder
        The run's folder.
    settings
        The settings of the run.
    begun
        When it began, with its time zone.
    seconds
        How long each stage took.

    Raises
    ------
    OSError
        If the log cannot be written.
    """
    file = settings.origin.file
    line = {
        "begun": begun.astimezone(UTC).isoformat(timespec="seconds"),
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        "settings": None if file is None else str(file),
        "folder": str(folder.absolute()),
        "manifest_file_sha256": fingerprint(folder / MARK)["sha256"],
        "machine": platform.platform(),
        "seconds": {stage: round(spent, 3) for stage, spent in seconds.items()},
    }
    with log_of(folder).open("a", encoding="utf-8") as log:
        log.write(json.dumps(line, ensure_ascii=False) + "\n")


def settings_file_of(folder: Path) -> Path | None:
    """Return the settings file of the run that made a folder, as its log has it.

    Parameters
    ----------
    folder
        The run's folder.

    Returns
    -------
    Path or None
        None where no log tells, or the file is there no more.
    """
    try:
        digest = fingerprint(folder / MARK)["sha256"]
        with log_of(folder).open("rb") as log:
            log.seek(0, 2)
            log.seek(max(0, log.tell() - TAIL_BYTES))
            lines = log.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return None
    for line in reversed(lines):
        said = _parsed(line)
        # Of a folder that was changed since, the last run of it is meant.
        if said.get("manifest_file_sha256") == digest or line == lines[-1]:
            path = said.get("settings")
            return Path(path) if isinstance(path, str) and Path(path).is_file() else None
    return None


def _parsed(line: str) -> Mapping[str, Any]:
    """Read a line of the log; one that is broken says nothing."""
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
