"""Where points stand on chains: what it takes to drive to the chain's ends, and from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numba
import numpy as np

from glesservice.network.graph import Floats, Ints, RoadNetwork
from glesservice.network.snapping import Snap

Measure = Literal["seconds", "metres"]


@dataclass(frozen=True, eq=False)
class OnChains:
    """Points on chains.

    Attributes
    ----------
    chain
        The chain of each point, -1 for a point too far from every road.
    place
        Where on the chain: the number of the link, plus the share of it that lies before.
    leg
        The straight access leg, shape (points, 2): cost and other measure.
    ways
        What the ways along the chain take, shape (points, 4, 2), cost and other measure: to the
        chain's first node, to its last, from its first, from its last; inf where it may not be
        driven.
    """

    chain: Ints
    place: Floats
    leg: Floats
    ways: Floats

    @property
    def to_first(self) -> Floats:
        """Cost and other measure from each point to its chain's first node."""
        return self.ways[:, 0]

    @property
    def to_last(self) -> Floats:
        """Cost and other measure from each point to its chain's last node."""
        return self.ways[:, 1]

    @property
    def from_first(self) -> Floats:
        """Cost and other measure from the chain's first node to each point."""
        return self.ways[:, 2]

    @property
    def from_last(self) -> Floats:
        """Cost and other measure from the chain's last node to each point."""
        return self.ways[:, 3]


def place_on_chains(network: RoadNetwork, points: Snap, access_kmh: float, by: Measure) -> OnChains:
    """Return where points stand on the network's chains.

    Parameters
    ----------
    network
        The roads.
    points
        Points attached to it.
    access_kmh
        Speed on the straight access legs.
    by
        The measure that comes first.

    Returns
    -------
    OnChains
        One entry a point. A point at a chain's very end is the junction itself: there is no
        driving, so no direction to obey.
    """
    chains = network.search_graph.chains
    chain, place, ways = _place(
        points.link,
        points.fraction,
        (network.seconds_forward, network.seconds_backward, network.length),
        (chains.of_link, chains.turned, chains.position, chains.at_last),
        (chains.onward_before, chains.return_before, chains.metres_before),
        (chains.onward_seconds, chains.return_seconds, chains.metres),
        0 if by == "seconds" else 1,
    )
    leg = np.stack([points.access_m * (3.6 / access_kmh), points.access_m], axis=1)
    return OnChains(chain, place, leg[:, :: 1 if by == "seconds" else -1], ways)


@numba.njit(cache=True, nogil=True)
def _place(links, fractions, driving, on_chain, before, totals, main):  # type: ignore[no-untyped-def]
    """Work out chain, place and ways of each point; ``main`` is where the seconds stand."""
    forward, backward, length = driving
    of_link, turned, position, at_last = on_chain
    onward_before, return_before, metres_before = before
    onward_total, return_total, metres_total = totals
    n = links.shape[0]
    chains = np.full(n, -1, np.int64)
    places = np.zeros(n)
    ways = np.full((n, 4, 2), np.inf)
    second = 1 - main
    for p in range(n):
        link = links[p]
        if link < 0:
            continue
        chain = of_link[link]
        chains[p] = chain
        share = 1.0 - fractions[p] if turned[link] else fractions[p]
        places[p] = position[link] + share
        metres = metres_before[link] + share * length[link]
        rest = max(metres_total[chain] - metres, 0.0)
        if onward_total[chain] < np.inf:
            here = backward[link] if turned[link] else forward[link]
            passed = onward_before[link] + share * here
            ways[p, 1, main], ways[p, 1, second] = max(onward_total[chain] - passed, 0.0), rest
            ways[p, 2, main], ways[p, 2, second] = passed, metres
        if return_total[chain] < np.inf:
            here = forward[link] if turned[link] else backward[link]
            passed = return_before[link] + share * here
            ways[p, 0, main], ways[p, 0, second] = passed, metres
            ways[p, 3, main], ways[p, 3, second] = max(return_total[chain] - passed, 0.0), rest
        if position[link] == 0 and share == 0.0:
            ways[p, 0], ways[p, 2] = 0.0, 0.0
        if at_last[link] and share == 1.0:
            ways[p, 1], ways[p, 3] = 0.0, 0.0
    return chains, places, ways
