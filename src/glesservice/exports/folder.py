"""The run's folder: written whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from glesservice.errors import Fault, OutputError

# Its presence tells a finished run's folder from anything else that may lie there.
MARK = "manifest.json"


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder that becomes the target once everything in it is written.

    Parameters
    ----------
    target
        The folder to make. An earlier run's folder is replaced, and kept until then.

    Yields
    ------
    Path
        A temporary folder beside the target.

    Raises
    ------
    OutputError
        If the folder cannot be made or replaced, or something else than a run lies there.
    """
    if target.exists() and not (target / MARK).is_file():
        raise OutputError(
            Fault(
                f"something that is no earlier run (it has no {MARK}) lies there",
                str(target),
                "Move it away, or choose another folder with --output",
            )
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        folder.chmod(0o755)  # as any folder; mkdtemp makes it private
    except OSError as error:
        raise _cannot_write(target, error) from error
    try:
        yield folder
        _put_in_place(folder, target)
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put_in_place(folder: Path, target: Path) -> None:
    """Let the finished folder take the target's place."""
    if not target.exists():
        folder.rename(target)
        return
    earlier = folder.with_name(f"{folder.name}-earlier")
    target.rename(earlier)
    try:
        folder.rename(target)
    except OSError:
        earlier.rename(target)
        raise
    shutil.rmtree(earlier, ignore_errors=True)


def _cannot_write(target: Path, error: OSError) -> OutputError:
    """Say that writing failed, and why."""
    reason = error.strerror or str(error)
    return OutputError(
        Fault(
            f"the result cannot be written ({reason})",
            str(target),
            "Make room, close programs that hold its files open, or choose another folder with "
            "--output; an earlier result is untouched",
        )
    )
