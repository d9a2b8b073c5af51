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
    main = 0 if by == "seconds" else 1
    chain, place, ways = _place_all(
        chains.standing(points.link), points.fraction, chains.links, chains.table, main
    )
    leg = np.stack([points.access_m * (3.6 / access_kmh), points.access_m], axis=1)
    return OnChains(chain, place, leg[:, :: 1 if by == "seconds" else -1], ways)


@numba.njit(cache=True, nogil=True)
def _place_all(standing, fractions, records, table, main):  # type: ignore[no-untyped-def]
    """Work out chain, place and ways of each point; ``main`` is where the seconds stand."""
    n = standing.shape[0]
    chains = np.full(n, -1, np.int64)
    places = np.zeros(n)
    ways = np.full((n, 4, 2), np.inf)
    for p in range(n):
        if standing[p] < 0:
            continue
        link = records[standing[p]]
        chains[p] = link.chain
        places[p], to_first, to_last, from_first, from_last, metres, rest = place(
            link, table[link.chain], fractions[p]
        )
        for way, seconds, length in (
            (0, to_first, metres),
            (1, to_last, rest),
            (2, from_first, metres),
            (3, from_last, rest),
        ):
            if seconds < np.inf:
                ways[p, way, main], ways[p, way, 1 - main] = seconds, length
    return chains, places, ways


@numba.njit(cache=True, nogil=True)
def place(link, chain, fraction):  # type: ignore[no-untyped-def]
    """Return where one point stands on its chain, and what its ways along the chain take.

    Parameters
    ----------
    link, chain
        The link on which the point stands, and its chain (a record ``LINK``, a record ``CHAIN``).
    fraction
        Where on the link, as a share of it from ``u``.

    Returns
    -------
    tuple
        The place as in ``OnChains``; seconds to the chain's first node, to its last, from its
        first and from its last, inf where it may not be driven; metres to the first and the last.
    """
    share = 1.0 - fraction if link.turned else fraction
    metres = link.metres_before + share * link.metres
    rest = max(chain.metres - metres, 0.0)
    to_first = to_last = from_first = from_last = np.inf
    if chain.onward < np.inf:
        from_first = link.onward_before + share * link.onward
        to_last = max(chain.onward - from_first, 0.0)
    if chain.back < np.inf:
        to_first = link.return_before + share * link.back
        from_last = max(chain.back - to_first, 0.0)
    # At a chain's very end there is nothing to drive, whatever the directions allowed.
    if share == 0.0 and link.position == 0:
        to_first = from_first = 0.0
    if share == 1.0 and link.position + 1 == chain.links:
        to_last = from_last = rest = 0.0
    return link.position + share, to_first, to_last, from_first, from_last, metres, rest
