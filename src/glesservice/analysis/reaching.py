"""How far everybody has, and which ort they are counted to."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from glesservice import measures
from glesservice.access import MEASURE_OF_WAY, nearest_sites
from glesservice.analysis.taking import (
    build_network,
    inside,
    nothing_counts,
    nothing_to_rank,
    refuse_other_roads,
    sites_in_extent,
)
from glesservice.config import Settings
from glesservice.errors import InputError
from glesservice.network import Measure, RoadNetwork, Snap, snap
from glesservice.orter import Settled, settle
from glesservice.selection import (
    Rerun,
)
from glesservice.sources import Inputs


@dataclass(frozen=True, eq=False)
class Reached:
    """How far everybody has, and which ort they are counted to: what all measures start from.

    Attributes
    ----------
    network
        The roads.
    cells
        The municipality's cells with ort and distances: schema ``cells_table`` but for the
        measures beside the score.
    cells_at, sites_at
        Where cells and sites meet the road.
    sites
        The sites inside the extent: schema ``sites_table`` but for the ort.
    usable
        Which of the sites count and can be reached.
    access, drive
        As in ``Result``.
    places
        The settlements in the municipality.
    settled
        The orter and bygder.
    weights
        Weight of each service.
    search
        Searches anew without some sites: (closed site ids, services) -> access.
    """

    network: RoadNetwork
    cells: gpd.GeoDataFrame
    cells_at: Snap
    sites: gpd.GeoDataFrame
    sites_at: Snap
    usable: pd.Series
    access: pd.DataFrame
    drive: pd.DataFrame
    places: gpd.GeoDataFrame
    settled: Settled
    weights: pd.Series
    search: Rerun


def reach(inputs: Inputs, settings: Settings, network: RoadNetwork | None = None) -> Reached:
    """Return how far everybody has: the part of an analysis that the scores need.

    Parameters
    ----------
    inputs
        The checked tables.
    settings
        Area, rules and policy.
    network
        What ``build_network`` returns for the same inputs and settings, where it is at hand.

    Returns
    -------
    Reached
        Distances and orter.

    Raises
    ------
    InputError
        As ``analyse``.
    NetworkError
        If there is no road to drive on.
    """
    if network is None:
        network = build_network(inputs, settings)
    cells = inside(inputs.cells, inputs.boundary, "the population grid")
    cells_at = snap(network, cells.geometry.centroid, settings.network.access_max_m)
    refuse_other_roads(cells, cells_at)
    sites = sites_in_extent(inputs, settings)
    sites_at = snap(network, sites.geometry, settings.network.access_max_m)
    usable = sites["counted"] & (sites_at.link >= 0)
    weights = measures.service_weights(settings.policy, set(sites.loc[usable, "service"]))
    if weights.empty or weights.sum() == 0:
        raise InputError(nothing_counts(inputs, sites, settings))

    way = MEASURE_OF_WAY[settings.policy.way]

    def _search(closed: frozenset[str], services: list[str], by: Measure = way) -> pd.DataFrame:
        usable = sites["counted"] & ~sites["site_id"].isin(closed)
        chosen = np.flatnonzero(usable.to_numpy())
        return nearest_sites(
            network,
            cells,
            cells_at,
            sites.iloc[chosen],
            sites_at.take(chosen),
            services,
            settings.policy.sites_per_cell,
            settings.network.access_kmh,
            by,
        )

    access = _search(frozenset(), list(weights.index))
    drive = access if way == "seconds" else _search(frozenset(), list(weights.index), "seconds")
    places = inside(inputs.settlements, inputs.boundary, "the settlements")
    settled = settle(
        cells,
        cells_at,
        places,
        network,
        settings.orter,
        kommun=settings.area.kommun,
        min_people=settings.publication.min_people,
        access_max_m=settings.network.access_max_m,
        registry=inputs.registry,
        year=settings.area.year,
        overrides=inputs.overrides,
    )
    if settled.orter.empty:
        raise InputError(nothing_to_rank(cells, settings))
    cells = _with_distances(cells, cells_at, settled, (access, drive), weights, settings)
    return Reached(
        network=network,
        cells=cells,
        cells_at=cells_at,
        sites=sites,
        sites_at=sites_at,
        usable=usable,
        access=access,
        drive=drive,
        places=places,
        settled=settled,
        weights=weights,
        search=_search,
    )


def _with_distances(
    cells: gpd.GeoDataFrame,
    cells_at: Snap,
    settled: Settled,
    ways: tuple[pd.DataFrame, pd.DataFrame],
    weights: pd.Series,
    settings: Settings,
) -> gpd.GeoDataFrame:
    """Add ort, access leg, and km and minutes to the two nearest sites of each service."""
    columns: dict[str, object] = {
        "people_class": _people_class(cells["people"], settings.publication.people_classes),
        "ort_id": settled.ort_of_cell,
        "access_m": cells_at.access_m,
    }
    for service in weights.index:
        for order, prefix in ((1, ""), (2, "next_")):
            near, soon = (
                way[(way["service"] == service) & (way["order"] == order)]
                .set_index("cell_id")
                .reindex(cells["cell_id"])
                for way in ways
            )
            columns[f"{prefix}km_{service}"] = near["metres"].to_numpy() / 1000
            columns[f"{prefix}minutes_{service}"] = soon["seconds"].to_numpy() / 60
            columns[f"{prefix}site_{service}"] = near["site_id"].to_numpy()
    return cells.assign(**columns)


def _people_class(people: pd.Series, upper: tuple[int, ...]) -> pd.Series:
    """Name the class of each number of people: products show classes, never counts."""
    lower = [1, *(bound + 1 for bound in upper)]
    labels = [f"{low}–{high}" for low, high in zip(lower, upper, strict=False)]
    labels.append(f"{lower[-1]} eller fler")
    return pd.Series(np.array(labels)[np.searchsorted(upper, people)], index=people.index)
