"""Roads from OpenStreetMap: a graph as OSMnx makes it, or a PBF extract, to the edge table."""

from __future__ import annotations

import itertools
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import pyproj
import shapely

from glesservice.errors import Fault, InputError
from glesservice.sources import osm_tags
from glesservice.tables import CRS, EDGES, check

if TYPE_CHECKING:
    import networkx as nx

WGS84 = pyproj.Geod(ellps="WGS84")


def edges_from_osmnx(graph: nx.MultiDiGraph[Any], where: str = "graph") -> gpd.GeoDataFrame:
    """Return the edge table of a graph as OSMnx makes them.

    Parameters
    ----------
    graph
        Directed multigraph; nodes have ``x`` and ``y`` in ``graph.graph["crs"]``, edges have
        ``length`` in metres and may have ``geometry``. An edge is one direction of travel.
    where
        What to call the graph in messages.

    Returns
    -------
    GeoDataFrame
        Schema ``EDGES``: the two directions of one road are one row.

    Raises
    ------
    InputError
        If there are no edges, or nodes or edges lack what is needed.
    """
    if graph.number_of_edges() == 0:
        raise InputError(Fault("the graph has no roads", where, "Use a larger extract"))
    missing = [node for node, data in graph.nodes(data=True) if "x" not in data or "y" not in data]
    missing += [(u, v) for u, v, data in graph.edges(data=True) if "length" not in data]
    if missing or "crs" not in graph.graph:
        raise InputError(
            Fault(
                "the graph lacks crs, node x and y, or edge length"
                + (f" (first: {missing[0]})" if missing else ""),
                where,
                "Save it with osmnx.save_graphml",
            )
        )
    return _as_table(_merged_directions(graph), str(graph.graph["crs"]), where)


def _merged_directions(graph: nx.MultiDiGraph[Any]) -> list[dict[str, Any]]:
    """Make one row of the two directions of a road."""
    number = {node: position for position, node in enumerate(sorted(graph.nodes))}
    rows: dict[tuple[object, ...], dict[str, Any]] = {}
    for u, v, data in sorted(
        graph.edges(data=True), key=lambda edge: (number[edge[0]], number[edge[1]])
    ):
        line = data.get("geometry")
        if line is None:
            line = shapely.LineString(
                [(graph.nodes[end]["x"], graph.nodes[end]["y"]) for end in (u, v)]
            )
        turned = shapely.reverse(line)
        # Of a road's two directions the one from the lower node is drawn; a loop by its shape.
        straight = (
            (number[u], line.wkb) <= (number[v], turned.wkb) if u == v else (number[u] < number[v])
        )
        ends = (number[u], number[v]) if straight else (number[v], number[u])
        drawn = line if straight else turned
        key = (*ends, round(float(data["length"]), 3), drawn.wkb)
        row = rows.setdefault(
            key,
            {
                "u": ends[0],
                "v": ends[1],
                "length_m": float(data["length"]),
                **_attributes(data),
                "forward": False,
                "backward": False,
                "geometry": drawn,
            },
        )
        row["forward" if straight else "backward"] = True
    return list(rows.values())


def _attributes(tags: Any) -> dict[str, Any]:
    """Read what the tags say about a road."""
    return {
        "highway": osm_tags.first(tags.get("highway")),
        "ref": osm_tags.first(tags.get("ref")),
        "surface": osm_tags.first(tags.get("surface")),
        "maxspeed_kmh": osm_tags.speed_kmh(tags.get("maxspeed")),
        "closed": osm_tags.closed_season(tags),
    }


def edges_from_extract(path: Path) -> gpd.GeoDataFrame:
    """Return the edge table of an OpenStreetMap extract, PBF or XML.

    Parameters
    ----------
    path
        The extract.

    Returns
    -------
    GeoDataFrame
        Schema ``EDGES``: ways that the public may drive, cut at junctions. Roads that cross
        without a common node (bridges, tunnels) do not meet. Of a way that leaves the extract
        the parts inside are kept. Lengths are on the ellipsoid.

    Raises
    ------
    InputError
        If the file is no readable extract or holds no roads.
    """
    where = str(path)
    ways: list[tuple[list[int], list[tuple[float, float]], dict[str, str]]] = []
    try:
        file = osmium.io.File(where, "pbf" if path.suffix.lower() == ".pbf" else "osm")
        reader = osmium.FileProcessor(file, osmium.osm.NODE | osmium.osm.WAY).with_locations()
        for item in reader.with_filter(osmium.filter.KeyFilter("highway")):
            if isinstance(item, osmium.osm.Way):
                tags = dict(item.tags)
                if osm_tags.carries_cars(tags):
                    ways += [(*part, tags) for part in _parts_inside(item)]
    except (RuntimeError, osmium.InvalidLocationError) as error:
        raise InputError(
            Fault(f"the extract cannot be read ({error})", where, "Download it again")
        ) from None
    if not ways:
        raise InputError(Fault("the extract holds no roads", where, "Use a larger extract"))
    nodes = np.concatenate([refs for refs, _, _ in ways])
    ids, uses = np.unique(nodes, return_counts=True)
    junctions = set(ids[uses > 1].tolist())
    rows = [piece for way in ways for piece in _cut(*way, junctions)]
    return _as_table(rows, "EPSG:4326", where)


def _parts_inside(way: Any) -> list[tuple[list[int], list[tuple[float, float]]]]:
    """List the stretches of a way whose nodes are all in the extract: numbers and places."""
    inside = groupby(way.nodes, key=lambda node: node.location.valid())
    parts = [
        [(node.ref, (node.lon, node.lat)) for node in nodes] for known, nodes in inside if known
    ]
    return [([ref for ref, _ in part], [at for _, at in part]) for part in parts if len(part) > 1]


def _cut(
    refs: list[int],
    places: list[tuple[float, float]],
    tags: dict[str, str],
    junctions: set[int],
) -> list[dict[str, Any]]:
    """Cut a way at its junctions."""
    forward, backward = osm_tags.directions(tags)
    attributes = _attributes(tags)
    cuts = [
        position
        for position, ref in enumerate(refs)
        if position in {0, len(refs) - 1} or ref in junctions
    ]
    return [
        {
            "u": refs[begin],
            "v": refs[end],
            "length_m": _metres(places[begin : end + 1]),
            **attributes,
            "forward": forward,
            "backward": backward,
            "geometry": shapely.LineString(places[begin : end + 1]),
        }
        for begin, end in itertools.pairwise(cuts)
    ]


def _metres(places: list[tuple[float, float]]) -> float:
    """Measure a line of degrees on the ellipsoid."""
    lon, lat = zip(*places, strict=True)
    return float(WGS84.line_length(lon, lat))


def _as_table(rows: list[dict[str, Any]], crs: str, where: str) -> gpd.GeoDataFrame:
    """Make the checked edge table of rows."""
    frame = pd.DataFrame(rows)
    frame = frame[frame["highway"].notna()]
    geometry = gpd.GeoSeries(frame.pop("geometry"), crs=crs)
    edges = gpd.GeoDataFrame(frame, geometry=geometry.values, crs=crs).to_crs(CRS)
    return check(edges, EDGES, where)
