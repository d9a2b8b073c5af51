"""``tabeller.xlsx``: the lists with units and explanations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from glesservice.analysis import Result
from glesservice.exports.ages import published_ages
from glesservice.swedish import number
from glesservice.tables import (
    APPLIED_OVERRIDES,
    MERGES,
    ORT_CHANGES,
    Column,
    Table,
    bygder_table,
    legal_table,
    municipality_table,
    orter_table,
    sensitivity_table,
    sites_table,
    strategic_table,
)
from glesservice.tables.words import service_name, term

# A fixed date of creation: equal results make equal bytes.
CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
# Names from data stay text: no formula, no link.
AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDEST = 48
NARROWEST = 10


def write_workbook(result: Result, path: Path) -> None:
    """Write the lists, the sites and an explanation of every column to a workbook.

    Parameters
    ----------
    result
        What was found.
    path
        The file to write.
    """
    services, policy = list(result.weights.index), result.settings.policy
    sheets = [
        ("Glesa orter", result.orter, orter_table(services, result.settings.policy.limits_km)),
        ("Glesa bygder", result.bygder, bygder_table(services)),
        ("Strategiska serviceorter", result.strategic, strategic_table(services)),
        ("Serviceställen", result.sites, sites_table()),
        ("Avstånd mellan ställen", result.legal, legal_table()),
        (
            "Kommunens nyckeltal",
            result.municipality,
            municipality_table(policy.limits_km, policy.limits_minutes),
        ),
        ("Känslighet", result.sensitivity, sensitivity_table()),
    ]
    if len(result.merges):
        sheets.append(("Sammanslagna ställen", result.merges.assign(**_in_swedish(result)), MERGES))
    floor = result.settings.publication.min_people
    if not result.ort_changes.empty:
        sheets.append(("Ändrade orter", result.ort_changes, ORT_CHANGES))
    if not result.overrides.empty:
        sheets.append(("Kommunens ändringar", result.overrides, APPLIED_OVERRIDES))
    published = [(name, published_ages(rows, table, floor), table) for name, rows, table in sheets]
    write_sheets(path, f"Service i {result.settings.area.name}", _reading_guide(result), published)


def write_sheets(
    path: Path,
    title: str,
    guide: Sequence[tuple[str, str]],
    sheets: Sequence[tuple[str, pd.DataFrame, Table]],
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
        Name, rows and schema of each table.
    """
    with xlsxwriter.Workbook(path, AS_TEXT) as book:
        book.set_properties({"title": title, "created": CREATED})
        _write_reading_guide(book, guide)
        for name, frame, table in sheets:
            _write_table(book, name, frame, _in_order(table))
        _write_columns(book, [(name, table) for name, _, table in sheets])


def _way(result: Result) -> str:
    """Say along which way the kilometres are."""
    return "kortaste" if result.settings.policy.way == "shortest" else "snabbaste"


def _in_swedish(result: Result) -> dict[str, pd.Series]:
    """Write what was done to two entries in Swedish."""
    return {"action": result.merges["action"].map(term)}


def _in_order(table: Table) -> list[Column]:
    """Return a table's columns, rank and name first: that is what the reader looks for."""
    first = ("rank", "name")
    columns = {column.name: column for column in table.columns}
    rest = [column for column in table.columns if column.name not in first]
    return [columns[name] for name in first if name in columns] + rest


def _reading_guide(result: Result) -> list[tuple[str, str]]:
    """Say what this is, how the people add up, and where the data come from."""
    policy, area = result.settings.policy, result.settings.area
    spread = result.spread_people
    hidden = 0 < spread < result.settings.publication.min_people
    lines: list[tuple[str, str]] = [
        ("Underlag", f"Servicens gleshet i {area.name}, {area.year}"),
        (
            "Användning",
            "Underlag för beslut om utpekade strategiska orter, aldrig en rätt till "
            "stöd. Båda listorna är förslag; kommunfullmäktige beslutar.",
        ),
        (
            "Poäng",
            f"{number(100 * policy.sparsity_share)} % gleshet och "
            f"{number(100 * (1 - policy.sparsity_share))} % sårbarhet, vikter: "
            + ", ".join(
                f"{service_name(str(name)).lower()} {number(100 * weight)} %"
                for name, weight in result.weights.items()
            ),
        ),
        distances(result),
        (
            "Avstånd mellan ställen",
            "Stödreglernas avstånd mäts mellan ställen, inte från hemmen, längs kortaste vägen i "
            "den kortare riktningen. Obekräftade ställen, och butiker med okänt sortiment, räknas "
            "kanske; om ett ställe är öppet hela året framgår inte av uppgifterna.",
        ),
        (
            "Inköpsresor",
            "Antaganden: "
            + ", ".join(
                f"{service_name(service).lower()} {number(trips, 2)}"
                for service, trips in policy.trips.per_person_week.items()
                if service in result.weights.index
            )
            + " resor per person och vecka, var för sig och tur och retur, "
            f"{number(policy.trips.co2_kg_per_km, 3)} kg koldioxid och "
            f"{number(policy.trips.sek_per_km, 2)} kr per km.",
        ),
        (
            "Ställen per 1 000 personer",
            "E2SFCA (Luo och Qi 2009), zoner till "
            + "; ".join(
                f"{number(zone)} minuter (vikt {number(weight, 2)})"
                for zone, weight in zip(
                    policy.catchment.zones_minutes, policy.catchment.weights, strict=True
                )
            )
            + ".",
        ),
        *_about_certainty(result),
        ("Personer i orter", number(float(result.orter["people"].sum()))),
        (
            "Personer i spridd bebyggelse",
            f"färre än {result.settings.publication.min_people}" if hidden else number(spread),
        ),
        ("Personer i kommunen", number(result.people)),
    ]
    return [*lines, *caveats(result)]


