"""Joining a road source that ends at a border to the roads on the other side."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from glesservice.config import CLASS_SPEEDS_KMH


def join_dead_ends(
    edges: gpd.GeoDataFrame, more: gpd.GeoDataFrame, reach_m: float
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return two edge tables whose roads meet where the second one ends.

    Parameters
    ----------
    edges
        Links (schema ``EDGES``) of the sources before.
    more
        Links of the source whose dead ends are to be joined; its node numbers are its own.
    reach_m
        Dead ends within so many metres of a link of ``edges`` are joined to it.

    Returns
    -------
    tuple of GeoDataFrame
        ``edges`` with the links cut where a road now begins, and ``more`` with a straight
        connecting link, of the dead end's own class, for each joined end.
    """
    ends = pd.concat([more["u"], more["v"]])
    dead = ends.value_counts().loc[lambda count: count == 1].index.sort_values()
    new_node = int(max(edges[["u", "v"]].to_numpy().max(), more[["u", "v"]].to_numpy().max())) + 1
    links = []
    for node in dead:
        row = more.loc[(more["u"] == node) | (more["v"] == node)].iloc[0]
        place = shapely.get_point(row.geometry, 0 if row["u"] == node else -1)
        distance = edges.distance(place).to_numpy(copy=True)
        distance[~edges["highway"].isin(CLASS_SPEEDS_KMH).to_numpy()] = np.inf  # no cars there
        nearest = int(np.argmin(distance))
        if distance[nearest] > reach_m:
            continue
        edges, meeting, point = _cut_at(edges, nearest, place, new_node)
        new_node += 1
        towards, away = ("backward", "forward") if row["u"] == node else ("forward", "backward")
        links.append(
            {
                **row.drop("geometry").to_dict(),
                "forward": row[towards],
                "backward": row[away],
                "u": node,
                "v": meeting,
                "length_m": float(distance[nearest]),
                "geometry": shapely.LineString([place, point]),
            }
        )
    if not links:
        return edges, more
    added = gpd.GeoDataFrame(links, geometry="geometry", crs=more.crs)
    return edges, gpd.GeoDataFrame(pd.concat([more, added], ignore_index=True), crs=more.crs)


def _cut_at(
    edges: gpd.GeoDataFrame, position: int, place: shapely.Point, new_node: int
) -> tuple[gpd.GeoDataFrame, int, shapely.Point]:
    """Cut one link at its nearest point to a place; return the table, the node and its point."""
    row = edges.iloc[position]
    share = float(shapely.line_locate_point(row.geometry, place, normalized=True))
    if share in {0.0, 1.0}:
        end = 0 if share == 0.0 else -1
        return edges, int(row["u" if share == 0.0 else "v"]), shapely.get_point(row.geometry, end)
    before, after = row.to_dict(), row.to_dict()
    before["v"] = after["u"] = new_node
    before["length_m"], after["length_m"] = row["length_m"] * share, row["length_m"] * (1 - share)
    before["geometry"] = substring(row.geometry, 0, share, normalized=True)
    after["geometry"] = substring(row.geometry, share, 1, normalized=True)
    halves = gpd.GeoDataFrame([before, after], geometry="geometry", crs=edges.crs)
    rest = edges.drop(edges.index[position])
    cut = gpd.GeoDataFrame(pd.concat([rest, halves], ignore_index=True), crs=edges.crs)
    return cut, new_node, shapely.line_interpolate_point(row.geometry, share, normalized=True)
