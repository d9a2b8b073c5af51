"""Tables kept by people: CSV of any usual kind and Excel workbooks, as columns of text.

Rows are numbered as a spreadsheet shows them: the headings are row 1. Messages use these numbers.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd

from glesservice.errors import Fault, InputError
from glesservice.sources.files import called, content_kind, existing, refuse_doubles
from glesservice.sources.workbooks import rows_of_workbook

# Swedish spreadsheets save as UTF-8 with or without a mark, as "Unicode text", or in the old
# Windows code page (Latin-1 has the same letters).
ENCODINGS = ("utf-8-sig", "cp1252")
TABLE_ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm")
# The national grid of 250 m squares with all its columns is below 200 MB.
LARGEST_BYTES = 250_000_000
LONGEST_HEADING = 100_000
MOST_COLUMNS = 1_000
# What å, ä, ö and é become when UTF-8 is read as Windows-1252 and saved again.
GARBLED = ("Ã¥", "Ã¤", "Ã¶", "Ã…", "Ã„", "Ã–", "Ã©", "\ufffd")
ROW = "row"  # name of the index that holds the spreadsheet's row numbers


def is_table(path: Path) -> bool:
    """Return whether a file is a table by its name.

    Parameters
    ----------
    path
        The file.
    """
    return path.suffix.lower() in TABLE_ENDINGS


def read_table(path: Path, what: str, sheet: str | None = None) -> pd.DataFrame:
    """Return a CSV file or a sheet of a workbook as text columns.

    Parameters
    ----------
    path
        The file. CSV: ``,``, ``;`` or tab; UTF-8, UTF-16 or Windows-1252.
    what
        What it should hold, for the messages.
    sheet
        The sheet of a workbook; the only one, or the one called Serviceställen, where not given.

    Returns
    -------
    DataFrame
        All columns as text, names trimmed and in lower case; empty fields missing. The index,
        called ``row``, holds the rows' numbers as a spreadsheet shows them.

    Raises
    ------
    InputError
        If the file is missing, is no table, or has no rows.
    """
    where = str(existing(path, what))
    kind = content_kind(path)
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        if kind != "zip":
            raise InputError(_wrong_kind(kind, "an Excel workbook", where))
        rows = rows_of_workbook(path, sheet)
    else:
        if kind:
            raise InputError(_wrong_kind(kind, "a table of text", where))
        rows = _rows_of_text(path)
    return _as_frame(rows, what, where)


def _wrong_kind(kind: str, expected: str, where: str) -> Fault:
    """Say that a file holds something else than its name says."""
    found = called(kind) if kind else "something else"
    return Fault(
        f"the table cannot be read (this is {found}, not {expected})",
        where,
        "Save the table anew, as CSV UTF-8 or as .xlsx, and give the file the right ending",
    )


def _rows_of_text(path: Path) -> list[list[str]]:
    """Read a CSV file, its encoding and separator recognised."""
    where = str(path)
    text = _decoded(path)
    header = text.split("\n", 1)[0]
    if len(header) > LONGEST_HEADING:
        raise InputError(_not_a_table("the first row is endless", where))
    outside = "".join(header.split('"')[::2])
    separator = max(";\t,", key=outside.count)
    # From text as it is: a line break inside quotes is part of the field.
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True, strict=True
    )
    try:
        return [[field.strip() for field in line] for line in lines]
    except csv.Error as error:
        raise InputError(_not_a_table(str(error), where)) from None


def _decoded(path: Path) -> str:
    """Read a file as text."""
    where = str(path)
    size = path.stat().st_size
    if size > LARGEST_BYTES:
        raise InputError(
            _not_a_table(f"{size / 1e6:.0f} MB, more than {LARGEST_BYTES / 1e6:.0f}", where)
        )
    with path.open("rb") as file:
        head = file.read(4 * LONGEST_HEADING)
        if len(head) == 4 * LONGEST_HEADING and b"\n" not in head:
            raise InputError(_not_a_table("the first row is endless", where))
        raw = head + file.read()
    marked = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = None
    for encoding in ("utf-16",) if marked else ENCODINGS:
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if text is None or "\0" in text or not text.strip():
        raise InputError(_not_a_table("not text", where))
    if any(mark in text for mark in GARBLED):
        raise InputError(
            Fault(
                "å, ä or ö are garbled: the text was once read in the wrong encoding",
                where,
                "Save it again from the original, as CSV UTF-8",
            )
        )
    return text


def _not_a_table(why: str, where: str) -> Fault:
    """Say that a file is no table."""
    return Fault(f"the table cannot be read ({why})", where, "Save it anew as CSV, UTF-8")


def _as_frame(rows: list[list[str]], what: str, where: str) -> pd.DataFrame:
    """Make a frame of rows, the first of which are the headings."""
    names = [name.lower() for name in rows[0]] if rows else []
    # Spreadsheets save empty rows, and empty columns at the right.
    filled = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(row)]
    if not filled:
        raise InputError(Fault(f"there are no rows with {what}", where, "Fill in the table"))
    width = len(names)
    if width > MOST_COLUMNS:
        raise InputError(_not_a_table(f"{width} columns", where))
    longer = [number for number, row in enumerate(rows, start=1) if any(row[width:])]
    if longer:
        raise InputError(
            Fault(
                f"row {', '.join(map(str, longer[:5]))} has more fields than there are headings",
                where,
                "Put fields with a comma in quotes, or separate the fields by semicolons",
            )
        )
    frame = pd.DataFrame(
        [row[:width] + [""] * (width - len(row)) for _, row in filled],
        columns=names,
        dtype="str",
        index=pd.Index([number for number, _ in filled], name=ROW),
    )
    frame = frame.loc[:, frame.columns != ""]
    refuse_doubles(frame, where)
    return frame.mask(frame == "")
