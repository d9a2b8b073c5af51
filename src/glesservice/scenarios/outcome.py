"""Before and after a scenario, ort by ort and for the municipality."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from glesservice import measures
from glesservice.analysis import Result, analyse
from glesservice.config import Settings
from glesservice.orter import CANDIDATE
from glesservice.scenarios.description import Scenario, Step
from glesservice.scenarios.steps import transform
from glesservice.selection import ranks
from glesservice.sources import Inputs
from glesservice.tables import scenario_municipality_table, scenario_orter_table


@dataclass(frozen=True, eq=False, repr=False)
class ScenarioResult:
    """What a scenario changes.

    Attributes
    ----------
    scenario
        What was changed.
    before, after
        The whole results without and with it. Orter, weights and ranks of ``after`` are its own;
        the tables below compare like with like.
    orter
        Schema ``scenario_orter_table``: the orter of ``before``, each the same cells before and
        after, scored with the weights of ``before``. Sorted by name.
    municipality
        Schema ``scenario_municipality_table``: one row a service.
    services
        The services that have a site before or after, in the policy's order.
    """

    scenario: Scenario
    before: Result
    after: Result
    orter: gpd.GeoDataFrame
    municipality: pd.DataFrame
    services: tuple[str, ...]

    def __repr__(self) -> str:
        """Say in one line what was asked: the tables would fill the screen."""
        return f"<ScenarioResult: {self.scenario.name}, {len(self.orter)} orter>"


def run_scenario(
    scenario: Scenario, inputs: Inputs, settings: Settings, before: Result | None = None
) -> ScenarioResult:
    """Return what a scenario changes.

    Parameters
    ----------
    scenario
        What changes.
    inputs
        The checked tables.
    settings
        The settings.
    before
        The result without the scenario; worked out where not given.

    Returns
    -------
    ScenarioResult
        Before and after.

    Raises
    ------
    InputError
        If the scenario names what is not there, or leaves nothing to analyse.

    Examples
    --------
    >>> import glesservice
    >>> from glesservice.scenarios import Close, Scenario, run_scenario
    >>> settings = glesservice.load_settings(glesservice.embedded_settings())
    >>> closed = Scenario(name="Kittelfjäll", steps=(Close(place="Coop Kittelfjäll"),))
    >>> found = run_scenario(closed, glesservice.read_inputs(settings), settings)
    >>> bool((found.municipality["added_person_km"] >= 0).all())
    True
    """
    before = before or analyse(inputs, settings)
    after = analyse(*transform(scenario, inputs, settings, before))
    known = {*before.weights.index, *after.weights.index}
    services = [service for service in settings.policy.services if service in known]
    earlier = _cells(before, before, services)
    later = _cells(after, before, services)
    return ScenarioResult(
        scenario=scenario,
        before=before,
        after=after,
        orter=_orter(before, after, earlier, later, services),
        municipality=_municipality(before, earlier, later, services),
        services=tuple(services),
    )


def what_if(
    inputs: Inputs, result: Result, *steps: Step, name: str = "Vad händer om"
) -> ScenarioResult:
    """Return what some steps change: a scenario asked in one line.

    Parameters
    ----------
    inputs
        The tables that the result was made of.
    result
        The result without the steps.
    *steps
        What changes, step after step.
    name
        What the scenario is called.

    Returns
    -------
    ScenarioResult
        Before and after, as of ``run_scenario``.

    Raises
    ------
    InputError
        If a step names what is not there, or leaves nothing to analyse.

    Examples
    --------
    >>> import glesservice
    >>> from glesservice.scenarios import Close, Winter, what_if
    >>> settings = glesservice.load_settings().with_changes(certainty={"draws": 0})
    >>> inputs = glesservice.read_inputs(settings)
    >>> today = glesservice.analyse(inputs, settings)
    >>> found = what_if(inputs, today, Close(place="Coop Dikanäs"), Winter())
    >>> bool(found.orter["total_change"].max() > 0)
    True
    """
    return run_scenario(Scenario(name=name, steps=steps), inputs, result.settings, result)


def _cells(result: Result, before: Result, services: list[str]) -> pd.DataFrame:
    """Give a result's cells the orter of before, and every service its columns."""
    cells = pd.DataFrame(result.cells.drop(columns="geometry"))
    ort_of_cell = before.cells.set_index("cell_id")["ort_id"]
    listed = cells["ort_id"].where(cells["ort_id"].isin(before.orter["ort_id"]), None)
    same = cells["cell_id"].isin(ort_of_cell.index)
    ort_id = cells["cell_id"].map(ort_of_cell).where(same, listed).astype("object")
    columns: dict[str, float | None] = {}
    for service in services:
        if f"km_{service}" in cells:
            continue
        for prefix in ("", "next_"):
            columns[f"{prefix}km_{service}"] = np.nan
            columns[f"{prefix}minutes_{service}"] = np.nan
            columns[f"{prefix}site_{service}"] = None
    return cells.assign(ort_id=ort_id.where(ort_id.notna(), None), **columns)


