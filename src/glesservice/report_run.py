"""From one settings file to the folder of its January report; nothing else."""

from __future__ import annotations

from pathlib import Path

from glesservice.config import Settings
from glesservice.exports.folder import MARK
from glesservice.exports.manifest import write_manifest
from glesservice.pipeline import run_name
from glesservice.report import Made, make_report
from glesservice.stages import Report, analysed, folder_of, stage

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
    settings: Settings,
    output: Path,
    report: Report,
    before_inputs: Path | None = None,
    *,
    accept_changed: bool = False,
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
    accept_changed
        Whether inputs may be another content than the lock file beside them says was fetched.

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
    with folder_of(output / report_name(settings), settings) as folder:
        found = analysed(settings, report, accept_changed=accept_changed)
        with folder() as fresh:
            with stage("report", report):
                made = make_report(
                    found.inputs,
                    found.result,
                    fresh,
                    output,
                    earlier=found.earlier,
                    before_inputs=before_inputs,
                )
            with stage("manifest", report):
                write_manifest(found.result, fresh, fresh / MARK, made.about)
    return made
