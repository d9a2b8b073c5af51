"""How far from everybody to everybody: a search from every site, over what it reaches alone.

A search for the nearest sites gives every junction a label before it begins, which is nothing where
all of the network is reached. A village's cells reach a hundred junctions of a hundred thousand:
here the room is made once, and each search clears up after itself.
"""

from __future__ import annotations

import numba
import numpy as np

from glesservice.network.graph import Floats, RoadNetwork
from glesservice.network.placing import Measure, place_on_chains
from glesservice.network.snapping import Snap


def road_matrix(
    network: RoadNetwork,
    origins: Snap,
    sites: Snap,
    *,
    by: Measure = "metres",
    access_kmh: float = 30.0,
    bound: float = np.inf,
) -> Floats:
    """Return what the best way from every origin to every site takes.

    Parameters
    ----------
    network
        The roads.
    origins, sites
        Points attached to the same network.
    by
        What is made smallest, and told: the metres of the shortest way, or the seconds of the
        fastest.
    access_kmh
        Speed on the straight legs between points and road.
    bound
        Ways that take more are not looked for, in the unit of ``by``.

    Returns
    -------
    ndarray
        Shape (origins, sites), access legs included; inf where there is no way within the bound.
        What ``nearest`` finds, to the bit.

    Examples
    --------
    >>> from glesservice.network import at_nodes, example_road, road_matrix
    >>> road = example_road()
    >>> ends = at_nodes(road, np.array([0, 2, 3]))
    >>> road_matrix(road, ends, ends)
    array([[    0., 15000., 13000.],
           [15000.,     0.,  8000.],
           [13000.,  8000.,     0.]])
    """
    graph = network.search_graph
    begin, goal = (place_on_chains(network, at, access_kmh, by) for at in (origins, sites))
    return np.asarray(
        _matrix(
            graph.start,
            graph.tails,
            graph.seconds if by == "seconds" else graph.metres,
            (np.ascontiguousarray(graph.chains.first), np.ascontiguousarray(graph.chains.last)),
            (begin.chain, begin.place, begin.leg[:, 0].copy(), begin.ways[:, :, 0].copy()),
            (goal.chain, goal.place, goal.leg[:, 0].copy(), goal.ways[:, :, 0].copy()),
            bound,
        )
    )


@numba.njit(cache=True, nogil=True)
def _matrix(start, tails, weights, ends, origins, sites, bound):  # type: ignore[no-untyped-def]
    """Search from one site after the other, and answer all origins."""
    first, last = ends
    chain_of, place_of, leg_of, ways_of = origins
    goal_chain, goal_place, goal_leg, goal_ways = sites
    n, count = chain_of.shape[0], goal_chain.shape[0]
    found = np.full((n, count), np.inf)
    cost = np.full(start.shape[0] - 1, np.inf)
    # At most the seeds and every arc wait at a time; what is not used is never touched.
    room = tails.shape[0] + 2
    waiting, whose = np.empty(room), np.empty(room, np.int32)
    touched = np.empty(cost.shape[0], np.int32)
    for site in range(count):
        chain = goal_chain[site]
        if chain < 0:
            continue
        reached = _spread(
            start,
            tails,
            weights,
            (first[chain], goal_leg[site] + goal_ways[site, 2]),
            (last[chain], goal_leg[site] + goal_ways[site, 3]),
            bound,
            cost,
            (waiting, whose),
            touched,
        )
        for p in range(n):
            own = chain_of[p]
            if own < 0:
                continue
            # Sums in the order in which the search for the nearest makes them.
            least = min(
                (leg_of[p] + ways_of[p, 0]) + cost[first[own]],
                (leg_of[p] + ways_of[p, 1]) + cost[last[own]],
            )
            if own == chain:
                along = leg_of[p] + goal_leg[site]
                if goal_place[site] != place_of[p]:
                    way = 2 if goal_place[site] > place_of[p] else 3
                    between = goal_ways[site, way] - ways_of[p, way]
                    # No number where neither may be driven.
                    along = along + max(between, 0.0) if between < np.inf else np.inf
                least = min(least, along)
            if least <= bound:
                found[p, site] = least
        for node in touched[:reached]:
            cost[node] = np.inf
    return found


@numba.njit(cache=True, nogil=True)
def _spread(start, tails, weights, one, other, bound, cost, heap, touched):  # type: ignore[no-untyped-def]
    """Fill in the cost of every junction within the bound; return how many were touched."""
    waiting, whose = heap
    size, reached = 0, 0
    for node, value in (one, other):
        if value <= bound and value < cost[node]:
            if cost[node] == np.inf:
                touched[reached] = node
                reached += 1
            cost[node] = value
            size = _push(waiting, whose, size, value, node)
    while size > 0:
        value, node = waiting[0], whose[0]
        size = _drop(waiting, whose, size)
        if value > cost[node]:
            continue  # a better way has come since
        for arc in range(start[node], start[node + 1]):
            tail, further = tails[arc], value + weights[arc]
            if further <= bound and further < cost[tail]:
                if cost[tail] == np.inf:
                    touched[reached] = tail
                    reached += 1
                cost[tail] = further
                size = _push(waiting, whose, size, further, tail)
    return reached


@numba.njit(cache=True, nogil=True)
def _push(waiting, whose, size, value, node):  # type: ignore[no-untyped-def]
    """Put one more in the heap; return its new size."""
    child = size
    while child > 0:
        parent = (child - 1) >> 1
        if waiting[parent] <= value:
            break
        waiting[child], whose[child] = waiting[parent], whose[parent]
        child = parent
    waiting[child], whose[child] = value, node
    return size + 1


@numba.njit(cache=True, nogil=True)
def _drop(waiting, whose, size):  # type: ignore[no-untyped-def]
    """Take the least out of the heap; return its new size."""
    size -= 1
    value, node = waiting[size], whose[size]
    parent = 0
    while True:
        child = 2 * parent + 1
        if child >= size:
            break
        if child + 1 < size and waiting[child + 1] < waiting[child]:
            child += 1
        if waiting[child] >= value:
            break
        waiting[parent], whose[parent] = waiting[child], whose[child]
        parent = child
    waiting[parent], whose[parent] = value, node
    return size
