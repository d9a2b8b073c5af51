"""One municipality's public data of a year, from the services into a folder."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyogrio

from glesservice.claims import claimed
from glesservice.config import Fetch
from glesservice.errors import Fault, OutputError
from glesservice.fetching import scb
from glesservice.fetching.area import Country, sweden
from glesservice.fetching.lock import Lock, fingerprint, read_lock
from glesservice.fetching.making import FILES, Making, Order, Tell
from glesservice.fetching.parts import Parts, write_whole
from glesservice.fetching.settings_file import settings_text
from glesservice.fetching.staging import Staging

SETTINGS = "glesservice.toml"
WORK, CLAIM = ".glesservice-fetch", ".glesservice-fetch.lock"
BUSY = "Wait until it has ended, or fetch into another folder with --output"


@dataclass(frozen=True)
class Fetched:
    """What a fetch left behind.

    Attributes
    ----------
    settings
        The settings file.
    wrote_settings
        Whether it was written now; one that was there is left as it is.
    lock
        What was fetched.
    anew
        Whether anything was fetched; if not, all of it was there.
    """

    settings: Path
    wrote_settings: bool
    lock: Lock
    anew: bool


def _silent(what: str, done: int, total: int | None) -> None:
    """Tell nothing."""


def fetch(
    order: Order, folder: Path, rules: Fetch, tell: Tell = _silent, *, renew: bool = False
) -> Fetched:
    """Return what was fetched into a folder: inputs, their lock, and a settings file.

    Parameters
    ----------
    order
        Municipality, year, surroundings.
    folder
        Where to put the files. Files in it that were not fetched are never replaced.
    rules
        Which services are asked, and how.
    tell
        Told how far it has come.
    renew
        Whether to fetch again what is there already.

    Returns
    -------
    Fetched
        An interrupted fetch, started again, ends with the same files.

    Raises
    ------
    SettingsError
        If there is no such municipality.
    FetchError
        If a service gives no usable answer.
    InputError
        If the folder's lock cannot be read.
    BusyError
        If another process is fetching into the folder.
    OutputError
        If something in the folder is in the way, or it cannot be written.
    """
    country = sweden()
    name, _ = country.municipality(order.kommun)
    with ExitStack() as held:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            held.enter_context(claimed(folder / CLAIM, folder, BUSY))
        except OSError as error:
            raise _cannot_write(folder, error) from error
        return _fetched(order, folder, rules, tell, country, name, renew=renew)


def _fetched(
    order: Order,
    folder: Path,
    rules: Fetch,
    tell: Tell,
    country: Country,
    name: str,
    *,
    renew: bool,
) -> Fetched:
    """Fetch what is not there yet, and put it in place."""
    before = read_lock(folder)
    if before is not None:
        _refuse_another(order, before, folder, renew=renew)
    staging = Staging(folder, folder / WORK)
    if before is not None and not renew and _is_whole(before, folder):
        staging.clear()
        return _finished(before, name, folder, rules, anew=False)
    staging.refuse_to_harm(list(FILES.values()), before)
    try:
        plan = {**asdict(order), "rules": _what_is_asked(rules)}
        parts = Parts(staging.work, plan, rules.keep_days)
        making = Making(order, rules, staging, parts, tell, country)
        for table, make in making.steps().items():
            tell(FILES[table], 0, None)
            staging.made(FILES[table], make)
        template = Lock(
            glesservice=version("glesservice"),
            kommun=order.kommun,
            year=order.year,
            buffer_km=order.buffer_km,
            files=(),
        )
        lock = staging.lock(template, list(FILES.values()))
        staging.settle(lock)
        result = _finished(lock, name, folder, rules, anew=True)
    except (OSError, pyogrio.errors.DataSourceError) as error:
        raise _cannot_write(folder, error) from error
    staging.clear()
    return result


def _cannot_write(folder: Path, error: Exception) -> OutputError:
    """Say that writing failed, and why."""
    reason = getattr(error, "strerror", None) or error
    return OutputError(
        Fault(
            f"the files cannot be written ({reason})",
            str(folder),
            "Make room, or choose another folder with --output",
        )
    )


def _what_is_asked(rules: Fetch) -> dict[str, Any]:
    """Return the settings that decide what comes, apart from how patiently it is waited for."""
    return rules.model_dump(
        mode="json",
        include={
            key for key, kind in Fetch.model_fields.items() if kind.annotation not in (int, float)
        },
    )


def _refuse_another(order: Order, lock: Lock, folder: Path, *, renew: bool) -> None:
    """Stop where the folder holds another municipality's data, or another year's."""
    if lock.kommun != order.kommun:
        what = f"the folder holds what was fetched for the municipality {lock.kommun}"
    elif not renew and (lock.year, lock.buffer_km) != (order.year, order.buffer_km):
        what = f"the folder holds what was fetched for {lock.year} and {lock.buffer_km:g} km around"
    else:
        return
    raise OutputError(
        Fault(what, str(folder), "Fetch into another folder with --output, or replace with --renew")
    )


def _is_whole(lock: Lock, folder: Path) -> bool:
    """Tell whether all fetched files are there as they came."""
    named = {entry.file for entry in lock.files}
    return named >= set(FILES.values()) and all(
        (folder / entry.file).is_file() and fingerprint(folder / entry.file) == entry.sha256
        for entry in lock.files
    )


def _finished(lock: Lock, name: str, folder: Path, rules: Fetch, *, anew: bool) -> Fetched:
    """Write the settings file if there is none, and say what there is."""
    path = folder / SETTINGS
    writes = not path.exists()
    if writes:
        write_whole(path, _settings(lock, name, folder, rules).encode())
    return Fetched(path, writes, lock, anew)


def _settings(lock: Lock, name: str, folder: Path, rules: Fetch) -> str:
    """Write the settings of what was fetched."""
    info: dict[str, Any] = pyogrio.read_info(folder / FILES["population"])
    columns = {str(column).lower(): str(column) for column in info["fields"]}
    grid = {
        "layer": str(info["layer_name"]),
        "value": rules.population_value
        or next(columns[one] for one in scb.PEOPLE if one in columns),
        "id": next(columns[one] for one in scb.CELL_ID if one in columns),
    }
    return settings_text(lock, name, FILES, grid, int(grid["layer"].rpartition("_")[2]))
