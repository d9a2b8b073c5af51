"""scipy, the plain way: one search a site, keeping the k least seconds. Also the reference."""

from __future__ import annotations

import numpy as np
from networks import Floats, Ints
from scipy.sparse import csgraph

from contestants import scipy_layers
from contestants.scipy_layers import State, build

PACKAGE, NAME = "scipy", "scipy, a search a site"
METHOD = "`dijkstra` from each site, k least kept"
METRES, TOLERANCE = scipy_layers.METRES, 0.0
MOST_SITES = 100  # more take this way minutes, and the answer is the same
AT_ONCE = 10  # sites a call: bounds the memory, and costs nothing in time

__all__ = ["build", "query"]


def query(state: State, sites: Ints, k: int) -> Floats:
    """Return seconds to the k nearest sites of every node."""
    best = np.full((k, state.arcs.nodes), np.inf)
    for first in range(0, len(sites), AT_ONCE):
        more = csgraph.dijkstra(state.matrix, indices=sites[first : first + AT_ONCE])
        best = np.partition(np.concatenate([best, more]), range(k), axis=0)[:k]
    return best.T
