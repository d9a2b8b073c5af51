"""Every travel time of the embedded data, computed a second time from the files themselves.

The roads are read by osmnx, houses and sites are put on them by measuring the distance to every
road, each road is split at each of them, and networkx drives. Of the package only the settings and
the result are used.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import networkx as nx
import numpy as np
import osmnx as ox
import pandas as pd
import pyproj
import pytest
import shapely
from tests.oracle import Cost

from glesservice.analysis import analyse

if TYPE_CHECKING:
    from glesservice.analysis import Result
    from glesservice.config import Settings
    from glesservice.sources import Inputs

SWEREF = "EPSG:3006"
AT_A_JUNCTION_M = 0.01


class Street(NamedTuple):
    """One direction of travel along a road."""

    begin: int
    end: int
    metres: float
    seconds: float
    line: shapely.LineString


class Ways(NamedTuple):
    """What it takes from every cell to every site that counts, access legs included.

    ``least`` is what the way makes smallest, ``along`` the other measure of that way.
    """

    cells: list[str]
    sites: list[str]
    service: list[str]
    least: np.ndarray
    along: np.ndarray


# The table of the result that each measure makes, the other measure, and how exact each is.
TABLES = {"metres": ("access", "seconds"), "seconds": ("drive", "metres")}
EXACT = {"seconds": 1e-6, "metres": 1e-3}


@pytest.fixture(scope="module")
def extent(settings: Settings) -> shapely.Polygon:
    kommun = gpd.read_file(settings.boundary.path, layer="kommun").to_crs(SWEREF)
    return kommun.geometry.iloc[0].buffer(settings.area.buffer_km * 1000)


@pytest.fixture(scope="module")
def streets(settings: Settings, extent: shapely.Polygon) -> list[Street]:
    """The directions of travel that can be driven there and back."""
    graph = ox.load_graphml(settings.roads[0].path)
    to_sweref = pyproj.Transformer.from_crs(graph.graph["crs"], SWEREF, always_xy=True)
    by_class = settings.network.class_speeds_kmh
    drivable = nx.MultiDiGraph()
    for begin, end, tags in graph.edges(data=True):
        line = shapely.transform(tags["geometry"], to_sweref.transform, interleaved=False)
        if tags["highway"] not in by_class or not line.intersects(extent):
            continue
        kmh = float(tags.get("maxspeed", by_class[tags["highway"]]))
        seconds = tags["length"] / (kmh / 3.6)
        drivable.add_edge(begin, end, street=Street(begin, end, tags["length"], seconds, line))
    parts = [drivable.subgraph(part) for part in nx.strongly_connected_components(drivable)]
    largest = max(parts, key=lambda part: part.number_of_edges())
    return [street for _, _, street in largest.edges(data="street")]


@pytest.fixture(scope="module")
def homes(settings: Settings) -> gpd.GeoSeries:
    """The middles of the municipality's populated cells, by cell id."""
    source = settings.population
    grid = gpd.read_file(source.path, layer=source.layer).to_crs(SWEREF)
    kommun = gpd.read_file(settings.boundary.path, layer="kommun").to_crs(SWEREF)
    middle = grid.set_index(source.id).centroid
    return middle[middle.within(kommun.geometry.iloc[0])]


@pytest.fixture(scope="module")
def shops(settings: Settings, extent: shapely.Polygon) -> gpd.GeoDataFrame:
    """The open sites that can be driven to, by site id."""
    table = pd.read_csv(settings.services[0].path).set_index("id")
    place = gpd.points_from_xy(table["lon"], table["lat"], crs="EPSG:4326").to_crs(SWEREF)
    frame = gpd.GeoDataFrame(table[["service", "status"]], geometry=place)
    return frame[(frame["status"] == "open") & frame.within(extent)].sort_index()


@pytest.fixture(scope="module")
def ways(
    settings: Settings, streets: list[Street], homes: gpd.GeoSeries, shops: gpd.GeoDataFrame
) -> dict[str, Ways]:
    return {by: driven(by, settings, streets, homes, shops) for by in TABLES}


def driven(
    by: str,
    settings: Settings,
    streets: list[Street],
    homes: gpd.GeoSeries,
    shops: gpd.GeoDataFrame,
) -> Ways:
    """Drive from every home to every shop: the shortest way, or the fastest."""
    points = {("home", cell): place for cell, place in homes.items()}
    points |= {("shop", site): place for site, place in shops.geometry.items()}
    graph = drivable_with(points, streets, settings, by)
    against_traffic = graph.reverse(copy=False)
    cells, sites = list(homes.index), list(shops.index)
    least = np.full((len(cells), len(sites)), np.inf)
    along = least.copy()
    for column, site in enumerate(sites):
        costs = nx.single_source_dijkstra_path_length(
            against_traffic, ("shop", site), weight="cost"
        )
        for row, cell in enumerate(cells):
            cost = costs.get(("home", cell))
            if cost is not None:
                least[row, column], along[row, column] = cost.main, cost.other
    return Ways(cells, sites, list(shops["service"]), least, along)


