"""glesservice: the prepared network and its search with k labels."""

from __future__ import annotations

import numpy as np
from networks import Floats, Ints, Links

from glesservice.network import RoadNetwork, at_nodes, nearest

PACKAGE, NAME = "glesservice", "**glesservice**"
METHOD = "`nearest`, its own k"
METRES, TOLERANCE = True, 0.0


def build(links: Links) -> RoadNetwork:
    """Return the prepared network."""
    network = RoadNetwork.from_arrays(
        links.u,
        links.v,
        links.length_m,
        links.seconds_forward,
        links.seconds_backward,
        links.x,
        links.y,
    )
    _ = network.search_graph  # made at first use otherwise
    return network


def query(network: RoadNetwork, sites: Ints, k: int) -> Floats:
    """Return seconds to the k nearest sites of every node."""
    return query_at(network, np.arange(network.nodes), sites, k)


def query_at(network: RoadNetwork, origins: Ints, sites: Ints, k: int) -> Floats:
    """Return seconds to the k nearest sites of some nodes."""
    found = nearest(network, at_nodes(network, origins), at_nodes(network, sites), k)
    return found.seconds