def distances(result: Result) -> tuple[str, str]:
    """Return how distances are measured, as a row of the first sheet.

    Parameters
    ----------
    result
        What was found.
    """
    return (
        "Avstånd",
        f"Kilometer längs {_way(result)} vägen till det ställe som då är närmast. Minuter "
        "längs snabbaste vägen till det ställe som nås fortast. Anslutning till väg medräknad.",
    )


def caveats(result: Result) -> list[tuple[str, str]]:
    """Return what a reader must know and where the data come from, as rows of the first sheet.

    Parameters
    ----------
    result
        What was found.
    """
    lines = [("Att veta", notice) for notice in result.notices]
    return lines + [
        (
            "Källa",
            f"{term(key)}: {source.path.name}, {source.source or 'källa ej angiven'}, "
            f"{source.date or 'utan datum'}, licens {source.licence or 'ej angiven'}",
        )
        for key, source in result.settings.inputs()
    ]


def _write_reading_guide(book: Any, lines: Sequence[tuple[str, str]]) -> None:
    """Write the first sheet."""
    sheet = book.add_worksheet("Läs detta först")
    heading, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 110, wrap)
    for row, (label, text) in enumerate(lines):
        sheet.write_string(row, 0, label, heading)
        sheet.write_string(row, 1, text)
    _prepare_print(sheet)


def _about_certainty(result: Result) -> list[tuple[str, str]]:
    """Say what the rank intervals are made of."""
    rules = result.settings.certainty
    if rules.draws == 0:
        return []
    return [
        (
            "Säkerhet",
            f"Listorna är gjorda om {number(rules.draws)} gånger med andra rimliga vikter, "
            "gränser, hastigheter, folkmängder i rutorna och öppna ställen. Bästa och sämsta "
            f"plats omfattar {number(100 * rules.interval)} % av dragningarna. Hur mycket som "
            "varieras är antaganden i inställningarna, inte mätningar. Bladet Känslighet visar ett "
            "antagande i taget.",
        )
    ]


def _write_table(book: Any, title: str, frame: pd.DataFrame, columns: Sequence[Column]) -> None:
    """Write one table with headings, units and number formats."""
    sheet = book.add_worksheet(title)
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    for position, column in enumerate(columns):
        unit = f" ({column.unit})" if column.unit else ""
        sheet.write_string(0, position, column.title + unit, heading)
        values = list(frame[column.name]) if column.name in frame else []
        decimals = "0" * column.decimals
        style = book.add_format({"num_format": f"#,##0.{decimals}" if decimals else "#,##0"})
        for row, value in enumerate(values, start=1):
            _write_value(sheet, row, position, value, column, style)
        longest = max((len(str(value)) for value in values), default=0)
        width = longest + 2 if column.kind == "text" else 0
        sheet.set_column(position, position, min(WIDEST, max(NARROWEST, width)))
    sheet.freeze_panes(1, 2)
    if len(frame):
        sheet.autofilter(0, 0, len(frame), len(columns) - 1)
    sheet.repeat_rows(0)
    _prepare_print(sheet)


def _write_value(
    sheet: Any, row: int, position: int, value: object, column: Column, style: Any
) -> None:
    """Write one cell; a missing value stays empty."""
    if value is None or (isinstance(value, float) and not np.isfinite(value)):
        return
    if column.kind == "bool":
        sheet.write_string(row, position, "ja" if value else "nej")
    elif column.kind == "text":
        sheet.write_string(row, position, str(value))
    else:
        sheet.write_number(row, position, float(str(value)), style)


def _write_columns(book: Any, tables: Sequence[tuple[str, Table]]) -> None:
    """Write the sheet that explains every column."""
    sheet = book.add_worksheet("Kolumner")
    heading = book.add_format({"bold": True, "bottom": 1})
    for position, (title, width) in enumerate(
        (("Blad", 24), ("Kolumn", 34), ("Enhet", 12), ("Betydelse", 100))
    ):
        sheet.write_string(0, position, title, heading)
        sheet.set_column(position, position, width)
    row = 1
    for title, table in tables:
        for column in _in_order(table):
            for position, text in enumerate((title, column.title, column.unit, column.meaning)):
                sheet.write_string(row, position, text)
            row += 1
    sheet.freeze_panes(1, 0)
    _prepare_print(sheet)


def _prepare_print(sheet: Any) -> None:
    """Let a sheet print on A4, lying, as wide as the page."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
