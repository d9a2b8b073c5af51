"""Sparsity (gleshet): how far residents have to their nearest service."""

from __future__ import annotations

import pandas as pd

from glesservice.measures.distances import weighted_mean


def sparsity(
    distance_km: pd.Series,
    people: pd.Series,
    group: pd.Series,
    *,
    near_km: float,
    far_km: float,
) -> pd.Series:
    """Return the sparsity of each group for one service, 0-100.

    Parameters
    ----------
    distance_km
        Distance from each cell to its nearest site, km; inf where none can be reached, which
        counts as far as can be.
    people
        People of each cell.
    group
        The ort (or bygd) of each cell; cells without one are left out.
    near_km
        Up to so many km nobody has far.
    far_km
        From so many km people have as far as can be.

    Returns
    -------
    Series
        The mean over the group's people of ``clip((d - near) / (far - near), 0, 1)``, times 100.

    Examples
    --------
    >>> d = pd.Series([10.0, 20.0, float("inf")])
    >>> sparsity(d, pd.Series([1, 1, 2]), pd.Series(["a"] * 3), near_km=10, far_km=30).to_dict()
    {'a': 62.5}
    """
    share = ((distance_km - near_km) / (far_km - near_km)).clip(0.0, 1.0)
    return 100.0 * weighted_mean(share, people, group)
