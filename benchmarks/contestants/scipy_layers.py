"""scipy: one multi-source search for k = 1, one more search a layer after that."""

from __future__ import annotations

from dataclasses import dataclass

from networks import Floats, Ints, Links
from scipy import sparse
from scipy.sparse import csgraph

from contestants.layers import Reversed, nearest_by_layers

PACKAGE, NAME = "scipy", "scipy"
METHOD = "`dijkstra(min_only=True)`; k > 1 by layers"
METRES, TOLERANCE = False, 0.0


@dataclass
class State:
    """The reversed arcs and their matrix."""

    arcs: Reversed
    matrix: sparse.csr_array


def build(links: Links) -> State:
    """Return the matrix of the reversed network."""
    arcs = Reversed.of(links)
    return State(arcs, _matrix(arcs.tail, arcs.head, arcs.seconds, arcs.nodes))


def query(state: State, sites: Ints, k: int) -> Floats:
    """Return seconds to the k nearest sites of every node."""
    first = csgraph.dijkstra(state.matrix, indices=sites, min_only=True)
    return nearest_by_layers(state.arcs, first, sites, k, _sweep)


def _matrix(tail: Ints, head: Ints, seconds: Floats, nodes: int) -> sparse.csr_array:
    """Arcs as a matrix with the index type that scipy searches without a copy."""
    return sparse.csr_array(
        (seconds, (tail.astype("int32"), head.astype("int32"))), shape=(nodes, nodes)
    )


def _sweep(tail: Ints, head: Ints, seconds: Floats, nodes: int, source: int) -> Floats:
    """Search from one source."""
    return csgraph.dijkstra(_matrix(tail, head, seconds, nodes), indices=source)
