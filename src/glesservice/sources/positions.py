"""Positions in tables: degrees or metres, under Swedish or English headings."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from glesservice.errors import Fault, InputError
from glesservice.sources.coordinates import looks_like, to_sweref
from glesservice.sources.headings import POSITIONS, renamed
from glesservice.tables import CRS
from glesservice.tables.schema import rows_of

DEGREES = "EPSG:4326"
# Plausible for Sweden and its neighbours; also catches exchanged columns and metres.
LAT, LON = (54, 72), (3, 32)
NORTH, EAST = (5_900_000, 8_100_000), (-350_000, 1_300_000)
# A position given twice must be the same within so many metres: coordinates are often rounded.
SAME_M = 200.0


def points_from_table(
    frame: pd.DataFrame, where: str, also: Sequence[str] = (), crs: str | None = None
) -> gpd.GeoDataFrame:
    """Return a table's rows as points in EPSG:3006.

    Parameters
    ----------
    frame
        The rows, with ``lat`` and ``lon`` in degrees (WGS 84), or ``n`` and ``e`` (or ``x`` and
        ``y``) in SWEREF 99 TM; numbers may have a decimal comma.
    where
        File, for the messages.
    also
        Other columns that must be there, so that all that are missing are told together.
    crs
        The coordinate system of ``n`` and ``e`` where it is another one.

    Returns
    -------
    GeoDataFrame
        The rows with point geometry.

    Raises
    ------
    InputError
        If the columns are missing, hold no numbers or lie outside the Nordic countries.
    """
    frame = renamed(frame, POSITIONS, where)
    pairs = [
        pair for pair in (("n", "e"), ("lat", "lon"), ("x", "y")) if {*pair} <= {*frame.columns}
    ]
    missing = _missing(frame, pairs, also, where)
    if missing:
        raise InputError(*missing)
    placed = np.full(len(frame), None, dtype="object")
    faults: list[Fault] = []
    for names in pairs:
        points, told = _points(frame, names, where, crs)
        faults += told
        apart = shapely.distance(points, placed) > SAME_M
        if apart.any():
            faults.append(
                Fault(
                    f"N and E are another place than lat and lon in "
                    f"{rows_of(pd.Series(apart, frame.index))}",
                    where,
                    "Keep the right one of the two positions",
                )
            )
        placed = np.where(shapely.is_missing(placed), points, placed)
    nowhere = pd.Series(shapely.is_missing(placed), frame.index)
    if nowhere.any() and not faults:
        faults.append(_told(pairs[-1], nowhere, "nothing is filled in", where))
    if faults:
        raise InputError(*faults)
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(placed, index=frame.index, crs=CRS))


def _missing(
    frame: pd.DataFrame, pairs: Sequence[tuple[str, str]], also: Sequence[str], where: str
) -> list[Fault]:
    """Say which columns are missing."""
    found = []
    if not pairs:
        found = [
            Fault(
                f"the column {name} is missing",
                where,
                "Add it: degrees, WGS 84 (or columns N and E: metres, SWEREF 99 TM)",
            )
            for name in ("lat", "lon")
            if name not in frame.columns
        ]
    return found + [
        Fault(f"the column {name} is missing", where, "Add it")
        for name in also
        if name not in frame.columns
    ]


def _points(
    frame: pd.DataFrame, names: tuple[str, str], where: str, crs: str | None
) -> tuple[npt.NDArray[np.object_], list[Fault]]:
    """Place the rows of one pair of columns; tell of those that are nowhere."""
    north, east = (_number(frame[name]) for name in names)
    if names == ("x", "y"):
        # GIS says x for east, Swedish surveyors for north: the larger one is the north.
        larger = north.where(north >= east, east)
        north, east = larger, north + east - larger
    degrees = names[0] == "lat" or (names[0] == "x" and not (north > 90).any())
    system = DEGREES if degrees else crs or CRS
    given = frame[names[0]].notna() | frame[names[1]].notna()
    plausible = north.notna() & east.notna()
    if degrees or system == CRS:
        box = (LAT, LON) if degrees else (NORTH, EAST)
        plausible &= north.between(*box[0]) & east.between(*box[1])
    nothing = np.full(len(frame), None, dtype="object")
    wrong = given & ~plausible
    if wrong.any():
        look = looks_like(east[wrong].to_numpy("float64"), north[wrong].to_numpy("float64"))
        return nothing, [_told(names, wrong, look and f"it looks like {look}", where)]
    if not given.any():
        return nothing, []
    shapes = gpd.points_from_xy(east[given], north[given], crs=system)
    nothing[given.to_numpy()] = to_sweref(gpd.GeoDataFrame(geometry=shapes), where).geometry
    return nothing, []


def _told(names: tuple[str, str], wrong: pd.Series, why: str, where: str) -> Fault:
    """Say where positions are none, and how they are written."""
    return Fault(
        f"{names[0]} or {names[1]} is no position in the Nordic countries in {rows_of(wrong)}"
        + (f" ({why})" if why else ""),
        where,
        "Write degrees in WGS 84 under lat (55-69) and lon (10-25), or metres in SWEREF 99 TM "
        "under N (6100000-7700000) and E (200000-950000); metres of another system need crs in the "
        "settings",
    )


def _number(values: pd.Series) -> pd.Series:
    """Read numbers that may have a decimal comma and spaces between thousands."""
    texts = values.astype("str").str.replace(r"[\s\u00a0°]", "", regex=True)
    return pd.to_numeric(texts.str.replace(",", "."), errors="coerce").astype("float64")
