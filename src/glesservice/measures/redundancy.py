"""Who hangs on a single road, and who on a single place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from glesservice.network import SingleRoads


def single_road_km(roads: SingleRoads) -> np.ndarray:
    """Return how much of each origin's way to a site no other way goes around, km.

    Parameters
    ----------
    roads
        The pieces that every way passes.

    Returns
    -------
    ndarray
        One value an origin, NaN where no site is reached.

    Examples
    --------
    >>> from glesservice.network import at_nodes, example_road, single_roads
    >>> road = example_road()
    >>> found = single_roads(road, at_nodes(road, np.array([0, 3])), at_nodes(road, np.array([2])))
    >>> single_road_km(found).tolist()
    [15.0, 8.0]
    """
    origin = np.repeat(np.arange(len(roads.reached)), np.diff(roads.start))
    metres = np.bincount(origin, weights=roads.metres, minlength=len(roads.reached))
    return np.where(roads.reached, metres / 1000.0, np.nan)


def main_single_road(
    roads: SingleRoads, refs: pd.Series, people: pd.Series, group: pd.Series
) -> pd.DataFrame:
    """Return the road that most person-kilometres without a way around of each group are on.

    Parameters
    ----------
    roads
        The pieces that every way of each cell passes.
    refs
        The number of the road of each link; missing where it has none.
    people
        People of each cell.
    group
        The group of each cell; cells without one are left out.

    Returns
    -------
    DataFrame
        ``road`` and ``road_km``, the mean over the group's people, one row a group that has such a
        numbered road; ties by number.

    Examples
    --------
    >>> from glesservice.network import at_nodes, example_road, single_roads
    >>> road = example_road()
    >>> found = single_roads(road, at_nodes(road, np.array([0, 3])), at_nodes(road, np.array([2])))
    >>> refs, ort = pd.Series(["1067", "1067", "1088"]), pd.Series(["By", "Gård"])
    >>> main_single_road(found, refs, pd.Series([40, 5]), ort)["road"].to_dict()
    {'By': '1067', 'Gård': '1067'}
    """
    cell = np.repeat(np.arange(len(roads.reached)), np.diff(roads.start))
    pieces = pd.DataFrame(
        {
            "group": group.to_numpy(dtype=object)[cell],
            "road": refs.to_numpy(dtype=object)[roads.link],
            "person_km": people.to_numpy()[cell] * roads.metres / 1000.0,
        }
    ).dropna(subset=["group", "road"])
    summed = pieces.groupby(["group", "road"])["person_km"].sum().reset_index()
    most = summed.sort_values(["group", "person_km", "road"], ascending=[True, False, True])
    most = most.drop_duplicates("group").set_index("group")
    heads = people.groupby(group).sum()
    return pd.DataFrame({"road": most["road"], "road_km": most["person_km"] / heads[most.index]})


def single_place(
    access: pd.DataFrame,
    cells: pd.DataFrame,
    place_of_site: Mapping[str, str],
    within_km: Mapping[str, float],
) -> pd.Series:
    """Return the only place that a cell has within reach, for whatever service.

    Parameters
    ----------
    access
        ``cell_id, service, order, site_id, metres``: at least the two nearest sites of each
        service.
    cells
        Table with ``cell_id``.
    place_of_site
        The place of each site: what closes together. A place has one site of a service at most.
    within_km
        How far each service is still within reach, km.

    Returns
    -------
    Series
        Id of the place whose closing leaves the cell without any service within reach; None where
        it has several places to go to, or none already. Index as ``cells``.

    Examples
    --------
    >>> access = pd.DataFrame(
    ...     {"cell_id": ["x", "x"], "service": ["mat", "bensin"], "order": [1, 1],
    ...      "site_id": ["butik", "mack"], "metres": [4_000.0, 50_000.0]}
    ... )
    >>> at = {"butik": "Korset", "mack": "Stad"}
    >>> cells = pd.DataFrame({"cell_id": ["x"]})
    >>> single_place(access, cells, at, {"mat": 30, "bensin": 40}).tolist()
    ['Korset']
    """
    limit = access["service"].map(within_km).astype(float) * 1000.0
    near = access[access["metres"] <= limit]
    places = near.assign(place_id=near["site_id"].map(place_of_site))
    by_cell = places.groupby("cell_id")["place_id"].agg(["nunique", "first"])
    only = by_cell.loc[by_cell["nunique"] == 1, "first"]
    found = cells["cell_id"].map(only).astype(object)
    return found.where(found.notna(), None)
