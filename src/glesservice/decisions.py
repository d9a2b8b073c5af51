"""Decisions beside the proposals: utpekad or inte utpekad, why, when and by whom."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from glesservice.errors import Fault, InputError
from glesservice.orter.naming import ids_meant

COLUMNS = ("decision", "decision_motive", "decision_date", "decided_by")


def _twice(name: str, where: str) -> Fault:
    """Say that an ort has two decisions for one year."""
    return Fault(f"there are two decisions for the same year on {name}", where, "Keep one")


def with_decisions(table: pd.DataFrame, key: str, decided: pd.DataFrame) -> pd.DataFrame:
    """Return a list with the decision on each of its rows, missing where there is none.

    Parameters
    ----------
    table
        The orter or the strategic serviceorter.
    key
        The column with their ids.
    decided
        What ``holding`` returned.

    Returns
    -------
    DataFrame
        The table with the columns of ``COLUMNS``.
    """
    rows = decided[list(COLUMNS)].reindex(table[key]).astype("object")
    values = {name: rows[name].where(rows[name].notna(), None).to_numpy() for name in COLUMNS}
    return table.assign(**values)


def holding(
    decisions: pd.DataFrame | None, names: Sequence[tuple[str, str]], year: int, where: str
) -> pd.DataFrame:
    """Return the decision that holds for each ort in a year: the last one until then.

    Parameters
    ----------
    decisions
        Schema ``DECISIONS``; None where there are none.
    names
        Ids and names of the orter that there are or were; the first name of an id is shown.
    year
        The year.
    where
        File, for the messages.

    Returns
    -------
    DataFrame
        Index ``ort_id``; ``name`` and the columns of ``COLUMNS``.

    Raises
    ------
    InputError
        If an ort is not known, or two rows of one year are about the same ort.
    """
    if decisions is None:
        return pd.DataFrame(columns=["name", *COLUMNS], index=pd.Index([], name="ort_id"))
    shown = dict(reversed(names))
    ids, faults = ids_meant(list(decisions["ort"]), names, where)
    rows = decisions.assign(ort_id=decisions["ort"].map(ids))
    twice = rows[rows["ort_id"].notna() & rows.duplicated(["ort_id", "year"])]
    faults += [_twice(shown[ort], where) for ort in twice["ort_id"].unique()]
    if faults:
        raise InputError(*faults)
    last = (
        rows[rows["year"] <= year]
        .sort_values(["ort_id", "year"])
        .drop_duplicates("ort_id", keep="last")
    )
    table = last.rename(columns={"motive": "decision_motive", "date": "decision_date"})
    table = table.assign(name=table["ort_id"].map(shown)).set_index("ort_id")
    return table[["name", *COLUMNS]]


def gone(decided: pd.DataFrame, present: set[str]) -> tuple[str, ...]:
    """Return a sentence on decisions about orter that are in no list any more.

    Parameters
    ----------
    decided
        What ``holding`` returned.
    present
        Ids of the orter and serviceorter that there are.
    """
    rows = decided[~decided.index.isin(list(present))]
    if rows.empty:
        return ()
    told = [
        f"{row['name']} ({row['decision']} {row['decision_date']})"
        for row in rows.to_dict("records")
    ]
    return (f"Beslut om orter som inte längre finns i listorna: {', '.join(told)}.",)
