"""The report of a run: last year, own words and material put together, and the files written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from glesservice.analysis import Result
from glesservice.comparison import Comparison, Year, compare_years, read_year
from glesservice.config import Settings, embedded_settings
from glesservice.errors import Fault, SettingsError
from glesservice.exports.manifest import account_of
from glesservice.report.material import gather
from glesservice.report.own_text import make_own_text, read_own_text
from glesservice.report.writing import write_report
from glesservice.sources import Inputs
from glesservice.sources.fingerprints import fingerprint


@dataclass(frozen=True)
class Made:
    """A report that was made.

    Attributes
    ----------
    own_text
        The file for the municipality's own words.
    about
        What the manifest says of what the report was made from beside the inputs.
    remarks
        What the person at the terminal should know, English sentences.
    """

    own_text: Path
    about: dict[str, Any]
    remarks: tuple[str, ...]


def make_report(
    inputs: Inputs,
    result: Result,
    folder: Path,
    beside: Path,
    *,
    earlier: pd.DataFrame | None = None,
    before_inputs: Path | None = None,
) -> Made:
    """Write the report of a result, with the municipality's own words and last year beside.

    Parameters
    ----------
    inputs
        The tables that the result was made of.
    result
        The result.
    folder
        Where the report goes.
    beside
        The folder that holds the runs: the own words of the embedded demonstration lie there,
        those of other settings where the settings say.
    earlier
        Indicators of earlier years; read by the settings where not given.
    before_inputs
        The folder with last year's input files, where last year is given as a run's folder.

    Returns
    -------
    Made
        Which file the own words are in, and what is to be told.

    Raises
    ------
    SettingsError, InputError
        If last year or the own words cannot be used.
    OutputError
        If the report cannot be written.
    """
    settings = result.settings
    path = own_text_path(settings, beside)
    fresh = make_own_text(path)
    own = read_own_text(path)
    comparison = _last_year(settings, inputs, before_inputs)
    write_report(gather(inputs, result, comparison, own, earlier), folder)
    about: dict[str, Any] = {"own_text": None, "before": None}
    if path.is_file():
        about["own_text"] = {"file": path.name, **fingerprint(path)}
    if comparison is not None:
        about["before"] = account_of(comparison.before.settings)
    begun = (f"for your own words in the report, made now: {path}",) if fresh else ()
    return Made(path, {"report": about}, (*begun, *own.remarks))


def own_text_path(settings: Settings, beside: Path) -> Path:
    """Return the file for the municipality's own words.

    Parameters
    ----------
    settings
        The settings.
    beside
        The folder that holds the runs.
    """
    path = settings.report.own_text
    # The embedded data may lie in the installed package: nothing is written there.
    if path.resolve().parent == embedded_settings().resolve().parent:
        return beside / path.name
    return path


def _last_year(settings: Settings, inputs: Inputs, folder: Path | None) -> Comparison | None:
    """Compare with last year, where the settings name it."""
    before = settings.report.before
    if before is None:
        return None
    first = read_year(before, folder)
    if first.settings.area.year >= settings.area.year:
        raise SettingsError(
            Fault(
                f"the year before is {first.settings.area.year}, this year {settings.area.year}",
                str(before),
                "Name the settings of an earlier year",
            )
        )
    return compare_years(first, Year(settings, inputs))
