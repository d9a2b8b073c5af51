"""Roads drawn by hand for tests: as links, as a layer, as an OpenStreetMap extract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import geopandas as gpd
import networkx as nx
import osmium
from shapely import LineString

from glesservice.tables import EDGES, check

E0, N0 = 500_000, 7_200_000  # SWEREF 99 TM's central meridian


def line(*places: tuple[float, float]) -> LineString:
    """Draw a line through places given in metres from a corner."""
    return LineString([(E0 + east, N0 + north) for east, north in places])


def layer(path: Path, shapes: list[object], /, crs: int = 3006, **columns: object) -> Path:
    """Write a line layer."""
    gpd.GeoDataFrame(columns, geometry=shapes, crs=3006).to_crs(crs).to_file(path, layer="vagar")
    return path


def links(*rows: tuple[int, int, LineString], **columns: object) -> gpd.GeoDataFrame:
    """Make an edge table by hand: u, v and the line, which is as long as it is drawn."""
    frame = gpd.GeoDataFrame(
        {
            "u": [u for u, _, _ in rows],
            "v": [v for _, v, _ in rows],
            "length_m": [shape.length for *_, shape in rows],
            "highway": "secondary",
            "forward": True,
            "backward": True,
        }
        | columns,
        geometry=[shape for *_, shape in rows],
        crs=3006,
    )
    return check(frame, EDGES, "by hand")


def pbf(
    path: Path,
    nodes: Mapping[int, tuple[float, float]],
    ways: Iterable[tuple[list[int], Mapping[str, str]]],
) -> Path:
    """Write an OpenStreetMap extract: nodes as lon and lat, ways as node numbers and tags."""
    with osmium.SimpleWriter(str(path)) as writer:
        for number, place in nodes.items():
            writer.add_node(osmium.osm.mutable.Node(id=number, location=place, version=1))
        for number, (refs, tags) in enumerate(ways, start=1):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags, version=1))
    return path


def graph_of(edges: gpd.GeoDataFrame) -> nx.MultiDiGraph:
    """Build the directed graph of an edge table."""
    graph = nx.MultiDiGraph()
    for link in edges.itertuples():
        if link.forward:
            graph.add_edge(link.u, link.v, length=link.length_m)
        if link.backward:
            graph.add_edge(link.v, link.u, length=link.length_m)
    return graph
