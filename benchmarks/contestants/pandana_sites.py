"""pandana, naming the site of each answer too, as glesservice always does."""

from __future__ import annotations

import numpy as np
from networks import Floats, Ints

from contestants.pandana_native import (
    FAR_S,
    METRES,
    PACKAGE,
    TOLERANCE,
    State,
    build,
)

__all__ = ["METHOD", "METRES", "NAME", "PACKAGE", "TOLERANCE", "build", "query"]

NAME = "pandana, naming the site"
METHOD = "`nearest_pois` with `include_poi_ids`"


def query(state: State, sites: Ints, k: int) -> Floats:
    """Return seconds to the k nearest sites of every node."""
    state.network.set_pois("site", FAR_S, k, state.x[sites], state.y[sites])
    found = state.network.nearest_pois(FAR_S, "site", num_pois=k, include_poi_ids=True)
    return found.iloc[:, :k].to_numpy(dtype=np.float64)
