"""What the search starts from: the arcs' weights, and the sites at the ends of their chains."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from glesservice.network.contraction import Chains
from glesservice.network.graph import Floats, Ints, SearchGraph
from glesservice.network.placing import Measure, OnChains

Numbers: TypeAlias = npt.NDArray[np.int32]


def arc_weights(graph: SearchGraph, by: Measure) -> Floats:
    """Return cost and other measure of each arc, shape (arcs, 2).

    Parameters
    ----------
    graph
        What is searched.
    by
        The measure that is the cost.
    """
    pair = (graph.seconds, graph.metres)
    return np.stack(pair if by == "seconds" else pair[::-1], axis=1)


def seeds_of(chains: Chains, sites: OnChains, number: Numbers) -> tuple[Numbers, Floats, Ints]:
    """Return where each site begins: the ends of its chain from which it can be driven to.

    Parameters
    ----------
    chains
        The chains.
    sites
        The sites, all attached.
    number
        Their numbers; several points may have one.

    Returns
    -------
    tuple of ndarray
        Site and node, shape (seeds, 2); cost and other measure, shape (seeds, 2), by rising cost;
        and the entrance: twice the position of the site, plus one at its chain's last node.
    """
    position = np.arange(len(number))
    node = np.concatenate([chains.first[sites.chain], chains.last[sites.chain]])
    values = np.concatenate([sites.leg + sites.from_first, sites.leg + sites.from_last])
    site = np.concatenate([number, number])
    entrance = np.concatenate([2 * position, 2 * position + 1])
    usable = np.flatnonzero(np.isfinite(values[:, 0]))
    keys = (entrance[usable], site[usable], values[usable, 1], values[usable, 0])
    order = usable[np.lexsort(keys)]
    seeds = np.stack([site, node], axis=1)[order].astype(np.int32)
    return seeds, values[order], entrance[order]


def sites_on_chains(
    chains: Chains, sites: OnChains, number: Numbers
) -> tuple[tuple[Numbers, Numbers, Floats], Floats]:
    """Return which sites stand on each chain, and what it takes to drive to them there.

    Parameters
    ----------
    chains
        The chains.
    sites
        The sites, all attached.
    number
        Their numbers.

    Returns
    -------
    tuple
        ``start, site, place`` in compressed rows, sites of a chain by number; and the access leg,
        the way from the chain's first node and from its last, shape (sites, 3, 2).
    """
    order = np.lexsort((number, sites.chain))
    count = np.bincount(sites.chain, minlength=len(chains))
    rows = (np.append(0, np.cumsum(count)).astype(np.int32), number[order], sites.place[order])
    return rows, np.stack([sites.leg, sites.from_first, sites.from_last], axis=1)[order]
