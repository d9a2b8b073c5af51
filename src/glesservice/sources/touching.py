"""Roads that touch without meeting: found and told, and joined where the settings say so."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from glesservice.sources.joining import carries_cars, connections, cut_where_met, dead_ends

# An end this close to another road is more likely a gap in the drawing than a real dead end.
TOUCH_M = 2.0


def touching_ends(edges: gpd.GeoDataFrame, within_m: float = TOUCH_M) -> gpd.GeoDataFrame:
    """Return the dead ends that lie beside another road without meeting it.

    Parameters
    ----------
    edges
        Links (schema ``EDGES``) that carry cars.
    within_m
        How near, metres.

    Returns
    -------
    GeoDataFrame
        A row a dead end, by node number: ``node``, ``own`` and ``link`` (the positions of its link
        and of the road beside it), ``distance_m``, and where it is. Two dead ends beside each
        other are one row.
    """
    ends = dead_ends(edges)
    lines = edges.geometry.to_numpy()
    places = ends.geometry.to_numpy()
    end, link = shapely.STRtree(lines).query(places, predicate="dwithin", distance=within_m)
    own = ends["own"].to_numpy()[end]
    u, v = edges["u"].to_numpy(), edges["v"].to_numpy()
    # The short last piece of a road lies beside the road that it branches off from.
    branch = np.where(u[own] == ends["node"].to_numpy()[end], v[own], u[own])
    short = edges["length_m"].to_numpy()[own] <= 2 * within_m
    other = (link != own) & ~(short & ((u[link] == branch) | (v[link] == branch)))
    end, link = end[other], link[other]
    found = ends.iloc[end].assign(link=link, distance_m=shapely.distance(places[end], lines[link]))
    found = found.sort_values(["node", "distance_m", "link"]).drop_duplicates("node")
    # Of two dead ends beside each other the first stands for both.
    link_at, own_at = found["link"].to_numpy(), found["own"].to_numpy()
    pair = pd.MultiIndex.from_arrays([np.minimum(link_at, own_at), np.maximum(link_at, own_at)])
    apart = found.geometry.distance(_nearest_end(found, lines).set_crs(edges.crs))
    both = pair.duplicated() & np.isclose(apart, found["distance_m"])
    return found[~both].reset_index(drop=True)


def _nearest_end(found: gpd.GeoDataFrame, lines: np.ndarray) -> gpd.GeoSeries:
    """Return the nearer end of the road beside each dead end."""
    beside = lines[found["link"]]
    first, last = shapely.get_point(beside, 0), shapely.get_point(beside, -1)
    places = found.geometry.to_numpy()
    nearer = shapely.distance(places, first) <= shapely.distance(places, last)
    return gpd.GeoSeries(np.where(nearer, first, last), index=found.index)


def join_touching(edges: gpd.GeoDataFrame, within_m: float) -> gpd.GeoDataFrame:
    """Return links whose dead ends meet the roads that they touch.

    Parameters
    ----------
    edges
        Links (schema ``EDGES``).
    within_m
        How near, metres.

    Returns
    -------
    GeoDataFrame
        The links, cut where a dead end now meets them, and a straight connecting link for each.
    """
    roads = carries_cars(edges)
    met = touching_ends(edges.iloc[roads], within_m)
    if met.empty:
        return edges
    met = met.assign(own=roads[met["own"]], link=roads[met["link"]])
    cut, met = cut_where_met(edges, met, int(edges[["u", "v"]].to_numpy().max()) + 1)
    added = connections(edges, met)
    return gpd.GeoDataFrame(pd.concat([cut, added], ignore_index=True), crs=edges.crs)
