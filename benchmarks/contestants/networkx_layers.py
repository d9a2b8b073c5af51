"""networkx: multi-source Dijkstra."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
import numpy as np
from networks import Floats, Ints, Links

from contestants.layers import Reversed, nearest_by_layers

PACKAGE, NAME = "networkx", "networkx"
METHOD = "`multi_source_dijkstra_path_length`; k > 1 by layers"
METRES, TOLERANCE = False, 0.0


@dataclass
class State:
    """The reversed arcs and their graph."""

    arcs: Reversed
    graph: nx.DiGraph


def build(links: Links) -> State:
    """Return the graph of the reversed network."""
    arcs = Reversed.of(links)
    return State(arcs, _graph(arcs.tail, arcs.head, arcs.seconds))


def query(state: State, sites: Ints, k: int) -> Floats:
    """Return seconds to the k nearest sites of every node."""
    first = _reached(state.graph, set(sites.tolist()), state.arcs.nodes)
    return nearest_by_layers(state.arcs, first, sites, k, _sweep)


def _graph(tail: Ints, head: Ints, seconds: Floats) -> nx.DiGraph:
    """Arcs as a weighted directed graph."""
    graph = nx.DiGraph()
    graph.add_weighted_edges_from(zip(tail.tolist(), head.tolist(), seconds.tolist(), strict=True))
    return graph


def _reached(graph: nx.DiGraph, sources: set[int], nodes: int) -> Floats:
    """Seconds from the nearest of some nodes."""
    lengths = nx.multi_source_dijkstra_path_length(graph, sources)
    reached = np.full(nodes, np.inf)
    reached[np.fromiter(lengths.keys(), int)] = np.fromiter(lengths.values(), float)
    return reached


def _sweep(tail: Ints, head: Ints, seconds: Floats, nodes: int, source: int) -> Floats:
    """Search from one source."""
    return _reached(_graph(tail, head, seconds), {source}, nodes)
