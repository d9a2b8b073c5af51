"""From cells to orter, and from orter to bygder."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy import sparse
from scipy.cluster import hierarchy
from scipy.sparse import csgraph
from scipy.spatial.distance import squareform

from glesservice.config import OrterRules
from glesservice.errors import Fault, SettingsError
from glesservice.network import RoadNetwork, Snap, nearest, road_matrix, snap
from glesservice.orter.matching import CLUSTER
from glesservice.orter.overrides import CENTRALORT, override
from glesservice.orter.registry import register
from glesservice.sources.naming import slug
from glesservice.tables import APPLIED_OVERRIDES

CANDIDATE = "kandidat"
LOCALITIES = ("tatort", "smaort")

# Exactly the limit is within it: a millimetre for what sums of lengths lose in rounding.
HAIR_M = 0.001

# The eight winds, counter-clockwise from east, as they stand before a place's name.
_WINDS = ("Öster", "Nordost", "Norr", "Nordväst", "Väster", "Sydväst", "Söder", "Sydost")


@dataclass(frozen=True, eq=False)
class Settled:
    """The municipality's cells, grouped.

    Attributes
    ----------
    ort_of_cell
        Ort id of each cell, None for *spridd bebyggelse*; index as the cells.
    orter
        ``ort_id, name, kind, role, bygd_id``, with the ort's anchor point as geometry; one row an
        ort, sorted by id.
    bygder
        ``bygd_id, name``; one row a bygd, sorted by id.
    changes
        What has happened since the registry's last year (schema ``ORT_CHANGES``).
    registry
        The registry with this year added (schema ``REGISTRY``).
    overrides
        What the municipality has changed (schema ``APPLIED_OVERRIDES``).
    """

    ort_of_cell: pd.Series
    orter: gpd.GeoDataFrame
    bygder: pd.DataFrame
    changes: pd.DataFrame
    registry: pd.DataFrame
    overrides: pd.DataFrame


def settle(
    cells: gpd.GeoDataFrame,
    cells_at: Snap,
    settlements: gpd.GeoDataFrame,
    network: RoadNetwork,
    rules: OrterRules,
    *,
    kommun: str,
    min_people: int,
    access_max_m: float,
    registry: pd.DataFrame | None = None,
    year: int = 0,
    overrides: pd.DataFrame | None = None,
) -> Settled:
    """Return the orter and bygder of the municipality's cells.

    Cells in a tätort or småort belong to it; of the rest, those within reach by road of a named
    place belong to the nearest; what is left is clustered by single linkage along the road, and
    what is too small is *spridd bebyggelse*. Every cell is in one ort or in none.

    Parameters
    ----------
    cells
        Schema ``CELLS``: the municipality's own.
    cells_at
        Where the cells meet the road.
    settlements
        Schema ``SETTLEMENTS``: localities and named places in the municipality.
    network
        The roads.
    rules
        Distances and sizes.
    kommun
        Municipality code: the ids begin with it.
    min_people
        Orter with fewer people are *spridd bebyggelse*.
    access_max_m
        How far from a road a named place may lie.
    registry
        Schema ``REGISTRY``: the orter of earlier years, which keep their ids.
    year
        The year of the cells, for the registry.
    overrides
        Schema ``OVERRIDES``: what the municipality changes. The registry knows the orter as they
        are without it.

    Returns
    -------
    Settled
        The groups.
    """
    localities, places = _areas_and_places(settlements, rules)
    group = _in_localities(cells, localities, rules.locality_share)
    group = group.fillna(_near_places(cells_at, places, network, rules, access_max_m, cells.index))
    names = pd.concat([localities, places]).drop_duplicates("settlement_id")
    clusters, cluster_rows = _clusters(cells, cells_at, group, names, network, rules)
    group = group.fillna(clusters)
    people = cells["people"].groupby(group).sum()
    group = group.where(group.map(people).ge(min_people))
    orter = _orter_rows(pd.concat([names, cluster_rows]), group, cells, rules, kommun)
    group = group.map(orter.set_index("settlement_id")["ort_id"]).astype("object")
    group = group.where(group.notna(), None)
    registered = register(orter, cells, group, registry, year)
    orter = orter.assign(ort_id=orter["ort_id"].map(registered.ids))
    group = group.map(registered.ids).astype("object")
    group = group.where(group.notna(), None)
    applied = pd.DataFrame(columns=APPLIED_OVERRIDES.names())
    if overrides is not None:
        orter, group, applied = override(orter, group, overrides, str(rules.overrides))
    bygd_of_ort, bygder = _bygder(orter, cells["people"].groupby(group).sum(), network, rules)
    orter = orter.assign(bygd_id=orter["ort_id"].map(bygd_of_ort)).drop(columns="settlement_id")
    orter = orter.sort_values("ort_id", ignore_index=True)
    return Settled(group, orter, bygder, registered.changes, registered.proposal, applied)


def _areas_and_places(
    settlements: gpd.GeoDataFrame, rules: OrterRules
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Part the settlements into localities with an area, and named points.

    A locality known only as a point is drawn as a circle, and is a named point besides: its
    outskirts are its own rather than the next village's. A village inside a locality is part of it.
    """
    points = settlements.geometry.geom_type == "Point"
    local = settlements["kind"].isin(LOCALITIES)
    drawn = settlements[local & points & settlements["population"].gt(0)]
    radius = np.sqrt(drawn["population"] / rules.people_per_km2 / np.pi) * 1000
    circles = drawn.set_geometry(drawn.geometry.buffer(radius))
    localities = gpd.GeoDataFrame(
        pd.concat([settlements[~points], circles]), crs=settlements.crs
    ).sort_values("settlement_id")
    areas = localities.union_all()
    centres = localities.assign(geometry=localities.geometry.representative_point())
    villages = settlements[points & ~settlements.index.isin(drawn.index)]
    villages = villages[~villages.within(areas)]
    places = gpd.GeoDataFrame(pd.concat([centres, villages]), crs=settlements.crs)
    return localities, places.sort_values("settlement_id")


