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
def offer(sites, values, node, settled, site, cost, other):  # type: ignore[no-untyped-def]
    """Put a label among a node's k best of different sites, kept in order; tell if it went in.

    Parameters
    ----------
    sites, values
        The labels of all nodes: sites, and their cost and other measure.
    node
        The node.
    settled
        How many of its labels are final.
    site, cost, other
        The label.
    """
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
                if cost <= bound and offer(sites, values, node, settled[node], site, cost, other):
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
            if not offer(sites, values, tail, settled[tail], site, reached, reached_other):
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


def is_compiled() -> bool:
    """Tell whether the search has been compiled on this machine and kept."""
    folder = label_nodes.stats.cache_path
    return folder is not None and any(Path(folder).glob("search.label_nodes-*.nbi"))
