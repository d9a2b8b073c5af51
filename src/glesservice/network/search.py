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
import numpy.typing as npt

from glesservice.network.records import LABEL, Records, empty_records

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int32]

# Buckets so narrow that only a few labels share one, never more than this many in the ring; the
# time hardly changes between 128 and 4096 on networks of 300 thousand and 3 million nodes.
BUCKETS_PER_MEAN_ARC = 512
MOST_BUCKETS = 1 << 18
# The share of the arcs' labels for which there is room to wait at first: on rural networks one of
# ten to fifty is used.
SHARE_WAITING = 8
LEAST_ROOM = 1024


@numba.njit(cache=True, nogil=True)
def _before(waiting, whose, i, j):  # type: ignore[no-untyped-def]
    """Tell whether waiting label i is to be settled before label j."""
    if waiting[i, 0] != waiting[j, 0]:
        return waiting[i, 0] < waiting[j, 0]
    if waiting[i, 1] != waiting[j, 1]:
        return waiting[i, 1] < waiting[j, 1]
    if whose[i, 0] != whose[j, 0]:
        return whose[i, 0] < whose[j, 0]
    return whose[i, 1] < whose[j, 1]


@numba.njit(cache=True, nogil=True)
def _heap_push(heap, size, label, waiting, whose):  # type: ignore[no-untyped-def]
    """Add a label to the heap of the open bucket, which then holds one more."""
    child = size
    while child > 0:
        parent = (child - 1) >> 1
        if not _before(waiting, whose, label, heap[parent]):
            break
        heap[child] = heap[parent]
        child = parent
    heap[child] = label


@numba.njit(cache=True, nogil=True)
def _heap_drop(heap, size, waiting, whose):  # type: ignore[no-untyped-def]
    """Remove the first label of the heap, which then holds one less."""
    last = heap[size - 1]
    parent = 0
    while True:
        child = 2 * parent + 1
        if child >= size - 1:
            break
        if child + 1 < size - 1 and _before(waiting, whose, heap[child + 1], heap[child]):
            child += 1
        if not _before(waiting, whose, heap[child], last):
            break
        heap[parent] = heap[child]
        parent = child
    heap[parent] = last


@numba.njit(cache=True, nogil=True)
def offer(labels, node, settled, site, cost, other):  # type: ignore[no-untyped-def]
    """Put a label among a node's k best of different sites, kept in order; tell if it went in.

    Parameters
    ----------
    labels
        The labels of all nodes (records ``LABEL``, shape (nodes, k)).
    node
        The node.
    settled
        How many of its labels are final.
    site, cost, other
        The label.
    """
    k = labels.shape[1]
    position = k
    for slot in range(k):
        held = labels[node, slot]
        if held.site == site:
            if slot < settled or (held.cost < cost or (held.cost == cost and held.other <= other)):
                return False
            position = slot
            break
        if held.site < 0:
            position = slot
            break
    if position == k:
        position = k - 1
        last = labels[node, position]
        if position < settled or last.cost < cost:
            return False
        if last.cost == cost and (last.other < other or (last.other == other and last.site < site)):
            return False
    while position > settled:
        prior = labels[node, position - 1]
        if prior.cost < cost or (
            prior.cost == cost
            and (prior.other < other or (prior.other == other and prior.site < site))
        ):
            break
        moved = labels[node, position]
        moved.site, moved.cost, moved.other = prior.site, prior.cost, prior.other
        position -= 1
    put = labels[node, position]
    put.site, put.cost, put.other = site, cost, other
    return True


