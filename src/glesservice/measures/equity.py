"""How unevenly the distances fall: those who are worst off, and the Gini coefficient."""

from __future__ import annotations

import numpy as np
import pandas as pd


def worst_off(
    distance: pd.Series, people: pd.Series, group: pd.Series, *, share: float
) -> pd.Series:
    """Return the mean distance of the part of each group's people who have furthest.

    Parameters
    ----------
    distance
        Distance of each cell, km or minutes; inf where there is no way.
    people
        People of each cell.
    group
        The group of each cell; cells without one are left out.
    share
        Which part, 0-1: of the cell in which it ends, so many people count as are needed.

    Returns
    -------
    Series
        One value a group; inf where one of them has no way, NaN where nobody lives.

    Examples
    --------
    >>> far = pd.Series([30.0, 20.0, 1.0])
    >>> worst_off(far, pd.Series([1, 3, 6]), pd.Series(["a"] * 3), share=0.2).to_dict()
    {'a': 25.0}
    """
    rows = pd.DataFrame({"distance": distance, "people": people, "group": group})
    rows = rows[rows["group"].notna() & (rows["people"] > 0)]
    rows = rows.sort_values("distance", ascending=False)
    by_group = rows.groupby("group")["people"]
    wanted = by_group.transform("sum") * share
    before = by_group.cumsum() - rows["people"]
    counted = (wanted - before).clip(lower=0.0, upper=rows["people"])
    # Who does not count must not turn an endless distance into no number.
    summed = (rows["distance"] * counted).where(counted > 0, 0.0)
    found = summed.groupby(rows["group"]).sum() / counted.groupby(rows["group"]).sum()
    return found.reindex(pd.Index(group.dropna().unique()).sort_values())


def gini(distance: pd.Series, people: pd.Series, group: pd.Series) -> pd.Series:
    """Return the Gini coefficient of the distances of each group's people, 0-1.

    Parameters
    ----------
    distance
        Distance of each cell, not negative; cells without a way (inf or NaN) are left out: the
        coefficient is about those who have one.
    people
        People of each cell.
    group
        The group of each cell; cells without one are left out.

    Returns
    -------
    Series
        One value a group: 0 where all have equally far, towards 1 where few have all the
        kilometres; NaN where nobody has a way.

    Examples
    --------
    >>> far = pd.Series([0.0, 10.0])
    >>> gini(far, pd.Series([1, 1]), pd.Series(["a", "a"])).to_dict()
    {'a': 0.5}
    """
    rows = pd.DataFrame({"distance": distance, "people": people, "group": group})
    rows = rows[rows["group"].notna() & np.isfinite(rows["distance"]) & (rows["people"] > 0)]
    rows = rows.sort_values("distance")
    amount = rows["distance"] * rows["people"]
    until = amount.groupby(rows["group"]).cumsum()
    # Twice the area under the Lorenz curve, trapezium by trapezium.
    area = (rows["people"] * (2.0 * until - amount)).groupby(rows["group"]).sum()
    total = amount.groupby(rows["group"]).sum()
    heads = rows["people"].groupby(rows["group"]).sum()
    found: pd.Series = (1.0 - area / (heads * total).where(total > 0)).where(total > 0, 0.0)
    return found.clip(lower=0.0).reindex(pd.Index(group.dropna().unique()).sort_values())
