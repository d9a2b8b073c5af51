"""Coordinates and lengths, rounded so that every machine gets the same digits."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pyproj

Degrees = tuple[float, float]  # longitude, latitude (WGS 84)
Metres = tuple[float, float]  # east, north (SWEREF 99 TM, EPSG:3006)

DEGREE_DECIMALS = 6  # about a tenth of a metre
METRE_DECIMALS = 2

_FORWARD = pyproj.Transformer.from_crs(4326, 3006, always_xy=True)
_BACKWARD = pyproj.Transformer.from_crs(3006, 4326, always_xy=True)
_EARTH = pyproj.Geod(ellps="WGS84")


def to_metres(points: Sequence[Degrees]) -> list[Metres]:
    """Project longitudes and latitudes to SWEREF 99 TM.

    Parameters
    ----------
    points
        Longitude and latitude pairs.

    Returns
    -------
    list of tuple
        East and north, to the centimetre.
    """
    east, north = _FORWARD.transform([p[0] for p in points], [p[1] for p in points])
    return [
        (round(x, METRE_DECIMALS), round(y, METRE_DECIMALS))
        for x, y in zip(east, north, strict=True)
    ]


def to_degrees(points: Sequence[Metres]) -> list[Degrees]:
    """Give the longitudes and latitudes of SWEREF 99 TM points.

    Parameters
    ----------
    points
        East and north pairs.

    Returns
    -------
    list of tuple
        Longitude and latitude, to six decimals.
    """
    lon, lat = _BACKWARD.transform([p[0] for p in points], [p[1] for p in points])
    return [
        (round(x, DEGREE_DECIMALS), round(y, DEGREE_DECIMALS))
        for x, y in zip(lon, lat, strict=True)
    ]


def geodesic_length(points: Sequence[Degrees]) -> float:
    """Measure a line over the ellipsoid.

    Parameters
    ----------
    points
        Longitude and latitude pairs.

    Returns
    -------
    float
        Metres.
    """
    return float(_EARTH.line_length([p[0] for p in points], [p[1] for p in points]))


def distance(a: Metres, b: Metres) -> float:
    """Measure straight between two projected points.

    Parameters
    ----------
    a, b
        East and north.

    Returns
    -------
    float
        Metres.
    """
    return math.hypot(a[0] - b[0], a[1] - b[1])
