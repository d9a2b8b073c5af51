"""The run's folder: written whole or not at all, by one process at a time.

A run writes to a hidden folder beside its own and changes places with an earlier run in one step,
where the system has such a step. What a killed run leaves behind is hidden too, and the next run
for the same folder clears it away.
"""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from pyogrio.errors import DataLayerError, DataSourceError, FeatureError
from rasterio.errors import RasterioError
from xlsxwriter.exceptions import FileCreateError

from glesservice.claims import claimed
from glesservice.errors import Fault, GlesserviceError, OutputError
from glesservice.exports.placing import on_disk, put_in_place

# Its presence tells a finished run's folder from anything else that may lie there.
MARK = "manifest.json"
# What the libraries that write the products raise when they cannot.
UNWRITTEN = (
    OSError,
    sqlite3.Error,
    DataSourceError,
    DataLayerError,
    FeatureError,
    RasterioError,
    FileCreateError,
)
# Names of what lies beside a run's folder while it is written.
CLAIM, FRESH, EARLIER = ".lock", ".new-", ".earlier"
# With less room than this the disk is what stopped the writing, whatever the library says.
FULL_BYTES = 1_000_000
LONGEST = 150
BUSY = "Wait until it has ended, or choose another folder with --output"


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
    BusyError
        If another run is writing the same folder.
    OutputError
        If the folder cannot be made or replaced, or something else than a run lies there.
    """
    with claimed_folder(target), fresh_folder(target) as folder:
        yield folder


@contextmanager
def claimed_folder(target: Path) -> Iterator[None]:
    """Hold a run's folder, so that no other run writes it while the block runs.

    Parameters
    ----------
    target
        The folder. What a killed run has left beside it is cleared away; an earlier run's folder
        that was put aside when its successor was killed is put back.

    Raises
    ------
    BusyError
        If another run is writing the same folder.
    OutputError
        If nothing can be written there, or something else than a run lies there.
    """
    with ExitStack() as held:
        try:
            _refuse_to_harm(target)
            held.callback(_remove_empty, _make(target.parent))
            sure = held.enter_context(claimed(_beside(target, CLAIM), target, BUSY))
        except (OSError, ValueError) as error:
            raise _cannot_write(target, error) from error
        if sure:
            _clear_up_after_killed(target)
        yield


@contextmanager
def fresh_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder that takes the target's place at the end.

    Parameters
    ----------
    target
        The folder to make, held by ``claimed_folder``.

    Yields
    ------
    Path
        A temporary folder beside the target. Nothing of it is left if the block fails.

    Raises
    ------
    OutputError
        If it cannot be written or put in place.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=_beside(target, FRESH).name, dir=target.parent))
        folder.chmod(0o755)  # as any folder; mkdtemp makes it private
    except (OSError, ValueError) as error:
        raise _cannot_write(target, error) from error
    try:
        yield folder
        on_disk(folder)
        with _undisturbed():
            _refuse_to_harm(target)  # somebody may have put something there meanwhile
            put_in_place(folder, target, _beside(target, EARLIER))
    except GlesserviceError:
        raise
    except Exception as error:
        if isinstance(error, UNWRITTEN) or _is_full(target):
            raise _cannot_write(target, error) from error
        raise
    finally:
        with _undisturbed():
            shutil.rmtree(folder, ignore_errors=True)


def _beside(target: Path, ending: str) -> Path:
    """Name something hidden that belongs to a run's folder."""
    return target.with_name(f".{target.name}{ending}")


def _make(folder: Path) -> list[Path]:
    """Make a folder with those above it; return the ones that were not there, the deepest first."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def _remove_empty(folders: list[Path]) -> None:
    """Remove folders that were made for a run that has left nothing in them."""
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()


def _clear_up_after_killed(target: Path) -> None:
    """Put back or remove what a killed run left; the claim says that none is alive."""
    earlier = _beside(target, EARLIER)
    if earlier.is_dir():
        if (target / MARK).exists():
            shutil.rmtree(earlier, ignore_errors=True)
        elif not target.exists():
            with suppress(OSError):
                earlier.rename(target)
    fresh = _beside(target, FRESH).name
    for left in sorted(target.parent.iterdir()):
        if left.name.startswith(fresh) and left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let a request to stop wait until the block has ended."""
    if threading.current_thread() is not threading.main_thread():
        yield  # requests to stop reach the main thread alone
        return
    asked: list[int] = []
    handlers = {
        number: signal.signal(number, lambda number, _: asked.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for which, handler in handlers.items():
            signal.signal(which, signal.SIG_DFL if handler is None else handler)
        for request in asked[:1]:
            signal.raise_signal(request)


def _refuse_to_harm(target: Path) -> None:
    """Stop if what lies there is anything else than an earlier run, whole and alone."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        strangers = "a link or a file"
    elif target.exists():
        known = _products_of_run(target)
        items = [item.relative_to(target).as_posix() for item in target.rglob("*")]
        folders = {parent.as_posix() for one in known for parent in Path(one).parents}
        strange = sorted(item for item in items if item not in known | folders)
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


def _cannot_write(target: Path, error: Exception) -> OutputError:
    """Say that writing failed, and why."""
    reason = str(getattr(error, "strerror", None) or error)
    if _is_full(target):
        reason = "the disk is full"
    elif len(reason) > LONGEST:
        reason = f"{reason[:LONGEST]} …"  # what a library says of its own doings
    return OutputError(
        Fault(
            f"the result cannot be written ({reason})",
            str(target),
            "Make room, close programs that hold its files open, or choose another folder with "
            "--output; an earlier result is untouched",
        )
    )


def _is_full(target: Path) -> bool:
    """Tell whether there is hardly any room left."""
    folder = next(one for one in target.absolute().parents if one.exists())
    return shutil.disk_usage(folder).free < FULL_BYTES
