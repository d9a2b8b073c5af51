"""The files that the municipality writes itself: changes to the orter, and decisions."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from glesservice.errors import Fault, InputError
from glesservice.sources.spreadsheets import read_table
from glesservice.tables import DECISIONS, OVERRIDES, Table, check

# Headings and words as they may be written, in Swedish or as the tables have them.
_OVERRIDE_HEADINGS = {"ändring": "change", "till": "to", "motiv": "motive"}
_CHANGES = ("namn", "slå ihop", "rangordna inte")
_DECISION_HEADINGS = {
    "beslut": "decision",
    "motiv": "motive",
    "datum": "date",
    "beslutat av": "decided_by",
    "år": "year",
}
_DECISIONS = ("utpekad", "inte utpekad")


def read_overrides(path: Path) -> pd.DataFrame:
    """Return what the municipality changes about its orter.

    Parameters
    ----------
    path
        A CSV with ``ort;ändring;till;motiv``: the ort's name or id; ``namn``, ``slå ihop`` or
        ``rangordna inte``; the new name or the ort to join; and why.

    Returns
    -------
    DataFrame
        Schema ``OVERRIDES``.

    Raises
    ------
    InputError
        If the file cannot be read, a motive is missing, or a change is not known; all faults
        together.
    """
    where = str(path)
    rows, faults = _read(path, "changes to the orter", _OVERRIDE_HEADINGS, OVERRIDES)
    faults += _unknown_words(rows, "change", _CHANGES, where)
    lost = rows["to"].isna() & rows["change"].isin(["namn", "slå ihop"])
    if lost.any():
        names = ", ".join(rows.loc[lost, "ort"].astype("str").head(5))
        mend = "Write the new name, or the ort to join"
        faults.append(Fault(f"the column till is empty for {names}", where, mend))
    if faults:
        raise InputError(*faults)
    return rows.assign(required=True)


def read_decisions(path: Path) -> pd.DataFrame:
    """Return the decisions on the orter.

    Parameters
    ----------
    path
        A CSV with ``ort;beslut;motiv;datum;beslutat av`` and perhaps ``år``: the ort's name or id;
        ``utpekad`` or ``inte utpekad``; why; when (YYYY-MM-DD) and by whom; and the year from which
        it holds, that of the date where not given.

    Returns
    -------
    DataFrame
        Schema ``DECISIONS``.

    Raises
    ------
    InputError
        If the file cannot be read, a date is none, a word is not known, or an ort has two decisions
        for one year; all faults together.
    """
    where = str(path)
    rows, faults = _read(path, "decisions", _DECISION_HEADINGS, DECISIONS)
    faults += _unknown_words(rows, "decision", _DECISIONS, where)
    wrong = rows["date"].notna() & ~rows["date"].map(_is_date)
    if wrong.any():
        dates = ", ".join(rows.loc[wrong, "date"].head(5))
        faults.append(Fault(f"{dates} is no date", where, "Write dates as 2026-01-31"))
    rows["year"] = pd.to_numeric(rows["year"], errors="coerce").fillna(
        pd.to_numeric(rows["date"].where(~wrong).str[:4], errors="coerce")
    )
    same = rows.assign(ort=rows["ort"].str.casefold()).duplicated(["ort", "year"])
    if same.any():
        names = ", ".join(rows.loc[same, "ort"].head(5))
        what = f"there are two decisions for the same year on {names}"
        faults.append(Fault(what, where, "Keep the one that holds"))
    if faults:
        raise InputError(*faults)
    return rows


def _read(
    path: Path, what: str, headings: Mapping[str, str], table: Table
) -> tuple[pd.DataFrame, list[Fault]]:
    """Read a table and collect what its schema finds wrong, so that more can be found."""
    frame = read_table(path, what).reset_index(drop=True)
    frame = frame.rename(
        columns=lambda name: headings.get(unicodedata.normalize("NFC", name), name)
    )
    try:
        return check(frame, table, str(path)), []
    except InputError as error:
        missing = [column.name for column in table.columns if column.name not in frame.columns]
        if set(missing) & {column.name for column in table.columns if not column.nullable}:
            raise
        return frame.reindex(columns=table.names()), list(error.faults)


def _unknown_words(
    rows: pd.DataFrame, column: str, words: Sequence[str], where: str
) -> list[Fault]:
    """Put words into lower case, in place; tell of those that are not known."""
    rows[column] = rows[column].str.lower().map(lambda w: " ".join(w.split()), na_action="ignore")
    unknown = sorted(set(rows[column].dropna()) - set(words))
    if not unknown:
        return []
    return [Fault(f"{', '.join(unknown)} is not known", where, f"Use one of: {', '.join(words)}")]


def _is_date(text: object) -> bool:
    """Tell whether a text is a date such as 2026-01-31."""
    try:
        dt.date.fromisoformat(str(text))
    except ValueError:
        return False
    return len(str(text)) == len("2026-01-31")
