"""How much of a change each cause has: Shapley's division, exact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import comb

import pandas as pd

# The causes that already have the second year's state, those that do not named the first's.
Coalition = frozenset[str]


def coalitions(causes: Sequence[str]) -> list[Coalition]:
    """Return every way to mix the two years, from all of the first to all of the second.

    Parameters
    ----------
    causes
        The causes that differ between the years.

    Examples
    --------
    >>> [sorted(mix) for mix in coalitions(["people", "roads"])]
    [[], ['people'], ['roads'], ['people', 'roads']]
    """
    sizes = range(len(causes) + 1)
    return [frozenset(chosen) for size in sizes for chosen in combinations(causes, size)]


def shares(worth: Callable[[Coalition], pd.Series], causes: Sequence[str]) -> pd.DataFrame:
    """Return what each cause adds to the change from the first year to the second.

    A cause's share is what swapping it alone from the first year's state to the second's adds,
    averaged over all orders in which the causes can be swapped. The shares add up to the whole
    change, no order is preferred, and a cause without any effect has none.

    Parameters
    ----------
    worth
        The values when some causes have the second year's state and the others the first's.
        Values of all coalitions have the same index.
    causes
        The causes.

    Returns
    -------
    DataFrame
        Index as the values, one column a cause. NaN where some mix has no value.

    Examples
    --------
    Of a product that grows from 2 × 3 to 4 × 5, which factor added how much?

    >>> def area(mix):
    ...     return pd.Series([(4 if "a" in mix else 2) * (5 if "b" in mix else 3)])
    >>> shares(area, ["a", "b"]).loc[0].to_dict()
    {'a': 8.0, 'b': 6.0}
    """
    worths = {mix: worth(mix) for mix in coalitions(causes)}
    columns = {}
    for cause in causes:
        others = [other for other in causes if other != cause]
        added = [
            (worths[mix | {cause}] - worths[mix]) / (len(causes) * comb(len(others), len(mix)))
            for mix in coalitions(others)
        ]
        columns[cause] = sum(added[1:], start=added[0])
    return pd.DataFrame(columns, index=worths[frozenset()].index)
