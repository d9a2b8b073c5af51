"""Roads in classes of the distance to the nearest site, cut exactly where a limit is crossed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from glesservice.network.graph import Floats, Ints, RoadNetwork
from glesservice.network.nearest import Nearest, nearest
from glesservice.network.pieces import draw
from glesservice.network.placing import Measure
from glesservice.network.snapping import Snap, at_nodes
from glesservice.tables import CRS

# Pieces shorter than this, metres, are the work of rounding.
SLIVER_M = 1e-6


@dataclass(frozen=True, eq=False)
class _Stretches:
    """Parts of links without a site between their ends.

    The distance along a stretch is the lower of two straight lines: that of driving on to its far
    end, and that of driving back to its near end. Costs of ways not allowed are inf.
    """

    link: Ints
    begin: Floats
    end: Floats
    at_begin: Floats  # the distance at the ends
    at_end: Floats
    onward: Floats  # what driving along the whole stretch costs
    back: Floats


def reach_of_nodes(
    network: RoadNetwork,
    sites: Snap,
    k: int = 1,
    *,
    by: Measure = "seconds",
    access_kmh: float = 30.0,
    bound: float = np.inf,
) -> Nearest:
    """Return the k nearest sites of every node of the network.

    Parameters
    ----------
    network
        The roads.
    sites
        Points attached to it.
    k
        Sites wanted for each node.
    by
        What is made smallest: the fastest way, or the shortest.
    access_kmh
        Speed on the straight legs between sites and road.
    bound
        Ways that take more, in the unit of ``by``, need not be found.

    Returns
    -------
    Nearest
        One row a node, those between two pieces of one road included; nothing is reached from
        nodes outside the connected network.

    Examples
    --------
    >>> from glesservice.network import at_nodes, example_road, reach_of_nodes
    >>> road = example_road()
    >>> found = reach_of_nodes(road, at_nodes(road, np.array([2])))
    >>> (found.seconds[:, 0] / 60).tolist()
    [15.0, 5.0, 0.0, 11.0]
    """
    everywhere = at_nodes(network, np.arange(network.nodes))
    return nearest(network, everywhere, sites, k, by=by, access_kmh=access_kmh, bound=bound)


def bands(
    network: RoadNetwork,
    sites: Snap,
    limits: Sequence[float],
    *,
    by: Measure = "metres",
    access_kmh: float = 30.0,
) -> gpd.GeoDataFrame:
    """Return the roads in classes of the distance to the nearest site when driving from there.

    Parameters
    ----------
    network
        The roads.
    sites
        Points attached to it.
    limits
        Upper limits of the classes, rising, in the unit of ``by``.
    by
        The measure: the seconds of the fastest way, or the metres of the shortest.
    access_kmh
        Speed on the straight legs between sites and road.

    Returns
    -------
    GeoDataFrame
        Pieces of the connected links, in the order of the links and along each: ``link``,
        ``band`` (0 up to and including the first limit, ``len(limits)`` beyond the last) and the
        piece as a line. Pieces of a link that meet are of different bands; together they are the
        whole link.

    Raises
    ------
    ValueError
        If the limits do not rise.

    Examples
    --------
    >>> from glesservice.network import at_nodes, bands, example_road
    >>> road = example_road()
    >>> pieces = bands(road, at_nodes(road, np.array([2])), [6_000, 10_000])
    >>> pieces.length.groupby(pieces["band"]).sum().to_dict()
    {0: 7000.0, 1: 6000.0, 2: 5000.0}
    """
    rising = np.asarray(limits, dtype=np.float64)
    if np.isnan(rising).any() or (np.diff(rising) <= 0).any():
        raise ValueError(f"limits do not rise: {list(limits)}")
    stretches = _stretches(network, sites, by, access_kmh)
    cuts = _cuts(stretches, rising, network.length[stretches.link])
    # From near end to far end the distance rises over the limits and falls below them again.
    band = np.minimum(np.arange(cuts.shape[1] - 1), np.arange(cuts.shape[1] - 1)[::-1])
    span = (stretches.end - stretches.begin)[:, None]
    shares = np.where(cuts == 1.0, stretches.end[:, None], stretches.begin[:, None] + cuts * span)
    row, piece = np.nonzero(cuts[:, 1:] > cuts[:, :-1])
    table = pd.DataFrame(
        {
            "link": stretches.link[row],
            "band": band[piece],
            "begin": shares[row, piece],
            "end": shares[row, piece + 1],
        }
    )
    fresh = (table[["link", "band"]] != table[["link", "band"]].shift()).any(axis=1)
    table = table.groupby(fresh.cumsum()).agg(
        {"link": "first", "band": "first", "begin": "first", "end": "last"}
    )
    lines = network.lines[table["link"]]
    part = ((table["begin"] > 0) | (table["end"] < 1)).to_numpy()
    link, begin, end = (table.loc[part, name].to_numpy() for name in ("link", "begin", "end"))
    lines[part] = draw(network, link, begin, end, np.arange(len(link)), len(link))
    return gpd.GeoDataFrame(table[["link", "band"]].reset_index(drop=True), geometry=lines, crs=CRS)


def _stretches(network: RoadNetwork, sites: Snap, by: Measure, access_kmh: float) -> _Stretches:
    """Cut the connected links at the sites, and find the distance at every cut."""
    links = network.connected_links
    links = links[shapely.length(network.lines[links]) > 0]
    nodes = reach_of_nodes(network, sites, by=by, access_kmh=access_kmh)
    within = np.isin(sites.link, links) & (sites.fraction > 0) & (sites.fraction < 1)
    inside = sites.take(np.flatnonzero(within))
    standing = nearest(
        network,
        Snap(inside.link, inside.fraction, np.zeros(len(inside))),
        sites,
        by=by,
        access_kmh=access_kmh,
    )
    at_nodes_, at_sites = (getattr(found, by)[:, 0] for found in (nodes, standing))
    link = np.concatenate([links, links, inside.link])
    share = np.concatenate([np.zeros(len(links)), np.ones(len(links)), inside.fraction])
    cost = np.concatenate([at_nodes_[network.u[links]], at_nodes_[network.v[links]], at_sites])
    order = np.lexsort((share, link))
    link, share, cost = link[order], share[order], cost[order]
    near = np.flatnonzero((link[1:] == link[:-1]) & (share[1:] > share[:-1]))
    link, span = link[near], share[near + 1] - share[near]
    allowed = (network.seconds_forward[link], network.seconds_backward[link])
    onward, back = (
        np.where(np.isfinite(way), span * (way if by == "seconds" else network.length[link]), way)
        for way in allowed
    )
    return _Stretches(link, share[near], share[near + 1], cost[near], cost[near + 1], onward, back)


def _cuts(stretches: _Stretches, limits: Floats, length: Floats) -> Floats:
    """Return where along each stretch the limits are crossed, as shares of the stretch.

    The columns rise: 0, where each limit is passed going onward, where each is passed coming back
    (the highest first), 1. A limit that is not passed has both where the distance is highest.
    """
    a, b, onward, back = (
        values[:, None]
        for values in (stretches.at_begin, stretches.at_end, stretches.onward, stretches.back)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        # Beyond a limit is what is further from both ends than the way that the limit allows.
        rise = np.where(np.isfinite(a) & np.isfinite(back), (limits - a) / back, 0.0)
        fall = np.where(np.isfinite(b) & np.isfinite(onward), (limits - b) / onward, 0.0)
        top = (b + onward - a) / (onward + back)
    top = np.where(np.isfinite(onward), np.where(np.isfinite(back), top, 0.0), 1.0)
    top = np.clip(np.nan_to_num(top, nan=0.5), 0.0, 1.0)
    # 0 / 0: the whole stretch is at the limit, which still counts as within.
    rise = np.clip(np.nan_to_num(rise, nan=1.0), 0.0, top)
    fall = np.clip(1.0 - np.nan_to_num(fall, nan=1.0), top, 1.0)
    edge = np.zeros_like(top)
    cuts = np.hstack([edge, rise, fall[:, ::-1], edge + 1.0])
    hair = SLIVER_M / np.maximum((stretches.end - stretches.begin) * length, SLIVER_M)
    for column in range(1, cuts.shape[1] - 1):
        here = cuts[:, column]
        here = np.where(here - cuts[:, column - 1] < hair, cuts[:, column - 1], here)
        cuts[:, column] = np.where(here > 1.0 - hair, 1.0, here)
    return cuts
