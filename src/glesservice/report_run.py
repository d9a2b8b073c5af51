"""From one settings file to the folder of its January report; nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from glesservice.analysis import analyse
from glesservice.config import Settings
from glesservice.exports.folder import MARK, whole_folder
from glesservice.exports.manifest import write_manifest
from glesservice.network.nearest import warm_up
from glesservice.pipeline import Report, run_name
from glesservice.report import Made, make_report
from glesservice.sources import read_inputs

STAGES = ("read inputs", "search", "analyse", "report", "manifest")


def report_name(settings: Settings) -> str:
    """Return the name of the report's folder.

    Parameters
    ----------
    settings
        The settings.

    Returns
    -------
    str
        For instance ``vilhelmina-2026-rapport``.
    """
    return f"{run_name(settings)}-rapport"


def write_folder(
    settings: Settings, output: Path, report: Report, before_inputs: Path | None = None
) -> Made:
    """Write the report's own folder, whole or not at all, and return what was made.

    Parameters
    ----------
    settings
        The settings.
    output
        The folder that holds the runs: the report's own is made in it.
    report
        Told of each stage's begin and end.
    before_inputs
        The folder with last year's input files, where last year is given as a run's folder.

    Returns
    -------
    Made
        Which file the own words are in, and what is to be told.

    Raises
    ------
    SettingsError, InputError, NetworkError
        If settings or inputs of either year, or the own words, cannot be used.
    OutputError
        If the folder cannot be written. An earlier report is untouched then.
    """

    @contextmanager
    def _stage(name: str) -> Iterator[None]:
        report(name, None)
        begin = time.perf_counter()
        yield
        report(name, time.perf_counter() - begin)

    with _stage("read inputs"):
        inputs = read_inputs(settings)
    with _stage("search"):
        warm_up()
    with _stage("analyse"):
        result = analyse(inputs, settings)
    with whole_folder(output / report_name(settings)) as folder:
        with _stage("report"):
            made = make_report(inputs, result, folder, output, before_inputs=before_inputs)
        with _stage("manifest"):
            write_manifest(result, folder, folder / MARK, made.about)
    return made
