"""The indicators over the years: earlier years as they were told then, and this year."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from glesservice.analysis import Result
from glesservice.config import Settings
from glesservice.disclosure import Published, publish
from glesservice.errors import Fault, InputError
from glesservice.indicators.values import values_of
from glesservice.sources.spreadsheets import read_table
from glesservice.swedish import number
from glesservice.tables import INDICATORS, check

TRUE = {"true": True, "sant": True, "1": True, "false": False, "falskt": False, "0": False}


def earlier_indicators(settings: Settings) -> pd.DataFrame:
    """Return the indicators of earlier years, as the file that the settings name has them.

    Parameters
    ----------
    settings
        ``publication.indicators`` names the file: an earlier run's ``indikatorer.csv``.

    Returns
    -------
    DataFrame
        Schema ``INDICATORS``; without rows where the settings name no file. This year's rows, of
        an earlier run for the same year, are left out.

    Raises
    ------
    InputError
        If the file cannot be read, is another municipality's, or holds later years; all faults
        together.
    """
    path = settings.publication.indicators
    if path is None:
        return pd.DataFrame(columns=INDICATORS.names())
    rows = _read(path)
    area, where = settings.area, str(path)
    faults = []
    others = sorted(set(rows["kommunkod"]) - {area.kommun})
    if others:
        what = f"these are indicators of the municipality {', '.join(others[:3])}"
        faults.append(Fault(what, where, f"Name the file of an earlier run for {area.kommun}"))
    later = sorted(set(rows.loc[rows["year"] > area.year, "year"]))
    if later:
        what = f"the file holds {', '.join(map(str, later[:3]))}, after this run's {area.year}"
        faults.append(Fault(what, where, "Name the file of an earlier year's run"))
    if faults:
        raise InputError(*faults)
    return rows[rows["year"] < area.year].reset_index(drop=True)


def indicators_of(found: Result | Published, earlier: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the indicators of all years, this year's added.

    Parameters
    ----------
    found
        This year's result, or what of it may be published: the indicators are of that alone.
    earlier
        What ``earlier_indicators`` returned; read by the settings where not given.

    Returns
    -------
    DataFrame
        Schema ``INDICATORS``, each indicator's years together. Rows of earlier years are as they
        were told then. Where the definition, the unit or the rules of distances differ from the
        latest earlier year, this year's row says so in ``broken``.

    Raises
    ------
    InputError
        If the file of earlier years cannot be used.

    Examples
    --------
    >>> import glesservice
    >>> found = indicators_of(glesservice.run())
    >>> sorted(found["goal"].unique())[:2], bool(found["indicator_id"].is_unique)
    (['hallbarhet', 'infrastruktur'], True)
    """
    shown = found if isinstance(found, Published) else publish(found)
    now = values_of(shown)
    before = earlier_indicators(shown.settings) if earlier is None else earlier
    if before.empty:
        return now
    before = before.sort_values(["indicator_id", "year"], kind="stable")
    latest = before.groupby("indicator_id").tail(1).set_index("indicator_id")
    broken = [
        _broken(row, latest.loc[row["indicator_id"]])
        if row["indicator_id"] in latest.index
        else None
        for _, row in now.iterrows()
    ]
    now = now.assign(broken=pd.Series(broken, index=now.index, dtype=object))
    # This year's order, then what is told no more.
    order = {
        name: at for at, name in enumerate(dict.fromkeys([*now["indicator_id"], *latest.index]))
    }
    parts = [before.astype(now.dtypes.to_dict()), now]
    both = pd.concat(parts, ignore_index=True)
    both = both.assign(order=both["indicator_id"].map(order))
    return both.sort_values(["order", "year"], kind="stable", ignore_index=True).drop(
        columns="order"
    )


def _broken(row: pd.Series, before: pd.Series) -> str | None:
    """Say why a value cannot be compared with the year before."""
    changed = [
        words
        for names, words in (
            (("definition", "unit", "better"), "definitionen är en annan"),
            (("rules",), "reglerna som det räknas med är andra"),
        )
        if any(row[name] != before[name] for name in names)
    ]
    return f"Jämfört med {before['year']}: {' och '.join(changed)}." if changed else None


def _read(path: Path) -> pd.DataFrame:
    """Read a file of indicators, also one that a spreadsheet has saved."""
    where = str(path)
    table = read_table(path, "indicators").reset_index(drop=True)
    if "value" in table:
        # Spreadsheets write decimal commas, and spaces between thousands.
        plain = table["value"].str.replace(r"[\s\u00a0\u202f]", "", regex=True)
        table["value"] = plain.str.replace(",", ".")
    if "kommunkod" in table:  # which spreadsheets take for a number
        table["kommunkod"] = table["kommunkod"].str.zfill(4)
    if "headline" in table:
        table["headline"] = table["headline"].str.lower().map(TRUE)
    rows = check(table, INDICATORS, where)
    unfit = [
        f"{column.name} is {word}"
        for column in INDICATORS.columns
        if column.words
        for word in sorted(set(rows[column.name].dropna()) - set(column.words))
    ]
    # An emptied field is not a value that nobody may know.
    lost = rows["value"].isna() & rows["shown"].str.match(r"[\d\u2212-]")
    faults = [Fault(what, where, "Use the file as the run wrote it") for what in unfit[:5]]
    if lost.any():
        names = ", ".join(rows.loc[lost, "indicator_id"].head(5))
        faults.append(
            Fault(f"the value of {names} is missing", where, "Use the file as the run wrote it")
        )
    if faults:
        raise InputError(*faults)
    # Spreadsheets take the text for a number, and write it their own way.
    shown = [
        number(value, int(decimals)) if pd.notna(value) else words
        for value, decimals, words in zip(
            rows["value"], rows["decimals"], rows["shown"], strict=True
        )
    ]
    return rows.assign(shown=pd.Series(shown, index=rows.index, dtype=object))
