"""Nearest sites along the road, with seconds and metres of the same path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from glesservice.network.graph import Floats, Ints, RoadNetwork
from glesservice.network.search import label_nodes, reach_from_points
from glesservice.network.snapping import Snap

Measure = Literal["seconds", "metres"]


@dataclass(frozen=True, eq=False)
class Nearest:
    """The nearest sites of each origin, in order.

    Attributes
    ----------
    site
        Site numbers, shape (origins, k); -1 where there is none to reach.
    seconds, metres
        What the way takes, access legs included; inf where there is none.
    """

    site: Ints
    seconds: Floats
    metres: Floats


def nearest(
    network: RoadNetwork,
    origins: Snap,
    sites: Snap,
    k: int = 1,
    *,
    site_of: Ints | None = None,
    by: Measure = "seconds",
    access_kmh: float = 30.0,
    bound: float = np.inf,
) -> Nearest:
    """Return the k nearest distinct sites of every origin, driving from origin to site.

    Parameters
    ----------
    network
        The roads.
    origins, sites
        Points attached to the same network. Sites that are not attached cannot be reached.
    k
        Sites wanted for each origin.
    site_of
        Site number of each point of ``sites``, where several points are one site; their position
        where not given.
    by
        What is made smallest: the fastest way, or the shortest. Both measures of that way come
        out.
    access_kmh
        Speed on the straight legs between points and road.
    bound
        Ways that take more, in the unit of ``by``, need not be found.

    Returns
    -------
    Nearest
        Exact, and deterministic under ties (the other measure, then the site number decides).
    """
    leg_seconds = 3.6 / access_kmh
    arcs = network.reversed_arcs
    forward = (network.seconds_forward, _allowed(network.length, network.seconds_forward))
    backward = (network.seconds_backward, _allowed(network.length, network.seconds_backward))
    arc_values = (arcs.seconds, arcs.metres)
    first, second = (0, 1) if by == "seconds" else (1, 0)

    def legs(points: Snap) -> tuple[Floats, Floats]:
        return points.access_m * leg_seconds, points.access_m

    attached = np.flatnonzero(sites.link >= 0)
    standing = sites.take(attached)
    number = attached if site_of is None else site_of[attached]
    site_legs = legs(standing)
    seeds = _seeds(
        network,
        standing,
        number,
        (site_legs[first], site_legs[second]),
        (forward[first], forward[second]),
        (backward[first], backward[second]),
    )
    labels = label_nodes(
        arcs.start, arcs.tails, arc_values[first], arc_values[second], seeds, k, bound
    )
    order = np.lexsort((number, standing.link))
    on_link = (
        np.searchsorted(standing.link[order], np.arange(len(network.u) + 1)),
        number[order],
        standing.fraction[order],
        site_legs[first][order],
        site_legs[second][order],
    )
    origin_legs = legs(origins)
    site, cost, other = reach_from_points(
        (origins.link, origins.fraction, origin_legs[first], origin_legs[second]),
        (network.u, network.v, forward[first], backward[first], forward[second], backward[second]),
        on_link,
        labels,
        k,
    )
    beyond = cost > bound
    site[beyond], cost[beyond], other[beyond] = -1, np.inf, np.inf
    return Nearest(site, *((cost, other) if by == "seconds" else (other, cost)))


def road_matrix(
    network: RoadNetwork, origins: Snap, sites: Snap, *, bound_m: float = np.inf
) -> Floats:
    """Return the shortest road distance from every origin to every site, metres.

    Parameters
    ----------
    network
        The roads.
    origins, sites
        Points attached to the same network.
    bound_m
        Longer ways are not looked for.

    Returns
    -------
    ndarray
        Shape (origins, sites), access legs included; inf where there is no way within the bound.
    """
    columns = [
        nearest(network, origins, sites.take(np.array([site])), by="metres", bound=bound_m).metres
        for site in range(len(sites))
    ]
    return np.hstack(columns) if columns else np.empty((len(origins), 0))


def _allowed(length: Floats, seconds: Floats) -> Floats:
    """Lengths, infinite in the directions that may not be driven."""
    return np.where(np.isfinite(seconds), length, np.inf)


def _seeds(
    network: RoadNetwork,
    sites: Snap,
    number: Ints,
    legs: tuple[Floats, Floats],
    forward: tuple[Floats, Floats],
    backward: tuple[Floats, Floats],
) -> tuple[Ints, Ints, Floats, Floats]:
    """Where each site begins: the ends of its link from which it can be driven to."""
    link, fraction = sites.link, sites.fraction
    from_u = np.isfinite(forward[0][link]) | (fraction == 0.0)
    from_v = np.isfinite(backward[0][link]) | (fraction == 1.0)

    def along(share: Floats, values: Floats) -> Floats:
        with np.errstate(invalid="ignore"):  # 0 × inf: the site stands at the node itself
            return np.where(share == 0.0, 0.0, share * values[link])

    parts = [
        (
            end[link][usable],
            number[usable],
            (legs[0] + along(share, values[0]))[usable],
            (legs[1] + along(share, values[1]))[usable],
        )
        for end, usable, share, values in (
            (network.u, from_u, fraction, forward),
            (network.v, from_v, 1.0 - fraction, backward),
        )
    ]
    node, site, cost, other = (np.concatenate(column) for column in zip(*parts, strict=True))
    return node, site.astype(np.int64), cost, other
