"""Where points stand on chains: what it takes to drive to the chain's ends, and from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from glesservice.network.graph import Flags, Floats, Ints, RoadNetwork
from glesservice.network.snapping import Snap

Measure = Literal["seconds", "metres"]


@dataclass(frozen=True, eq=False)
class OnChains:
    """Points on chains. The legs and ways have shape (points, 2): cost and other measure.

    Attributes
    ----------
    chain
        The chain of each point, -1 for a point too far from every road.
    place
        Where on the chain: the number of the link, plus the share of it that lies before.
    leg
        The straight access leg.
    to_first, to_last
        From the point to the chain's first and last node; inf where it may not be driven.
    from_first, from_last
        From the chain's first and last node to the point; inf where it may not be driven.
    """

    chain: Ints
    place: Floats
    leg: Floats
    to_first: Floats
    to_last: Floats
    from_first: Floats
    from_last: Floats


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
    link = np.maximum(points.link, 0)
    chain = np.where(points.link >= 0, chains.of_link[link], -1)
    turned = chains.turned[link]
    share = np.where(turned, 1.0 - points.fraction, points.fraction)
    forward, backward = network.seconds_forward[link], network.seconds_backward[link]
    onward_here = np.where(turned, backward, forward)
    return_here = np.where(turned, forward, backward)
    at_first = (chains.position[link] == 0) & (share == 0.0)
    at_last = chains.at_last[link] & (share == 1.0)

    metres = chains.metres_before[link] + share * network.length[link]
    onward = _along(chains.onward_before[link], share, onward_here)
    back = _along(chains.return_before[link], share, return_here)
    onward_total, return_total = chains.onward_seconds[chain], chains.return_seconds[chain]
    rest = chains.metres[chain] - metres
    can_onward, can_return = np.isfinite(onward_total), np.isfinite(return_total)

    def _both(seconds: Floats, way: Floats, allowed: Flags, at_end: Flags) -> Floats:
        """Put the two measures side by side, zero at the end itself."""
        values = np.stack([np.maximum(seconds, 0.0), np.maximum(way, 0.0)], axis=1)
        values[~allowed] = np.inf
        values[at_end] = 0.0
        return values[:, :: 1 if by == "seconds" else -1]

    leg = np.stack([points.access_m * (3.6 / access_kmh), points.access_m], axis=1)
    with np.errstate(invalid="ignore"):  # inf - inf: not allowed, replaced
        return OnChains(
            chain=chain,
            place=np.asarray(chains.position[link] + share, dtype=np.float64),
            leg=leg[:, :: 1 if by == "seconds" else -1],
            to_first=_both(back, metres, can_return, at_first),
            to_last=_both(onward_total - onward, rest, can_onward, at_last),
            from_first=_both(onward, metres, can_onward, at_first),
            from_last=_both(return_total - back, rest, can_return, at_last),
        )


def _along(before: Floats, share: Floats, here: Floats) -> Floats:
    """Add the part of a link up to a point to what lies before it on the chain."""
    with np.errstate(invalid="ignore"):  # 0 × inf: the direction is not allowed, replaced later
        return before + share * here
