"""rustworkx: Dijkstra from an extra node that stands for all sites."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import rustworkx
from networks import Floats, Ints, Links

from contestants.layers import Reversed, nearest_by_layers

PACKAGE, NAME = "rustworkx", "rustworkx"
METHOD = "`dijkstra_shortest_path_lengths` from an extra node; k > 1 by layers"
METRES, TOLERANCE = False, 0.0


@dataclass
class State:
    """The reversed arcs, and their graph with an extra last node."""

    arcs: Reversed
    graph: rustworkx.PyDiGraph


def build(links: Links) -> State:
    """Return the graph of the reversed network and an extra node."""
    arcs = Reversed.of(links)
    return State(arcs, _graph(arcs.tail, arcs.head, arcs.seconds, arcs.nodes + 1))


def query(state: State, sites: Ints, k: int) -> Floats:
    """Return seconds to the k nearest sites of every node."""
    extra = state.arcs.nodes
    joins = [(extra, site) for site in sites.tolist()]
    state.graph.add_edges_from([(*join, 0.0) for join in joins])
    first = _reached(state.graph, extra)[:extra]
    state.graph.remove_edges_from(joins)
    return nearest_by_layers(state.arcs, first, sites, k, _sweep)


def _graph(tail: Ints, head: Ints, seconds: Floats, nodes: int) -> rustworkx.PyDiGraph:
    """Arcs as a weighted directed graph."""
    graph = rustworkx.PyDiGraph(multigraph=True)
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(list(zip(tail.tolist(), head.tolist(), seconds.tolist(), strict=True)))
    return graph


def _reached(graph: rustworkx.PyDiGraph, source: int) -> Floats:
    """Seconds from one node."""
    lengths = rustworkx.digraph_dijkstra_shortest_path_lengths(graph, source, float)
    reached = np.full(graph.num_nodes(), np.inf)
    reached[np.fromiter(lengths.keys(), int)] = np.fromiter(lengths.values(), float)
    reached[source] = 0.0
    return reached


def _sweep(tail: Ints, head: Ints, seconds: Floats, nodes: int, source: int) -> Floats:
    """Search from one source."""
    return _reached(_graph(tail, head, seconds, nodes), source)
