"""From junctions to points: the k nearest sites of whoever stands somewhere along a chain."""

from __future__ import annotations

import numba
import numpy as np

from glesservice.network.search import offer


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
                offer(
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
                offer(
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
