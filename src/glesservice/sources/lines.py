"""Road lines of any layer, to the edge table: the settings say what the columns mean."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import cKDTree

from glesservice.config import Roads
from glesservice.errors import Fault, InputError
from glesservice.sources.cleaning import clean_links
from glesservice.sources.layers import read_layer
from glesservice.sources.measuring import ground_lengths
from glesservice.tables import EDGES, as_text, check

# Ends of lines closer than this, metres, are the same junction: coordinates are written with
# centimetres at best.
SAME_NODE_M = 0.01
# A length that the layer states is used where the drawn line confirms it: it may be of the whole of
# a line in parts, or in another unit.
LENGTHS_AGREE = 0.02


def edges_from_lines(source: Roads, where: str) -> gpd.GeoDataFrame:
    """Return the edge table of a line layer with the columns that the settings name.

    Parameters
    ----------
    source
        The layer, and what its columns mean.
    where
        File and layer, for the messages.

    Returns
    -------
    GeoDataFrame
        Schema ``EDGES``; lines meet where their ends do.

    Raises
    ------
    InputError
        If columns are missing or not described, or no line carries cars.
    """
    frame = read_layer(source.path, source.layer, "roads", crs=source.crs)
    _refuse_undescribed(source, frame, where)
    for column, allowed in source.where.items():
        frame = frame[as_text(frame[column]).isin(allowed)]
    highway = as_text(frame[source.class_column]).map(dict(source.classes))
    frame = frame.assign(highway=highway)[highway.notna()]
    one_way = _texts(frame, source.oneway_column).str.lower()
    limits = [
        posted_kmh(_texts(frame, column))
        for column in (source.speed_column, source.speed_backward_column)
    ]
    links = gpd.GeoDataFrame(
        {
            "highway": frame["highway"],
            "ref": _texts(frame, source.number_column),
            "surface": _texts(frame, source.surface_column),
            "forward": ~one_way.isin(_lower(source.oneway_backward)),
            "backward": ~one_way.isin(_lower(source.oneway_forward)),
            "maxspeed_kmh": limits[0],
            "maxspeed_backward_kmh": limits[1],
        },
        geometry=frame.geometry,
    )
    return edges_of_lines(links, where)


def edges_of_lines(links: gpd.GeoDataFrame, where: str) -> gpd.GeoDataFrame:
    """Return the edge table of lines whose columns are already those of the schema.

    Parameters
    ----------
    links
        Lines in EPSG:3006 with the columns of schema ``EDGES``, apart from nodes and length. A
        column ``length_m`` is used where the drawn line confirms it.
    where
        File and layer, for the messages.

    Returns
    -------
    GeoDataFrame
        Schema ``EDGES``; lines meet where their ends do, and nowhere else.

    Raises
    ------
    InputError
        If there is none, or the geometry is not lines.
    """
    if links.empty:
        raise InputError(
            Fault("no line carries cars", where, "Correct classes and where under [roads]")
        )
    links = links.explode(ignore_index=True)
    wrong = links.geom_type != "LineString"
    if wrong.any():
        kinds = ", ".join(sorted(links.geom_type[wrong].astype("str").unique()))
        raise InputError(Fault(f"the geometry is {kinds}, not lines", where, "Use another layer"))
    lines = links.geometry.to_numpy()
    beyond = np.cumsum(shapely.get_num_coordinates(lines))
    ends = shapely.get_coordinates(lines)[np.concatenate([[0], beyond[:-1], beyond - 1])]
    node = _same_places(ends)
    length = pd.Series(ground_lengths(links.geometry), index=links.index)
    if "length_m" in links:
        stated = links["length_m"]
        length = stated.where((stated - length).abs() <= LENGTHS_AGREE * length, length)
    edges = links.assign(u=node[: len(links)], v=node[len(links) :], length_m=length)
    return clean_links(check(edges, EDGES, where))


def posted_kmh(values: pd.Series) -> pd.Series:
    """Return limits of a column of numbers or texts, missing where none is posted.

    Parameters
    ----------
    values
        Such as ``70``, ``"70"``, ``"70 km/h"``; 0 stands for unknown.
    """
    number = as_text(values).astype("str").str.extract(r"^(\d+(?:\.\d+)?)", expand=False)
    limit = pd.to_numeric(number, errors="coerce")
    return limit.where(limit > 0)


def _refuse_undescribed(source: Roads, frame: gpd.GeoDataFrame, where: str) -> None:
    """Stop where columns are missing, or it is not said what carries cars."""
    named = {
        key: getattr(source, key)
        for key in (
            "class_column",
            "number_column",
            "speed_column",
            "speed_backward_column",
            "oneway_column",
            "surface_column",
        )
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


def _texts(frame: gpd.GeoDataFrame, column: str | None) -> pd.Series:
    """Read a column of texts; nothing where the layer has none."""
    if column is None:
        return pd.Series(None, index=frame.index, dtype="object")
    return as_text(frame[column])


def _lower(values: tuple[str, ...]) -> list[str]:
    """Write values in small letters."""
    return [value.lower() for value in values]


def _same_places(ends: np.ndarray) -> np.ndarray:
    """Number the ends so that those at the same junction have the same number."""
    pairs = cKDTree(ends).query_pairs(SAME_NODE_M, output_type="ndarray")
    links = sparse.coo_array(
        (np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(ends), len(ends))
    )
    return np.asarray(csgraph.connected_components(links, directed=False)[1], dtype=np.int64)
