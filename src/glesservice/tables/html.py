"""A table as HTML for a notebook: Swedish headings and numbers, each column's meaning at hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import pandas as pd
from markupsafe import escape

from glesservice.tables.schema import Column, Kind
from glesservice.tables.words import in_words

# Notebooks bring their own style sheets: each element carries what it needs.
_LINE = "border-bottom:1px solid #ccc;padding:.3em .6em;vertical-align:top;"
_ALIGN: dict[bool, Literal["left", "right"]] = {True: "left", False: "right"}
# Longer texts are broken over lines.
LONG = 22


def _plain(row: pd.Series, column: Column) -> str:
    """Write a value as it is."""
    return in_words(row[column.name], column)


def as_html(
    frame: pd.DataFrame,
    columns: Sequence[Column],
    caption: str,
    note: str = "",
    told: Callable[[pd.Series, Column], str] = _plain,
) -> str:
    """Return rows as an HTML table.

    Parameters
    ----------
    frame
        The rows, in their order.
    columns
        The columns to show, in their order; ``frame`` has them all.
    caption
        What the table is.
    note
        What stands below it, such as where the data come from.
    told
        Writes the value of a row in a column.

    Returns
    -------
    str
        HTML in which nothing of the data can be markup.

    Examples
    --------
    >>> frame = pd.DataFrame({"name": ["A<b>"], "km": [1234.5]})
    >>> html = as_html(frame, undeclared(frame, decimals=1), "Avstånd")
    >>> "A&lt;b&gt;" in html, "1\\u00a0234,5" in html
    (True, True)
    """
    head = "".join(
        f'<th scope="col" title="{escape(column.meaning)}" style="{_style(column)}">'
        f"{_heading(column)}</th>"
        for column in columns
    )
    body = "".join(
        f"<tr>{''.join(_cell(told(row, column), column) for column in columns)}</tr>"
        for _, row in frame.iterrows()
    )
    if frame.empty:
        body = f'<tr><td colspan="{len(columns)}" style="{_LINE}text-align:left">Inga.</td></tr>'
    below = f'<p style="font-size:85%;margin:.2em 0 1em">{escape(note)}</p>' if note else ""
    return (
        '<div lang="sv" style="overflow-x:auto">'
        '<table style="border-collapse:collapse;margin:.5em 0">'
        '<caption style="caption-side:top;text-align:left;font-weight:bold;color:inherit">'
        f"{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"{below}</div>"
    )


def undeclared(frame: pd.DataFrame, decimals: int = 1) -> list[Column]:
    """Return columns for a table that no schema declares: its own headings, and its types.

    Parameters
    ----------
    frame
        The table.
    decimals
        Decimals of the numbers that are not whole.
    """
    columns = []
    for name, values in frame.items():
        kind: Kind = "text"
        if pd.api.types.is_bool_dtype(values):
            kind = "bool"
        elif pd.api.types.is_numeric_dtype(values):
            kind = "float"
        shown = values.dropna()
        whole = kind == "float" and bool((shown == shown.round()).all())
        title = str(name)
        columns.append(Column(title, kind, title, title, decimals=0 if whole else decimals))
    return columns


def _heading(column: Column) -> str:
    """Write a heading whose unit stays on one line."""
    unit = column.heading.removeprefix(column.title).strip()
    said = f' <span style="white-space:nowrap">{escape(unit)}</span>' if unit else ""
    return f"{escape(column.title)}{said}"


def _style(column: Column) -> str:
    """Align texts to the left and numbers to the right."""
    return f"{_LINE}text-align:{_ALIGN[column.kind in ('text', 'bool')]}"


def _cell(text: str, column: Column) -> str:
    """Write one cell; what is short stays on one line."""
    wrap = "" if len(text) > LONG else ";white-space:nowrap"
    return f'<td style="{_style(column)}{wrap}">{escape(text)}</td>'
