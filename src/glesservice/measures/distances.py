"""Sums and means over the people of each group."""

from __future__ import annotations

import numpy as np
import pandas as pd


def weighted_mean(values: pd.Series, people: pd.Series, group: pd.Series) -> pd.Series:
    """Return the mean over the people of each group, of those who have a value.

    Parameters
    ----------
    values
        One finite value a cell, or NaN or inf where there is none.
    people
        People of each cell.
    group
        The group of each cell; cells without a group are left out.

    Returns
    -------
    Series
        One value a group, NaN where nobody has one.

    Examples
    --------
    >>> far = pd.Series([2.0, 8.0, float("inf")])
    >>> weighted_mean(far, pd.Series([3, 1, 5]), pd.Series(["a", "a", "b"])).to_dict()
    {'a': 3.5, 'b': nan}
    """
    valid = np.isfinite(values)
    weight = people.where(valid, 0.0)
    summed = (values.where(valid, 0.0) * weight).groupby(group).sum()
    return summed / weight.groupby(group).sum().replace(0.0, np.nan)


def people_beyond(
    distance_km: pd.Series, people: pd.Series, group: pd.Series, limit_km: float
) -> pd.Series:
    """Return how many people of each group have further than a limit.

    Parameters
    ----------
    distance_km
        Distance of each cell, km; inf where there is no way: that is further than any limit.
    people
        People of each cell.
    group
        The group of each cell; cells without a group are left out.
    limit_km
        The limit, km; exactly the limit is not beyond it.

    Returns
    -------
    Series
        People, one value a group.

    Examples
    --------
    >>> far = pd.Series([10.0, 12.0, float("inf")])
    >>> people_beyond(far, pd.Series([5, 3, 2]), pd.Series(["a", "a", "b"]), 10).to_dict()
    {'a': 3, 'b': 2}
    """
    return people.where(distance_km > limit_km, 0.0).groupby(group).sum()
