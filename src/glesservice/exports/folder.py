"""The run's folder: written whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyogrio.errors import DataSourceError
from xlsxwriter.exceptions import FileCreateError

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
    try:
        _refuse_to_harm(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        folder.chmod(0o755)  # as any folder; mkdtemp makes it private
    except (OSError, ValueError) as error:
        raise _cannot_write(target, error) from error
    try:
        yield folder
        _put_in_place(folder, target)
    except (OSError, DataSourceError, FileCreateError) as error:
        raise _cannot_write(target, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _refuse_to_harm(target: Path) -> None:
    """Stop if what lies there is anything else than an earlier run, whole and alone."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        strangers = "a link or a file"
    elif target.exists():
        known = _products_of_run(target)
        strange = sorted(item.name for item in target.iterdir() if item.name not in known)
        if not strange:  # an earlier run alone, or nothing at all
            return
        strangers = f"{', '.join(strange[:3])}, which no run has made"
    else:
        return
    raise OutputError(
        Fault(
            f"the folder would be replaced, but there is no earlier run alone in it: {strangers}",
            str(target),
            "Move it away, or choose another folder with --output",
        )
    )


def _products_of_run(folder: Path) -> set[str]:
    """Name the files that a run made, by its own account; none if there was no run."""
    try:
        account = json.loads((folder / MARK).read_text(encoding="utf-8"))
        if "glesservice" not in account["versions"]:
            return set()
        return {MARK, *(entry["file"] for entry in account["outputs"])}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


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


def _cannot_write(target: Path, error: Exception) -> OutputError:
    """Say that writing failed, and why."""
    reason = getattr(error, "strerror", None) or str(error)
    return OutputError(
        Fault(
            f"the result cannot be written ({reason})",
            str(target),
            "Make room, close programs that hold its files open, or choose another folder with "
            "--output; an earlier result is untouched",
        )
    )
