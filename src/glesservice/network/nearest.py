"""Nearest sites along the road, with seconds and metres of the same path."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from glesservice.network.contraction import Chains
from glesservice.network.graph import Floats, Ints, RoadNetwork
from glesservice.network.placing import Measure, OnChains, place_on_chains
from glesservice.network.reach import reach_from_points
from glesservice.network.search import label_nodes
from glesservice.network.snapping import Snap

# Origins that are answered at a time: few enough that what is worked out for them stays in the
# processor's cache, whatever their number.
SLICE = 1 << 14


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
    count = np.bincount(standing.chain, minlength=len(graph.chains.first))
    on_chain = (np.append(0, np.cumsum(count)), number[order], standing.place[order])
    here = np.stack([standing.leg, standing.from_first, standing.from_last], axis=1)[order]
    site = np.full((len(origins), k), -1, dtype=np.int64)
    found = np.full((2, len(origins), k), np.inf)

    def _answer(begin: int) -> None:
        """Answer a slice of the origins."""
        part = slice(begin, begin + SLICE)
        start = place_on_chains(network, origins.take(part), access_kmh, by)
        sites_here, values_here = reach_from_points(
            (start.chain, start.place, start.leg),
            start.ways,
            (graph.chains.first, graph.chains.last),
            on_chain,
            here,
            labels,
            values,
            k,
        )
        within = values_here[:, :, 0] <= bound
        site[part] = np.where(within, sites_here, -1)
        for measure in (0, 1):
            found[measure, part] = np.where(within, values_here[:, :, measure], np.inf)

    # The compiled parts let go of the interpreter: slices are answered side by side.
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as workers:
        list(workers.map(_answer, range(0, len(origins), SLICE)))
    seconds, metres = found[:: _direction(by)]
    return Nearest(site, seconds, metres)


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
