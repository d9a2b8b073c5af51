"""The ways behind the distances: what everybody drives on the way to the nearest site."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np

from glesservice.network.graph import Floats, Ints, RoadNetwork
from glesservice.network.placing import Measure, OnChains, place_on_chains
from glesservice.network.reach import reach_from_points
from glesservice.network.records import LABEL, WAY, Records, empty_records
from glesservice.network.search import label_nodes
from glesservice.network.seeding import arc_weights, seeds_of, sites_on_chains
from glesservice.network.snapping import Snap

# How an origin sets off: to its chain's first or last node, or along the chain to a site on it.
NOWHERE, TO_FIRST, TO_LAST, ALONG = -1, 0, 1, 2


@dataclass(frozen=True, eq=False)
class Ways:
    """The best way from every junction to its nearest site.

    Attributes
    ----------
    sites
        The attached sites.
    labels
        The way of each junction to the nearest of ``sites`` (records ``LABEL``, shape
        (junctions, 1)).
    order
        The junctions that reach a site, each after the one where its way leads next.
    arc
        The arc that each junction drives next, -1 where the site stands on a chain that begins
        there (or there is no site to reach).
    entrance
        Where each junction's way enters the chain of its site: twice the site, plus one if it
        comes from the chain's last node; -1 where there is no site to reach.
    """

    sites: OnChains
    labels: Records
    order: Ints
    arc: Ints
    entrance: Ints


@dataclass(frozen=True, eq=False)
class Departures:
    """How origins set off to their nearest site.

    Attributes
    ----------
    start
        Where the origins stand.
    site
        The nearest of the attached sites, -1 where there is none to reach.
    heading
        ``TO_FIRST``, ``TO_LAST``, ``ALONG`` or ``NOWHERE``.
    seconds, metres
        What the way takes, access legs included; inf where there is none.
    """

    start: OnChains
    site: Ints
    heading: Ints
    seconds: Floats
    metres: Floats


def ways_to(
    network: RoadNetwork, sites: Snap, *, by: Measure, access_kmh: float, bound: float
) -> Ways:
    """Return the best way from every junction to its nearest site.

    Parameters
    ----------
    network
        The roads.
    sites
        Points attached to it. Of sites equally near the one that stands first is driven to.
    by
        What is made smallest.
    access_kmh
        Speed on the straight access legs.
    bound
        Ways that take more need not be found.

    Returns
    -------
    Ways
        One way a junction; it is the way whose cost the nearest-site search tells.
    """
    graph = network.search_graph
    standing = place_on_chains(network, sites.take(np.flatnonzero(sites.link >= 0)), access_kmh, by)
    number = np.arange(len(standing.chain), dtype=np.int32)
    seeds, costs, entrance = seeds_of(graph.chains, standing, number)
    weights = arc_weights(graph, by)
    labels = label_nodes(graph.start, graph.tails, weights, seeds, costs, 1, bound)
    return Ways(
        standing,
        labels,
        *_next_arcs(graph.start, graph.tails, weights, labels[:, 0], seeds, costs, entrance),
    )


def departures(
    network: RoadNetwork,
    ways: Ways,
    origins: Snap,
    *,
    by: Measure,
    access_kmh: float,
    bound: float,
) -> Departures:
    """Return how origins set off to their nearest site.

    Parameters
    ----------
    network
        The roads.
    ways
        What ``ways_to`` returned for the same options.
    origins
        Points attached to the network.
    by
        What is made smallest.
    access_kmh
        Speed on the straight access legs.
    bound
        Ways that take more are left out.

    Returns
    -------
    Departures
        One entry an origin.
    """
    chains = network.search_graph.chains
    sites = ways.sites
    start = place_on_chains(network, origins, access_kmh, by)
    found = empty_records(len(origins), WAY).reshape(-1, 1)
    reach_from_points(
        (chains.standing(origins.link), origins.fraction, origins.access_m),
        3.6 / access_kmh,
        by == "seconds",
        chains.links,
        chains.table,
        *sites_on_chains(chains, sites, np.arange(len(sites.chain), dtype=np.int32)),
        ways.labels,
        bound,
        np.empty((1, 1), LABEL),
        found,
    )
    way = found[:, 0]
    site, seconds, metres = way["site"], way["seconds"], way["metres"]
    cost = np.stack([seconds, metres] if by == "seconds" else [metres, seconds], axis=1)
    heading = np.where(site >= 0, ALONG, NOWHERE)
    # The sums are those of the search, made in the same order: equal ways are equal to the bit.
    for turn, leave, end in (
        (TO_LAST, start.to_last, chains.last),
        (TO_FIRST, start.to_first, chains.first),
    ):
        node = end[np.maximum(start.chain, 0)]
        label = ways.labels[node, 0]
        along = np.stack([label["cost"], label["other"]], axis=1)
        same = (start.leg + leave + along == cost).all(axis=1)
        heading[(site >= 0) & (label["site"] == site) & same] = turn
    return Departures(start, site, heading, seconds, metres)


@numba.njit(cache=True, nogil=True)
def _next_arcs(start, tails, weights, labels, seeds, costs, entrances):  # type: ignore[no-untyped-def]
    """Find the arc that every junction drives next, going outward from the sites.

    An arc is driven where the value at its tail is exactly the value at its head plus its weight:
    so the search has made it. Going outward, no way can turn in a circle of links without length.
    """
    nodes = start.shape[0] - 1
    order = np.empty(nodes, np.int64)
    arcs = np.full(nodes, -1, np.int64)
    entrance = np.full(nodes, -1, np.int64)
    count = 0
    for seed in range(seeds.shape[0]):
        site, node = seeds[seed, 0], seeds[seed, 1]
        if (
            entrance[node] < 0
            and labels[node].site == site
            and labels[node].cost == costs[seed, 0]
            and labels[node].other == costs[seed, 1]
        ):
            entrance[node] = entrances[seed]
            order[count] = node
            count += 1
    done = 0
    while done < count:
        node = order[done]
        done += 1
        for arc in range(start[node], start[node + 1]):
            tail = tails[arc]
            if (
                entrance[tail] < 0
                and labels[tail].site == labels[node].site
                and labels[tail].cost == labels[node].cost + weights[arc, 0]
                and labels[tail].other == labels[node].other + weights[arc, 1]
            ):
                arcs[tail] = arc
                entrance[tail] = entrance[node]
                order[count] = tail
                count += 1
    return order[:count], arcs, entrance
