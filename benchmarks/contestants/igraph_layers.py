"""igraph: distances from an extra node that stands for all sites."""

from __future__ import annotations

from dataclasses import dataclass

import igraph
import numpy as np
from networks import Floats, Ints, Links

from contestants.layers import Reversed, nearest_by_layers

PACKAGE, NAME = "igraph", "igraph"
METHOD = "`distances` from an extra node joined to the sites; k > 1 by layers"
METRES, TOLERANCE = False, 0.0


@dataclass
class State:
    """The reversed arcs, and their graph with an extra last node."""

    arcs: Reversed
    graph: igraph.Graph


def build(links: Links) -> State:
    """Return the graph of the reversed network and an extra node."""
    arcs = Reversed.of(links)
    return State(arcs, _graph(arcs.tail, arcs.head, arcs.seconds, arcs.nodes + 1))


def query(state: State, sites: Ints, k: int) -> Floats:
    """Return seconds to the k nearest sites of every node."""
    extra, arcs = state.arcs.nodes, state.graph.ecount()
    state.graph.add_edges([(extra, site) for site in sites.tolist()], {"weight": 0.0})
    first = _reached(state.graph, extra)[:extra]
    state.graph.delete_edges(range(arcs, state.graph.ecount()))
    return nearest_by_layers(state.arcs, first, sites, k, _sweep)


def _graph(tail: Ints, head: Ints, seconds: Floats, nodes: int) -> igraph.Graph:
    """Arcs as a weighted directed graph."""
    edges = np.stack([tail, head], axis=1)
    return igraph.Graph(nodes, edges, directed=True, edge_attrs={"weight": seconds.tolist()})


def _reached(graph: igraph.Graph, source: int) -> Floats:
    """Seconds from one node."""
    return np.array(graph.distances([source], weights="weight", algorithm="dijkstra")[0])


def _sweep(tail: Ints, head: Ints, seconds: Floats, nodes: int, source: int) -> Floats:
    """Search from one source."""
    return _reached(_graph(tail, head, seconds, nodes), source)
