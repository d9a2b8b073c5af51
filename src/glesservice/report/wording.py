"""How the report writes numbers, tables and sources: the same way in every chapter."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from glesservice.config import Settings
from glesservice.disclosure import told
from glesservice.report.document import Grid, Head
from glesservice.swedish import NO_BREAK_SPACE, number
from glesservice.tables import Column, Table
from glesservice.tables.words import service_place, term

# No name on a map is longer; what is, is cut in tables and sentences.
MOST_LETTERS_OF_NAME = 80
MOST_LETTERS = 1_500
TENTHS_BELOW_KM = 10.0


@dataclass(frozen=True)
class Shown:
    """A column of a table in the report.

    Attributes
    ----------
    name
        The column as the schema names it.
    title
        A shorter heading than the schema's, which has its unit in it; the schema's where empty.
    width
        Its share of the table's width.
    decimals
        Decimals, where not the schema's.
    """

    name: str
    title: str = ""
    width: float = 1.0
    decimals: int | None = None


def grid_of(
    caption: str, frame: pd.DataFrame, table: Table, columns: Sequence[Shown], source: str = ""
) -> Grid:
    """Return rows of a published table as a table of the report.

    Parameters
    ----------
    caption
        What it shows.
    frame
        The rows.
    table
        Their schema, that of what may be published.
    columns
        The columns to show.
    source
        Year and source.
    """
    declared = [table.column(column.name) for column in columns]
    heads = tuple(
        Head(shown.title or _heading(column), column.kind in {"int", "float"}, shown.width)
        for shown, column in zip(columns, declared, strict=True)
    )
    rows = tuple(
        tuple(
            cell(row, column, shown.decimals)
            for shown, column in zip(columns, declared, strict=True)
        )
        for _, row in frame.iterrows()
    )
    return Grid(caption, heads, rows, source)


def cell(row: pd.Series, column: Column, decimals: int | None = None) -> str:
    """Return a value of a published table as text.

    Parameters
    ----------
    row
        The row.
    column
        The column's declaration.
    decimals
        Decimals, where not the declared ones.
    """
    value = row[column.name]
    if column.kind == "bool":
        return "ja" if value else "nej"
    if column.name.endswith("year") and not pd.isna(value):
        return str(int(value))  # no space between its thousands
    if column.kind in {"int", "float"}:
        if decimals is not None and not pd.isna(value):
            return number(value, decimals)
        return told(row, column)
    return "–" if pd.isna(value) or value == "" else cut(term(str(value)), MOST_LETTERS)


def _heading(column: Column) -> str:
    """Return a column's title with its unit."""
    return f"{column.title} ({column.unit})" if column.unit else column.title


def cut(text: str, most: int = MOST_LETTERS_OF_NAME) -> str:
    """Return a text that is not longer than it should be.

    Parameters
    ----------
    text
        The text.
    most
        Longer ones are cut.
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"


def km(value: float, decimals: int | None = None) -> str:
    """Return kilometres, with tenths where they are few.

    Parameters
    ----------
    value
        The distance.
    decimals
        Decimals, where another number is wanted.
    """
    if decimals is None:
        decimals = 1 if abs(value) < TENTHS_BELOW_KM else 0
    return f"{number(value, decimals)}{NO_BREAK_SPACE}km"


def people(value: float) -> str:
    """Return a number of people that may be told.

    Parameters
    ----------
    value
        How many.
    """
    text = number(value)
    return f"{text}{NO_BREAK_SPACE}person" if text == "1" else f"{text}{NO_BREAK_SPACE}personer"


def percent(part: float, whole: float, decimals: int = 0) -> str:
    """Return a share in per cent.

    Parameters
    ----------
    part, whole
        The two numbers.
    decimals
        Decimals to show.
    """
    share = 100 * part / whole if whole else math.nan
    return f"{number(share, decimals)}{NO_BREAK_SPACE}%"


def signed(value: float, decimals: int = 0) -> str:
    """Return a change with its sign.

    Parameters
    ----------
    value
        The change.
    decimals
        Decimals to show.

    Examples
    --------
    >>> signed(0.04, 1), signed(1.25, 1), signed(-3)
    ('0,0', '+1,2', '−3')
    """
    text = number(value, decimals)
    return f"+{text}" if value > 0 and any(digit in text for digit in "123456789") else text


def nearest(service: str) -> str:
    """Return *närmaste* with what gives a service.

    Parameters
    ----------
    service
        The kind of service.
    """
    return f"närmaste {service_place(service)}"


def dated(settings: Settings, keys: Iterable[str] = ("population", "services", "roads")) -> str:
    """Return what a table rests on: the year, and of which date its data are.

    Parameters
    ----------
    settings
        The settings.
    keys
        The inputs that matter.
    """
    wanted = set(keys)
    said = [
        f"{term(key).lower()} {source.date or 'utan datum'}"
        for key, source in settings.inputs()
        if key.split(" ")[0] in wanted
    ]
    return f"Avser {settings.area.year}. Underlag: {', '.join(said)}. Källor: se Metod och data."


def date_of(settings: Settings) -> str:
    """Return the date of the newest data, as ISO: the files say that they were made then.

    Parameters
    ----------
    settings
        The settings.
    """
    dates = [
        f"{source.date}-01-01"[:10] if len(source.date) == 4 else f"{source.date}-01"[:10]
        for _, source in settings.inputs()
        if source.date
    ]
    valid = [date for date in dates if _is_date(date)]
    return max(valid, default=f"{settings.area.year}-01-01")


def _is_date(text: str) -> bool:
    """Tell whether a text is a day of the calendar."""
    return not pd.isna(pd.to_datetime(text, errors="coerce"))
