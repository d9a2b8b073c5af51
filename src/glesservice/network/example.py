"""A small network to try things on: what the examples in the docstrings use."""

from __future__ import annotations

import numpy as np

from glesservice.network.graph import RoadNetwork


def example_road() -> RoadNetwork:
    """Return a road from By (node 0) by Korset (1) to Stad (2), and a side road to Gård (3).

    Returns
    -------
    RoadNetwork
        By-Korset 10 km and 10 minutes, Korset-Stad 5 and 5, Korset-Gård 3 km and 6 minutes; open
        both ways.

    Examples
    --------
    >>> road = example_road()
    >>> road.nodes, road.length.tolist()
    (4, [10000.0, 5000.0, 3000.0])
    """
    minutes = np.array([10.0, 5.0, 6.0])
    return RoadNetwork.from_arrays(
        u=np.array([0, 1, 1]),
        v=np.array([1, 2, 3]),
        length_m=np.array([10_000.0, 5_000.0, 3_000.0]),
        seconds_forward=60 * minutes,
        seconds_backward=60 * minutes,
        x=500_000 + np.array([0.0, 10_000.0, 15_000.0, 10_000.0]),
        y=7_200_000 + np.array([0.0, 0.0, 0.0, 3_000.0]),
    )
