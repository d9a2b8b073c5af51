"""``tabeller.xlsx``: every table with units and explanations, ready to print."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from glesservice.analysis import Result
from glesservice.disclosure import publish, shown_as
from glesservice.exports.method import Lines, first_lines, method_lines
from glesservice.tables import Column, Table
from glesservice.tables.words import in_words

# A fixed date of creation: equal results make equal bytes.
CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
# Names from data stay text: no formula, no link.
AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDEST = 48
NARROWEST = 12
# Sentences wrap, so that the columns beside them stay in sight.
SENTENCES = 90
MOST_LINES = 4
# What does not go on a sheet: one row a square, a road, a border, a lake. They are layers.
NO_SHEET = ("cells", "roads", "boundary", "lakes")
# Where the reader knows another name than the table's.
SHEET_TITLES = {
    "orter": "Glesa orter",
    "bygder": "Glesa bygder",
    "merges": "Sammanslagna ställen",
    "ort_changes": "Ändrade orter",
    "overrides": "Kommunens ändringar",
}
# What the reader looks for comes first, and is what fits on a printed page.
FIRST = (
    *("rank", "name", "people", "total", "sparsity", "vulnerability"),
    *("added_person_km", "people_served", "people_past_limit", "people_without"),
)
# So many signs fit on a lying A4 page and can still be read.
PAGE_WIDTH = 235
LONGEST_COMMENT = 250
LINE_PT = 15.0


@dataclass(frozen=True)
class Formats:
    """The formats of a workbook."""

    heading: Any
    title: Any
    label: Any
    wrap: Any
    text: Any
    hidden: Any
    rank: Any
    numbers: dict[int, Any]


def write_workbook(result: Result, path: Path) -> None:
    """Write every table, what a reader must know, and an explanation of every column.

    Parameters
    ----------
    result
        What was found.
    path
        The file to write.
    """
    shown = publish(result)
    sheets = [
        (SHEET_TITLES.get(name, table.title), shown.tables[name], table)
        for name, table in shown.schemas.items()
        if name not in NO_SHEET
    ]
    area = shown.settings.area
    write_sheets(
        path,
        f"Service i {area.name} {area.year}",
        first_lines(shown),
        sheets,
        method=method_lines(shown),
    )


def write_sheets(
    path: Path,
    title: str,
    guide: Lines,
    sheets: Sequence[tuple[str, pd.DataFrame, Table]],
    method: Lines = (),
) -> None:
    """Write a workbook: a first sheet to read, tables, and an explanation of every column.

    Parameters
    ----------
    path
        The file to write.
    title
        The workbook's title.
    guide
        Label and text of each row of the first sheet.
    sheets
        Name, rows and schema of each table, as they may be published.
    method
        Label and text of each row of a last sheet, on method and sources; no sheet without any.
    """
    # Names from data stay text: no formula, no link.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"title": title, "created": CREATED})
        formats = _formats(book)
        _write_lines(book, "Läs detta först", guide, formats, title)
        for name, frame, table in sheets:
            _write_table(book, name, frame, _order(table), formats, title)
        _write_columns(book, [(name, table) for name, _, table in sheets], formats, title)
        if method:
            _write_lines(book, "Metod och källor", method, formats, title)


def _formats(book: Any) -> Formats:
    """Make the formats."""
    above = {"valign": "top"}
    heading = {
        "bold": True,
        "text_wrap": True,
        "bottom": 1,
        "bg_color": "#E3EFF1",
        "font_color": "#1A2328",
    }
    return Formats(
        heading=book.add_format({**heading, **above}),
        title=book.add_format({"bold": True, "font_size": 14, **above}),
        label=book.add_format({"bold": True, **above}),
        wrap=book.add_format({"text_wrap": True, "indent": 1, **above}),
        text=book.add_format({"indent": 1, **above}),
        hidden=book.add_format(
            {"italic": True, "font_color": "#595959", "align": "right", **above}
        ),
        rank=book.add_format({**above, "num_format": "0", "align": "center"}),
        numbers={
            decimals: book.add_format(
                {"num_format": f"#,##0.{'0' * decimals}" if decimals else "#,##0", **above}
            )
            for decimals in range(4)
        },
    )


def _order(table: Table) -> list[Column]:
    """Put rank, name and score first: that is what the reader looks for."""
    columns = {column.name: column for column in table.columns}
    rest = [column for column in table.columns if column.name not in FIRST]
    # Ids are for joining tables, not for reading.
    rest.sort(
        key=lambda column: (
            column.name.endswith("_id"),
            not column.name.startswith("km_"),
            column.name != "motive",
        )
    )
    return [columns[name] for name in FIRST if name in columns] + rest


def _write_lines(book: Any, title: str, lines: Lines, formats: Formats, footer: str) -> None:
    """Write a sheet of labelled sentences."""
    sheet = book.add_worksheet(title)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 110)
    for row, (label, text) in enumerate(lines):
        sheet.write_string(row, 0, label, formats.title if row == 0 else formats.label)
        sheet.write_string(row, 1, text, formats.title if row == 0 else formats.wrap)
        sheet.set_row(row, _height(text, 110))
    _prepare_print(sheet, footer)


def _write_table(
    book: Any,
    title: str,
    frame: pd.DataFrame,
    columns: Sequence[Column],
    formats: Formats,
    footer: str,
) -> None:
    """Write one table with headings, units, explanations and number formats."""
    sheet = book.add_worksheet(title)
    widths = []
    rows = frame.to_dict("records")
    lines = [0] * (len(rows) + 1)
    for position, column in enumerate(columns):
        sheet.write_string(0, position, column.heading, formats.heading)
        sheet.write_comment(0, position, column.meaning[:LONGEST_COMMENT], {"x_scale": 2})
        longest = 0
        for number, row in enumerate(rows, start=1):
            said = _write_value(sheet, number, position, row, column, formats)
            longest = max(longest, len(said))
            lines[number] = max(lines[number], len(said))
        widest = WIDEST if longest < SENTENCES else SENTENCES
        width = min(widest, max(NARROWEST, _longest_word(column), longest + 2))
        widths.append(width)
        lines[0] = max(lines[0], int(_height(column.heading, width - 3)))
        sheet.set_column(position, position, width)
    sheet.set_row(0, lines[0])
    for number, longest in enumerate(lines[1:], start=1):
        if longest > WIDEST:
            sheet.set_row(number, LINE_PT * min(MOST_LINES, -(-longest // (SENTENCES - 8))))
    sheet.freeze_panes(1, 2)
    if len(frame):
        sheet.autofilter(0, 0, len(frame), len(columns) - 1)
    sheet.repeat_rows(0)
    fitting = int(np.searchsorted(np.cumsum(widths), PAGE_WIDTH, side="right"))
    sheet.print_area(0, 0, len(frame), max(0, min(fitting, len(columns)) - 1))
    _prepare_print(sheet, footer)


def _write_value(
    sheet: Any,
    line: int,
    position: int,
    row: Mapping[Hashable, Any],
    column: Column,
    formats: Formats,
) -> str:
    """Write one value and return it as text; a missing one stays empty."""
    hidden = shown_as(row, column)
    if hidden is not None:
        sheet.write_string(line, position, hidden, formats.hidden)
        return hidden
    value = row.get(column.name)
    if value is None or (isinstance(value, float) and not np.isfinite(value)):
        return ""
    if column.kind in ("bool", "text"):
        said = in_words(value, column)
        long = len(said) > WIDEST
        sheet.write_string(line, position, said, formats.wrap if long else formats.text)
        return said
    style = formats.rank if column.name == "rank" else formats.numbers[column.decimals]
    sheet.write_number(line, position, float(value), style)
    return f"{float(value):,.{column.decimals}f}"


def _height(text: str, width: int) -> float:
    """Return the height of a row that shows a text whole: not every program works it out."""
    return LINE_PT * max(1, len(textwrap.wrap(text, max(1, width))))


def _longest_word(column: Column) -> int:
    """Return the length of the longest word of a heading, which must fit beside the filter."""
    return max(len(word) for word in column.heading.split()) + 3


def _write_columns(
    book: Any, tables: Sequence[tuple[str, Table]], formats: Formats, footer: str
) -> None:
    """Explain every column."""
    sheet = book.add_worksheet("Kolumner")
    for position, (title, width) in enumerate(
        (("Blad", 24), ("Kolumn", 34), ("Enhet", 18), ("Betydelse", 100))
    ):
        sheet.write_string(0, position, title, formats.heading)
        sheet.set_column(position, position, width)
    row = 1
    for title, table in tables:
        for column in _order(table):
            for position, text in enumerate((title, column.title, column.unit, column.meaning)):
                sheet.write_string(row, position, text, formats.wrap)
            row += 1
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, row - 1, 3)
    sheet.repeat_rows(0)
    _prepare_print(sheet, footer)


def _prepare_print(sheet: Any, footer: str) -> None:
    """Let a sheet print on A4, lying, as wide as the page, with its name and pages below."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    # An ampersand begins a code in a footer.
    sheet.set_footer(f"&L{footer.replace('&', '&&')}&C&A&RSida &P av &N")