def _in_localities(
    cells: gpd.GeoDataFrame, localities: gpd.GeoDataFrame, least_share: float
) -> pd.Series:
    """Give cells to the locality that covers most of them."""
    group = pd.Series(None, index=cells.index, dtype="object")
    if localities.empty:
        return group
    cell, area = localities.sindex.query(cells.geometry, predicate="intersects")
    shapes = cells.geometry.to_numpy()[cell]
    common = shapely.area(shapely.intersection(shapes, localities.geometry.to_numpy()[area]))
    pairs = pd.DataFrame(
        {
            "cell": cell,
            "id": localities["settlement_id"].to_numpy()[area],
            "common": common,
            "share": common / shapely.area(shapes),
        }
    )
    largest = pairs["common"] == pairs.groupby("id")["common"].transform("max")
    pairs = pairs[(pairs["share"] >= least_share) | (largest & (pairs["common"] > 0))]
    best = pairs.sort_values(["cell", "common", "id"], ascending=[True, False, True])
    best = best.drop_duplicates("cell")
    group.iloc[best["cell"].to_numpy()] = best["id"].to_numpy()
    return group


def _near_places(
    cells_at: Snap,
    places: gpd.GeoDataFrame,
    network: RoadNetwork,
    rules: OrterRules,
    access_max_m: float,
    index: pd.Index,
) -> pd.Series:
    """Give cells to the nearest named place within reach by road."""
    places_at = snap(network, places.geometry, access_max_m)
    found = nearest(
        network, cells_at, places_at, by="metres", bound=rules.village_km * 1000 + HAIR_M
    )
    site = found.site[:, 0]
    ids = pd.Series(places["settlement_id"].to_numpy(dtype=object))
    found_ids = ids.reindex(site).to_numpy(dtype=object)  # -1, nowhere near, has no name
    return pd.Series(found_ids, index=index, dtype="object")


def _clusters(
    cells: gpd.GeoDataFrame,
    cells_at: Snap,
    group: pd.Series,
    names: gpd.GeoDataFrame,
    network: RoadNetwork,
    rules: OrterRules,
) -> tuple[pd.Series, gpd.GeoDataFrame]:
    """Link the cells left over that lie close along the road, and name the groups."""
    left = np.flatnonzero(group.isna().to_numpy() & (cells_at.link >= 0))
    at = cells_at.take(left)
    near = road_matrix(network, at, at, bound=rules.cluster_km * 1000 + HAIR_M)
    # One-way streets can make the ways there and back differ: the shorter one links.
    _, label = csgraph.connected_components(sparse.csr_array(np.isfinite(near)), directed=False)
    rest = cells.iloc[left]
    people = rest["people"].groupby(label).sum()
    cluster_of_cell = pd.Series(None, index=cells.index, dtype="object")
    rows = []
    for number in people.index[people >= rules.cluster_people]:
        members = rest[label == number]
        # Known by its most populated cell: that changes least from year to year.
        core = members.sort_values(["people", "cell_id"], ascending=[False, True]).iloc[0]
        point = core.geometry.centroid
        key = f"ruta-{core['cell_id']}"
        cluster_of_cell[members.index] = key
        rows.append((key, _name_of_cluster(point, names), CLUSTER, None, point))
    columns = ["settlement_id", "name", "kind", "population", "geometry"]
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), crs=cells.crs)
    return cluster_of_cell, frame


def _name_of_cluster(point: shapely.Point, names: gpd.GeoDataFrame) -> str:
    """Name a cluster after the nearest named place and the way it lies from there."""
    if names.empty:
        return f"Bebyggelse vid {point.x:.0f} {point.y:.0f}"
    near = names.iloc[int(np.argmin(names.distance(point).to_numpy()))]
    origin = near.geometry.representative_point()
    turn = np.arctan2(point.y - origin.y, point.x - origin.x) / (np.pi / 4)
    return f"{_WINDS[round(turn) % 8]} om {near['name']}"


