"""Closing roads, so that nobody who lives along them is moved to another road.

Taking a link out of the table would attach who lives along it, or behind it, to the next road
through the woods: a bridge that is gone would bring people closer to the shop on the other side.
So a closed link stays, cut off from everything at its ends, and the table remembers which links
hung together before (``network.graph.HELD``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.ops import substring

from glesservice.analysis import build_network
from glesservice.config import Settings
from glesservice.errors import Fault, InputError
from glesservice.network.graph import HELD
from glesservice.scenarios.finding import unknown_road
from glesservice.sources import Inputs

Flags = npt.NDArray[np.bool_]

# A cut closer to a link's end than this, metres, is at the junction.
END_M = 0.01


def held(inputs: Inputs, settings: Settings) -> gpd.GeoDataFrame:
    """Return the links, those marked that are used as long as no road is closed.

    Parameters
    ----------
    inputs
        The tables.
    settings
        Buffer, speeds and season.

    Returns
    -------
    GeoDataFrame
        Schema ``EDGES`` and the column ``HELD``, index 0..n-1.
    """
    edges = inputs.edges.reset_index(drop=True)
    numbered = edges.assign(row=np.arange(len(edges)))
    roads = build_network(replace(inputs, edges=numbered), settings).table()
    used = np.zeros(len(edges), dtype=np.bool_)
    used[roads.loc[roads["connected"], "row"]] = True
    return edges.assign(**{HELD: used})


def close_links(edges: gpd.GeoDataFrame, closed: Flags) -> gpd.GeoDataFrame:
    """Return the links, some of them cut off at both ends.

    Parameters
    ----------
    edges
        What ``held`` returned.
    closed
        Which links cannot be driven.

    Returns
    -------
    GeoDataFrame
        The same rows, the closed ones last: who stands at a junction is attached to the first of
        its links, which is now an open one. A closed link meets no other link; along it one may
        still go from door to door.
    """
    fresh = _fresh(edges) + 2 * np.arange(int(closed.sum()))
    u, v = edges["u"].to_numpy().copy(), edges["v"].to_numpy().copy()
    u[closed], v[closed] = fresh, fresh + 1
    return _last(edges.assign(u=u, v=v), closed)


def cut_at(edges: gpd.GeoDataFrame, point: shapely.Point, within_m: float) -> gpd.GeoDataFrame:
    """Return the links, the one nearest to a point cut in two there.

    Parameters
    ----------
    edges
        What ``held`` returned.
    point
        Where the road is cut, EPSG:3006.
    within_m
        How far from the point the road may be, metres.

    Returns
    -------
    GeoDataFrame
        Nothing is lost of the road: who lives on either side keeps that side. Cut at its end, a
        link only leaves its junction.

    Raises
    ------
    InputError
        If no road in use is that near.
    """
    usable = np.flatnonzero(edges[HELD].to_numpy())
    distance = shapely.distance(edges.geometry.to_numpy()[usable], point)
    if len(usable) == 0 or distance.min() > within_m:
        raise InputError(
            Fault(
                f"no road is within {within_m:g} m of N {point.y:.0f} E {point.x:.0f}",
                "the road to close",
                "Give a position at the road, as lat and lon",
            )
        )
    row = int(usable[np.argmin(distance)])
    line = edges.geometry.iloc[row]
    return split_links(edges, {row: [float(line.project(point))]})


def split_links(edges: gpd.GeoDataFrame, cuts: dict[int, list[float]]) -> gpd.GeoDataFrame:
    """Return the links, some of them cut into pieces that do not meet.

    Parameters
    ----------
    edges
        What ``held`` returned.
    cuts
        Row, and where along its line it is cut, metres on the map.

    Returns
    -------
    GeoDataFrame
        The first piece stands in the row of the link, the others at the end; a link that leaves a
        junction stands at the end as well, so that who stands at the junction stays with it.
    """
    fresh = _fresh(edges)
    u, v = edges["u"].to_numpy().copy(), edges["v"].to_numpy().copy()
    length = edges["length_m"].to_numpy().astype(float).copy()
    lines = edges.geometry.to_numpy().copy()
    left = np.zeros(len(edges), dtype=np.bool_)
    more: list[tuple[int, int, int, float, shapely.Geometry]] = []
    for row, places in cuts.items():
        line, whole, last = lines[row], length[row], v[row]
        left[row] = min(places) <= END_M or max(places) >= line.length - END_M
        if min(places) <= END_M:
            u[row] = fresh
            fresh += 1
        if max(places) >= line.length - END_M:
            last = fresh
            fresh += 1
        inner = [place for place in sorted(places) if END_M < place < line.length - END_M]
        stops = [0.0, *inner, line.length]
        for number, (begin, end) in enumerate(pairwise(stops)):
            piece = substring(line, begin, end)
            metres = whole * (end - begin) / line.length
            finish = last if number == len(inner) else fresh
            fresh += number < len(inner)
            if number == 0:
                v[row], length[row], lines[row] = finish, metres, piece
            else:
                more.append((row, fresh, finish, metres, piece))
                fresh += 1
    changed = edges.assign(u=u, v=v, length_m=length).set_geometry(
        gpd.GeoSeries(lines, index=edges.index, crs=edges.crs)
    )
    if not more:
        return _last(changed, left)
    rows, starts, finishes, metres_of, shapes = zip(*more, strict=True)
    pieces = changed.iloc[list(rows)].assign(u=starts, v=finishes, length_m=metres_of)
    pieces = pieces.set_geometry(gpd.GeoSeries(shapes, index=pieces.index, crs=edges.crs))
    both = gpd.GeoDataFrame(pd.concat([changed, pieces], ignore_index=True), crs=edges.crs)
    return _last(both, np.append(left, np.zeros(len(pieces), dtype=np.bool_)))


def numbered(
    edges: gpd.GeoDataFrame, ref: str, between: Sequence[shapely.Point] | None, where: str
) -> Flags:
    """Return which links have a road number, or lie on its stretch between two points.

    Parameters
    ----------
    edges
        What ``held`` returned.
    ref
        The number; a link may have several.
    between
        Two points; all of the road where not given.
    where
        The step, for messages.

    Returns
    -------
    ndarray of bool
        One entry a link. Between two points these are the links of the shortest stretch of the
        numbered road, those nearest to the points included.

    Raises
    ------
    InputError
        If no road has the number, or it does not lead from the one point to the other.
    """
    numbers = edges["ref"].astype("object").fillna("").map(_numbers)
    wanted = _number(ref)
    has = np.array([wanted in of_link for of_link in numbers], dtype=np.bool_)
    has &= edges[HELD].to_numpy()
    if not has.any():
        known = pd.Series(sorted(set().union(*numbers)), dtype="object")
        raise InputError(unknown_road(ref, known, where))
    if between is None:
        return has
    rows = np.flatnonzero(has)
    lines = edges.geometry.to_numpy()[rows]
    first, last = (int(rows[np.argmin(shapely.distance(lines, point))]) for point in between)
    graph: nx.Graph[Any] = nx.Graph()
    u, v = edges["u"].to_numpy(), edges["v"].to_numpy()
    for row in rows:  # links are nodes here too, so that the stretch names them
        for end in (u[row], v[row]):
            graph.add_edge(("link", int(row)), int(end), metres=edges["length_m"].iloc[row] / 2)
    ends = ("link", first), ("link", last)
    if not nx.has_path(graph, *ends):
        raise InputError(
            Fault(
                f"road {ref} does not lead from the one point to the other",
                where,
                "Give two points on one unbroken stretch of it",
            )
        )
    stretch = nx.shortest_path(graph, *ends, weight="metres")
    closed = np.zeros(len(edges), dtype=np.bool_)
    closed[[node[1] for node in stretch if isinstance(node, tuple)]] = True
    return closed


def _last(edges: gpd.GeoDataFrame, chosen: Flags) -> gpd.GeoDataFrame:
    """Put some rows last."""
    order = np.concatenate([np.flatnonzero(~chosen), np.flatnonzero(chosen)])
    return edges.iloc[order].reset_index(drop=True)


def _fresh(edges: gpd.GeoDataFrame) -> int:
    """Return a node number from which on none is taken."""
    return int(edges[["u", "v"]].to_numpy().max()) + 1


def _numbers(refs: str) -> frozenset[str]:
    """Part the numbers of one link."""
    return frozenset(_number(ref) for ref in refs.split(";") if ref.strip())


def _number(ref: str) -> str:
    """Write a road number one way: E 45 is E45."""
    return "".join(ref.split()).upper()
