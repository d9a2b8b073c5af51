"""The registry of orter that the municipality keeps from year to year."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from glesservice.errors import Fault, InputError
from glesservice.sources.spreadsheets import read_table
from glesservice.tables import REGISTRY, check

# Before each cell's id in the file: a spreadsheet would take thirteen digits for a number, and
# round them.
CELL_MARK = "r"
# A spreadsheet takes what begins like this for a formula, and works it out.
FORMULA = ("=", "+", "-", "@")
TEXT_MARK = "'"


def as_text_of_spreadsheet(name: str) -> str:
    """Return a name as a spreadsheet shows it, and never works it out.

    Parameters
    ----------
    name
        The name.

    Examples
    --------
    >>> as_text_of_spreadsheet("Dikanäs"), as_text_of_spreadsheet("=1+1")
    ('Dikanäs', "'=1+1")
    """
    return f"{TEXT_MARK}{name}" if name.startswith(FORMULA) else name


def read_registry(path: Path) -> pd.DataFrame:
    """Return the orter of earlier years.

    Parameters
    ----------
    path
        A CSV as a run writes it (``ort-id.csv``).

    Returns
    -------
    DataFrame
        Schema ``REGISTRY``, sorted by id.

    Raises
    ------
    InputError
        If the file cannot be read, an id stands twice, years are turned, or cells have no mark.
    """
    where = str(path)
    table = read_table(path, "the orter of earlier years").reset_index(drop=True)
    for axis in {"x", "y"} & set(table.columns):
        table[axis] = table[axis].str.replace(",", ".")
    marked = tuple(f"{TEXT_MARK}{sign}" for sign in FORMULA)
    if "name" in table:
        taken = table["name"].map(lambda name: str(name).startswith(marked)).astype(bool)
        table["name"] = table["name"].mask(taken, table["name"].str.slice(1))
    rows = check(table, REGISTRY, where)
    faults = []
    turned = rows.loc[rows["first_year"] > rows["last_year"], "ort_id"]
    if not turned.empty:
        what = f"first_year is after last_year for {', '.join(turned.head(5))}"
        faults.append(Fault(what, where, "Correct the years"))
    unmarked = ~rows["cells"].map(lambda text: all(c.startswith(CELL_MARK) for c in text.split()))
    if unmarked.any():
        names = ", ".join(rows.loc[unmarked, "ort_id"].head(5))
        mend = f"Write {CELL_MARK} before each cell's id, as the run wrote it"
        faults.append(Fault(f"the cells of {names} cannot be read", where, mend))
    if faults:
        raise InputError(*faults)
    return rows.sort_values("ort_id", ignore_index=True)
