"""The template workbook for a municipality's own list of shops, ready to fill in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from glesservice.config import DEFAULT_SERVICES
from glesservice.sources.headings import WORDS
from glesservice.sources.services import EXAMPLE
from glesservice.sources.workbooks import OWN_SHEET
from glesservice.tables.words import term

# Rows that have drop-down lists.
ROWS = 1000
CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Heading:
    """One column of the template.

    Attributes
    ----------
    text
        The heading, as the reader of tables knows it.
    meaning
        What to fill in.
    example
        What the example row says.
    choices
        The words to choose from; empty where anything may be written.
    width
        Width of the column, signs.
    """

    text: str
    meaning: str
    example: str | float
    choices: Sequence[str] = ()
    width: int = 14


def _words(column: str) -> list[str]:
    """List the Swedish words of a column, as the reader understands them."""
    return [term(word) for word in WORDS[column]]


HEADINGS: tuple[Heading, ...] = (
    Heading("Namn", "Ställets namn, som det står på skylten. Måste fyllas i.",
            f"{EXAMPLE} Handlarn i Byn (raden läses inte)", width=40),
    Heading("Tjänst", "Slag av service. Flera åt samma företag: en rad för varje, eller med komma "
            "emellan. Måste fyllas i.", "dagligvaror", tuple(DEFAULT_SERVICES), 16),
    Heading("Status", "Tomt betyder öppet. Obekräftade ställen visas men räknas inte.", "öppet",
            _words("status")),
    Heading("Latitud", "Grader i WGS 84, omkring 55–69. Fyll i latitud och longitud, eller N och "
            "E.", 65.2364),
    Heading("Longitud", "Grader i WGS 84, omkring 10–25.", 15.9919),
    Heading("N (SWEREF 99 TM)", "Meter, omkring 6 100 000–7 700 000; i stället för latitud.", "",
            width=20),
    Heading("E (SWEREF 99 TM)", "Meter, omkring 200 000–950 000; i stället för longitud.", "",
            width=20),
    Heading("Sortiment", "Dagligvaror: fullsortiment eller ej.", "fullsortiment",
            _words("assortment"), 18),
    Heading("Bemannad", "Om det finns personal.", "ja", _words("staffed")),
    Heading("Säsong", "När stället är öppet under året.", "året runt", _words("season")),
    Heading("Reservkraft", "Om stället fungerar vid elavbrott.", "nej", _words("reserve_power")),
    Heading("Företag", "Företaget bakom. Samma företag på samma plats räknas som en plats.", "",
            width=20),
    Heading("Kommunkod", "Fyra siffror; NO för Norge.", "", width=12),
    Heading("Källa", "Varifrån uppgiften kommer.", "samtal med ägaren", width=24),
    Heading("Datum", "Dag då uppgiften gällde: ÅÅÅÅ-MM-DD.", "2026-03-31"),
    Heading("Anmärkning", "Osäkerheter och förklaringar.", "", width=40),
    Heading("Id", "Eget id som inte ändras; utan id gäller namn och tjänst.", "", width=20),
)  # fmt: skip


def write_template(path: Path) -> None:
    """Write the template: headings with explanations, drop-down lists and an example row.

    Parameters
    ----------
    path
        The workbook to write.
    """
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        book.set_properties({"title": "Kommunens serviceställen", "created": CREATED})
        sheet = book.add_worksheet(OWN_SHEET)
        _write_list(book, sheet)
        _write_explanations(book)


def _write_list(book: Any, sheet: Any) -> None:
    """Write headings, the example, and the drop-down lists below them."""
    heading = book.add_format({"bold": True, "bottom": 1, "bg_color": "#E8EEF4"})
    example = book.add_format({"italic": True, "font_color": "#595959"})
    for position, column in enumerate(HEADINGS):
        sheet.write_string(0, position, column.text, heading)
        sheet.write_comment(0, position, column.meaning, {"x_scale": 2})
        sheet.set_column(position, position, column.width)
        if isinstance(column.example, float):
            sheet.write_number(1, position, column.example, example)
        elif column.example:
            sheet.write_string(1, position, column.example, example)
        if column.choices:
            sheet.data_validation(
                1,
                position,
                ROWS,
                position,
                {
                    "validate": "list",
                    "source": list(column.choices),
                    # Other services may be written, and several; the other words are fixed.
                    "error_type": "warning" if column.text == "Tjänst" else "stop",
                    "error_title": column.text,
                    "error_message": f"Välj ur listan. {column.meaning}"[:255],
                },
            )
    sheet.freeze_panes(1, 1)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write_explanations(book: Any) -> None:
    """Explain every column and its words on a sheet of its own."""
    sheet = book.add_worksheet("Förklaringar")
    heading, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    for position, (title, width) in enumerate((("Kolumn", 22), ("Fyll i", 80), ("Ord", 60))):
        sheet.write_string(0, position, title, heading)
        sheet.set_column(position, position, width, wrap)
    for row, column in enumerate(HEADINGS, start=1):
        sheet.write_string(row, 0, column.text)
        sheet.write_string(row, 1, column.meaning, wrap)
        sheet.write_string(row, 2, ", ".join(column.choices), wrap)
    sheet.freeze_panes(1, 0)
