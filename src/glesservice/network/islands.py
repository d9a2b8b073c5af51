"""Roads that the search does not use: islands, loose ends, and who lives there."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import sparse
from scipy.sparse import csgraph

from glesservice.network.graph import Floats, RoadNetwork
from glesservice.tables import CRS


def islands(
    network: RoadNetwork, points: gpd.GeoSeries, people: pd.Series, max_m: float
) -> gpd.GeoDataFrame:
    """Return the roads outside the connected network, piece by piece, the longest first.

    Parameters
    ----------
    network
        The roads.
    points
        Where people live, EPSG:3006.
    people
        How many live at each point.
    max_m
        Points further than this from every road, metres, live at none.

    Returns
    -------
    GeoDataFrame
        ``links, length_m, people`` and the lines of each piece. People are those whose nearest
        road of all is of the piece: the search sends them from the nearest connected road
        instead. A road that can only be driven into, or only out of, is a piece as well.

    Examples
    --------
    >>> from glesservice.network import RoadNetwork, islands
    >>> loose = RoadNetwork.from_arrays(
    ...     u=np.array([0, 2]), v=np.array([1, 3]), length_m=np.array([9e3, 2e3]),
    ...     seconds_forward=np.array([600.0, 200.0]), seconds_backward=np.array([600.0, 200.0]),
    ...     x=500_000 + np.array([0.0, 9e3, 0.0, 2e3]),
    ...     y=7_200_000 + np.array([0.0, 0.0, 5e3, 5e3]),
    ... )
    >>> house = gpd.GeoSeries.from_xy([501_000], [7_205_100], crs="EPSG:3006")
    >>> found = islands(loose, house, pd.Series([4.0]), max_m=1000)
    >>> found[["links", "length_m", "people"]].to_dict("records")
    [{'links': 1, 'length_m': 2000.0, 'people': 4.0}]
    """
    outside = np.flatnonzero(~network.connected)
    # Pieces hang together however they may be driven, but not through the connected network.
    inside = np.zeros(network.nodes, dtype=bool)
    inside[network.u[network.connected]] = inside[network.v[network.connected]] = True
    u, v = network.u[outside], network.v[outside]
    order = np.arange(len(outside))
    ends = np.concatenate([u, v])
    link = np.concatenate([order, order])
    free = ~inside[ends]
    # A node of links: those that share a free node are one piece.
    incidence = sparse.csr_array(
        (np.ones(int(free.sum())), (link[free], ends[free])), shape=(len(outside), network.nodes)
    )
    _, piece = csgraph.connected_components(incidence @ incidence.T, directed=False)
    living = _people_at(network, points, people, max_m)[outside]
    table = pd.DataFrame(
        {"piece": piece, "links": 1, "length_m": network.length[outside], "people": living}
    )
    summed = table.groupby("piece").sum()
    lines = (
        pd.Series(network.lines[outside])
        .groupby(piece)
        .agg(lambda part: shapely.multilinestrings(list(part)))
    )
    frame = gpd.GeoDataFrame(summed, geometry=lines.to_numpy(), crs=CRS)
    return frame.sort_values(["length_m", "links"], ascending=False, ignore_index=True)


def _people_at(
    network: RoadNetwork, points: gpd.GeoSeries, people: pd.Series, max_m: float
) -> Floats:
    """Sum up the people by their nearest link of all, connected or not."""
    lived_at = np.zeros(len(network.u))
    if len(points):
        tree = shapely.STRtree(network.lines)
        point, link = tree.query_nearest(points.to_numpy(), max_distance=max_m)
        # At the same distance from several, a point lives at a connected one, then the lowest.
        hits = pd.DataFrame({"point": point, "link": link, "loose": ~network.connected[link]})
        hits = hits.sort_values(["point", "loose", "link"]).drop_duplicates("point")
        np.add.at(lived_at, hits["link"], people.to_numpy()[hits["point"]])
    return lived_at
