"""Tables and settings in, one typed and frozen ``Result`` out."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from glesservice import measures
from glesservice.access import MEASURE_OF_WAY, nearest_sites
from glesservice.certainty import ground_of, judge
from glesservice.config import Settings
from glesservice.decisions import gone, holding, with_decisions
from glesservice.errors import Fault, InputError
from glesservice.network import Measure, RoadNetwork, Snap, nearest, snap, speeds
from glesservice.notices import about_ort_changes, about_overrides, notices
from glesservice.orter import CENTRALORT, NAME, Settled, settle
from glesservice.selection import (
    Ground,
    Rerun,
    legal_table_of,
    sparse_bygder,
    sparse_orter,
    strategic_serviceorter,
    told_bygder,
    told_orter,
    told_strategic,
)
from glesservice.sources import Inputs
from glesservice.sources.places import place_ids
from glesservice.tables import APPLIED_OVERRIDES, MERGES, ORT_CHANGES, REGISTRY, Table

# With more of the people than this off the roads, the roads are of another area or too coarse, and
# every number would be about the file rather than the municipality.
MOST_WITHOUT_ROAD = 0.5


@dataclass(frozen=True, eq=False)
class Result:
    """Everything that one analysis found, as tables.

    Attributes
    ----------
    settings
        The settings that were used.
    boundary
        The municipality, one row (schema ``BOUNDARY``).
    cells
        The municipality's populated cells (schema ``cells_table``).
    access
        Long: ``cell_id, service, order, site_id, seconds, metres``; the nearest sites of each cell
        and service in order (1 = nearest), by the settings' ``policy.way``: the shortest way, or
        the fastest. Kilometres, scores and the sites named as nearest follow it. Unreachable pairs
        have no row.
    drive
        The same by time, whatever ``policy.way`` says: the sites that are reached first, and how.
        Minutes follow it.
    orter
        The orter with people, scores and ranks (schema ``orter_table``), the centralort among
        them without a rank; sorted by rank, the centralort last.
    bygder
        The bygder with their scores (schema ``bygder_table``), sorted by rank.
    sites
        All sites inside the extent (schema ``sites_table``).
    strategic
        The strategic serviceorter (schema ``strategic_table``), sorted by rank.
    legal
        How far the municipality's sites lie from the next of their service, against the limits of
        the support law (schema ``legal_table``).
    municipality
        The municipality's indicators, service by service (schema ``municipality_table``).
    sensitivity
        What one other assumption at a time does to each ort (schema ``sensitivity_table``). How
        sure each rank is stands in ``orter``, ``bygder`` and ``strategic``.
    roads
        The links of the road network (schema ``roads_table``).
    spread_people
        People in *spridd bebyggelse*: in no ort.
    weights
        Weight of each service in the total; they add up to 1.
    notices
        What a reader of the result must know, as Swedish sentences.
    merges
        Entries of the lists of sites that became one, or may be one (schema ``MERGES``).
    ort_changes
        What has happened to the orter since the registry's last year (schema ``ORT_CHANGES``);
        empty without a registry.
    registry
        The registry of orter with this year added (schema ``REGISTRY``): a proposal for next year.
    overrides
        What the municipality has changed about its orter (schema ``APPLIED_OVERRIDES``).
    """

    settings: Settings
    boundary: gpd.GeoDataFrame
    cells: gpd.GeoDataFrame
    access: pd.DataFrame
    drive: pd.DataFrame
    orter: gpd.GeoDataFrame
    bygder: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    strategic: pd.DataFrame
    legal: gpd.GeoDataFrame
    municipality: pd.DataFrame
    sensitivity: pd.DataFrame
    roads: gpd.GeoDataFrame
    spread_people: float
    weights: pd.Series
    notices: tuple[str, ...]
    merges: pd.DataFrame = field(default_factory=lambda: _empty(MERGES))
    ort_changes: pd.DataFrame = field(default_factory=lambda: _empty(ORT_CHANGES))
    registry: pd.DataFrame = field(default_factory=lambda: _empty(REGISTRY))
    overrides: pd.DataFrame = field(default_factory=lambda: _empty(APPLIED_OVERRIDES))

    @property
    def people(self) -> float:
        """People in the municipality: the sum over its cells."""
        return float(self.cells["people"].sum())


def _empty(table: Table) -> pd.DataFrame:
    """Make a table without rows."""
    return pd.DataFrame(columns=table.names())


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
    cells = _inside(inputs.cells, inputs.boundary, "the population grid")
    cells_at = snap(network, cells.geometry.centroid, settings.network.access_max_m)
    _refuse_other_roads(cells, cells_at)
    sites = _sites_in_extent(inputs, settings)
    sites_at = snap(network, sites.geometry, settings.network.access_max_m)
    usable = sites["counted"] & (sites_at.link >= 0)
    weights = measures.service_weights(settings.policy, set(sites.loc[usable, "service"]))
    if weights.empty or weights.sum() == 0:
        raise InputError(_nothing_counts(inputs, sites, settings))

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
    places = _inside(inputs.settlements, inputs.boundary, "the settlements")
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


def analyse(inputs: Inputs, settings: Settings, network: RoadNetwork | None = None) -> Result:
    """Return the whole result for one municipality.

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
    Result
        All tables of the result.

    Raises
    ------
    InputError
        If nobody lives in the municipality, no service of the policy has a site, or the roads do
        not reach most of the people.
    NetworkError
        If there is no road to drive on.
    """
    reached = reach(inputs, settings, network)
    network, cells, cells_at = reached.network, reached.cells, reached.cells_at
    sites, sites_at, usable = reached.sites, reached.sites_at, reached.usable
    access, settled, weights = reached.access, reached.settled, reached.weights
    beside = measures.cell_measures(
        network,
        measures.Points(cells, cells_at),
        _demand(inputs, settings, network, cells, cells_at),
        measures.Points(sites[usable], sites_at.take(np.flatnonzero(usable))),
        access,
        weights,
        settings.policy,
        settings.network.access_kmh,
    )
    cells = cells.assign(**beside.columns)
    sites = sites.assign(ort_id=_ort_of_sites(network, sites_at, cells_at, settled, settings))
    orter = sparse_orter(cells, settled, weights, settings.policy, sites)
    bygder = sparse_bygder(cells, orter, settled, weights, settings.policy, sites)
    centralort = orter.loc[orter["role"] == CENTRALORT, "ort_id"]
    own = sites.within(inputs.boundary.geometry.iloc[0])
    local = sites[own & ~sites["ort_id"].isin(centralort)]
    strategic = strategic_serviceorter(
        local, orter, cells, access, settings.policy, weights, reached.search
    )
    decided = _decided(inputs, settings, settled, orter, strategic)
    orter = with_decisions(orter, "ort_id", decided)
    strategic = with_decisions(strategic, "serviceort_id", decided)
    ground = Ground(weights, settings.policy, settings.publication.min_people)
    refs = network.table()["ref"]
    tests = measures.legal_tests(network, sites, sites_at, own, settings.policy.legal)
    sure = judge(
        ground_of(
            settings,
            network,
            weights,
            cells,
            cells_at,
            sites,
            sites_at,
            frozenset(local["site_id"]),
        ),
        orter,
    )
    # Two orter of one name are told apart by a number: neither is missing from the lists.
    listed = orter["name"].str.replace(r" \(\d+\)$", "", regex=True)
    changed = set(settled.overrides.loc[settled.overrides["change"] == NAME, "name"])
    unlisted = sorted(set(reached.places["name"]) - set(listed) - changed)
    return Result(
        settings=settings,
        boundary=inputs.boundary,
        cells=cells,
        access=access,
        drive=reached.drive,
        orter=told_orter(
            orter.join(sure.orter, on="ort_id"), cells, sites, beside.roads, refs, ground
        ),
        bygder=told_bygder(
            bygder.join(sure.bygder, on="bygd_id"), orter, cells, beside.roads, refs, ground
        ),
        sites=sites,
        strategic=told_strategic(strategic.join(sure.strategic, on="serviceort_id"), ground),
        legal=legal_table_of(tests, sites, settings.policy.legal),
        municipality=measures.municipality(cells, weights, settings.policy),
        sensitivity=sure.sensitivity,
        roads=network.table(),
        spread_people=float(cells.loc[cells["ort_id"].isna(), "people"].sum()),
        weights=weights,
        notices=(
            *notices(
                settings, cells, sites, sites_at, network.table(), weights, unlisted, inputs.merges
            ),
            *sure.notices,
            *about_ort_changes(settled.changes),
            *about_overrides(settled.overrides),
            *gone(decided, {*orter["ort_id"], *strategic["serviceort_id"]}),
        ),
        merges=inputs.merges,
        ort_changes=settled.changes,
        registry=settled.registry,
        overrides=settled.overrides,
    )


def _decided(
    inputs: Inputs,
    settings: Settings,
    settled: Settled,
    orter: pd.DataFrame,
    strategic: pd.DataFrame,
) -> pd.DataFrame:
    """Find the decisions that hold; today's names go before those of earlier years."""
    tables = [
        orter[["ort_id", "name"]],
        strategic[["serviceort_id", "name"]],
        settled.registry[["ort_id", "name"]],
        settled.overrides[["ort_id", "name"]],
    ]
    if inputs.registry is not None:
        tables.append(inputs.registry[["ort_id", "name"]])
    names = [
        (str(ort), str(name)) for table in tables for ort, name in table.itertuples(index=False)
    ]
    return holding(inputs.decisions, names, settings.area.year, str(settings.decisions.path))


