"""Opening files: one way to be told that a file is missing, unreadable or without coordinates."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

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
    if not path.is_file():
        raise InputError(
            Fault(f"the file with {what} is missing", str(path), "Correct the path in the settings")
        )
    return path


def read_layer(path: Path, layer: str | None, what: str) -> gpd.GeoDataFrame:
    """Return a vector layer in EPSG:3006.

    Parameters
    ----------
    path
        A file that GDAL reads: GeoPackage, GeoJSON.
    layer
        The layer; the only one where not given.
    what
        What it should hold, for the messages.

    Returns
    -------
    GeoDataFrame
        The rows, reprojected.

    Raises
    ------
    InputError
        If the file or layer is missing, cannot be read, is empty or has no coordinate system.
    """
    layers = layer_names(path, what)
    if layer is None and len(layers) > 1:
        raise InputError(
            Fault(
                f"the file has several layers ({', '.join(layers)})",
                str(path),
                "Name one as layer in the settings",
            )
        )
    if layer is not None and layer not in layers:
        raise InputError(
            Fault(
                f"there is no layer {layer}",
                str(path),
                f"Choose one of these in the settings: {', '.join(layers)}",
            )
        )
    where = f"{path}, layer {layer or layers[0]}"
    try:
        frame = gpd.read_file(path, layer=layer or layers[0])
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise InputError(
            Fault(f"the layer cannot be read ({error})", where, "Save it anew")
        ) from None
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        raise InputError(Fault("there are no features", where, "Use a layer with geometry"))
    return to_sweref(frame, where)


def layer_names(path: Path, what: str) -> list[str]:
    """Return the names of a vector file's layers, in their order.

    Parameters
    ----------
    path
        The file.
    what
        What it should hold, for the messages.

    Returns
    -------
    list of str
        At least one.

    Raises
    ------
    InputError
        If the file is missing or is no vector file.
    """
    existing(path, what)
    try:
        # Without geometry: tables such as the styles that QGIS saves beside the layers.
        layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    except pyogrio.errors.DataSourceError:
        layers = []
    if not layers:
        raise InputError(
            Fault(
                f"this is no readable map file with {what}",
                str(path),
                "Save it anew as GeoPackage",
            )
        )
    return layers


def to_sweref(frame: gpd.GeoDataFrame, where: str) -> gpd.GeoDataFrame:
    """Return a frame in EPSG:3006.

    Parameters
    ----------
    frame
        Features with a known coordinate system.
    where
        File and layer, for the message.

    Returns
    -------
    GeoDataFrame
        The features, reprojected, two-dimensional.

    Raises
    ------
    InputError
        If the coordinate system is not known.
    """
    if frame.crs is None:
        raise InputError(
            Fault(
                "the coordinate system is not stated",
                where,
                "Set it in the file, usually EPSG:3006 (SWEREF 99 TM)",
            )
        )
    flat = frame.set_geometry(frame.geometry.force_2d())
    return flat.to_crs(CRS)


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
