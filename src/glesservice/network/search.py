"""The search kernel: k nearest distinct sites of every node in one multi-source sweep.

A label-setting search (Dijkstra with up to k labels a node) on the reversed network: each site
starts at the ends of the link it stands on, labels spread against the direction of travel, and a
node keeps the first k labels that carry different sites. Labels are ordered by cost, then by the
other measure, then by site: the answer is exact, and the same under ties on every machine.
"""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(cache=True, nogil=True)
def _before(heap, i, j):  # type: ignore[no-untyped-def]
    """Tell whether heap entry i comes before entry j."""
    cost, other, site, node = heap
    if cost[i] != cost[j]:
        return cost[i] < cost[j]
    if other[i] != other[j]:
        return other[i] < other[j]
    if site[i] != site[j]:
        return site[i] < site[j]
    return node[i] < node[j]


@numba.njit(cache=True, nogil=True)
def _swap(heap, i, j):  # type: ignore[no-untyped-def]
    """Exchange two heap entries."""
    cost, other, site, node = heap
    cost[i], cost[j] = cost[j], cost[i]
    other[i], other[j] = other[j], other[i]
    site[i], site[j] = site[j], site[i]
    node[i], node[j] = node[j], node[i]


@numba.njit(cache=True, nogil=True)
def _push(heap, size, cost, other, site, node):  # type: ignore[no-untyped-def]
    """Add an entry to the heap; return the heap (grown if it was full) and its size."""
    if size == heap[0].shape[0]:
        heap = (
            np.concatenate((heap[0], np.empty_like(heap[0]))),
            np.concatenate((heap[1], np.empty_like(heap[1]))),
            np.concatenate((heap[2], np.empty_like(heap[2]))),
            np.concatenate((heap[3], np.empty_like(heap[3]))),
        )
    heap[0][size] = cost
    heap[1][size] = other
    heap[2][size] = site
    heap[3][size] = node
    child = size
    while child > 0:
        parent = (child - 1) // 2
        if not _before(heap, child, parent):
            break
        _swap(heap, child, parent)
        child = parent
    return heap, size + 1


@numba.njit(cache=True, nogil=True)
def _drop_first(heap, size):  # type: ignore[no-untyped-def]
    """Remove the first entry of the heap; return the new size."""
    size -= 1
    _swap(heap, 0, size)
    parent = 0
    while True:
        first = parent
        for child in (2 * parent + 1, 2 * parent + 2):
            if child < size and _before(heap, child, first):
                first = child
        if first == parent:
            return size
        _swap(heap, parent, first)
        parent = first


@numba.njit(cache=True, nogil=True)
def _carries(sites, node, count, site):  # type: ignore[no-untyped-def]
    """Tell whether a node already has a label of a site."""
    for position in range(count):  # noqa: SIM110 (compiled code: any() would allocate)
        if sites[node, position] == site:
            return True
    return False


@numba.njit(cache=True, nogil=True)
def label_nodes(start, tails, cost, other, seeds, k, bound):  # type: ignore[no-untyped-def]
    """Return the k nearest sites of every node.

    Parameters
    ----------
    start, tails, cost, other
        The reversed network in compressed rows: the arcs that end in node ``n`` stand at
        ``start[n]:start[n + 1]``; ``tails`` is where they come from.
    seeds
        Tuple of arrays ``node, site, cost, other``: where each site begins.
    k
        Labels a node keeps.
    bound
        Labels that cost more are not followed.

    Returns
    -------
    tuple of ndarray
        ``site`` (-1 where there is none), ``cost`` and ``other``, each of shape (nodes, k).
    """
    nodes = start.shape[0] - 1
    found_site = np.full((nodes, k), -1, np.int64)
    found_cost = np.full((nodes, k), np.inf)
    found_other = np.full((nodes, k), np.inf)
    count = np.zeros(nodes, np.int64)
    capacity = max(1024, 2 * seeds[0].shape[0])
    heap = (
        np.empty(capacity),
        np.empty(capacity),
        np.empty(capacity, np.int64),
        np.empty(capacity, np.int64),
    )
    size = 0
    for seed in range(seeds[0].shape[0]):
        if seeds[2][seed] <= bound:
            heap, size = _push(
                heap, size, seeds[2][seed], seeds[3][seed], seeds[1][seed], seeds[0][seed]
            )
    while size > 0:
        here_cost, here_other = heap[0][0], heap[1][0]
        site, node = heap[2][0], heap[3][0]
        size = _drop_first(heap, size)
        if count[node] == k or _carries(found_site, node, count[node], site):
            continue
        found_site[node, count[node]] = site
        found_cost[node, count[node]] = here_cost
        found_other[node, count[node]] = here_other
        count[node] += 1
        for arc in range(start[node], start[node + 1]):
            tail = tails[arc]
            reached = here_cost + cost[arc]
            if (
                reached <= bound
                and count[tail] < k
                and not _carries(found_site, tail, count[tail], site)
            ):
                heap, size = _push(heap, size, reached, here_other + other[arc], site, tail)
    return found_site, found_cost, found_other


