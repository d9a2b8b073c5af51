"""The k nearest sites from k single-source searches: the best use of a library without k.

Libraries that answer "how far from this node" (or from the nearest of many) can give the second
nearest site in one more search instead of one search a site. A node's second nearest site is
either another's first one, reached over an arc where the first nearest site changes, or it comes
from a neighbour with the same first one, as *its* second. So the second layer is a search over
the arcs inside each first site's domain, begun from a source that stands for all arcs between
domains; the third layer is the same with the pair of the first two sites. Exact, by induction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from networks import Floats, Ints, Links

# Tail, head, seconds of arcs, number of nodes, source -> seconds of every node.
Sweep = Callable[[Ints, Ints, Floats, int, int], Floats]


@dataclass(frozen=True)
class Reversed:
    """The arcs turned round, since ways lead from every node to a site."""

    tail: Ints
    head: Ints
    seconds: Floats
    nodes: int

    @classmethod
    def of(cls, links: Links) -> Reversed:
        """Return the arcs of a network, turned round."""
        head, tail, seconds, _ = links.arcs()
        return cls(tail, head, seconds, links.nodes)


def nearest_by_layers(arcs: Reversed, first: Floats, sites: Ints, k: int, sweep: Sweep) -> Floats:
    """Return the seconds to the k nearest sites of every node, given those to the nearest."""
    if k == 1:
        return first[:, None]
    starts = np.full(arcs.nodes, -1)
    starts[sites] = np.arange(len(sites))
    found = [first]
    held = [_spread(first, starts, arcs.tail, arcs.head, arcs.seconds)]
    for layer in range(1, k):
        group = np.sort(np.stack(held), axis=0)
        same = (group[:, arcs.tail] == group[:, arcs.head]).all(axis=0)
        offer, site = _offers(arcs, ~same, found, held)
        tail, head, seconds = arcs.tail[same], arcs.head[same], arcs.seconds[same]
        begun = np.flatnonzero(np.isfinite(offer))
        reached = sweep(
            np.concatenate([tail, np.full(len(begun), arcs.nodes)]),
            np.concatenate([head, begun]),
            np.concatenate([seconds, offer[begun]]),
            arcs.nodes + 1,
            arcs.nodes,
        )[: arcs.nodes]
        found.append(reached)
        if layer + 1 < k:
            held.append(_spread(reached, np.where(offer == reached, site, -1), tail, head, seconds))
    return np.stack(found, axis=1)


def _offers(
    arcs: Reversed, over: np.ndarray, found: list[Floats], held: list[Ints]
) -> tuple[Floats, Ints]:
    """Seconds and site that each node is offered over arcs where the nearest sites change."""
    tail, head, seconds = arcs.tail[over], arcs.head[over], arcs.seconds[over]
    cost, site = np.full(len(tail), np.inf), np.full(len(tail), -1)
    for reached, label in zip(found[::-1], held[::-1], strict=True):  # the nearest one wins
        new = (np.stack([h[head] for h in held]) != label[tail]).all(axis=0)
        cost = np.where(new, reached[tail] + seconds, cost)
        site = np.where(new, label[tail], site)
    order = np.lexsort((site, cost, head))
    head, start = np.unique(head[order], return_index=True)
    offer, offered = np.full(arcs.nodes, np.inf), np.full(arcs.nodes, -1)
    offer[head], offered[head] = cost[order][start], site[order][start]
    return offer, offered


def _spread(reached: Floats, begun: Ints, tail: Ints, head: Ints, seconds: Floats) -> Ints:
    """Site of every node: along arcs that a fastest way uses, back to where it began."""
    used = reached[tail] + seconds == reached[head]
    parent = np.arange(len(reached))
    parent[head[used]] = tail[used]
    own = begun >= 0
    parent[own] = np.flatnonzero(own)
    while True:
        above = parent[parent]
        if (above == parent).all():
            break
        parent = above
    site = begun[parent]
    if (site[np.isfinite(reached)] < 0).any():
        raise AssertionError("a fastest way leads to no site: sums were not equal to the bit")
    return site