def _orter(
    before: Result,
    after: Result,
    earlier: pd.DataFrame,
    later: pd.DataFrame,
    services: list[str],
) -> gpd.GeoDataFrame:
    """Put each ort's numbers before and after beside each other."""
    orter = before.orter[["ort_id", "name", "role", "geometry"]].sort_values(
        ["name", "ort_id"], ignore_index=True
    )
    # Always the weights of before: else a service that loses its last site would leave the total.
    weights = before.weights.reindex(services, fill_value=0.0)
    candidates = orter.loc[orter["role"] == CANDIDATE, "ort_id"]
    columns: dict[str, object] = {}
    for moment, cells, result in (("before", earlier, before), ("after", later, after)):
        scored = measures.scores(cells, cells["ort_id"], weights, before.settings.policy)
        ranked = scored[scored["ort_id"].isin(candidates)]
        scored = scored.assign(rank=ranks(ranked, "ort_id").reindex(scored.index))
        found = scored.set_index("ort_id").reindex(orter["ort_id"])
        names = result.sites.set_index("site_id")["name"]
        for name in ("rank", "people", "total"):
            columns[f"{name}_{moment}"] = found[name].to_numpy()
        for service in services:
            for name in ("km", "minutes"):
                columns[f"{name}_{service}_{moment}"] = found[f"{name}_{service}"].to_numpy()
            columns[f"site_{service}_{moment}"] = found[f"site_{service}"].map(names).to_numpy()
            lacking = cells["people"].where(cells[f"km_{service}"].isna(), 0.0)
            without = lacking.groupby(cells["ort_id"]).sum().reindex(orter["ort_id"])
            columns[f"without_{service}_{moment}"] = without.to_numpy()
    table = orter.assign(**columns)
    changes = {
        f"{name}_change": table[f"{name}_after"] - table[f"{name}_before"]
        for name in ("total", *(f"km_{service}" for service in services))
    }
    return table.assign(**changes)[[*scenario_orter_table(services).names(), "geometry"]]


def _municipality(
    before: Result, earlier: pd.DataFrame, later: pd.DataFrame, services: list[str]
) -> pd.DataFrame:
    """Sum up the municipality, one row a service."""
    rows = []
    for service in services:
        near_km = before.settings.policy.services[service].near_km
        row: dict[str, object] = {"service": service, "near_km": near_km}
        for moment, cells in (("before", earlier), ("after", later)):
            for name, value in _summary(cells, service, near_km).items():
                row[f"{name}_{moment}"] = value
        row["added_person_km"] = _added(earlier, later, service)
        rows.append(row)
    table = pd.DataFrame(rows)
    for name in ("mean_km", "past_limit", "without"):
        table[f"{name}_change"] = table[f"{name}_after"] - table[f"{name}_before"]
    return table[scenario_municipality_table().names()]


def _summary(cells: pd.DataFrame, service: str, near_km: float) -> dict[str, float]:
    """Sum up one service over all cells."""
    people, km = cells["people"], cells[f"km_{service}"]
    everyone = pd.Series("", index=cells.index)

    def _mean(values: pd.Series) -> float:
        return float(measures.weighted_mean(values, people, everyone).iloc[0])

    return {
        "people": float(people.sum()),
        "mean_km": _mean(km),
        "mean_minutes": _mean(cells[f"minutes_{service}"]),
        "past_limit": float(people[km.isna() | (km > near_km)].sum()),
        "without": float(people[km.isna()].sum()),
        "person_km": float((people * km.fillna(0.0)).sum()),
    }


def _added(earlier: pd.DataFrame, later: pd.DataFrame, service: str) -> float:
    """Sum up the longer ways of those who reach a site before and after, and of newcomers."""
    columns = ["cell_id", "people", f"km_{service}"]
    both = earlier[columns].merge(
        later[columns], on="cell_id", how="outer", suffixes=("_before", "_after"), indicator=True
    )
    ways = {
        moment: both[f"people_{moment}"] * both[f"km_{service}_{moment}"]
        for moment in ("before", "after")
    }
    known = both["_merge"].ne("both") | (ways["before"].notna() & ways["after"].notna())
    added = ways["after"].fillna(0.0) - ways["before"].fillna(0.0)
    return float(added[known].sum())