def label_nodes(
    start: Numbers,
    tails: Numbers,
    weights: Floats,
    seeds: Numbers,
    seed_values: Floats,
    k: int,
    bound: float,
) -> Records:
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
    ndarray
        Records ``LABEL``, shape (nodes, k), nearest first; site -1 and inf where there is none.
    """
    nodes = len(start) - 1
    labels = empty_records(nodes * k, LABEL).reshape(nodes, k)
    # Far fewer labels wait at a time than there are arcs. Where the room is up, begin anew with
    # more: as much as could ever wait would be given back to the system after each search, and
    # asked for again.
    room = len(seeds) + k * len(tails) // SHARE_WAITING + LEAST_ROOM
    while not _label_nodes(start, tails, weights, seeds, seed_values, bound, room, labels):
        room *= 2
    return labels


@numba.njit(cache=True, nogil=True)
def _label_nodes(  # type: ignore[no-untyped-def]  # noqa: PLR0912, PLR0915
    start, tails, weights, seeds, seed_values, bound, room, labels
):
    """Fill in the labels; tell whether the room was enough for those that wait."""
    nodes, arcs, begins = start.shape[0] - 1, tails.shape[0], seeds.shape[0]
    k = labels.shape[1]
    for node in range(nodes):
        for slot in range(k):
            blank = labels[node, slot]
            blank.site, blank.cost, blank.other = -1, np.inf, np.inf
    settled = np.zeros(nodes, np.int32)
    longest, summed = 0.0, 0.0
    for arc in range(arcs):
        longest = max(longest, weights[arc, 0])
        summed += weights[arc, 0]
    width = max(summed / max(1, arcs) / BUCKETS_PER_MEAN_ARC, longest / (MOST_BUCKETS - 3), 1e-9)
    per_second = 1.0 / width
    # Labels that wait are no further ahead than an arc, nor than the bound.
    ahead = min(longest, bound)
    ring = 4
    while ring < ahead * per_second + 3:
        ring *= 2
    first = np.full(ring, -1, np.int32)
    # Waiting labels: cost and other; site, node and the node it comes from (which has that site
    # already: no need to offer it back); and the next one in the same bucket. Used up labels make
    # place for new ones.
    waiting = np.empty((room, 2))
    whose = np.empty((room, 3), np.int32)
    after = np.empty(room, np.int32)
    heap = np.empty(room, np.int32)
    used, free, in_buckets, size, seed = 0, -1, 0, 0, 0
    bucket = np.int64(0)
    while True:
        if size == 0:
            if in_buckets == 0:
                if seed == begins or seed_values[seed, 0] > bound:
                    break
                bucket = np.int64(seed_values[seed, 0] * per_second)
            label = first[bucket & (ring - 1)]
            first[bucket & (ring - 1)] = -1
            while label >= 0:
                _heap_push(heap, size, label, waiting, whose)
                size += 1
                in_buckets -= 1
                label = after[label]
            while seed < begins and np.int64(seed_values[seed, 0] * per_second) <= bucket:
                site, node = seeds[seed, 0], seeds[seed, 1]
                cost, other = seed_values[seed, 0], seed_values[seed, 1]
                seed += 1
                if cost <= bound and offer(labels, node, settled[node], site, cost, other):
                    label = free
                    if free >= 0:
                        free = after[free]
                    elif used == room:
                        return False
                    else:
                        label = used
                        used += 1
                    waiting[label, 0], waiting[label, 1] = cost, other
                    whose[label, 0], whose[label, 1], whose[label, 2] = site, node, -1
                    _heap_push(heap, size, label, waiting, whose)
                    size += 1
            if size == 0:
                bucket += 1
            continue
        label = heap[0]
        _heap_drop(heap, size, waiting, whose)
        size -= 1
        cost, other = waiting[label, 0], waiting[label, 1]
        site, node, came_from = whose[label, 0], whose[label, 1], whose[label, 2]
        after[label] = free
        free = label
        slot = settled[node]
        if slot == k:
            continue
        held = labels[node, slot]
        if held.site != site or held.cost != cost or held.other != other:
            continue  # a better label has taken its place
        settled[node] += 1
        for arc in range(start[node], start[node + 1]):
            tail = tails[arc]
            reached = cost + weights[arc, 0]
            if tail == came_from or reached > bound or settled[tail] == k:
                continue
            reached_other = other + weights[arc, 1]
            if not offer(labels, tail, settled[tail], site, reached, reached_other):
                continue
            label = free
            if free >= 0:
                free = after[free]
            elif used == room:
                return False
            else:
                label = used
                used += 1
            waiting[label, 0], waiting[label, 1] = reached, reached_other
            whose[label, 0], whose[label, 1], whose[label, 2] = site, tail, node
            into = np.int64(reached * per_second)
            if into <= bucket:
                _heap_push(heap, size, label, waiting, whose)
                size += 1
            else:
                after[label] = first[into & (ring - 1)]
                first[into & (ring - 1)] = label
                in_buckets += 1
    return True


def is_compiled() -> bool:
    """Tell whether the search has been compiled on this machine and kept."""
    folder = _label_nodes.stats.cache_path
    return folder is not None and any(Path(folder).glob("search._label_nodes-*.nbi"))
