"""Coordinate systems: everything to EPSG:3006, and a word on what coordinates look like."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj.exceptions

from glesservice.errors import Fault, InputError
from glesservice.tables import CRS

# Sweden and its neighbours in SWEREF 99 TM, metres: west, south, east, north.
NORDIC = (-350_000.0, 5_900_000.0, 1_300_000.0, 8_100_000.0)
# Where nothing but Finland's far east lies: data that lie there altogether are of another system.
FAR_EAST_M = 1_200_000.0
MOSTLY = 0.9

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Look:
    """A coordinate system that Swedish data come in, and where Sweden lies in it.

    Attributes
    ----------
    crs
        Its code.
    name
        What people call it.
    box
        West, south, east, north of Sweden and its nearest surroundings.
    """

    crs: str
    name: str
    box: tuple[float, float, float, float]


LOOKS = (
    Look("EPSG:3006", "SWEREF 99 TM", (200_000, 6_050_000, 1_000_000, 7_750_000)),
    Look("EPSG:4326", "degrees, WGS 84", (3, 54, 32, 72)),
    Look("EPSG:3021", "RT 90 2.5 gon V", (1_150_000, 6_050_000, 1_950_000, 7_750_000)),
    Look("EPSG:3857", "Web Mercator", (1_050_000, 7_200_000, 2_800_000, 11_000_000)),
    Look("EPSG:3007 to 3018", "a local SWEREF 99 zone", (0, 6_050_000, 200_000, 7_750_000)),
    Look("EPSG:3035", "Europe's equal-area grid", (4_200_000, 3_500_000, 5_250_000, 5_300_000)),
)


def looks_like(east: Floats, north: Floats) -> str:
    """Return what coordinates look like, as words for a message.

    Parameters
    ----------
    east, north
        First and second coordinates.

    Returns
    -------
    str
        Name and code of the likely system, whether the axes are exchanged, or nothing.

    Examples
    --------
    >>> looks_like(np.array([1_555_000.0]), np.array([7_170_000.0]))
    'RT 90 2.5 gon V (EPSG:3021)'
    >>> looks_like(np.array([64.6]), np.array([16.6]))
    'degrees, WGS 84 (EPSG:4326) with the axes exchanged'
    """
    for look in LOOKS:
        for first, second, exchanged in (
            (east, north, ""),
            (north, east, " with the axes exchanged"),
        ):
            if within(first, second, look.box).mean() >= MOSTLY:
                return f"{look.name} ({look.crs}){exchanged}"
    return ""


def within(
    east: Floats, north: Floats, box: tuple[float, float, float, float]
) -> npt.NDArray[np.bool_]:
    """Return which points lie in a box.

    Parameters
    ----------
    east, north
        The points.
    box
        West, south, east, north.
    """
    inside = (east >= box[0]) & (north >= box[1]) & (east <= box[2]) & (north <= box[3])
    return np.asarray(inside, dtype=bool)


def to_sweref(frame: gpd.GeoDataFrame, where: str, crs: str | None = None) -> gpd.GeoDataFrame:
    """Return a frame in EPSG:3006.

    Parameters
    ----------
    frame
        Features with a known coordinate system.
    where
        File and layer, for the messages.
    crs
        The coordinate system that the settings state, for files that do not state theirs.

    Returns
    -------
    GeoDataFrame
        The features, reprojected, two-dimensional.

    Raises
    ------
    InputError
        If the coordinate system is not known, contradicts the settings, or cannot be right: then
        what the coordinates look like is told.
    """
    flat = frame.set_geometry(frame.geometry.force_2d())
    if flat.crs is None and crs is None:
        look = looks_like(*_middles(flat))
        raise InputError(
            Fault(
                "the coordinate system is not stated"
                + (f"; the coordinates look like {look}" if look else ""),
                where,
                "Set it in the file, usually EPSG:3006 (SWEREF 99 TM), or as crs in the settings",
            )
        )
    if flat.crs is None:
        flat = flat.set_crs(crs)
    elif crs is not None and flat.crs != crs:
        raise InputError(
            Fault(
                f"the file states {_name(flat)} and the settings {crs}",
                where,
                "Remove crs from the settings, or correct it",
            )
        )
    try:
        projected = flat.to_crs(CRS)
    except (pyproj.exceptions.ProjError, ValueError) as error:
        raise InputError(
            Fault(
                f"{_name(flat)} cannot be turned into SWEREF 99 TM ({error})",
                where,
                "Save the file in EPSG:3006",
            )
        ) from None
    refuse_elsewhere(projected, where, flat)
    return projected


def refuse_elsewhere(
    projected: gpd.GeoDataFrame, where: str, original: gpd.GeoDataFrame | None = None
) -> None:
    """Stop where features do not lie in or around Sweden.

    Parameters
    ----------
    projected
        Features in EPSG:3006.
    where
        File and layer, for the message.
    original
        The features in their own coordinates, from which the likely mistake is told.

    Raises
    ------
    InputError
        If some feature lies elsewhere.
    """
    east, north = _middles(projected, drop=False)
    placed = ~projected.geometry.isna().to_numpy() & ~projected.geometry.is_empty.to_numpy()
    # Written so that what is no number lies elsewhere; a shape without a place is told by itself.
    wrong = placed & ~within(east, north, NORDIC)
    if placed.any() and not wrong.any() and east[placed].min() > FAR_EAST_M:
        wrong = placed
    if not wrong.any():
        return
    own = original if original is not None else projected
    raw = _middles(own, drop=False)
    look = looks_like(raw[0][wrong], raw[1][wrong])
    count = (
        f"all {wrong.sum()}" if wrong.sum() == placed.sum() else f"{wrong.sum()} of {placed.sum()}"
    )
    row = int(np.flatnonzero(wrong)[0])
    raise InputError(
        Fault(
            f"{count} features lie outside Sweden and its neighbours (the first: feature {row + 1} "
            f"at {raw[0][row]:.7g}, {raw[1][row]:.7g}, read as {_name(own)})"
            + (f"; the coordinates look like {look}" if look else ""),
            where,
            "Correct the coordinate system that the file states, or the order of the axes",
        )
    )


def _name(frame: gpd.GeoDataFrame) -> str:
    """Name a frame's coordinate system."""
    code = frame.crs.to_epsg() if frame.crs is not None else None
    return f"EPSG:{code}" if code else str(getattr(frame.crs, "name", "an unknown system"))


def _middles(frame: gpd.GeoDataFrame, *, drop: bool = True) -> tuple[Floats, Floats]:
    """Return the middle of each feature's extent; those without a place are left out or NaN."""
    bounds = frame.geometry.bounds.to_numpy(dtype="float64")
    east, north = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
    if not drop:
        return east, north
    known = np.isfinite(east) & np.isfinite(north)
    return east[known], north[known]
