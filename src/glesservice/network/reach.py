"""From junctions to points: the k nearest sites of whoever stands somewhere along a chain."""

from __future__ import annotations

import numba
import numpy as np

from glesservice.network.placing import place
from glesservice.network.search import offer


@numba.njit(cache=True, nogil=True)
def reach_from_points(  # type: ignore[no-untyped-def]  # noqa: PLR0912, PLR0915
    points,
    leg_seconds_per_m,
    by_seconds,
    links,
    chains,
    on_chain,
    here,
    labels,
    bound,
    best,
    found,
):
    """Fill in the k nearest sites of points that stand somewhere along chains.

    Parameters
    ----------
    points
        Tuple of each point's link, as its place among ``links`` (-1: nowhere), the share of the
        link from ``u``, and the metres of its access leg.
    leg_seconds_per_m
        What a metre of the access leg takes.
    by_seconds
        Whether seconds are the cost and metres the other measure, or the other way round.
    links, chains
        The links on their chains, and the chains (records ``LINK`` and ``CHAIN``).
    on_chain
        Tuple ``start, site, place``: the sites that stand on each chain, in compressed rows.
    here
        Where those sites stand, shape (sites, 3, 2): cost and other of the access leg, from the
        chain's first node to the site, and from its last; inf where it may not be driven.
    labels
        What ``label_nodes`` returned.
    bound
        Ways that cost more are left out.
    best
        Room for the labels of one point (records ``LABEL``, shape (1, k)).
    found
        What is filled in: records ``WAY``, shape (points, k), nearest first; site -1 and inf where
        there is none.
    """
    standing, fraction, access_m = points
    start, site_of, place_of = on_chain
    k, slots = found.shape[1], labels.shape[1]
    for p in range(standing.shape[0]):
        for slot in range(k):
            blank = best[0, slot]
            blank.site, blank.cost, blank.other = -1, np.inf, np.inf
        if standing[p] >= 0:
            number = links[standing[p]].chain
            chain = chains[number]
            at, to_first, to_last, from_first, from_last, metres, rest = place(
                links[standing[p]], chain, fraction[p]
            )
            leg, leg_other = access_m[p] * leg_seconds_per_m, access_m[p]
            to_first_other, to_last_other, from_first_other = metres, rest, metres
            from_last_other = rest
            if not by_seconds:
                leg, leg_other = leg_other, leg
                if to_first < np.inf:
                    to_first, to_first_other = metres, to_first
                if to_last < np.inf:
                    to_last, to_last_other = rest, to_last
                if from_first < np.inf:
                    from_first, from_first_other = metres, from_first
                if from_last < np.inf:
                    from_last, from_last_other = rest, from_last
            # The labels of both ends stand in order: the k best of them by merging.
            node, node_last = chain.first, chain.last
            add, add_other = leg + to_first, leg_other + to_first_other
            add_last, add_last_other = leg + to_last, leg_other + to_last_other
            slot = 0 if add < np.inf else slots
            slot_last = 0 if add_last < np.inf else slots
            count = 0
            while count < k:
                site, cost, other, by_last = -1, np.inf, np.inf, False
                if slot < slots:
                    label = labels[node, slot]
                    site, cost, other = label.site, add + label.cost, add_other + label.other
                if slot_last < slots:
                    label = labels[node_last, slot_last]
                    cost_last = add_last + label.cost
                    if cost_last <= cost:
                        other_last, site_last = add_last_other + label.other, label.site
                        by_last = cost_last < cost or (
                            other_last < other or (other_last == other and site_last < site)
                        )
                        if by_last:
                            site, cost, other = site_last, cost_last, other_last
                if site < 0:
                    break  # both lists are at their end: what is not there costs inf
                if by_last:
                    slot_last += 1
                else:
                    slot += 1
                known = False
                for before in range(count):
                    known |= best[0, before].site == site
                if not known:
                    put = best[0, count]
                    put.site, put.cost, put.other = site, cost, other
                    count += 1
            for row in range(start[number], start[number + 1]):
                cost, other = leg + here[row, 0, 0], leg_other + here[row, 0, 1]
                if place_of[row] != at:
                    # Who comes later on the chain is driven to onward, who comes before on the way
                    # back. Both have their distance from the node where that way begins.
                    later = place_of[row] > at
                    way = 1 if later else 2
                    passed = from_first if later else from_last
                    passed_other = from_first_other if later else from_last_other
                    if not here[row, way, 0] - passed < np.inf:
                        continue
                    cost += max(here[row, way, 0] - passed, 0.0)
                    other += max(here[row, way, 1] - passed_other, 0.0)
                offer(best, 0, 0, site_of[row], cost, other)
        for slot in range(k):
            label, way = best[0, slot], found[p, slot]
            within = label.cost <= bound
            way.site = label.site if within else -1
            cost, other = (label.cost, label.other) if within else (np.inf, np.inf)
            way.seconds, way.metres = (cost, other) if by_seconds else (other, cost)


@numba.njit(cache=True, nogil=True)
def put_at(ways, positions, found):  # type: ignore[no-untyped-def]
    """Put answers where they belong.

    Parameters
    ----------
    ways
        Records ``WAY``, shape (points, k).
    positions
        The row of each.
    found
        Filled in there: records ``WAY``, shape (rows, k).
    """
    for p in range(positions.shape[0]):
        for slot in range(ways.shape[1]):
            way, row = ways[p, slot], found[positions[p], slot]
            row.site, row.seconds, row.metres = way.site, way.seconds, way.metres
