"""pandana: contraction hierarchies with its own search for points of interest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandana
import pandas as pd
from networks import Floats, Ints, Links

PACKAGE, NAME = "pandana", "pandana"
METHOD = "`nearest_pois`, its own k"
# Its hierarchies count whole thousandths and cut off the rest on every arc; no arc is under 0.8 s.
METRES, TOLERANCE = False, 1.3e-3
FAR_S = 1e6  # it needs a limit: this is beyond every way


@dataclass
class State:
    """The network, and where sites may stand."""

    network: pandana.Network
    x: pd.Series
    y: pd.Series


def build(links: Links) -> State:
    """Return the contracted network."""
    tail, head, seconds, _ = links.arcs()
    x, y = pd.Series(links.x), pd.Series(links.y)
    weights = pd.DataFrame({"seconds": seconds})
    return State(
        pandana.Network(x, y, pd.Series(tail), pd.Series(head), weights, twoway=False), x, y
    )


def query(state: State, sites: Ints, k: int) -> Floats:
    """Return seconds to the k nearest sites of every node."""
    state.network.set_pois("site", FAR_S, k, state.x[sites], state.y[sites])
    return state.network.nearest_pois(FAR_S, "site", num_pois=k).to_numpy(dtype=np.float64)
