"""NetworKit: Dijkstra from an extra node that stands for all sites."""

from __future__ import annotations

from dataclasses import dataclass

import networkit
import numpy as np
from networks import Floats, Ints, Links

from contestants.layers import Reversed, nearest_by_layers

PACKAGE, NAME = "networkit", "NetworKit"
METHOD = "`Dijkstra` from an extra node joined to the sites; k > 1 by layers"
METRES, TOLERANCE = False, 0.0


@dataclass
class State:
    """The reversed arcs, and their graph with an extra last node."""

    arcs: Reversed
    graph: networkit.Graph


def build(links: Links) -> State:
    """Return the graph of the reversed network and an extra node."""
    arcs = Reversed.of(links)
    return State(arcs, _graph(arcs.tail, arcs.head, arcs.seconds, arcs.nodes + 1))


def query(state: State, sites: Ints, k: int) -> Floats:
    """Return seconds to the k nearest sites of every node."""
    extra = state.arcs.nodes
    for site in sites.tolist():
        state.graph.addEdge(extra, site, 0.0)
    first = _reached(state.graph, extra)[:extra]
    for site in sites.tolist():
        state.graph.removeEdge(extra, site)
    return nearest_by_layers(state.arcs, first, sites, k, _sweep)


def _graph(tail: Ints, head: Ints, seconds: Floats, nodes: int) -> networkit.Graph:
    """Arcs as a weighted directed graph."""
    return networkit.GraphFromCoo((seconds, (tail, head)), n=nodes, weighted=True, directed=True)


def _reached(graph: networkit.Graph, source: int) -> Floats:
    """Seconds from one node; what is not reached comes as the largest number there is."""
    search = networkit.distance.Dijkstra(graph, source, storePaths=False)
    reached = np.asarray(search.run().getDistances(asarray=True))
    return np.where(reached < 1e300, reached, np.inf)


def _sweep(tail: Ints, head: Ints, seconds: Floats, nodes: int, source: int) -> Floats:
    """Search from one source."""
    return _reached(_graph(tail, head, seconds, nodes), source)
