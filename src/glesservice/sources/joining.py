"""Joining dead ends to the roads beside them: across a border, or over a gap in the drawing."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.ops import substring

from glesservice.config import CLASS_SPEEDS_KMH

Ints = npt.NDArray[np.int64]


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
    ends = dead_ends(more)
    roads = carries_cars(edges)
    tree = shapely.STRtree(edges.geometry.to_numpy()[roads])
    end, road = tree.query_nearest(ends.geometry.to_numpy(), max_distance=reach_m)
    # Of several at the same distance the first.
    end, first = np.unique(end, return_index=True)
    if not len(end):
        return edges, more
    met = ends.iloc[end].assign(link=roads[road[first]])
    new_node = int(max(edges[["u", "v"]].to_numpy().max(), more[["u", "v"]].to_numpy().max())) + 1
    cut, met = cut_where_met(edges, met, new_node)
    return cut, gpd.GeoDataFrame(
        pd.concat([more, connections(more, met)], ignore_index=True), crs=more.crs
    )


def carries_cars(edges: gpd.GeoDataFrame) -> Ints:
    """Return the positions of the links whose class carries cars.

    Parameters
    ----------
    edges
        Links (schema ``EDGES``).
    """
    return np.flatnonzero(edges["highway"].isin(list(CLASS_SPEEDS_KMH)).to_numpy())


def dead_ends(edges: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the nodes that only one link reaches.

    Parameters
    ----------
    edges
        Links (schema ``EDGES``).

    Returns
    -------
    GeoDataFrame
        ``node``, rising; ``own``, the position of its link; the place.
    """
    nodes = edges[["u", "v"]].to_numpy().T.ravel()
    names, at, count = np.unique(nodes, return_index=True, return_counts=True)
    at = at[count == 1]
    side, own = np.divmod(at, len(edges))
    lines = edges.geometry.to_numpy()[own]
    return gpd.GeoDataFrame(
        {"node": names[count == 1], "own": own},
        geometry=shapely.get_point(lines, np.where(side == 0, 0, -1)),
        crs=edges.crs,
    )


def cut_where_met(
    edges: gpd.GeoDataFrame, met: gpd.GeoDataFrame, new_node: int
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Cut links at the points nearest to some places.

    Parameters
    ----------
    edges
        Links (schema ``EDGES``).
    met
        Places, each with the position of its ``link``.
    new_node
        The first node number that is free.

    Returns
    -------
    tuple of GeoDataFrame
        The links, those that were cut last and in pieces; and the places with the ``meeting``
        node and its ``point``.
    """
    lines = edges.geometry.to_numpy()[met["link"]]
    share = shapely.line_locate_point(lines, met.geometry.to_numpy(), normalized=True)
    ends = edges[["u", "v"]].to_numpy()[met["link"]]
    meeting = np.where(share == 0, ends[:, 0], ends[:, 1])
    points = np.where(share == 0, shapely.get_point(lines, 0), shapely.get_point(lines, -1))
    pieces: list[dict[str, object]] = []
    within = (share > 0) & (share < 1)
    links = met["link"].to_numpy()
    for link in np.unique(links[within]).tolist():
        here = np.flatnonzero(within & (links == link))
        shares, which = np.unique(share[here], return_inverse=True)
        line = edges.geometry.iloc[link]
        meeting[here] = new_node + which
        points[here] = shapely.line_interpolate_point(line, shares, normalized=True)[which]
        pieces += _pieces(edges.iloc[link], shares.tolist(), new_node)
        new_node += len(shares)
    if pieces:
        rest = edges.drop(edges.index[np.unique(links[within])])
        halves = gpd.GeoDataFrame(pieces, geometry="geometry", crs=edges.crs)
        edges = gpd.GeoDataFrame(pd.concat([rest, halves], ignore_index=True), crs=edges.crs)
    return edges, met.assign(meeting=meeting, point=points)


def _pieces(link: pd.Series, shares: list[float], new_node: int) -> list[dict[str, object]]:
    """Cut one link at shares of its length; each piece keeps what is known of the whole."""
    bounds = [0.0, *shares, 1.0]
    nodes = [link["u"], *range(new_node, new_node + len(shares)), link["v"]]
    return [
        link.to_dict()
        | {
            "u": nodes[piece],
            "v": nodes[piece + 1],
            "length_m": link["length_m"] * (bounds[piece + 1] - bounds[piece]),
            "geometry": substring(link.geometry, bounds[piece], bounds[piece + 1], normalized=True),
        }
        for piece in range(len(shares) + 1)
    ]


def connections(edges: gpd.GeoDataFrame, met: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return straight links from dead ends to where they meet another road.

    Parameters
    ----------
    edges
        The links that end dead.
    met
        The dead ends with the position of their ``own`` link, the ``meeting`` node and its
        ``point``.

    Returns
    -------
    GeoDataFrame
        Links of the own link's class and directions.
    """
    links = []
    for node, own, place, meeting, point in zip(
        met["node"], met["own"], met.geometry, met["meeting"], met["point"], strict=True
    ):
        row = edges.iloc[own]
        begins = row["u"] == node
        towards, away = ("backward", "forward") if begins else ("forward", "backward")
        turned = {}
        if begins and pd.notna(row.get("maxspeed_backward_kmh")):
            turned = {
                "maxspeed_kmh": row["maxspeed_backward_kmh"],
                "maxspeed_backward_kmh": row["maxspeed_kmh"],
            }
        links.append(
            row.to_dict()
            | turned
            | {
                "u": node,
                "v": meeting,
                "length_m": float(place.distance(point)),
                "forward": row[towards],
                "backward": row[away],
                "geometry": shapely.LineString([place, point]),
            }
        )
    return gpd.GeoDataFrame(links, geometry="geometry", crs=edges.crs)
