"""Roads of any supported format, to one edge table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from glesservice.config import Roads
from glesservice.errors import Fault, InputError
from glesservice.sources.files import existing, read_layer
from glesservice.sources.joining import join_dead_ends
from glesservice.sources.osm import WGS84, edges_from_extract, edges_from_osmnx
from glesservice.tables import EDGES, as_text, check

__all__ = ["edges_from_osmnx", "read_roads"]

# Ends of lines closer than this, metres, are the same junction: coordinates are written with
# centimetres at best.
SAME_NODE_M = 0.01


def read_roads(sources: Sequence[Roads]) -> gpd.GeoDataFrame:
    """Return the links of all road sources together.

    Parameters
    ----------
    sources
        GraphML or OSM XML as OSMnx reads them, OSM PBF, or line layers with a class column.

    Returns
    -------
    GeoDataFrame
        Schema ``EDGES``. Sources meet only where a source is told to join its dead ends.

    Raises
    ------
    InputError
        If a file cannot be read or its columns are not described in the settings.
    """
    edges = _read_one(sources[0])
    for source in sources[1:]:
        more = _read_one(source)
        offset = (
            int(edges[["u", "v"]].to_numpy().max()) + 1 - int(more[["u", "v"]].to_numpy().min())
        )
        more = more.assign(u=more["u"] + offset, v=more["v"] + offset)
        if source.join_m > 0:
            edges, more = join_dead_ends(edges, more, source.join_m)
        edges = pd.concat([edges, more], ignore_index=True)
    return check(edges, EDGES, "[roads]")


def _read_one(source: Roads) -> gpd.GeoDataFrame:
    """Read one source by its format."""
    path = existing(source.path, "roads")
    if path.suffix.lower() in {".pbf", ".osm", ".xml"}:
        return edges_from_extract(path)
    if path.suffix.lower() == ".graphml":
        return _from_graphml(path)
    return _from_lines(source)


def _from_graphml(path: Path) -> gpd.GeoDataFrame:
    """Read GraphML through OSMnx."""
    import osmnx  # noqa: PLC0415 (half a second that runs with other formats need not wait)

    try:
        # Closures come as text; OSMnx itself converts the attributes that it knows.
        graph = osmnx.load_graphml(path)
    except Exception as error:  # OSMnx and lxml raise whatever the broken file leads to
        raise InputError(
            Fault(
                f"the road graph cannot be read ({type(error).__name__}: {error})",
                str(path),
                "Save it anew with osmnx.save_graphml, or use a PBF extract",
            )
        ) from error
    return edges_from_osmnx(graph, str(path))


def _from_lines(source: Roads) -> gpd.GeoDataFrame:
    """Read a line layer with the columns that the settings name."""
    where = f"{source.path}, layer {source.layer or 'the only one'}"
    frame = read_layer(source.path, source.layer, "roads")
    named = {
        "class_column": source.class_column,
        "number_column": source.number_column,
        "speed_column": source.speed_column,
    } | {f"where.{column}": column for column in source.where}
    faults = [
        Fault(
            f"the column {column} is missing",
            where,
            f"Correct {key} under [roads]; there are: {', '.join(map(str, frame.columns))}",
        )
        for key, column in named.items()
        if column is not None and column not in frame.columns
    ]
    if source.class_column is None or not source.classes:
        faults.append(
            Fault(
                "it is not said which lines carry cars",
                where,
                "Name class_column and classes under [roads]",
            )
        )
    if faults:
        raise InputError(*faults)
    for column, allowed in source.where.items():
        frame = frame[as_text(frame[column]).isin(allowed)]
    highway = as_text(frame[source.class_column]).map(dict(source.classes))
    frame = frame.assign(highway=highway)[highway.notna()].explode(ignore_index=True)
    if frame.empty:
        raise InputError(
            Fault("no line carries cars", where, "Correct classes and where under [roads]")
        )
    wrong = frame.geom_type != "LineString"
    if wrong.any():
        kinds = ", ".join(sorted(frame.geom_type[wrong].astype("str").unique()))
        raise InputError(Fault(f"the geometry is {kinds}, not lines", where, "Use another layer"))
    return _edges_of_lines(frame, source, where)


def _edges_of_lines(frame: gpd.GeoDataFrame, source: Roads, where: str) -> gpd.GeoDataFrame:
    """Make links of lines: they meet where their ends do."""
    lines = frame.geometry.to_numpy()
    ends = np.vstack(
        [shapely.get_coordinates(shapely.get_point(lines, place)) for place in (0, -1)]
    )
    node = _same_places(ends)
    number = frame[source.number_column] if source.number_column else None
    speed = None
    if source.speed_column:
        limit = pd.to_numeric(frame[source.speed_column], errors="coerce")
        speed = limit.where(limit > 0)  # 0 stands for unknown
    degrees = frame.geometry.to_crs("EPSG:4326")
    edges = gpd.GeoDataFrame(
        {
            "u": node[: len(frame)],
            "v": node[len(frame) :],
            # On the ellipsoid: the projection is up to 4 cm in 100 m off.
            "length_m": [WGS84.geometry_length(line) for line in degrees],
            "highway": frame["highway"],
            "ref": None if number is None else as_text(number),
            "forward": True,
            "backward": True,
            "maxspeed_kmh": speed,
            "geometry": frame.geometry,
        },
        crs=frame.crs,
    )
    return check(edges, EDGES, where)


def _same_places(ends: np.ndarray) -> np.ndarray:
    """Number the ends so that those at the same junction have the same number."""
    pairs = cKDTree(ends).query_pairs(SAME_NODE_M, output_type="ndarray")
    links = sparse.coo_array(
        (np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(ends), len(ends))
    )
    return np.asarray(csgraph.connected_components(links, directed=False)[1], dtype=np.int64)
