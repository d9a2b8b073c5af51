"""Reading the years to compare: a settings file each, or the folder of an earlier run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from glesservice.comparison.mixing import Year
from glesservice.config import Settings, load_settings, parse_settings
from glesservice.errors import Fault, InputError, SettingsError
from glesservice.sources import read_inputs
from glesservice.sources.fingerprints import fingerprint

MANIFEST = "manifest.json"


def read_year(path: Path, inputs: Path | None = None) -> Year:
    """Return the settings and the tables of one year.

    Parameters
    ----------
    path
        A settings file, or a run's folder: its manifest holds the settings, and tells whether the
        input files are still those of the run.
    inputs
        The folder that holds the run's input files; a manifest tells their names, not where they
        lay. The folder of runs' own parent where not given.

    Returns
    -------
    Year
        What an analysis of the year needs.

    Raises
    ------
    SettingsError
        If the settings cannot be used.
    InputError
        If an input cannot be used, or is not what it was in the run; all faults together.

    Examples
    --------
    >>> from glesservice.config import embedded_settings
    >>> year = read_year(embedded_settings())
    >>> year.settings.area.year, len(year.inputs.sites)
    (2026, 86)
    """
    settings = settings_of_run(path, inputs) if path.is_dir() else load_settings(path)
    return Year(settings, read_inputs(settings))


def settings_of_run(folder: Path, inputs: Path | None = None) -> Settings:
    """Return the settings of a run, its input files checked against its manifest.

    Parameters
    ----------
    folder
        The run's folder.
    inputs
        The folder that holds the input files; the parent of ``folder`` where not given.

    Returns
    -------
    Settings
        The settings of the run.

    Raises
    ------
    SettingsError
        If the folder holds no manifest that can be used.
    InputError
        If input files are missing or have changed since the run.
    """
    path = folder / MANIFEST
    try:
        account: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        raw = account["settings"]
        files = [(str(entry["file"]), str(entry["sha256"])) for entry in account["inputs"]]
    except (OSError, ValueError, KeyError, TypeError):
        raise SettingsError(
            Fault(
                "the folder is not that of a run",
                str(folder),
                f"Give a settings file, or a folder with the {MANIFEST} of a run",
            )
        ) from None
    where = folder.resolve().parent if inputs is None else inputs
    faults = []
    for name, digest in files:
        file = where / Path(name).name
        if not file.is_file():
            mend = "Name the folder that holds the run's inputs with --inputs"
            faults.append(Fault("an input file of the run is not here", str(file), mend))
        elif fingerprint(file)["sha256"] != digest:
            mend = "Use the file of that year, or give the settings file instead of the run"
            faults.append(Fault("the input is not what it was in the run", str(file), mend))
    if faults:
        raise InputError(*faults)
    return parse_settings(raw, where / MANIFEST)
