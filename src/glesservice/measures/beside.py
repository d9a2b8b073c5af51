"""What is told beside the score, never inside it: of each cell, and of each group of cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from glesservice.config import Policy
from glesservice.measures.catchment import catchment, minutes_within
from glesservice.measures.distances import weighted_mean
from glesservice.measures.equity import gini, worst_off
from glesservice.measures.redundancy import main_single_road, single_place, single_road_km
from glesservice.measures.trips import shopping_trips
from glesservice.network import RoadNetwork, SingleRoads, Snap, single_roads
from glesservice.tables import AGES


@dataclass(frozen=True, eq=False)
class Points:
    """People or sites on the road.

    Attributes
    ----------
    table
        The rows: ``people`` of cells, ``site_id, service, place_id`` of sites.
    at
        Where they meet the road, in the same order.
    """

    table: pd.DataFrame
    at: Snap


@dataclass(frozen=True, eq=False)
class CellMeasures:
    """What is told of each cell.

    Attributes
    ----------
    columns
        For each service ``single_road_km_…`` and ``catchment_…``, and ``single_road_km`` and
        ``single_place`` for all of them; index as the cells.
    roads
        The single roads towards each service.
    """

    columns: pd.DataFrame
    roads: Mapping[str, SingleRoads]


def cell_measures(
    network: RoadNetwork,
    cells: Points,
    demand: Points,
    sites: Points,
    access: pd.DataFrame,
    weights: pd.Series,
    policy: Policy,
    access_kmh: float,
) -> CellMeasures:
    """Return dependence on single roads and places, and the catchment measure, of each cell.

    Parameters
    ----------
    network
        The roads.
    cells
        The municipality's cells.
    demand
        All cells whose people use the sites, the neighbours' among them, the municipality's first
        and in the order of ``cells``.
    sites
        The sites that count.
    access
        The nearest sites of each cell.
    weights
        Weight of each service that is judged.
    policy
        Zones, and from when a service is far.
    access_kmh
        Speed on the straight legs between points and road.

    Returns
    -------
    CellMeasures
        One row a cell.

    Examples
    --------
    >>> from glesservice.network import at_nodes, example_road
    >>> road = example_road()
    >>> cell = pd.DataFrame({"cell_id": ["x"], "people": [40.0]})
    >>> homes = Points(cell, at_nodes(road, np.array([0])))
    >>> shop = pd.DataFrame({"site_id": ["butik"], "service": ["mat"], "place_id": ["Stad"]})
    >>> shops = Points(shop, at_nodes(road, np.array([2])))
    >>> access = pd.DataFrame(
    ...     {"cell_id": ["x"], "service": "mat", "order": 1, "site_id": "butik", "metres": 15e3}
    ... )
    >>> policy = Policy(services={"mat": {"near_km": 10, "far_km": 30}})
    >>> one = pd.Series({"mat": 1.0})
    >>> found = cell_measures(road, homes, homes, shops, access, one, policy, access_kmh=30)
    >>> found.columns.loc[0, ["single_road_km_mat", "single_place"]].to_dict()
    {'single_road_km_mat': 15.0, 'single_place': 'Stad'}
    """
    kinds = sites.table["service"].to_numpy()
    people = demand.table["people"].to_numpy(dtype=float)
    judged = sites.at.take(np.flatnonzero(np.isin(kinds, list(weights.index))))
    columns = {"single_road_km": single_road_km(single_roads(network, cells.at, judged))}
    roads = {}
    for service in weights.index:
        here = sites.at.take(np.flatnonzero(kinds == service))
        roads[str(service)] = single_roads(network, cells.at, here)
        columns[f"single_road_km_{service}"] = single_road_km(roads[str(service)])
        minutes = minutes_within(
            network, demand.at, here, policy.catchment.zones_minutes[-1], access_kmh
        )
        supply = catchment(minutes, people, policy.catchment)
        columns[f"catchment_{service}"] = supply[: len(cells.at)]
    table = pd.DataFrame(columns, index=cells.table.index)
    far_km = {str(service): policy.services[str(service)].far_km for service in weights.index}
    place_of_site = dict(zip(sites.table["site_id"], sites.table["place_id"], strict=True))
    table["single_place"] = single_place(access, cells.table, place_of_site, far_km)
    return CellMeasures(table, roads)


def group_measures(
    cells: pd.DataFrame,
    group: pd.Series,
    weights: pd.Series,
    policy: Policy,
    roads: Mapping[str, SingleRoads],
    refs: pd.Series,
) -> pd.DataFrame:
    """Return what is told beside the score of each group of cells.

    Parameters
    ----------
    cells
        Schema ``cells_table``.
    group
        The ort (or bygd) of each cell; its name becomes the name of the index. Cells without one
        are left out.
    weights
        Weight of each service.
    policy
        Limits, shares and factors.
    roads
        The single roads towards each service, of the cells in their order.
    refs
        The number of the road of each link.

    Returns
    -------
    DataFrame
        One row a group: people by age where the cells have them, those who hang on a single road
        or place, the year's trips, and for each service the worst-off, the Gini coefficient, the
        single roads and the catchment measure.

    Examples
    --------
    >>> from glesservice.network import at_nodes, example_road, single_roads
    >>> road = example_road()
    >>> ways = single_roads(road, at_nodes(road, np.array([0])), at_nodes(road, np.array([2])))
    >>> cells = pd.DataFrame(
    ...     {"people": [40.0], "km_mat": [15.0], "single_road_km": [15.0], "single_place": ["Stad"],
    ...      "single_road_km_mat": [15.0], "catchment_mat": [0.5]}
    ... )
    >>> policy = Policy(services={"mat": {"near_km": 10, "far_km": 30}})
    >>> ort, refs = pd.Series(["By"], name="ort_id"), pd.Series(["1067", "1067", "1088"])
    >>> found = group_measures(cells, ort, pd.Series({"mat": 1.0}), policy, {"mat": ways}, refs)
    >>> found.loc["By", ["people_single_road", "single_road_name_mat"]].to_dict()
    {'people_single_road': 40.0, 'single_road_name_mat': '1067'}
    """
    people = cells["people"]
    columns: dict[str, pd.Series] = {
        age: _sums_where_known(cells[age], group) for age in AGES if age in cells
    }
    hangs = cells["single_road_km"] > policy.single_road_km
    columns["people_single_road"] = people.where(hangs, 0.0).groupby(group).sum()
    on_place = cells["single_place"].notna()
    columns["people_single_place"] = people.where(on_place, 0.0).groupby(group).sum()
    columns["single_place"] = _largest(cells["single_place"], people, group)
    person_km = {}
    for service in weights.index:
        km = cells[f"km_{service}"].fillna(np.inf)
        alone = cells[f"single_road_km_{service}"]
        main = main_single_road(roads[str(service)], refs, people, group)
        columns[f"worst_km_{service}"] = worst_off(
            km, people, group, share=policy.worst_off_share
        ).replace(np.inf, np.nan)
        columns[f"gini_{service}"] = gini(km, people, group)
        columns[f"single_road_{service}"] = (
            people.where(alone > policy.single_road_km, 0.0).groupby(group).sum()
        )
        columns[f"single_road_km_{service}"] = weighted_mean(alone, people, group)
        columns[f"single_road_name_{service}"] = main["road"]
        columns[f"catchment_{service}"] = weighted_mean(
            cells[f"catchment_{service}"], people, group
        )
        reached = people * km.where(np.isfinite(km), 0.0)
        person_km[service] = reached.groupby(group).sum()
    trips = shopping_trips(pd.DataFrame(person_km), policy.trips)
    table = pd.DataFrame(columns, index=trips.index).join(trips)
    table.index.name = group.name
    return table


def _sums_where_known(counts: pd.Series, group: pd.Series) -> pd.Series:
    """Sum up each group; of a group with an unknown count no sum is known."""
    return counts.groupby(group).sum().where(counts.notna().groupby(group).all())


def _largest(value: pd.Series, people: pd.Series, group: pd.Series) -> pd.Series:
    """Find the value that most people of each group have; ties by the value."""
    counts = people.groupby([group.rename("group"), value.rename("value")]).sum()
    ordered = counts.rename("people").reset_index()
    ordered = ordered.sort_values(["people", "value"], ascending=[False, True])
    return ordered.drop_duplicates("group").set_index("group")["value"]
