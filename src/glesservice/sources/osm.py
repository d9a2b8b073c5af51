"""Roads from OpenStreetMap: a graph as OSMnx makes it, or an extract, to the edge table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from glesservice.errors import Fault, InputError
from glesservice.sources import osm_tags
from glesservice.sources.cleaning import clean_links
from glesservice.sources.osm_ways import Ways, cut_at_junctions, ways_from_osmium
from glesservice.sources.pbf import UnknownFeatureError, ways_from_pbf
from glesservice.tables import CRS, EDGES, check

if TYPE_CHECKING:
    import networkx as nx


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
    rows = _merged_directions(graph)
    if not rows:
        raise InputError(Fault("the graph has no roads for cars", where, "Use a larger extract"))
    return _as_table(rows, str(graph.graph["crs"]), where)


def _merged_directions(graph: nx.MultiDiGraph[Any]) -> list[dict[str, Any]]:
    """Make one row of the two directions of a road."""
    number = {node: position for position, node in enumerate(sorted(graph.nodes))}
    rows: dict[tuple[object, ...], dict[str, Any]] = {}
    for u, v, data in sorted(
        graph.edges(data=True), key=lambda edge: (number[edge[0]], number[edge[1]])
    ):
        if not osm_tags.carries_cars(data):
            continue
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
        # OSMnx keeps the way's tags on the edge that runs against it.
        along, against = osm_tags.limits_kmh(data)
        limit = against if data.get("reversed") is True else along
        row["maxspeed_kmh" if straight else "maxspeed_backward_kmh"] = limit
    return list(rows.values())


def _attributes(tags: Any) -> dict[str, Any]:
    """Read what the tags say about a road in both directions."""
    return {
        "highway": osm_tags.first(tags.get(osm_tags.ROAD)),
        "ref": osm_tags.first(tags.get("ref")),
        "surface": osm_tags.first(tags.get("surface")),
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
    try:
        ways = _ways(path)
    except Exception as error:  # osmium raises errors of its own without a common parent
        raise InputError(
            Fault(f"the extract cannot be read ({error})", where, "Download it again")
        ) from None
    public = np.array(
        [osm_tags.carries_cars(tags) and any(osm_tags.directions(tags)) for tags in ways.tags],
        dtype=bool,
    )
    pieces = cut_at_junctions(ways.with_tags(public))
    if not len(pieces.u):
        raise InputError(Fault("the extract holds no roads", where, "Use a larger extract"))
    said = pd.DataFrame([_said_of_way(tags) for tags in ways.tags])
    edges = gpd.GeoDataFrame(
        {
            # As objects, whose texts are shared: a road class stands in every row.
            **{name: said[name].astype("object").array[pieces.tagged] for name in said},
            "u": pieces.u,
            "v": pieces.v,
            "length_m": pieces.length_m,
        },
        geometry=pieces.lines,
        crs=CRS,
    )
    return clean_links(check(edges, EDGES, where))


def _ways(path: Path) -> Ways:
    """Read the roads of an extract, the usual kind of PBF with the quick reader."""
    if path.suffix.lower() == ".pbf":
        try:
            return ways_from_pbf(path, osm_tags.KEYS, osm_tags.ROAD)
        except UnknownFeatureError:
            pass
    return ways_from_osmium(path, osm_tags.KEYS, osm_tags.ROAD)


def _said_of_way(tags: dict[str, str]) -> dict[str, Any]:
    """Read what the tags say about a way, direction by direction."""
    forward, backward = osm_tags.directions(tags)
    along, against = osm_tags.limits_kmh(tags)
    return {
        **_attributes(tags),
        "forward": forward,
        "backward": backward,
        "maxspeed_kmh": along,
        "maxspeed_backward_kmh": against,
    }


def _as_table(rows: list[dict[str, Any]], crs: str, where: str) -> gpd.GeoDataFrame:
    """Make the checked edge table of rows."""
    frame = pd.DataFrame(rows)
    frame = frame[frame["highway"].notna()]
    geometry = gpd.GeoSeries(frame.pop("geometry"), crs=crs)
    edges = gpd.GeoDataFrame(frame, geometry=geometry.values, crs=crs).to_crs(CRS)
    return clean_links(check(edges, EDGES, where))
