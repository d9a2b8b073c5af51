"""The search kernel: the k nearest distinct sites of every junction in one multi-source sweep.

A label-setting search (Dijkstra with up to k labels a node) on the reversed network: each site
starts at the ends of the chain it stands on, labels spread against the direction of travel, and a
node keeps the k best labels of different sites. Labels are settled in the order of their cost, then
their other measure, then their site: the answer is exact, and the same under ties on every machine.

Labels wait in a ring of narrow buckets by cost; only the bucket that is being settled is kept in
order, as a small heap. That takes constant time a label where one large heap would take ten steps.
"""

from __future__ import annotations

from pathlib import Path

import numba
import numpy as np

# Buckets so narrow that only a few labels share one, never more than this many in the ring; the
# time hardly changes between 128 and 4096 on networks of 300 thousand and 3 million nodes.
BUCKETS_PER_MEAN_ARC = 512
MOST_BUCKETS = 1 << 18


@numba.njit(cache=True, nogil=True)
def _before(pool, keys, i, j):  # type: ignore[no-untyped-def]
    """Tell whether waiting label i is to be settled before label j."""
    if pool[i, 0] != pool[j, 0]:
        return pool[i, 0] < pool[j, 0]
    if pool[i, 1] != pool[j, 1]:
        return pool[i, 1] < pool[j, 1]
    if keys[i, 0] != keys[j, 0]:
        return keys[i, 0] < keys[j, 0]
    return keys[i, 1] < keys[j, 1]


@numba.njit(cache=True, nogil=True)
def _heap_push(heap, size, label, pool, keys):  # type: ignore[no-untyped-def]
    """Add a label to the heap of the open bucket; return the heap (grown if it was full)."""
    if size == heap.shape[0]:
        heap = np.concatenate((heap, np.empty_like(heap)))
    child = size
    while child > 0:
        parent = (child - 1) >> 1
        if not _before(pool, keys, label, heap[parent]):
            break
        heap[child] = heap[parent]
        child = parent
    heap[child] = label
    return heap


@numba.njit(cache=True, nogil=True)
def _heap_drop(heap, size, pool, keys):  # type: ignore[no-untyped-def]
    """Remove the first label of the heap, which then holds one less."""
    last = heap[size - 1]
    parent = 0
    while True:
        child = 2 * parent + 1
        if child >= size - 1:
            break
        if child + 1 < size - 1 and _before(pool, keys, heap[child + 1], heap[child]):
            child += 1
        if not _before(pool, keys, heap[child], last):
            break
        heap[parent] = heap[child]
        parent = child
    heap[parent] = last


@numba.njit(cache=True, nogil=True)
def _offer(sites, values, node, settled, site, cost, other):  # type: ignore[no-untyped-def]
    """Put a label among a node's k best of different sites, kept in order; tell if it went in."""
    k = sites.shape[1]
    position = k
    for slot in range(k):
        if sites[node, slot] == site:
            if slot < settled or (
                values[node, slot, 0] < cost
                or (values[node, slot, 0] == cost and values[node, slot, 1] <= other)
            ):
                return False
            position = slot
            break
        if sites[node, slot] < 0:
            position = slot
            break
    if position == k:
        position = k - 1
        last = values[node, position, 0]
        if position < settled or last < cost:
            return False
        if last == cost and (
            values[node, position, 1] < other
            or (values[node, position, 1] == other and sites[node, position] < site)
        ):
            return False
    while position > settled:
        prior = position - 1
        prior_cost, prior_other = values[node, prior, 0], values[node, prior, 1]
        if prior_cost < cost or (
            prior_cost == cost
            and (prior_other < other or (prior_other == other and sites[node, prior] < site))
        ):
            break
        sites[node, position] = sites[node, prior]
        values[node, position, 0] = prior_cost
        values[node, position, 1] = prior_other
        position = prior
    sites[node, position] = site
    values[node, position, 0] = cost
    values[node, position, 1] = other
    return True


@numba.njit(cache=True, nogil=True)
def _wait(waiters, used, free, site, node, cost, other):  # type: ignore[no-untyped-def]
    """Store a waiting label, where one was used up or in new room; return where."""
    if free >= 0:
        label = free
        free = waiters[2][free]
    else:
        if used == waiters[2].shape[0]:
            waiters = (
                np.concatenate((waiters[0], np.empty_like(waiters[0]))),
                np.concatenate((waiters[1], np.empty_like(waiters[1]))),
                np.concatenate((waiters[2], np.empty_like(waiters[2]))),
            )
        label = used
        used += 1
    waiters[0][label, 0], waiters[0][label, 1] = cost, other
    waiters[1][label, 0], waiters[1][label, 1] = site, node
    return waiters, used, free, label


