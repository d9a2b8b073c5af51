"""From one settings file to one folder of products; nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from glesservice.analysis import Result, analyse
from glesservice.config import Settings, embedded_settings, load_settings
from glesservice.errors import InputError
from glesservice.exports.folder import MARK, whole_folder
from glesservice.exports.layers import write_layers
from glesservice.exports.manifest import write_manifest
from glesservice.exports.webmap import write_map
from glesservice.exports.workbook import write_workbook
from glesservice.fetching.lock import changed
from glesservice.network.nearest import warm_up
from glesservice.network.search import is_compiled
from glesservice.sources import read_inputs
from glesservice.sources.naming import slug

# What each stage is called, in the order in which they run.
STAGES = ("read inputs", "search", "analyse", "layers", "map", "workbook", "manifest")

# Called when a stage begins (with no time) and when it ends (with its seconds).
Report = Callable[[str, float | None], None]


def _silent(stage: str, seconds: float | None) -> None:
    """Report nothing."""


def run(
    config: Settings | Path | str | None = None,
    output: Path | str | None = None,
    report: Report = _silent,
    *,
    accept_changed: bool = False,
) -> Result:
    """Return the result of a run; write its products too where an output folder is given.

    Parameters
    ----------
    config
        Settings, or the path of a settings file; the embedded demonstration data of Vilhelmina
        where not given.
    output
        The folder that holds the runs: the run's own is made in it, named by ``run_name``. Nothing
        is written where not given.
    report
        Told of each stage's begin and end.
    accept_changed
        Whether inputs may be another content than the lock file beside them says was fetched.

    Returns
    -------
    Result
        All tables of the result.

    Raises
    ------
    SettingsError
        If the settings cannot be used.
    InputError, NetworkError
        If the inputs cannot be used.
    OutputError
        If the products cannot be written. An earlier run's folder is untouched then.
    """

    settings = (
        config
        if isinstance(config, Settings)
        else load_settings(embedded_settings() if config is None else Path(config))
    )

    @contextmanager
    def _stage(name: str) -> Iterator[None]:
        report(name, None)
        begin = time.perf_counter()
        yield
        report(name, time.perf_counter() - begin)

    with _stage("read inputs"):
        differing = changed(source.path for _, source in settings.inputs())
        if differing and not accept_changed:
            raise InputError(*differing)
        if differing:
            names = ", ".join(Path(fault.where).name for fault in differing)
            report(f"accepted, though not what was fetched: {names}", None)
        inputs = read_inputs(settings)
    if not is_compiled():
        report("search, compiled once on this machine", None)
    with _stage("search"):
        warm_up()
    with _stage("analyse"):
        result = analyse(inputs, settings)
    if output is None:
        return result
    with whole_folder(Path(output) / run_name(settings)) as folder:
        with _stage("layers"):
            write_layers(result, folder / "glesservice.gpkg")
        with _stage("map"):
            write_map(result, folder / "karta.html")
        with _stage("workbook"):
            write_workbook(result, folder / "tabeller.xlsx")
        with _stage("manifest"):
            write_manifest(result, folder, folder / MARK)
    return result


def run_name(settings: Settings) -> str:
    """Return the name of the run's folder: the municipality and the year.

    Parameters
    ----------
    settings
        The settings of the run.

    Returns
    -------
    str
        For instance ``vilhelmina-2026``; the code where the name has no letters to use.
    """
    return f"{slug(settings.area.name) or settings.area.kommun}-{settings.area.year}"
