"""Every cell's sites of every service, in the order in which it would choose them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from glesservice.network import RoadNetwork, Snap, nearest
from glesservice.network.graph import Floats, Ints
from glesservice.network.placing import Measure


@dataclass(frozen=True, eq=False)
class Ways:
    """The first k sites of each service and cell.

    Attributes
    ----------
    site
        Shape (services, cells, k): site numbers, -1 where there is none left to reach.
    km
        How far they are; inf where there is none.
    count
        Sites of each service in all: with more than k of them, more may be needed.
    """

    site: npt.NDArray[np.int32]
    km: Floats
    count: Ints


def ways_to_sites(
    network: RoadNetwork,
    cells_at: Snap,
    sites_at: Snap,
    service: Ints,
    services: int,
    k: int,
    *,
    by: Measure,
    access_kmh: float,
) -> Ways:
    """Return the first k sites of each service and cell.

    Parameters
    ----------
    network
        The roads.
    cells_at, sites_at
        Where cells and sites meet the road.
    service
        Number of each site's service.
    services
        How many services there are.
    k
        How many sites to find.
    by
        What is made smallest.
    access_kmh
        Speed on the straight legs between points and road.

    Returns
    -------
    Ways
        Exact, as ``network.nearest``.
    """
    count = np.bincount(service, minlength=services)
    deep = max(1, min(k, int(count.max(initial=0))))
    site = np.full((services, len(cells_at), deep), -1, dtype=np.int32)
    km = np.full(site.shape, np.inf)
    for number in range(services):
        chosen = np.flatnonzero(service == number)
        if not len(chosen):
            continue
        wanted = min(deep, len(chosen))
        found = nearest(
            network, cells_at, sites_at.take(chosen), wanted, by=by, access_kmh=access_kmh
        )
        site[number, :, :wanted] = np.where(found.site >= 0, chosen[found.site], -1)
        km[number, :, :wanted] = found.metres / 1000
    return Ways(site, km, count.astype(np.int64))


def driven_at(network: RoadNetwork, factors: Mapping[str, float]) -> RoadNetwork:
    """Return the network with the speed of some road classes multiplied.

    Parameters
    ----------
    network
        The roads, with their table.
    factors
        Road class to factor; classes that are not named keep their speed.

    Returns
    -------
    RoadNetwork
        The same links and nodes, so that what is attached to one is attached to the other. Time
        lost at junctions counts as driving.

    Raises
    ------
    ValueError
        If the network has no table that tells the classes.
    """
    if not factors:
        return network
    if network.edges is None:
        raise ValueError("a network of bare arrays has no road classes")
    factor = network.edges["highway"].map(dict(factors)).fillna(1.0).astype(float)
    edges = network.edges
    times = edges[["seconds_forward", "seconds_backward"]].div(factor, axis="index")
    return RoadNetwork.from_edges(edges.assign(**times))
