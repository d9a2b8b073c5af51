"""The pieces of road that nobody can drive around on the way to a site."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np

from glesservice.network.dominators import bridges
from glesservice.network.graph import Flags, Floats, Ints, RoadNetwork
from glesservice.network.snapping import Snap


@dataclass(frozen=True, eq=False)
class SingleRoads:
    """What every way from each origin to any of the sites passes.

    Attributes
    ----------
    start
        The pieces of origin ``n`` stand at ``start[n]:start[n + 1]``, the nearest to a site first.
    link
        The link that each piece is of.
    metres
        How long each piece is.
    reached
        Whether an origin reaches any site.
    """

    start: Ints
    link: Ints
    metres: Floats
    reached: Flags


def single_roads(network: RoadNetwork, origins: Snap, sites: Snap) -> SingleRoads:
    """Return the pieces of road whose loss, both ways, leaves an origin without any site.

    A piece is the road between two junctions, or between a junction and a point that stands on it,
    or between two points: a house half-way along a link loses the half that leads to the shop.
    One-way rules are kept. Without a way around means for cars on this network: no claim is made
    about roads that the data lack.

    Parameters
    ----------
    network
        The roads; only the connected part is driven.
    origins, sites
        Points attached to the same network.

    Returns
    -------
    SingleRoads
        Exact: as if every piece in turn were taken away.

    Examples
    --------
    >>> from glesservice.network import at_nodes, example_road, single_roads
    >>> road = example_road()
    >>> found = single_roads(road, at_nodes(road, np.array([3])), at_nodes(road, np.array([2])))
    >>> found.link.tolist(), found.metres.tolist()  # from the shop to the house
    ([1, 2], [5000.0, 3000.0])
    """
    links = np.flatnonzero(network.connected)
    points = Snap(
        np.concatenate([origins.link, sites.link]),
        np.concatenate([origins.fraction, sites.fraction]),
        np.concatenate([origins.access_m, sites.access_m]),
    )
    stop, at = _stops(network, points)
    tail, head, piece_link, metres = _pieces(network, links, stop)
    forward = np.isfinite(network.seconds_forward)[piece_link]
    backward = np.isfinite(network.seconds_backward)[piece_link]
    root = len(network.x) + len(stop)
    ends = np.unique(at[len(origins) :][sites.link >= 0])
    # Against the direction of travel, from a root behind all sites: what can be driven from u to v
    # leads from v to u.
    pieces = np.arange(len(piece_link))
    arc_from = np.concatenate([head[forward], tail[backward], np.full(len(ends), root)])
    arc_to = np.concatenate([tail[forward], head[backward], ends])
    arc_piece = np.concatenate([pieces[forward], pieces[backward], np.full(len(ends), -1)])
    start, order = _by_node(arc_from, root + 1)
    above, bridge = bridges(start, arc_to[order], root)
    piece_of = np.where(bridge >= 0, arc_piece[order][bridge], -1)
    node = np.where(origins.link >= 0, at[: len(origins)], -1)
    found_start, found = _along(above, piece_of, node, root)
    reached = (node >= 0) & (above[node] >= 0)
    return SingleRoads(found_start, piece_link[found], metres[found], reached)


def _stops(network: RoadNetwork, points: Snap) -> tuple[Floats, Ints]:
    """List the places within links at which points stand, and give each point its node."""
    inner = (points.link >= 0) & (points.fraction > 0) & (points.fraction < 1)
    pairs = np.stack([points.link[inner].astype(float), points.fraction[inner]], axis=1)
    stop, number = np.unique(pairs.reshape(-1, 2), axis=0, return_inverse=True)
    at = np.where(points.fraction <= 0, network.u[points.link], network.v[points.link])
    at[inner] = len(network.x) + number.ravel()
    return stop, at


def _pieces(network: RoadNetwork, links: Ints, stop: Floats) -> tuple[Ints, Ints, Ints, Floats]:
    """Cut the links at the stops: nodes, link and metres of each piece, along the link."""
    of_link = np.concatenate([links, stop[:, 0].astype(np.int64)])
    fraction = np.concatenate([np.zeros(len(links)), stop[:, 1]])
    node = np.concatenate([network.u[links], len(network.x) + np.arange(len(stop))])
    order = np.lexsort((fraction, of_link))
    of_link, fraction, node = of_link[order], fraction[order], node[order]
    last = np.append(of_link[1:] != of_link[:-1], True)
    head = np.where(last, network.v[of_link], np.roll(node, -1))
    until = np.where(last, 1.0, np.roll(fraction, -1))
    return node, head, of_link, (until - fraction) * network.length[of_link]


@numba.njit(cache=True, nogil=True)
def _by_node(node, nodes):  # type: ignore[no-untyped-def]
    """Put arcs in the order of the node where they begin: in compressed rows, and which arcs."""
    start = np.zeros(nodes + 1, np.int64)
    for arc in range(node.shape[0]):
        start[node[arc] + 1] += 1
    start = np.cumsum(start)
    place, order = start[:-1].copy(), np.empty(node.shape[0], np.int64)
    for arc in range(node.shape[0]):
        order[place[node[arc]]] = arc
        place[node[arc]] += 1
    return start, order


@numba.njit(cache=True, nogil=True)
def _along(above, piece_of, nodes, root):  # type: ignore[no-untyped-def]
    """Collect the pieces between each node and the root, in compressed rows."""
    start = np.zeros(nodes.shape[0] + 1, np.int64)
    for pass_number in range(2):
        found = np.empty(start[-1], np.int64)
        for origin in range(nodes.shape[0]):
            node, count = nodes[origin], 0
            end = start[origin + 1]
            while node >= 0 and above[node] >= 0 and node != root:
                if piece_of[node] >= 0:
                    count += 1
                    if pass_number == 1:
                        found[end - count] = piece_of[node]
                node = above[node]
            if pass_number == 0:
                start[origin + 1] = start[origin] + count
    return start, found
