"""One municipality of a batch: what is to be done, whether it is done, and doing it."""

from __future__ import annotations

import gc
import json
import os
import resource
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import shapely

from glesservice import pipeline
from glesservice.batch.shelf import Shelf, shelf_key
from glesservice.config import Settings
from glesservice.errors import BusyError, Fault, GlesserviceError, InputError
from glesservice.exports.folder import MARK
from glesservice.exports.manifest import account_of
from glesservice.exports.versions import versions
from glesservice.network.threads import VARIABLE
from glesservice.sources import Common, Inputs, read_inputs
from glesservice.sources.naming import slug

PATIENCE_SECONDS = 60
# A run makes millions of small things and few circles of them: looking for these more seldom than
# Python does of itself saves a tenth of the time.
COLLECTING = (100_000, 20, 50)


@dataclass(frozen=True)
class Task:
    """One municipality to be run.

    Attributes
    ----------
    settings
        Its settings.
    output
        The batch's folder: that of the municipality is made in it.
    shelf
        The folder with what all municipalities share.
    """

    settings: Settings
    output: Path
    shelf: Path

    @property
    def kommun(self) -> str:
        """The municipality's code."""
        return self.settings.area.kommun

    @property
    def name(self) -> str:
        """Name of its folder: by its code too, for Habo and Håbo are spelt alike without dots."""
        return "-".join(filter(None, (self.kommun, slug(self.settings.area.name))))

    @property
    def folder(self) -> Path:
        """Its folder."""
        return self.output / self.name


@dataclass(frozen=True)
class Outcome:
    """How a municipality went.

    Attributes
    ----------
    kommun, name
        Its code and its name.
    faults
        Why it has no result; empty where it has one.
    seconds
        What it took.
    memory_mb
        The most memory that its process has held so far.
    """

    kommun: str
    name: str
    faults: tuple[str, ...] = ()
    seconds: float = 0.0
    memory_mb: float = 0.0


def is_done(task: Task) -> bool:
    """Tell whether the municipality's folder is whole, and of these inputs and settings.

    Parameters
    ----------
    task
        The municipality.

    Returns
    -------
    bool
        Whether its manifest names the same input files by content, the same settings and the same
        versions, and every product that it names is there in its size.
    """
    try:
        account = json.loads((task.folder / MARK).read_text(encoding="utf-8"))
        expected: dict[str, Any] = {**account_of(task.settings), "versions": versions()}
        same = all(account[key] == json.loads(json.dumps(expected[key])) for key in expected)
        return same and all(
            (task.folder / product["file"]).stat().st_size == product["bytes"]
            for product in account["outputs"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def work(task: Task) -> Outcome:
    """Run one municipality and return how it went.

    Parameters
    ----------
    task
        The municipality.

    Returns
    -------
    Outcome
        A municipality that cannot be run is an outcome, never an exception: the others go on.
    """
    os.environ[VARIABLE] = "1"  # the processes beside this one have the other cores
    gc.set_threshold(*COLLECTING)
    begin = time.perf_counter()
    faults: tuple[str, ...] = ()
    try:
        _run(task)
    except GlesserviceError as error:
        faults = tuple(str(fault) for fault in error.faults)
    except Exception as error:  # whatever one municipality's data lead to, the others go on
        faults = (f"{type(error).__name__}: {error}",)
    return Outcome(
        task.kommun,
        task.settings.area.name,
        faults,
        time.perf_counter() - begin,
        most_memory_mb(),
    )


def _run(task: Task) -> None:
    """Run; wait for a process of a batch that was killed, which may be at its last lines."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            pipeline.run(task.settings, task.output, inputs=partial(_inputs, task), name=task.name)
        except BusyError:
            if time.monotonic() > until:
                raise
            time.sleep(1)
        else:
            return


def _inputs(task: Task, settings: Settings) -> Inputs:
    """Read what lies near the municipality off the shelf."""
    shelf = Shelf.open(task.shelf)
    if shelf.key != shelf_key(settings):
        where = ", ".join(dict.fromkeys(str(path) for path in settings.files()))
        raise InputError(
            Fault("an input has changed since the batch began", where, "Start the batch again")
        )

    def _around(area: shapely.Geometry) -> Common:
        return shelf.around(
            area,
            settings.area.buffer_km * 1000,
            all_cells=settings.population.confidential,
        )

    return read_inputs(settings, _around)


def most_memory_mb() -> float:
    """Return the most memory that this process has held, MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3 / 1.024)
