"""From one settings file and some questions to one folder an answer; nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd

from glesservice.analysis import Result
from glesservice.config import Settings
from glesservice.errors import Fault, SettingsError
from glesservice.exports.scenarios import write_closings, write_placement, write_scenario
from glesservice.pipeline import run_name
from glesservice.scenarios import (
    Placement,
    Scenario,
    ScenarioResult,
    close_each,
    place,
    run_scenario,
)
from glesservice.sources.naming import slug
from glesservice.sources.positions import points_from_table
from glesservice.sources.spreadsheets import read_table
from glesservice.stages import Report, analysed, stage

STAGES = ("read inputs", "search", "analyse", "scenarios", "write")


@dataclass(frozen=True)
class Wanted:
    """What is asked.

    Attributes
    ----------
    scenarios
        Scenarios to compare with today.
    each
        Whether to close every site and every place in turn.
    service
        The service for which to find new sites; None for none.
    sites
        How many new sites.
    limit_km
        Up to where somebody is covered, km; the service's own limit where not given.
    candidates
        A table (CSV or XLSX) of ``name, lat, lon``; the municipality's settlements where not given.
    time_limit_s
        For each choice of new sites.
    """

    scenarios: tuple[Scenario, ...] = ()
    each: bool = False
    service: str | None = None
    sites: int = 3
    limit_km: float | None = None
    candidates: Path | None = None
    time_limit_s: float = 60.0


@dataclass(frozen=True, eq=False)
class Answers:
    """What was found, and where it was written.

    Attributes
    ----------
    result
        The result without any scenario.
    scenarios
        One a scenario, in their order.
    closings
        Schema ``closings_table``, where asked.
    placement
        Where new sites help, where asked.
    folders
        The folders written, in the same order.
    """

    result: Result
    scenarios: tuple[ScenarioResult, ...]
    closings: gpd.GeoDataFrame | None
    placement: Placement | None
    folders: tuple[Path, ...]


def answer(
    settings: Settings,
    wanted: Wanted,
    output: Path,
    report: Report,
    *,
    accept_changed: bool = False,
) -> Answers:
    """Return the answers to what is asked, and write a folder for each.

    Parameters
    ----------
    settings
        The settings.
    wanted
        What is asked.
    output
        The folder that holds the runs: each answer gets its own folder beside the run's.
    report
        Told of each stage's begin and end.
    accept_changed
        Whether inputs may be another content than the lock file beside them says was fetched.

    Returns
    -------
    Answers
        All tables, and the folders.

    Raises
    ------
    SettingsError
        If two scenarios would have the same folder.
    InputError, NetworkError
        If the inputs cannot be used, or a scenario names what is not there. Nothing is written.
    OutputError
        If a folder cannot be written.
    """
    folders = _folders(wanted.scenarios, output / run_name(settings))
    offered = None if wanted.candidates is None else _candidates(wanted.candidates)
    analysis = analysed(settings, report, accept_changed=accept_changed)
    inputs, result = analysis.inputs, analysis.result
    closings = placement = None
    with stage("scenarios", report):
        found = [run_scenario(scenario, inputs, settings, result) for scenario in wanted.scenarios]
        if wanted.each:
            closings = close_each(inputs, result)
        if wanted.service is not None:
            placement = place(
                inputs,
                result,
                wanted.service,
                wanted.sites,
                limit_km=wanted.limit_km,
                candidates=offered,
                time_limit_s=wanted.time_limit_s,
            )
    beside = output / run_name(settings)
    with stage("write", report):
        for one, folder in zip(found, folders, strict=True):
            write_scenario(one, folder)
        if closings is not None:
            folders.append(beside.with_name(f"{beside.name}-stangningar"))
            write_closings(closings, result, folders[-1])
        if placement is not None:
            name = f"{beside.name}-placering-{slug(placement.service)}"
            folders.append(beside.with_name(name))
            write_placement(placement, result, folders[-1], wanted.candidates)
    return Answers(result, tuple(found), closings, placement, tuple(folders))


def _folders(scenarios: Sequence[Scenario], beside: Path) -> list[Path]:
    """Name each scenario's folder; no two may be the same."""
    names = [slug(scenario.name) or "utan-namn" for scenario in scenarios]
    faults = [
        Fault(
            f"several scenarios would be written to the folder {beside.name}-scenario-{name}",
            "the scenarios",
            "Give them names that differ in letters or digits",
        )
        for name in sorted(set(names))
        if names.count(name) > 1
    ]
    if faults:
        raise SettingsError(*faults)
    return [beside.with_name(f"{beside.name}-scenario-{name}") for name in names]


def _candidates(path: Path) -> gpd.GeoDataFrame:
    """Read candidates for new sites."""
    table = read_table(path, "candidates for new sites")
    points = points_from_table(table, str(path), also=("name",))
    nameless = pd.Series([f"Rad {row}" for row in points.index], points.index)
    return points.assign(name=points["name"].fillna(nameless))
