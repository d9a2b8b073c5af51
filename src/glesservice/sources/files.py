"""Opening files: that one is missing, and tables of text with positions in degrees."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from glesservice.errors import Fault, InputError
from glesservice.tables import CRS

# Swedish spreadsheets save as UTF-8 with a mark, or in the old Windows code page.
ENCODINGS = ("utf-8-sig", "cp1252")


def existing(path: Path, what: str) -> Path:
    """Return the path if there is a file, or say that it is missing.

    Parameters
    ----------
    path
        The file.
    what
        What it should hold, for the message.

    Returns
    -------
    Path
        The same path.

    Raises
    ------
    InputError
        If there is no such file.
    """
    try:
        there, folder = path.is_file(), path.is_dir()
    except (OSError, ValueError):  # a path that cannot be one, such as one with a zero in it
        there = folder = False
    if not there:
        found = "a folder, not a file" if folder else "missing"
        raise InputError(
            Fault(f"the file with {what} is {found}", str(path), "Correct the path in the settings")
        )
    return path


def read_csv(path: Path, what: str) -> pd.DataFrame:
    """Return a CSV file as text columns, with separator and encoding recognised.

    Parameters
    ----------
    path
        The file: ``,`` or ``;``, UTF-8 or Windows-1252.
    what
        What it should hold, for the messages.

    Returns
    -------
    DataFrame
        All columns as text, names trimmed and in lower case; empty fields missing.

    Raises
    ------
    InputError
        If the file is missing, is no table, or has no rows.
    """
    raw = existing(path, what).read_bytes()
    text = None
    for encoding in ENCODINGS:
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    header = (text or "").split("\n", 1)[0]
    separator = ";" if header.count(";") > header.count(",") else ","
    try:
        if text is None or "\0" in text or not text.strip():
            raise ValueError("not text")
        lines = csv.reader(
            io.StringIO(text), delimiter=separator, skipinitialspace=True, strict=True
        )
        rows = [[field.strip() for field in line] for line in lines]
    except (ValueError, csv.Error) as error:
        raise InputError(
            Fault(f"the table cannot be read ({error})", str(path), "Save it anew as CSV, UTF-8")
        ) from None
    names = [name.lower() for name in rows[0]]
    # Spreadsheets save empty rows, and empty columns at the right.
    filled = [row for row in rows[1:] if any(row)]
    if not filled:
        raise InputError(Fault(f"there are no rows with {what}", str(path), "Fill in the table"))
    width = len(names)
    longer = [number for number, row in enumerate(rows, start=1) if any(row[width:])]
    if longer:
        raise InputError(
            Fault(
                f"line {', '.join(map(str, longer[:5]))} has more fields than there are headings",
                str(path),
                "Put fields with a comma in quotes, or separate the fields by semicolons",
            )
        )
    frame = pd.DataFrame(
        [row[:width] + [""] * (width - len(row)) for row in filled], columns=names, dtype="str"
    )
    refuse_doubles(frame.loc[:, frame.columns != ""], str(path))
    return frame.mask(frame == "")


def refuse_doubles(frame: pd.DataFrame, where: str) -> None:
    """Stop where a column is there twice.

    Parameters
    ----------
    frame
        The table.
    where
        File, for the messages.

    Raises
    ------
    InputError
        If two columns have the same name.
    """
    twice = frame.columns[frame.columns.duplicated()].unique()
    if len(twice):
        raise InputError(
            *(Fault(f"the column {name} is there twice", where, "Keep one") for name in twice)
        )


def points_from_degrees(
    frame: pd.DataFrame, where: str, also: Sequence[str] = ()
) -> gpd.GeoDataFrame:
    """Return a table with ``lat`` and ``lon`` in degrees (WGS 84) as points in EPSG:3006.

    Parameters
    ----------
    frame
        The rows; numbers may have a decimal comma.
    where
        File, for the messages.
    also
        Other columns that must be there, so that all that are missing are told together.

    Returns
    -------
    GeoDataFrame
        The rows with point geometry.

    Raises
    ------
    InputError
        If the columns are missing, hold no numbers or lie outside the Nordic countries.
    """
    missing = [name for name in ("lat", "lon", *also) if name not in frame.columns]
    if missing:
        raise InputError(
            *(
                Fault(
                    f"the column {name} is missing",
                    where,
                    "Add it" if name in also else "Add it: degrees, WGS 84",
                )
                for name in missing
            )
        )
    lat, lon = (
        pd.to_numeric(frame[name].astype("str").str.replace(",", "."), errors="coerce")
        for name in ("lat", "lon")
    )
    # Plausible for Sweden and its neighbours; also catches exchanged columns and metres.
    wrong = ~(lat.between(54, 72) & lon.between(3, 32))
    if wrong.any():
        rows = ", ".join(str(row + 2) for row in wrong.to_numpy().nonzero()[0][:5])
        raise InputError(
            Fault(
                f"lat or lon is no position in the Nordic countries in {wrong.sum()} rows "
                f"(line {rows})",
                where,
                "Write degrees in WGS 84, lat about 55-69 and lon about 10-25",
            )
        )
    points = gpd.points_from_xy(lon, lat, crs="EPSG:4326")
    return gpd.GeoDataFrame(frame, geometry=points).to_crs(CRS)