def drivable_with(
    points: dict[tuple[str, str], shapely.Point],
    streets: list[Street],
    settings: Settings,
    by: str,
) -> nx.MultiDiGraph:
    """Build the graph of all streets, split where a home or a shop meets them."""
    lines = np.array([street.line for street in streets])
    stops: list[list[tuple[float, object]]] = [
        [(0.0, street.begin), (1.0, street.end)] for street in streets
    ]
    graph = nx.MultiDiGraph()

    def taking(seconds: float, metres: float) -> Cost:
        return Cost(seconds, metres) if by == "seconds" else Cost(metres, seconds)

    for point, place in points.items():
        distance = shapely.distance(lines, place)
        nearest = int(distance.argmin())
        access_m = float(distance[nearest])
        if access_m > settings.network.access_max_m:
            continue
        at: object = ("beside the road", point)
        line = lines[nearest]
        along = line.project(place)
        if along <= AT_A_JUNCTION_M:
            at = streets[nearest].begin
        elif along >= line.length - AT_A_JUNCTION_M:
            at = streets[nearest].end
        else:  # on the street, and on the same road's other direction
            for number in np.flatnonzero(distance <= access_m + 1e-6):
                if lines[number].normalize().equals_exact(line.normalize(), 1e-6):
                    stops[number].append((lines[number].project(place, normalized=True), at))
        leg = taking(access_m * 3.6 / settings.network.access_kmh, access_m)
        if point[0] == "home":
            graph.add_edge(point, at, cost=leg)
        else:
            graph.add_edge(at, point, cost=leg)
    for street, on_it in zip(streets, stops, strict=True):
        for (begin, tail), (end, head) in pairwise(sorted(on_it, key=lambda stop: stop[0])):
            share = end - begin
            cost = taking(share * street.seconds, share * street.metres)
            graph.add_edge(tail, head, cost=cost)
    return graph


def test_the_second_computation_sees_the_same_homes_shops_and_services(
    ways: dict[str, Ways], result: Result, settings: Settings
) -> None:
    for drawn in ways.values():
        assert sorted(drawn.cells) == sorted(result.cells["cell_id"])
        assert drawn.sites == list(result.sites.loc[result.sites["counted"], "site_id"])
        assert set(drawn.service) & set(settings.policy.services) == set(result.access["service"])


@pytest.mark.parametrize("by", TABLES)
def test_every_distance_and_time_of_the_result_is_that_of_the_second_computation(
    ways: dict[str, Ways], result: Result, settings: Settings, by: str
) -> None:
    """Each cell, service and order: the times to 1 µs, the distances to 1 mm, the same sites."""
    compared = 0
    (name, other), second = TABLES[by], ways[by]
    table = getattr(result, name)
    for service, found in table.groupby("service"):
        columns = [column for column, kind in enumerate(second.service) if kind == service]
        sites = np.array(second.sites)[columns]
        least, along = second.least[:, columns], second.along[:, columns]
        best_first = np.lexsort((along, least), axis=1)
        by_order = {order: rows.set_index("cell_id") for order, rows in found.groupby("order")}
        wanted = min(settings.policy.sites_per_cell, len(columns))
        assert set(by_order) == set(range(1, wanted + 1))
        for order, rows in by_order.items():
            said = rows.loc[second.cells]  # a cell without a row is an error
            assert len(said) == len(rows) == len(second.cells)
            every = np.arange(len(second.cells))
            expected = best_first[:, order - 1]
            np.testing.assert_allclose(said[by], least[every, expected], rtol=0, atol=EXACT[by])
            # Where two sites are as far, either may be told: with its own distance.
            told = np.searchsorted(sites, said["site_id"].to_numpy(dtype=str))
            assert (sites[told] == said["site_id"].to_numpy()).all()
            tied = np.abs(least[every, told] - least[every, expected]) < EXACT[by]
            assert (tied | (told == expected)).all()
            np.testing.assert_allclose(said[other], along[every, told], rtol=0, atol=EXACT[other])
            compared += len(said)
        twice = found.duplicated(["cell_id", "site_id"])
        assert not twice.any()
    assert compared == len(table)


def test_the_distances_of_the_cells_are_those_of_the_second_computation(
    ways: dict[str, Ways], result: Result
) -> None:
    shown = {"metres": ("km", 1000), "seconds": ("minutes", 60)}
    for by, (column, unit) in shown.items():
        cells = result.cells.set_index("cell_id").loc[ways[by].cells]
        for service in result.weights.index:
            columns = [place for place, kind in enumerate(ways[by].service) if kind == service]
            least = np.sort(ways[by].least[:, columns], axis=1)
            for prefix, order in (("", 0), ("next_", 1)):
                said = cells[f"{prefix}{column}_{service}"] * unit
                np.testing.assert_allclose(said, least[:, order], rtol=0, atol=EXACT[by])


def test_the_earlier_way_takes_kilometres_from_the_fastest_drive(
    result: Result, inputs: Inputs, settings: Settings
) -> None:
    policy = settings.policy.model_copy(update={"way": "fastest"})
    earlier = analyse(inputs, settings.model_copy(update={"policy": policy}))
    pd.testing.assert_frame_equal(earlier.access, result.drive)
    pd.testing.assert_frame_equal(earlier.drive, result.drive)
    for service in result.weights.index:
        # No drive to any site is shorter than the shortest way to the nearest one.
        assert (earlier.cells[f"km_{service}"] >= result.cells[f"km_{service}"] - 1e-9).all()
        same = ["minutes", "next_minutes"]
        for column in (f"{name}_{service}" for name in same):
            pd.testing.assert_series_equal(earlier.cells[column], result.cells[column])