def _orter_rows(
    named: gpd.GeoDataFrame,
    group: pd.Series,
    cells: gpd.GeoDataFrame,
    rules: OrterRules,
    kommun: str,
) -> gpd.GeoDataFrame:
    """Make one row an ort that has people, with id, role and anchor point."""
    people = cells["people"].groupby(group).sum()
    orter = named[named["settlement_id"].isin(people.index)].copy()
    orter["geometry"] = orter.geometry.representative_point()
    orter["people"] = orter["settlement_id"].map(people)
    orter = orter.sort_values(["name", "people", "settlement_id"], ascending=[True, False, True])
    same = orter.groupby("name").cumcount()
    several = orter["name"].duplicated(keep=False)
    orter["name"] = orter["name"].where(
        ~several, orter["name"] + " (" + (same + 1).astype("str") + ")"
    )
    key = orter["settlement_id"].where(orter["kind"] == CLUSTER, orter["name"].map(slug))
    orter["ort_id"] = f"{kommun}-" + key
    # Names that differ only in letters outside ASCII must not become one ort.
    repeat = orter.groupby("ort_id").cumcount()
    orter["ort_id"] += np.where(repeat > 0, "-" + (repeat + 1).astype("str"), "")
    orter["role"] = np.where(
        orter["settlement_id"] == _main_town(orter, rules), CENTRALORT, CANDIDATE
    )
    return orter[["settlement_id", "ort_id", "name", "kind", "role", "geometry"]]


def _main_town(orter: gpd.GeoDataFrame, rules: OrterRules) -> str | None:
    """Find the centralort: as the settings say, else the tätort with most people."""
    if rules.centralort is not None:
        candidates = orter[orter["name"] == rules.centralort]
        if candidates.empty:
            near = difflib.get_close_matches(rules.centralort, list(orter["name"]), n=3, cutoff=0.4)
            raise SettingsError(
                Fault(
                    f"there is no ort called {rules.centralort}",
                    "[orter] centralort",
                    f"Write one of: {', '.join(near or orter['name'].head(5))}",
                )
            )
    else:
        candidates = orter[orter["kind"] == "tatort"]
    if candidates.empty:
        return None
    return str(candidates.loc[candidates["people"].idxmax(), "settlement_id"])


def _bygder(
    orter: gpd.GeoDataFrame, people: pd.Series, network: RoadNetwork, rules: OrterRules
) -> tuple[pd.Series, pd.DataFrame]:
    """Group the candidates by complete linkage along the road."""
    members = orter[orter["role"] == CANDIDATE].sort_values("ort_id")
    if members.empty:
        return pd.Series(dtype="object"), pd.DataFrame({"bygd_id": [], "name": []})
    at = snap(network, members.geometry, np.inf)
    label = np.zeros(1, dtype=np.int64)
    if len(members) > 1:
        limit = rules.bygd_km * 1000 + HAIR_M
        label = _complete_linkage(road_matrix(network, at, at, bound=limit), limit)
    frame = pd.DataFrame(
        {
            "ort_id": members["ort_id"].to_numpy(),
            "name": members["name"].to_numpy(),
            "people": members["ort_id"].map(people).to_numpy(),
            "nameless": (members["kind"] == CLUSTER).to_numpy(),
            "label": label,
        }
    )
    # A named place lends its name before a cluster does: clusters come and go with a few people.
    frame = frame.sort_values(["nameless", "people", "ort_id"], ascending=[True, False, True])
    largest = frame.drop_duplicates("label").set_index("label")
    size = frame["label"].value_counts()
    bygder = pd.DataFrame(
        {
            "bygd_id": largest["ort_id"] + "-bygd",
            "name": largest["name"].where(
                size.reindex(largest.index) == 1, largest["name"] + " med omnejd"
            ),
        }
    )
    bygd_of_ort = frame["label"].map(bygder["bygd_id"]).set_axis(frame["ort_id"])
    return bygd_of_ort, bygder.sort_values("bygd_id", ignore_index=True)


def _complete_linkage(road_m: npt.NDArray[np.float64], limit_m: float) -> npt.NDArray[np.int64]:
    """Group so that no two members are further apart than the limit."""
    shorter = np.minimum(road_m, road_m.T)
    np.fill_diagonal(shorter, 0.0)
    # The linkage needs finite numbers; what is too far, or cannot be reached, is beyond the limit.
    shorter = np.where(np.isfinite(shorter), shorter, 1e9)
    tree = hierarchy.linkage(squareform(shorter, checks=False), method="complete")
    return np.asarray(hierarchy.fcluster(tree, limit_m, criterion="distance"), dtype=np.int64)