def build_network(inputs: Inputs, settings: Settings) -> RoadNetwork:
    """Return the car network of the municipality and its surroundings.

    Parameters
    ----------
    inputs
        The checked tables.
    settings
        Buffer, speeds and season.

    Returns
    -------
    RoadNetwork
        The links that touch the buffered municipality.

    Raises
    ------
    NetworkError
        If there is no road to drive on.
    """
    # Not by the buffer's outline: for the ragged border of a country that takes minutes.
    area = inputs.boundary.geometry.iloc[0]
    shapely.prepare(area)
    lines = inputs.edges.geometry.to_numpy()
    touching = inputs.edges[shapely.dwithin(area, lines, settings.area.buffer_km * 1000)]
    return RoadNetwork.from_edges(speeds.assign(touching, settings.network))


def _extent(inputs: Inputs, settings: Settings) -> object:
    """Buffer the municipality: people shop across borders."""
    return inputs.boundary.geometry.iloc[0].buffer(settings.area.buffer_km * 1000)


def _inside(frame: gpd.GeoDataFrame, boundary: gpd.GeoDataFrame, what: str) -> gpd.GeoDataFrame:
    """Keep the rows whose middle lies in the municipality."""
    middle = frame.geometry.representative_point()
    if not frame.empty and (frame.geometry.geom_type == "Polygon").all():
        middle = frame.geometry.centroid  # of a square cell: what SCB counts a cell by
    kept = frame[middle.within(boundary.geometry.iloc[0])].reset_index(drop=True)
    if kept.empty:
        raise InputError(
            Fault(
                f"nothing of {what} lies in the municipality",
                f"municipality {boundary['kommunkod'].iloc[0]}",
                "Check that the files are of the same area and state their coordinate system",
            )
        )
    return kept


