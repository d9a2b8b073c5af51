"""What the products show of age groups: nothing exact about few people."""

from __future__ import annotations

import pandas as pd

from glesservice.measures.municipality import ALL
from glesservice.tables import Table

AGE_COLUMNS = ("people_65plus", "people_80plus")


def published_ages(frame: pd.DataFrame, table: Table, floor: int) -> pd.DataFrame:
    """Return a table in which no number of an age group is told that few people make up.

    Parameters
    ----------
    frame
        Rows of the table.
    table
        Its schema.
    floor
        From this number of people on a number is told; none at all is told as well.

    Returns
    -------
    DataFrame
        The same rows. Too small numbers are missing: in columns that count an age group, and in
        rows that are about one (column ``age``) all that is counted in people.
    """
    counts = [column.name for column in table.columns if column.unit == "personer"]
    shown = frame.copy()
    if "age" in table.names() and "age" in frame:
        group = frame["age"] != ALL
        for name in counts:
            shown[name] = frame[name].where(~(group & _few(frame[name], floor)))
    for name in AGE_COLUMNS:
        if name in counts and name in frame:
            shown[name] = frame[name].where(~_few(frame[name], floor))
    return shown


def _few(people: pd.Series, floor: int) -> pd.Series:
    """Tell which numbers are of few people."""
    return people.gt(0) & people.lt(floor)