@numba.njit(cache=True, nogil=True)
def _offer(row, site, cost, other):  # type: ignore[no-untyped-def]
    """Put a candidate into a row of the k best distinct sites, kept in order."""
    sites, costs, others = row
    k = sites.shape[0]
    position = k
    for held in range(k):
        if sites[held] == site:
            if cost > costs[held] or (cost == costs[held] and other >= others[held]):
                return
            position = held
            break
    if position == k:
        position = k - 1
        if sites[position] >= 0 and (costs[position], others[position], sites[position]) <= (
            cost,
            other,
            site,
        ):
            return
    sites[position], costs[position], others[position] = site, cost, other
    while position > 0 and (
        sites[position - 1] < 0
        or (costs[position], others[position], sites[position])
        < (costs[position - 1], others[position - 1], sites[position - 1])
    ):
        for array in (costs, others):
            array[position], array[position - 1] = array[position - 1], array[position]
        sites[position], sites[position - 1] = sites[position - 1], sites[position]
        position -= 1


@numba.njit(cache=True, nogil=True)
def reach_from_points(points, links, on_link, labels, k):  # type: ignore[no-untyped-def]
    """Return the k nearest sites of points that stand somewhere along links.

    Parameters
    ----------
    points
        Tuple ``link, fraction, cost, other``: where each point meets the road (link -1: nowhere)
        and what its own access leg takes.
    links
        Tuple ``u, v, cost_forward, cost_backward, other_forward, other_backward``; infinite cost
        where driving is not allowed.
    on_link
        Tuple ``start, site, fraction, cost, other``: the sites that stand on each link, in
        compressed rows.
    labels
        What ``label_nodes`` returned.
    k
        Sites wanted for each point.

    Returns
    -------
    tuple of ndarray
        ``site`` (-1 where there is none), ``cost`` and ``other``, each of shape (points, k).
    """
    point_link, fraction, leg_cost, leg_other = points
    u, v, cost_forward, cost_backward, other_forward, other_backward = links
    start, site_here, site_fraction, site_cost, site_other = on_link
    n = point_link.shape[0]
    site = np.full((n, k), -1, np.int64)
    cost = np.full((n, k), np.inf)
    other = np.full((n, k), np.inf)
    for p in range(n):
        link = point_link[p]
        if link < 0:
            continue
        row = (site[p], cost[p], other[p])
        f = fraction[p]
        # At a link's very end the point is the node itself: no driving, so no direction to obey.
        for end in range(2):
            share = f if end == 0 else 1.0 - f
            along = cost_backward[link] if end == 0 else cost_forward[link]
            if share == 0.0:
                add_cost, add_other = 0.0, 0.0
            elif along == np.inf:
                continue
            else:
                add_cost = share * along
                add_other = share * (other_backward[link] if end == 0 else other_forward[link])
            node = u[link] if end == 0 else v[link]
            for label in range(labels[0].shape[1]):
                if labels[0][node, label] < 0:
                    break
                _offer(
                    row,
                    labels[0][node, label],
                    leg_cost[p] + add_cost + labels[1][node, label],
                    leg_other[p] + add_other + labels[2][node, label],
                )
        for here in range(start[link], start[link + 1]):
            gap = site_fraction[here] - f
            along = cost_forward[link] if gap > 0 else cost_backward[link]
            if gap != 0.0 and along == np.inf:
                continue
            along_other = other_forward[link] if gap > 0 else other_backward[link]
            _offer(
                row,
                site_here[here],
                leg_cost[p] + site_cost[here] + (abs(gap) * along if gap != 0.0 else 0.0),
                leg_other[p] + site_other[here] + (abs(gap) * along_other if gap != 0.0 else 0.0),
            )
    return site, cost, other