def _demand(
    inputs: Inputs,
    settings: Settings,
    network: RoadNetwork,
    cells: gpd.GeoDataFrame,
    cells_at: Snap,
) -> measures.Points:
    """Add the neighbours' cells, whose people use the same sites, after the municipality's own."""
    middle = inputs.cells.geometry.centroid
    near = middle.within(_extent(inputs, settings)) & ~inputs.cells["cell_id"].isin(
        cells["cell_id"]
    )
    at = snap(network, middle[near], settings.network.access_max_m)
    both = Snap(
        np.concatenate([cells_at.link, at.link]),
        np.concatenate([cells_at.fraction, at.fraction]),
        np.concatenate([cells_at.access_m, at.access_m]),
    )
    people = pd.concat([cells[["people"]], inputs.cells.loc[near, ["people"]]], ignore_index=True)
    return measures.Points(people, both)


def _refuse_other_roads(cells: gpd.GeoDataFrame, cells_at: Snap) -> None:
    """Stop where the roads are plainly not the municipality's."""
    share = cells.loc[cells_at.link < 0, "people"].sum() / cells["people"].sum()
    if share > MOST_WITHOUT_ROAD:
        raise InputError(
            Fault(
                f"{share:.0%} of the people live too far from every road of the file",
                "[roads]",
                "Use the roads of this municipality, or raise access_max_m under [network]",
            )
        )


