"""Older people of the population grid, from age columns of any vintage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from glesservice.errors import Fault, InputError

# What SCB's columns look like: ald0_5 (2024), ald0_4 (2025), ald100w, and alder_65_69 elsewhere.
_AGE = re.compile(r"ald(?:er)?_?(\d{1,3})(?:(?:_|-)(\d{1,3})|_?(w|plus|\+|-))", re.IGNORECASE)
OLDEST = 200  # stands for no upper bound
LIMITS = {"people_65plus": 65, "people_80plus": 80}
# Rounding and SCB's noise let the ages miss the total a little; more is another mistake.
MOST_OFF = 0.1


@dataclass(frozen=True)
class AgeGroup:
    """One age column.

    Attributes
    ----------
    column
        Its name.
    lower, upper
        Ages from ``lower`` up to below ``upper``, years.
    """

    column: str
    lower: int
    upper: int


def age_groups(columns: Sequence[str]) -> list[AgeGroup]:
    """Return the age groups among the columns, if they make up all ages once.

    Parameters
    ----------
    columns
        Names of columns.

    Returns
    -------
    list of AgeGroup
        Rising; empty where the columns do not go from 0 to the oldest without gap or overlap.

    Examples
    --------
    >>> [(g.lower, g.upper) for g in age_groups(["ald0_65", "ald65_80", "ald80w"])]
    [(0, 65), (65, 80), (80, 200)]
    >>> [(g.lower, g.upper) for g in age_groups(["ald0_64", "ald65_79", "ald80w"])]
    [(0, 65), (65, 80), (80, 200)]
    """
    found = []
    for column in columns:
        match = _AGE.fullmatch(str(column))
        if match:
            lower, upper, _ = match.groups()
            found.append((int(lower), OLDEST if upper is None else int(upper), str(column)))
    found.sort()
    lowers = {lower for lower, _, _ in found}
    groups = [
        # Where the next group begins one year later, the bound belongs to this one.
        AgeGroup(column, lower, upper + 1 if upper + 1 in lowers else upper)
        for lower, upper, column in found
    ]
    begins, ends = [g.lower for g in groups], [g.upper for g in groups]
    whole = groups and begins == [0, *ends[:-1]] and ends[-1] == OLDEST
    return groups if whole else []


def older_people(frame: pd.DataFrame, people: pd.Series, where: str) -> dict[str, pd.Series]:
    """Return how many are 65 and 80 or older, where the age columns tell it exactly.

    Parameters
    ----------
    frame
        The grid, with whatever age columns it has.
    people
        All people of each cell.
    where
        File and layer, for the message.

    Returns
    -------
    dict
        ``people_65plus`` and ``people_80plus``, each only where a group begins at that age;
        missing in cells in which an age is missing.

    Raises
    ------
    InputError
        If the ages together are far from the number of people: then a column means something else.
    """
    groups = age_groups(list(frame.columns))
    if not groups:
        return {}
    counts = frame[[group.column for group in groups]].apply(pd.to_numeric, errors="coerce")
    known = counts.notna().all(axis=1)
    summed = counts.sum(axis=1, skipna=False)
    total = pd.to_numeric(people, errors="coerce")[known].sum()
    if known.any() and abs(summed[known].sum() - total) > MOST_OFF * max(total, 1):
        raise InputError(
            Fault(
                f"the ages add up to {summed[known].sum():g} people, the total to {total:g}",
                where,
                "Check which column holds all people (value under [population])",
            )
        )
    return {
        name: counts[[g.column for g in groups if g.lower >= limit]].sum(axis=1, skipna=False)
        for name, limit in LIMITS.items()
        if any(group.lower == limit for group in groups)
    }
