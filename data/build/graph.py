"""The road graph as a GraphML file that osmnx reads, and that is the same each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import networkx as nx

from geodesy import Degrees
from roads import Road, split_at

FIRST_NODE = 24620001
# osmnx wants a date in the graph; the time of the build would make each file different.
GRAPH_TAGS = {
    "crs": "epsg:4326",
    "simplified": "True",
    "created_with": "glesservice data/build",
    "created_date": "2024-12-31 00:00:00",
}


def road_graph(first_nodes: Sequence[Degrees], roads: Sequence[Road]) -> nx.MultiDiGraph:
    """Cut the roads where they meet and make one edge for each direction of travel.

    Parameters
    ----------
    first_nodes
        The settlements, numbered first.
    roads
        All roads.

    Returns
    -------
    networkx.MultiDiGraph
        The graph with every attribute as text, as osmnx stores it.
    """
    pieces = list(_pieces(roads))
    ends = [*first_nodes, *(end for p in pieces for end in (p.coords[0], p.coords[-1]))]
    nodes = {point: FIRST_NODE + i for i, point in enumerate(dict.fromkeys(ends))}
    streets = Counter(end for p in pieces for end in (p.coords[0], p.coords[-1]))
    graph = nx.MultiDiGraph(**GRAPH_TAGS)
    for point, node in nodes.items():
        graph.add_node(node, x=str(point[0]), y=str(point[1]), street_count=str(streets[point]))
    for piece in pieces:
        start, end = nodes[piece.coords[0]], nodes[piece.coords[-1]]
        graph.add_edge(start, end, **_attributes(piece, piece.coords, is_reversed=False))
        if not piece.oneway:
            back = piece.coords[::-1]
            graph.add_edge(end, start, **_attributes(piece, back, is_reversed=True))
    return graph


def write_graph(graph: nx.MultiDiGraph, path: Path) -> None:
    """Write the graph.

    Parameters
    ----------
    graph
        What ``road_graph`` gave.
    path
        The file to write.
    """
    # The plain writer, named outright: write_graphml takes lxml where it happens to be installed,
    # and the two lay out their bytes differently.
    nx.write_graphml_xml(graph, path)


def _pieces(roads: Sequence[Road]) -> Iterator[Road]:
    """Cut every road at the ends of the others."""
    joints = {end for road in roads for end in (road.coords[0], road.coords[-1])}
    for road in roads:
        inner = range(1, len(road.coords) - 1)
        yield from split_at(road, [i for i in inner if road.coords[i] in joints])


def _attributes(road: Road, coords: Sequence[Degrees], *, is_reversed: bool) -> dict[str, str]:
    points = ", ".join(f"{lon:.6f} {lat:.6f}" for lon, lat in coords)
    return {
        "osmid": str(road.way),
        "highway": road.highway,
        **dict(road.tags),
        "oneway": str(road.oneway),
        "reversed": str(is_reversed),
        "length": f"{road.metres:.1f}",
        "glesservice:origin": road.origin,
        "geometry": f"LINESTRING ({points})",
    }
