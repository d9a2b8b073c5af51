"""Nearest sites along the road, with seconds and metres of the same path."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from glesservice.network.contraction import Chains
from glesservice.network.graph import Floats, Ints, RoadNetwork
from glesservice.network.placing import Measure, OnChains, place_on_chains
from glesservice.network.search import label_nodes, reach_from_points
from glesservice.network.snapping import Snap


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
    graph = network.search_graph
    attached = np.flatnonzero(sites.link >= 0)
    standing = place_on_chains(network, sites.take(attached), access_kmh, by)
    number = (attached if site_of is None else site_of[attached]).astype(np.int32)
    weights = np.stack([graph.seconds, graph.metres][:: _direction(by)], axis=1)
    labels, values = label_nodes(
        graph.start, graph.tails, weights, *_seeds(graph.chains, standing, number), k, bound
    )
    order = np.lexsort((number, standing.chain))
    on_chain = (
        np.searchsorted(standing.chain[order], np.arange(len(graph.chains.first) + 1)),
        number[order],
        standing.place[order],
    )
    here = np.stack([standing.leg, standing.from_first, standing.from_last], axis=1)[order]
    start = place_on_chains(network, origins, access_kmh, by)
    site, found = reach_from_points(
        (start.chain, start.place, start.leg),
        start.ways,
        (graph.chains.first, graph.chains.last),
        on_chain,
        here,
        labels,
        values,
        k,
    )
    if bound < np.inf:
        beyond = found[:, :, 0] > bound
        site[beyond], found[beyond] = -1, np.inf
    seconds, metres = (found[:, :, 0], found[:, :, 1])[:: _direction(by)]
    return Nearest(site.astype(np.int64), seconds, metres)


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


def warm_up() -> None:
    """Compile the search, or load what an earlier run compiled."""
    ends, one = np.array([0]), np.array([1.0])
    network = RoadNetwork.from_arrays(
        ends, ends + 1, one, one, one, np.array([0.0, 1.0]), np.array([0.0, 0.0])
    )
    points = Snap(ends, np.array([0.5]), np.array([0.0]))
    nearest(network, points, points)


def _direction(by: Measure) -> int:
    """Put the measure to make smallest first: seconds and metres as they are, or turned."""
    return 1 if by == "seconds" else -1


def _seeds(
    chains: Chains, sites: OnChains, number: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int32], Floats]:
    """Where each site begins: the ends of its chain from which it can be driven to."""
    node = np.concatenate([chains.first[sites.chain], chains.last[sites.chain]])
    values = np.concatenate([sites.leg + sites.from_first, sites.leg + sites.from_last])
    site = np.concatenate([number, number])
    usable = np.flatnonzero(np.isfinite(values[:, 0]))
    order = usable[np.lexsort((site[usable], values[usable, 1], values[usable, 0]))]
    return np.stack([site, node], axis=1)[order].astype(np.int32), values[order]
