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

if TYPE_CHECKING:
    from glesservice.analysis import Result
    from glesservice.config import Settings

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
    """Seconds and metres from every cell to every site that counts, access legs included."""

    cells: list[str]
    sites: list[str]
    service: list[str]
    seconds: np.ndarray
    metres: np.ndarray


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
    table = pd.read_csv(settings.services.path).set_index("id")
    place = gpd.points_from_xy(table["lon"], table["lat"], crs="EPSG:4326").to_crs(SWEREF)
    frame = gpd.GeoDataFrame(table[["service", "status"]], geometry=place)
    return frame[(frame["status"] == "open") & frame.within(extent)].sort_index()


@pytest.fixture(scope="module")
def ways(
    settings: Settings, streets: list[Street], homes: gpd.GeoSeries, shops: gpd.GeoDataFrame
) -> Ways:
    points = {("home", cell): place for cell, place in homes.items()}
    points |= {("shop", site): place for site, place in shops.geometry.items()}
    graph = drivable_with(points, streets, settings)
    against_traffic = graph.reverse(copy=False)
    cells, sites = list(homes.index), list(shops.index)
    seconds = np.full((len(cells), len(sites)), np.inf)
    metres = seconds.copy()
    for column, site in enumerate(sites):
        costs = nx.single_source_dijkstra_path_length(
            against_traffic, ("shop", site), weight="cost"
        )
        for row, cell in enumerate(cells):
            cost = costs.get(("home", cell))
            if cost is not None:
                seconds[row, column], metres[row, column] = cost.main, cost.other
    return Ways(cells, sites, list(shops["service"]), seconds, metres)


def drivable_with(
    points: dict[tuple[str, str], shapely.Point], streets: list[Street], settings: Settings
) -> nx.MultiDiGraph:
    """Build the graph of all streets, split where a home or a shop meets them."""
    lines = np.array([street.line for street in streets])
    stops: list[list[tuple[float, object]]] = [
        [(0.0, street.begin), (1.0, street.end)] for street in streets
    ]
    graph = nx.MultiDiGraph()
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
        leg = Cost(access_m * 3.6 / settings.network.access_kmh, access_m)
        if point[0] == "home":
            graph.add_edge(point, at, cost=leg)
        else:
            graph.add_edge(at, point, cost=leg)
    for street, on_it in zip(streets, stops, strict=True):
        for (begin, tail), (end, head) in pairwise(sorted(on_it, key=lambda stop: stop[0])):
            share = end - begin
            graph.add_edge(tail, head, cost=Cost(share * street.seconds, share * street.metres))
    return graph


def test_the_second_computation_sees_the_same_homes_shops_and_services(
    ways: Ways, result: Result, settings: Settings
) -> None:
    assert sorted(ways.cells) == sorted(result.cells["cell_id"])
    assert ways.sites == list(result.sites.loc[result.sites["counted"], "site_id"])
    assert set(ways.service) & set(settings.policy.services) == set(result.access["service"])


def test_every_distance_and_time_of_the_result_is_that_of_the_second_computation(
    ways: Ways, result: Result, settings: Settings
) -> None:
    """Each cell, service and order: the times to 1 µs, the distances to 1 mm, the same sites."""
    compared = 0
    for service, found in result.access.groupby("service"):
        columns = [column for column, kind in enumerate(ways.service) if kind == service]
        sites = np.array(ways.sites)[columns]
        seconds, metres = ways.seconds[:, columns], ways.metres[:, columns]
        best_first = np.lexsort((metres, seconds), axis=1)
        by_order = {order: rows.set_index("cell_id") for order, rows in found.groupby("order")}
        wanted = min(settings.policy.sites_per_cell, len(columns))
        assert set(by_order) == set(range(1, wanted + 1))
        for order, rows in by_order.items():
            said = rows.loc[ways.cells]  # a cell without a row is an error
            assert len(said) == len(rows) == len(ways.cells)
            every = np.arange(len(ways.cells))
            expected = best_first[:, order - 1]
            np.testing.assert_allclose(said["seconds"], seconds[every, expected], rtol=0, atol=1e-6)
            # Where two sites are as far, either may be told: with its own distance.
            told = np.searchsorted(sites, said["site_id"].to_numpy(dtype=str))
            assert (sites[told] == said["site_id"].to_numpy()).all()
            tied = np.abs(seconds[every, told] - seconds[every, expected]) < 1e-6
            assert (tied | (told == expected)).all()
            np.testing.assert_allclose(said["metres"], metres[every, told], rtol=0, atol=1e-3)
            compared += len(said)
        twice = found.duplicated(["cell_id", "site_id"])
        assert not twice.any()
    assert compared == len(result.access)


def test_the_distances_of_the_cells_are_those_of_the_second_computation(
    ways: Ways, result: Result
) -> None:
    cells = result.cells.set_index("cell_id").loc[ways.cells]
    for service in result.weights.index:
        columns = [column for column, kind in enumerate(ways.service) if kind == service]
        seconds = ways.seconds[:, columns]
        first = seconds.min(axis=1)
        second = np.sort(seconds, axis=1)[:, 1]
        np.testing.assert_allclose(cells[f"minutes_{service}"] * 60, first, rtol=0, atol=1e-6)
        np.testing.assert_allclose(cells[f"next_minutes_{service}"] * 60, second, rtol=0, atol=1e-6)
        metres = ways.metres[:, columns][np.arange(len(cells)), seconds.argmin(axis=1)]
        np.testing.assert_allclose(cells[f"km_{service}"] * 1000, metres, rtol=0, atol=1e-3)