@numba.njit(cache=True, nogil=True)
def label_nodes(  # type: ignore[no-untyped-def]  # noqa: PLR0912, PLR0915
    start, tails, weights, seeds, seed_values, k, bound
):
    """Return the k nearest sites of every node.

    Parameters
    ----------
    start, tails, weights
        The reversed network in compressed rows: the arcs that end in node ``n`` stand at
        ``start[n]:start[n + 1]``; ``tails`` is where they come from, ``weights`` their cost and
        other measure, shape (arcs, 2).
    seeds, seed_values
        Where each site begins: ``site, node`` and ``cost, other``, shape (seeds, 2), by rising
        cost.
    k
        Labels a node keeps.
    bound
        Labels that cost more are not followed.

    Returns
    -------
    tuple of ndarray
        Sites, shape (nodes, k), -1 where there is none; and their cost and other measure, shape
        (nodes, k, 2), inf where there is none.
    """
    nodes = start.shape[0] - 1
    sites = np.full((nodes, k), -1, np.int32)
    values = np.full((nodes, k, 2), np.inf)
    settled = np.zeros(nodes, np.int16)
    longest, summed = 0.0, 0.0
    for arc in range(weights.shape[0]):
        longest = max(longest, weights[arc, 0])
        summed += weights[arc, 0]
    mean = summed / max(1, weights.shape[0])
    width = max(mean / BUCKETS_PER_MEAN_ARC, longest / (MOST_BUCKETS - 3), 1e-9)
    ring = int(longest / width) + 3
    first = np.full(ring, -1, np.int32)
    # Waiting labels: cost and other, site and node, and the next one in the same bucket.
    capacity = max(1024, nodes // 8)
    waiters = (
        np.empty((capacity, 2)),
        np.empty((capacity, 2), np.int32),
        np.empty(capacity, np.int32),
    )
    used, free, waiting = 0, -1, 0
    heap = np.empty(256, np.int32)
    size = 0
    seed = 0
    bucket = np.int64(0)
    while True:
        if size == 0:
            if waiting == 0:
                if seed == seeds.shape[0] or seed_values[seed, 0] > bound:
                    break
                bucket = np.int64(seed_values[seed, 0] / width)
            elif first[bucket % ring] < 0 and (
                seed == seeds.shape[0] or np.int64(seed_values[seed, 0] / width) > bucket
            ):
                bucket += 1
                continue
            label = first[bucket % ring]
            first[bucket % ring] = -1
            while label >= 0:
                heap = _heap_push(heap, size, label, waiters[0], waiters[1])
                size += 1
                waiting -= 1
                label = waiters[2][label]
            while seed < seeds.shape[0] and np.int64(seed_values[seed, 0] / width) <= bucket:
                site, node = seeds[seed, 0], seeds[seed, 1]
                cost, other = seed_values[seed, 0], seed_values[seed, 1]
                seed += 1
                if cost <= bound and _offer(sites, values, node, settled[node], site, cost, other):
                    waiters, used, free, label = _wait(waiters, used, free, site, node, cost, other)
                    heap = _heap_push(heap, size, label, waiters[0], waiters[1])
                    size += 1
            if size == 0:
                bucket += 1
            continue
        label = heap[0]
        _heap_drop(heap, size, waiters[0], waiters[1])
        size -= 1
        cost, other = waiters[0][label, 0], waiters[0][label, 1]
        site, node = waiters[1][label, 0], waiters[1][label, 1]
        waiters[2][label] = free
        free = label
        slot = settled[node]
        if (
            slot == k
            or sites[node, slot] != site
            or values[node, slot, 0] != cost
            or values[node, slot, 1] != other
        ):
            continue  # a better label has taken its place
        settled[node] += 1
        for arc in range(start[node], start[node + 1]):
            tail = tails[arc]
            reached = cost + weights[arc, 0]
            if reached > bound or settled[tail] == k:
                continue
            reached_other = other + weights[arc, 1]
            if not _offer(sites, values, tail, settled[tail], site, reached, reached_other):
                continue
            waiters, used, free, label = _wait(
                waiters, used, free, site, tail, reached, reached_other
            )
            into = np.int64(reached / width)
            if into <= bucket:
                heap = _heap_push(heap, size, label, waiters[0], waiters[1])
                size += 1
            else:
                waiters[2][label] = first[into % ring]
                first[into % ring] = label
                waiting += 1
    return sites, values


@numba.njit(cache=True, nogil=True)
def reach_from_points(  # type: ignore[no-untyped-def]  # noqa: PLR0912, PLR0915
    points, ways, chains, on_chain, here, labels, values, k
):
    """Return the k nearest sites of points that stand somewhere along chains.

    Parameters
    ----------
    points
        Tuple of each point's chain (-1: nowhere), its place on the chain, and the cost and other
        measure of its access leg, shape (points, 2).
    ways
        What the ways from each point take, shape (points, 4, 2), cost and other: to the chain's
        first node, to its last, from its first, from its last; inf where it may not be driven.
    chains
        Tuple of the chains' ``first`` and ``last`` node.
    on_chain
        Tuple ``start, site, place``: the sites that stand on each chain, in compressed rows.
    here
        Where those sites stand, shape (sites, 3, 2): cost and other of the access leg, from the
        chain's first node to the site, and from its last; inf where it may not be driven.
    labels, values
        What ``label_nodes`` returned.
    k
        Sites wanted for each point.

    Returns
    -------
    tuple of ndarray
        Sites, shape (points, k), -1 where there is none; and their cost and other measure, shape
        (points, k, 2), inf where there is none.
    """
    chain_of, place, legs = points
    first, last = chains
    start, site_of, place_of = on_chain
    n = chain_of.shape[0]
    slots = labels.shape[1]
    sites = np.full((n, k), -1, np.int32)
    found = np.full((n, k, 2), np.inf)
    for p in range(n):
        chain = chain_of[p]
        if chain < 0:
            continue
        # The labels of both ends stand in order: the k best of them by merging.
        ends = (first[chain], last[chain])
        adds = (legs[p, 0] + ways[p, 0, 0], legs[p, 0] + ways[p, 1, 0])
        adds_other = (legs[p, 1] + ways[p, 0, 1], legs[p, 1] + ways[p, 1, 1])
        slot, slot_last, count = 0, 0, 0
        if adds[0] == np.inf:
            slot = slots
        if adds[1] == np.inf:
            slot_last = slots
        while count < k:
            site, cost, other = -1, np.inf, np.inf
            if slot < slots and labels[ends[0], slot] >= 0:
                site = labels[ends[0], slot]
                cost = adds[0] + values[ends[0], slot, 0]
                other = adds_other[0] + values[ends[0], slot, 1]
            by_last = False
            if slot_last < slots and labels[ends[1], slot_last] >= 0:
                site_last = labels[ends[1], slot_last]
                cost_last = adds[1] + values[ends[1], slot_last, 0]
                other_last = adds_other[1] + values[ends[1], slot_last, 1]
                if cost_last < cost or (
                    cost_last == cost
                    and (other_last < other or (other_last == other and site_last < site))
                ):
                    site, cost, other, by_last = site_last, cost_last, other_last, True
            if site < 0:
                break
            if by_last:
                slot_last += 1
            else:
                slot += 1
            known = False
            for before in range(count):
                known |= sites[p, before] == site
            if not known:
                sites[p, count] = site
                found[p, count, 0] = cost
                found[p, count, 1] = other
                count += 1
        at = place[p]
        for row in range(start[chain], start[chain + 1]):
            if place_of[row] == at:
                _offer(
                    sites,
                    found,
                    p,
                    0,
                    site_of[row],
                    legs[p, 0] + here[row, 0, 0],
                    legs[p, 1] + here[row, 0, 1],
                )
                continue
            # Who comes later on the chain is driven to onward, who comes before on the way back.
            # Both have their distance from the node where that way begins.
            way = 1 if place_of[row] > at else 2
            cost = here[row, way, 0] - ways[p, way + 1, 0]
            if cost < np.inf:
                _offer(
                    sites,
                    found,
                    p,
                    0,
                    site_of[row],
                    legs[p, 0] + here[row, 0, 0] + max(cost, 0.0),
                    legs[p, 1]
                    + here[row, 0, 1]
                    + max(here[row, way, 1] - ways[p, way + 1, 1], 0.0),
                )
    return sites, found


def is_compiled() -> bool:
    """Tell whether the search has been compiled on this machine and kept."""
    folder = label_nodes.stats.cache_path
    return folder is not None and any(Path(folder).glob("search.label_nodes-*.nbi"))
