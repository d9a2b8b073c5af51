"""Every site and every place closed in turn: what each would cost, in one table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd

from glesservice.access import MEASURE_OF_WAY, nearest_sites
from glesservice.analysis import Result, build_network
from glesservice.network import RoadNetwork, Snap, snap
from glesservice.selection import TIE_DECIMALS, loss
from glesservice.sources import Inputs
from glesservice.tables import closings_table

SITE, PLACE = "ställe", "plats"


@dataclass(frozen=True, eq=False)
class Search:
    """A search among the sites that stay open, as the analysis makes it.

    Attributes
    ----------
    inputs
        The tables that the result was made of.
    result
        The result.
    """

    inputs: Inputs
    result: Result

    @cached_property
    def network(self) -> RoadNetwork:
        """The roads."""
        return build_network(self.inputs, self.result.settings)

    @cached_property
    def cells_at(self) -> Snap:
        """Where the cells meet the road."""
        middle = self.result.cells.geometry.centroid
        return snap(self.network, middle, self.result.settings.network.access_max_m)

    @cached_property
    def sites_at(self) -> Snap:
        """Where the sites meet the road."""
        reach = self.result.settings.network.access_max_m
        return snap(self.network, self.result.sites.geometry, reach)

    def __call__(self, closed: frozenset[str], services: list[str]) -> pd.DataFrame:
        """Return the nearest sites without some of them.

        Parameters
        ----------
        closed
            Ids of the sites that close.
        services
            The services to look for.

        Returns
        -------
        DataFrame
            As ``Result.access``.
        """
        sites, settings = self.result.sites, self.result.settings
        open_ = np.flatnonzero(sites["counted"] & ~sites["site_id"].isin(closed))
        return nearest_sites(
            self.network,
            self.result.cells,
            self.cells_at,
            sites.iloc[open_],
            self.sites_at.take(open_),
            services,
            settings.policy.sites_per_cell,
            settings.network.access_kmh,
            MEASURE_OF_WAY[settings.policy.way],
        )


def close_each(
    inputs: Inputs,
    result: Result,
    search: Callable[[frozenset[str], list[str]], pd.DataFrame] | None = None,
) -> gpd.GeoDataFrame:
    """Return what closing each site, and each place with several sites, would cost.

    Parameters
    ----------
    inputs
        The tables that the result was made of.
    result
        The result.
    search
        Searches anew where the sites found for each cell do not tell what is left; made of the
        inputs where not given.

    Returns
    -------
    GeoDataFrame
        Schema ``closings_table``: the sites and places of the municipality, and those outside
        that are nearest for somebody in it. Those that leave people without any come first, then
        those that add most person-kilometres; ties by id.

    Examples
    --------
    >>> import glesservice
    >>> from glesservice.scenarios import close_each
    >>> settings = glesservice.load_settings(glesservice.embedded_settings())
    >>> inputs = glesservice.read_inputs(settings)
    >>> each = close_each(inputs, glesservice.analyse(inputs, settings))
    >>> sorted(set(each["kind"]))
    ['plats', 'ställe']
    """
    sites = result.sites
    standing = sites[sites["counted"] & sites["service"].isin(result.weights.index)]
    inside = standing.within(result.boundary.geometry.iloc[0])
    nearest = result.access.loc[result.access["order"] == 1, "site_id"]
    concerned = standing[inside | standing["site_id"].isin(nearest)]
    places = standing[standing["place_id"].isin(concerned["place_id"])].groupby("place_id")
    groups = [
        *((SITE, site.site_id, standing[standing["site_id"] == site.site_id])
          for site in concerned.itertuples()),
        *((PLACE, f"plats:{place_id}", members)
          for place_id, members in places if len(members) > 1),
    ]  # fmt: skip
    return _table(groups, inside, result, search or Search(inputs, result))


def _table(
    groups: Iterable[tuple[str, str, gpd.GeoDataFrame]],
    inside: pd.Series,
    result: Result,
    search: Callable[[frozenset[str], list[str]], pd.DataFrame],
) -> gpd.GeoDataFrame:
    """Work out each closing, and order them."""
    services = [str(service) for service in result.weights.index]
    names = result.orter.set_index("ort_id")["name"]
    ort_of_cell = result.cells.set_index("cell_id")["ort_id"]
    rows, points = [], []
    for kind, closing_id, members in groups:
        closed = frozenset(members["site_id"])
        given = [service for service in services if service in set(members["service"])]
        lost = loss(closed, given, result.cells, result.access, result.settings.policy, search)
        added = (lost["added_km"] * lost["people"]).groupby(lost["service"]).sum()
        added = added.reindex(services, fill_value=0.0)
        first = members.sort_values("site_id").iloc[0]
        rows.append(
            {
                "closing_id": closing_id,
                "kind": kind,
                "name": " + ".join(members.sort_values("site_id")["name"].drop_duplicates()),
                "services": ", ".join(given),
                "inside": bool(inside[members.index].any()),
                "ort": names.get(first["ort_id"]),
                "people_affected": _people(lost),
                "people_without": _people(lost[lost["without"]]),
                "people_past_limit": _people(lost[lost["past_limit"]]),
                "added_person_km": float((added * result.weights).sum()),
                **{f"added_person_km_{service}": added[service] for service in services},
                **_worst(lost.assign(ort_id=lost["cell_id"].map(ort_of_cell)), result),
            }
        )
        points.append(first["geometry"])
    columns = closings_table(services).names()
    table = gpd.GeoDataFrame(
        pd.DataFrame(rows, columns=columns[1:]), geometry=points, crs=result.sites.crs
    ).sort_values(
        ["people_without", "added_person_km", "closing_id"],
        ascending=[False, False, True],
        ignore_index=True,
        key=lambda column: column if column.name == "closing_id" else column.round(TIE_DECIMALS),
    )
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table


def _people(lost: pd.DataFrame) -> float:
    """Count the people of the rows, each cell once."""
    return float(lost.drop_duplicates("cell_id")["people"].sum())


def _worst(lost: pd.DataFrame, result: Result) -> dict[str, object]:
    """Name the ort that it is worst for: most people without, else the longest way more."""
    nobody: dict[str, object] = {"worst_ort": None, "worst_added_km": float("nan")}
    lost = lost[lost["ort_id"].notna()]
    if lost.empty:
        return nobody
    people = result.orter.set_index("ort_id")["people"]
    rows = []
    for (ort_id, _), here in lost.groupby(["ort_id", "service"]):
        without = float(here.loc[here["without"], "people"].sum())
        left = float(people[ort_id]) - without
        added = float((here["people"] * here["added_km"]).sum())
        rows.append(
            {
                "ort_id": ort_id,
                "without": without,
                "added_km": added / left if left > 0 else float("nan"),
            }
        )
    worst = (
        pd.DataFrame(rows)
        .groupby("ort_id", as_index=False)[["without", "added_km"]]
        .max()
        .round(TIE_DECIMALS)
        .sort_values(["without", "added_km", "ort_id"], ascending=[False, False, True])
        .iloc[0]
    )
    if worst["without"] == 0 and not worst["added_km"] > 0:
        return nobody
    names = result.orter.set_index("ort_id")["name"]
    return {"worst_ort": names[worst["ort_id"]], "worst_added_km": float(worst["added_km"])}