def _sites_in_extent(inputs: Inputs, settings: Settings) -> gpd.GeoDataFrame:
    """Keep the sites people may drive to; say which count and which close together."""
    extent = _extent(inputs, settings)
    _refuse_lost_sites(inputs.sites, extent, settings)
    # By id: of two sites as far away the lower id is named, whatever the order of the file.
    sites = inputs.sites[inputs.sites.within(extent)].sort_values("site_id", ignore_index=True)
    counts = counted(sites, settings)
    places = place_ids(sites[counts], settings.policy.place_m).reindex(sites.index)
    return sites.assign(counted=counts, place_id=places.fillna(sites["site_id"]))


def counted(sites: pd.DataFrame, settings: Settings) -> pd.Series:
    """Return which sites count: the open ones, and the unconfirmed where the settings say so.

    Parameters
    ----------
    sites
        Table with ``status``.
    settings
        The settings.

    Returns
    -------
    Series of bool
        Index as ``sites``.
    """
    statuses = {"open"}
    if settings.unconfirmed == "include":
        statuses.add("unconfirmed")
    return sites["status"].isin(statuses)


def _refuse_lost_sites(sites: gpd.GeoDataFrame, extent: object, settings: Settings) -> None:
    """Stop where a name or a place is plainly a slip: a shop must not get lost over it."""
    where = _files_of_sites(settings)
    known = list(settings.policy.services)
    faults = []
    for service in sorted(set(sites["service"]) - set(known)):
        near = difflib.get_close_matches(service, known, n=1, cutoff=0.8)
        if near:
            mend = f"Write {near[0]}, or another name altogether"
            faults.append(
                Fault(f"the service {service} is not among those that count", where, mend)
            )
    own = sites["kommunkod"].eq(settings.area.kommun) & ~sites.within(extent)
    if own.any():
        names = ", ".join(sites.loc[own, "name"].head(5))
        faults.append(
            Fault(
                f"{own.sum()} sites of the municipality lie more than {settings.area.buffer_km:g} "
                f"km outside it ({names})",
                where,
                "Correct lat and lon, or kommunkod",
            )
        )
    if faults:
        raise InputError(*faults)


def _files_of_sites(settings: Settings) -> str:
    """Name the files that the sites come from."""
    return ", ".join(str(source.path) for source in settings.services)


def _nothing_counts(inputs: Inputs, sites: gpd.GeoDataFrame, settings: Settings) -> Fault:
    """Say why no site counts."""
    of_policy = inputs.sites["service"].isin(list(settings.policy.services))
    here = sites["service"].isin(list(settings.policy.services))
    if not of_policy.any():
        what = "no site has a service that counts"
        mend = f"Use these names of services: {', '.join(settings.policy.services)}"
    elif not here.any():
        what, mend = "all sites lie outside the municipality and its surroundings", "Check lat, lon"
    elif not sites.loc[here, "counted"].any():
        what, mend = "no site is open", "Confirm the sites: status open"
    else:
        what = "no site that counts is near a road and has a weight"
        mend = "Check the roads, the positions of the sites and the weights under [policy]"
    return Fault(what, _files_of_sites(settings), mend)


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


def _ort_of_sites(
    network: RoadNetwork, sites_at: Snap, cells_at: Snap, settled: Settled, settings: Settings
) -> pd.Series:
    """Give each site the ort of the nearest populated cell by road, within a village's reach."""
    reach = settings.orter.village_km * 1000
    cell = nearest(network, sites_at, cells_at, by="metres", bound=reach).site[:, 0]
    ort_of_cell = settled.ort_of_cell.reset_index(drop=True).astype("object")
    found = ort_of_cell.reindex(cell)  # -1: nobody lives near
    return found.where(found.notna(), None).reset_index(drop=True)
