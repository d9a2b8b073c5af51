"""Attach points to the nearest point on a road, never merely to the nearest junction."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numba
import numpy as np
import pandas as pd
import shapely

from glesservice.network.graph import Floats, Ints, RoadNetwork

# Closer to a link's end than this, metres, a point stands at the junction itself: coordinates are
# not known better, and rounding must not put a house on the wrong side of a one-way street's start.
END_M = 0.01
# Places along a link are told apart in steps of this, metres: a house and a shop opposite each
# other on a one-way street stand at one place, not a rounding error behind one another.
STEP_M = 1e-6


@dataclass(frozen=True, eq=False)
class Snap:
    """Where points meet the road.

    Attributes
    ----------
    link
        Number of the link, -1 for a point too far from every road.
    fraction
        Where on the link, as a share of its length from ``u``.
    access_m
        Straight distance to that place, metres; NaN for a point too far from every road.

    Examples
    --------
    >>> from glesservice.network import at_nodes, example_road
    >>> at = at_nodes(example_road(), np.array([0, 3]))
    >>> len(at), at.take(slice(1)).link.tolist()
    (2, [0])
    """

    link: Ints
    fraction: Floats
    access_m: Floats

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.link)

    def take(self, positions: Ints | slice) -> Snap:
        """Return the same for some of the points.

        Parameters
        ----------
        positions
            Which points, in which order.
        """
        return Snap(self.link[positions], self.fraction[positions], self.access_m[positions])


def snap(network: RoadNetwork, points: gpd.GeoSeries, max_m: float) -> Snap:
    """Return where points meet the connected network.

    Parameters
    ----------
    network
        The roads.
    points
        Points in EPSG:3006.
    max_m
        Points further than this from every road, metres, are not attached.

    Returns
    -------
    Snap
        One entry a point, in their order. Of several links at the same distance the one with the
        lowest number is taken, so that the answer does not hang on the index.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from glesservice.network import example_road, snap
    >>> houses = gpd.GeoSeries.from_xy([505_000, 505_000], [7_200_200, 7_209_000], crs="EPSG:3006")
    >>> at = snap(example_road(), houses, max_m=2000)
    >>> at.link.tolist(), at.fraction.round(3).tolist(), at.access_m.tolist()
    ([0, -1], [0.5, 0.0], [200.0, nan])
    """
    geometry = points.to_numpy()
    n = len(geometry)
    link = np.full(n, -1, dtype=np.int64)
    fraction = np.zeros(n)
    access = np.full(n, np.nan)
    if n == 0:
        return Snap(link, fraction, access)
    (point, found), distance = network.tree.query_nearest(
        geometry, max_distance=max_m, return_distance=True, all_matches=True
    )
    hits = pd.DataFrame(
        {"point": point, "link": network.connected_links[found], "distance": distance}
    )
    first = hits.sort_values(["point", "distance", "link"]).drop_duplicates("point")
    at = first["point"].to_numpy()
    link[at] = first["link"].to_numpy()
    access[at] = first["distance"].to_numpy()
    lines = network.lines[link[at]]
    length = shapely.length(lines)
    along = np.round(shapely.line_locate_point(lines, geometry[at]) / STEP_M) * STEP_M
    fraction[at] = _at_ends(along / np.maximum(length, END_M), length)
    return Snap(link, fraction, access)


def at_nodes(network: RoadNetwork, nodes: Ints) -> Snap:
    """Return points that stand exactly at nodes.

    Parameters
    ----------
    network
        The roads.
    nodes
        Node numbers.

    Returns
    -------
    Snap
        One entry a node, without access leg; not attached where no connected link touches it.

    Examples
    --------
    >>> from glesservice.network import at_nodes, example_road
    >>> at_nodes(example_road(), np.array([0, 3])).access_m.tolist()
    [0.0, 0.0]
    """
    touching = _touching(network.u, network.v, network.connected, network.nodes)
    return Snap(*_at_nodes(touching, nodes))


@numba.njit(cache=True, nogil=True)
def _touching(u, v, connected, nodes):  # type: ignore[no-untyped-def]
    """Return for each node a connected link that begins there, or -2 - link if it ends, or -1."""
    at = np.full(nodes, -1, np.int64)
    for link in range(u.shape[0]):
        if connected[link]:
            at[u[link]] = link
    for link in range(v.shape[0]):
        if connected[link] and at[v[link]] == -1:
            at[v[link]] = -2 - link
    return at


@numba.njit(cache=True, nogil=True)
def _at_nodes(touching, nodes):  # type: ignore[no-untyped-def]
    """Return link, fraction and access leg of points at nodes."""
    count = nodes.shape[0]
    link, fraction, access_m = np.empty(count, np.int64), np.zeros(count), np.zeros(count)
    for point in range(count):
        link[point] = touching[nodes[point]]
        if link[point] < -1:
            link[point], fraction[point] = -2 - link[point], 1.0
        elif link[point] == -1:
            access_m[point] = np.nan
    return link, fraction, access_m


def _at_ends(fraction: Floats, length: Floats) -> Floats:
    """Move places within a hair of a link's end to the end, where no direction is to be obeyed."""
    tolerance = END_M / np.maximum(length, END_M)
    return np.where(fraction <= tolerance, 0.0, np.where(fraction >= 1 - tolerance, 1.0, fraction))
