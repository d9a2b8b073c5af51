"""Roads of any supported format, to one edge table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from glesservice.config import Roads
from glesservice.errors import Fault, InputError
from glesservice.sources.cleaning import clean_links
from glesservice.sources.coordinates import refuse_elsewhere
from glesservice.sources.files import existing, refuse_entities
from glesservice.sources.joining import join_dead_ends
from glesservice.sources.layers import chosen_layer, column_names
from glesservice.sources.lines import edges_from_lines
from glesservice.sources.nvdb import edges_from_nvdb, is_nvdb
from glesservice.sources.osm import edges_from_extract, edges_from_osmnx
from glesservice.sources.touching import join_touching
from glesservice.tables import EDGES, check

__all__ = ["edges_from_osmnx", "read_roads"]

# A road may come out a little shorter than the straight line between its ends (generalised lines,
# lengths on a sphere), never much; and no link between two junctions is longer than Sweden.
LEAST_SHARE = 0.95
LONGEST_LINK_M = 1_600_000.0


def read_roads(sources: Sequence[Roads]) -> gpd.GeoDataFrame:
    """Return the links of all road sources together.

    Parameters
    ----------
    sources
        GraphML as OSMnx saves it, OSM PBF or XML, NVDB packages, or line layers with a class
        column.

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
        edges = clean_links(pd.concat([edges, more], ignore_index=True))
    edges = gpd.GeoDataFrame(check(edges, EDGES, "[roads]"))
    refuse_elsewhere(edges, "[roads]")
    _refuse_wrong_lengths(edges)
    return edges


def _refuse_wrong_lengths(edges: gpd.GeoDataFrame) -> None:
    """Stop where lengths cannot be metres: no road is shorter than the straight line."""
    lines = edges.geometry.to_numpy()
    straight = shapely.distance(shapely.get_point(lines, 0), shapely.get_point(lines, -1))
    length = edges["length_m"].to_numpy()
    wrong = (length < LEAST_SHARE * straight) | (length < 0) | (length > LONGEST_LINK_M)
    if wrong.any():
        raise InputError(
            Fault(
                f"{wrong.sum()} of {len(edges)} roads have a length that cannot be theirs "
                f"(the first: {length[wrong][0]:.6g} m, its ends are {straight[wrong][0]:.0f} m "
                "apart)",
                "[roads]",
                "Give the lengths in metres, or leave them to be measured",
            )
        )


def _read_one(source: Roads) -> gpd.GeoDataFrame:
    """Read one source, and join what touches where the settings say so."""
    edges = _read(source)
    if source.touch_m > 0:
        edges = clean_links(join_touching(edges, source.touch_m))
    return edges


def _read(source: Roads) -> gpd.GeoDataFrame:
    """Read one source by its format."""
    path = existing(source.path, "roads")
    if path.suffix.lower() in {".graphml", ".osm", ".xml"}:
        refuse_entities(path)
    if path.suffix.lower() in {".pbf", ".osm", ".xml"}:
        return edges_from_extract(path)
    if path.suffix.lower() == ".graphml":
        return _from_graphml(path)
    layer = chosen_layer(path, source.layer, "roads")
    where = f"{path}, layer {layer}"
    # Settings that describe the columns go before what the columns look like.
    known = source.class_column is None and is_nvdb(column_names(path, layer, "roads"))
    if source.format == "nvdb" or (source.format is None and known):
        return edges_from_nvdb(source, where)
    return edges_from_lines(source, where)


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
