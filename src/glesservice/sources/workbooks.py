"""Sheets of Excel workbooks as rows of text, whatever the file claims about its size."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import openpyxl

from glesservice.errors import Fault, InputError

# A list of shops is some kilobytes. What swells beyond this is no list, or a bomb.
LARGEST_BYTES = 100_000_000
MOST_ROWS, MOST_COLUMNS = 20_000, 200
OWN_SHEET = "Serviceställen"  # as the template that comes with the project calls it


def rows_of_workbook(path: Path, sheet: str | None) -> list[list[str]]:
    """Return a sheet's rows as text, from the spreadsheet's row 1 on.

    Parameters
    ----------
    path
        The workbook, .xlsx.
    sheet
        The sheet; the only one, or the one called Serviceställen, where not given.

    Returns
    -------
    list of list of str
        Whole numbers without decimals, dates as YYYY-MM-DD, yes and no as ``ja`` and ``nej``.

    Raises
    ------
    InputError
        If the workbook cannot be read, is too large, or holds formulas that went wrong.
    """
    where = str(path)
    try:
        _refuse_bombs(path)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            chosen = book[_chosen_sheet(book.sheetnames, sheet, where)]
            return _rows(chosen, where)
        finally:
            book.close()
    except InputError:
        raise
    except Exception as error:  # openpyxl raises whatever the broken file leads to
        raise InputError(
            Fault(
                f"the workbook cannot be read ({type(error).__name__})",
                where,
                "Open it in a spreadsheet and save it anew as .xlsx",
            )
        ) from error


def _refuse_bombs(path: Path) -> None:
    """Stop where the parts of a workbook are much larger than a list can be."""
    total = 0
    with zipfile.ZipFile(path) as archive:
        for part in archive.infolist():
            # What the archive claims is not believed: read on until the data end.
            part.file_size = 2 * LARGEST_BYTES
            with archive.open(part) as file:
                begin = True
                while chunk := file.read(1 << 20):
                    total += len(chunk)
                    entities = begin and b"<!DOCTYPE" in chunk[:4096].upper()
                    if total > LARGEST_BYTES or entities:
                        raise InputError(
                            Fault(
                                "the workbook declares entities"
                                if entities
                                else f"the workbook swells to over {LARGEST_BYTES / 1e6:.0f} MB",
                                str(path),
                                "Do not use this file; make the list anew from the template",
                            )
                        )
                    begin = False


def _chosen_sheet(sheets: list[str], wanted: str | None, where: str) -> str:
    """Return the sheet that is meant."""
    if wanted is None:
        wanted = sheets[0] if len(sheets) == 1 else OWN_SHEET
        if wanted not in sheets:
            raise InputError(
                Fault(
                    f"the workbook has several sheets ({', '.join(sheets)})",
                    where,
                    "Name one as layer in the settings",
                )
            )
    if wanted not in sheets:
        raise InputError(
            Fault(
                f"there is no sheet {wanted}",
                where,
                f"Choose one of these in the settings: {', '.join(sheets)}",
            )
        )
    return wanted


def _rows(sheet: Any, where: str) -> list[list[str]]:
    """Read the filled rows of a sheet, empty ones in their places."""
    rows: list[list[str]] = []
    failed: list[str] = []
    # A sheet may claim a million rows; only so many are looked at, and one more to know.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
        row = [_text(cell.value) for cell in cells]
        while row and not row[-1]:
            row.pop()
        failed += [cell.coordinate for cell in cells if cell.data_type == "e"]
        rows.append(row)
        if number > MOST_ROWS or len(row) > MOST_COLUMNS:
            raise InputError(
                Fault(
                    f"the sheet has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns",
                    where,
                    "Delete what is empty below and beside the list",
                )
            )
    if failed:
        raise InputError(
            Fault(
                f"a formula went wrong in {', '.join(failed[:5])}",
                where,
                "Write the value instead of the formula",
            )
        )
    return rows


def _text(value: object) -> str:
    """Write one cell's value as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value).strip()
