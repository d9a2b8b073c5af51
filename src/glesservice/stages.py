"""What every command does: hold its folder, read what the settings name, analyse it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from glesservice.analysis import Result, analyse, build_network
from glesservice.config import Settings
from glesservice.errors import InputError
from glesservice.exports.folder import claimed_folder, fresh_folder
from glesservice.fetching.lock import changed
from glesservice.indicators import earlier_indicators
from glesservice.network import RoadNetwork
from glesservice.network.nearest import warm_up
from glesservice.network.search import is_compiled
from glesservice.sources import Inputs, read_inputs
from glesservice.sources.fingerprints import stamps, touched

# Called when a stage begins (with no time) and when it ends (with its seconds).
Report = Callable[[str, float | None], None]


def silent(stage: object, seconds: object) -> None:
    """Report nothing.

    Parameters
    ----------
    stage, seconds
        What would be told.
    """


@dataclass(frozen=True, eq=False)
class Analysed:
    """A result, and what it was made of.

    Attributes
    ----------
    result
        The result.
    inputs
        The tables that were read.
    network
        The roads.
    earlier
        Indicators of earlier years (schema ``INDICATORS``).
    """

    result: Result
    inputs: Inputs
    network: RoadNetwork
    earlier: pd.DataFrame


def analysed(
    settings: Settings,
    report: Report = silent,
    *,
    accept_changed: bool = False,
    inputs: Callable[[Settings], Inputs] | None = None,
) -> Analysed:
    """Return the result of what the settings name: the stages that every command begins with.

    Parameters
    ----------
    settings
        The settings.
    report
        Told of each stage's begin and end.
    accept_changed
        Whether inputs may be another content than the lock file beside them says was fetched.
    inputs
        Gives what ``read_inputs`` would read, from elsewhere; the lock file is not asked then.

    Returns
    -------
    Analysed
        The result, with what it was made of.

    Raises
    ------
    InputError, NetworkError
        If the inputs cannot be used.
    """
    with stage("read inputs", report):
        if inputs is None:
            refuse_changed(settings, report, accept_changed=accept_changed)
        earlier = earlier_indicators(settings)
        tables = (inputs or read_inputs)(settings)
    if not is_compiled():
        report("search, compiled once on this machine", None)
    with stage("search", report):
        warm_up()
    with stage("analyse", report):
        network = build_network(tables, settings)
        result = analyse(tables, settings, network)
    return Analysed(result, tables, network, earlier)


@contextmanager
def folder_of(
    target: Path, settings: Settings
) -> Iterator[Callable[[], AbstractContextManager[Path]]]:
    """Hold a folder while its content is computed, and yield what opens a new one in its place.

    Parameters
    ----------
    target
        The folder. It is claimed before anything is computed: who cannot write need not wait to
        hear it.
    settings
        Name the input files, which may not change meanwhile.

    Yields
    ------
    callable
        Gives the context of an empty folder that takes the target's place at its end.

    Raises
    ------
    InputError
        If an input file has changed while it was read.
    OutputError
        If the folder cannot be written. What is there is untouched then.
    """

    @contextmanager
    def _fresh() -> Iterator[Path]:
        with fresh_folder(target) as folder:
            yield folder
            if changes := touched(begun):
                raise InputError(*changes)

    with claimed_folder(target):
        begun = stamps(settings.files())
        yield _fresh


@contextmanager
def stage(name: str, report: Report) -> Iterator[None]:
    """Tell of a stage's begin and end.

    Parameters
    ----------
    name
        What it is called.
    report
        Told when it begins (with no time) and when it ends (with its seconds).
    """
    report(name, None)
    begin = time.perf_counter()
    yield
    report(name, time.perf_counter() - begin)


def refuse_changed(settings: Settings, report: Report, *, accept_changed: bool) -> None:
    """Stop where input files are not what was fetched, unless that is accepted.

    Parameters
    ----------
    settings
        Names the input files.
    report
        Told of the files that are accepted.
    accept_changed
        Whether they are.

    Raises
    ------
    InputError
        If they are not accepted, or a lock cannot be read.
    """
    differing = changed(source.path for _, source in settings.inputs())
    if differing and not accept_changed:
        raise InputError(*differing)
    if differing:
        names = ", ".join(Path(fault.where).name for fault in differing)
        report(f"accepted, though not what was fetched: {names}", None)
